"""A thousand real groups whose calls for cases all fall due in the same second."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from bot.features import PLANS
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Group, Member, Person, Post, Space
from scheduler.tick import Ticking

MEMBERS = 5
CALL = timedelta(days=3)
"""A weekly group's cases are called for so long before it meets."""


async def add_circles(
    database: Database, platform: str, space: str, channels: list[str], now: datetime
) -> datetime:
    """One group in each channel, planned, so that all calls are due a while after `now`."""
    due = (now + timedelta(seconds=20 + len(channels) / 60)).replace(microsecond=0)
    starts = due + CALL
    async with database.writing() as session:
        home = Space(platform=platform, ref=space)
        session.add(home)
        await session.flush()
        people = [
            Person(space_id=home.id, ref=f"{space}9{n}", private=True) for n in range(MEMBERS)
        ]
        session.add_all(people)
        await session.flush()
        rows = [
            _group(home.id, number, channel, starts, now) for number, channel in enumerate(channels)
        ]
        await session.execute(insert(Group), rows)
        groups = (await session.scalars(select(Group.id).where(Group.space_id == home.id))).all()
        await session.execute(
            insert(Member),
            [_member(home.id, group, person, now) for group in groups for person in people],
        )
    ticking = Ticking(database, PLANS)
    while await _unplanned(database, now):
        await ticking.tick(now)
    return due


async def _unplanned(database: Database, now: datetime) -> bool:
    async with database.reading() as session:
        first = select(Group.id).where(Group.planned_at <= now).limit(1)
        return await session.scalar(first) is not None


def _group(
    space: int, number: int, channel: str, starts: datetime, now: datetime
) -> dict[str, object]:
    return {
        "space_id": space,
        "channel": channel,
        "name": f"Group {number}",
        "every": "week",
        "weekday": starts.weekday(),
        "time": starts.time(),
        "zone": "UTC",
        "first": now.date(),
        "seed": number,
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


async def count_posts(database: Database, state: str) -> int:
    """How many posts of all groups are in this state."""
    async with database.reading() as session:
        found = await session.scalars(
            select(Post.id).where(Post.state == state), execution_options=ACROSS_GROUPS
        )
        return len(found.all())
