"""Which meeting somebody means: the one that runs or comes next, or that of a button."""

from __future__ import annotations

from sqlalchemy import select

from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.schedule import texts
from bot.schedule.coming import find_current
from bot.store.tables import Meeting


async def current(ctx: Context) -> Meeting:
    """The meeting that runs or comes next."""
    meeting = await find_current(ctx.session, ctx.group, ctx.now)
    if meeting is None or meeting.state != "begun":
        check_not_paused(ctx)
    if meeting is None:
        raise NotFound(texts.NO_MEETING)
    return meeting


def check_not_paused(ctx: Context) -> None:
    """While a group is paused its dates stand in the calendar, but nobody meets."""
    if ctx.group.state == "paused":
        raise Conflict(texts.PAUSED)


async def planned(ctx: Context, number: int) -> Meeting:
    """The meeting a button is about, unless it is over, skipped or gone."""
    found = await ctx.session.scalars(
        select(Meeting).where(Meeting.group_id == ctx.group.id, Meeting.id == number)
    )
    meeting = found.one_or_none()
    if meeting is None or meeting.state not in ("planned", "begun"):
        raise Conflict(texts.OTHER_MEETING)
    if meeting.state == "planned":
        check_not_paused(ctx)
    return meeting
