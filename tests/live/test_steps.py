"""What a press on the card of a running meeting does."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.live.clock import more_time, pause, resume
from bot.live.data import as_data, from_data
from bot.live.people import leave, lower_hand, raise_hand
from bot.live.rules import (
    ask,
    back,
    begin,
    call_next_hand,
    next_step,
    on,
    pass_floor,
    questions,
    skip_segment,
)
from bot.live.speaking import may_speak, speaking
from bot.live.state import KEPT, LiveState, Segment, is_over_time, time_left
from tests.live.meeting import (
    ANA,
    BEN,
    CAI,
    DEE,
    FIVE,
    START,
    a_case,
    a_phase,
    a_silent_phase,
    around,
    at,
)

MINUTE = timedelta(minutes=1)
TALK = a_case(1, ANA, a_phase("talk", 10, "freely"), a_phase("last word", 2, "presenter"))


def opened(*segments: Segment, present: tuple[int, ...] = FIVE) -> LiveState:
    """A meeting that begins with a case, open already."""
    return next_step(begin(segments, present, START), START)


def speakers(state: LiveState) -> list[int]:
    """Who has the floor from here on while everybody presses Next in this phase."""
    found = []
    while state.floor and state.floor.holder:
        found.append(state.floor.holder)
        state = next_step(state, START)
    return found


def test_an_empty_agenda_is_over_at_once_and_what_has_no_phases_is_left_out() -> None:
    assert begin((), FIVE, START).finished
    state = begin((Segment("follow-ups", ()), around("close", 4)), FIVE, START)
    assert [segment.kind for segment in state.segments] == ["close"]


def test_nothing_can_be_pressed_once_the_meeting_is_over_but_back() -> None:
    state = on(begin((around("close", 4),), FIVE, START), at(4))
    for press in (next_step, on, skip_segment, pass_floor, call_next_hand, ask, pause, resume):
        assert press(state, at(5)) is state
    assert more_time(state, 5, at(5)) is state
    assert (speaking(state), time_left(state, at(5))) == ((), timedelta())
    assert speaking(back(state, at(5))) == (ANA,)


def test_a_round_that_is_over_waits_for_next() -> None:
    state = begin((around("arrival", 5), around("close", 4)), (ANA, BEN), START)
    state = next_step(next_step(state, at(1)), at(2))
    assert (state.at, speaking(state)) == ((0, 0), ())
    assert next_step(state, at(3)).at == (1, 0)


def test_on_leaves_those_who_still_wait() -> None:
    state = on(begin((around("arrival", 5), around("close", 4)), FIVE, START), at(5))
    assert (state.at, time_left(state, at(5))) == ((1, 0), 4 * MINUTE)


def test_who_passes_is_asked_again_but_before_the_last_word_of_the_presenter() -> None:
    state = opened(a_case(1, ANA, a_phase("mirroring", 9, "in turn")), present=(ANA, BEN, CAI))
    assert speakers(state) == [BEN, CAI, ANA]
    passed = pass_floor(pass_floor(state, START), START)
    assert speakers(passed) == [BEN, CAI, ANA]
    assert speakers(pass_floor(passed, START)) == [CAI, ANA]


def test_a_presenter_who_passes_is_asked_once_more() -> None:
    state = opened(a_case(1, ANA, a_phase("mirroring", 9, "in turn")), present=(ANA, BEN))
    state = pass_floor(next_step(state, START), START)
    assert speaking(state) == (ANA,)
    assert speaking(pass_floor(state, START)) == ()


def test_the_turn_goes_round_as_often_as_the_format_says() -> None:
    case = a_case(1, ANA, a_silent_phase("hunches", 9, "in turn", rounds=2))
    state = opened(case, present=(ANA, BEN, CAI))
    assert speakers(state) == [BEN, CAI, BEN, CAI]
    second = next_step(next_step(state, START), START)
    assert second.round == 2
    assert back(second, START).round == 1


def test_who_has_not_spoken_in_this_case_comes_first_in_the_next_round() -> None:
    state = opened(a_case(1, ANA, a_phase("one", 5, "in turn"), a_phase("two", 5, "in turn")))
    state = on(next_step(next_step(state, START), START), START)
    assert speakers(state)[:2] == [DEE, 5]


def test_each_may_ask_one_question_and_one_follow_up() -> None:
    state = opened(a_case(1, ANA, a_phase("questions", 9, "in turn", "question")))
    assert (may_speak(state, BEN), may_speak(state, ANA)) == ("asks", "speaks")
    once = ask(state, START)
    twice = ask(once, START)
    assert [questions(s, BEN) for s in (state, once, twice)] == [0, 1, 2]
    assert (may_speak(once, BEN), may_speak(twice, BEN)) == ("asks", "listens")
    assert ask(twice, START) is twice
    assert back(twice, START).asked == once.asked
    assert questions(next_step(state, START), BEN) == 1
    assert may_speak(next_step(twice, START), CAI) == "asks"


def test_hands_are_called_in_order_those_who_have_not_spoken_first() -> None:
    state = opened(TALK)
    state = call_next_hand(raise_hand(state, BEN), START)
    assert speaking(state) == (BEN,)
    for member in (CAI, DEE):
        state = raise_hand(state, member)
    state = raise_hand(call_next_hand(state, START), BEN)
    assert (speaking(state), state.hands) == ((CAI,), (DEE, BEN))
    assert raise_hand(raise_hand(state, BEN), CAI) is state
    state = raise_hand(lower_hand(state, BEN), ANA)
    assert state.hands == (DEE, ANA)


def test_without_a_hand_the_floor_is_everybodys_again() -> None:
    state = opened(TALK)
    assert call_next_hand(state, START) is state
    called = call_next_hand(raise_hand(state, BEN), START)
    assert speaking(pass_floor(called, START)) == FIVE
    assert next_step(called, START).at == (0, 1)


def test_a_hand_goes_up_in_a_free_phase_only_and_not_the_silent_presenters() -> None:
    state = begin((around("arrival", 5),), FIVE, START)
    assert raise_hand(state, BEN) is state
    state = opened(a_case(1, ANA, a_silent_phase("wondering", 9, "freely")))
    assert raise_hand(state, ANA) is state
    assert raise_hand(state, 9) is state


def test_back_leaves_hands_as_they_are_now() -> None:
    state = raise_hand(raise_hand(opened(TALK), BEN), CAI)
    called = raise_hand(call_next_hand(state, START), DEE)
    assert back(called, START).hands == (BEN, CAI, DEE)
    assert back(lower_hand(called, CAI), START).hands == (BEN, DEE)


def test_who_left_has_no_hand_up_any_more_after_back_either() -> None:
    state = raise_hand(raise_hand(opened(TALK), BEN), CAI)
    left = leave(call_next_hand(state, START), CAI)
    assert back(left, START).hands == (BEN,)
    assert lower_hand(left, CAI) is left


def test_a_raised_hand_does_not_make_anybodys_next_outdated() -> None:
    state = opened(TALK)
    assert raise_hand(state, BEN).version == state.version


def test_back_undoes_one_step_after_the_other_with_the_clock_as_it_was() -> None:
    first = begin((around("arrival", 5), around("close", 4)), (ANA, BEN), START)
    second = next_step(first, at(2))
    third = on(second, at(4))
    once = back(third, at(10))
    assert (speaking(once), time_left(once, at(10))) == ((BEN,), MINUTE)
    twice = back(once, at(11))
    assert (speaking(twice), time_left(twice, at(11))) == ((ANA,), 3 * MINUTE)
    assert back(twice, at(11)) is twice
    assert first.version < second.version < third.version < once.version < twice.version


def test_back_takes_so_many_steps_and_no_more() -> None:
    state = begin((around("close", 4),), FIVE, START)
    for _ in range(KEPT + 5):
        state = more_time(state, 1, START)
    assert len(state.before) == KEPT


def test_more_time_comes_on_top_of_what_is_left() -> None:
    state = begin((around("close", 4),), FIVE, START)
    assert time_left(more_time(state, 5, at(1)), at(1)) == 8 * MINUTE
    late = more_time(state, 5, at(10))
    assert (time_left(late, at(10)), is_over_time(late, at(10))) == (5 * MINUTE, False)
    assert time_left(back(late, at(11)), at(11)) == timedelta()
    assert more_time(state, 0, at(1)) is state


def test_a_pause_keeps_what_is_left_and_asks_nobody_to_go_on() -> None:
    state = begin((around("close", 4),), FIVE, START)
    stopped = pause(state, at(1))
    assert pause(stopped, at(2)) is stopped
    assert resume(state, at(2)) is state
    assert (time_left(stopped, at(60)), is_over_time(stopped, at(60))) == (3 * MINUTE, False)
    assert resume(stopped, at(60)).phase_ends == at(63)
    assert time_left(more_time(stopped, 2, at(60)), at(70)) == 5 * MINUTE
    assert time_left(pause(state, at(9)), at(9)) == timedelta()


def test_a_step_of_the_meeting_ends_a_pause_and_back_brings_it_again() -> None:
    stopped = pause(begin((around("close", 4),), FIVE, START), at(1))
    moved = next_step(stopped, at(30))
    assert (moved.paused, time_left(moved, at(31))) == (False, 2 * MINUTE)
    again = back(moved, at(31))
    assert (again.paused, time_left(again, at(99))) == (True, 3 * MINUTE)


def test_a_case_waits_to_be_opened_and_its_clock_with_it() -> None:
    state = begin((TALK, around("close", 4)), FIVE, START)
    assert (state.opened, state.paused, state.running) == (False, False, False)
    assert pause(state, at(1)) is resume(state, at(1)) is more_time(state, 5, at(1)) is state
    assert on(state, at(9)) == next_step(state, at(9))
    assert back(next_step(state, at(9)), at(9)).opened is False
    assert skip_segment(state, at(9)).segment == around("close", 4)


def test_slots_of_one_case_open_once() -> None:
    slots = [a_case(1, member, a_phase("slot", 5, "presenter")) for member in (ANA, BEN)]
    state = next_step(opened(*slots), at(5))
    assert (state.opened, speaking(state)) == (True, (BEN,))


def test_after_a_restart_the_card_and_the_clock_go_on_where_they_were() -> None:
    state = next_step(pass_floor(opened(TALK, around("close", 4)), START), at(3))
    state = pause(raise_hand(state, BEN), at(3.00001))
    read = from_data(json.loads(json.dumps(as_data(state))))
    assert read == state
    assert next_step(read, at(50)) == next_step(state, at(50))
