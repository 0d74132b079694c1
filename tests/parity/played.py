"""Playing a transcript on a platform: time that is set by hand, and what falls due on the way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeAlias

from adapters.console.grammar import Deed, SetClock, Step, read_line
from bot.app import App
from bot.features import LASTING, PLANS, due_plans, next_moment, on_gone
from bot.store.database import Database
from bot.store.outbox import Messenger
from scheduler.deliver import Delivery
from scheduler.tick import Ticking
from scheduler.tries import Setting
from tests.parity.appeared import Play

Given: TypeAlias = tuple[Sequence[str], Callable[[Database], Awaitable[None]]]
"""The beginning of a conversation, and what is then arranged that nobody can ask for."""


async def nothing(database: Database) -> None:
    """Nothing is arranged."""


@dataclass
class Time:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it shows."""
        return self.at


class Played(ABC):
    """The whole bot on one platform, step by step."""

    platform: str

    def __init__(self, database: Database, time: Time) -> None:
        """Set it up as the program does, but for the clock and for who says when to deliver."""
        self.app, self.time = App(database, Random(1)), time
        self.messengers: dict[str, Messenger] = {}
        self.setting = Setting(
            database,
            self.app.commands,
            self.messengers,
            time.now,
            self.app.rng,
            on_gone=on_gone,
            formats=self.app.formats,
        )
        self._delivery = Delivery(self.setting)
        self.app.reach, self.app.touch = self._delivery.reach, self._delivery.touch
        self.app.take = self._delivery.cards.take
        self._ticking = Ticking(database, PLANS, lasting=LASTING, due=due_plans)
        self.play = Play()

    async def carry_out(self, transcript: Iterable[str]) -> Play:
        """Play it from the first line to the last."""
        for line in transcript:
            match read_line(line):
                case SetClock(at, _):
                    self.time.at = at.astimezone(UTC)
                case Step(by):
                    await self._step(by)
                case Deed() as deed:
                    await self.act(deed)
                    await self.settle()
        return self.play

    async def _step(self, by: timedelta) -> None:
        goal = self.time.at + by
        while (due := await self._next()) is not None and due <= goal:
            self.time.at = max(self.time.at, due)
            await self.settle()
        self.time.at = goal
        await self.settle()

    async def _next(self) -> datetime | None:
        async with self.app.database.reading() as session:
            return await next_moment(session)

    async def settle(self) -> None:
        """Do what is due now, and look at what came of it."""
        await self._ticking.tick(self.time.at)
        await self._delivery.deliver_due(self.time.at)
        self.look()

    @abstractmethod
    async def act(self, deed: Deed) -> None:
        """Somebody does something; what they are answered is noted."""

    @abstractmethod
    async def four_times(self, deed: Deed) -> None:
        """Somebody does something once, and the platform tells of it four times."""

    @abstractmethod
    def look(self) -> None:
        """Note what was posted and edited since the last look."""
