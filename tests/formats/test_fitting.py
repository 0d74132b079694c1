"""Formats in the time there is, and cases in the meeting there is."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.formats.fitting import Agenda, CaseWish, SlotTooShort, fit, fit_meeting
from bot.formats.model import Format, Phase, Range
from bot.formats.reading import BUNDLED, read_folder
from bot.formats.texts import agenda_line, too_short

BY_ID = {found.id: found for found in read_folder(BUNDLED)}


@st.composite
def a_format(draw: st.DrawFn) -> Format:
    """Any format that could be read."""
    lengths = draw(st.lists(st.integers(1, 60), min_size=1, max_size=8))
    phases = tuple(
        Phase(str(n), length, draw(st.integers(1, length)), "freely", "Talk.")
        for n, length in enumerate(lengths)
    )
    return Format("any", "Any", "Any.", Range(1, 50), "minutes", "case", phases)


def lengths(found: Format, minutes: int) -> list[int]:
    return [fitted.length for fitted in fit(found, minutes)]


# --- a format in a slot ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "minutes", "fitted"),
    [
        ("six_phase", 40, [5, 10, 5, 5, 10, 5]),
        ("six_phase", 38, [5, 9, 5, 5, 9, 5]),
        ("six_phase", 20, [3, 5, 3, 2, 5, 2]),
        ("six_phase", 18, [2, 5, 2, 2, 5, 2]),
        ("balint_style", 38, [9, 19, 5, 5]),
        ("equal_slots", 15, [2, 3, 8, 2]),
        ("equal_slots", 30, [4, 6, 16, 4]),
        ("async_case", 20, [2, 3, 5, 2, 5, 2, 1]),
    ],
)
def test_a_format_fills_its_slot(name: str, minutes: int, fitted: list[int]) -> None:
    assert lengths(BY_ID[name], minutes) == fitted
    assert sum(fitted) == minutes


@given(a_format(), st.integers(0, 300))
def test_the_minutes_add_up_to_the_slot_and_none_is_under_its_least(f: Format, more: int) -> None:
    fitted = fit(f, f.least + more)

    assert sum(one.length for one in fitted) == f.least + more
    assert all(one.length >= one.phase.least for one in fitted)
    assert tuple(one.phase for one in fitted) == f.phases


@given(a_format(), st.integers(0, 200))
def test_one_more_minute_makes_one_phase_longer_and_none_shorter(f: Format, more: int) -> None:
    before, after = lengths(f, f.least + more), lengths(f, f.least + more + 1)
    grown = [later - earlier for earlier, later in zip(before, after, strict=True)]

    assert sorted(grown) == [0] * (len(grown) - 1) + [1]


@given(a_format(), st.integers(1, 3))
def test_a_slot_of_its_own_length_or_twice_that_changes_all_alike(f: Format, times: int) -> None:
    assert lengths(f, f.length * times) == [phase.length * times for phase in f.phases]


@given(a_format(), st.integers(0, 200))
def test_a_phase_that_should_be_longer_is_never_shorter(f: Format, more: int) -> None:
    """Unless it is the other one's least that makes the difference."""
    fitted = fit(f, f.least + more)
    for one in fitted:
        for other in fitted:
            if one.phase.length >= other.phase.length:
                at_least = other.length == other.phase.least
                assert one.length >= other.length - 1 or at_least


@given(a_format(), st.integers(1, 200))
def test_a_slot_that_is_too_short_says_what_is_needed(f: Format, missing: int) -> None:
    assume(missing <= f.least)
    with pytest.raises(SlotTooShort) as caught:
        fit(f, f.least - missing)

    assert caught.value.needs == f.least
    assert sum(lengths(f, caught.value.needs)) == f.least


def test_what_is_needed_is_said_in_words() -> None:
    assert str(too_short(BY_ID["six_phase"], 18)) == "Six phases needs at least 18 minutes."
    assert str(too_short(BY_ID["async_case"], 9)) == "Written case needs at least 9 days."


def test_there_are_fewer_rounds_when_time_is_short() -> None:
    star = BY_ID["star"]
    for minutes, rounds in ((53, 3), (40, 2), (26, 1), (106, 3)):
        assert {f.rounds for f in fit(star, minutes) if f.phase.rounds} == {rounds}
        assert {f.rounds for f in fit(star, minutes) if not f.phase.rounds} == {1}


# --- cases in a meeting ------------------------------------------------------------------------


def wishes(*minutes: int) -> list[CaseWish]:
    return [CaseWish(each) for each in minutes]


def test_ninety_minutes_hold_two_cases_of_thirty_eight() -> None:
    agenda = fit_meeting(90, True, wishes(45, 45))

    assert agenda == Agenda(arrival=5, follow_ups=5, cases=(38, 38), close=4, spare=0)
    assert str(agenda_line(agenda)) == "90 minutes, 2 cases, 38 minutes each"


def test_without_intentions_there_are_no_follow_ups() -> None:
    agenda = fit_meeting(90, False, wishes(45, 45))

    assert (agenda.follow_ups, agenda.cases, agenda.spare) == (0, (40, 40), 1)


@pytest.mark.parametrize(
    ("asked", "got", "line"),
    [
        ((38, 38), (38, 38), "90 minutes, 2 cases, 38 minutes each"),
        ((20, 30), (20, 30), "90 minutes, 2 cases of 20 and 30 minutes"),
        ((20, 60), (20, 56), "90 minutes, 2 cases of 20 and 56 minutes"),
        ((60, 60), (60,), "90 minutes, 1 case, 60 minutes"),
        ((200, 10), (76,), "90 minutes, 1 case, 76 minutes"),
        ((20,) * 5, (19,) * 4, "90 minutes, 4 cases, 19 minutes each"),
        ((25, 25, 60, 10), (25, 25), "90 minutes, 2 cases, 25 minutes each"),
        ((5,), (5,), "90 minutes, 1 case, 5 minutes"),
        ((), (), "90 minutes, no case yet"),
    ],
)
def test_a_case_gets_its_own_minutes_at_most_its_share(
    asked: tuple[int, ...], got: tuple[int, ...], line: str
) -> None:
    agenda = fit_meeting(90, True, wishes(*asked))

    assert agenda.cases == got
    assert str(agenda_line(agenda)) == line


def test_a_case_that_can_be_shortened_further_makes_room() -> None:
    assert fit_meeting(90, True, [CaseWish(60), CaseWish(60)]).cases == (60,)
    assert fit_meeting(90, True, [CaseWish(60, 30), CaseWish(60, 38)]).cases == (38, 38)
    assert fit_meeting(90, True, [CaseWish(60, 30), CaseWish(60, 39)]).cases == (60,)


def test_in_a_short_meeting_the_rest_makes_room_for_a_case() -> None:
    assert fit_meeting(30, True, wishes(30)) == Agenda(5, 5, (16,), 4, 0)
    assert fit_meeting(20, True, wishes(30)) == Agenda(5, 1, (10,), 4, 0)
    assert fit_meeting(12, True, wishes(30)) == Agenda(0, 0, (10,), 2, 0)


MEETING = (st.integers(0, 240), st.booleans())
WISHES = st.lists(st.builds(CaseWish, st.integers(1, 226), st.integers(0, 60)), max_size=8)


@given(*MEETING, WISHES)
@example(0, True, [CaseWish(10)])
def test_an_agenda_adds_up_and_gives_nobody_more_than_they_asked(
    minutes: int, intentions: bool, cases: list[CaseWish]
) -> None:
    agenda = fit_meeting(minutes, intentions, cases)
    taken = cases[: len(agenda.cases)]

    assert agenda.minutes == minutes
    assert min(agenda.arrival, agenda.follow_ups, agenda.close, agenda.spare) >= 0
    assert all(got <= wish.minutes for got, wish in zip(agenda.cases, taken, strict=True))
    assert bool(agenda.cases) == bool(cases)
    if len(taken) > 1:
        assert all(got >= wish.enough for got, wish in zip(agenda.cases, taken, strict=True))
    if agenda.spare >= len(taken) > 0:
        assert agenda.cases == tuple(wish.minutes for wish in taken)


@given(*MEETING, WISHES)
def test_a_longer_meeting_holds_no_fewer_cases(
    minutes: int, intentions: bool, cases: list[CaseWish]
) -> None:
    shorter = fit_meeting(minutes, intentions, cases)
    longer = fit_meeting(minutes + 1, intentions, cases)

    assert len(longer.cases) >= len(shorter.cases)
