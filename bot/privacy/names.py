"""Names of people: known ones, unknown words with a capital, and words that others make a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.ambiguous import named_though_allowed, word_as_name
from bot.privacy.around import (
    by_role,
    by_what_follows,
    introduced,
)
from bot.privacy.authors import authored, cited
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.rows import LIKELY, Verdict, in_rows, spread
from bot.privacy.shapes import is_author_misspelled, is_brand, is_misspelled, is_ordinary, is_run
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is

KNOWN: Verdict = (Tier.BLOCK, "a known name")
INTRODUCED: Verdict = (Tier.BLOCK, "introduced as a name")
UNKNOWN: Verdict = (Tier.ASK, "a word that no list knows")

_CALLED_AFTER = re.compile(
    r"[\s,\"'(-]{1,4}(?:that'?s|which is|is|as) (?:what|how) (?:every\w+|all|they|we|people|his"
    r"|her|the|i) ?(?:\w+ ){0,2}calls?|[\s,\"'(-]{1,4}(?:that'?s|which is) what (?:he|she|they) "
    r"(?:wants?|wanted|likes?|prefers?|asked|asks)(?: \w+)? to be called"
    r"|[\s,(-]{1,4}(?:not (?:his|her) real name|everyone calls "
    r"(?:him|her|them) that|(?:his|her|their) nickname)",
    re.I,
)
_CLUSTER = re.compile(r"[^aeiouy]{4}")
"""Four consonants in a short word: an acronym typed small."""
_ASSISTANTS = cues.word_set("claude alexa siri cortana heidi jane")
_MACHINES = re.compile(
    r"\b(?:ask(?:ed|s|ing)? (?:claude|alexa|siri|cortana)|hey (?:alexa|siri)|chat ?gpt|chatbots?"
    r"|bots?"
    r"|ai|gpt|llms?|speaker|timers?|prompts?|transcripts?"
    r"|upheal|simplepractice|scribe|ehr)\b",
    re.I,
)
"""What is said where one of these is a machine and nobody's name."""
_PRONOUNS = cues.word_set("me him her them us it you myself himself herself themselves that this")


def names(said: Sentence) -> Iterator[Identifier]:
    """Every name with what belongs to it."""
    verdicts = {
        place: found for place in range(len(said.tokens)) if (found := _verdict(said, place))
    }
    spread(said, verdicts)
    in_rows(said, verdicts)
    place = 0
    while place < len(said.tokens):
        if place not in verdicts:
            place += 1
            continue
        first, last, (tier, reason) = place, place, verdicts[place]
        while (longer := _longer(said, last, verdicts)) is not None:
            last = longer
            if last in verdicts and verdicts[last][0] is Tier.BLOCK:
                tier, reason = verdicts[last]
        yield Identifier(Kind.NAME, said.tokens[first].start, said.tokens[last].end, tier, reason)
        place = last + 1


def _verdict(said: Sentence, place: int) -> Verdict | None:
    token = said.tokens[place]
    if len(token.text) < 2 or not token.text[0].isalpha() or token.low in _PRONOUNS:
        return None
    if token.low in said.things and not by_role(said, place):
        return None
    if any(char.isdigit() for char in token.low):
        return _in_digits(said, token)
    if token.low in cues.TITLES:
        return None
    if titled := _titled(said, place):
        return titled
    if token.allowed:
        named = named_though_allowed(said, place) and not authored(said, place)
        return LIKELY if named else None
    if token.low in cues.FUNCTION and not token.flags & Is.HELPER:
        return None
    if called := _called(said, place):
        return called
    if token.low in _ASSISTANTS and _MACHINES.search(said.text):
        return None
    if authored(said, place):
        return None
    if token.foreign and token.low not in cues.BORROWED and (token.cap or token.flags & NAMES):
        return LIKELY
    if token.flags & (Is.EITHER | Is.WORD):
        return word_as_name(said, place)
    if not token.text.isascii():
        return UNKNOWN
    if token.shout and len(token.text) < 4 and not said.quiet and not token.flags & NAMES:
        return None
    if not token.flags & Is.COMMON and (cited(said, place) or _is_label(said, token)):
        return None
    if token.cap or (token.shout and len(token.low) > 3):
        return _capital(said, token)
    return _small(said, place)


def _is_label(said: Sentence, token: Token) -> bool:
    """A few letters with a colon at the head of a line, as in "Ins: none"."""
    short = token.opens and len(token.low) < 5 and not token.flags & NAMES
    return short and said.text[token.end : token.end + 1] == ":"


def _in_digits(said: Sentence, token: Token) -> Verdict | None:
    """A name with digits for some of its letters."""
    letters = token.low.translate(str.maketrans("013457", "oieast"))
    if (
        letters.isalpha()
        and len(letters) > 3
        and token.low[0].isalpha()
        and not token.low[-1].isdigit()
    ):
        return LIKELY if said.words.of(letters) & NAMES else None
    return None


def _titled(said: Sentence, place: int) -> Verdict | None:
    before = said.before(place)
    token = said.tokens[place]
    if before is None or token.gap not in (" ", ". ", ".", "  "):
        return None
    if "." in token.gap and before.low not in cues.SHORT_TITLES:
        return None
    free = token.low not in cues.FUNCTION
    known = bool(token.flags & (NAMES | Is.SURNAME | Is.EITHER)) or not token.flags & Is.WORD
    if before.low in cues.TITLES and before.low != "miss":
        if (before.low, token.low) in said.words.phrases.get(before.low, ()):
            return None
        free = free and not (before.low in ("madam", "sir") and token.low in cues.ROLES)
        return INTRODUCED if free and (token.cap or token.shout or said.quiet) else None
    if before.low in cues.RANKS or before.low == "miss":
        ranked = before.cap and before.low not in cues.FAMILY
        if not free or (token.allowed and before.low in cues.LEARNED):
            return None
        if token.cap and (known or (ranked and before.low not in cues.MEASURES)):
            return INTRODUCED
        if token.flags & Is.VIRTUE and before.low not in cues.FAMILY:
            return None
        return (
            LIKELY
            if not token.cap and known and not token.allowed and _small_is_name(said, token)
            else None
        )
    return None


def _called(said: Sentence, place: int) -> Verdict | None:
    token = said.tokens[place]
    if introduced(said, place) and token.low not in cues.FUNCTION:
        plain = token.flags & Is.WORD and not token.flags & Is.EITHER and not token.cap
        return (
            None
            if plain and "nick" not in said.text[max(0, token.start - 40) : token.start]
            else INTRODUCED
        )
    after = _CALLED_AFTER.match(said.text, token.end)
    return INTRODUCED if after and token.low not in cues.FUNCTION else None


def _capital(said: Sentence, token: Token) -> Verdict | None:
    """No everyday word, written with a capital."""
    if token.shout and not said.quiet:
        return LIKELY if token.flags & (NAMES | Is.SURNAME) and len(token.low) > 4 else None
    if token.flags & Is.COMMON:
        return LIKELY if token.low in said.words.authors else KNOWN
    if token.flags & (NAMES | Is.SURNAME):
        return LIKELY
    if token.shout and said.quiet:
        return (
            None
            if is_ordinary(token.low, said.words) or is_misspelled(token.low, said.words)
            else UNKNOWN
        )
    if token.opens and len(token.low) < 3:
        return None
    if len(token.low) < 5 and is_misspelled(token.low, said.words):
        return None
    if is_run(token.low) or is_brand(token.text) or is_ordinary(token.low, said.words):
        return None
    return None if is_author_misspelled(token.low, said.words) else UNKNOWN


def _small(said: Sentence, place: int) -> Verdict | None:
    """No everyday word, typed small."""
    token = said.tokens[place]
    if token.flags & Is.COMMON and len(token.low) > 2:
        return KNOWN if len(token.low) > 3 else LIKELY
    if token.flags & Is.SURNAME and token.gap == ". " and len(said.tokens[place - 1].text) == 1:
        return LIKELY
    cued = by_role(said, place) or by_what_follows(said, place, strictly=True)
    if cued and _small_is_name(said, token):
        return LIKELY
    if not said.quiet:
        return LIKELY if token.flags & Is.GIVEN and len(token.low) > 4 else None
    if token.flags & NAMES and (len(token.low) > 3 or by_what_follows(said, place)):
        return LIKELY
    if len(token.low) > 4 and _small_is_name(said, token):
        return LIKELY if token.flags & Is.SURNAME else UNKNOWN
    return None


def _small_is_name(said: Sentence, token: Token) -> bool:
    if token.flags & (NAMES | Is.EITHER):
        return True
    if token.flags & Is.WORD or len(token.low) < 3 or is_run(token.low):
        return False
    if len(token.low) < 7 and _CLUSTER.search(token.low):
        return False
    if token.flags & Is.SURNAME and len(token.low) > 4:
        return not is_ordinary(token.low, said.words)
    return not is_ordinary(token.low, said.words) and not is_misspelled(token.low, said.words)


def _longer(said: Sentence, last: int, verdicts: dict[int, Verdict]) -> int | None:
    """The place to which a name goes on, if it does."""
    tokens = said.tokens
    if last + 1 >= len(tokens) or tokens[last].owns:
        return None
    after = tokens[last + 1]
    if after.gap not in (" ", "-", ". "):
        return None
    if after.gap == ". " and len(tokens[last].text) > 1:
        return None
    if len(after.text) == 1:
        initial = after.text.isupper() and after.text != "I" and not after.opens
        return last + 1 if initial else None
    if last + 1 in verdicts and not after.opens:
        return last + 1
    if after.low in cues.SUFFIXES:
        return last + 1
    if after.low in cues.PARTICLES and last + 2 < len(tokens) and tokens[last + 2].joined:
        return last + 2 if tokens[last + 2].cap or last + 2 in verdicts else None
    return last + 1 if _is_surname_after(said, after) else None


def _is_surname_after(said: Sentence, after: Token) -> bool:
    if after.opens or after.low in cues.FUNCTION or after.low in cues.ROLES:
        return False
    if after.cap and not said.quiet:
        return not after.allowed or bool(after.flags & (Is.SURNAME | NAMES))
    return (
        bool(after.flags & Is.SURNAME)
        and not after.allowed
        and not after.flags & Is.WORD
        and said.quiet
    )
