"""Everything that anybody can do to a running meeting, and what each of it may change."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.live.agenda import add_case, drop_case, reorder
from bot.live.clock import more_time, pause, resume
from bot.live.data import as_data, from_data
from bot.live.people import (
    join,
    leave,
    lower_hand,
    raise_hand,
    recuse,
    set_facilitator,
    take_part_again,
)
from bot.live.rules import (
    ask,
    back,
    begin,
    call_next_hand,
    is_free,
    next_step,
    on,
    pass_floor,
    skip_segment,
)
from bot.live.speaking import comes_next, may_speak, speaking
from bot.live.state import (
    LiveState,
    Segment,
    is_over_time,
    is_to_come,
    moment_of,
    time_left,
)
from tests.live.meeting import ANA, BEN, CAI, START, a_case, a_phase, a_silent_phase, around

members = st.integers(1, 7)
cases = st.integers(1, 4)

CASES = (
    a_case(
        1,
        ANA,
        a_phase("telling", 5, "presenter"),
        a_phase("questions", 5, "in turn", "question"),
        a_silent_phase("hunches", 5, "in turn", rounds=2),
        a_silent_phase("wondering", 5, "freely"),
        a_phase("mirroring", 5, "in turn"),
    ),
    a_case(2, BEN, a_phase("talk", 5, "freely"), a_phase("cards", 2, "nobody", "perspective")),
    a_case(3, CAI, a_silent_phase("helping", 9, "in turn"), a_phase("thanks", 2, "presenter")),
)
AGENDA = (around("arrival", 5), *CASES, around("close", 4))
MORE = a_case(4, 4)


class Pressed(RuleBasedStateMachine):
    """A meeting next to a plain account: who is there, what time it is, what time was left."""

    @initialize(present=st.lists(members, unique=True), phases=st.integers(0, 16))
    def begin(self, present: list[int], phases: int) -> None:
        self.now = START
        self.state = begin(AGENDA, present, START)
        for _ in range(phases):
            self.state = on(self.state, START)
        self.here = set(present)
        self.versions = [self.state.version]
        self.left = time_left(self.state, START)

    @rule(seconds=st.integers(1, 240))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def steps_to(self, new: LiveState) -> None:
        """A step of the card: one version on, undone exactly by Back, or nothing at all."""
        old, self.state = self.state, new
        if new is old:
            return
        assert new.version == old.version + 1
        undone = back(new, self.now)
        assert moment_of(undone, self.now) == moment_of(old, self.now)
        assert undone.before == old.before[-39:]
        assert (undone.present, undone.segments) == (old.present, old.segments)
        self.left = time_left(new, self.now)

    @rule()
    def next(self) -> None:
        coming, old = comes_next(self.state), self.state
        self.steps_to(next_step(old, self.now))
        assert (self.state is old) == old.finished
        if coming.speaker is not None and self.state.floor and self.state.floor.holder:
            assert self.state.floor.holder == coming.speaker

    @rule()
    def on(self) -> None:
        old = self.state
        self.steps_to(on(old, self.now))
        assert old.finished or (self.state.at, self.state.opened) != (old.at, old.opened)

    @rule()
    def skip(self) -> None:
        self.steps_to(skip_segment(self.state, self.now))

    @rule()
    def pass_(self) -> None:
        self.steps_to(pass_floor(self.state, self.now))

    @precondition(lambda self: self.state.floor is not None)
    @rule(passes=st.lists(st.booleans(), max_size=7))
    def go_round(self, passes: list[bool]) -> None:
        for one in passes:
            self.steps_to((pass_floor if one else next_step)(self.state, self.now))

    @rule()
    def ask(self) -> None:
        self.steps_to(ask(self.state, self.now))

    @rule()
    def call_next_hand(self) -> None:
        first = self.state.hands[:1]
        self.steps_to(call_next_hand(self.state, self.now))
        assert not first or speaking(self.state) == first

    @rule(minutes=st.integers(0, 10))
    def more_time(self, minutes: int) -> None:
        before = time_left(self.state, self.now)
        old = self.state
        self.steps_to(more_time(old, minutes, self.now))
        assert self.state is old or self.left == before + timedelta(minutes=minutes)

    @rule()
    def back(self) -> None:
        old, self.state = self.state, back(self.state, self.now)
        assert (self.state is old) == (not old.before)
        if old.before:
            assert self.state.version == old.version + 1
            assert moment_of(self.state, self.now) == old.before[-1]
        self.left = time_left(self.state, self.now)

    @rule()
    def pause(self) -> None:
        old, self.state = self.state, pause(self.state, self.now)
        assert self.state.version == old.version + (self.state is not old)
        assert self.state.paused == old.running
        assert not is_over_time(self.state, self.now + timedelta(days=1)) or not old.running

    @rule()
    def resume(self) -> None:
        old, self.state = self.state, resume(self.state, self.now)
        assert self.state.version == old.version + (self.state is not old)
        assert time_left(self.state, self.now) == time_left(old, self.now)
        assert not self.state.paused

    @rule(member=members)
    def join(self, member: int) -> None:
        old, self.state = self.state, join(self.state, member)
        self.here.add(member)
        assert (self.state is old) == (member in old.present)
        assert self.state.version == old.version + (holder(old) != holder(self.state))

    @rule(member=members)
    def leave(self, member: int) -> None:
        old, self.state = self.state, leave(self.state, member)
        self.here.discard(member)
        assert (self.state is old) == (member not in old.present)
        assert self.state.version == old.version + (holder(old) != holder(self.state))
        assert holder(old) in (holder(self.state), member)

    @rule(member=members)
    def raise_hand(self, member: int) -> None:
        may = may_speak(self.state, member)
        old, self.state = self.state, raise_hand(self.state, member)
        if self.state is not old:
            assert member in self.state.hands
            assert may in ("speaks", "listens")

    @precondition(lambda self: is_free(self.state))
    @rule()
    def all_want_to_speak(self) -> None:
        for member in self.state.present:
            self.state = raise_hand(self.state, member)

    @rule(member=members)
    def lower_hand(self, member: int) -> None:
        self.state = lower_hand(self.state, member)
        assert member not in self.state.hands

    @rule(case_id=cases, member=members)
    def recuse(self, case_id: int, member: int) -> None:
        to_come = is_to_come(self.state, case_id)
        old, self.state = self.state, recuse(self.state, case_id, member)
        assert self.state is old or to_come
        assert self.state.version == old.version

    @rule(case_id=cases, member=members)
    def take_part_again(self, case_id: int, member: int) -> None:
        to_come = is_to_come(self.state, case_id)
        old, self.state = self.state, take_part_again(self.state, case_id, member)
        assert self.state is old or to_come

    @rule(case_id=cases, member=members)
    def take_the_seat(self, case_id: int, member: int) -> None:
        self.state = set_facilitator(self.state, case_id, member)

    def plans(self, new: LiveState) -> None:
        """Another agenda: whatever has begun stays, and so does the clock."""
        old, self.state = self.state, new
        begun = old.at[0] + old.opened
        assert new.segments[:begun] == old.segments[:begun]
        assert new.before == old.before
        if old.opened:
            assert moment_of(new, self.now) == moment_of(old, self.now)
        self.left = time_left(new, self.now)

    @rule(case_id=cases)
    def drop(self, case_id: int) -> None:
        to_come, old = is_to_come(self.state, case_id), self.state
        self.plans(drop_case(old, case_id, self.now))
        assert not is_to_come(self.state, case_id)
        assert (self.state is not old) == to_come

    @rule(place=st.integers(-1, 4))
    def add(self, place: int) -> None:
        known = any(segment.case_id == 4 for segment in self.state.segments)
        old = self.state
        self.plans(add_case(old, (MORE,), place, self.now))
        assert not known or self.state is old
        assert self.state is old or is_to_come(self.state, 4)

    @rule(order=st.permutations([1, 2, 3, 4]))
    def reorder(self, order: list[int]) -> None:
        old = self.state
        self.plans(reorder(old, order, self.now))
        coming = [s.case_id for s in self.state.segments if s.case_id and self.to_come(s)]
        assert coming == [case_id for case_id in order if case_id in coming]
        assert sorted(map(repr, self.state.segments)) == sorted(map(repr, old.segments))

    def to_come(self, segment: Segment) -> bool:
        """Whether a case can still be changed."""
        return segment.case_id is not None and is_to_come(self.state, segment.case_id)

    @rule()
    def restart(self) -> None:
        self.state = from_data(json.loads(json.dumps(as_data(self.state))))


def holder(state: LiveState) -> int | None:
    """Who has the floor."""
    return state.floor.holder if state.floor else None
