"""What becomes of cases and swaps when a member leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue.presenting import end_swaps, refresh_queue
from bot.store.tables import Case, Group, Member


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """Withdraw a leaver's cases and end their swaps; the cards follow."""
    await session.execute(
        update(Case)
        .where(Case.group_id == group.id, Case.member_id == member.id, Case.state == "waiting")
        .values(state="withdrawn")
    )
    await session.execute(
        update(Case)
        .where(Case.group_id == group.id, Case.member_id == member.id, Case.state == "unconfirmed")
        .values(state="dropped")
    )
    await end_swaps(session, group, member)
    await refresh_queue(session, group, now)
