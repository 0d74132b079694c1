"""All features together: what can be asked, and which features one event touches, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Select, select
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
from bot.groups.closing import close_groups
from bot.groups.membership import FIRST_OFFER, HELD, let_go, pass_on_places
from bot.groups.removal import NEXT_PROPOSAL, carry_out_proposals
from bot.keeping.erasing import forget
from bot.keeping.fading import FIRST_TO_FADE, FIRST_UNDATED, date_contents, fade
from bot.keeping.leaving import FIRST_GONE, PATIENCE, erase_spaces, note_back, was_left
from bot.live import beginning, closing, ending, facilitating, perspectives, recusing, room_card
from bot.live import changing as agenda
from bot.live import commands as live
from bot.live import showing as live_card
from bot.live.carried import on_left as delete_carried
from bot.live.leaving import on_left as leave_meeting
from bot.meetings import changing, formats
from bot.meetings import commands as meetings
from bot.my import commands as my
from bot.my.absence import on_planned
from bot.my.forgetting import leave_all
from bot.prompts import composers as prompts
from bot.prompts import showing
from bot.rounds import commands as rounds
from bot.schedule.ending import Present, find_unnoted, note_presence_of_reader
from bot.schedule.ending import note_presence as note_seen
from bot.schedule.leaving import on_absent, vacate_seats
from bot.schedule.plan import NEXT_PLANNING, on_joined, on_rescheduled, plan_due_groups
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import NEXT_DUE
from bot.store.tables import Group, Member, Person, Post, Space
from bot.turns import commands as turns
from bot.written import commands as written
from bot.written import composers as written_posts
from bot.written import passing, stepping, writing

__all__ = [
    "COMMANDS",
    "EVENTS",
    "LASTING",
    "PLANS",
    "note_back",
    "note_lost",
    "note_presence",
    "note_presence_of_reader",
    "on_gone",
    "was_left",
]

COMMANDS = Commands()
for feature in (
    groups,
    *(meetings, beginning, live, agenda, ending, live_card, changing, formats),
    *(cases, looking, swapping, hearing),
    *(facilitating, recusing, perspectives, room_card),
    turns,
    my,
    closing,
    rounds,
    changes,
    *(prompts, showing),
    *(written, writing, written_posts),
):
    COMMANDS.include(feature.COMMANDS)


async def go(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """Let a member go who wants to be forgotten."""
    await let_go(session, group, member, EVENTS, now)


EVENTS = Events(
    gone=(go,),
    joined=(on_joined,),
    left=(
        withdraw_cases,
        turns.on_left,
        stepping.on_left,
        delete_carried,
        leave_meeting,
        vacate_seats,
    ),
    absent=(on_absent,),
    rescheduled=(on_rescheduled, on_planned, passing.on_rescheduled),
    withdrawing=(agenda.check_not_open,),
    reformatted=(agenda.follow_format,),
    turn=live.turn,
)

Plan = Callable[[AsyncSession, datetime], Awaitable[object]]


async def forget_again(session: AsyncSession, space: Space, person: Person, at: datetime) -> None:
    """Let a person whom a backup has brought back go from their groups, and erase them."""
    await leave_all(session, person, EVENTS, at)
    await forget(session, space, person, at)


async def carry_out(session: AsyncSession, now: datetime) -> None:
    """Carry out the removals that nobody objected to."""
    await carry_out_proposals(session, now, EVENTS)


Moment: TypeAlias = tuple[Select[Any], timedelta]
"""What the database holds of a moment, and how long after that it is."""

AT_ONCE = timedelta()

TO_PLAN: tuple[tuple[Plan, tuple[Moment, ...]], ...] = (
    (plan_due_groups, ((NEXT_PLANNING, AT_ONCE),)),
    (carry_out, ((NEXT_PROPOSAL, AT_ONCE),)),
    # A place that has just become free is offered at once.
    (pass_on_places, ((FIRST_OFFER, HELD), (NEXT_PROPOSAL, AT_ONCE))),
    (passing.pass_days, ((passing.NEXT_END, AT_ONCE), (passing.NEXT_NUDGE, AT_ONCE))),
    (close_groups, ((NEXT_PROPOSAL, AT_ONCE),)),
    (erase_spaces, ((FIRST_GONE, PATIENCE),)),
    (date_contents, ((FIRST_UNDATED, AT_ONCE),)),
    (fade, ((FIRST_TO_FADE, AT_ONCE),)),
)
"""What a tick writes down, and the moments that each of it waits for."""

PLANS: tuple[Plan, ...] = tuple(plan for plan, _ in TO_PLAN)

MOMENTS: tuple[Moment, ...] = tuple(
    dict.fromkeys(moment for _, waited_for in TO_PLAN for moment in waited_for)
)

ALL_PLANNED = select(*(statement.scalar_subquery() for statement, _ in MOMENTS))
"""All moments that a tick waits for, in one statement."""


LASTING = frozenset({"group"})
"""Kinds of post that live as long as their group."""


async def on_gone(session: AsyncSession, post: Post, error: DeliveryError, now: datetime) -> None:
    """Draw the conclusion from a post that nobody can be given."""
    if error.scope == "person" and error.reason == showing.CLOSED:
        await showing.offer(session, post, now)
    elif error.scope == "room":
        await room_card.on_lost(session, post, now)
    else:
        await gone.on_gone(session, post, error, now)
        await passing.note_lost(session, now)


async def note_lost(
    session: AsyncSession, platform: str, space: str, channel: str | None, now: datetime
) -> None:
    """A platform says that a space, or a channel of it, is gone."""
    await gone.note_lost(session, platform, space, channel, now)
    await passing.note_lost(session, now)


async def due_plans(session: AsyncSession, now: datetime) -> list[Plan]:
    """The plans for which there is something to write down, in their order."""
    due = {moment for moment, at in await _moments(session) if at <= now}
    return [plan for plan, waited_for in TO_PLAN if not due.isdisjoint(waited_for)]


async def next_moment(session: AsyncSession) -> datetime | None:
    """The next moment at which anything falls due: to be written down, or to be said."""
    to_say = await session.scalar(NEXT_DUE, execution_options=ACROSS_GROUPS)
    planned = [at for _, at in await _moments(session)]
    return min([*planned, *([to_say] if to_say else [])], default=None)


async def _moments(session: AsyncSession) -> list[tuple[Moment, datetime]]:
    """Each moment with its time, where there is one to wait for."""
    found = (await session.execute(ALL_PLANNED, execution_options=ACROSS_GROUPS)).one()
    pairs = zip(MOMENTS, found, strict=True)
    return [(moment, at + moment[1]) for moment, at in pairs if at is not None]


async def note_presence(context: Context) -> None:
    """A member who asks for anything while a meeting runs is there."""
    await note_seen(context.session, context.group, context.member)


async def unnoted_presence(context: Context) -> Present | None:
    """Who asked without writing while a meeting runs, if they were not seen there before."""
    if context.found_group is None or context.found_member is None:
        return None
    return await find_unnoted(context.session, context.group, context.member)
