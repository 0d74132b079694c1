"""Finding the line of a TOML file on which a setting stands, for error messages."""

import re
from collections.abc import Iterator

from bot.settings import Key

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*\[\[?\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"^\s*({_DOTTED})\s*=\s*(.*)$")


def line_of(text: str, key: Key) -> int | None:
    """The line of this key, or of the nearest thing that holds it; None if nothing does."""
    best: tuple[int, int] | None = None
    for line, name in _names(text):
        fits = key[: len(name)] == name
        if fits and (best is None or len(name) > best[0]):
            best = (len(name), line)
    return best[1] if best else None


def _names(text: str) -> Iterator[tuple[int, Key]]:
    """Each heading and each assignment with its full name; inside long strings there are none."""
    table: Key = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif header := _HEADER.match(line):
            table = _parts(header[1])
            yield number, table
        elif assignment := _ASSIGNMENT.match(line):
            yield number, table + _parts(assignment[1])
            opening = assignment[2][:3]
            if opening in {'"""', "'''"} and opening not in assignment[2][3:]:
                closing = opening


def _parts(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
