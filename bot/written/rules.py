"""What holds for a case in writing: when phases end, who may write, what stands on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.zones import instant
from bot.formats.model import Format, Phase
from bot.formats.schema import DAYS

FIRST_NUDGE = timedelta(hours=12)
"""How long after a phase began somebody is reminded for the first time."""

DAY = timedelta(days=1)

LATE = timedelta(hours=1)
"""So much later than its end, a phase was ended by a bot that had been away."""

A_PAGE = 1800
"""Characters of contributions on a page: what every platform shows in one piece."""


def days_later(at: datetime, days: int, zone: str) -> datetime:
    """The same time of day so many days later, whatever the clocks do in between."""
    local = at.astimezone(ZoneInfo(zone))
    return instant(local.date() + timedelta(days=days), local.time(), zone)


def last_moment(began: datetime, zone: str) -> datetime:
    """When a case ends at the latest, however often somebody went back in it."""
    return days_later(began, DAYS, zone)


def phase_end(began: datetime, phase: Phase, last: datetime, zone: str) -> datetime:
    """When a phase ends by itself."""
    return min(days_later(began, phase.length, zone), last)


def first_nudge(began: datetime, ends: datetime) -> datetime | None:
    """When those who have not written are reminded first, if the phase is long enough."""
    at = began + FIRST_NUDGE
    return at if at < ends else None


def next_nudge(last: datetime, now: datetime, ends: datetime) -> datetime | None:
    """The next day's reminder; those that were missed meanwhile are not made up for."""
    days = max(1, (now - last) // DAY + 1)
    at = last + days * DAY
    return at if at < ends else None


def may_write(phase: Phase, *, presents: bool) -> bool:
    """Whether somebody may write in this phase."""
    if phase.speaks == "nobody":
        return False
    if phase.speaks == "presenter":
        return presents
    return not (phase.silent and presents)


def pages(written: Sequence[tuple[int, int]]) -> list[range]:
    """Which contributions stand on which page, by their places in the order of reading.

    Each is given as its phase and its length; a page holds those of one phase.
    """
    made: list[range] = []
    room = 0
    for place, (phase, length) in enumerate(written):
        room -= length
        if made and written[made[-1].start][0] == phase and room >= 0:
            made[-1] = range(made[-1].start, place + 1)
        else:
            made.append(range(place, place + 1))
            room = A_PAGE - length
    return made


def as_data(format: Format) -> list[Any]:
    """The phases of a format as plain data, to be kept with the case."""
    return [
        {
            "name": phase.name,
            "days": phase.length,
            "speaks": phase.speaks,
            "rule": phase.rule,
            "silent": phase.silent,
        }
        for phase in format.phases
    ]


def from_data(data: Sequence[Any]) -> tuple[Phase, ...]:
    """The phases again."""
    return tuple(
        Phase(p["name"], p["days"], 1, p["speaks"], p["rule"], silent=p["silent"], takes="writing")
        for p in data
    )
