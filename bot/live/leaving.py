"""What becomes of a running meeting when one of its members leaves the group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.following import go_on
from bot.live.kept import find_live
from bot.live.people import leave
from bot.queue.recusing import forget_marks_of
from bot.store.tables import Group, Member


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """The floor passes on if they had it, and no Back returns it to them."""
    await forget_marks_of(session, group, member)
    kept = await find_live(session, group, now)
    if kept is None:
        return
    state = leave(kept.state, member.id)
    if state != kept.state or state.version != kept.version:
        await go_on(session, group, kept, state, (None, now))
