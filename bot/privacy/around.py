"""What stands around a word and says that it names somebody, or an author whom all may name."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.tokens import Sentence
from bot.privacy.words import NAMES, Is

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
    r"|\bdeadname|\bused to be called|\bwhose name is)[\s:,\"'(-]{1,3}$",
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
_LIVED = re.compile(
    r" (?:(?:has|had) (?:just |only |finally |now |already )?(?!been\b|always\b)(?:\w+ed|lost|left"
    r"|gone|come|begun|told|cut|given|got|gotten|found|bought|made|a|an|no|two|three|his|her|their"
    r"|hers)|brought|bought|sat|stood|walked|ran|wore|ate|handed|showed|hugged|drew|cut|rang|slept"
    r"|drove|flew|hung up) [^.!?\n]{0,60}\b(?:her|hers|his|she|he|herself|himself|their|me|us)\b"
)
"""What somebody did, and whose it was, at the head of a sentence: "Hope brought her drawings"."""
_PAIR = re.compile(
    r"(?<=[a-z] )\((?:[A-Z][\w'-]+(?:, | & | and |, and )){1,3}[A-Z][\w'-]+(?:,? \d{4})?\)"
)
"""Nothing but names in brackets, as sources are given."""
_LONG_AGO = re.compile(r"[^.!?\n]{0,25}\b(?:18\d\d|19[0-7]\d)\b")
_ROW = (", ", " and ", " & ", ", and ", " or ", "/", " / ")
_LATE = re.compile(
    r" (?:(?:came|is|was|arrived|turned up|showed up) (?:\w+ )?(?:late|early|drunk|high|in tears"
    r"|back|again|alone)|missed (?:\w+ )?(?:session|appointment|week))",
    re.I,
)
_AND_I = re.compile(r" and (?:i|me)\b(?!'d be)", re.I)
_CITED = re.compile(
    r"(?:'s)?(?: et al\b|,? \(?(?:19|20)\d\d\)| (?:&|and) [A-Z][\w'-]+,? \(?(?:19|20)\d\d\)"
    r"|(?: &| and) colleagues\b| would (?:say|argue|nod|frown|approve|predict)\b| (?:argues"
    r"|writes) )"
)


def introduced(said: Sentence, place: int) -> bool:
    """Whether it is said right before that a name comes."""
    token = said.tokens[place]
    return _NAME_BEFORE.search(said.text, max(0, token.start - 40), token.start) is not None


def by_role(said: Sentence, place: int) -> bool:
    """Whether a word for a relative, a client or another person stands right before it."""
    token = said.tokens[place]
    before = said.tokens[place - 1] if place else None
    if before is None or before.owns or before.low not in cues.ROLES:
        return False
    gaps = (" ", ", ", " (", " - ", ": ", ' "', " '", ",", "  ", " | ", "; ")
    return token.gap in gaps


def by_what_follows(said: Sentence, place: int, *, strictly: bool = False) -> bool:
    """Whether what comes next is said of people only."""
    token = said.tokens[place]
    following = said.tokens[place + 1] if place + 1 < len(said.tokens) else None
    if _AGE_NEXT.match(said.text, token.end):
        return True
    if token.cap and _AGE_IN_WORDS.match(said.text, token.end):
        return True
    if token.opens and token.cap and _LIVED.match(said.text, token.end):
        return True
    if following is None:
        return False
    if following.gap == token.gap == ", " and following.low in cues.SAYING:
        return True
    if not following.joined:
        return False
    if token.owns:
        return following.low in cues.BELONGINGS
    before = said.tokens[place - 1] if place and not token.opens else None
    if (
        before is not None
        and token.gap == " "
        and before.low in cues.DETERMINERS - {"and", "or", "as", "so", "if", "that"}
    ):
        return False
    if following.low in cues.ADVERBS and place + 2 < len(said.tokens):
        following = said.tokens[place + 2]
    if following.low in cues.SAYING or _AND_I.match(said.text, token.end):
        return True
    return not strictly and following.low in cues.DOING


def cited(said: Sentence, place: int) -> bool:
    """Whether it is an author, a test or a method that is talked about."""
    token = said.tokens[place]
    before = said.tokens[place - 1] if place else None
    following = said.tokens[place + 1] if place + 1 < len(said.tokens) else None
    if before is not None and before.low in cues.CITING and token.gap in (" ", ", "):
        return True
    if following is not None and following.gap == " " and following.low in cues.WORKS:
        return True
    return _CITED.match(said.text, token.end) is not None


def authored(said: Sentence, place: int) -> bool:
    """Whether it stands where authors stand: beside others, in brackets, after a method."""
    token, words = said.tokens[place], said.words
    if token.cap and token.low in words.authors and _LONG_AGO.match(said.text, token.end):
        return True
    if token.low not in words.authors and token.flags & (NAMES | Is.EITHER):
        return False
    if not token.cap or by_role(said, place):
        return False
    before = said.tokens[place - 1] if place else None
    if before is not None:
        sourced = before.low in words.methods or before.low in cues.WORKS
        if sourced and token.gap in (", ", " (", ": ", " - "):
            return True
        in_brackets = token.gap.endswith("(") and said.text[token.end : token.end + 1] in ",);"
        if in_brackets and token.low in words.authors and before.low not in cues.ROLES:
            return True
    return _is_source(said, place) or any(_beside_author(said, place, step) for step in (-1, 1))


def _is_source(said: Sentence, place: int) -> bool:
    """Whether it stands in brackets with surnames alone, and not after a word for people."""
    token = said.tokens[place]
    opening = said.text.rfind("(", max(0, token.start - 60), token.start)
    found = _PAIR.match(said.text, opening) if opening > 0 else None
    if found is None or found.end() < token.end:
        return False
    inside = said.between(found.start(), found.end())
    before = said.tokens[said.at(found.start()) - 1]
    if before.low in cues.ROLES or before.low.removesuffix("s") in cues.ROLES:
        return False
    return not any(one.flags & NAMES and one.low not in said.words.authors for one in inside)


def _beside_author(said: Sentence, place: int, step: int) -> bool:
    """Whether the next names in a row, on this side, are those of authors."""
    here = place
    for _ in range(4):
        beside = here + step
        if 0 <= beside < len(said.tokens) and said.tokens[beside].low in ("and", "or"):
            beside += step
        if not 0 <= beside < len(said.tokens) or not said.tokens[beside].cap:
            return False
        first, last = sorted((here, beside))
        between = said.text[said.tokens[first].end : said.tokens[last].start]
        other = said.tokens[beside]
        if between not in _ROW:
            return False
        if other.low in said.words.authors and (other.allowed or between == " & "):
            return True
        here = beside
    return False


def lives_here(said: Sentence, place: int) -> bool:
    """Whether an author's surname is that of somebody who does what clients do."""
    token = said.tokens[place]
    if not token.cap:
        return False
    before = said.tokens[place - 1] if place else None
    owner = said.tokens[place - 2] if place > 1 else None
    if before is not None and owner is not None and token.gap == before.gap == " ":
        owned = owner.owns or owner.low in ("my", "his", "her", "their", "our", "new")
        if owned and before.low in cues.ROLES:
            return True
    following = said.tokens[place + 1] if place + 1 < len(said.tokens) else None
    if following is None or following.gap != " ":
        return False
    late = _LATE.match(said.text, token.end) is not None
    return late or following.low in cues.LIVING
