"""Employers, schools, hospitals and programmes that have a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.identifier import Identifier
from bot.privacy.shapes import is_misspelled, is_ordinary
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is
from bot.privacy.workplaces import is_phrase, org, workplaces

_KIND_OF_SCHOOL = (
    r"(?:High|Middle|Elementary|Primary|Secondary|Grammar|Junior|Senior|Charter"
    r"|Day|Public|Community|State|Technical|Law|Medical|Nursing|Business|Divinity"
    r"|Magnet|Preparatory|Prep|Jr\.?|Sr\.?|Memorial|General|Regional|Children's"
    r"|Presbyterian|Methodist|Baptist|Lutheran|Behavioral|Psychiatric|Mental"
    r"|Health|Medical|Recovery|Treatment|Care|Counseling|Wellness|University"
    r"|Catholic|Episcopal|Christian|Correctional|Detention|Family|Youth|Veterans"
    r"|Rehabilitation|Federal|County|City)"
)
_PLACE_OF_WORK = (
    r"(?:School|Academy|College|University|Institute|Hospital|Clinic|Infirmary"
    r"|Hospice|Center|Centre|Church|Cathedral|Synagogue|Mosque|Chapel|Ministries"
    r"|Fellowship|Tabernacle|Prep|Montessori|Daycare|Preschool|Kindergarten"
    r"|Seminary|Campus|Inc|LLC|LLP|Ltd|Corp|Corporation|Company|Co|Group"
    r"|Associates|Partners|Industries|Enterprises|Systems|Solutions|Technologies"
    r"|Logistics|Foods|Motors|Airlines|Bank|Credit Union|Foundation|Trust|Hotel"
    r"|Inn|Resort|Casino|Restaurant|Cafe|Café|Diner|Grill|Brewery|Bakery|Pizzeria"
    r"|Pharmacy|Salon|Gym|Library|Museum|Theater|Theatre|Orchestra|Prison|Jail"
    r"|Penitentiary|Facility|Unit|Ward|Rehab|Detox|Lodge|Manor|Farms?|Ranch"
    r"|Shelter|Mission|House|Hall|Warehouse|Factory|Plant|Mill|Mills|Brewing"
    r"|Construction|Plumbing|Police|PD|Fire|Sheriff|ISD|USD|Union|Local|Base|Fort"
    r"|Camp|Recovery|Program|Programme|Treatment|Elementary|Middle|High|Wellness"
    r"|Behavioral Health|Medical|Health System|Health|Healthcare|Counseling"
    r"|Services)"
)
_NAMED = re.compile(
    rf"(?<![\w'])(?:(?:St\.?|Saint|Mount|Mt\.?|Our Lady of|Sacred|Holy|New|North|South|East"
    rf"|West|Upper|Lower|Old|The) )?(?P<first>[A-Z][\w&'.-]{{0,40}}[\w])"
    rf"(?: (?:[A-Z][\w&'.-]{{0,40}}|of|and|&|for|the|at|in)(?= )){{0,4}}"
    rf" (?:{_KIND_OF_SCHOOL} ){{0,3}}?{_PLACE_OF_WORK}(?![\w'])"
)
_OF = re.compile(
    r"(?<!\w)(?:University|College|School|Church|Bank|Hospital|Institute|Academy|Diocese"
    r"|Archdiocese|City|Port|Temple|Children's Hospital|U|Univ\.?) of (?:the )?[A-Z][\w'-]+"
    r"(?:[ -][A-Z][\w'-]+){0,3}"
)
_SAINT = re.compile(
    r"(?<!\w)(?:st\.?|saint|ste\.?|santa|san|our lady of|sacred heart|holy \w+|mount|mt\.?|fort"
    r"|ft\.?|camp) (?P<who>(?!john'?s wort|patrick'?s day|valentine|nick\b|jude"
    r" novena)[a-z][\w-]+(?:'?s)?)(?! day\b)",
    re.I,
)
_SMALL_SUFFIX = (
    r"(?:high school|middle school|elementary school|primary school|grammar school|secondary"
    r" school|junior high|charter school|day school|prep school|law school|community college"
    r"|state university|medical center|medical centre|health center|treatment center|recovery"
    r" center|behavioral health|nursing home|rehab center"
    r"|psychiatric hospital|state hospital|general hospital|memorial hospital|children's"
    r" hospital|high|middle|elementary|academy|college|university|hospital|clinic|hospice"
    r"|infirmary|church|synagogue|mosque|temple|parish|montessori|preschool|daycare|prep"
    r"|seminary|institute|correctional|prison|jail|penitentiary|rehab|detox|iop|php|inpatient"
    r"|residential|partial|ranch|manor|lodge|warehouse|factory|plant|brewery|diner|bakery"
    r"|restaurant|hotel|casino|pharmacy|police|pd|fire department|sheriff|foods|motors|airlines"
    r"|logistics|industries|bank|credit union|library|museum|shelter|group home|farm|farms"
    r"|mills?|steakhouse|grill|cafe|salon|inc|llc|corp|base|house|recovery|programme?|ward"
    r"|unit)"
)
_SMALL = re.compile(rf"(?<=[\w'.&-]\s){_SMALL_SUFFIX}(?![\w'-])", re.I)
_ON_ROAD = re.compile(
    r"(?:the )?(?:post office|library|bank|bakery|diner|pharmacy|school|church|fire station|gas"
    r" station|hardware store|grocery|laundromat|bar|pub|salon|clinic|hospital|grocery store"
    r"|nursing home|elementary|high school) (?:on|in|at|by) (?!the\b|a\b|her\b|his\b|my\b|our\b"
    r"|their\b|and\b|which\b|that\b|this\b|it\b|call\b|leave\b|time\b|sundays?\b|mondays?\b"
    r"|fridays?\b|saturdays?\b|weekends?\b|zoom\b|purpose\b|top\b|fire\b|me\b|him\b|us\b|an?\b"
    r"|my\b|order\b|general\b|person\b|case\b|fact\b|crisis\b|mind\b|school\b|least\b|all\b"
    r"|first\b|night\b|home\b|work\b|lunch\b|once\b|time\b|[a-z]+ing\b|\d)[a-z]+",
    re.I,
)

_STRONG = cues.word_set(
    "school academy college university hospital clinic infirmary hospice"
    " church synagogue mosque chapel elementary seminary montessori prep"
    " penitentiary prison jail library museum bank hotel casino airlines"
)
_GENERIC = cues.word_set(
    "high middle elementary primary secondary grammar junior senior charter"
    " day public private community state technical law medical nursing"
    " business art music graduate medicine dental vocational"
    " magnet preparatory prep general regional children's childrens mental psychiatric"
    " behavioral health recovery treatment care counseling wellness university school college"
    " catholic christian correctional detention family youth veterans rehabilitation federal"
    " county city local national hospital clinic center centre church program programme"
    " unit ward group house facility intensive outpatient inpatient partial hospitalization"
    " residential day eating disorder disorders trauma anger management grief support crisis"
    " stabilization emergency urgent substance abuse addiction dual diagnosis sober living"
    " halfway nursing home assisted memory pain sleep women's men's women mens teen adolescent"
    " child adult geriatric"
    " old new north south east west upper lower the special boarding sunday summer drug first"
    " online virtual home therapy training teaching food shelter domestic violence trade dance"
    " film reform military international ivy league swim ski"
)
"""What describes a school or a hospital without naming it."""


def orgs(said: Sentence) -> Iterator[Identifier]:
    """Every employer, school, hospital and programme with a name."""
    text = said.text
    for form in (_NAMED, _OF):
        for found in form.finditer(text) if not said.quiet else ():
            first = found.group().split()[0].lower()
            if _is_named(said, found, first):
                yield org(found.start(), found.end(), "a named school, hospital or employer")
    for found in _SAINT.finditer(text):
        if _is_saint(said, found):
            yield org(found.start(), found.end("who"), "named after a saint")
    for found in _SMALL.finditer(text):
        if (start := _small_name(said, found)) is not None:
            yield org(start, found.end(), "a named school, hospital or employer")
    for found in _ON_ROAD.finditer(text):
        last = said.between(*found.span())[-1]
        if last.flags & Is.PLAIN and not last.cap:
            continue
        yield org(found.start(), found.end(), "an employer that can be found")
    yield from workplaces(said)


def _is_named(said: Sentence, found: re.Match[str], first: str) -> bool:
    inside = said.between(found.start(), found.end())
    if not inside or is_phrase(inside) or (first in cues.FUNCTION and len(inside) < 3):
        return False
    own = [one for one in inside if one.low not in _GENERIC and one.low not in cues.FUNCTION]
    if inside[-1].low in _STRONG or inside[-2].low in ("medical", "health"):
        return bool(own) and not (inside[0].opens and own == inside[:1] and own[0].flags & Is.WORD)
    return any(
        not one.allowed and (not one.flags & Is.WORD or (one.flags & Is.EITHER and not one.opens))
        for one in own
    )


def _is_saint(said: Sentence, found: re.Match[str]) -> bool:
    who = found.group("who").lower().removesuffix("'s").removesuffix("s")
    flags = said.words.of(who) | said.words.of(found.group("who").lower())
    if found.group().lower().startswith(("st ", "st. ")) and found.group().endswith("'s"):
        return True
    if (
        found.group()[0].islower()
        and found.group().lower().split()[0].rstrip(".")
        in ("st", "camp", "mount", "fort", "ft", "san", "santa")
        and not said.quiet
    ):
        return False
    named = bool(flags & (NAMES | Is.SURNAME | Is.EITHER)) and not flags & Is.HELPER
    return (
        named
        if found.group()[0].islower() or not found.group("who")[0].isupper()
        else bool(named or not flags & Is.WORD)
    )


def _small_name(said: Sentence, found: re.Match[str]) -> int | None:
    """Where the name before a school or the like begins, if one stands there."""
    last = said.at(found.start())
    before = said.tokens[max(0, last - 3) : last]
    named: int | None = None
    end = found.start()
    for token in reversed(before):
        if token.end + 1 != end:
            break
        end = token.start
        known = token.low in said.words.brands or token.flags & (
            NAMES | Is.SURNAME | Is.EITHER | Is.TOWN
        )
        if (
            token.low in cues.FUNCTION | _GENERIC
            or (token.allowed and not known)
            or token.owns
            or not _could_name(said, token)
        ):
            break
        named = token.start
    return named


def _could_name(said: Sentence, token: Token) -> bool:
    if token.flags & Is.HELPER or not token.text[0].isalpha():
        return False
    if token.flags & Is.WORD:
        either = token.flags & (Is.EITHER | Is.TOWNLIKE) and not token.flags & Is.VIRTUE
        return bool(either) and (token.cap or said.quiet) and token.low not in cues.ROLES
    if token.flags & ~Is.BEGINS:
        return True
    return (
        (token.cap or said.quiet)
        and not is_ordinary(token.low, said.words)
        and not is_misspelled(token.low, said.words)
    )
