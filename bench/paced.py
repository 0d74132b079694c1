"""A thousand posts leave at the pace a platform allows, and nobody's answer waits behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from adapters.discord.client import Discord
from adapters.slack.client import Slack
from bench.answers import UncheckedSlack
from bench.circles import CALL, Home, add_circles, with_keys
from bench.measure import BEGAN, Line, percentile, running_clock
from bot.app import App
from bot.store.database import Database
from bot.store.outbox import Messenger
from scheduler.deliver import Delivery
from scheduler.pacing import DISCORD, Pace, slack
from scheduler.tries import Setting
from tests.discord_running import settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.traffic import Limits
from tests.fakes.slack.desk import config

DUE = BEGAN + timedelta(seconds=45)
QUIET = 22.0
"""Seconds at the beginning in which nothing is due and commands are timed alone."""
BETWEEN = 0.1
"""Seconds between two commands."""
TO_DISCORD, PER_SECOND = 1_000, 50
TO_SLACK, PER_MINUTE = 330, 300

Ask = Callable[[], Awaitable[object]]


async def paced(folder: Path) -> list[Line]:
    """Both platforms, one after the other."""
    return [*await _discord(folder), *await _slack(folder)]


async def _discord(folder: Path) -> list[Line]:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(
            FakeDiscord(limits=Limits(per_second=PER_SECOND), check_bodies=False)
        )
        ana = fake.person("ana")
        channels = [fake.new_channel(f"c{number}") for number in range(TO_DISCORD)]
        home = Home("discord", fake.guild.id, {channel.id: [ana.id] for channel in channels})
        database = await _planned(stack, folder / "discord.db", home)
        clock = running_clock()
        app = App(database, Random(1))
        bot = await stack.enter_async_context(Discord(settings(fake), app, clock))
        await fake.connected()

        async def ask() -> None:
            await fake.slash(ana, "case queue", {}, channel=channels[0])

        posted = {channel.id for channel in channels}

        def arrived() -> int:
            return len({m.channel.id for m in fake.state.messages.values()} & posted)

        delivery = _delivery(app, clock, ("discord", bot.messenger, DISCORD))
        took, idle, busy = await _run(delivery, clock, ask, lambda: arrived() >= TO_DISCORD)
        answers = fake.traffic.answered
    share = answers[429] / sum(answers.values()) * 100
    lost = TO_DISCORD - arrived()
    return _lines("Discord", took / (TO_DISCORD / PER_SECOND), 1.10, (share, lost), (idle, busy))


async def _slack(folder: Path) -> list[Line]:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(UncheckedSlack())
        fake.keep_pace(per_minute=PER_MINUTE)
        ana = fake.add_user("ana")
        channels = [fake.add_channel(f"c{number}", ana) for number in range(TO_SLACK)]
        home = Home("slack", fake.team, {channel: [ana] for channel in channels})
        database = await _planned(stack, folder / "slack.db", home)
        clock = running_clock()
        app = App(database, Random(1))
        bot = await stack.enter_async_context(Slack(config(fake), app, clock))

        async def ask() -> None:
            seen = await fake.slash(ana, "/case", "queue", channel=channels[0])
            assert seen.failed is None, seen.failed

        def arrived() -> int:
            return len({message.channel for message in fake.all_messages})

        delivery = _delivery(app, clock, ("slack", bot.messenger, slack(PER_MINUTE)))
        took, idle, busy = await _run(delivery, clock, ask, lambda: arrived() >= TO_SLACK)
        limited = sum(call.error == "ratelimited" for call in fake.calls)
        share = limited / len(fake.calls) * 100
        lost = TO_SLACK - arrived()
    bound = TO_SLACK / PER_MINUTE * 60
    return _lines("Slack", took / bound, 1.05, (share, lost), (idle, busy))


async def _planned(stack: AsyncExitStack, path: Path, home: Home) -> Database:
    database = with_keys(path)
    stack.push_async_callback(database.close)
    await database.create()
    await add_circles(database, home, BEGAN, DUE + CALL)
    return database


def _delivery(app: App, clock: Callable[[], datetime], to: tuple[str, Messenger, Pace]) -> Delivery:
    platform, messenger, pace = to
    setting = Setting(app.database, app.commands, {platform: messenger}, clock, Random(2))
    delivery = Delivery(setting, {platform: pace})
    app.wake, app.touch = delivery.wake, delivery.touch
    return delivery


async def _run(
    delivery: Delivery, clock: Callable[[], datetime], ask: Ask, done: Callable[[], bool]
) -> tuple[float, list[float], list[float]]:
    """Commands alone, then while posts leave: how long those took, and both lots of commands."""
    task = asyncio.create_task(delivery.run())
    loop = asyncio.get_running_loop()
    due = loop.time() + (DUE - clock()).total_seconds()
    began = loop.time()
    idle = await _asking(ask, lambda: loop.time() - began > QUIET)
    await asyncio.sleep(due - loop.time())
    async with asyncio.timeout(300):
        busy = await _asking(ask, done)
    took = loop.time() - due
    # What was sent last is recorded before the process ends.
    task.cancel()
    await asyncio.wait([task])
    return took, idle, busy


async def _asking(ask: Ask, done: Callable[[], bool]) -> list[float]:
    times: list[float] = []
    while not done():
        began = perf_counter()
        await ask()
        times.append(perf_counter() - began)
        await asyncio.sleep(max(0.0, BETWEEN - times[-1]))
    return times


def _lines(
    name: str,
    took: float,
    bound: float,
    refused: tuple[float, int],
    commands: tuple[list[float], list[float]],
) -> list[Line]:
    idle, busy = (_usual_p99(times) for times in commands)
    note = f"({idle * 1e3:.0f} ms alone, {busy * 1e3:.0f} ms meanwhile)"
    return [
        Line(f"posts to {name}, time / what it allows", took, bound),
        Line(f"posts to {name}, calls answered 429", refused[0], 1, " %"),
        Line(f"posts to {name}, lost", refused[1], 0),
        Line(f"a command on {name} meanwhile, p99 / alone", busy / idle, 2, note=note),
    ]


def _usual_p99(times: list[float]) -> float:
    """The p99 of a hundred commands in a row, as it usually is: the machine has other work too."""
    hundreds = [times[at : at + 100] for at in range(0, max(1, len(times) - 99), 50)]
    return median(percentile(some, 0.99) for some in hundreds)
