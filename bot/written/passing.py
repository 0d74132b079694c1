"""What days do to a case in writing: phases end, reminders fall due, pauses do not count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.zones import local_date
from bot.schedule.coming import active_members
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Draft, enqueue
from bot.store.tables import Group, Member
from bot.store.written_tables import WrittenCase
from bot.written.kept import Kept, find_running, who_has_written
from bot.written.rules import may_write, next_nudge
from bot.written.stepping import NUDGE, forward, refresh_card, resume

AT_ONCE = 20
"""Cases looked at in one transaction: requests must not wait long behind it."""


async def pass_days(session: AsyncSession, now: datetime) -> bool:
    """End the phases whose last day is over, and remind those who have not written.

    However late it comes, a case makes one step and everybody gets one reminder at most.
    """
    due = (
        select(Group.id)
        .join(WrittenCase, WrittenCase.group_id == Group.id)
        .where(
            Group.state == "active",
            WrittenCase.state == "open",
            or_(WrittenCase.ends_at <= now, WrittenCase.nudge_at <= now),
        )
        .order_by(WrittenCase.ends_at)
        .limit(AT_ONCE)
        .execution_options(**ACROSS_GROUPS)
    )
    numbers = (await session.scalars(due)).all()
    for number in numbers:
        group = await session.get_one(Group, number)
        kept = await find_running(session, group, lock=True)
        if kept is None:
            continue
        # Another process may have been faster by now.
        if kept.row.ends_at <= now:
            await forward(session, group, kept, None, now)
        elif kept.row.nudge_at is not None and kept.row.nudge_at <= now:
            await _remind(session, group, kept, now)
    return len(numbers) == AT_ONCE


NEXT_END = (
    select(WrittenCase.ends_at)
    .join(Group, Group.id == WrittenCase.group_id)
    .where(WrittenCase.state == "open", Group.state == "active")
    .order_by(WrittenCase.ends_at)
    .limit(1)
)
"""When the next phase ends."""

NEXT_NUDGE = (
    select(WrittenCase.nudge_at)
    .join(Group, Group.id == WrittenCase.group_id)
    .where(WrittenCase.state == "open", Group.state == "active", WrittenCase.nudge_at.is_not(None))
    .order_by(WrittenCase.nudge_at)
    .limit(1)
)
"""When the next reminders are due."""


async def _remind(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    row = kept.row
    due, row.nudge_at = row.nudge_at or now, next_nudge(row.nudge_at or now, now, row.ends_at)
    written = await who_has_written(session, group, kept)
    members = await active_members(session, group)
    drafts = [
        Draft(
            f"written:{kept.id}:{row.version}:nudge:{member.id}:{int(due.timestamp())}",
            NUDGE,
            now,
            subject=kept.id,
            person=member.ref,
            expires_at=row.ends_at,
        )
        for member in members
        if member.id not in written and is_asked(kept, group, member, now)
    ]
    await session.flush()
    await enqueue(session, group, *drafts)


def is_asked(kept: Kept, group: Group, member: Member, now: datetime) -> bool:
    """Whether somebody is to write in this phase, and about."""
    away = member.away_until is not None and local_date(now, group.zone) < member.away_until
    return not away and may_write(kept.phase, presents=member.id == kept.presenter.id)


async def on_rescheduled(session: AsyncSession, group: Group, now: datetime) -> None:
    """While a group is paused the days do not count; afterwards all that was left is left."""
    kept = await find_running(session, group, lock=True)
    if kept is None:
        return
    if group.state == "paused" and kept.row.paused_at is None:
        kept.row.paused_at = now
        await session.flush()
        await refresh_card(session, group, kept, now)
    elif group.state == "active" and kept.row.paused_at is not None:
        await resume(session, group, kept, now)


async def note_lost(session: AsyncSession, now: datetime) -> None:
    """Days do not count either for groups that were paused because their home was lost."""
    lost = await session.scalars(
        select(WrittenCase)
        .join(Group, Group.id == WrittenCase.group_id)
        .where(
            WrittenCase.state == "open", WrittenCase.paused_at.is_(None), Group.state == "paused"
        )
        .execution_options(**ACROSS_GROUPS)
    )
    for row in lost.all():
        row.paused_at = now
