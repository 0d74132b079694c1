"""Anybody pressing anything in any order: what must hold in every meeting all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import settings
from hypothesis.stateful import invariant, precondition, rule

from bot.formats.fitting import FittedPhase
from bot.live.data import as_data, from_data
from bot.live.rules import back, questions
from bot.live.speaking import silent_now, speaking
from bot.live.state import Moment, Segment, moment_of, takes_part, time_left
from tests.live.pressing import Pressed


class AnyMeeting(Pressed):
    """What holds after each press, now and in the moments that Back would bring."""

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


AnyMeeting.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnyMeeting = AnyMeeting.TestCase
