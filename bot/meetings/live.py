"""Beginning and ending a meeting, and saying which cases were heard."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select, update

from bot.changes import find_change
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Reply
from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.meetings import texts
from bot.meetings.commands import current, planned
from bot.queue.presenting import Remembered, fix_agenda, mark_presented, take_back_presented
from bot.queue.reading import Place, read_agenda
from bot.schedule.attendance import keep_rsvp
from bot.schedule.ending import end_meeting
from bot.schedule.seats import read_seats, write_seats
from bot.store.outbox import Draft, changed, refresh
from bot.store.tables import AgendaItem, Change, Meeting, Post

COMMANDS = Commands()

EARLY = timedelta(minutes=30)
"""How long before its time a meeting can be begun."""

HEARD = "heard"
"""The kind of change that says what became of a case on the card of a meeting."""

OUTCOMES = {"done": "done", "not": "not reached"}
"""What an outcome button says in its id."""


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
    made = await fix_agenda(ctx.session, ctx.group, meeting)
    (await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)).seen = True
    await ctx.enqueue(Draft(f"meeting:{meeting.id}:begun", "begun", ctx.now, meeting_id=meeting.id))
    await refresh(
        ctx.session,
        ctx.group,
        ctx.now,
        Post.meeting_id == meeting.id,
        Post.kind.in_(("start", "unbegun")),
    )
    await ctx.refresh(f"group:{ctx.group.id}:card")
    return Reply(texts.begun(made))


@COMMANDS.command("meeting end", writes=True)
async def end(ctx: Context) -> Answer:
    """End the meeting, saying which cases were heard"""
    return await _end(ctx, await _running(ctx))


@COMMANDS.action("meeting.end")
async def press_end(ctx: Context, number: int) -> Answer:
    """End the meeting by its card."""
    meeting = await planned(ctx, number)
    if meeting.state != "begun":
        raise NotFound(texts.NOT_BEGUN)
    return await _end(ctx, meeting)


async def _running(ctx: Context) -> Meeting:
    found = await ctx.session.scalars(
        select(Meeting).where(
            Meeting.group_id == ctx.group.id, Meeting.id == (ctx.group.live_id or 0)
        )
    )
    meeting = found.one_or_none()
    if meeting is None or meeting.state != "begun":
        raise NotFound(texts.NOT_BEGUN)
    return meeting


async def _end(ctx: Context, meeting: Meeting) -> Answer:
    undecided = await _undecided(ctx, meeting)
    if undecided:
        first = undecided[0].case
        return Reply(
            texts.which_were_heard(undecided),
            buttons=(
                ctx.button("Done", "meeting.close", meeting.id, first.id, "done", style="primary"),
                ctx.button("Not reached", "meeting.close", meeting.id, first.id, "not"),
            ),
        )
    (await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)).seen = True
    await end_meeting(ctx.session, ctx.group, meeting, ctx.now)
    return Reply(texts.ENDED)


async def _undecided(ctx: Context, meeting: Meeting) -> list[Place]:
    """The cases of the agenda of which nobody has said yet whether they were heard."""
    open_items = set(
        await ctx.session.scalars(
            select(AgendaItem.case_id).where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.outcome.is_(None),
            )
        )
    )
    planned_agenda = await read_agenda(ctx.session, ctx.group, meeting)
    return [place for place in planned_agenda.places if place.case.id in open_items]


@COMMANDS.action("meeting.heard")
async def heard(ctx: Context, number: int, case: int, word: str) -> Answer:
    """Say on the meeting's card whether the case was heard; the card goes on to the next."""
    meeting = await planned(ctx, number)
    place, before = await _mark(ctx, meeting, case, word)
    change = Change(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        key_id=ctx.group.key_id,
        kind=HEARD,
        by_id=ctx.member.id,
        before=asdict(before) if before else {},
        after={
            "meeting": meeting.id,
            "case": case,
            "since": asdict(Remembered.of(place.member)),
        },
        revision=ctx.group.revision,
        made_at=ctx.now,
    )
    ctx.session.add(change)
    await ctx.session.flush()
    undo = ctx.button("Undo", "meeting.unheard", change.id)
    return Reply(texts.marked(place.case.code, OUTCOMES[word]), buttons=(undo,))


@COMMANDS.action("meeting.unheard")
async def unheard(ctx: Context, number: int) -> Answer:
    """Take back what was pressed by mistake: the case is open again while the meeting runs."""
    meeting, change = await _running(ctx), await find_change(ctx.session, ctx.group, number)
    if change is None or change.kind != HEARD or change.after["meeting"] != meeting.id:
        raise Conflict(texts.OTHER_MEETING)
    won = await ctx.session.execute(
        update(Change)
        .where(Change.group_id == ctx.group.id, Change.id == change.id, Change.undone_at.is_(None))
        .values(undone_at=ctx.now, undone_by_id=ctx.member.id)
    )
    places = (await read_agenda(ctx.session, ctx.group, meeting)).places
    place = next((p for p in places if p.case.id == change.after["case"]), None)
    if not changed(won) or place is None:
        raise Conflict(texts.OPEN_AGAIN)
    if change.before:
        remembered = Remembered(**change.before), Remembered(**change.after["since"])
        await take_back_presented(ctx.session, ctx.group, place.case, place.member, remembered)
    else:
        await ctx.session.execute(
            update(AgendaItem)
            .where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.case_id == place.case.id,
            )
            .values(outcome=None)
        )
    await ctx.refresh(f"meeting:{meeting.id}:begun")
    return Reply(texts.OPEN_AGAIN)


@COMMANDS.action("meeting.close")
async def close(ctx: Context, number: int, case: int, word: str) -> Answer:
    """Say at the end whether a case was heard; after the last one the meeting is over."""
    meeting = await planned(ctx, number)
    await _mark(ctx, meeting, case, word)
    return await _end(ctx, meeting)


async def _mark(
    ctx: Context, meeting: Meeting, case: int, word: str
) -> tuple[Place, Remembered | None]:
    places = (await read_agenda(ctx.session, ctx.group, meeting)).places
    found = next(((n, p) for n, p in enumerate(places) if p.case.id == case), None)
    if found is None or word not in OUTCOMES or meeting.state != "begun":
        raise Conflict(texts.OTHER_MEETING)
    position, place = found
    outcome = OUTCOMES[word]
    won = await ctx.session.execute(
        update(AgendaItem)
        .where(
            AgendaItem.group_id == ctx.group.id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.case_id == case,
            AgendaItem.outcome.is_(None),
        )
        .values(outcome=outcome)
    )
    if not changed(won):
        known = await ctx.session.scalar(
            select(AgendaItem.outcome).where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.case_id == case,
            )
        )
        raise Conflict(texts.outcome_known(place.case.code, known or "decided"))
    before = None
    if outcome == "done":
        at = (meeting.number or ctx.group.held, position)
        before = await mark_presented(ctx.session, ctx.group, place.case, place.member, at)
    await ctx.refresh(f"meeting:{meeting.id}:begun")
    return place, before
