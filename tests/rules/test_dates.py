"""Dates, times and lengths as people type them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.dates import (
    WEEKDAYS,
    read_date,
    read_lead,
    read_quiet,
    read_time,
    read_weekday,
    read_when,
)
from bot.errors import UsageError

TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-24", date(2026, 3, 24)),
        ("2026-3-4", date(2026, 3, 4)),
        ("today", TUESDAY),
        ("Tomorrow", date(2026, 3, 11)),
        ("tuesday", date(2026, 3, 17)),
        ("tue", date(2026, 3, 17)),
        ("Tues.", date(2026, 3, 17)),
        ("tuesdays", date(2026, 3, 17)),
        ("on Wednesday", date(2026, 3, 11)),
        ("monday", date(2026, 3, 16)),
        ("in 3 weeks", date(2026, 3, 31)),
        ("in 2 days", date(2026, 3, 12)),
        ("in a week", date(2026, 3, 17)),
        ("in 24 hours", date(2026, 3, 11)),
        ("  in   1   day ", date(2026, 3, 11)),
    ],
)
def test_a_date_can_be_typed_in_the_usual_ways(typed: str, meant: date) -> None:
    assert read_date(typed, TUESDAY) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "soon",
        "tu",
        "10.03.2026",
        "2026-02-30",
        "2026-13-01",
        "26-03-10",
        "in 3 fortnights",
        "in 5 minutes",
        "in 99999 weeks",
        "9999-12-31",
        "0001-01-01",
        "٢٠٢٦-03-10",
        "tuesday " * 2000,
    ],
)
def test_a_date_that_cannot_be_meant_is_refused_saying_what_was_expected(typed: str) -> None:
    with pytest.raises(UsageError, match="expected") as refused:
        read_date(typed, TUESDAY, option="date")
    assert refused.value.option == "date"
    assert len(str(refused.value)) < 200


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_next_one_after_today_and_never_today(today: date, name: str) -> None:
    found = read_date(name, today)

    assert WEEKDAYS[found.weekday()] == name
    assert timedelta(0) < found - today <= timedelta(days=7)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18:30", time(18, 30)),
        ("6:30 pm", time(18, 30)),
        ("6:30PM", time(18, 30)),
        ("6 p.m.", time(18)),
        ("18h", time(18)),
        ("18h30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("1830", time(18, 30)),
        ("830", time(8, 30)),
        ("9", time(9)),
        ("12 am", time(0)),
        ("12:15 pm", time(12, 15)),
        ("00:00", time(0)),
    ],
)
def test_a_time_can_be_typed_in_the_usual_ways(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "24:00", "18:60", "13 pm", "0 am", "evening", "18:3", "-1", "12345", "²"]
)
def test_a_time_that_no_clock_shows_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="I expected a time such as 18:30 or 6:30 pm"):
        read_time(typed)


@pytest.mark.parametrize(
    ("typed", "day", "wall"),
    [
        ("2026-03-24 18:30", date(2026, 3, 24), time(18, 30)),
        ("2026-03-24T18:30", date(2026, 3, 24), time(18, 30)),
        ("tuesday 18:30", date(2026, 3, 17), time(18, 30)),
        ("tuesday, 18:30", date(2026, 3, 17), time(18, 30)),
        ("tue at 7 pm", date(2026, 3, 17), time(19)),
        ("in 2 weeks at 18h", date(2026, 3, 24), time(18)),
        ("tomorrow 6:30 pm", date(2026, 3, 11), time(18, 30)),
        ("tuesday", date(2026, 3, 17), None),
        ("in 2 weeks", date(2026, 3, 24), None),
    ],
)
def test_a_meeting_moves_to_a_date_with_or_without_a_time(
    typed: str, day: date, wall: time | None
) -> None:
    assert read_when(typed, TUESDAY) == (day, wall)


@pytest.mark.parametrize("typed", ["", "18:30", "tuesday evening", "tuesday 25:00", "2026-03-10 x"])
def test_a_move_without_a_readable_date_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="I expected a date and a time"):
        read_when(typed, TUESDAY)


@pytest.mark.parametrize(
    ("typed", "day"), [("Monday", 0), ("tue", 1), ("thurs", 3), ("sundays", 6)]
)
def test_a_weekday_can_be_shortened(typed: str, day: int) -> None:
    assert read_weekday(typed) == day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7 days", timedelta(days=7)),
        ("24 hours", timedelta(hours=24)),
        ("24h", timedelta(hours=24)),
        ("90 minutes", timedelta(minutes=90)),
        ("90 mins", timedelta(minutes=90)),
        ("1 week", timedelta(days=7)),
        ("an hour", timedelta(hours=1)),
        ("60 days", timedelta(days=60)),
    ],
)
def test_a_lead_is_a_length_of_time(typed: str, meant: timedelta) -> None:
    assert read_lead(typed) == meant


@pytest.mark.parametrize("typed", ["", "0 days", "61 days", "7", "week", "-1 day", "3 months"])
def test_a_lead_that_is_nothing_or_too_long_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="at most 60 days"):
        read_lead(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("21:00-08:00", (time(21), time(8))),
        ("21 to 8", (time(21), time(8))),
        ("9 pm - 8 am", (time(21), time(8))),
        ("21:00 \N{EN DASH} 08:00", (time(21), time(8))),
        ("22:30 until 7:15", (time(22, 30), time(7, 15))),
        ("Off", None),
    ],
)
def test_quiet_hours_can_be_typed_or_turned_off(
    typed: str, meant: tuple[time, time] | None
) -> None:
    assert read_quiet(typed) == meant


@pytest.mark.parametrize("typed", ["", "21:00", "21-", "8 to 8", "always", "21 to 25"])
def test_quiet_hours_without_a_begin_and_an_end_are_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="I expected hours such as 21:00-08:00, or off"):
        read_quiet(typed)


Reader = Callable[[str], object]
READERS: list[Reader] = [
    lambda typed: read_date(typed, TUESDAY),
    lambda typed: read_when(typed, TUESDAY),
    read_time,
    read_weekday,
    read_lead,
    read_quiet,
]
PIECES = st.sampled_from(
    ["in ", "tue", "2026-03-10", " at ", "18:30", "99999", "weeks", " ", "-", "to", "0", "pm", "²"]
)


@pytest.mark.parametrize("read", READERS)
@given(typed=st.one_of(st.text(), st.lists(PIECES).map("".join), st.text("0123456789-:. tohpm")))
def test_any_text_is_read_or_refused(read: Reader, typed: str) -> None:
    words = _refusal(read, typed)

    assert words is None or "expected" in words


def _refusal(read: Reader, typed: str) -> str | None:
    try:
        read(typed)
    except UsageError as refused:
        return str(refused)
    return None
