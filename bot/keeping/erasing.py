"""Erasing a person, a group or a space: keys first, then rows, and a mark that outlasts backups.

The mark goes into the ledger beside the key store. A backup that is put back later still holds
the rows; at the next start the ledger says whom to erase again, and whoever joined anew after
being erased is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping.fading import WIDELY, let_go
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import mark_woken
from bot.store.purge import destroy_keys
from bot.store.sealed import ring_of, sealed_tables
from bot.store.tables import Case, Group, Member, OfGroup, Person, Post, Round, Space, Table


async def forget(session: AsyncSession, space: Space, person: Person, now: datetime) -> None:
    """Erase a person from every group of a space; they have left all of them before.

    What others need stays without them: a meeting they led has nobody who led it.
    """
    ring = ring_of(session)
    await ring.note_erasure(await ring.mark(space.platform, space.ref, person.ref), now)
    found = await session.scalars(
        select(Member).where(Member.person_id == person.id), execution_options=ACROSS_GROUPS
    )
    members = found.all()
    cases = select(Case.id, Case.group_id, Case.key_id).where(
        Case.member_id.in_([member.id for member in members]), Case.key_id.is_not(None)
    )
    heard = (await session.execute(cases, execution_options=ACROSS_GROUPS)).all()
    await let_go(session, heard, now)
    await destroy_keys(session, await _keys_of_members(session, members))
    await _delete_posts(session, space, person.ref)
    await _unname(session, [member.id for member in members])
    for row in (*members, person):
        session.expunge(row)
    await session.execute(delete(Person).where(Person.id == person.id), execution_options=WIDELY)
    mark_woken(session)


async def _keys_of_members(session: AsyncSession, members: Sequence[Member]) -> list[str | None]:
    """The keys of what these members wrote, and of nothing else."""
    ids = [member.id for member in members]
    keys = [member.key_id for member in members]
    for table in sealed_tables():
        by = getattr(table, "member_id", None)
        if by is not None:
            found = await session.scalars(
                select(table.key_id).where(by.in_(ids)), execution_options=ACROSS_GROUPS
            )
            # A key that is joined from several goes with the member's own.
            keys += [name for name in found if name is not None and "+" not in name]
    return keys


async def _delete_posts(session: AsyncSession, space: Space, ref: str) -> None:
    """What was said or is to be said to them alone."""
    theirs = delete(Post).where(Post.space_id == space.id, Post.person == ref)
    await session.execute(theirs, execution_options=WIDELY)


async def _unname(session: AsyncSession, members: Sequence[int]) -> None:
    """Let rows that stay for the others name these members no more, and drop what only counts."""
    groups = select(Member.group_id).where(Member.id.in_(members))
    over = delete(Round).where(Round.group_id.in_(groups), Round.ended)
    await session.execute(over, execution_options=WIDELY)
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column is Member.__table__.c.id and key.ondelete is None:
                    nobody = update(table).where(column.in_(members)).values({column: None})
                    await session.execute(nobody, execution_options=WIDELY)


async def erase_group(session: AsyncSession, group: Group, now: datetime) -> None:
    """Delete everything of a group, and destroy its keys."""
    ring = ring_of(session)
    await ring.note_erasure(await ring.mark("group", group.uid), now)
    await destroy_keys(session, await keys_of_group(session, group))
    session.expunge(group)
    await session.execute(delete(Group).where(Group.id == group.id), execution_options=WIDELY)


async def keys_of_group(session: AsyncSession, group: Group) -> list[str | None]:
    """The keys of everything that was written in a group."""
    keys: list[str | None] = [group.key_id]
    holders: list[Any] = [Member, *sealed_tables()]
    for table in holders:
        if issubclass(table, OfGroup):
            of: ColumnElement[bool] = table.group_id == group.id
            keys += (await session.scalars(select(table.key_id).where(of))).all()
    return [name for name in keys if name is not None and "+" not in name]


async def erase_space(session: AsyncSession, space: Space, now: datetime) -> None:
    """Delete everything of a space that the bot was removed from."""
    groups = select(Group).where(Group.space_id == space.id)
    for group in (await session.scalars(groups, execution_options=ACROSS_GROUPS)).all():
        await erase_group(session, group, now)
    ring = ring_of(session)
    for ref in (await session.scalars(select(Person.ref).where(Person.space_id == space.id))).all():
        await ring.note_erasure(await ring.mark(space.platform, space.ref, ref), now)
    session.expunge(space)
    await session.execute(delete(Space).where(Space.id == space.id), execution_options=WIDELY)
