"""Authors, whom all may name: how they are cited, and when their name is that of somebody here."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.around import by_role
from bot.privacy.tokens import Sentence
from bot.privacy.words import NAMES, Is

_PAIR = re.compile(
    r"(?<=[a-z] )\((?:[A-Z][\w'-]+(?:, | & | and |, and )){1,3}[A-Z][\w'-]+(?:,? \d{4})?\)"
)
"""Nothing but names in brackets, as sources are given."""
_MADE = cues.word_set(
    "work works tapes tape videos talks talk worksheets letters stages steps phases types modes"
    " sessions handbook manual chapters writing writings view views term phrase definition"
    " categories levels axioms principles rule rules law laws hierarchy pyramid worldview thinking"
)
_LONG_AGO = re.compile(r"[^.!?\n]{0,25}\b(?:18\d\d|19[0-7]\d)\b")
_ROW = (", ", " and ", " & ", ", and ", " or ", "/", " / ")
_LATE = re.compile(
    r" (?:(?:came|is|was|arrived|turned up|showed up) (?:\w+ )?(?:late|early|drunk|high|in tears"
    r"|back|again|alone)|missed (?:\w+ )?(?:session|appointment|week))",
    re.I,
)
_CITED = re.compile(
    r"(?:'s)?(?: et al\b|,? \(?(?:19|20)\d\d\)| (?:&|and) [A-Z][\w'-]+,? \(?(?:19|20)\d\d\)"
    r"|(?: &| and) colleagues\b| (?:him|her)self\b| would (?:say|argue|nod|frown|approve"
    r"|predict)\b| (?:argues"
    r"|writes) )"
)


def cited(said: Sentence, place: int) -> bool:
    """Whether it is an author, a test or a method that is talked about."""
    token = said.tokens[place]
    before = said.before(place)
    following = said.after(place)
    if before is not None and before.low in cues.CITING and token.gap in (" ", ", "):
        return True
    if following is not None and following.gap == " " and following.low in cues.WORKS:
        return True
    return of_a_work(said, place) or _CITED.match(said.text, token.end) is not None


def of_a_work(said: Sentence, place: int) -> bool:
    """Part of what a test, a study or a school of thought is called: "the Cardiff scale"."""
    if not place or said.tokens[place - 1].low not in ("the", "a", "an"):
        return False
    for after in said.tokens[place + 1 : place + 5]:
        if after.gap not in (" ", "-"):
            return False
        if after.low in cues.WORKS:
            return True
    return False


def authored(said: Sentence, place: int) -> bool:
    """Whether it stands where authors stand: beside others, in brackets, after a method."""
    token, words = said.tokens[place], said.words
    if (
        token.cap
        and token.low in words.authors
        and (_LONG_AGO.match(said.text, token.end) or (token.owns and _owns_a_work(said, place)))
    ):
        return True
    if token.low not in words.authors and token.flags & (NAMES | Is.EITHER):
        return False
    if not token.cap or by_role(said, place):
        return False
    before = said.before(place)
    if before is not None:
        sourced = before.low in words.methods or before.low in cues.WORKS
        if sourced and token.gap in (", ", " (", ": ", " - "):
            return True
        in_brackets = token.gap.endswith("(") and said.text[token.end : token.end + 1] in ",);"
        if in_brackets and token.low in words.authors and before.low not in cues.ROLES:
            return True
    return _is_source(said, place) or any(_beside_author(said, place, step) for step in (-1, 1))


def _owns_a_work(said: Sentence, place: int) -> bool:
    """Whether what authors make comes within the next words: "Herman's three stages"."""
    return any(
        one.low in cues.WORKS | _MADE and one.gap in (" ", "-")
        for one in said.tokens[place + 1 : place + 4]
    )


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
    before = said.before(place)
    owner = said.tokens[place - 2] if place > 1 else None
    if before is not None and owner is not None and token.gap == before.gap == " ":
        owned = owner.owns or owner.low in ("my", "his", "her", "their", "our", "new")
        if owned and before.low in cues.ROLES:
            return True
    following = said.after(place)
    if following is None or following.gap != " ":
        return False
    late = _LATE.match(said.text, token.end) is not None
    return late or following.low in cues.LIVING
