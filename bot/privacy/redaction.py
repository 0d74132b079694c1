"""The text as it would read without what could identify somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.privacy.identifier import Identifier, Kind
from bot.privacy.plain import plain
from bot.privacy.streets import ADDRESS
from bot.privacy.words import folded

Find = Callable[[str], list[Identifier]]

_LABELS = {
    Kind.LOCATION: "town",
    Kind.ORG: "organisation",
    Kind.DATE: "date",
    Kind.AGE: "90 or older",
    Kind.PHONE: "phone",
    Kind.FAX: "fax",
    Kind.EMAIL: "e-mail",
    Kind.URL: "link",
    Kind.PHOTO: "file",
}
_ROLES = {
    "client": "client clients patient patients pt pts consultee analysand seeing treating saw met",
    "partner": "husband wife hubby spouse partner boyfriend girlfriend bf gf fiance fiancee ex"
    " lover",
    "mother": "mother mom mum mommy mama stepmom stepmother",
    "father": "father dad daddy papa stepdad stepfather",
    "sister": "sister sis stepsister",
    "brother": "brother bro stepbrother",
    "sibling": "twin sibling",
    "son": "son boy stepson",
    "daughter": "daughter girl stepdaughter",
    "child": "child kid baby toddler infant",
    "relative": "aunt uncle auntie cousin niece nephew grandma grandpa grandmother grandfather"
    " nana",
    "friend": "friend roommate bestie classmate neighbor neighbour",
    "colleague": "boss coworker colleague manager supervisor supervisee trainee intern",
    "clinician": "dr doctor therapist psychiatrist counselor counsellor psychologist nurse"
    " prescriber",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}
_STREET = re.compile(
    r"\b(?:street|st|ave|avenue|road|rd|lane|drive|dr|blvd|apt|box|route|highway|hwy)\b", re.I
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BEFORE = re.compile(r"([a-z-]+)(?:'s)?[\s,(:.\"'-]{1,3}(?:(?:named|called|is|was)\s)?$")


def redacted(text: str, found: list[Identifier], find: Find) -> str:
    """Placeholders for these, and then for whatever shows only when they are gone."""
    if not found:
        return text
    here = {(one.start, one.end) for one in found}
    kept = {text[one.start : one.end] for one in find(text) if (one.start, one.end) not in here}
    given: dict[tuple[str, str], str] = {}
    while found:
        text = _replaced(text, found, given)
        found = [one for one in find(text) if text[one.start : one.end] not in kept]
    return text


def _replaced(text: str, found: list[Identifier], given: dict[tuple[str, str], str]) -> str:
    parts: list[str] = []
    last = 0
    for one in found:
        parts += [text[last : one.start], _placeholder(text, one, given)]
        last = one.end
    return "".join(parts) + text[last:]


def _placeholder(text: str, one: Identifier, given: dict[tuple[str, str], str]) -> str:
    """The same words get the same placeholder; others of the same label are numbered."""
    said = folded(plain(text[one.start : one.end]).text).strip(" .'-")
    key = (one.kind.value, said)
    if one.kind is Kind.NAME:
        key = next((known for known in given if known[0] == key[0] and _same(known[1], said)), key)
    if key not in given:
        label = _label(text, one)
        taken = [
            value for value in given.values() if re.fullmatch(rf"\[{label}(?: #\d+)?\]", value)
        ]
        given[key] = (
            f"[{label} #{len(taken) + 1}]" if taken and one.kind is not Kind.AGE else f"[{label}]"
        )
    return given[key]


def _same(known: str, said: str) -> bool:
    """Whether two names are of one person: "Ana Lopez" and "Ana"."""
    return known.split()[:1] == said.split()[:1] or said in known.split() or known in said.split()


def _label(text: str, one: Identifier) -> str:
    said = text[one.start : one.end]
    if one.kind is Kind.NAME:
        return _role(text[max(0, one.start - 40) : one.start])
    if one.kind is Kind.LOCATION:
        if _STREET.search(said) or one.reason == ADDRESS:
            return "street"
        return "postcode" if any(char.isdigit() for char in said) else "town"
    if one.kind is Kind.DATE:
        year = _YEAR.search(plain(said).text)
        if year:
            return f"date {year.group()}"
        return "date" if any(char.isdigit() for char in said) else "time of year"
    if one.kind is Kind.OTHER_ID:
        return (
            "handle"
            if "network" in one.reason
            else "detail"
            if "only one" in one.reason
            else "number"
        )
    return _LABELS.get(one.kind, "number")


def _role(before: str) -> str:
    found = _BEFORE.search(folded(before))
    if found and found.group(1).endswith("-in-law"):
        return "relative"
    return _ROLE_OF.get(found.group(1), "client") if found else "client"
