"""Who comes late, leaves, sits out a case or takes a seat while a meeting runs."""

from __future__ import annotations

from bot.live.people import (
    cases_without_presenter,
    facilitator,
    join,
    leave,
    raise_hand,
    recuse,
    set_facilitator,
    take_part_again,
)
from bot.live.rules import back, begin, call_next_hand, next_step, on, skip_segment
from bot.live.speaking import may_speak, silent_now, speaking
from bot.live.state import LiveState
from tests.live.meeting import (
    ANA,
    BEN,
    CAI,
    DEE,
    EVA,
    START,
    a_case,
    a_phase,
    a_silent_phase,
    around,
)
from tests.live.test_steps import opened, speakers

ARRIVAL, CLOSE = around("arrival", 5), around("close", 4)
MIRRORING = a_case(1, ANA, a_phase("mirroring", 9, "in turn"))
HELPING = a_case(1, ANA, a_silent_phase("helping", 9, "in turn"))


def arrival(*present: int) -> LiveState:
    """The first round of a meeting."""
    return begin((ARRIVAL, CLOSE), present, START)


def test_a_late_arrival_joins_at_the_end_of_the_order() -> None:
    state = join(arrival(ANA, BEN), CAI)
    assert speakers(state) == [ANA, BEN, CAI]
    assert state.version == arrival(ANA, BEN).version
    assert join(state, CAI) is state


def test_a_late_arrival_speaks_before_the_last_word() -> None:
    state = next_step(opened(MIRRORING, present=(ANA, BEN)), START)
    assert speakers(join(state, CAI)) == [ANA, CAI]
    assert speakers(join(opened(MIRRORING, present=(ANA, BEN)), CAI)) == [BEN, CAI, ANA]


def test_a_late_arrival_still_has_a_turn_when_the_round_is_over() -> None:
    over = next_step(arrival(ANA), START)
    state = join(over, BEN)
    assert speaking(state) == (BEN,)
    assert state.version == over.version + 1


def test_a_late_presenter_listens_in_a_silent_phase() -> None:
    state = join(opened(HELPING, present=(BEN, CAI)), ANA)
    assert (silent_now(state), speakers(state)) == ((ANA,), [BEN, CAI])


def test_back_does_not_lose_who_joined_nor_return_who_left() -> None:
    state = next_step(next_step(arrival(ANA, BEN, CAI), START), START)
    state = leave(join(state, DEE), BEN)
    assert speakers(back(state, START)) == [ANA, CAI, DEE]


def test_back_into_an_earlier_phase_knows_who_left_since() -> None:
    state = leave(on(next_step(arrival(ANA, BEN, CAI), START), START), BEN)
    state = back(state, START)
    assert (state.at, speaking(state)) == ((0, 0), (CAI,))


def test_the_floor_passes_on_when_somebody_leaves_in_their_turn() -> None:
    state = arrival(ANA, BEN)
    left = leave(state, ANA)
    assert (speaking(left), left.version) == ((BEN,), state.version + 1)
    assert leave(left, ANA) is left
    assert leave(state, BEN).version == state.version


def test_the_next_round_begins_also_where_the_last_one_of_a_round_left() -> None:
    case = a_case(1, ANA, a_silent_phase("hunches", 9, "in turn", rounds=2))
    state = leave(next_step(opened(case, present=(ANA, BEN, CAI)), START), CAI)
    assert (speaking(state), state.round) == ((), 1)
    state = next_step(state, START)
    assert (speaking(state), state.round) == ((BEN,), 2)


def test_a_called_hand_that_leaves_gives_the_floor_back_to_all() -> None:
    state = opened(a_case(1, ANA, a_phase("talk", 9, "freely")), present=(ANA, BEN, CAI))
    state = raise_hand(call_next_hand(raise_hand(state, BEN), START), CAI)
    assert speaking(leave(state, BEN)) == (ANA, CAI)
    assert leave(state, CAI).hands == ()


def test_a_presenter_who_leaves_is_told_of_for_this_case_and_those_to_come() -> None:
    agenda = (ARRIVAL, a_case(1, ANA), a_case(2, BEN), a_case(3, ANA), CLOSE)
    state = begin(agenda, (ANA, BEN, CAI), START)
    assert cases_without_presenter(state) == ()
    state = leave(state, ANA)
    assert cases_without_presenter(state) == (1, 3)
    assert cases_without_presenter(skip_segment(skip_segment(state, START), START)) == (3,)
    assert cases_without_presenter(join(state, ANA)) == ()


def test_who_may_know_the_person_is_out_of_that_case_only() -> None:
    state = recuse(begin((HELPING, a_case(2, BEN), CLOSE), (ANA, BEN, CAI), START), 1, BEN)
    assert may_speak(state, BEN) == "recused"
    state = next_step(state, START)
    assert (speakers(state), may_speak(state, BEN)) == ([CAI], "recused")
    assert may_speak(skip_segment(state, START), BEN) == "speaks"


def test_who_left_and_comes_back_is_still_out_of_the_case() -> None:
    state = next_step(recuse(begin((HELPING,), (ANA, BEN, CAI), START), 1, BEN), START)
    assert speakers(join(leave(state, BEN), BEN)) == [CAI]


def test_stepping_out_is_possible_until_the_case_opens() -> None:
    state = begin((ARRIVAL, HELPING, CLOSE), (ANA, BEN, CAI), START)
    assert recuse(state, 1, BEN).segments[1].recused == {BEN}
    assert take_part_again(recuse(state, 1, BEN), 1, BEN) == state
    waiting = on(state, START)
    assert recuse(waiting, 1, BEN).segments[1].recused == {BEN}
    assert recuse(waiting, 1, BEN).version == waiting.version
    heard = next_step(waiting, START)
    assert recuse(heard, 1, BEN) is heard
    assert take_part_again(heard, 1, BEN) is heard
    assert recuse(state, 1, ANA) is state
    assert recuse(state, 9, BEN) is state


def test_any_member_can_take_the_seat_of_a_facilitator_who_is_gone() -> None:
    state = set_facilitator(opened(HELPING, present=(ANA, BEN, CAI)), 1, BEN)
    assert facilitator(state) == BEN
    assert facilitator(leave(state, BEN)) is None
    assert facilitator(set_facilitator(leave(state, BEN), 1, CAI)) == CAI
    assert facilitator(join(leave(state, BEN), BEN)) == BEN


def test_the_seat_is_neither_the_presenters_nor_somebodys_who_sits_out() -> None:
    state = set_facilitator(begin((HELPING,), (ANA, BEN, EVA), START), 1, BEN)
    assert set_facilitator(state, 1, ANA) is state
    out = recuse(state, 1, BEN)
    assert facilitator(out) is None
    assert set_facilitator(out, 1, BEN) is out
