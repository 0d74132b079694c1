"""What becomes of a running meeting when one of its members leaves the group."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.following import go_on
from bot.live.kept import find_live
from bot.live.people import leave
from bot.live.rules import skip_segment
from bot.live.state import LiveState
from bot.queue.recusing import forget_marks_of
from bot.store.tables import Group, Member


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """The floor passes on if they had it, and so does the meeting if they were presenting."""
    await forget_marks_of(session, group, member)
    kept = await find_live(session, group, now)
    if kept is None:
        return
    state = _without_their_parts(leave(kept.state, member.id), member.id, now)
    if state != kept.state or state.version != kept.version:
        await go_on(session, group, kept, state, (None, now))


def _without_their_parts(state: LiveState, member: int, now: datetime) -> LiveState:
    """What they present falls away, also what has begun: nobody is left to tell it, or to hear it.

    No Back leads into it again.
    """
    here = state.at[0]
    rest = tuple(s for n, s in enumerate(state.segments) if n <= here or s.presenter != member)
    left = replace(state, segments=rest)
    if left.segment is None or left.segment.presenter != member:
        return left
    gone_on = skip_segment(left, now)
    return replace(gone_on, before=tuple(m for m in gone_on.before if m.at[0] != here))
