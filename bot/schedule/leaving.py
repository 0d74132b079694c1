"""What becomes of the seats of somebody who leaves or cannot come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.schedule.attendance import refresh_cards
from bot.schedule.coming import coming_meetings
from bot.schedule.seats import reseat
from bot.store.outbox import cancel
from bot.store.tables import Group, Member, Post


async def vacate_seats(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """A leaver's seats go to the next, and nothing more is sent to them about meetings."""
    await cancel(session, group, "left", Post.person == member.ref, Post.meeting_id.is_not(None))
    coming = await coming_meetings(session, group, now)
    for meeting in coming:
        await reseat(session, group, meeting, now)
    await refresh_cards(session, group, coming, now)


async def on_absent(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """A member is away or has come back: seats are filled anew, and the cards show it."""
    coming = await coming_meetings(session, group, now)
    for meeting in coming:
        await reseat(session, group, meeting, now)
    await refresh_cards(session, group, coming, now)
