"""What a command costs people: `/case add` beside a bare handler on the same library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import discord
from aiohttp import web
from sqlalchemy import delete

from adapters.discord.client import Discord
from adapters.slack.client import Slack
from bench.bare import bare_discord, bare_slack
from bench.circles import Home, add_circles, with_keys
from bench.measure import BEGAN, Line, percentile, running_clock
from bot.app import App
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Case
from scheduler.collector import spare_the_loop
from tests.discord_running import settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack.desk import config

TABLES, SEATS = 5, 10
PEOPLE = TABLES * SEATS
TITLE = "Stuck after three sessions"
ROUNDS = 10
BLOCK = 80

Ask = Callable[[int], Awaitable[None]]
"""Has the person with this number bring a case, and waits for the answer."""


class UncheckedSlack(FakeSlack):
    """A Slack that does not hold answers against its schemas: that time would count as ours."""

    def show_privately(
        self, user: str, channel: str, body: dict[str, Any], response_url: str | None = None
    ) -> Message:
        """Keep the answer."""
        message = Message(self.next_ts(), channel, body.get("text", ""), [], user, response_url)
        self.changed()
        return message

    def replace(self, original: Message | None, body: dict[str, Any]) -> web.Response:
        """Keep what a message says now."""
        assert original is not None
        original.become(body, self.clock())
        self.changed()
        return web.Response(text="ok")


async def case_add(folder: Path) -> list[Line]:
    """Both libraries, each against its own bare handler on the same file, in turns."""
    database = with_keys(folder / "answers.db")
    await database.create()
    lines: list[Line] = []
    for name, sides in (("Bolt", on_slack(database)), ("discord.py", on_discord(database))):
        async with sides as (ours, bare):
            # As the bot does once it is connected.
            spare_the_loop()
            lines += await _compare(name, database, ours, bare)
    await database.close()
    return lines


@asynccontextmanager
async def on_slack(database: Database) -> AsyncIterator[tuple[Ask, Ask]]:
    """The bot and the bare handler, each on a Slack of its own."""
    async with AsyncExitStack() as stack:
        fakes = [await stack.enter_async_context(UncheckedSlack()) for _ in range(2)]
        for fake in fakes:
            people = [fake.add_user(f"p{number}") for number in range(PEOPLE)]
            channels = [fake.add_channel(f"c{table}", *people) for table in range(TABLES)]
        home = Home("slack", fakes[0].team, seated(channels, people))
        await add_circles(database, home, BEGAN, BEGAN + timedelta(days=6))
        app = App(database, Random(1))
        await stack.enter_async_context(Slack(config(fakes[0]), app, running_clock()))
        await stack.enter_async_context(bare_slack(fakes[1], database))

        def ask_of(fake: FakeSlack) -> Ask:
            async def ask(number: int) -> None:
                channel = channels[number % TABLES]
                seen = await fake.slash(
                    people[number], "/case", f"add title: {TITLE}", channel=channel
                )
                assert seen.failed is None, seen.failed

            return ask

        yield ask_of(fakes[0]), ask_of(fakes[1])


@asynccontextmanager
async def on_discord(database: Database) -> AsyncIterator[tuple[Ask, Ask]]:
    """The bot and the bare handler, each on a Discord of its own."""
    async with AsyncExitStack() as stack:
        ours, bare = [
            await stack.enter_async_context(FakeDiscord(check_bodies=False)) for _ in range(2)
        ]
        asks: list[Ask] = []
        for fake in (ours, bare):
            people = [fake.person(f"p{number}") for number in range(PEOPLE)]
            channels = [fake.new_channel(f"c{table}") for table in range(TABLES)]
            asks.append(_ask_discord(fake, people, channels))
            if fake is ours:
                home = seated([c.id for c in channels], [p.id for p in people])
                await add_circles(
                    database,
                    Home("discord", fake.guild.id, home),
                    BEGAN,
                    BEGAN + timedelta(days=6),
                )
                bot = Discord(settings(fake), App(database, Random(1)), running_clock())
                await stack.enter_async_context(bot)
                await fake.connected()
        await stack.enter_async_context(bare_discord(bare, database))
        stack.callback(point_at, ours)
        yield asks[0], asks[1]


def _ask_discord(fake: FakeDiscord, people: Sequence[Any], channels: Sequence[Any]) -> Ask:
    async def ask(number: int) -> None:
        # The library has one address for all its clients; only one of them is asked at a time.
        point_at(fake)
        channel = channels[number % TABLES]
        await fake.slash(people[number], "case add", {"title": TITLE}, channel=channel)

    return ask


def point_at(fake: FakeDiscord) -> None:
    """Have the library send its requests to this Discord."""
    discord.http.Route.BASE = fake.api_url


def seated(channels: Sequence[str], people: Sequence[str]) -> dict[str, Sequence[str]]:
    """Who meets in which channel."""
    return {channel: people[number::TABLES] for number, channel in enumerate(channels)}


async def _compare(name: str, database: Database, ours: Ask, bare: Ask) -> list[Line]:
    lines = []
    alone: dict[Ask, list[float]] = {ours: [], bare: []}
    for width in (1, 16):
        took: dict[Ask, list[float]] = {ours: [], bare: []}
        for round_ in range(ROUNDS + 2):
            for ask in (ours, bare):
                await clear(database)
                began = perf_counter()
                times = await asks_at_once(ask, width, BLOCK)
                if round_ >= 2:
                    took[ask].append(perf_counter() - began)
                    alone[ask] += times if width == 1 else []
        share = median(b / o for o, b in zip(took[ours], took[bare], strict=True))
        rate = BLOCK / median(took[ours])
        what = f"/case add through {name}, {width} at a time / bare"
        lines.append(Line(what, share, 0.6, at_least=True, note=f"({rate:.0f}/s)"))
    slower = median(alone[ours]) / median(alone[bare])
    note = f"({median(alone[ours]) * 1e3:.1f} ms)"
    lines.append(Line(f"/case add through {name}, p50 alone / bare", slower, 4, note=note))
    crowd: list[float] = []
    for _ in range(5):
        await clear(database)
        crowd += await asks_at_once(ours, PEOPLE, PEOPLE)
    p99 = percentile(crowd, 0.99) * 1e3
    return [*lines, Line(f"/case add through {name}, 50 at once, p99", p99, 500, " ms")]


async def asks_at_once(ask: Ask, width: int, total: int) -> list[float]:
    """So many commands by so many people at a time; seconds that each waited."""
    times: list[float] = []
    numbers = iter(range(total))

    async def person() -> None:
        for number in numbers:
            began = perf_counter()
            await ask(number % PEOPLE)
            times.append(perf_counter() - began)

    await asyncio.gather(*(person() for _ in range(width)))
    return times


async def clear(database: Database) -> None:
    """Take all cases away, so that every round finds the same queues."""
    async with database.writing() as session:
        await session.execute(delete(Case), execution_options=ACROSS_GROUPS)
