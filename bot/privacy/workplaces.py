"""Where somebody works, studies or is treated: known by name, or by what stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.privacy import cues
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.shapes import is_ordinary
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is, employers, split

_AT_NAME = re.compile(
    r"(?<!\w)(?:at|for|by|from|to|into|attends?|attended|attending|joined|left|quit|with|in)\s"
    r"(?:the\s)?(?P<name>[A-Z][\w&'.-]*\w(?:\s(?:[A-Z][\w&'.-]*\w|&|of|and(?=\s[A-Z])))*)"
)
_IN_APPOSITION = re.compile(
    r"\b(?:his|her|their|my|the|an?|s) (?:\w+ )?(?:employer|company|firm|workplace|school|college"
    r"|university|uni|nursery|hospital|clinic|church|mosque|club|gym|restaurant|hotel|charity)"
    r"(?:, | is | was |: | \(| called | named )(?P<name>[A-Z][\w&'.-]*\w(?: [A-Z][\w&'.-]*\w)*)"
)
_OF_A_RELATIVE = re.compile(
    r"\b(?:sons?|daughters?|kids?|child|children|twins?|brother|sister|cousin|niece|nephew"
    r"|husband|wife"
    r"|partner|boyfriend|girlfriend|mom|mum|mother|dad|father|\d{1,2}[mMfF]?|[Hh]e's|[Ss]he's"
    r"|[Tt]hey're),?"
    r"(?: [A-Z][\w'-]+,)?(?: (?:is|was|works|studies|teaches|boards|now|still|currently|back"
    r"|also))* at "
    r"(?P<name>[A-Z][\w&'.-]*\w(?: [A-Z][\w&'.-]*\w)*)"
)
"""A relative, or an age, and where they are: "her son, James, at Bishops"."""
_HOTEL = re.compile(
    r"\b(?:hotel|cafe|restaurant|hostel|villa|casa|haus) (?P<word>[a-z]{4,})\b", re.I
)
_PLANT = re.compile(
    r"\s(?:warehouse|plant|factory|campus|distribution center|fulfil?lment center|store|branch"
    r"|headquarters|hq|office|lot|parking lot|car park|drive-thru|register|counter)\b",
    re.I,
)
_EMPLOYER_AFTER = re.compile(
    r"(?<![\w'])(?P<name>[A-Z][\w&'.-]{0,40}\w(?: [A-Z][\w&'.-]{0,40}\w){0,6})"
    r"(?:,| comma| \() ?(?:his|her"
    r"|their|my) "
    r"(?:\w+ )?(?:employer|work|school|college|company|firm|university|workplace|nursery)\b"
)
_HOSPITAL = re.compile(
    r"\b(?:at|to|in|from|of|on) (?P<name>(?:[A-Z][\w'.-]+ ){1,2}(?:General|Memorial|Regional"
    r"|Methodist"
    r"|Presbyterian|Baptist|Children's|Deaconess|Sinai|Lutheran|Infirmary))(?![\w'])"
)
_INSTITUTION = re.compile(
    r"(?<![\w'])(?P<name>(?i:HMP|HMYOI|YOI|RAF|RNAS|USS|HMS|HMAS|FCI|USP|JVA) [A-Za-z][\w'-]+)"
)
"""Prisons, bases and ships, which are named after where they are or after somebody."""
_YEAR_OF_STUDY = re.compile(
    r"(?<![\w'])(?P<name>[A-Z][\w'-]{1,40}(?: [A-Z][\w'-]{1,40})?) in (?:his |her |their )?"
    r"(?:first|second|third|fourth|final|last|junior|senior|freshman|sophomore) year\b"
)
_PROGRAMME = re.compile(
    r"\b(?:program|programme|scheme|project|shelter|rehab|unit|group home|charity|school|firm"
    r"|company"
    r"|place|club|church|bar|pub|shop|salon|agency) (?:called|named) (?P<name>[A-Z][\w&'.-]*\w"
    r"(?: (?:[A-Z][\w&'.-]*\w|of|and|the|for))*)"
)
_STUDIED = re.compile(
    r"\s(?:student|grad|graduate|alum\w*|dropout|freshman|sophomore|junior|senior|professor"
    r"|undergrad"
    r"|undergraduate|postgrad|postdoc|lecturer|athlete|kid|girl|boy|boys|girls)\b"
)
_RESEARCH = re.compile(
    r"(?:'s)?\s(?:\w+ )?(?:stud(?:y|ies)|research\w*|trial|paper|model|scale|method|conference"
    r"|course"
    r"|training|lecture|group|team|press|review|protocol|school of thought)\b",
    re.I,
)
_METHODS = cues.word_set("therapy therapies disorder counselling coaching psychology analysis")
_LEARNED_IN = re.compile(r"\b(?:(?:trained|training|certified) in|work(?:s|ed|ing)? with) $", re.I)
"""Before what somebody has learned or works with, and not before an employer."""
_TIED = "somebody works, studies or is treated there"
_LEAVING = cues.word_set("quit joined leaving")
_GOING = cues.word_set("at attends attended attending joined left leaving into from to")


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Which list each name is on, by its first word, the longest first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, entries in employers().items():
        for entry in entries:
            for spelled in dict.fromkeys((entry, entry.replace("-", " "))):
                if words := tuple(split(spelled)):
                    found.setdefault(words[0], []).append((name, words))
    for named in found.values():
        named.sort(key=lambda one: len(one[1]), reverse=True)
    return found


def workplaces(said: Sentence) -> Iterator[Identifier]:
    """Every employer, school and place of treatment that somebody is tied to."""
    yield from _known(said)
    yield from _hotels(said)
    for found in _INSTITUTION.finditer(said.text):
        if said.between(*found.span("name"))[-1].low not in cues.FUNCTION:
            yield org(*found.span(), "a prison, a base or a ship")
    yield from _typed_small(said) if said.quiet else _by_what_stands_before(said)


def org(start: int, end: int, reason: str) -> Identifier:
    """An employer or the like, which its writer may keep."""
    return Identifier(Kind.ORG, start, end, Tier.ASK, reason)


def is_phrase(inside: list[Token]) -> bool:
    """Whether all of it is on the list of what is allowed."""
    return bool(inside) and all(one.allowed for one in inside)


def _known(said: Sentence) -> Iterator[Identifier]:
    for name, inside in _listed(said):
        if not (inside[0].text[0].isupper() or said.quiet):
            continue
        start, end = inside[0].start, inside[-1].end
        if name == "certain":
            if len(inside) == 1 or not is_phrase(inside):
                yield org(start, end, "a known employer, school or hospital")
        elif (
            _works_before(said, start)
            or (name == "known" and _PLANT.match(said.text, end))
            or (name == "schools" and _is_studied_at(said, inside))
        ):
            yield org(start, end, _TIED)


def _listed(said: Sentence) -> Iterator[tuple[str, list[Token]]]:
    """Every name of a list with the words it is made of."""
    listed = _by_first_word()
    for place, token in enumerate(said.tokens):
        for first in dict.fromkeys((token.low, _in_full(token))):
            for name, words in listed.get(first, ()):
                inside = said.tokens[place : place + len(words)]
                if _is_written(inside, words):
                    yield name, inside
                    break


def _is_written(inside: list[Token], words: tuple[str, ...]) -> bool:
    close = all(len(one.gap) <= 3 and not one.opens for one in inside[1:])
    return (
        close
        and len(inside) == len(words)
        and all(word in (one.low, _in_full(one)) for one, word in zip(inside, words, strict=True))
    )


def _in_full(token: Token) -> str:
    return token.low + "'s" if token.owns else token.low


def _works_before(said: Sentence, start: int) -> bool:
    place = said.at(start)
    earlier = said.tokens[max(0, place - 7) : place]
    near = _word_before(earlier)
    if near in _LEAVING:
        return True
    at = near in cues.AT or near in ("attends", "attended", "attending")
    away = near == "from" and any(one.low == "leave" for one in earlier)
    return away or (at and any(one.low in cues.WORKING for one in earlier))


def _is_studied_at(said: Sentence, inside: list[Token]) -> bool:
    """Whether a school is where somebody goes, and not whose study or course it is."""
    if _RESEARCH.match(said.text, inside[-1].end):
        return False
    place = said.at(inside[0].start)
    earlier = said.tokens[max(0, place - 6) : place]
    if any(one.text == "I" or one.low in ("i", "i've", "i'd") for one in earlier):
        return False
    return _word_before(earlier) in _GOING or _STUDIED.match(said.text, inside[-1].end) is not None


def _word_before(earlier: list[Token]) -> str:
    words = [one.low for one in earlier if one.low != "the"]
    return words[-1] if words else ""


def _hotels(said: Sentence) -> Iterator[Identifier]:
    for found in _HOTEL.finditer(said.text):
        flags = said.words.of(found.group("word").lower())
        if flags & (Is.TOWN | Is.TOWNLIKE) and not flags & Is.WORD:
            yield org(*found.span(), "an employer that can be found")


def _by_what_stands_before(said: Sentence) -> Iterator[Identifier]:
    """What stands after "works at" and the like: any name, even of everyday words."""
    for found in _IN_APPOSITION.finditer(said.text):
        inside = said.between(*found.span("name"))
        plain = "employer" not in found.group() and any(one.flags & Is.WORD for one in inside)
        if not all(_is_no_name(one) for one in inside) or not plain:
            yield org(*found.span("name"), _TIED)
    for form in (_OF_A_RELATIVE, _EMPLOYER_AFTER, _HOSPITAL, _YEAR_OF_STUDY, _PROGRAMME):
        for found in form.finditer(said.text):
            inside = said.between(*found.span("name"))
            if not all(_is_no_name(one) for one in inside) and not inside[0].opens:
                yield org(inside[0].start, inside[-1].end, _TIED)
    for found in _AT_NAME.finditer(said.text):
        start, end = found.span("name")
        inside = said.between(start, end)
        if not inside or not _works_before(said, start) or inside[0].opens:
            continue
        if _is_acronym(inside) and found.group().split()[0] in ("with", "for", "in"):
            continue
        if not all(_is_no_name(one) for one in inside) and not _is_learned(said, inside):
            yield org(start, inside[-1].end, _TIED)


def _typed_small(said: Sentence) -> Iterator[Identifier]:
    """A name after "at", where somebody works, learns or is treated: "3rd grade at lincoln"."""
    for place, token in enumerate(said.tokens[1:], 1):
        near = said.tokens[place - 1].low == "at" and token.gap == " "
        if not near or not _could_be_a_name(said, token):
            continue
        if any(one.low in cues.WORKING for one in said.tokens[max(0, place - 7) : place]):
            yield org(token.start, token.end, _TIED)


def _could_be_a_name(said: Sentence, token: Token) -> bool:
    if token.low in cues.FUNCTION or token.flags & (Is.PLAIN | Is.VIRTUE | Is.HELPER):
        return False
    if token.flags & Is.WORD:
        return bool(token.flags & Is.EITHER)
    if token.flags & (NAMES | Is.SURNAME | Is.EITHER | Is.TOWN | Is.TOWNLIKE):
        return True
    return token.low.isalpha() and not token.allowed and not is_ordinary(token.low, said.words)


def _is_acronym(inside: list[Token]) -> bool:
    return len(inside) == 1 and inside[0].shout


def _is_no_name(token: Token) -> bool:
    return token.allowed or token.low in cues.FUNCTION


def _is_learned(said: Sentence, inside: list[Token]) -> bool:
    """Whether it is a method or the like: "trained in Somatic Work"."""
    start = inside[0].start
    return (
        inside[-1].low in _METHODS
        or inside[0].low in cues.DETERMINERS
        or _LEARNED_IN.search(said.text, max(0, start - 20), start) is not None
    )
