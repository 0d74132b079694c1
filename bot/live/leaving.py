"""What becomes of a running meeting when one of its members leaves the group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.falling_away import without_follow_ups, without_their_parts
from bot.live.following import go_on
from bot.live.kept import find_live
from bot.live.people import leave
from bot.queue.recusing import forget_marks_of
from bot.store.tables import Group, Member


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """The floor passes on if they had it, and so does the meeting if they were presenting."""
    await forget_marks_of(session, group, member)
    kept = await find_live(session, group, now)
    if kept is None:
        return
    state = without_their_parts(leave(kept.state, member.id), member.id, now)
    state = await without_follow_ups(session, group, kept.meeting, state, now)
    if state != kept.state or state.version != kept.version:
        await go_on(session, group, kept, state, (None, now))
