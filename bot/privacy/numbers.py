"""Numbers that are identifiers by what is said before them, and numbers that are spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.privacy.formats import PUBLIC_LINES
from bot.privacy.identifier import Identifier, Kind, Tier

_VALUE = (
    r"(?P<value>#?(?:[A-Za-z]{1,4}[-. ]?)?\d[A-Za-z0-9]*(?:[-./:]?[ ]?"
    r"(?=[A-Za-z]{0,3}\d)[A-Za-z0-9]+){0,6}"
    r"(?:-[A-Za-z]{1,3}\b)?)"
)
_BETWEEN = (
    r"(?:[\s:#=(\"',-]{0,4}(?:number|num|nr|no\.?|nos\.?|ids?|is|was|of|the|it|its|it's|as|for"
    r"|ends?|ending|in|with"
    r"|last|four|4|digits|s/n|sn|code|reads?|says|listed|lists|shows?|showing|on|file|plates?"
    r"|tag|card|account"
    r"|hers|his|hash|template|sample|record|a|to|called|services)(?![\w'])){0,6}[\s:#=(\"',-]{0,4}"
)
_CUES: tuple[tuple[Kind, str], ...] = (
    (
        Kind.SSN,
        r"ssn|s\.s\.n\.?|social security|social|soc sec|nino|national insurance|tax id|tin|itin"
        r"|sin|ppsn?|tfn|tax file|aadhaa?r|pan card|ird|nino|bsn|curp|nif|nie|dni|pesel"
        r"|personnummer"
        r"|cpr|codice fiscale|steuer-?id|national id|id card|identity card",
    ),
    (
        Kind.MRN,
        r"mrn|mr ?#|mr no|medical record|med rec|health record|chart|emr|ehr|patient id|patient"
        r" number"
        r"|patient no|pt id|hosp(?:ital)? number|hosp(?:ital)? no|nhs number|nhs no|nhs|nhi"
        r"|chi number|ihi"
        r"|urn?|uhid|unit number"
        r"|accession|encounter|record",
    ),
    (
        Kind.HEALTHPLAN,
        r"member|membership|subscriber|policy|group|beneficiary|plan id|plan number|ins"
        r"|insurance id"
        r"|insurance number|insurance|medicaid|medicare|medi-cal|mbi|tricare|aetna|cigna|humana"
        r"|optum|anthem|bcbs|versicherten(?:nr|nummer)|krankenkasse"
        r"|blue cross|blue shield|kaiser|uhc|payer id|auth|authorization|preauth|prior auth"
        r"|medibank|bupa",
    ),
    (
        Kind.ACCOUNT,
        r"account|acct|a/c|iban|swift|routing|sort code|card|credit card|debit card|visa|mastercard"
        r"|amex|discover|bank|venmo|paypal|invoice|billing|pin|cvv|checking|savings|loan|mortgage",
    ),
    (
        Kind.LICENSE,
        r"driver'?s?'? licen[sc]e|driving licen[sc]e|licen[sc]e|licen[sc]ed|lic|dl|d\.l\."
        r"|passport|permit|certificate"
        r"|cert|npi|dea|registration|credential|green card|visa number|rn|lpn|lcsw|lmft|lpc|md"
        r"|hcpc|nmc|gmc|cdl|pilot",
    ),
    (
        Kind.VEHICLE,
        r"licen[sc]e plates?|number plates?|plates?|tags?|vin|v\.i\.n\.?|vehicle|truck|van|suv"
        r"|sedan"
        r"|lists the car|reg|registration plate|rego|hull",
    ),
    (
        Kind.DEVICE,
        r"serial|s/n|sn|imei|meid|udid|uuid|device|mac address|pacemaker|icd device"
        r"|defibrillator|insulin pump|pump"
        r"|implant|stimulator|monitor|cpap|hearing aids?|wheelchair|prosthesis|glucometer"
        r"|dexcom|iccid|sim card|lot",
    ),
    (
        Kind.BIOMETRIC,
        r"finger ?prints?|thumb ?prints?|voice ?prints?|palm ?prints?|foot ?prints?|retina\w*"
        r"|retinal scan|iris|face ?prints?|face ?id"
        r"|facial recognition|biometrics?|dna|gait",
    ),
    (
        Kind.OTHER_ID,
        r"case|docket|cause|inmate|booking|prisoner|offender|doc|claim|ticket|student|pupil"
        r"|employee|payroll"
        r"|badge|staff|incident|police report|report|file|reference|ref|warrant|citation"
        r"|probation|parole|a-number"
        r"|alien|uscis|receipt|confirmation|tracking|order|locker|unit|apartment|room|apt"
        r"|extension|ext|id|study|participant|subject|coupon|voucher|reservation|service"
        r"|military|dod|dd-?214|roster|jersey|bib|ballot|voter|library card|loyalty|meter"
        r"|parcel|lot|deed|patent|flight|session id|username|user|tax",
    ),
    (
        Kind.PHONE,
        r"phone|cell|mobile|tel|telephone|landline|call(?:ed|s)?(?: me| him| her| us)?(?: at|"
        r" on| from)?|text(?:ed|s)?(?: me| him| her)?"
        r"(?: at| on| from)?|pager|whatsapp|voicemail|reach(?:ed)?(?: me| him| her)?(?: at|"
        r" on)?|(?<!item )number|hotline|dial(?:ed)?",
    ),
    (Kind.FAX, r"fax|faxed|efax|e-fax"),
    (Kind.LOCATION, r"zip(?: ?code)?|post ?code|postal code|zips?"),
)
_CONTEXT = tuple(
    (kind, re.compile(rf"(?<![\w-])(?:{cue})(?![A-Za-z]){_BETWEEN}{_VALUE}(?![\w])", re.I))
    for kind, cue in _CUES
)
_NEEDS = {
    Kind.OTHER_ID: 4,
    Kind.ACCOUNT: 4,
    Kind.PHONE: 5,
    Kind.HEALTHPLAN: 5,
    Kind.MRN: 4,
    Kind.FAX: 5,
}
_PLATE = re.compile(
    rf"\b(?:plates?|vin|tags?|registration|rego?)(?![A-Za-z]){_BETWEEN}"
    r"(?P<value>(?=[a-z0-9 -]{0,8}\d)[a-z0-9]{1,4}[ -]?(?!is\b|was\b|and\b|in\b|on\b|of\b|he\b"
    r"|has\b|the\b|to\b)[a-z0-9]{2,4}"
    r"(?:[ -](?!is\b|was\b|and\b|in\b|on\b|of\b|he\b|she\b|has\b|his\b|her\b|the\b|to\b|at\b"
    r"|for\b|as\b|or\b|it\b)[a-z0-9]{1,3})?)(?!\w)"
)
_NEAR_CAR = re.compile(
    r"(?:\b(?:car|van|truck|suv|ute|bike|motorbike|scooter|pickup|jeep|taxi|cab|lorry|minivan"
    r"|hatchback"
    r"|sedan|saloon|wagon|coupe|hilux|civic|corolla|toyota|honda|ford|vw|golf|bmw|audi|nissan"
    r"|mazda|subaru"
    r"|kia|hyundai|chevy|chevrolet|dodge|tesla|volvo|skoda|renault|peugeot|fiat|vauxhall|opel"
    r"|astra|corsa"
    r"|mercedes|holden|suzuki|isuzu|mitsubishi)\b[^.!?\n]{0,24}?[\s,(:])(?P<value>(?=[A-Z0-9 -]*\d)"
    r"(?=[0-9 -]*[A-Z])[A-Z0-9]{2,4}[ -][A-Z0-9]{2,4}(?:[ -][A-Z0-9]{1,4})?"
    r"|(?=[A-Z0-9]*\d)(?=\d*[A-Z])"
    r"[A-Z0-9]{5,8})(?![\w-])"
)
_SAID_BEFORE = re.compile(r"(?:from|at|on|by|via|with|and|my|her|his|then|or|this|that) ")
"""What is no part of a number, though up to four letters may be."""
_MARKED = re.compile(r"#|\b(?:no|nr|num|number|id|ids)\b", re.I)
_SSN_LAST = re.compile(
    r"(?:last (?:four|4)(?: digits)?|ends? (?:in|with)|ending(?: in| with)?)[\s:,-]{1,3}(?:(?:are"
    r"|is|of|the|ssn|social)\s){0,3}(?P<value>\d{4})(?!\w)",
    re.I,
)
_MIXED = re.compile(
    r"(?<![\w.#@/-])(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+"
    r"(?:-[A-Za-z0-9]+)*(?![\w@/])"
)
_LONG = re.compile(
    r"(?<![\w.,$-])#?\d{2,}(?:[-/ ]\d{2,}){1,4}(?!\w|,\d)|(?<![\w.,$-])#?\d{6,}(?!\w|,\d)"
)
_PREFIXED = re.compile(
    r"(?<![\w-])[A-Z]{1,4}[- ]?#?\d{2,}(?:-\d{2,})+(?!\w)|(?<!\w)#\s?\d{4,}(?!\w)"
)
_MEASURE = re.compile(
    r"\d{2,4}-(?:type|style|ish|like)|\d{1,5}(?:mg|mcg|ml|kg|lbs?|cm|mm|km|min|mins|hrs?|yo|yr"
    r"|yrs|am|pm|th|st|nd|rd|s|k|x|ers?|m|f"
    r"|g|u|iu|w|bpm|mmhg|cal|kcal|ish)"
    r"|[a-z]{1,4}\d{1,3}|(?:19|20)\d\d(?:s|ish)?|[a-tv-z]\d\d(?:[.-]\w{1,4})?|(?:covid|cpt|icd"
    r"|dsm|phq|gad|pcl|oq|cl)-?\d+\w*|\d{1,3}(?:-[a-z]{3,})+(?:-\d{1,2})?",
    re.I,
)
_CPT = re.compile(r"9[0-9]{4}|h00\d\d|g0\d{3}|t10\d\d", re.I)
_DIGIT = "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple"
_SPELLED = re.compile(
    rf"(?<!\w)(?:{_DIGIT})(?:[\s,.-]{{1,3}}(?:{_DIGIT}|\d{{1,4}})(?!\w)){{3,24}}"
    rf"|(?<!\w)\d{{2,4}}(?:[\s,.-]{{1,3}}(?:{_DIGIT})(?!\w)){{3,24}}",
    re.I,
)
_VALUES = {
    **{"zero": 0, "oh": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4},
    **{"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
}


def numbers(text: str) -> Iterator[Identifier]:
    """Numbers that stand for somebody."""
    if any(char.isdigit() for char in text):
        lower = text.lower()
        for kind, form in _CONTEXT:
            yield from _after_cue(kind, form, lower, text)
        for found in _PLATE.finditer(lower):
            if sum(char.isdigit() for char in found.group("value")) > 1:
                yield Identifier(Kind.VEHICLE, *found.span("value"), Tier.BLOCK, "a number plate")
        for found in _NEAR_CAR.finditer(text):
            if sum(char.isdigit() for char in found.group("value")) > 1:
                yield Identifier(Kind.VEHICLE, *found.span("value"), Tier.BLOCK, "a number plate")
        for found in _SSN_LAST.finditer(text):
            yield Identifier(
                Kind.SSN, *found.span("value"), Tier.BLOCK, "the last digits of a number"
            )
        yield from _codes(text)
    yield from _spelled(text)


def _after_cue(kind: Kind, form: re.Pattern[str], lower: str, text: str) -> Iterator[Identifier]:
    for found in form.finditer(lower):
        start, end = found.span("value")
        if said := _SAID_BEFORE.match(lower, start, end):
            start = said.end()
        value = lower[start:end]
        if value.startswith("#"):
            start += 1
        marked = _MARKED.search(lower, found.start(), found.end()) is not None
        if _stands_for_somebody(kind, value.lstrip("#"), marked):
            yield Identifier(kind, start, end, Tier.BLOCK, "a number that stands for somebody")


def _stands_for_somebody(kind: Kind, value: str, marked: bool) -> bool:
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    if _MEASURE.fullmatch(value) and not (marked and digits > 4):
        return False
    if re.fullmatch(r"(?:19|20)\d\d", value) and not marked:
        return False
    if kind is Kind.LOCATION:
        return digits >= 2 and digits + letters >= 3
    if kind is Kind.OTHER_ID and not marked and letters == 0 and digits < 5:
        return False
    if _CPT.fullmatch(value) and not marked:
        return False
    least = _NEEDS.get(kind, 3)
    return (
        digits >= least
        or (digits >= 2 and letters > 0 and digits + letters > least + 1)
        or (digits >= 3 and letters > 0 and digits + letters >= least)
    )


def _codes(text: str) -> Iterator[Identifier]:
    """Long numbers and mixtures of letters and digits that nothing explains."""
    for found in _LONG.finditer(text):
        number = found.group().lstrip("#")
        digits = "".join(char for char in number if char.isdigit())
        if _is_long(number, digits):
            yield Identifier(Kind.OTHER_ID, found.start(), found.end(), Tier.BLOCK, "a long number")
    for found in _PREFIXED.finditer(text):
        if not _MEASURE.fullmatch(found.group()) and not re.fullmatch(
            r"#?[A-Z]{2,4}-\d{1,2}-?\d?", found.group()
        ):
            yield Identifier(
                Kind.OTHER_ID, found.start(), found.end(), Tier.BLOCK, "a number with a sign"
            )
    for found in _MIXED.finditer(text):
        code = found.group()
        if len(code) >= 6 and not _MEASURE.fullmatch(code) and not _explained(code):
            yield Identifier(Kind.OTHER_ID, found.start(), found.end(), Tier.BLOCK, "a code")


def _is_long(number: str, digits: str) -> bool:
    if len(digits) < 7 and not (len(digits) == 6 and number.isdigit()):
        return False
    if digits in PUBLIC_LINES:
        return False
    parts = re.split(r"[-/ ]", number)
    years = all(re.fullmatch(r"(?:19|20)\d\d", part) for part in parts)
    return not years and not all(part.endswith("00") for part in parts)


def _explained(code: str) -> bool:
    """Whether its parts are words, years and small numbers, as in "12-step" or "mid-2019"."""
    parts = code.split("-")
    return (
        len(parts) > 1
        and all(
            part.isalpha() or re.fullmatch(r"\d{1,2}|(?:19|20)\d\d(?:s)?|\d{1,3}[a-z]{1,2}", part)
            for part in parts
        )
        and not re.fullmatch(r"[A-Z]{1,3}-\d{4,}|\d{3,}-[A-Z]{1,3}", code)
    )


def _spelled(text: str) -> Iterator[Identifier]:
    for found in _SPELLED.finditer(text):
        parts = re.findall(r"[a-z]+|\d+", found.group().lower())
        values = [_VALUES.get(part, -1) for part in parts]
        steps = {after - before for before, after in pairwise(values)}
        if len(steps) == 1 or set(parts) == {"one"}:
            continue
        yield Identifier(Kind.PHONE, found.start(), found.end(), Tier.BLOCK, "a number in words")
