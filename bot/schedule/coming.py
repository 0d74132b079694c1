"""The coming meetings of a group: which there are, and when what is due for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import BigInteger, and_, bindparam, cast, literal, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from bot.schedule.series import Series, call_lead
from bot.store.tables import Group, Meeting, Member, UtcDateTime

Next: TypeAlias = datetime | Literal["running", "due"] | None
"""When a group meets next, or that it meets now: begun, or waiting for somebody to begin."""


def series_of(group: Group) -> Series:
    """The group's recurrence."""
    return Series(group.every, group.weekday, group.time, group.zone, group.first)  # type: ignore[arg-type]


def call_at(group: Group, meeting: Meeting) -> datetime:
    """When cases are called for; leads are elapsed time."""
    lead = timedelta(seconds=group.call_lead) if group.call_lead else call_lead(series_of(group))
    return meeting.starts_at - lead


def agenda_at(group: Group, meeting: Meeting) -> datetime:
    """When the agenda is posted and the seats are fixed."""
    return meeting.starts_at - timedelta(seconds=group.agenda_lead)


def ends_at(meeting: Meeting) -> datetime:
    """When the meeting is planned to end."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


async def coming_meetings(session: AsyncSession, group: Group, now: datetime) -> Sequence[Meeting]:
    """The planned meetings that have not started, the next first."""
    found = await session.scalars(
        select(Meeting)
        .where(Meeting.group_id == group.id, Meeting.state == "planned", Meeting.starts_at > now)
        .order_by(Meeting.starts_at)
    )
    return found.all()


# Built once, and of the table's own columns: putting such a statement together anew costs as much
# as carrying it out, and every `/case add` asks which meeting comes.
MEETINGS = Meeting.__table__
LENGTH = cast(MEETINGS.c.minutes, BigInteger) * literal(60_000_000, BigInteger)
ENDS_AT = type_coerce(type_coerce(MEETINGS.c.starts_at, BigInteger) + LENGTH, UtcDateTime())
NOT_OVER = bindparam("not_over_at", type_=UtcDateTime()) < ENDS_AT
IS_COMING = (
    MEETINGS.c.group_id == bindparam("of_group"),
    or_(MEETINGS.c.state == "begun", and_(MEETINGS.c.state == "planned", NOT_OVER)),
)
"""Which meetings run or are still to come: one that nobody began is over when its time is.

`coming_to` gives the values.
"""

NEXT_MEETING = select(Meeting).where(*IS_COMING).order_by(Meeting.state, Meeting.starts_at).limit(1)
"""The meeting that runs, else the one that should be running, else the next one."""


def coming_to(group: Group, now: datetime) -> dict[str, Any]:
    """What `IS_COMING` asks for."""
    return {"of_group": group.id, "not_over_at": now}


async def find_current(session: AsyncSession, group: Group, now: datetime) -> Meeting | None:
    """The meeting that runs, else the one that should be running, else the next one."""
    return (await session.scalars(NEXT_MEETING, coming_to(group, now))).one_or_none()


async def active_members(session: AsyncSession, group: Group) -> Sequence[Member]:
    """The members, in the order in which they joined."""
    found = await session.scalars(
        select(Member)
        .where(Member.group_id == group.id, Member.state == "active")
        .order_by(Member.joined_at, Member.id)
    )
    return found.all()
