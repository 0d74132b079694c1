"""Beginning a meeting: who is there, which cases fit, and what each is worked through in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select, update

from bot.chat.commands import Commands
from bot.chat.replies import Reply, Text, sentences
from bot.context import Context
from bot.errors import Conflict
from bot.formats.choosing import suggest
from bot.formats.fitting import Agenda, CaseWish, fit_meeting
from bot.formats.model import Formats
from bot.live import rules, texts
from bot.live.carried import any_intention
from bot.live.changing import take_off
from bot.live.following import Change, settle, tell
from bot.live.kept import add_live, card_key
from bot.live.planning import minutes_left, slot_for
from bot.live.segments import CaseSlot, plan_segments
from bot.live.showing import FEW
from bot.live.state import Segment
from bot.queue.presenting import fix_agenda
from bot.queue.recusing import forget_marks_of_heard_cases, read_marks
from bot.schedule.asking import current, planned
from bot.schedule.attendance import keep_rsvp
from bot.schedule.coming import active_members
from bot.schedule.seats import read_seats, write_seats
from bot.store.outbox import Draft, changed, refresh
from bot.store.tables import Case, Meeting, Member, Post, Rsvp

COMMANDS = Commands()

EARLY = timedelta(minutes=30)
"""How long before its time a meeting can be begun."""


@COMMANDS.command("meeting begin", writes=True)
async def begin(ctx: Context) -> Reply:
    """Begin the meeting; any member can"""
    return await _begin(ctx, await current(ctx))


@COMMANDS.action("meeting.begin")
async def press_begin(ctx: Context, number: int) -> Reply:
    """Begin the meeting by its card."""
    return await _begin(ctx, await planned(ctx, number))


async def _begin(ctx: Context, meeting: Meeting) -> Reply:
    if meeting.state == "begun":
        raise Conflict(texts.ALREADY_BEGUN)
    if ctx.now < meeting.starts_at - EARLY:
        raise Conflict(texts.too_early(meeting))
    await _win(ctx, meeting)
    (await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)).seen = True
    plan = await _plan(ctx, meeting)
    begun = rules.begin(plan.segments(), plan.present, ctx.now)
    state = await settle(ctx.session, ctx.group, meeting, begun, ctx.formats)
    await add_live(ctx.session, ctx.group, meeting, state, ctx.member)
    await ctx.enqueue(Draft(card_key(meeting.id), "begun", ctx.now, meeting_id=meeting.id))
    await tell(ctx.session, ctx.group, Change(meeting, None, state), ctx.now)
    await _follow(ctx, meeting)
    return Reply(plan.told(ctx.formats))


async def _win(ctx: Context, meeting: Meeting) -> None:
    """Of all who press Begin one begins."""
    seats = await read_seats(ctx.session, ctx.group, meeting)
    won = await ctx.session.execute(
        update(Meeting)
        .where(
            Meeting.group_id == ctx.group.id,
            Meeting.id == meeting.id,
            Meeting.state == "planned",
        )
        .values(state="begun", begun_at=ctx.now, number=ctx.group.held + 1)
    )
    if not changed(won):
        raise Conflict(texts.ALREADY_BEGUN)
    ctx.group.held += 1
    ctx.group.live_id = meeting.id
    write_seats(meeting, seats)


async def _follow(ctx: Context, meeting: Meeting) -> None:
    """The cards that asked to begin say that it has begun."""
    asking = (Post.meeting_id == meeting.id, Post.kind.in_(("start", "unbegun")))
    await refresh(ctx.session, ctx.group, ctx.now, *asking)
    await ctx.refresh(f"group:{ctx.group.id}:card")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a meeting that begins will go."""

    agenda: Agenda
    slots: Sequence[CaseSlot]
    cases: Sequence[Case]
    present: Sequence[int]

    def segments(self) -> tuple[Segment, ...]:
        """What it goes through."""
        return plan_segments(self.agenda, self.slots, self.present)

    def told(self, formats: Formats) -> Text:
        """How the time is shared, and what is worth knowing before the first case."""
        short = [
            texts.shortened(case, slot.wanted.name, slot.format.name)
            for case, slot in zip(self.cases, self.slots, strict=True)
            if slot.wanted is not None
        ]
        few = None
        if self.slots and len(self.present) <= FEW:
            few = suggest(formats, len(self.present), self.slots[0].minutes)[1]
        return sentences(texts.begun(self.agenda), *short, few)


async def _plan(ctx: Context, meeting: Meeting) -> Plan:
    made = await fix_agenda(ctx.session, ctx.group, meeting)
    due = await any_intention(ctx.session, ctx.group)
    wishes = [CaseWish(place.minutes) for place in made.places]
    agenda = fit_meeting(minutes_left(meeting, ctx.now), due, wishes)
    places = made.places[: len(agenda.cases)]
    await take_off(ctx, meeting, [p.case.id for p in made.places[len(places) :]])
    present = await _who_is_there(ctx, meeting)
    await forget_marks_of_heard_cases(ctx.session, ctx.group)
    marks = await read_marks(ctx.session, ctx.group)
    slots = [
        replace(
            slot_for(ctx, place.case, minutes, len(present)),
            recused=marks.get(place.case.id, frozenset()),
        )
        for place, minutes in zip(places, agenda.cases, strict=True)
    ]
    return Plan(agenda, slots, [place.case for place in places], present)


async def _who_is_there(ctx: Context, meeting: Meeting) -> list[int]:
    """Who said that they are coming, and whoever begins; the others join as they come."""
    going = set(
        await ctx.session.scalars(
            select(Rsvp.member_id).where(
                Rsvp.group_id == ctx.group.id,
                Rsvp.meeting_id == meeting.id,
                Rsvp.answer == "going",
            )
        )
    )
    members: Sequence[Member] = await active_members(ctx.session, ctx.group)
    return [m.id for m in members if m.id in going or m.id == ctx.member.id]
