"""What stands around a word and says that it names somebody."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.tokens import Sentence
from bot.privacy.words import Is

_AGE_NEXT = re.compile(
    r"(?: (?=\d{1,3}[-\s]?(?:yo\b|y/?o\b|yr|year|[mf]\b))|, ?| ?\(| ?/ ?| is (?:a |an |now )?|"
    r" was (?:a |an )?|, an? |, who'?s | - |: )(?:\d{1,3}(?:[-\s]?(?:yo\b|y/?o\b|y\.o|yrs?\b"
    r"|years?\b|[mf]\b|x\b|\)|,|;))|(?:early|mid|late) (?:teens|twenties|thirties|forties"
    r"|fifties|\d0s)"
    r"|\(?(?:she|he|they)/(?:her|him|them|they))",
    re.I,
)
_NAME_BEFORE = re.compile(
    r"(?:\bnamed(?: him| her| them| the baby| the dog)?|\bnicknamed|\baka|\ba\.k\.a\.?"
    r"|\bgoes by|\bwent by|\bgo by|\bname(?:'s| is| was| of|:)"
    r"|\bname (?:is|was) (?:also )?|\bname as|\bi(?:'ll| will) call (?:him|her|them)"
    r"|\bcall(?:s|ed)? (?:him|her|them|himself|herself)|\bknown as|\bsigned (?:it )?as"
    r"|\banswers to|\bidentif\w+ as|\brenamed|\bchanged (?:it|his name|her name|their name) to"
    r"|\bdeadname|\bused to be called|\bwhose name is"
    r"|\b(?:guy|man|woman|boy|girl|friend|kid|lad|dealer|someone|somebody|dog|cat|baby"
    r"|cousin) called|\b(?:he|she|who)(?:'s| is| was) called|\b(?:dad|mum|mom|stepdad|stepmum"
    r"|stepmom|son"
    r"|daughter|brother|sister|husband|wife|partner|ex|boss|carer|nurse) (?:is|was) called"
    r"|\b(?:her|his|their|my)(?: own| real| birth| first| middle| chosen| dead| given| last| sur)?"
    r" ?name,?|\brefer(?:s|red)? to (?:him|her|them)(?: only| just)? as)[\s:,\"'(-]{1,3}$",
    re.I,
)
_CALLS_BEFORE = re.compile(
    r"\b(?:who|whom|she|he|they|everyone|everybody) (?:only |always |just |still |all )?calls? $",
    re.I,
)
_NUMBERS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:-(?:one|two|three|four|five|six|seven"
    r"|eight|nine))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
)
_AGE_IN_WORDS = re.compile(
    rf"(?:,| is| was| turned|'s|,? who is)(?: now| just| only| about)? (?:{_NUMBERS})"
    r"(?=[,.;)]| and\b| now\b| but\b| years? old| next\b| today\b)"
    r"(?! and (?:two|three|four|five|six)\b)",
    re.I,
)
_UNDERGONE = re.compile(
    r" (?:will be|has been|had been|was|is being|is|got|is getting) (?:just |finally |now |again )?"
    r"(?:re-?)?(?:assessed|admitted|discharged|referred|diagnosed|hospitali[sz]ed|sectioned"
    r"|expelled"
    r"|fired|bullied|assaulted|arrested|adopted|fostered|medicated|suspended|excluded|evicted"
    r"|deported|pregnant|sober|suicidal|psychotic|manic|autistic|bulimic|anorexic|widowed|divorced"
    r"|remarried|unemployed|homeless|inpatient|hung over|off sick|signed off)\b",
    re.I,
)
"""What happens to people only."""
_PERSONAL = re.compile(
    r" has (?:\w+ )?(?:dementia|cancer|adhd|ptsd|ocd|anorexia|bulimia|autism|parkinson'?s"
    r"|alzheimer'?s)\b"
    r"| (?:has|had|'s) (?:just |now |also |never |since )?(?:asked|told|said|agreed|refused"
    r"|cancelled|canceled"
    r"|texted|emailed|invited|promised|apologi[sz]ed|confessed|admitted)\b"
    r"| (?:came (?:back|in|late|early|home)|walked (?:in|out)|turned up|showed up|sat down"
    r"|stood up|left"
    r" early) (?:after|from|with|and|in|late|today|again|this|on|for|to|an?|without)\b"
    r"|,? and (?:her|his|their) (?:older |younger |twin |little |big |late |step-?|new "
    r"|ex-?)?(?:sister"
    r"|brother|mother|father|mum|mom|dad|wife|husband|partner|son|daughter|kids|boyfriend"
    r"|girlfriend|twin)\b"
    r"|, who (?:is|was|has|wants|keeps|never|always|had|lives|works|came)\b"
    r"|,? \(?(?:my|our) (?:new |old |last |first )?(?:\d{1,2} ?(?:am|pm|o'clock)|\d{1,2}:\d\d"
    r"|mon(?:day)?|tues?(?:day)?"
    r"|wed(?:nesday)?|thurs?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|morning|noon"
    r"|afternoon|evening)\b",
    re.I,
)
"""What is said of people, and hardly ever of what they are called like."""
_TELLING = re.compile(
    r"\b(?:told|texted|emailed|phoned|rang|messaged|reminded|warned|thanked) $", re.I
)
_LIVED = re.compile(
    r" (?:(?:has|had) (?:just |only |finally |now |already )?(?!been\b|always\b)(?:\w+ed|lost|left"
    r"|gone|come|begun|told|cut|given|got|gotten|found|bought|made)"
    r"|came|went|got|took|gave|put|kept|stayed|returned|ended|started|stopped|turned|showed|made"
    r"|lost|quit|broke|moved|brought|bought|sat|stood|walked|ran|wore|ate|handed|showed|hugged"
    r"|drew|cut|rang|slept"
    r"|drove|flew|hung up) [^.!?\n]{0,60}\b(?:her|hers|his|she|he|herself|himself|their|me|us)\b"
)
"""What somebody did, and whose it was, at the head of a sentence: "Hope brought her drawings"."""
_SPEAKERS = cues.word_set("i'd i'll i'm i've she'd he'd that's we'd we'll i")
_TO_FRIENDS = re.compile(
    r" to (?:his|her|their) (?:mates|friends|family|nan|gran|teammates)\b", re.I
)
_TALKED_ABOUT = re.compile(
    r"\b(?:(?:worried|worry|thinking|stuck|concerned|consulting|consult|question|news|update"
    r"|asking)"
    r" (?:about|re|on)|(?:session|sessions|working|hour|intake|call|meeting|appointment|sitting)"
    r" w(?:ith|/)|(?:text|email|call|message|letter|note|voicemail) from) $",
    re.I,
)
_AND_I = re.compile(r" and (?:i|me)\b(?!'d be)", re.I)


def aged(said: Sentence, place: int) -> bool:
    """Whether an age in words follows, as in "May is seven and will not go"."""
    return _AGE_IN_WORDS.match(said.text, said.tokens[place].end) is not None


def introduced(said: Sentence, place: int) -> bool:
    """Whether it is said right before that a name comes."""
    token = said.tokens[place]
    start = max(0, token.start - 40)
    called = token.cap and _CALLS_BEFORE.search(said.text, start, token.start)
    return bool(called or _NAME_BEFORE.search(said.text, start, token.start))


def by_role(said: Sentence, place: int) -> bool:
    """Whether a word for a relative, a client or another person stands right before it."""
    token = said.tokens[place]
    before = said.before(place)
    if before is None or before.owns or before.low not in cues.ROLES:
        return False
    gaps = (" ", ", ", " (", " - ", ": ", ' "', " '", ",", "  ", " | ", "; ")
    return token.gap in gaps


def _describes(said: Sentence, place: int) -> bool:
    """Whether an article or the like says that it is a word: "the judge, who was late"."""
    before = said.before(place) if not said.tokens[place].opens else None
    return before is not None and before.low in cues.DETERMINERS - {"and", "then"}


def is_told(said: Sentence, place: int) -> bool:
    """Whether somebody told it something: "told guy i'd be away"."""
    token = said.tokens[place]
    following = said.after(place)
    told = _TELLING.search(said.text, max(0, token.start - 12), token.start)
    return told is not None and (following is None or following.low in cues.FUNCTION | _SPEAKERS)


def talked_about(said: Sentence, place: int) -> bool:
    """Whether it is whom a session is with, or whom its writer thinks about: typed small."""
    token = said.tokens[place]
    if not _TALKED_ABOUT.search(said.text, max(0, token.start - 30), token.start):
        return False
    following = said.after(place)
    return following is None or following.gap != " " or following.low in cues.FUNCTION


def goes_about(said: Sentence, place: int) -> bool:
    """Whether it heads a sentence with what only people do: "robin went silent"."""
    token = said.tokens[place]
    following = said.after(place)
    return token.opens and following is not None and following.low in cues.MOVING


def by_what_follows(said: Sentence, place: int, *, strictly: bool = False) -> bool:
    """Whether what comes next is said of people only."""
    token = said.tokens[place]
    following = said.after(place)
    if _AGE_NEXT.match(said.text, token.end):
        return True
    if _TO_FRIENDS.match(said.text, token.end):
        return not token.flags & Is.VIRTUE
    if token.cap and aged(said, place):
        return True
    written = token.cap or said.quiet
    if written and _UNDERGONE.match(said.text, token.end):
        return True
    if written and not _describes(said, place) and _PERSONAL.match(said.text, token.end):
        return True
    if token.opens and written and _LIVED.match(said.text, token.end):
        return not token.flags & Is.VIRTUE or token.cap
    if following is None:
        return False
    if following.gap == token.gap == ", " and following.low in cues.SAYING:
        return True
    if not following.joined:
        return False
    before = said.before(place) if not token.opens else None
    small = before is not None and before.low in ("little", "big")
    if small and following.low in cues.SAYING:
        return True
    if token.owns:
        article = before is not None and before.low in ("the", "a", "this", "that")
        return following.low in cues.BELONGINGS and (token.cap or not article)
    if (
        before is not None
        and token.gap == " "
        and before.low in cues.DETERMINERS - {"and", "or", "as", "so", "if", "that"}
    ):
        return False
    if following.low in cues.ADVERBS and place + 2 < len(said.tokens):
        following = said.tokens[place + 2]
    if following.low in cues.UNDONE:
        return not token.flags & Is.VIRTUE
    if following.low in cues.SAYING or _AND_I.match(said.text, token.end):
        return True
    return not strictly and following.low in cues.DOING
