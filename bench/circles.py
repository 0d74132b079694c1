"""Real groups, written straight into the database, planned as a tick would plan them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from bot.features import PLANS
from bot.keys.masters import Masters
from bot.keys.ring import Keyring
from bot.keys.store import KeyStore
from bot.store.database import Database
from bot.store.tables import Group, Member, Person, Space
from scheduler.tick import Ticking

CALL = timedelta(days=3)
"""A weekly group's cases are called for so long before it meets."""


@dataclass(frozen=True)
class Home:
    """A space, and who meets in which of its channels."""

    platform: str
    space: str
    circles: Mapping[str, Sequence[str]]


def with_keys(file: Path) -> Database:
    """A database in a file, with a key store in another one beside it."""
    store = KeyStore(f"sqlite+aiosqlite:///{file.with_suffix('.keys')}")
    return Database(f"sqlite+aiosqlite:///{file}", Keyring(store, Masters()))


async def add_circles(database: Database, home: Home, now: datetime, starts: datetime) -> None:
    """One group in each channel, all meeting at the same time, planned at `now`."""
    async with database.writing() as session:
        space = Space(platform=home.platform, ref=home.space)
        session.add(space)
        await session.flush()
        refs = sorted({ref for circle in home.circles.values() for ref in circle})
        people = {ref: Person(space_id=space.id, ref=ref, private=True) for ref in refs}
        session.add_all(people.values())
        await session.flush()
        session.add_all(Group(**_group(space.id, channel, now, starts)) for channel in home.circles)
        await session.flush()
        found = await session.execute(
            select(Group.channel, Group.id).where(Group.space_id == space.id)
        )
        groups = {row.channel: row.id for row in found}
        members = [
            _member(space.id, groups[channel], people[ref], now)
            for channel, circle in home.circles.items()
            for ref in circle
        ]
        await session.execute(insert(Member), members)
    ticking = Ticking(database, PLANS)
    while await _is_unplanned(database, now):
        await ticking.tick(now)


async def _is_unplanned(database: Database, now: datetime) -> bool:
    async with database.reading() as session:
        first = select(Group.id).where(Group.planned_at <= now).limit(1)
        return await session.scalar(first) is not None


def _group(space: int, channel: str, now: datetime, starts: datetime) -> dict[str, object]:
    return {
        "space_id": space,
        "channel": channel,
        "name": f"Group {channel}",
        "every": "week",
        "weekday": starts.weekday(),
        "time": starts.time(),
        "zone": "UTC",
        "first": now.date(),
        "seed": 1,
        "planned_at": now,
        "created_at": now - timedelta(days=30),
    }


def _member(space: int, group: int, person: Person, now: datetime) -> dict[str, object]:
    return {
        "space_id": space,
        "group_id": group,
        "person_id": person.id,
        "ref": person.ref,
        "joined_at": now - timedelta(days=30),
        "draw": (person.id * 7919 % 101) / 101,
    }
