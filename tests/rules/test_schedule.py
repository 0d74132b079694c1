"""Meeting dates, and the instants they stand for in every zone of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.zones import UNREAL, instant, local_date, local_time
from bot.schedule.series import (
    EVERY,
    Every,
    Series,
    call_lead,
    falls_on,
    first_date,
    gap_days,
    next_date,
    occurrences,
    starts_at,
)

FROM, UNTIL = date(2026, 1, 1), date(2040, 12, 31)
ZONES = sorted(available_timezones() - UNREAL)


def _one_of_each() -> list[str]:
    """Each zone once: hundreds of names stand for the same data to the last byte."""
    folder = files("tzdata") / "zoneinfo"
    by_data = {folder.joinpath(*name.split("/")).read_bytes(): name for name in reversed(ZONES)}
    return sorted(by_data.values())


DAY = timedelta(days=1)

every_kind = st.sampled_from(EVERY)
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@st.composite
def all_series(draw: st.DrawFn) -> Series:
    """Any series in one zone."""
    weekday = draw(st.integers(0, 6))
    return Series(draw(every_kind), weekday, time(18, 30), "Europe/Berlin", draw(days))


# --- dates -------------------------------------------------------------------------------------


def walk(series: Series, after: date) -> Iterator[date]:
    """The same dates found the slow way: by looking at every day."""
    day = max(series.first, after + DAY)
    anchor = next(d for n in range(7) if (d := series.first + n * DAY).weekday() == series.weekday)
    while True:
        if day.weekday() == series.weekday and _fits(series.every, day, anchor):
            yield day
        day += DAY


def _fits(every: Every, day: date, anchor: date) -> bool:
    match every:
        case "week":
            return True
        case "2 weeks":
            return (day - anchor).days % 14 == 0
        case "4 weeks":
            return (day - anchor).days % 28 == 0
        case "last":
            return (day + 7 * DAY).month != day.month
        case _:
            return (day.day - 1) // 7 + 1 == int(every[0])


@given(all_series(), days)
def test_the_dates_are_those_a_calendar_shows(series: Series, after: date) -> None:
    assert list(islice(occurrences(series, after), 14)) == list(islice(walk(series, after), 14))


@given(all_series(), days)
def test_there_is_no_meeting_before_the_first_date_nor_on_the_day_asked_from(
    series: Series, after: date
) -> None:
    found = next_date(series, after)

    assert found >= series.first
    assert found > after
    assert falls_on(series, found)


@given(every_kind, st.integers(0, 6), days)
def test_a_series_begins_on_the_next_such_day_after_today(
    every: Every, weekday: int, today: date
) -> None:
    first = first_date(every, weekday, today)

    assert today < first <= today + timedelta(days=7 if "week" in every else 41)
    assert first.weekday() == weekday
    assert next_date(Series(every, weekday, time(18), "UTC", first), today) == first


@given(all_series())
def test_meetings_are_never_closer_than_the_gap_of_their_series(series: Series) -> None:
    dates = list(islice(occurrences(series, series.first), 30))

    assert min((b - a).days for a, b in pairwise(dates)) == gap_days(series)


@pytest.mark.parametrize(
    ("every", "lead"), [("week", 3), ("2 weeks", 7), ("4 weeks", 7), ("2nd", 7), ("last", 7)]
)
def test_cases_are_called_for_later_when_meetings_are_close(every: Every, lead: int) -> None:
    assert call_lead(Series(every, 1, time(18), "UTC", FROM)) == timedelta(days=lead)


def test_a_series_with_an_impossible_weekday_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ValueError, match="not a series"):
        Series("week", 7, time(18), "UTC", FROM)


# --- instants ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "wall", "utc"),
    [
        # clocks forward: the first valid instant after the gap
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00"),
        # clocks back: the first of the two
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
        # half an hour
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
        # a gap at midnight
        ("Africa/Cairo", "2026-04-24", "00:15", "2026-04-23T22:00"),
        # across the date line
        ("Pacific/Apia", "2026-03-10", "18:30", "2026-03-10T05:30"),
        ("Pacific/Apia", "2011-12-30", "18:30", "2011-12-30T10:00"),
        ("Pacific/Kiritimati", "2026-03-10", "08:00", "2026-03-09T18:00"),
        # never changed
        ("America/Phoenix", "2026-03-08", "02:30", "2026-03-08T09:30"),
        ("Asia/Kolkata", "2026-03-10", "18:30", "2026-03-10T13:00"),
    ],
)
def test_a_wall_time_is_one_instant(zone: str, day: str, wall: str, utc: str) -> None:
    found = instant(date.fromisoformat(day), time.fromisoformat(wall), zone)

    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert found.tzinfo is UTC


def test_the_date_and_the_time_are_those_of_the_zone() -> None:
    at = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)

    assert local_date(at, "Pacific/Kiritimati") == date(2026, 3, 11)
    assert local_time(at, "Asia/Kolkata") == time(17)


@dataclass(frozen=True)
class Change:
    """Clocks of a zone being changed: when, and the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def walls(self) -> tuple[datetime, datetime]:
        """The wall times between which every one is skipped or occurs twice."""
        local = self.at.replace(tzinfo=None)
        first, last = sorted((local + self.before, local + self.after))
        return first, last


@cache
def changes(zone: str) -> tuple[Change, ...]:
    """Every change of the clocks in the years that are tested; none lasts less than a week."""
    tz = ZoneInfo(zone)
    start = datetime(2025, 12, 31, tzinfo=UTC)
    weeks = [start + n * 7 * DAY for n in range((UNTIL - FROM).days // 7 + 3)]
    offsets = [week.astimezone(tz).utcoffset() for week in weeks]
    return tuple(
        _change(tz, *pairs[0])
        for pairs in zip(pairwise(weeks), pairwise(offsets), strict=True)
        if pairs[1][0] != pairs[1][1]
    )


def _change(tz: ZoneInfo, low: datetime, high: datetime) -> Change:
    before, after = _offset(tz, low), _offset(tz, high)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(tz, middle) == before else (low, middle)
    return Change(high, before, after)


def _offset(tz: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(tz).utcoffset()
    assert offset is not None
    return offset


def the_rule(zone: str, wall: datetime) -> datetime:
    """The instant the promise names: the first that shows this wall time, else the gap's end."""
    near = [c for c in changes(zone) if abs(c.at.replace(tzinfo=None) - wall) < 3 * DAY]
    tz = ZoneInfo(zone)
    offsets = {o for c in near for o in (c.before, c.after)} or {
        _offset(tz, wall.replace(tzinfo=UTC))
    }
    candidates = sorted((wall - offset).replace(tzinfo=UTC) for offset in offsets)
    valid = [at for at in candidates if at.astimezone(tz).replace(tzinfo=None) == wall]
    if valid:
        return valid[0]
    return next(c.at for c in near if c.walls[0] <= wall < c.walls[1])


def test_in_every_zone_there_is_one_meeting_a_date_at_the_right_wall_time() -> None:
    for number, zone in enumerate(_one_of_each()):
        wall = time(number % 24, (number * 7) % 60)
        for kind, every in enumerate(("week", "2 weeks", EVERY[3 + number % 5])):
            series = Series(every, (number + kind) % 7, wall, zone, FROM)
            check_all_meetings(series)


def check_all_meetings(series: Series) -> None:
    dates = list(takewhile(lambda d: d <= UNTIL, occurrences(series, FROM - DAY)))
    starts = [starts_at(series, day) for day in dates]
    expected = {"week": 782, "2 weeks": 391, "4 weeks": 195}.get(series.every, 180)
    odd = {wall.date() for change in changes(series.zone) for wall in change.walls}

    assert abs(len(dates) - expected) <= 1
    assert len(set(dates)) == len(dates)
    assert all(a < b for a, b in pairwise(starts))
    tz = ZoneInfo(series.zone)
    for day, at in zip(dates, starts, strict=True):
        wall = datetime.combine(day, series.time)
        if day in odd:
            assert at == the_rule(series.zone, wall)
        else:
            assert at.astimezone(tz).replace(tzinfo=None) == wall


def test_in_every_zone_a_skipped_or_doubled_wall_time_is_still_one_meeting() -> None:
    seen = 0
    for zone in _one_of_each():
        for change in changes(zone):
            seen += 1
            for wall in edges(change):
                expected = the_rule(zone, wall)
                for every in ("week", "2 weeks", "4 weeks", month_place(wall.date())):
                    check_meeting(
                        Series(every, wall.weekday(), wall.time(), zone, FROM), wall, expected
                    )
                check_leads(expected)
    assert seen > 3000


def edges(change: Change) -> Iterator[datetime]:
    """Wall times just outside, at the ends and in the middle of a gap or a fold."""
    first, last = change.walls
    minute = timedelta(minutes=1)
    yield from (first - minute, first, first + (last - first) / 2, last - minute, last)


def month_place(day: date) -> Every:
    return "last" if day.day > 28 else EVERY[3 + (day.day - 1) // 7]


def check_meeting(series: Series, wall: datetime, expected: datetime) -> None:
    day = wall.date()
    anchor = day - (day - FROM).days // 28 * 28 * DAY
    series = replace(series, first=anchor)

    assert next_date(series, day - DAY) == day
    assert starts_at(series, day) == expected
    assert expected.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None) >= wall


def check_leads(start: datetime) -> None:
    for lead in (timedelta(days=7), timedelta(days=3), timedelta(hours=24), timedelta(hours=1)):
        assert start.timestamp() - (start - lead).timestamp() == lead.total_seconds()


@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 1, 1), datetime(2040, 12, 31)))  # noqa: DTZ001
def test_any_wall_time_in_any_zone_follows_the_rule(zone: str, wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)

    assert instant(wall.date(), wall.time(), zone) == the_rule(zone, wall)
