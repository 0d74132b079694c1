"""All features together: what can be asked, and which features one event touches, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import changes
from bot.cases import commands as cases
from bot.cases import hearing, looking, swapping
from bot.cases.leaving import on_left as withdraw_cases
from bot.chat.commands import Commands
from bot.context import Context, Events
from bot.errors import DeliveryError
from bot.groups import commands as groups
from bot.groups import gone
from bot.groups.gone import note_lost
from bot.groups.membership import next_passing_on, pass_on_places
from bot.groups.removal import carry_out_proposals, next_proposal
from bot.meetings import changing, live
from bot.meetings import commands as meetings
from bot.my import commands as my
from bot.my.absence import on_planned
from bot.prompts import composers as prompts
from bot.prompts import showing
from bot.rounds import commands as rounds
from bot.schedule.ending import note_presence as note_seen
from bot.schedule.leaving import on_absent, vacate_seats
from bot.schedule.plan import next_planning, on_joined, on_rescheduled, plan_due_groups
from bot.store.outbox import next_due
from bot.store.tables import Post
from bot.turns import commands as turns

__all__ = ["COMMANDS", "EVENTS", "LASTING", "PLANS", "note_lost", "note_presence", "on_gone"]

COMMANDS = Commands()
for feature in (
    groups,
    *(meetings, live, changing),
    *(cases, looking, swapping, hearing),
    turns,
    my,
    rounds,
    changes,
    *(prompts, showing),
):
    COMMANDS.include(feature.COMMANDS)

EVENTS = Events(
    joined=(on_joined,),
    left=(withdraw_cases, turns.on_left, vacate_seats),
    absent=(on_absent,),
    rescheduled=(on_rescheduled, on_planned),
)

Plan = Callable[[AsyncSession, datetime], Awaitable[object]]
Moment = Callable[[AsyncSession], Awaitable[datetime | None]]


async def carry_out(session: AsyncSession, now: datetime) -> None:
    """Carry out the removals that nobody objected to."""
    await carry_out_proposals(session, now, EVENTS)


PLANS: tuple[Plan, ...] = (plan_due_groups, carry_out, pass_on_places)
"""What a tick writes down when its moment has come."""

MOMENTS: tuple[Moment, ...] = (next_due, next_planning, next_proposal, next_passing_on)
"""When there is something to write down or to send."""


LASTING = frozenset({"group"})
"""Kinds of post that live as long as their group."""


async def on_gone(session: AsyncSession, post: Post, error: DeliveryError, now: datetime) -> None:
    """Draw the conclusion from a post that nobody can be given."""
    if error.scope == "person" and error.reason == showing.CLOSED:
        await showing.offer(session, post, now)
    else:
        await gone.on_gone(session, post, error, now)


async def next_moment(session: AsyncSession) -> datetime | None:
    """The next moment at which anything falls due."""
    moments = [await moment(session) for moment in MOMENTS]
    return min((moment for moment in moments if moment is not None), default=None)


async def note_presence(context: Context) -> None:
    """A member who asks for anything while a meeting runs is there."""
    await note_seen(context.session, context.group, context.member)
