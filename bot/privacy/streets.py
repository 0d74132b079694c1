"""Streets, roads and codes of the post: places that letters and people are sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.tokens import Sentence
from bot.privacy.words import Is

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


def streets(said: Sentence) -> Iterator[Identifier]:
    """Every street, road and code of the post."""
    yield from _streets(said)
    yield from _codes(said)


def located(found: re.Match[str], tier: Tier, reason: str, group: str | int = 0) -> Identifier:
    """A place that was found by how it is written."""
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
            yield located(found, Tier.BLOCK, "a road or a box of the post")
    for found in _FOREIGN.finditer(text):
        yield located(found, Tier.BLOCK, ADDRESS)
    for found in _NUMBERED.finditer(text):
        word = (found.group("word") or "").lower()
        if not said.words.of(word) & Is.WORD and word not in said.words.allowed:
            yield located(found, Tier.ASK, ADDRESS)
    for found in _LIVES_AT.finditer(text):
        word = found.group("word").lower()
        if word not in cues.FUNCTION and not _NOT_ADDRESS.fullmatch(word):
            yield located(found, Tier.BLOCK, ADDRESS, "place")
    for found in _CORNER.finditer(text):
        yield located(found, Tier.ASK, "a corner of two streets", "place")
    if not said.quiet:
        for found in _NAMED.finditer(text):
            if found.group().split()[0].lower() not in _NO_STREET | cues.FUNCTION:
                yield located(found, Tier.BLOCK, "a street")
    for found in _NAMED_SMALL.finditer(text):
        if found.group("word").lower() not in _NO_STREET | cues.FUNCTION:
            yield located(found, Tier.BLOCK, "a street", "place")


def _codes(said: Sentence) -> Iterator[Identifier]:
    if not any(char.isdigit() for char in said.text):
        return
    for form in _CODES:
        for found in form.finditer(said.text):
            yield located(found, Tier.BLOCK, "a code of the post")
    if any(form.search(said.text) for form in (_ADDRESS, _ROADS, _FOREIGN, _NUMBERED)):
        for form in _LINES:
            for found in form.finditer(said.text):
                yield located(found, Tier.ASK, "part of an address", "code")
    for found in _CODE_SMALL.finditer(said.text):
        yield located(found, Tier.ASK, "perhaps a code of the post", "code")
