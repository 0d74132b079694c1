"""The two platforms as their people see them: a group is started, changed and told of it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from tests.fakes.discord import FakeDiscord, Message, Shown
from tests.fakes.discord.clock import Clock
from tests.fakes.slack import FakeSlack
from tests.whole.process import PATIENCE

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AHEAD = datetime.now(UTC) + timedelta(days=5)
"""The first meeting is so far ahead that only the group's card is due when it starts."""

START = {"name": "Our table", "every": "week", "time": "18:30", "zone": "UTC"}
START["weekday"] = DAYS[AHEAD.weekday()]
PROMISE = "Saved."
ANSWER_TIME = 4.0


def promised(number: int) -> str:
    """What the group is told of a change of the meetings' length."""
    return f"Length: {number} minutes, was"


class Side(ABC):
    """One platform with one group on it; Ana speaks for all."""

    platform: str

    @property
    @abstractmethod
    def place(self) -> str:
        """The channel, as the platform calls it."""

    @property
    @abstractmethod
    def asked(self) -> int:
        """How often the bot has asked the platform for anything."""

    @abstractmethod
    async def type(self, command: str, **given: str | int) -> str:
        """Ana types a command; what she is answered, or nothing if nobody answers."""

    @abstractmethod
    def words(self) -> list[tuple[datetime, str]]:
        """All that was posted in the channel: when, and as it reads now."""

    @abstractmethod
    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to be so."""

    async def start(self) -> str:
        """Start the group."""
        return await self.type("group start", **START)

    async def change(self, number: int) -> bool:
        """Change how long meetings last; whether that was promised."""
        return PROMISE in await self.type("group settings", minutes=number)

    def times_said(self, words: str) -> int:
        """How many messages of the channel say this."""
        return sum(words in text for _, text in self.words())

    async def says(self, words: str) -> None:
        """Wait until the channel says this."""
        await self.until(lambda: self.times_said(words) > 0, f"{words!r} on {self.platform}")


class OnDiscord(Side):
    """The fake Discord with one person in it."""

    platform = "discord"

    def __init__(self, fake: FakeDiscord) -> None:
        """Ana is there."""
        self.fake, self.ana = fake, fake.person("ana")

    @property
    def place(self) -> str:
        return self.fake.table.id

    @property
    def asked(self) -> int:
        return len(self.fake.state.requests)

    async def type(self, command: str, **given: str | int) -> str:
        await self.until(lambda: bool(self.fake.state.commands), "the commands")
        await self.until(lambda: bool(self.fake.gateway.live()), "the bot to be connected")
        made = await self.fake.send_slash(self.ana, command, given, channel=self.fake.table)
        try:
            shown: Shown = await self.fake.state.changes.until(made.shown, "", ANSWER_TIME)
        except AssertionError:
            return ""
        return shown.text

    def words(self) -> list[tuple[datetime, str]]:
        return [(m.made, m.text) for m in self.cards()]

    def cards(self) -> list[Message]:
        """The messages of the channel."""
        return self.fake.messages(self.fake.table)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        await self.fake.until(condition, what, PATIENCE)


class OnSlack(Side):
    """The fake Slack with one person in it."""

    platform = "slack"

    def __init__(self, fake: FakeSlack) -> None:
        """Ana is there."""
        self.fake, self.ana = fake, fake.add_user("ana", tz="UTC")
        self.channel = fake.add_channel("table", self.ana)
        self._since = datetime.now(UTC) - timedelta(seconds=time.monotonic())

    @property
    def place(self) -> str:
        return self.channel

    @property
    def asked(self) -> int:
        return len(self.fake.calls)

    async def type(self, command: str, **given: str | int) -> str:
        root, sub = command.split(" ")
        text = " ".join([sub, *(f"{name}: {value}" for name, value in given.items())])
        await self.fake.until(lambda: self.fake.sockets.open, seconds=PATIENCE)
        seen = await self.fake.slash(self.ana, f"/{root}", text, channel=self.channel)
        return seen.text

    def words(self) -> list[tuple[datetime, str]]:
        calls = [c for c in self.fake.calls if c.method == "chat.postMessage" and not c.error]
        posted = zip(calls, self.fake.all_messages, strict=True)
        return [
            (self._since + timedelta(seconds=call.at), message.shown)
            for call, message in posted
            if message.channel == self.channel
        ]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        try:
            await self.fake.until(condition, seconds=PATIENCE)
        except TimeoutError:
            raise AssertionError(f"waited for {what}; there is {self.words()}") from None


@asynccontextmanager
async def both_sides() -> AsyncIterator[tuple[OnDiscord, OnSlack]]:
    """Both platforms, on the real clock."""
    clock = Clock(datetime.now(UTC))
    async with FakeDiscord(clock=clock) as discord, FakeSlack(ack_deadline=ANSWER_TIME) as slack:
        yield OnDiscord(discord), OnSlack(slack)
