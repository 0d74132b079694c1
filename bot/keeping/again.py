"""After a backup was put back: whoever was erased since is erased again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping.erasing import erase_group
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.sealed import ring_of
from bot.store.tables import Group, Person, Space

Forgetting = Callable[[AsyncSession, Space, Person, datetime], Awaitable[None]]
"""Lets a person leave every group, and erases them."""


async def erase_again(database: Database, forgetting: Forgetting, now: datetime) -> int:
    """Erase whoever the ledger knows and who is here from before; give their number."""
    if database.keys is None or not (erased := await database.keys.store.erasures()):
        return 0
    count = 0
    async with database.writing() as session:
        for group in (await session.scalars(select(Group), execution_options=ACROSS_GROUPS)).all():
            if await ring_of(session).mark("group", group.uid) in erased:
                await erase_group(session, group, now)
                count += 1
        people = select(Person, Space).join(Space, Space.id == Person.space_id)
        for person, space in (await session.execute(people)).all():
            mark = await ring_of(session).mark(space.platform, space.ref, person.ref)
            at = erased.get(mark)
            if at is not None and (person.since is None or person.since <= at):
                await forgetting(session, space, person, at)
                count += 1
    return count
