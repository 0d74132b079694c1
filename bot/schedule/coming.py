"""The coming meetings of a group: which there are, and when what is due for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.schedule.series import Series, call_lead
from bot.store.tables import Group, Meeting, Member


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


async def find_current(session: AsyncSession, group: Group, now: datetime) -> Meeting | None:
    """The meeting that runs, else the one that should be running, else the next one."""
    found = await session.scalars(
        select(Meeting)
        .where(
            Meeting.group_id == group.id,
            or_(Meeting.id == (group.live_id or 0), Meeting.state == "planned"),
        )
        .order_by(Meeting.state, Meeting.starts_at)
    )
    for meeting in found:
        if meeting.state == "begun" or ends_at(meeting) > now:
            return meeting
    return None


async def active_members(session: AsyncSession, group: Group) -> Sequence[Member]:
    """The members, in the order in which they joined."""
    found = await session.scalars(
        select(Member)
        .where(Member.group_id == group.id, Member.state == "active")
        .order_by(Member.joined_at, Member.id)
    )
    return found.all()
