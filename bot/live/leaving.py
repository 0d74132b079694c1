"""What becomes of a running meeting when one of its members leaves the group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.kept import find_live, keep
from bot.live.people import leave
from bot.store.tables import Group, Member


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """The floor passes on if they had it, and no Back returns it to them."""
    kept = await find_live(session, group, now)
    if kept is None:
        return
    state = leave(kept.state, member.id)
    if state != kept.state or state.version != kept.version:
        await keep(session, group, kept, state, (None, now))
