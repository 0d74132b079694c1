"""All features together: what can be asked, and which features one event touches, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select
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
from bot.groups.membership import FIRST_OFFER, HELD, pass_on_places
from bot.groups.removal import NEXT_PROPOSAL, carry_out_proposals
from bot.live import beginning, cards, ending, facilitating, recusing
from bot.live import changing as agenda
from bot.live import commands as live
from bot.live import showing as live_card
from bot.live.leaving import on_left as leave_meeting
from bot.meetings import changing
from bot.meetings import commands as meetings
from bot.my import commands as my
from bot.my.absence import on_planned
from bot.prompts import composers as prompts
from bot.prompts import showing
from bot.rounds import commands as rounds
from bot.schedule.ending import Present, find_unnoted, note_presence_of_reader
from bot.schedule.ending import note_presence as note_seen
from bot.schedule.leaving import on_absent, vacate_seats
from bot.schedule.plan import NEXT_PLANNING, on_joined, on_rescheduled, plan_due_groups
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import NEXT_DUE
from bot.store.tables import Post
from bot.turns import commands as turns

__all__ = [
    "COMMANDS",
    "EVENTS",
    "LASTING",
    "PLANS",
    "note_lost",
    "note_presence",
    "note_presence_of_reader",
    "on_gone",
]

COMMANDS = Commands()
for feature in (
    groups,
    *(meetings, beginning, live, agenda, ending, live_card, changing),
    *(cases, looking, swapping, hearing),
    *(facilitating, recusing, cards),
    turns,
    my,
    rounds,
    changes,
    *(prompts, showing),
):
    COMMANDS.include(feature.COMMANDS)

EVENTS = Events(
    joined=(on_joined,),
    left=(withdraw_cases, turns.on_left, leave_meeting, vacate_seats),
    absent=(on_absent,),
    rescheduled=(on_rescheduled, on_planned),
    turn=live.turn,
)

Plan = Callable[[AsyncSession, datetime], Awaitable[object]]


async def carry_out(session: AsyncSession, now: datetime) -> None:
    """Carry out the removals that nobody objected to."""
    await carry_out_proposals(session, now, EVENTS)


PLANS: tuple[Plan, ...] = (plan_due_groups, carry_out, pass_on_places)
"""What a tick writes down when its moment has come."""

MOMENTS = (
    (NEXT_DUE, timedelta()),
    (NEXT_PLANNING, timedelta()),
    (NEXT_PROPOSAL, timedelta()),
    (FIRST_OFFER, HELD),
)
"""What is waited for, and how long after the moment that the database holds."""

ALL_MOMENTS = select(*(statement.scalar_subquery() for statement, _ in MOMENTS))


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
    found = (await session.execute(ALL_MOMENTS, execution_options=ACROSS_GROUPS)).one()
    moments = [at + delay for at, (_, delay) in zip(found, MOMENTS, strict=True) if at is not None]
    return min(moments, default=None)


async def note_presence(context: Context) -> None:
    """A member who asks for anything while a meeting runs is there."""
    await note_seen(context.session, context.group, context.member)


async def unnoted_presence(context: Context) -> Present | None:
    """Who asked without writing while a meeting runs, if they were not seen there before."""
    if context.found_group is None or context.found_member is None:
        return None
    return await find_unnoted(context.session, context.group, context.member)
