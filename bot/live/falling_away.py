"""Parts of a running meeting that nobody is left for: they fall away, also what has begun.

What they would have taken is left over, and the next change of the agenda shares it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.carried import read_intentions
from bot.live.rules import skip_segment
from bot.live.state import LiveState, Segment
from bot.store.tables import Group, Meeting

FOLLOW_UPS = "follow-ups"
"""The kind of part that asks what became of the intentions of last time."""


def without_their_parts(state: LiveState, member: int, now: datetime) -> LiveState:
    """What a member presents falls away: nobody is left to tell it, or to hear it."""
    return _without(state, lambda segment: segment.presenter == member, now)


async def without_follow_ups(
    session: AsyncSession, group: Group, meeting: Meeting, state: LiveState, now: datetime
) -> LiveState:
    """The same, without asking what became of intentions where none is left."""
    coming = state.segments[state.at[0] :]
    if not any(segment.kind == FOLLOW_UPS for segment in coming):
        return state
    if await read_intentions(session, group, meeting.id):
        return state
    left = _without(state, lambda segment: segment.kind == FOLLOW_UPS, now)
    rest = tuple(segment for segment in left.segments if segment.kind != FOLLOW_UPS)
    # One that ran is taken out as well: after Back, Next would lead into it once more.
    segment, phase = left.at
    return replace(left, segments=rest, at=(segment - (rest != left.segments), phase))


def _without(state: LiveState, gone: Callable[[Segment], bool], now: datetime) -> LiveState:
    """No Back leads into a part again that fell away while it ran."""
    here = state.at[0]
    rest = tuple(s for n, s in enumerate(state.segments) if n <= here or not gone(s))
    left = replace(state, segments=rest)
    if left.segment is None or not gone(left.segment):
        return left
    gone_on = skip_segment(left, now)
    return replace(gone_on, before=tuple(m for m in gone_on.before if m.at[0] != here))
