"""What is carried out of a meeting, read and written here alone: intentions and take-aways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.live_tables import Intention, TakeAway
from bot.store.outbox import changed, refresh
from bot.store.sealed import key_of
from bot.store.tables import Group, Meeting, Member, Post

Carried: TypeAlias = type[Intention] | type[TakeAway]
"""One of the two kinds: at most one a member and meeting."""


@dataclass(frozen=True, slots=True)
class Intended:
    """What a presenter meant to do, in their own words."""

    member_id: int
    text: str


async def write(
    session: AsyncSession, kind: Carried, meeting: Meeting, member: Member, text: str
) -> None:
    """Keep these words instead of what the member wrote for this meeting before."""
    row = await _find(session, kind, meeting, member)
    if row is None:
        row = kind(
            space_id=meeting.space_id,
            group_id=meeting.group_id,
            meeting_id=meeting.id,
            member_id=member.id,
            key_id=await key_of(session, member),
        )
        session.add(row)
    row.text = text
    await session.flush()


async def read(session: AsyncSession, kind: Carried, meeting: Meeting, member: Member) -> str:
    """What the member wrote for this meeting; nothing where they did not."""
    row = await _find(session, kind, meeting, member)
    return "" if row is None else row.text


async def _find(
    session: AsyncSession, kind: Carried, meeting: Meeting, member: Member
) -> Intention | TakeAway | None:
    found: Intention | TakeAway | None = await session.scalar(
        select(kind).where(
            kind.group_id == meeting.group_id,
            kind.meeting_id == meeting.id,
            kind.member_id == member.id,
        )
    )
    return found


async def read_intentions(session: AsyncSession, group: Group, but: int) -> list[Intended]:
    """What was intended before the meeting with this number, in the order it was written down."""
    rows = await session.scalars(
        select(Intention)
        .where(Intention.group_id == group.id, Intention.meeting_id != but)
        .order_by(Intention.id)
    )
    return [Intended(row.member_id, row.text) for row in rows]


async def read_takeaways(
    session: AsyncSession, member: Member, skip: int, most: int
) -> Sequence[tuple[datetime, str]]:
    """A member's own take-aways, the newest meeting first."""
    rows = await session.execute(
        select(Meeting.starts_at, TakeAway)
        .join(Meeting, Meeting.id == TakeAway.meeting_id)
        .where(TakeAway.group_id == member.group_id, TakeAway.member_id == member.id)
        .order_by(Meeting.starts_at.desc())
        .offset(skip)
        .limit(most)
    )
    return [(starts_at, row.text) for starts_at, row in rows]


async def any_intention(session: AsyncSession, group: Group) -> bool:
    """Whether anything was intended of which the group can ask what became."""
    found = await session.scalar(select(exists().where(Intention.group_id == group.id)))
    return bool(found)


async def who_intends(session: AsyncSession, group: Group, meeting: Meeting) -> set[int]:
    """Which members have written an intention in this meeting."""
    found = await session.scalars(
        select(Intention.member_id).where(
            Intention.group_id == group.id, Intention.meeting_id == meeting.id
        )
    )
    return set(found)


async def remove(
    session: AsyncSession, kind: Carried, member: Member, meeting: Meeting | None = None
) -> int:
    """Delete what a member wrote, for one meeting or for all; say how many there were."""
    of = () if meeting is None else (kind.meeting_id == meeting.id,)
    result = await session.execute(
        delete(kind).where(kind.group_id == member.group_id, kind.member_id == member.id, *of)
    )
    return changed(result)


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """Delete what a leaver wrote: nobody else is to read it, and they no longer can."""
    await remove(session, TakeAway, member)
    if await remove(session, Intention, member):
        await refresh(session, group, now, Post.kind == "begun", Post.meeting_id == group.live_id)
