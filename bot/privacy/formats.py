"""What is an identifier by its form alone: addresses of the net, numbers, names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.privacy.cues import word_set
from bot.privacy.identifier import Identifier, Kind, Tier

_TOP = (
    "com|org|net|edu|gov|mil|info|biz|io|co|me|us|uk|ca|au|nz|ie|de|fr|es|it|nl|be|ch|at|se|no"
    "|dk|fi|pl|cz"
    "|ru|ua|in|cn|jp|kr|br|mx|ar|za|ng|ke|il|ly|gg|tv|app|dev|blog|site|online|shop|xyz|health|care"
    "|clinic|page|link|social|club|life|live|world|today|space|example|test"
)
_AT = r"(?:\s?@\s?|\s?[(\[{]\s?at\s?[)\]}]\s?|\s+at\s+)"
_DOT = r"(?:\s?[(\[{]\s?dot\s?[)\]}]\s?|\s+dot\s+|\s?\.)"
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.I)
_EMAIL_SAID = re.compile(
    rf"(?<![\w.])[\w+-]{{1,40}}(?:{_DOT}[\w+-]{{1,30}}){{0,3}}{_AT}[\w-]{{1,40}}"
    rf"(?:{_DOT}[\w-]{{1,30}}){{0,2}}"
    rf"(?:\s?[(\[{{]\s?dot\s?[)\]}}]\s?|\s+dot\s+|(?<=\w)\s?\.\s?)(?:{_TOP})\b",
    re.I,
)
_URL = re.compile(r"(?:h[tx]{2}ps?://|ftp://|mailto:|tel:|www\d?\.)[^\s<>|\"')\]]+", re.I)
_HOST = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_TOP})(?![\w-])"
    rf"(?:[/?][^\s<>|\"')\]]*)?",
    re.I,
)
_HOST_SAID = re.compile(
    rf"\b[a-z0-9-]{{2,40}}(?:\s+dot\s+[a-z0-9-]{{2,30}}){{0,2}}\s+dot\s+(?:{_TOP})\b", re.I
)
_IP4 = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)"
)
_IP6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}"
    r"(?::[0-9a-f]{1,4}){1,6}"
    r"|(?:[0-9a-f]{1,4}:){2,7}:|::(?:[0-9a-f]{1,4}:){1,6}[0-9a-f]{1,4})(?![\w:])",
    re.I,
)
_MAC = re.compile(r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])", re.I)
_SSN = re.compile(r"(?<![\d-])\d{3}([-. ])\d{2}\1\d{4}(?![\d-])")
_CARD = re.compile(
    r"(?<![\w-])(?:\d{4}[ -]?){3}\d{1,7}(?![\w-])|(?<![\w-])3\d{3}[ -]?\d{6}[ -]?\d{5}(?![\w-])"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_NINO = re.compile(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
_PLATES = (
    re.compile(r"(?<![\w-])[A-Z]{2}\d{2} [A-Z]{3}(?![\w-])"),
    re.compile(r"(?<![\w-])K[A-Z]{2} \d{3}[A-Z](?![\w-])"),
    re.compile(
        r"(?<![\w-])(?:0\d|1\d|2\d)[12]?-(?:C|CE|CN|CW|D|DL|G|KE|KK|KY|L|LD|LH|LK|LM|LS|MH|MN|MO"
        r"|OY|RN|SO|T|TN|TS|W|WD|WH|WX|WW)-\d{2,6}(?![\w-])"
    ),
)
"""Of the United Kingdom, of East Africa and of Ireland; those of other countries need a word"
" for a car."""
_VIN = re.compile(r"(?<!\w)(?=[A-Z]*\d)(?=\d*[A-Z])(?:[A-HJ-NPR-Z0-9]){17}(?!\w)", re.I)
_PHONES = (
    re.compile(r"(?<![\w+])\+\(?\d{1,3}\)?(?:[ .\-/]{0,2}\(?\d{1,5}\)?){2,6}(?!\w)"),
    re.compile(
        r"(?<![\w.-])(?:1[ .-]{0,3})?\(?[2-9]\d\d\)?[ .\-/]{0,3}\d{3}[ .-]{0,3}\d{4}(?![\w-])"
    ),
    re.compile(r"(?<![\w.-])\(?0\d{1,4}\)?(?:[ .\-/]?\d{2,4}){2,4}(?![\w-])"),
    re.compile(r"(?<![\w.-])(?:1[ .-])?8\d\d[ .-][0-9A-Z]{3}[ .-]?[0-9A-Z]{4}(?![\w-])"),
    re.compile(r"(?<![\w.$/-])\d{3}[-.]\d{4}(?![\w-]|\.\d)"),
    re.compile(r"(?<![\w.$-])\d{2,3} (?!000)\d{3} (?!000)\d{3}(?![\w-]| ?[-/%])"),
    re.compile(r"(?<![\w.-])\d{4}[ -]\d{4}(?![\w-]| ?[-/])"),
    re.compile(r"(?<![\w.-])\d(?:[ .\-_]\d){6,14}(?![\w-])"),
    re.compile(r"(?<![\w.-])\d\d(?:([.-])\d\d)(?:\1\d\d){2,3}(?![\w-])"),
    re.compile(r"(?<!\w)\(\d{2,5}\) ?\d{2,4}[ -]\d{3,4}(?![\w-])"),
)
_FILE = re.compile(
    r"(?<![\w/.])[\w()-]{1,80}(?:\.[\w-]{1,20})?"
    r"\.(?:jpe?g|png|heic|heif|gif|webp|bmp|tiff?|raw|mov|mp4|m4v|avi|m4a|wav|mp3|aac|ogg|pdf"
    r"|docx?|xlsx?|csv|zip|dcm|txt|rtf)(?!\w)",
    re.I,
)
_CAMERA = re.compile(
    r"(?<!\w)(?:IMG|DSC[NF]?|PXL|VID|MVI|SCAN|WA|FB_IMG|Screenshot|Photo)[_-]\d[\w-]*", re.I
)
_GPS = re.compile(r"(?<![\w.])-?\d{1,3}\.\d{3,}\s?(?:[NS],?|,)\s?-?\d{1,3}\.\d{3,}\s?[EW]?(?!\w)")
_YEARS = re.compile(r"(?:19|20)\d\d[ /-](?:19|20)\d\d")
_FAX = re.compile(r"\bfax\w*\b[^.\n]{0,30}$", re.I)

PUBLIC_LINES = word_set(
    "8002738255 18002738255 8006624357 18006624357 8007997233 18007997233 116123 8664887386"
    " 18664887386 8006564673 18006564673 8009506264 18009506264 741741 838255 85258 678678"
)
"""Lines for everybody in need: they identify nobody."""
PUBLIC_HOSTS = re.compile(
    r"(?:www\.)?(?:doxy\.me|zoom\.us|988lifeline\.org|match\.com|psychologytoday\.com"
    r"|google\.com|\w+\.ai)$",
    re.I,
)


def formats(text: str) -> Iterator[Identifier]:
    """Everything whose form alone says what it is."""
    lower = text.lower()
    if "@" in text or " at " in lower or "at)" in lower or "at]" in lower:
        yield from _all(Kind.EMAIL, _EMAIL, text, "an e-mail address")
        if "dot" in lower or "@ " in text or " @" in text:
            yield from _all(Kind.EMAIL, _EMAIL_SAID, text, "an e-mail address in words")
    if "." in text or "://" in text or ":" in text or " dot " in lower:
        yield from _links(text, lower)
        yield from _all(Kind.PHOTO, _FILE, text, "the name of a file")
    if any(char.isdigit() for char in text):
        yield from _numbers(text)


def _all(kind: Kind, form: re.Pattern[str], text: str, reason: str) -> Iterator[Identifier]:
    for found in form.finditer(text):
        yield Identifier(kind, found.start(), found.end(), Tier.BLOCK, reason)


def _links(text: str, lower: str) -> Iterator[Identifier]:
    for form in (_URL, _HOST):
        for found in form.finditer(text):
            end = found.start() + len(found.group().rstrip(".,;:!?"))
            if end > found.start() and not PUBLIC_HOSTS.fullmatch(text[found.start() : end]):
                yield Identifier(Kind.URL, found.start(), end, Tier.BLOCK, "a web address")
    if " dot " in lower:
        yield from _all(Kind.URL, _HOST_SAID, text, "a web address in words")
    if ":" in text:
        yield from _all(Kind.DEVICE, _MAC, text, "the address of a device")
        yield from _all(Kind.IP, _IP6, text, "an IP address")


def _numbers(text: str) -> Iterator[Identifier]:
    yield from _all(Kind.IP, _IP4, text, "an IP address")
    yield from _all(Kind.SSN, _SSN, text, "a social security number")
    yield from _all(Kind.SSN, _NINO, text, "a national insurance number")
    for form in _PLATES:
        yield from _all(Kind.VEHICLE, form, text, "a number plate")
    yield from _all(Kind.LOCATION, _GPS, text, "a place on the map")
    yield from _all(Kind.ACCOUNT, _CARD, text, "a card number")
    yield from _all(Kind.ACCOUNT, _IBAN, text, "a bank account")
    yield from _all(Kind.VEHICLE, _VIN, text, "the number of a vehicle")
    yield from _all(Kind.PHOTO, _CAMERA, text, "the name of a picture")
    for form in _PHONES:
        for found in form.finditer(text):
            if _is_phone(found.group()):
                fax = _FAX.search(text, max(0, found.start() - 45), found.start())
                kind = Kind.FAX if fax else Kind.PHONE
                yield Identifier(kind, found.start(), found.end(), Tier.BLOCK, "a telephone number")


def _is_phone(number: str) -> bool:
    digits = "".join(char for char in number if char.isdigit())
    return (
        len(number) - len(digits) < 15
        and 7 <= len(digits) + sum(char.isalpha() for char in number) <= 15
        and digits not in PUBLIC_LINES
        and not _YEARS.fullmatch(number)
        and not _counts(digits)
    )


def _counts(digits: str) -> bool:
    """Whether it only counts up or down, as a grounding exercise does."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return len(digits) < 10 and steps in ({1}, {-1})
