"""Whatever is pressed in whatever order: one current phase, and a turn for everybody, once."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from bot.app import App
from bot.chat.replies import Refusal
from bot.features import COMMANDS
from bot.live.data import from_data
from bot.live.seats import facilitator_of
from bot.live.state import LiveState, takes_part
from bot.store.database import ACROSS_GROUPS
from bot.store.live_tables import LiveMeeting
from bot.store.tables import Case
from tests.circle import Circle, a_circle
from tests.databases import in_memory

NAMES = ("ana", "ben", "cai", "dee", "eva")
STEPS = ("next", "on", "back", "pass", "pause", "resume", "more", "ask", "call")
FORMATS = (None, "action_learning", "questions_only", "three_way")
people = st.sampled_from(NAMES)
cases = st.sampled_from((1, 2))


class AnyMeeting(RuleBasedStateMachine):
    """A meeting of five with two cases, pressed through the real App on a real database."""

    def __init__(self) -> None:
        """Each run has an event loop and a database of its own."""
        super().__init__()
        self.loop, self.kept = asyncio.new_event_loop(), AsyncExitStack()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(
        going=st.sets(people),
        formats=st.sampled_from((None, "action_learning", "questions_only", "three_way")),
    )
    def begin(self, going: set[str], formats: str | None) -> None:
        self.run(self._begin(going, formats))
        self.state = self.run(self._read())
        self.here = {self.circle.members[name] for name in going | {"ana"}}

    async def _begin(self, going: set[str], format_id: str | None) -> None:
        database = await self.kept.enter_async_context(in_memory())
        self.circle: Circle = await a_circle(database, COMMANDS, *NAMES)
        self.meeting = await self.circle.meeting(0)
        for name in ("ana", "ben"):
            await self.circle.say(name, f"/case add title: From {name[0]} minutes: 30")
        async with database.writing() as session:
            found = select(Case).execution_options(**ACROSS_GROUPS)
            self.cases = {case.id: case.code for case in await session.scalars(found)}
            await session.execute(
                update(Case).where(Case.group_id == 1).values(format_id=format_id)
            )
        for name in going:
            await self.circle.answer(name, self.meeting, "going")
        self.circle.now += timedelta(hours=9)
        answer = await self.circle.say("ana", "/meeting begin")
        assert not isinstance(answer, Refusal), answer

    async def _read(self) -> LiveState:
        async with self.circle.database.reading() as session:
            row = (
                await session.scalars(select(LiveMeeting).execution_options(**ACROSS_GROUPS))
            ).one()
        state = from_data(row.state)
        assert row.version == state.version
        return state

    def press(self, name: str, action: str) -> bool:
        """Press something; say whether it was done."""
        answer = self.run(self.circle.app.press(self.circle.request(name), action))
        before, self.state = self.state, self.run(self._read())
        if isinstance(answer, Refusal):
            assert self.state == before
        return not isinstance(answer, Refusal)

    @rule(name=people, word=st.sampled_from(STEPS), behind=st.sampled_from((0, 0, 0, 1, 2)))
    def step(self, name: str, word: str, behind: int) -> None:
        before = self.state
        version = before.version - behind
        done = self.press(name, f"live.step:1:{self.meeting}:{version}:{word}")
        here = self.circle.members[name] in self.here
        if done:
            assert here
            assert behind == 0
            assert self.state.version == before.version + 1

    @rule(name=people, times=st.integers(1, 6))
    def go_round(self, name: str, times: int) -> None:
        for _ in range(times):
            self.step(name, "next", 0)

    @rule(name=people)
    def join(self, name: str) -> None:
        assert self.press(name, f"live.join:1:{self.meeting}")
        self.here.add(self.circle.members[name])

    @rule(name=people)
    def leave(self, name: str) -> None:
        done = self.press(name, f"live.leave:1:{self.meeting}")
        assert done == (self.circle.members[name] in self.here)
        self.here.discard(self.circle.members[name])

    @rule(name=people)
    def raise_hand(self, name: str) -> None:
        if self.press(name, f"live.hand:1:{self.meeting}"):
            self.here.add(self.circle.members[name])

    @rule(name=people, number=cases)
    def sit_out(self, name: str, number: int) -> None:
        self.press(name, f"case.recuse:1:{self.cases[number]}")

    @rule(name=people, number=cases)
    def take_part_again(self, name: str, number: int) -> None:
        self.press(name, f"case.partake:1:{self.cases[number]}")

    @rule(name=people, number=cases)
    def take_the_seat(self, name: str, number: int) -> None:
        if self.press(name, f"live.seat:1:{self.meeting}:{number}"):
            self.here.add(self.circle.members[name])

    @rule(name=people, number=cases)
    def decline_the_seat(self, name: str, number: int) -> None:
        self.press(name, f"live.unseat:1:{self.meeting}:{number}")

    @rule(seconds=st.integers(1, 600))
    def time_passes(self, seconds: int) -> None:
        self.circle.now += timedelta(seconds=seconds)

    @rule()
    def restart(self) -> None:
        shown = self.run(self.circle.card("begun"))
        self.circle.app = App(self.circle.database, Random(8), COMMANDS)
        assert self.run(self.circle.card("begun")) == shown
        assert self.run(self._read()) == self.state

    @invariant()
    def exactly_one_phase_is_current(self) -> None:
        assert (self.state.fitted is None) == self.state.finished

    @invariant()
    def nobody_is_dropped_and_nobody_is_there_twice(self) -> None:
        present = self.state.present
        assert len(set(present)) == len(present)
        assert set(present) == self.here

    @invariant()
    def the_order_is_a_permutation_of_those_present(self) -> None:
        state, floor = self.state, self.state.floor
        if floor is None or state.segment is None or state.fitted is None:
            return
        order = floor.members
        assert len(set(order)) == len(order)
        if state.fitted.phase.speaks == "in turn":
            due = {m for m in self.here if takes_part(state.segment, state.fitted, m)}
            assert set(order) & self.here == due
            assert set(order) - self.here <= {*floor.done, *floor.silent}

    @invariant()
    def who_sits_a_case_out_has_no_part_in_it(self) -> None:
        for segment in self.state.segments:
            assert not segment.recused & {segment.presenter, segment.facilitator}
        for asking in self.state.asking:
            out = {m for s in self.state.segments if s.case_id == asking.case_id for m in s.recused}
            assert asking.member not in out
        segment, floor = self.state.segment, self.state.floor
        out = segment.recused if segment else frozenset()
        if out:
            assert out.isdisjoint((*(floor.members if floor else ()), *self.state.hands))
            names = {name for name, number in self.circle.members.items() if number in out}
            assert names.isdisjoint(self.run(self.circle.card("begun")).notify)

    @invariant()
    def who_presents_does_not_facilitate_and_nobody_who_left_holds_a_seat(self) -> None:
        for segment in self.state.segments:
            assert segment.facilitator is None or segment.facilitator != segment.presenter
        shown = self.state.segment
        if shown is not None and shown.case_id is not None:
            assert facilitator_of(self.state, shown.case_id) in {None, *self.here}

    @invariant()
    def a_question_waits_for_the_end_of_each_running_phase(self) -> None:
        posts = self.run(self.circle.posts("time-up"))
        open_ = [post.due_at for post in posts if post.state == "open"]
        runs = self.state.running and not self.state.paused
        assert open_ == ([self.state.phase_ends] if runs else [])

    def teardown(self) -> None:
        if hasattr(self, "circle"):
            self.run(self.kept.aclose())
        self.loop.close()


def test_whatever_is_pressed_everybody_keeps_their_turn() -> None:
    run_state_machine_as_test(
        AnyMeeting,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
