"""Databases filled with as many posts as a question needs."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.measure import BEGAN
from bot.store.database import Database
from bot.store.tables import Group, Space

GROUPS = 1_000


async def database_at(path: Path, platform: str = "bench") -> Database:
    """A database file with a thousand groups that have nothing to do."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.create()
    async with database.writing() as session:
        session.add(Space(id=1, platform=platform, ref="space"))
        await session.flush()
        await session.execute(insert(Group), [_group(number) for number in range(1, GROUPS + 1)])
    return database


def _group(number: int) -> dict[str, object]:
    return {
        "id": number,
        "space_id": 1,
        "channel": f"channel-{number}",
        "uid": f"group-{number}",
        "every": "week",
        "weekday": 1,
        "time": time(18),
        "zone": "Europe/Berlin",
        "first": date(2026, 3, 10),
        "seed": number,
        "planned_at": BEGAN + timedelta(days=1),
        "created_at": BEGAN,
    }


def fill(path: Path, count: int, state: str, due: datetime) -> None:
    """Put posts into a database file, one after the other through the groups."""
    micros = int((due - datetime.fromtimestamp(0, due.tzinfo)).total_seconds() * 1e6)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO posts (key, kind, due_at, try_at, state, version, attempts, doubled,"
        " space_id, group_id, channel, message, sent_at)"
        " SELECT 'bench:' || i, 'note', ? + i, ? + i, ?, 1, 0, 0, 1, 1 + i % ?,"
        " iif(? = 'sent', 'c', NULL), iif(? = 'sent', 'm', NULL), iif(? = 'sent', ?, NULL) FROM n",
        (count, micros, micros, state, GROUPS, state, state, state, micros),
    )
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()
