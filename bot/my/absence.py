"""Being away in every group of a space at once: what is answered for a person meanwhile.

The day in `away_until` is the day they are back: of the meetings before it they miss each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, inspect, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import Context
from bot.schedule.attendance import make_rsvp
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import changed
from bot.store.tables import NOT_CLOSED, Group, Meeting, Member, Rsvp

LONGEST = 366
"""Days: an absence of more than a year is a slip of the hand, or leaving."""


NOT_YET = or_(Rsvp.answer.is_(None), Rsvp.answer != "not going")
"""Whoever says that they are away takes back an earlier yes; a later yes stands."""


async def find_memberships(ctx: Context, *, lock: bool = False) -> list[tuple[Member, Group]]:
    """The person's places in the groups of this space, oldest group first."""
    if inspect(ctx.person).transient:
        return []
    statement = (
        select(Member, Group)
        .join(Group, Group.id == Member.group_id)
        .where(
            Member.person_id == ctx.person.id,
            Member.state.in_(("active", "waiting")),
            NOT_CLOSED,
        )
        .order_by(Group.id)
        .execution_options(**ACROSS_GROUPS)
    )
    if lock:
        statement = statement.with_for_update(of=Group, key_share=True)
    return list((await ctx.session.execute(statement)).all())


async def set_absence(
    ctx: Context, memberships: Sequence[tuple[Member, Group]], back: date | None
) -> tuple[list[Meeting], list[Meeting]]:
    """Mark them away everywhere, or back with `None`; give what was answered and taken back."""
    answered: list[Meeting] = []
    reopened: list[Meeting] = []
    for member, group in memberships:
        member.away_until = back
        for meeting in await _coming(ctx.session, group, ctx.now):
            if await _settle(ctx.session, group, member, meeting, NOT_YET):
                (answered if _misses(member, meeting) else reopened).append(meeting)
        for touch in ctx.events.absent:
            await touch(ctx.session, group, member, ctx.now)
    return sorted(answered, key=_start), sorted(reopened, key=_start)


async def on_planned(session: AsyncSession, group: Group, now: datetime) -> None:
    """Answer for the members who are away when meetings were written down or have moved."""
    away = await session.scalars(
        select(Member).where(
            Member.group_id == group.id, Member.state == "active", Member.away_until.is_not(None)
        )
    )
    coming = await _coming(session, group, now)
    for member in away.all():
        for meeting in coming:
            await _settle(session, group, member, meeting, Rsvp.answer.is_(None))


async def next_meetings(ctx: Context, groups: Sequence[Group]) -> dict[int, Meeting]:
    """The meeting that runs or comes next in each of the groups, by the group's number."""
    found = await ctx.session.scalars(
        select(Meeting)
        .where(
            Meeting.group_id.in_([group.id for group in groups]),
            or_(
                Meeting.state == "begun",
                and_(Meeting.state == "planned", Meeting.starts_at > ctx.now),
            ),
        )
        .order_by(Meeting.starts_at.desc())
        .execution_options(**ACROSS_GROUPS)
    )
    return {meeting.group_id: meeting for meeting in found}


async def _coming(session: AsyncSession, group: Group, now: datetime) -> list[Meeting]:
    found = await session.scalars(
        select(Meeting)
        .where(Meeting.group_id == group.id, Meeting.state == "planned", Meeting.starts_at > now)
        .order_by(Meeting.starts_at)
    )
    return list(found)


def _misses(member: Member, meeting: Meeting) -> bool:
    return member.away_until is not None and meeting.day < member.away_until


def _start(meeting: Meeting) -> datetime:
    return meeting.starts_at


async def _settle(
    session: AsyncSession,
    group: Group,
    member: Member,
    meeting: Meeting,
    unless_said: ColumnElement[bool],
) -> bool:
    """Give the answer for one meeting, where it may be given, or take it back; did it change?"""
    of_theirs = (
        update(Rsvp)
        .where(
            Rsvp.group_id == group.id,
            Rsvp.meeting_id == meeting.id,
            Rsvp.member_id == member.id,
        )
        .execution_options(synchronize_session="fetch")
    )
    if not _misses(member, meeting):
        taken_back = of_theirs.where(Rsvp.for_away, Rsvp.answer == "not going")
        return changed(await session.execute(taken_back.values(answer=None, for_away=False))) > 0
    if member.state != "active":
        return False
    await make_rsvp(session, group, meeting, member)
    answered = of_theirs.where(unless_said)
    return changed(await session.execute(answered.values(answer="not going", for_away=True))) > 0
