"""Days and months without a year, told from scores, ratios and schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.identifier import Identifier, Kind, Tier

_SHORT = re.compile(
    r"(?<![\w/.,:#+-])(0?[1-9]|[12]\d|3[01])([/.-])(0?[1-9]|[12]\d|3[01])(?![\w/%]|-\d|\.\d)"
)
_DATE_BEFORE = re.compile(
    r"(?:\b(?:on|since|dated?|dob|d\.o\.b\.?|born|birthday|birth|until|till|til|by|seen|intake"
    r"|(?:re-?)?admitted|(?:re-?)?admission|admit|discharged?|died|death"
    r"|from|of|effective|session|visit|appt|appointment|last seen|between|and|starting|started"
    r"|began|scheduled|for|court|hearing|anniversary|back|out|before|after|was|is|around|call"
    r"|incident)"
    r"\b[\s:,(-]{0,3}|^\s*|[(]\s*)$",
    re.I,
)
_SURELY_BEFORE = re.compile(
    r"\b(?:on|since|dated?|dob|born|birth|seen|intake|admitted|discharged?|died|effective|until"
    r"|court|hearing)"
    r"\b[\s:,(-]{0,3}$",
    re.I,
)
_NO_DATE_BEFORE = re.compile(
    r"(?:score[sd]?|rated?|rating|suds?|phq(?:-\d)?|gad(?:-\d)?|pain|mood|about|like|a|an"
    r"|roughly|only|bp|ratio|hit|got|to|up|down|maybe|at|scale|anxiety|energy|sleep|oriented|x"
    r"|or|moca|mmse|strength|vision|open|every|chapter|section|page|item|step)"
    r"\s(?:of\s|was\s|is\s|at\s|to\s|from\s)?$",
    re.I,
)
_NO_DATE_AFTER = re.compile(
    r"\s?(?:on the|on part|on item|so far|correct\b|right\b|nights?|days?|times|of (?:the|my|our"
    r"|his|her|them|us|all)|people|kids?"
    r"|sessions?|weeks?|pain|scale|months?|hours?|cups?|split|support|access|care|ratio|items?"
    r"|criteria|custody|schedule|hrs?|mins?|years?|yrs?|mg|doses?|tablets?|per\b|half|chance"
    r"|bpm|stars?|hotline|symptoms|in session)",
    re.I,
)
_NEAR = re.compile(
    r"\b(?:on|dob|born|dated|since|intake|seen|(?:re)?admitted|died|discharged)\W{0,3}$", re.I
)
_SCORE_BEFORE = re.compile(r"(?:\b(?:was|were|is|are|of|at|a|an|to|from)|\d)\W{0,2}$", re.I)
_IDIOMS = ("24/7", "12/12", "10/10", "9/11", "5/5", "50/50", "7/7")


_POINTED = re.compile(r"(?<![\w.,/-])(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?!\d)")
"""As in German: "17.06." """


def short_dates(text: str) -> Iterator[Identifier]:
    """Every day and month, and what is written like one in the same text."""
    for pointed in _POINTED.finditer(text):
        yield Identifier(Kind.DATE, *pointed.span(), Tier.ASK, "a day and a month")
    could = [found for found in _SHORT.finditer(text) if _could_be(text, found)]
    tiers = {found.start(): _tier(text, found) for found in could}
    signs = {found.group(2) for found in could if tiers[found.start()]}
    for found in could:
        tier = tiers[found.start()]
        if tier is None and found.group(2) in signs and not _is_score(text, found):
            tier = Tier.ASK
        if tier is not None:
            yield Identifier(Kind.DATE, found.start(), found.end(), tier, "a day and a month")


def _could_be(text: str, found: re.Match[str]) -> bool:
    after = text[found.end() : found.end() + 16]
    if min(_numbers(found)) > 12 or _NO_DATE_AFTER.match(after):
        return False
    before = _before(text, found)
    return _NO_DATE_BEFORE.search(before) is None or _DATE_BEFORE.search(before) is not None


def _tier(text: str, found: re.Match[str]) -> Tier | None:
    """How sure it is by what stands before it, and by its own numbers."""
    before = _before(text, found)
    dated = _DATE_BEFORE.search(before) is not None
    if found.group(2) != "/":
        return Tier.ASK if dated and _NEAR.search(before) else None
    if found.group() in _IDIOMS:
        return None
    one, two = _numbers(found)
    score = _out_of(found)
    if dated and (not score or _SURELY_BEFORE.search(before)):
        return Tier.BLOCK
    if score:
        return None
    if max(one, two) > 12 or len(found.group(1)) == 2:
        return Tier.BLOCK
    return Tier.ASK


def _is_score(text: str, found: re.Match[str]) -> bool:
    """Beside dates: whether it is still a score, as in "since 3/4 her pain was 8/10"."""
    out_of = _out_of(found) and _SCORE_BEFORE.search(_before(text, found)) is not None
    return found.group() in _IDIOMS or out_of


def _out_of(found: re.Match[str]) -> bool:
    one, two = _numbers(found)
    return two in (10, 5, 7) and one <= two


def _numbers(found: re.Match[str]) -> tuple[int, int]:
    return int(found.group(1)), int(found.group(3))


def _before(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 24) : found.start()]
