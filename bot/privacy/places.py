"""Places smaller than a state: towns, counties and districts, and with them streets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.authors import authored, of_a_work
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.streets import located, streets
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is

_DISTRICT = re.compile(
    r"(?<![\w'])(?P<place>(?:[A-Z][\w'-]{1,40} ){1,2}(?:County|Township|Parish|Borough|Village"
    r"|Heights|Falls|Springs|Beach|Valley|Creek|Lake|Island|Hills|Park|Bay|Grove|Ridge|Bluffs?"
    r"|Junction|Harbou?r|Mills|City|Reservation|Neighborhood|District|Precinct|Hollow|Landing"
    r"|Shores?|Woods|Meadows|Ranch|Pines|Oaks|Terrace|Side|Downs|Fields))(?![\w'])"
)
_COUNTY_SMALL = re.compile(
    r"(?<![\w'-])(?P<place>(?!(?:the|my|our|her|his|their|each|every|a|this|that|another|same|whole"
    r"|rural|next|neighboring|local|home|small|tiny|per|by|which|of|in|and|or|any|poor|poorest"
    r"|different|entire|large|suburban|one|two|other|adjacent)\b)[a-z'-]{3,30}(?: [a-z'-]{3,30})? "
    r"(?:county|township|borough)) (?:jail|court|sheriff|hospital|line|schools?|prison|police"
    r"|mental|office|probation|detention)\b|\b(?:in|from|to|of) (?P<where>(?!(?:the|my|our|her"
    r"|his|their|each|every|a|this|that|another|same|whole|rural|next|any|one)\b)[a-z'-]{3,30} "
    r"(?:county|township))\b"
)
_TOWN_OF = re.compile(
    r"\b(?:town|city|village|borough|township|hamlet|suburb|neighbou?rhood|island|reservation"
    r"|county|parish) (?:of|called|named) (?P<place>[A-Za-z][\w'-]+(?: [A-Z][\w'-]+)?)"
)
_IN_BRACKETS = re.compile(
    r"\b(?:town|village|city|suburb|neighbou?rhood|island|county|hometown|place|reservation)"
    r"(?:\s[\w']+){0,3}\s?[(,:-]\s?(?P<place>[A-Za-z][a-z'-]+(?: [A-Z][a-z'-]+)?)\s?(?:\)|,|;|"
    r" in\b)"
)
_STATE = re.compile(
    r"(?:,\s?|\s)(?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]"
    r"|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|ON|BC|AB|NS|QC)(?![\w'])"
)

_STATE_NAME = re.compile(
    r"(?:, ?| )(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware"
    r"|florida|georgia|hawaii|idaho"
    r"|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan"
    r"|minnesota|mississippi|missouri"
    r"|montana|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|(?:north|south) (?:carolina"
    r"|dakota)|ohio|oklahoma|oregon"
    r"|pennsylvania|rhode island|tennessee|texas|utah|vermont|virginia|west virginia|wisconsin"
    r"|wyoming|ontario|quebec"
    r"|alberta|manitoba|england|scotland|wales|ireland)(?!\w)",
    re.I,
)


def places(said: Sentence) -> Iterator[Identifier]:
    """Every place that is smaller than a state."""
    yield from streets(said)
    yield from _districts(said)
    yield from _towns(said)


def _districts(said: Sentence) -> Iterator[Identifier]:
    text = said.text
    if not said.quiet:
        for found in _DISTRICT.finditer(text):
            first = found.group().split()[0].lower()
            if first not in cues.FUNCTION:
                yield located(found, Tier.ASK, "could be a place")
    for found in _COUNTY_SMALL.finditer(text):
        yield located(
            found, Tier.ASK, "could be a place", "place" if found.group("place") else "where"
        )
    for form in (_TOWN_OF, _IN_BRACKETS):
        for found in form.finditer(text):
            words = [word.lower() for word in found.group("place").split()]
            flags = said.words.of(words[0])
            plain = flags & Is.WORD and not flags & (Is.TOWNLIKE | Is.EITHER)
            if words[0] in cues.FUNCTION | said.words.allowed or (
                plain and words[0] == found.group("place").split()[0]
            ):
                continue
            yield located(found, Tier.ASK, "could be a place", "place")


def _towns(said: Sentence) -> Iterator[Identifier]:
    place = 0
    while place < len(said.tokens):
        length = _long_name(said, place)
        if length:
            first, last = said.tokens[place], said.tokens[place + length - 1]
            yield Identifier(Kind.LOCATION, first.start, last.end, Tier.ASK, "a known place")
            place += length
            continue
        if found := _town(said, place):
            yield found
        place += 1


def _long_name(said: Sentence, place: int) -> int:
    """How many words of a known place with several words begin here."""
    tokens = said.tokens[place : place + 4]
    if "-" not in tokens[0].low and not tokens[0].flags & Is.BEGINS:
        return 0
    for length in range(len(tokens), 1, -1):
        some = tokens[:length]
        if any(one.gap not in (" ", "-", ". ") for one in some[1:]) or (
            all(one.allowed for one in some) or _goes_on(said, place + length)
        ):
            continue
        if not said.words.of(" ".join(one.low for one in some).replace("-", " ")):
            continue
        written = all(one.cap or one.low in cues.PARTICLES | {"on", "the", "upon"} for one in some)
        plain = all(one.flags & Is.WORD or one.low in cues.FUNCTION for one in some)
        if (written and not said.quiet) or (said.quiet and (not plain or _placed(said, place))):
            return length
        if not plain and _placed(said, place):
            return length
    hyphenated = tokens[0].low.replace("-", " ") if tokens and "-" in tokens[0].low else ""
    return (
        1
        if hyphenated and said.words.of(hyphenated) and (tokens[0].cap or _placed(said, place))
        else 0
    )


def _goes_on(said: Sentence, place: int) -> bool:
    """Whether an allowed expression goes on here, as in "the Hague Convention"."""
    here = said.tokens[place : place + 1]
    return bool(here) and here[0].gap == " " and here[0].allowed and said.tokens[place - 1].allowed


def _placed(said: Sentence, place: int) -> bool:
    before = said.before(place)
    return before is not None and said.tokens[place].gap == " " and before.low in cues.PLACED


def _settled(said: Sentence, place: int) -> bool:
    """Whether somebody lives, works or comes from here."""
    earlier = {one.low for one in said.tokens[max(0, place - 5) : place - 1]}
    if not _placed(said, place):
        return False
    if said.tokens[place].flags & Is.PLAIN:
        return False
    working = said.tokens[place - 1].low in ("in", "near", "outside") and earlier & cues.WORKING
    return bool(earlier & cues.SETTLED) or bool(working)


def _town(said: Sentence, place: int) -> Identifier | None:
    token = said.tokens[place]
    if (
        token.allowed
        or not token.flags & (Is.TOWN | Is.TOWNLIKE)
        or token.low in cues.FUNCTION
        or len(token.low) < 3
        or authored(said, place)
    ):
        return None
    if not _is_town(said, place, token) or of_a_work(said, place):
        return None
    sure = bool(token.flags & Is.TOWN) and _placed(said, place)
    return Identifier(
        Kind.LOCATION,
        token.start,
        token.end,
        Tier.BLOCK if sure else Tier.ASK,
        "a known place" if sure else "could be a place",
    )


def _is_town(said: Sentence, place: int, token: Token) -> bool:
    placed, settled = _placed(said, place), _settled(said, place)
    in_state = _STATE.match(said.text, token.end) is not None and (token.cap or settled)
    in_state = in_state or (
        _STATE_NAME.match(said.text, token.end) is not None and (token.cap or placed)
    )
    if token.flags & Is.TOWN:
        return token.cap or placed or (said.quiet and len(token.low) > 5)
    if token.flags & (NAMES | Is.SURNAME) and not token.flags & Is.WORD:
        return placed
    if token.cap and not said.quiet and not token.opens:
        close = placed and said.tokens[place - 1].low in cues.WITHIN
        return close or in_state
    return settled or in_state
