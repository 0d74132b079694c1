"""What a group may be like."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.groups.rules import (
    airtime,
    check_leads,
    check_size,
    following_first,
    home_is_gone,
    is_link,
    nearest_date,
    read_first,
    read_place,
)
from bot.groups.texts import rhythm, written_lead
from bot.schedule.series import EVERY, WEEKS, Every, Series, falls_on, starts_at

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TUESDAYS = Series("week", 1, time(18, 30), "Europe/Berlin", date(2026, 3, 3))
SECOND_TUESDAYS = Series("2nd", 1, time(18, 30), "Europe/Berlin", date(2026, 3, 10))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("#voice-room", "#voice-room"),
        ("<#123456789012345678>", "#123456789012345678"),
        ("<#C0123|consultation>", "#C0123"),
        ("https://meet.example.org/abc?x=1", "https://meet.example.org/abc?x=1"),
        ("<https://meet.example.org/abc|meet>", "https://meet.example.org/abc"),
        ("none", None),
    ],
)
def test_a_place_is_a_voice_channel_or_an_https_link(typed: str, kept: str | None) -> None:
    assert read_place(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://meet.example.org",
        "javascript:alert(1)",
        "https://",
        "https://localhost",
        "https://me:secret@example.org/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/a b",
        'https://example.org/">',
        "https://example.org/" + "a" * 300,
        "the library",
        "#",
    ],
)
def test_anything_else_is_no_place(typed: str) -> None:
    with pytest.raises(UsageError, match="https://"):
        read_place(typed)


@given(st.text(max_size=320))
def test_no_text_breaks_the_check_of_a_link(typed: str) -> None:
    assert not is_link(typed) or typed.startswith("https://")


def test_a_first_date_on_another_day_names_the_nearest_right_one() -> None:
    with pytest.raises(UsageError, match=r"not a Tuesday.*Tuesday 2026-03-10"):
        read_first(TUESDAYS, date(2026, 3, 11), NOW)


def test_a_first_date_in_another_week_of_the_month_names_the_nearest_right_one() -> None:
    with pytest.raises(UsageError, match=r"not the 2nd Tuesday of a month.*2026-03-10"):
        read_first(SECOND_TUESDAYS, date(2026, 3, 17), NOW)


def test_a_first_date_in_the_past_names_the_next_right_one() -> None:
    with pytest.raises(UsageError, match=r"in the past.*2026-03-03"):
        read_first(TUESDAYS, date(2026, 2, 24), NOW)


def test_a_first_date_that_fits_is_taken_in_any_week() -> None:
    fortnightly = Series("2 weeks", 1, time(18, 30), "Europe/Berlin", date(2026, 3, 3))
    assert read_first(fortnightly, date(2026, 3, 10), NOW) == date(2026, 3, 10)


@given(
    st.sampled_from(EVERY),
    st.integers(0, 6),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_the_nearest_date_is_always_to_come_and_of_the_rhythm(
    every: Every, weekday: int, wanted: date
) -> None:
    series = Series(every, weekday, time(9), "America/New_York", date(2026, 3, 3))
    nearest = nearest_date(series, wanted, NOW)
    assert starts_at(series, nearest) > NOW
    free = "week" if every in WEEKS else every
    assert falls_on(Series(free, weekday, time(9), "America/New_York", nearest), nearest)
    if wanted > date(2026, 4, 15):
        # Far enough ahead that an earlier date would do as well as a later one.
        assert abs(nearest - wanted) <= timedelta(days=3 if every in WEEKS else 18)


def test_another_weekday_begins_on_the_next_such_day() -> None:
    thursdays = Series("2 weeks", 3, time(18, 30), "Europe/Berlin", date(2026, 1, 6))
    assert following_first(thursdays, date(2026, 1, 6), NOW) == date(2026, 3, 5)


def test_another_weekday_of_a_group_yet_to_begin_stays_in_its_week() -> None:
    thursdays = Series("2 weeks", 3, time(18, 30), "Europe/Berlin", date(2026, 4, 14))
    assert following_first(thursdays, date(2026, 4, 14), NOW) == date(2026, 4, 16)


def test_a_group_cannot_be_smaller_than_its_members() -> None:
    with pytest.raises(UsageError, match=r"5 members.*5 at least"):
        check_size(4, 3, members=5)


def test_a_quorum_cannot_be_above_the_size() -> None:
    with pytest.raises(UsageError, match="2 to the size of the group, which is 4"):
        check_size(4, 5, members=1)


def test_prompts_come_in_their_order() -> None:
    check_leads(TUESDAYS, None, 24 * 3600, 3600)
    with pytest.raises(UsageError, match=r"Agenda must come after call.*less than 3 days"):
        check_leads(TUESDAYS, None, 3 * 24 * 3600, 3600)
    with pytest.raises(UsageError, match=r"Reminder must come after agenda.*less than 2 hours"):
        check_leads(TUESDAYS, None, 7200, 7200)


def test_size_costs_airtime_only_above_six() -> None:
    assert airtime(6, 76) is None
    assert "about 9 minutes of airtime" in str(airtime(8, 76))


@pytest.mark.parametrize(
    ("state", "why", "gone"),
    [
        ("active", None, False),
        ("paused", "asked", False),
        ("paused", "empty", False),
        ("paused", "channel_gone", True),
        ("closed", None, False),
    ],
)
def test_a_lost_home_is_told_from_a_pause(state: str, why: str | None, gone: bool) -> None:
    assert home_is_gone(state, why) is gone


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (7 * 86_400, "7 days"),
        (86_400, "24 hours"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (60, "1 minute"),
    ],
)
def test_leads_are_written_as_they_are_typed(seconds: int, words: str) -> None:
    assert written_lead(seconds) == words


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("week", "every Tuesday at 18:30 (Europe/Berlin)"),
        ("2 weeks", "every 2 weeks on Tuesday at 18:30 (Europe/Berlin)"),
        ("last", "every last Tuesday of the month at 18:30 (Europe/Berlin)"),
    ],
)
def test_a_rhythm_reads_as_people_say_it(every: Every, words: str) -> None:
    series = Series(every, 1, time(18, 30), "Europe/Berlin", date(2026, 3, 3))
    assert str(rhythm(series)) == words
