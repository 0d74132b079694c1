"""When a group meets: the series a group agreed on, and the dates that follow from it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias, get_args

from bot.chat.zones import instant

Every: TypeAlias = Literal["week", "2 weeks", "4 weeks", "1st", "2nd", "3rd", "4th", "last"]
"""How often a group meets; an ordinal means that weekday of each month."""

EVERY: Final[tuple[Every, ...]] = get_args(Every)

WEEKS: Final[dict[str, int]] = {"week": 1, "2 weeks": 2, "4 weeks": 4}
ORDINALS: Final[dict[str, int]] = {"1st": 0, "2nd": 1, "3rd": 2, "4th": 3}

CLOSE_MEETINGS = 8
"""Groups that meet at most this many days apart get the shorter call for cases."""


@dataclass(frozen=True, slots=True)
class Series:
    """The recurrence of a group's meetings, as wall time in a zone.

    `first` is the earliest date there can be a meeting; 2 and 4 weeks are counted from the first
    such weekday on or after it.
    """

    every: Every
    weekday: int
    time: time
    zone: str
    first: date

    def __post_init__(self) -> None:
        """A weekday outside the week or a time with a zone of its own is a mistake in the code."""
        if self.every not in EVERY or not 0 <= self.weekday <= 6 or self.time.tzinfo is not None:
            raise ValueError(f"not a series: {self!r}")


def next_date(series: Series, after: date) -> date:
    """The first date of the series strictly after `after`, found without walking there."""
    earliest = max(series.first, after + timedelta(days=1))
    if series.every in WEEKS:
        anchor = _on_or_after(series.first, series.weekday)
        step = 7 * WEEKS[series.every]
        return anchor + timedelta(days=-(-(earliest - anchor).days // step) * step)
    found = _in_month(series.every, series.weekday, earliest.year, earliest.month)
    if found >= earliest:
        return found
    following = earliest.replace(day=1) + timedelta(days=31)
    return _in_month(series.every, series.weekday, following.year, following.month)


def occurrences(series: Series, after: date) -> Iterator[date]:
    """The dates of the series strictly after `after`, in order, without end."""
    while True:
        after = next_date(series, after)
        yield after


def falls_on(series: Series, day: date) -> bool:
    """Whether the series itself has a meeting on this date."""
    return next_date(series, day - timedelta(days=1)) == day


def starts_at(series: Series, day: date) -> datetime:
    """The UTC instant at which the meeting of this date begins."""
    return instant(day, series.time, series.zone)


def first_date(every: Every, weekday: int, today: date) -> date:
    """The next such date after `today`: where a new series begins unless the group says more."""
    if every in WEEKS:
        return _on_or_after(today + timedelta(days=1), weekday)
    return next_date(Series(every, weekday, time(0), "UTC", today), today)


def gap_days(series: Series) -> int:
    """The fewest days between two meetings of the series."""
    return 7 * WEEKS.get(series.every, 4)


def call_lead(series: Series) -> timedelta:
    """How long before a meeting cases are called for, unless the group has settled it."""
    return timedelta(days=3 if gap_days(series) <= CLOSE_MEETINGS else 7)


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _in_month(every: Every, weekday: int, year: int, month: int) -> date:
    """The 1st to 4th or last such weekday of a month."""
    if every == "last":
        end = date(year, month, monthrange(year, month)[1])
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    return _on_or_after(date(year, month, 1), weekday) + timedelta(weeks=ORDINALS[every])
