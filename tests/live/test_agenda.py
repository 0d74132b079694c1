"""Cases added, dropped and put in another order while the meeting runs."""

from __future__ import annotations

from datetime import timedelta

from bot.live.agenda import add_case, drop_case, reorder, replan, to_come
from bot.live.rules import back, begin, next_step, on, skip_segment
from bot.live.speaking import speaking
from bot.live.state import LiveState, is_to_come, time_left
from tests.live.meeting import ANA, BEN, CAI, FIVE, START, a_case, a_phase, around, at

ARRIVAL, FOLLOW_UPS, CLOSE = around("arrival", 5), around("follow-ups", 5), around("close", 4)
FIRST, SECOND, THIRD = a_case(1, ANA), a_case(2, BEN), a_case(3, CAI)


def a_meeting() -> LiveState:
    """Two cases, in the arrival round."""
    return begin((ARRIVAL, FOLLOW_UPS, FIRST, SECOND, CLOSE), FIVE, START)


def cases(state: LiveState) -> list[int]:
    """The cases of a meeting, in their order."""
    return [segment.case_id for segment in state.segments if segment.case_id]


def test_a_case_is_added_before_another_or_as_the_last_one() -> None:
    state = a_meeting()
    assert cases(add_case(state, (THIRD,), 0, START)) == [3, 1, 2]
    assert cases(add_case(state, (THIRD,), 1, START)) == [1, 3, 2]
    assert cases(add_case(state, (THIRD,), 9, START)) == [1, 2, 3]
    assert add_case(state, (THIRD,), 9, START).segments[-1] == CLOSE
    assert add_case(state, (FIRST,), 0, START) is state


def test_the_first_case_of_a_meeting_without_one_comes_after_the_follow_ups() -> None:
    state = add_case(begin((ARRIVAL, FOLLOW_UPS, CLOSE), FIVE, START), (FIRST,), 0, START)
    assert state.segments == (ARRIVAL, FOLLOW_UPS, FIRST, CLOSE)


def test_a_case_is_dropped_before_it_opens_and_not_after() -> None:
    state = a_meeting()
    assert cases(drop_case(state, 1, START)) == [2]
    opened = next_step(on(on(state, START), START), START)
    assert drop_case(opened, 1, START) is opened
    assert cases(drop_case(opened, 2, START)) == [1]
    assert drop_case(opened, 9, START) is opened


def test_what_is_still_to_come_is_put_in_another_order() -> None:
    state = add_case(a_meeting(), (THIRD,), 9, START)
    assert cases(reorder(state, (3, 1, 2), START)) == [3, 1, 2]
    assert cases(reorder(state, (2,), START)) == [2, 1, 3]
    assert reorder(state, (1, 2, 3), START) is state
    assert reorder(state, (9,), START) is state
    opened = next_step(on(on(state, START), START), START)
    assert cases(reorder(opened, (3, 2, 1), START)) == [1, 3, 2]


def test_a_case_that_waits_gives_way_to_the_standby_case() -> None:
    waiting = on(on(a_meeting(), START), START)
    assert (waiting.opened, waiting.segment) == (False, FIRST)
    state = drop_case(add_case(waiting, (THIRD,), 0, at(1)), 1, at(1))
    assert (state.opened, state.segment, cases(state)) == (False, THIRD, [3, 2])
    assert state.version > waiting.version
    assert speaking(next_step(state, at(2))) == (CAI,)
    assert back(next_step(state, at(2)), at(2)).segment == THIRD


def test_the_close_begins_when_the_last_case_is_dropped_as_it_waits() -> None:
    waiting = begin((FIRST, CLOSE), FIVE, START)
    state = drop_case(waiting, 1, at(3))
    assert (state.opened, state.segment) == (True, CLOSE)
    assert time_left(state, at(4)) == timedelta(minutes=3)
    assert drop_case(begin((FIRST,), FIVE, START), 1, at(3)).finished


def test_all_that_is_to_come_is_put_in_other_minutes_and_what_runs_stays() -> None:
    state = next_step(on(on(a_meeting(), START), START), START)
    short = a_case(3, CAI, a_phase("short", 7, "presenter"))
    state = replan(state, (short, CLOSE), START)
    assert to_come(state) == (short, CLOSE)
    assert state.segments[2] == FIRST
    assert replan(state, (short, CLOSE), START) is state


def test_a_case_that_waits_gets_its_new_minutes() -> None:
    waiting = begin((FIRST, CLOSE), FIVE, START)
    short = a_case(1, ANA, a_phase("short", 7, "presenter"))
    state = replan(waiting, (short, CLOSE), at(2))
    assert time_left(state, at(3)) == timedelta(minutes=7)
    assert state.version == waiting.version


def test_a_case_that_goes_round_all_is_added_and_dropped_as_one() -> None:
    slots = (a_case(3, CAI), a_case(3, ANA))
    state = add_case(a_meeting(), slots, 1, START)
    assert cases(state) == [1, 3, 3, 2]
    assert cases(drop_case(state, 3, START)) == [1, 2]


def test_in_the_close_no_case_is_added() -> None:
    state = skip_segment(begin((ARRIVAL, CLOSE), FIVE, START), START)
    assert add_case(state, (FIRST,), 0, START) is state
    assert is_to_come(a_meeting(), 1)
    assert not is_to_come(state, 1)
