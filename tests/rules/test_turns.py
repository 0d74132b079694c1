"""A speaking round, as those who sit in it see it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.floor import (
    RoundState,
    Speaker,
    as_data,
    back,
    end_round,
    from_data,
    join_round,
    leave_round,
    next_turn,
    pass_turn,
    speaking_order,
    start_round,
)

ANA, BEN, CAI, DEE = 1, 2, 3, 4


def holders(state: RoundState) -> list[int]:
    """Who has the floor from here on when everybody presses Next."""
    found = []
    while not state.finished:
        assert state.floor.holder is not None
        found.append(state.floor.holder)
        state = next_turn(state)
    return found


def test_everybody_has_the_floor_once_and_then_the_round_ends() -> None:
    state = start_round([ANA, BEN, CAI])

    assert holders(state) == [ANA, BEN, CAI]


def test_who_passes_is_offered_the_floor_once_more_at_the_end() -> None:
    state = pass_turn(start_round([ANA, BEN, CAI]))

    assert holders(state) == [BEN, CAI, ANA]


def test_who_passes_twice_is_not_asked_again() -> None:
    state = pass_turn(pass_turn(pass_turn(start_round([ANA, BEN]))))

    assert (state.floor.holder, state.floor.silent) == (BEN, (ANA,))
    state = pass_turn(state)
    assert state.finished
    assert state.floor.silent == (ANA, BEN)
    assert state.floor.done == ()


def test_a_late_arrival_joins_at_the_end() -> None:
    state = join_round(start_round([ANA, BEN]), CAI)

    assert holders(state) == [ANA, BEN, CAI]


def test_a_late_arrival_comes_before_those_who_passed_are_asked_again() -> None:
    state = next_turn(pass_turn(start_round([ANA, BEN])))

    assert state.floor.holder == ANA
    joined = pass_turn(join_round(state, CAI))
    assert (joined.floor.holder, joined.floor.silent) == (CAI, (ANA,))
    assert holders(pass_turn(joined)) == [CAI]


def test_joining_twice_changes_nothing() -> None:
    state = next_turn(start_round([ANA, BEN]))

    assert join_round(state, ANA) is state
    assert join_round(state, BEN) is state
    joined = join_round(state, CAI)
    assert join_round(joined, CAI) is joined


def test_a_join_does_not_make_anybodys_next_outdated() -> None:
    state = start_round([ANA, BEN])

    assert join_round(state, CAI).version == state.version
    assert next_turn(state).version == state.version + 1


def test_back_undoes_one_step_after_the_other() -> None:
    start = start_round([ANA, BEN, CAI])
    state = pass_turn(next_turn(start))

    once, twice = back(state), back(back(state))

    assert (once.floor.holder, once.floor.done, once.floor.passed) == (BEN, (ANA,), ())
    assert twice.floor == start.floor
    assert twice.version > once.version > state.version
    assert back(twice) is twice


def test_back_does_not_lose_who_joined_in_between() -> None:
    state = back(join_round(next_turn(start_round([ANA, BEN])), CAI))

    assert holders(state) == [ANA, BEN, CAI]


def test_back_opens_a_round_again_that_ended_by_mistake() -> None:
    state = next_turn(start_round([ANA, BEN]))

    assert end_round(state).finished
    assert back(end_round(state)).floor == state.floor
    assert back(next_turn(state)).floor == state.floor


def test_an_ended_round_takes_no_more_steps() -> None:
    state = end_round(start_round([ANA, BEN]))

    assert next_turn(state) is state
    assert pass_turn(state) is state
    assert join_round(state, CAI) is state
    assert end_round(state) is state


def test_the_floor_passes_on_when_its_holder_leaves() -> None:
    state = leave_round(start_round([ANA, BEN, CAI]), ANA)

    assert holders(state) == [BEN, CAI]
    assert state.version == 2
    assert back(state) is state


def test_the_round_ends_when_the_last_one_leaves() -> None:
    assert leave_round(start_round([ANA]), ANA).finished


def test_back_never_returns_the_floor_to_somebody_who_left() -> None:
    state = leave_round(next_turn(next_turn(start_round([ANA, BEN, CAI]))), BEN)

    assert state.floor.done == (ANA, BEN)
    assert back(state).floor.holder == ANA
    assert holders(back(state)) == [ANA, CAI]


def test_who_left_after_their_turn_and_comes_back_is_not_lost_by_back() -> None:
    state = join_round(leave_round(next_turn(pass_turn(start_round([ANA, BEN]))), BEN), BEN)

    assert (state.floor.holder, state.floor.done) == (ANA, (BEN,))
    assert holders(back(state)) == [ANA, BEN]


def test_a_round_of_nobody_is_finished() -> None:
    assert start_round([]).finished


def test_the_fair_order_begins_with_who_never_spoke_then_who_spoke_longest_ago() -> None:
    monday, tuesday = (datetime(2026, 3, day, tzinfo=UTC) for day in (9, 10))
    speakers = [
        Speaker(ANA, 0, 0.1, tuesday),
        Speaker(BEN, 1, 0.9),
        Speaker(CAI, 2, 0.5, monday),
        Speaker(DEE, 3, 0.2),
    ]

    assert speaking_order("fair", speakers) == [DEE, BEN, CAI, ANA]
    assert speaking_order("as joined", reversed(speakers)) == [ANA, BEN, CAI, DEE]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_whoever_spoke_last_speaks_last_in_the_next_fair_round(draws: list[float]) -> None:
    group = [Speaker(member, member, draw) for member, draw in enumerate(draws)]
    first = speaking_order("fair", group)
    spoken = [
        replace(s, spoke_at=datetime(2026, 3, 10, 18, first.index(s.member_id), tzinfo=UTC))
        for s in group
    ]

    assert first == sorted(first, key=lambda member: (draws[member], member))
    assert speaking_order("fair", spoken) == first


members = st.integers(1, 9)


class ARound(RuleBasedStateMachine):
    """Anybody pressing anything in any order, next to a plain account of what should be true."""

    @initialize(order=st.lists(members, min_size=1, unique=True))
    def begin(self, order: list[int]) -> None:
        self.state = start_round(order)
        self.present = set(order)
        self.gone: set[int] = set()
        self.versions = [self.state.version]

    def moves_to(self, state: RoundState) -> None:
        if state.floor.holder != self.state.floor.holder or state.finished != self.state.finished:
            assert state.version == self.state.version + 1
        self.state = state

    @rule()
    def next(self) -> None:
        before = self.state
        self.moves_to(next_turn(before))
        assert before.finished or back(self.state).floor == before.floor
        assert before.finished or before.floor.holder in self.state.floor.done

    @rule()
    def pass_(self) -> None:
        before = self.state
        self.moves_to(pass_turn(before))
        assert before.finished or back(self.state).floor == before.floor
        assert before.finished or before.floor.holder not in self.state.floor.done

    @rule()
    def back(self) -> None:
        steps = len(self.state.before)
        self.moves_to(back(self.state))
        assert len(self.state.before) == max(0, steps - 1)

    @precondition(lambda self: not self.state.finished)
    @rule(member=members)
    def join(self, member: int) -> None:
        new = member not in self.state.floor.members
        self.moves_to(join_round(self.state, member))
        assert self.state.floor.waiting[-1:] == (member,) or not new
        self.present.add(member)
        self.gone.discard(member)

    @rule(member=members)
    def leave(self, member: int) -> None:
        had_floor = self.state.floor.holder == member and not self.state.finished
        version = self.state.version
        self.state = leave_round(self.state, member)
        assert self.state.version == version + had_floor
        if member not in self.state.floor.members:
            self.present.discard(member)
        self.gone.add(member)

    @rule()
    def end(self) -> None:
        self.moves_to(end_round(self.state))

    @rule()
    def all_the_way_back_and_nobody_is_lost(self) -> None:
        first = self.state
        while first.before:
            first = back(first)
        assert self.present - self.gone <= set(first.floor.members)

    @invariant()
    def one_has_the_floor_or_the_round_is_finished(self) -> None:
        for floor in (self.state.floor, *self.state.before):
            left = floor.waiting or floor.passed
            assert floor.holder is not None or floor.ended or not left
        assert all(floor.holder is not None for floor in self.state.before)

    @invariant()
    def everybody_is_in_one_place(self) -> None:
        for floor in (self.state.floor, *self.state.before):
            assert len(set(floor.members)) == len(floor.members)
        assert self.present - self.gone <= set(self.state.floor.members) <= self.present

    @invariant()
    def the_version_never_goes_back(self) -> None:
        assert self.state.version >= self.versions[-1]
        self.versions.append(self.state.version)

    @invariant()
    def it_is_kept_as_plain_data(self) -> None:
        assert from_data(json.loads(json.dumps(as_data(self.state)))) == self.state


TestARound = ARound.TestCase
