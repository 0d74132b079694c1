"""Saying what is wrong in a format file, and on which line, so that its author can mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.config import Problem
from bot.formats.checks import Finding, Location
from bot.formats.schema import (
    FormatSection,
    PerspectiveSection,
    PhaseSection,
    RoundsSection,
    SizeSection,
)
from bot.toml_lines import line_of

LISTS = {"phases": "phase", "perspectives": "perspective"}
"""What one of several tables is called."""

PARTS: dict[str, type[BaseModel]] = {
    "phases": PhaseSection,
    "perspectives": PerspectiveSection,
    "size": SizeSection,
    "rounds": RoundsSection,
}
"""The keys there are below each key that holds others."""

HOW = {
    "phases": "must be tables of their own, each begun with [[phases]]",
    "perspectives": "must be tables of their own, each begun with [[perspectives]]",
    "size": "must be written as { least = 4, most = 8 }",
    "rounds": "must be written as { least = 1, most = 3 }",
}

WRONG = {
    "missing": "is missing",
    "string_type": 'must be words in "quotation marks"',
    "int_type": "must be a whole number, without quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "string_pattern_mismatch": "must be up to 30 of a-z, 0-9 and _, with a letter first",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "too_short": "there are none: begin each with [[phases]] on a line of its own",
    "too_long": "are too many: {actual_length}, and there can be {max_length}",
}


def explain(detail: ErrorDetails) -> str:
    """What is wrong with one key by itself, in words."""
    place = [part for part in detail["loc"] if isinstance(part, str)]
    kind = detail["type"]
    if kind == "extra_forbidden":
        return "unknown key" + _suggestion(place)
    if kind in ("list_type", "model_type", "model_attributes_type", "dict_type") and place:
        return HOW[place[-1]]
    if kind == "missing" and place == ["phases"]:
        return WRONG["too_short"]
    words = WRONG.get(kind)
    if words is None:
        return detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return words.format(**detail.get("ctx", {})).replace("''", "left out")


def _suggestion(place: Sequence[str]) -> str:
    wrong = place[-1]
    part = PARTS[place[-2]] if len(place) > 1 else FormatSection
    near = difflib.get_close_matches(wrong, part.model_fields, 1, 0.6)
    if near:
        return f"; did you mean {near[0]}?"
    # A key of the whole file that is written below a heading belongs to that heading.
    if part is not FormatSection and wrong in FormatSection.model_fields:
        return "; it belongs above the first [[…]] heading"
    if part is FormatSection and wrong in PhaseSection.model_fields:
        return "; it belongs below a [[phases]] heading"
    return ""


def without_echoes(mistakes: Iterable[Finding]) -> list[Finding]:
    """The mistakes, one for each key: the first that was found says most."""
    told: dict[Location, str] = {}
    for where, message in mistakes:
        told.setdefault(where, message)
    return list(told.items())


def placed(text: str, source: str, mistakes: Iterable[Finding]) -> Iterator[Problem]:
    """Each mistake with its file, its line and the name of its key."""
    numbered = _number_headings(text)
    for where, message in mistakes:
        # What is wrong with a whole list is shown where the list begins.
        found = (*where, 0) if where in (("phases",), ("perspectives",)) else where
        line = line_of(numbered, tuple(map(str, found))) or line_of(text, tuple(map(str, where)))
        yield Problem(_key(where), message, f"{source}:{line}" if line else source)


def _number_headings(text: str) -> str:
    """The text with `[[phases]]` as `[phases.0]` and so on, so that lines can be told apart."""
    seen = dict.fromkeys(LISTS, -1)

    def numbered(heading: re.Match[str]) -> str:
        brackets, name, rest = heading.groups()
        if not rest and brackets == "[[":
            seen[name] += 1
        return f"[{name}.{max(0, seen[name])}{rest}]"

    return re.sub(r"(?m)^[ \t]*(\[\[?)[ \t]*(phases|perspectives)\b([^\]\n]*)\]+", numbered, text)


def _key(where: Location) -> str:
    """A key as people say it: `phase 2, minutes`."""
    words: list[str] = []
    for n, part in enumerate(where):
        following = where[n + 1] if n + 1 < len(where) else None
        if isinstance(part, int):
            words[-1] = f"{words[-1]} {part + 1}"
        elif isinstance(following, int):
            words.append(LISTS.get(part, part))
        else:
            words.append(part)
    return ", ".join(words)
