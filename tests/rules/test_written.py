"""When phases of days end, when somebody is reminded, and what stands on a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats.model import Phase
from bot.formats.reading import bundled_formats
from bot.written import rules

BERLIN = "Europe/Berlin"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 366 * 24 * 60).map(lambda m: NEW_YEAR + timedelta(minutes=m))


@given(MOMENTS, st.integers(1, 20))
def test_a_day_later_it_is_as_late_as_today_whatever_the_clocks_do(
    began: datetime, days: int
) -> None:
    ends = rules.days_later(began, days, BERLIN)

    here, there = began.astimezone(ZoneInfo(BERLIN)), ends.astimezone(ZoneInfo(BERLIN))
    assert there.date() - here.date() == timedelta(days=days)
    # In the hour that the clocks skip in spring, the first moment after it is meant.
    assert there.time() == here.time() or (there.hour, there.minute) == (3, 0)
    assert abs(ends - began - timedelta(days=days)) <= timedelta(hours=1)


@given(MOMENTS, st.integers(1, 20), st.lists(st.integers(0, 5000), max_size=20))
def test_reminders_come_a_day_apart_at_least_and_never_after_the_end(
    began: datetime, days: int, delays: list[int]
) -> None:
    """However late each of them is written down."""
    ends = rules.days_later(began, days, BERLIN)
    at = rules.first_nudge(began, ends)
    due: list[datetime] = []
    for delay in delays:
        if at is None:
            break
        due.append(at)
        now = at + timedelta(minutes=delay)
        at = rules.next_nudge(at, now, ends)
        assert at is None or at > now
    assert all(began < one < ends for one in due)
    assert all(after - before >= rules.DAY for before, after in pairwise(due))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 1500)), max_size=40).map(sorted))
def test_every_contribution_stands_on_one_page_in_its_order(
    written: list[tuple[int, int]],
) -> None:
    made = rules.pages(written)

    assert [place for page in made for place in page] == list(range(len(written)))
    for page in made:
        assert len({written[place][0] for place in page}) == 1
        assert len(page) == 1 or sum(written[place][1] for place in page) <= rules.A_PAGE


@pytest.mark.parametrize(
    ("speaks", "silent", "presenter", "others"),
    [
        ("presenter", False, True, False),
        ("freely", False, True, True),
        ("freely", True, False, True),
        ("in turn", True, False, True),
        ("nobody", False, False, False),
    ],
)
def test_who_writes_is_as_the_format_says(
    speaks: str, silent: bool, presenter: bool, others: bool
) -> None:
    phase = Phase("A phase", 1, 1, speaks, "Write.", silent=silent)  # type: ignore[arg-type]

    assert rules.may_write(phase, presents=True) is presenter
    assert rules.may_write(phase, presents=False) is others


def test_the_phases_are_kept_as_they_were_when_it_began() -> None:
    found = bundled_formats().find("async_case")
    assert found is not None

    kept = rules.from_data(rules.as_data(found))

    assert [(p.name, p.length, p.speaks, p.silent, p.rule) for p in kept] == [
        (p.name, p.length, p.speaks, p.silent, p.rule) for p in found.phases
    ]
    assert sum(phase.length for phase in kept) == 12
