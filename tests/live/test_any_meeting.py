"""Anybody pressing anything in any order: what must hold in every meeting all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.formats.fitting import FittedPhase
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
    next_step,
    on,
    pass_floor,
    questions,
    skip_segment,
)
from bot.live.speaking import comes_next, may_speak, silent_now, speaking
from bot.live.state import (
    LiveState,
    Moment,
    Segment,
    is_over_time,
    is_to_come,
    moment_of,
    takes_part,
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


class AnyMeeting(RuleBasedStateMachine):
    """A meeting next to a plain account of who is there and what time it is."""

    @initialize(present=st.lists(members, unique=True))
    def begin(self, present: list[int]) -> None:
        self.now = START
        self.state = begin(AGENDA, present, START)
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
        self.plans(add_case(old, MORE, place, self.now))
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

    @precondition(lambda self: bool(self.state.before))
    @rule()
    def all_the_way_back(self) -> None:
        state = self.state
        for left in range(len(state.before) - 1, -1, -1):
            state = back(state, self.now)
            assert len(state.before) == left
            assert set(speaking(state)) <= self.here

    @invariant()
    def there_is_one_current_phase_or_it_is_over(self) -> None:
        state = self.state
        assert state.finished == (state.fitted is None) == (state.segment is None)
        assert not state.finished or (state.at[1] == 0 and state.opened and not state.running)
        assert len(set(state.present)) == len(state.present)
        assert set(state.present) == self.here

    @invariant()
    def a_round_holds_everybody_who_takes_part_once(self) -> None:
        for moment in self.moments():
            if moment.floor is None:
                assert not self.has_floor(moment)
                continue
            places = moment.floor.members
            assert len(set(places)) == len(places)
            still = {moment.floor.holder, *moment.floor.waiting, *moment.floor.passed} - {None}
            assert still <= self.here
            if self.has_floor(moment):
                assert self.takers(moment) <= set(places)
                assert moment.floor.holder is not None or not still

    @invariant()
    def neither_a_silent_presenter_nor_the_recused_have_a_turn(self) -> None:
        for moment in self.moments():
            segment, fitted = self.place(moment)
            if segment is None or fitted is None:
                continue
            floor = set(moment.floor.members) if moment.floor else set()
            assert not (floor | set(moment.hands)) & segment.recused
            if fitted.phase.silent or fitted.phase.takes == "question":
                assert segment.presenter not in floor | set(moment.hands)

    @invariant()
    def hands_wait_in_order_once_each(self) -> None:
        for moment in self.moments():
            assert len(set(moment.hands)) == len(moment.hands)
            assert set(moment.hands) <= self.here
            waited = [hand in moment.spoken for hand in moment.hands]
            assert waited == sorted(waited)
            assert not moment.floor or moment.floor.holder not in moment.hands

    @invariant()
    def everybody_has_one_voice(self) -> None:
        state = self.state
        heard, silent = set(speaking(state)), set(silent_now(state))
        assert heard <= self.here
        assert not heard & silent
        if state.segment and state.running:
            presenter = state.segment.presenter
            assert heard <= set(state.present) - state.segment.recused
            assert not (state.fitted and state.fitted.phase.silent) or presenter not in heard
        assert all(0 <= questions(state, member) <= 2 for member in self.here)

    @invariant()
    def the_presenter_has_the_last_word_of_a_round(self) -> None:
        for moment in self.moments():
            segment, _ = self.place(moment)
            if segment is None or not moment.floor or not self.has_floor(moment):
                continue
            if segment.presenter in moment.floor.waiting:
                assert moment.floor.waiting[-1] == segment.presenter
            assert moment.floor.holder != segment.presenter or not moment.floor.passed

    @invariant()
    def the_version_never_goes_back(self) -> None:
        assert self.state.version >= self.versions[-1]
        self.versions.append(self.state.version)

    @invariant()
    def time_only_runs_down(self) -> None:
        left = time_left(self.state, self.now)
        assert timedelta() <= left <= self.left
        assert not self.state.paused or left == self.left
        self.left = left

    @invariant()
    def it_is_kept_as_plain_data(self) -> None:
        assert from_data(json.loads(json.dumps(as_data(self.state)))) == self.state

    def moments(self) -> Iterator[Moment]:
        """The meeting now, and as Back would bring it."""
        yield from self.state.before
        yield moment_of(self.state, self.now)

    def place(self, moment: Moment) -> tuple[Segment | None, FittedPhase | None]:
        """Where a moment is in the agenda."""
        if moment.at[0] >= len(self.state.segments):
            return None, None
        segment = self.state.segments[moment.at[0]]
        return segment, segment.phases[moment.at[1]]

    def has_floor(self, moment: Moment) -> bool:
        """Whether the turn goes round in it."""
        _, fitted = self.place(moment)
        return moment.opened and fitted is not None and fitted.phase.speaks == "in turn"

    def takers(self, moment: Moment) -> set[int]:
        """Everybody there who has a turn in it."""
        segment, fitted = self.place(moment)
        assert segment is not None
        assert fitted is not None
        return {member for member in self.here if takes_part(segment, fitted, member)}


def holder(state: LiveState) -> int | None:
    """Who has the floor."""
    return state.floor.holder if state.floor else None


AnyMeeting.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnyMeeting = AnyMeeting.TestCase
