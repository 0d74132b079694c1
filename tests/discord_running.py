"""A small bot of its own on the fake Discord: what the tests of the adapter talk to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, Literal

from pydantic import SecretStr

from adapters.discord.client import Discord
from bot.app import App
from bot.chat.commands import Commands
from bot.chat.options import Between, Most, Option, Suggest
from bot.chat.replies import (
    Answer,
    Bold,
    Button,
    Choice,
    CommandName,
    Field,
    Form,
    Input,
    Mention,
    Reply,
    Text,
)
from bot.chat.requests import PersonRef
from bot.context import Context
from bot.settings import DiscordConfig
from bot.store.database import Database
from bot.store.outbox import Target
from tests.fakes.discord import Channel, FakeDiscord, User

Urgency = Literal["routine", "soon"]


@dataclass
class Toy:
    """Commands of every kind, with what they were asked kept for the tests."""

    commands: Commands = field(default_factory=Commands)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    slow: asyncio.Event | None = None

    def __post_init__(self) -> None:
        """Declare the commands."""
        declare = self.commands.command
        declare("case add", writes=True, needs="nothing", form=("title", "urgency"))(self.add)
        declare("case queue", writes=False, needs="nothing")(self.queue)
        declare("case swap", writes=True, needs="nothing")(self.swap)
        declare("case again", writes=False, needs="nothing", form=("title", "with"))(self.again)
        declare("rounds help", writes=False, needs="nothing")(self.help)
        self.commands.action("case.withdraw", needs="nothing")(self.withdraw)
        self.commands.action("turn.next", needs="nothing")(self.next)
        self.commands.action("case.more", needs="nothing", form=True)(self.more)
        self.commands.submission("case.note", takes=NOTE, needs="nothing")(self.note)
        self.commands.suggest("zone")(self.cases)

    async def add(
        self,
        context: Context,
        title: Annotated[str, "What it is about", Most(150)],
        urgency: Annotated[Urgency, "How soon"] = "routine",
        minutes: Annotated[int, "How long", Between(10, 60)] = 20,
    ) -> Answer:
        """Bring a case."""
        if self.slow is not None:
            await self.slow.wait()
        self.asked.append(("add", title, urgency, minutes))
        who = Mention(context.request.person)
        return Reply(
            Text("{who} brings {title}. See {queue}.", who=who, title=title, queue=QUEUE),
            title=Text("Added"),
            fields=(Field("Minutes", Text("{n}", n=minutes)),),
            buttons=(Button("Withdraw", "case.withdraw:0:42", "danger"),),
            notify=(context.request.person,),
        )

    async def queue(self, context: Context) -> Answer:
        """Show the queue."""
        if self.slow is not None:
            await self.slow.wait()
        request = context.request
        self.asked.append(("queue", request.space, request.channel, request.may_post))
        return Reply(Text("The queue is {state}.", state=Bold("empty")))

    async def swap(
        self,
        context: Context,
        case: Annotated[str, "Which case", Suggest("zone")],
        with_: Annotated[PersonRef, "With whom"],
    ) -> Answer:
        """Swap places."""
        self.asked.append(("swap", case, with_))
        return None

    async def again(
        self,
        context: Context,
        title: Annotated[str, "What it is about"],
        with_: Annotated[PersonRef, "With whom"],
    ) -> Answer:
        """Bring a case together."""
        self.asked.append(("again", title, with_))
        return Reply(Text("{title} with {who}.", title=title, who=Mention(with_)))

    async def help(self, context: Context) -> Answer:
        """Help."""
        return Reply(Text("Ask away."))

    async def withdraw(self, context: Context, case: int) -> Answer:
        """Withdraw a case."""
        self.asked.append(("withdraw", case))
        return Reply(Text("Case {n} is withdrawn.", n=case))

    async def next(self, context: Context, version: int) -> Answer:
        """Pass the turn on."""
        if self.slow is not None:
            await self.slow.wait()
        self.asked.append(("next", version))
        return None

    async def more(self, context: Context) -> Answer:
        """Ask for more."""
        inputs = (
            Input("words", "Words", "paragraph", required=True),
            Input("urgency", "Urgency", "choice", "soon", choices=("routine", "soon")),
            Input("who", "Who", "person"),
        )
        return Form("A note", "case.note:0", inputs, Text("No {what} please.", what=Bold("names")))

    async def note(self, context: Context, values: dict[str, str]) -> Answer:
        """Take a note."""
        self.asked.append(("note", values))
        return Reply(Text("Noted: {words}", words=values["words"]))

    async def cases(self, context: Context, text: str) -> list[Choice]:
        """The cases that could be meant."""
        return [Choice(code, f"{code} something") for code in ("k7", "m2") if text in code]


NOTE = (
    Option("words", "text", "", required=True, lines=True),
    Option("urgency", "choice", "", required=False, choices=("routine", "soon")),
    Option("who", "person", "", required=False),
)
QUEUE = CommandName("case queue")


@dataclass
class House:
    """The bot on Discord, with what is behind it."""

    discord: Discord
    app: App
    toy: Toy
    fake: FakeDiscord
    gone: list[tuple[str, str | None]] = field(default_factory=list)

    def target(self, channel: Channel, person: User | None = None) -> Target:
        """Where a post goes."""
        assert channel.guild is not None
        ref = person.id if person else None
        return Target(channel.guild.id, channel.id, ref, "Europe/Berlin")


def settings(fake: FakeDiscord, token: str | None = None) -> DiscordConfig:
    """The settings of a bot on this fake."""
    return DiscordConfig(
        token=SecretStr(token or fake.token), api_url=fake.api_url, gateway_url=fake.gateway_url
    )


@asynccontextmanager
async def empty_database() -> AsyncIterator[Database]:
    """A database in memory with the tables in it."""
    database = Database("sqlite+aiosqlite:///:memory:")
    await database.create()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def running(
    fake: FakeDiscord, database: Database, toy: Toy | None = None, *, soon: float = 1.5
) -> AsyncIterator[House]:
    """The bot on Discord until the end of the block."""
    toy = toy or Toy()
    app = App(database, Random(7), toy.commands)
    gone: list[tuple[str, str | None]] = []

    async def note(space: str, channel: str | None) -> None:
        gone.append((space, channel))
        fake.state.changes.happened()

    async with Discord(settings(fake), app, fake.state.clock.now, gone=note, soon=soon) as bot:
        await fake.connected()
        yield House(bot, app, toy, fake, gone)


@asynccontextmanager
async def house(*, soon: float = 1.5) -> AsyncIterator[House]:
    """Everything new: a Discord, a database, and the bot on them."""
    async with (
        FakeDiscord() as fake,
        empty_database() as database,
        running(fake, database, soon=soon) as made,
    ):
        yield made
