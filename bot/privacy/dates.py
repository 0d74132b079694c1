"""Dates finer than a year, months and holidays tied to somebody, and ages of 90 and over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.short_dates import short_dates

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?"
    r"(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    r"|octubre|noviembre|diciembre)"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth"
    r"|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ](?:first"
    r"|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first)"
)
_DAY = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?(?!\d|\s?(?:mg|%|x|years?|yrs?"
    rf"|weeks?|days?|months?|hours?|sessions?|times|people|clients?|minutes?|of us)\b)"
    rf"|{_ORDINAL})"
)
_YEAR = r"(?:(?:19|20)\d\d|'\d\d)"
_FULL = (
    re.compile(
        rf"(?<![\w.]){_MONTH}\.?,?[\s-]{{1,2}}(?:the\s)?{_DAY}(?!\w|[-/]\d|\.\d)(?:,?\s{{1,2}}"
        rf"(?:of\s)?{_YEAR}(?!\w)|,?[-/ ]\d{{2,4}}(?!\w))?",
        re.I,
    ),
    re.compile(
        rf"(?<![\w.]){_DAY}(?:\s{{1,2}}(?:of\s)?|[-/.]\s?){_MONTH}(?!\w)\.?"
        rf"(?:,?[\s/-]{{0,2}}{_YEAR}(?!\w)|[-/]\d\d(?!\w))?",
        re.I,
    ),
    re.compile(rf"(?<![\w.]){_MONTH}\.?,?[\s/-]{{1,2}}(?:of\s)?{_YEAR}(?!\w)", re.I),
    re.compile(
        rf"(?<![\w.])(?:19|20)\d\d,?[\s/-]{{1,2}}{_MONTH}(?:[\s-]{{1,2}}{_DAY})?(?!\w)", re.I
    ),
)
_NUMERIC = (
    re.compile(
        r"(?<![\w/.-])(?:19|20)\d\d([-/. ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?![\w/]"
        r"|-\d)(?:T[\d:.]+Z?)?"
    ),
    re.compile(
        r"(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])\s?([-/.])\s?(?:0?[1-9]|[12]\d|3[01])\s?\1\s?"
        r"(?:'?(?:19|20)?\d\d)(?!\w|[-/]\d|\.\d)"
    ),
    re.compile(r"(?<![\w/.-])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\w)"),
    re.compile(r"(?<![\w/.-])(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d\d(?!\w)"),
    re.compile(r"(?<![\w/.-])(?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d(?![\w/-])"),
    re.compile(r"(?<![\w/.-])(?:19|20)\d\d[/-](?:0[1-9]|1[0-2])(?![\w/-])"),
)
_SOFT = re.compile(
    rf"(?<![\w-])(?:(?:last|this past|back in|early in|late in|mid|since|in|by|until|around"
    rf"|early|late|of|next|during|after|before|end of|beginning of|start of|middle of)[\s-])"
    rf"(?:early |late |mid-?)?(?P<month>{_MONTH})(?![\w'-])(?!\s+(?:\d|i\b|be\b|have\b|not\b"
    rf"|help\b|seem\b|feel\b|madness\b|on\b))",
    re.I,
)
_HOLIDAY = (
    r"christmas(?: eve| day)?|xmas|thanksgiving|halloween|easter(?: sunday)?|new year'?s?(?:"
    r" eve| day)?|valentine'?s(?: day)?"
    r"|mother'?s day|father'?s day|memorial day|labor day|july 4th|fourth of july|4th of july"
    r"|independence day|veterans day|passover|yom kippur|rosh hashanah"
    r"|hanukkah|diwali|eid(?: al-\w+)?|ramadan|good friday|boxing day|st\.? patrick'?s(?: day)?"
    r"|juneteenth|ash wednesday|all saints(?:' day)?|nowruz|tet|lunar new year|election day"
)
_ON_HOLIDAY = re.compile(
    rf"(?<!\w)(?:on|at|through|throughout|all of|since|until|this past|last|past|the night of"
    rf"|the day (?:after|before)|night"
    rf" before|after|before|every|around|over)\s(?P<day>{_HOLIDAY})(?!\w)",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:he|she|they|his|her|hers|him|client|patient|pt|mom|mum|dad|mother|father|brother|sister"
    r"|son|daughter|wife|husband|partner|their|twin|couple|baby|boy|girl|teen|kid|remission"
    r"|relapsed?|onset|episode|seen|overdosed?|attempt|hospitali[sz]\w+"
    r"|(?:\w+ed|left|began|went|lost|came|fell|attack|accident|surgery|crash|stroke|funeral|birth"
    r"|stillbirth|died|death)(?: \w+)? (?:in|on|at|since))\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:died|drowned|killed|relapsed|overdosed|arrested|hospitali[sz]ed|miscarried|proposed"
    r"|drowned"
    r"|married|divorced|separated|assaulted|attacked|born|engaged|left him"
    r"|left her)(?: \w+)? (?:on|in|at)"
)
"""What happened to somebody: the time of year is theirs, whatever else is said."""
_GENERAL = re.compile(
    r"\b(?:everyone|people|clients|patients|referrals|caseload|always|most|we all|every year"
    r"|usually|my vacation|i'?m (?:away|off|out|on)|i am (?:away|off)|our group|workshop"
    r"|conference|training|i will be|i'll be|we meet|semester)\b",
    re.I,
)

_AGED = r"(?:9\d|1[01]\d|12[0-2])"
_WORDS = (
    r"(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a) hundred"
    r"(?: and (?:one|two|three|four|five|six))?|nonagenarian|centenarian|supercentenarian)"
)
_OLD = (
    re.compile(
        rf"(?<![\w.$/-])(?P<age>{_AGED}[\s-]{{0,2}}(?:years?|yrs?\.?)(?:[\s-](?:old|young|of"
        rf" age))(?:s)?)(?!\w)",
        re.I,
    ),
    re.compile(
        rf"(?<![\w.$/-])(?P<age>{_AGED}[\s-]?(?:y[/.]?o\.?|y\.o\.|yr old|y/o|yof|yom))(?!\w)", re.I
    ),
    re.compile(rf"(?<![\w.$/-])(?P<age>{_AGED}\s?(?:[MF]|(?:M|F|NB)\b))(?![\w%])"),
    re.compile(
        rf"\b(?:aged?|(?:going|about) to be|will be|would be|would have been|age of|age is"
        rf"|turn(?:s|ed|ing)?|is now|at age|at the age of|lived to(?:"
        rf" be)?|nearly|almost|past|over)\s(?P<age>{_AGED}|{_WORDS})(?!\w|\s?(?:%|percent|mg|kg"
        rf"|lbs|pounds|days?|minutes?|meetings|sessions|hours|miles|weeks|months|people|times|x\b"
        rf"|degrees|bpm|dollars|bucks|clients|points|calories|cases))",
        re.I,
    ),
    re.compile(
        rf"\b(?:he|she|they|mom|mum|dad|mother|father|grandmother|grandfather|grandma|grandpa"
        rf"|gran|nana|who|client|patient|pt|aunt|uncle|husband|wife)(?:'s| is| was|'d be| will"
        rf" be| just turned| turned|, now|, who is|,)\s(?:now |already |nearly |almost |about "
        rf"|only )?(?P<age>{_AGED}|{_WORDS})(?!\w|\s?(?:%|percent|mg|kg|lbs|pounds|days?"
        rf"|minutes?|meetings|sessions|hours|miles|weeks|months|people|times|degrees|bpm"
        rf"|seconds|dollars|points)|[/.:]\d)",
        re.I,
    ),
    re.compile(
        rf"(?<!\w)(?P<age>{_WORDS}[- ](?:years?|yrs?)[- ](?:old|young)s?|nonagenarian"
        rf"|centenarian|supercentenarian)(?!\w)",
        re.I,
    ),
    re.compile(
        rf"(?<![\w.$/-])(?P<age>{_AGED}),?\s(?:and (?:still|sharp|frail|living|a widow)|widow"
        rf"|widower|widowed|lives|living|retired|frail|in (?:assisted|hospice|a nursing))",
        re.I,
    ),
    re.compile(
        r"\b(?:in (?:his|her|their) )(?P<age>(?:(?:early|mid|late)[- ])?(?:90'?s|nineties"
        r"|hundreds))(?!\w)",
        re.I,
    ),
    re.compile(rf"\((?P<age>{_AGED})(?=[),;]|\s?[,;])"),
    re.compile(rf"(?<=[A-Za-z],\s)(?P<age>{_AGED}|{_WORDS})(?=,\s)", re.I),
    re.compile(
        rf"(?<=[a-z])(?:, | is | was |'s | turned | turns | just turned )(?:now |just |only "
        rf"|nearly |almost )?(?P<age>{_AGED}|{_WORDS})(?=[,;.](?!\d)"
        rf"| and (?:sharp|still|frail|\w+s|\w+ing)\b| now\b| next )"
    ),
)
_MEASURED = re.compile(
    r"\b(?:mg|mcg|wisc|wais|wiat|iq|fsiq|scor\w+|percentile|standard|bmi|weigh\w*|pulse|heart|bp"
    r"|temp\w*|sats?"
    r"|suds?|level|dose|glucose|sugar|degrees|total|sum|copay|fee|rate|speed|pounds|lbs|kilos|km"
    r"|index"
    r"|blood|highway|route|room|page|session|number|step|day)\b",
    re.I,
)
"""Words of what is measured; a number near them is no age."""
_BORN = re.compile(
    r"\b(?:born|dob|d\.o\.b\.?|birth(?: ?year)?|b\.|year of birth)[\s:]{1,3}(?:(?:in|on|around"
    r"|about|back|year|is|was|of)\s){0,3}(?P<year>1[89]\d\d|'[012]\d)(?!\w)",
    re.I,
)
BIRTH_YEAR_LIMIT = 1936
"""Born then or before, somebody is 90 or soon will be; fixed, as a guard has no clock."""


def dates(text: str) -> Iterator[Identifier]:
    """Dates and ages."""
    lower = text.lower()
    digits = any(char.isdigit() for char in text)
    for form in _FULL if digits or "th" in lower or "st" in lower or "d" in lower else ():
        for found in form.finditer(lower):
            if _is_month_date(found.group()):
                yield Identifier(Kind.DATE, found.start(), _rstrip(found), Tier.BLOCK, "a date")
    if digits:
        for form in _NUMERIC:
            for found in form.finditer(text):
                yield Identifier(Kind.DATE, found.start(), found.end(), Tier.BLOCK, "a date")
        yield from short_dates(text)
    yield from _soft_dates(lower)
    yield from ages(text, lower)


def _rstrip(found: re.Match[str]) -> int:
    return found.start() + len(found.group().rstrip(" ,.-/"))


def _is_month_date(said: str) -> bool:
    """Whether it is one, and not "may 2" people or "march first"."""
    said = said.strip()
    if re.match(r"(?:may|mar|march|sep|dec)\b", said) and not re.search(r"\d", said):
        return (
            bool(re.match(r"(?:march|may) (?:the )?\w+(?:th|nd|rd|st)$", said))
            and "first" not in said
        )
    return not re.match(
        r"(?:second|third|first) (?:may|march)\b|(?:first|second|third|\w+th)\. ", said
    )


def _soft_dates(lower: str) -> Iterator[Identifier]:
    for form, group in ((_SOFT, "month"), (_ON_HOLIDAY, "day")):
        for found in form.finditer(lower):
            around = _sentence_around(lower, found.start(), found.end())
            event = _EVENT.search(lower, max(0, found.start() - 24), found.start() + 3)
            if event or (_PERSON.search(around) and not _GENERAL.search(around)):
                yield Identifier(
                    Kind.DATE, *found.span(group), Tier.ASK, "a time of year tied to somebody"
                )


def _sentence_around(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, max(0, start - 160), start) for mark in ".!?\n")
    rights = [at for mark in ".!?\n" if (at := text.find(mark, end, end + 160)) >= 0]
    return text[max(left + 1, start - 160) : min(rights, default=end + 160)]


def ages(text: str, lower: str) -> Iterator[Identifier]:
    """Ages of 90 and over, and the birth years that imply one."""
    if not any(sign in lower for sign in ("9", "1", "ninet", "hundred", "enarian")):
        return
    for form in _OLD:
        for found in form.finditer(text):
            alone = form in _OLD[-3:]
            if alone and _MEASURED.search(text, max(0, found.start() - 60), found.start() + 1):
                continue
            yield Identifier(Kind.AGE, *found.span("age"), Tier.BLOCK, "an age of 90 or over")
    for found in _BORN.finditer(text):
        year = found.group("year")
        if year.startswith("'") or int(year) <= BIRTH_YEAR_LIMIT:
            yield Identifier(
                Kind.AGE,
                *found.span("year"),
                Tier.BLOCK,
                "a year of birth that gives an age over 89",
            )
