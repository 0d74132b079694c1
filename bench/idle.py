"""An idle tick costs the same however many posts wait or were sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bench.measure import BEGAN, Line, interleaved, ratio
from bench.rows import database_at, fill
from bot.features import PLANS, due_plans
from bot.store.database import Database
from scheduler.claims import next_try
from scheduler.tick import Ticking

MILLION = 1_000_000
FILLED = {
    "1,000 pending": (1_000, "open"),
    "1,000,000 pending": (MILLION, "open"),
    "1,000,000 sent": (MILLION, "sent"),
}


async def idle_tick(folder: Path) -> list[Line]:
    """Ticks and looks for due posts with nothing to do, on three databases in turns."""
    databases, ticks, looks = [], {}, {}
    for number, (name, (count, state)) in enumerate(FILLED.items()):
        path = folder / f"idle-{number}.db"
        databases.append(await database_at(path))
        fill(path, count, state, BEGAN + timedelta(days=30 if state == "open" else -30))
        ticks[name] = _tick(databases[-1])
        looks[name] = _look(databases[-1])
    ticked, looked = await interleaved(ticks, 300), await interleaved(looks, 300)
    for database in databases:
        await database.close()
    lines = []
    for what, taken in (("idle tick", ticked), ("idle look for due posts", looked)):
        for name in list(FILLED)[1:]:
            found = ratio(taken[name], taken["1,000 pending"])
            lines.append(Line(f"{what}, {name} / 1,000 pending", found, 1.25))
    slowest = max(median(times) for times in ticked.values()) * 1e3
    return [*lines, Line("idle tick", slowest, 5, " ms")]


def _tick(database: Database) -> Callable[[], Awaitable[object]]:
    ticking = Ticking(database, PLANS, due=due_plans)
    return partial(ticking.tick, BEGAN)


def _look(database: Database) -> Callable[[], Awaitable[object]]:
    async def work() -> None:
        async with database.reading() as session:
            await next_try(session, "0123456789abcdef", frozenset({"bench"}))

    return work
