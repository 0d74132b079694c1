"""Finding the right command costs the same however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Annotated

import discord

from adapters.discord.client import Discord
from adapters.slack.client import Slack
from bench.answers import UncheckedSlack
from bench.measure import Line, interleaved, ratio, running_clock
from bot.app import App
from bot.chat.commands import Commands
from bot.chat.replies import Reply, Text
from bot.context import Context
from bot.features import COMMANDS
from bot.store.database import Database
from tests.discord_running import settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack.desk import config

AT_ONCE = 20
Work = Callable[[], Awaitable[object]]


def one_command() -> Commands:
    """A bot that can be asked one thing."""
    commands = Commands()

    @commands.command("zz ask", writes=False, needs="nothing")
    async def ask(ctx: Context, what: Annotated[str, "anything"] = "") -> Reply:
        """Ask one thing."""
        return Reply(Text("Yes."))

    return commands


def all_commands() -> Commands:
    """The same, after everything that Rounds can be asked."""
    commands = Commands()
    commands.include(COMMANDS)
    commands.include(one_command())
    return commands


async def dispatch(folder: Path) -> list[Line]:
    """One command asked for, by bots that know one and all."""
    lines = []
    number = len(COMMANDS.commands)
    for name, answering in (("Bolt", _on_slack), ("discord.py", _on_discord)):
        async with AsyncExitStack() as stack:
            works: dict[str, Work] = {}
            for commands in (one_command(), all_commands()):
                database = Database("sqlite+aiosqlite://")
                stack.push_async_callback(database.close)
                await database.create()
                app = App(database, Random(1), commands)
                works[str(len(commands.commands))] = await stack.enter_async_context(answering(app))
            taken = await interleaved(works, 100)
        one, every = taken.values()
        note = f"({number} commands)"
        lines.append(
            Line(f"dispatch by {name}, all commands / one", ratio(every, one), 1.1, note=note)
        )
    return lines


@asynccontextmanager
async def _on_slack(app: App) -> AsyncIterator[Work]:
    async with UncheckedSlack() as fake:
        ana = fake.add_user("ana")
        table = fake.add_channel("table", ana)
        async with Slack(config(fake), app, running_clock()):
            ask = partial(fake.slash, ana, "/zz", "ask yes", channel=table)
            yield partial(_often, ask)


@asynccontextmanager
async def _on_discord(app: App) -> AsyncIterator[Work]:
    async with FakeDiscord(check_bodies=False) as fake:
        ana = fake.person("ana")

        async def ask() -> None:
            discord.http.Route.BASE = fake.api_url
            await fake.slash(ana, "zz ask", {"what": "yes"}, channel=fake.table)

        async with Discord(settings(fake), app, running_clock()):
            await fake.connected()
            yield partial(_often, ask)


async def _often(ask: Work) -> None:
    for _ in range(AT_ONCE):
        await ask()
        await asyncio.sleep(0)
