"""The lines of a transcript: who does what, and how time passes between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NAME = r"[a-z][a-z0-9_-]{0,31}"
STRING = r'"((?:\\.|[^"\\])*)"'
CLOCK = re.compile(r"at (\d{4}-\d\d-\d\d) (\d\d:\d\d) (\S+)")
STEP = re.compile(r"\+((?:\d{1,6}[dhms])+)")
DEED = re.compile(rf"({NAME})(?: in #({NAME}))?: (.+)", re.DOTALL)
TYPED = re.compile(r"/(\S+)(.*)", re.DOTALL)
PRESS = re.compile(rf"press {STRING}")
SUBMIT = re.compile(rf"submit(?: {STRING}={STRING}(?:,{STRING}={STRING})*)?")
PAIR = re.compile(rf"{STRING}={STRING}")
UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
ESCAPES = {'"': '"', "\\": "\\", "n": "\n"}
EXPECTED = (
    "a comment (# …), `at 2026-03-02 09:00 Europe/Berlin`, `+1d` (d, h, m or s), or "
    '`ana: /case add …`, `ana: press "Join"`, `ana: submit "Title"="…"`'
)
HOME = "table"

LONGEST_STEP = timedelta(days=3660)
"""Ten years: a calendar ends somewhere, and a slip of the hand should not take us there."""


class TranscriptError(Exception):
    """A line that says nothing known, with what was expected instead."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """`at DATE TIME ZONE`: the time it is, and the zone people there are in."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Step:
    """`+1d2h`: time passes."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Type:
    """A slash command."""

    root: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A press on the newest button with this label that the person can see."""

    label: str


@dataclass(frozen=True, slots=True)
class Submit:
    """The open form is sent, with these fields filled by their labels."""

    values: tuple[tuple[str, str], ...]


Action: TypeAlias = "Type | Press | Submit"


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody does something somewhere."""

    person: str
    channel: str
    action: Action


Line: TypeAlias = "SetClock | Step | Deed | None"


def read_line(line: str) -> Line:
    """One line of a transcript; `None` for a blank or a comment."""
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    if match := CLOCK.fullmatch(text):
        return _clock(match[1], match[2], match[3])
    if match := STEP.fullmatch(text):
        seconds = sum(int(n) * UNITS[u] for n, u in re.findall(r"(\d+)([dhms])", match[1]))
        if seconds > LONGEST_STEP.total_seconds():
            raise TranscriptError(f"expected at most +{LONGEST_STEP.days}d at a time")
        return Step(timedelta(seconds=seconds))
    if (match := DEED.fullmatch(text)) and match[1] != "at":
        return Deed(match[1], match[2] or HOME, read_action(match[3]))
    raise TranscriptError(f"expected {EXPECTED}")


def read_action(text: str) -> Action:
    """What somebody does: types, presses or submits."""
    if match := TYPED.fullmatch(text):
        return Type(match[1], match[2].strip())
    if match := PRESS.fullmatch(text):
        return Press(_unquoted(match[1]))
    if SUBMIT.fullmatch(text):
        return Submit(_pairs(text))
    raise TranscriptError(f"expected {EXPECTED}")


def _clock(day: str, time: str, zone: str) -> SetClock:
    try:
        local = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise TranscriptError(f"expected a date, a time and an IANA zone: {EXPECTED}") from error
    return SetClock(local, zone)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = tuple((_unquoted(k), _unquoted(v)) for k, v in PAIR.findall(text))
    labels = [label for label, _ in pairs]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise TranscriptError(f"{twice!r} is given twice; expected each field once")
    return pairs


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[0]), text)
