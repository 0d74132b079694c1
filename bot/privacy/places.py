"""Places smaller than a state: streets, towns, counties, codes of the post."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.authors import authored, of_a_work
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is

ADDRESS = "an address"
"""Why a street with a number is found."""

_SUFFIX = (
    r"street|st|str|avenue|ave|av|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|way|place|pl"
    r"|terrace|ter|circle|cir|parkway|pkwy"
    r"|highway|hwy|square|sq|trail|trl|crescent|cres|close|alley|row|gardens|grove|hill|mews"
    r"|plaza|loop|pike|turnpike|expressway|freeway|path|run|walk|quay|wharf|rise|vale|view"
    r"|heights|crossing|bend|cove|point|green"
)
_UNIT = (
    r"(?:[,\s]{1,3}(?:apt|apartment|unit|suite|ste|flat|room|rm|floor|fl|bldg|building|lot"
    r"|#)\.?\s?#?[\w-]{1,6}(?:\s?[A-Z]\b)?)"
)
_ADDRESS = re.compile(
    rf"(?<![\w/.,-])\d{{1,6}}[a-z]?(?:[-/]\d{{1,4}})?,?\s(?:[NSEW]\.?\s|(?:north|south|east"
    rf"|west)\s)?(?:[\w.'-]{{1,25}}\s){{1,3}}?(?:{_SUFFIX})(?![\w'])\.?{_UNIT}?",
    re.I,
)
_ENDS_A_SENTENCE = re.compile(r"(?:[a-z]{5,}|lane|road|walk|hill|path|rise|view|bend)\.$", re.I)
"""A word that nobody shortens: its full stop is no part of it."""
_NOT_ADDRESS = re.compile(
    r"\b(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|sessions?|times|mg|kids?"
    r"|people|clients?|percent|the|her|his|my|our|their|a|an|is|was|in|on|to|and|or|of|for|with"
    r"|at|that|this|year-old|yo|steps?|miles?)\b",
    re.I,
)
_FOREIGN = re.compile(
    r"(?<!\w)(?:(?:\d{1,6}[a-z]?,? )?(?:Rue|Avenida|Calle|Via|Viale|Piazza|Rua|Chemin|Ulica|Ul\."
    r"|rue|via|ul\.|Postbox|Postboks|Postfach|Apartado) (?:[\w'.-]+ ){0,4}?[\w'.-]*\d{1,5}[a-z]?"
    r"|(?:rue|avenida|av\.|calle|viale|piazza|plaza|paseo|rua|ulica|ul\.|boulevard"
    r"|chemin) (?:de |del |de la |des |du |di |da )?[A-Z][\w'-]{2,}(?: [A-Z][\w'-]+)?"
    r"(?:,? \d{1,4})?"
    r"|[A-Z][\w-]{2,40}(?:strasse|stra(?:ss|ß)e|str\.|gata|gatan|vej|weg|gasse|platz|laan|straat"
    r"|katu)(?: \d{1,4}[a-z]?)?|[A-Z][\w-]{2,40}tie \d{1,4}[a-z]?)(?!\w)"
)
_NUMBERED = re.compile(
    r"(?<![\w/.,-])\d{1,6}[a-z]?,? (?P<word>[A-Z][\w'-]{3,})(?: [\w'-]+){0,3} \d{1,4}[a-z]?"
    r"(?=\s*[,\n]|\.?\s*$)|(?<=\baddress: )\d{1,6} (?:[\w'-]+ ){1,4}\d{1,4}(?!\w)"
    r"|(?:(?<=\blives at )|(?<=\blive at )|(?<=\blived at ))\d{1,6} (?:[\w'-]+ ){1,4}\d{1,4}(?!\w)"
)
_NAMED = re.compile(
    r"(?<!\w)(?:(?:[NSEW]\.?|North|South|East|West|Old|New|Upper|Lower|Mt\.?|Mount|St\.?) )?"
    r"(?:[A-Z][\w'-]{1,40}|\d{1,3}(?:st|nd|rd|th)) (?:[A-Z][\w'-]{1,40} )?"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Lane|Ln|Court|Boulevard|Blvd|Parkway|Pkwy|Terrace"
    r"|Crescent|Turnpike|Trail|Circle|Close|Square|Alley|Mews|Heights|Projects|Apartments"
    r"|Towers|Estates|Estate|Trailer Park|Gardens|Highway|Hwy|Pike|Expressway|Motorway|Bypass"
    r"|Quay|Wharf)(?![\w'])"
)
_NAMED_SMALL = re.compile(
    r"(?<!\w)(?:on|off|from|at|near|down|along|around|behind|across from|corner of|and|of|up)\s"
    r"(?P<place>(?:(?:north|south|east|west|n|s|e|w|old)\.?\s)?(?P<word>[a-z'-]{3,}|\d{1,3}"
    r"(?:st|nd|rd|th))\s(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|court|pike"
    r"|parkway|pkwy|terrace|crescent|turnpike))(?![\w'-])",
    re.I,
)
_LIVES_AT = re.compile(
    r"\b(?:lives?|lived|living|stays?|stayed|staying|moved|address|house|home|flat|place) (?:at"
    r"|to|is|on)"
    r" (?:no\.? ?)?(?P<place>\d{1,5}[a-z]? (?P<word>[a-z'-]{4,}))(?![\w'-])",
    re.I,
)
_CORNER = re.compile(
    r"\b(?:at|on|near|off|by|of|around|to|from) (?P<place>(?:\d{1,3}(?:st|nd|rd|th) (?:and"
    r"|&) [A-Z][\w'-]+"
    r"|[A-Z][\w'-]+ (?:and|&) \d{1,3}(?:st|nd|rd|th)))(?![\w'-])"
)
_NO_STREET = cues.word_set(
    "another lonely winding steep spiritual same-old long-term different bumpy life's recovery"
    "wall sesame memory rocky bumpy long one high silk dirt side main-line"
    " dead-end same right wrong other new old back front busy quiet fast"
    " slow next whole open middle"
    " first second third this that the her his their our every each city country gravel narrow"
    " rough hard easy longer shorter life yellow brick royal royale food tennis basketball"
    " family drug criminal juvenile supreme district probate civil traffic federal state"
    " superior appeals small mental circuit county small-claims veterans hollywood crime gang"
    " death"
    " sunset warp test hard disk flash sex anal instinctual blood libido zoom"
)
_ROADS = re.compile(
    r"(?<![\w-])(?:(?:state |us |u\.s\. |county )?(?:route|rte|rt|highway|hwy|interstate"
    r"|motorway|freeway|county road|cr|exit|mile marker|autoroute)[\s.#-]{1,2}\d{1,4}[a-z]?|"
    r"(?:I|US|SR|CR|FM)-\d{1,4}|the [AM]\d{1,4} (?:near|at|by)|p\.?\s?o\.?\s?box\s?#?\s?\d{1,6}"
    r"|(?:apt|apartment|unit|suite|ste|flat)\.?\s#?(?:\d{1,5}[a-z]?|[a-z]\d{1,3}))(?!\w)",
    re.I,
)
_CODES = (
    re.compile(r"(?<![\w-])\d{5}-\d{4}(?![\w-])"),
    re.compile(r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]?)\s\d[A-Z]{2}(?!\w)"),
    re.compile(r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d(?!\w)"),
    re.compile(r"(?<=\b[A-Z]{2}\s)\d{5}(?!\w)"),
)
_LINES = (
    re.compile(r"(?m)^\W{0,4}(?!9[01]\d{3})(?P<code>\d{3,6})(?= [A-Z][\w'-]+)"),
    re.compile(r"(?m)(?<=[a-z] )(?P<code>(?!(?:19|20)\d\d\b)\d{4,6})$"),
    re.compile(
        r"(?m)(?:^|(?<=\s))(?P<code>\d{3}[ -]\d{2,3}|\d{2}[ -]\d{3}|(?!(?:19|20)\d\d\b)\d{3,6})\s*$"
    ),
)
_CODE_SMALL = re.compile(
    r"\b(?:in|from|near|at|to)\s(?P<code>(?!9[01]\d{3})\d{5})(?![\w%,]|\s(?:steps|dollars"
    r"|people|miles|words|hours|a\s))",
    re.I,
)
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
    yield from _streets(said)
    yield from _codes(said)
    yield from _districts(said)
    yield from _towns(said)


def _at(found: re.Match[str], tier: Tier, reason: str, group: str | int = 0) -> Identifier:
    return Identifier(Kind.LOCATION, *found.span(group), tier, reason)


def _streets(said: Sentence) -> Iterator[Identifier]:
    text = said.text
    if any(char.isdigit() for char in text):
        for found in _ADDRESS.finditer(text):
            words = found.group().split(None, 1)[1]
            if not _NOT_ADDRESS.search(words):
                end = found.end() - (_ENDS_A_SENTENCE.search(words) is not None)
                yield Identifier(Kind.LOCATION, found.start(), end, Tier.BLOCK, ADDRESS)
        for found in _ROADS.finditer(text):
            yield _at(found, Tier.BLOCK, "a road or a box of the post")
    for found in _FOREIGN.finditer(text):
        yield _at(found, Tier.BLOCK, ADDRESS)
    for found in _NUMBERED.finditer(text):
        word = (found.group("word") or "").lower()
        if not said.words.of(word) & Is.WORD and word not in said.words.allowed:
            yield _at(found, Tier.ASK, ADDRESS)
    for found in _LIVES_AT.finditer(text):
        word = found.group("word").lower()
        if word not in cues.FUNCTION and not _NOT_ADDRESS.fullmatch(word):
            yield _at(found, Tier.BLOCK, ADDRESS, "place")
    for found in _CORNER.finditer(text):
        yield _at(found, Tier.ASK, "a corner of two streets", "place")
    if not said.quiet:
        for found in _NAMED.finditer(text):
            if found.group().split()[0].lower() not in _NO_STREET | cues.FUNCTION:
                yield _at(found, Tier.BLOCK, "a street")
    for found in _NAMED_SMALL.finditer(text):
        if found.group("word").lower() not in _NO_STREET | cues.FUNCTION:
            yield _at(found, Tier.BLOCK, "a street", "place")


def _codes(said: Sentence) -> Iterator[Identifier]:
    if not any(char.isdigit() for char in said.text):
        return
    for form in _CODES:
        for found in form.finditer(said.text):
            yield _at(found, Tier.BLOCK, "a code of the post")
    if any(form.search(said.text) for form in (_ADDRESS, _ROADS, _FOREIGN, _NUMBERED)):
        for form in _LINES:
            for found in form.finditer(said.text):
                yield _at(found, Tier.ASK, "part of an address", "code")
    for found in _CODE_SMALL.finditer(said.text):
        yield _at(found, Tier.ASK, "perhaps a code of the post", "code")


def _districts(said: Sentence) -> Iterator[Identifier]:
    text = said.text
    if not said.quiet:
        for found in _DISTRICT.finditer(text):
            first = found.group().split()[0].lower()
            if first not in cues.FUNCTION:
                yield _at(found, Tier.ASK, "could be a place")
    for found in _COUNTY_SMALL.finditer(text):
        yield _at(found, Tier.ASK, "could be a place", "place" if found.group("place") else "where")
    for form in (_TOWN_OF, _IN_BRACKETS):
        for found in form.finditer(text):
            words = [word.lower() for word in found.group("place").split()]
            flags = said.words.of(words[0])
            plain = flags & Is.WORD and not flags & (Is.TOWNLIKE | Is.EITHER)
            if words[0] in cues.FUNCTION | said.words.allowed or (
                plain and words[0] == found.group("place").split()[0]
            ):
                continue
            yield _at(found, Tier.ASK, "could be a place", "place")


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
