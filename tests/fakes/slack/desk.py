"""The real adapter on the fake Slack, with a few commands that remember what they were told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Annotated, Any, Literal

from pydantic import SecretStr

from adapters.slack.client import Slack
from adapters.slack.doors import HttpDoor
from bot.app import App
from bot.chat.commands import Commands
from bot.chat.options import Grammar, Most, Option
from bot.chat.replies import (
    Bold,
    Button,
    CommandName,
    Form,
    Input,
    Mention,
    Moment,
    Reply,
    Span,
    Text,
)
from bot.chat.requests import PersonRef, Request
from bot.context import Context
from bot.errors import Conflict, UsageError
from bot.settings import SlackConfig
from bot.store.database import Database
from bot.store.outbox import Target
from tests.fakes.slack import FakeSlack

NOW = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)

WORDS = Option("words", "text", "", required=True)


@dataclass
class Ledger:
    """What was done, and by whom."""

    done: list[tuple[str, ...]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    broken: int = 0


def declared(ledger: Ledger) -> Commands:
    """Commands of every shape: with a form, with a person, with buttons, slow, failing."""
    commands = Commands()

    def note(context: Context, *what: str) -> None:
        ledger.requests.append(context.request)
        ledger.done.append((context.request.person, *what))

    @commands.command("case add", writes=True, needs="nothing", form=("title", "urgency"))
    async def add(
        context: Context,
        title: Annotated[str, "What it is about", Most(150)],
        urgency: Annotated[Literal["routine", "soon"] | None, "How soon"] = None,
        place: Annotated[str | None, "Where", Grammar("place")] = None,
    ) -> Reply:
        """Put a case into the queue of the group"""
        if ledger.broken:
            ledger.broken -= 1
            raise RuntimeError("broken on purpose")
        note(context, "case add", title, urgency or "", place or "")
        undo = Button("Undo", "case.undo:0:1")
        return Reply(Text("Noted: {title}.", title=Bold(title)), buttons=(undo,))

    @commands.command("group remove", writes=True, needs="nothing", form=("member",))
    async def remove(context: Context, member: Annotated[PersonRef, "Who is gone"]) -> Reply:
        """Ask to remove a member"""
        note(context, "group remove", member)
        return Reply(Text("{who} is asked.", who=Mention(member)))

    @commands.command("rounds panel", writes=False, needs="nothing")
    async def panel(context: Context) -> Reply:
        """Show the buttons"""
        note(context, "panel")
        buttons = (
            Button("Cases", "panel.cases:0", "primary"),
            Button("Add a case", "edit:0:case add:"),
        )
        return Reply(Text("What would you like to do?"), Text("Rounds"), buttons=buttons)

    @commands.command("rounds about", writes=False, needs="nothing")
    async def about(context: Context) -> Reply:
        """Say it, when the gate opens"""
        ledger.entered.set()
        await ledger.gate.wait()
        return Reply(Text("I am Rounds."))

    @commands.action("panel.cases", writes=False, needs="nothing")
    async def cases(context: Context) -> Reply:
        return Reply(Text("Your cases."), buttons=(Button("Back", "panel.back:0"),))

    @commands.action("case.undo", writes=True, needs="nothing")
    async def undo(context: Context, number: int) -> Reply:
        if any(step[1] == "undo" for step in ledger.done):
            winner = next(step[0] for step in ledger.done if step[1] == "undo")
            raise Conflict(Text("{who} was faster.", who=Mention(winner)))
        note(context, "undo", str(number))
        return Reply(Text("Taken back."))

    @commands.action("case.quiet", writes=True, needs="nothing")
    async def quiet(context: Context) -> None:
        note(context, "quiet")

    @commands.action("case.note", writes=False, needs="nothing", form=True)
    async def ask(context: Context) -> Form:
        return Form("Note", "case.noted:0", (Input("words", "Words", required=True),))

    @commands.submission("case.noted", takes=(WORDS,), writes=True, needs="nothing")
    async def noted(context: Context, values: dict[str, str]) -> Reply | Form:
        if values["words"] == "more":
            return Form("More", "case.noted:0", (Input("words", "Words"),))
        if values["words"] == "slow":
            await ledger.gate.wait()
        if values["words"] == "bad":
            raise UsageError("That is too short.", option="words")
        if values["words"] == "taken":
            words = "Taken by {who} at {at}: see {panel}"
            spans: dict[str, Span] = {"who": Mention("UANA"), "at": Moment(NOW)}
            spans["panel"] = CommandName("rounds panel")
            raise UsageError(Text(words, **spans), option="words")
        if values["words"] == "gone":
            raise UsageError("That group is no longer there.")
        note(context, "noted", values["words"])
        return Reply(Text("Noted: {words}", words=values["words"]))

    return commands


@dataclass
class Desk:
    """Everything a test of the adapter needs."""

    fake: FakeSlack
    slack: Slack
    app: App
    ledger: Ledger
    ana: str
    ben: str
    table: str
    gone: list[tuple[str, str | None]]

    async def post(self, *buttons: Button, words: str = "A card") -> Any:
        """A public message of the bot with these buttons."""
        target = Target("T0HOME", self.table, None, "UTC")
        await self.slack.messenger.send(target, Reply(Text(words), buttons=buttons), "key")
        return self.fake.messages(self.table)[-1]


def config(fake: FakeSlack, **settings: Any) -> SlackConfig:
    """Settings that point at the fake."""
    given: dict[str, Any] = {
        "bot_token": SecretStr(fake.bot_token),
        "app_token": SecretStr(fake.app_token),
        "signing_secret": SecretStr(fake.signing_secret),
        "api_url": fake.api_url,
        "port": 0,
    }
    return SlackConfig(**(given | settings))


@asynccontextmanager
async def desk(
    fake: FakeSlack,
    database: Database,
    ledger: Ledger | None = None,
    *,
    pace: float = 1.0,
    **settings: Any,
) -> AsyncIterator[Desk]:
    """The adapter running against a started fake; the clock stands at NOW."""
    ledger = ledger or Ledger()
    ana, ben = fake.add_user("ana"), fake.add_user("ben", tz="America/New_York")
    table = fake.add_channel("table", ana, ben)
    app = App(database, Random(1), declared(ledger))
    gone: list[tuple[str, str | None]] = []

    async def note_gone(team: str, channel: str | None) -> None:
        gone.append((team, channel))

    chosen = config(fake, **settings)
    async with Slack(chosen, app, lambda: NOW, gone=note_gone, pace=pace) as slack:
        if isinstance(slack.door, HttpDoor):
            fake.http_url = f"http://127.0.0.1:{slack.door.port}/slack/events"
        else:
            await fake.until(lambda: fake.sockets.open)
        yield Desk(fake, slack, app, ledger, ana, ben, table, gone)
