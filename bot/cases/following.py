"""What follows when the queue has changed: the cards, and the roles of whoever presents now."""

from __future__ import annotations

from bot.context import Context
from bot.queue.presenting import refresh_queue
from bot.queue.reading import Coming, case_time, cut_agenda, read_coming
from bot.schedule.seats import reseat
from bot.store.tables import Meeting


async def follow_queue(ctx: Context) -> Coming:
    """Let the cards and the roles follow a change of the queue; give the queue as it is now."""
    await refresh_queue(ctx.session, ctx.group, ctx.now)
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    if coming.meeting is not None and _roles_may_change(coming, coming.meeting):
        await reseat(ctx.session, ctx.group, coming.meeting, ctx.now)
    return coming


def _roles_may_change(coming: Coming, meeting: Meeting) -> bool:
    """Whether a presenter has a role, or somebody who presents no longer may get one."""
    if meeting.state != "planned" or meeting.seats_fixed:
        return False
    roles = {meeting.facilitator_id, meeting.recorder_id}
    heard = cut_agenda(coming.places, case_time(meeting)).places
    return None in roles or any(place.member.id in roles for place in heard)
