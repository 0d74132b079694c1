"""Ending a meeting, and saying which cases were heard."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select, update

from bot.changes import find_change, note_change, take_undo
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Button, Reply, sentences
from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.live import texts
from bot.live.commands import kept_by
from bot.live.following import call_back
from bot.live.kept import card_key, find_live
from bot.live.rules import back, skip_segment
from bot.queue.presenting import (
    Remembered,
    mark_gone_through,
    mark_presented,
    take_back_presented,
)
from bot.queue.reading import Place, read_agenda
from bot.schedule.asking import planned
from bot.schedule.attendance import keep_rsvp
from bot.schedule.ending import end_meeting
from bot.schedule.texts import OTHER_MEETING
from bot.store.outbox import changed
from bot.store.tables import AgendaItem, Case, Meeting, Member

COMMANDS = Commands()

HEARD = "heard"
"""The kind of change that says what became of a case while the meeting ran."""

OUTCOMES = {"done": "done", "not": "not reached"}
"""What an outcome button says in its id."""


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
            texts.which_were_heard([(place.case, place.member) for place in undecided]),
            buttons=(
                ctx.button("Done", "meeting.close", meeting.id, first.id, "done", style="primary"),
                ctx.button("Not reached", "meeting.close", meeting.id, first.id, "not"),
            ),
        )
    (await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)).seen = True
    heard = await mark_gone_through(ctx.session, ctx.group, meeting)
    undo = [await _undo(ctx, *one) for one in heard]
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is not None:
        await call_back(ctx.session, ctx.group, kept, ctx.now)
    await end_meeting(ctx.session, ctx.group, meeting, ctx.now)
    words = sentences(texts.ENDED, texts.counted_as_heard([case for case, _, _ in heard]))
    return Reply(words, buttons=tuple(undo))


async def _undo(ctx: Context, case: Case, member: Member, before: Remembered) -> Button:
    """Take back that a case counts as heard, as after `/case done`."""
    since = {"case": case.id, "since": asdict(Remembered.of(member))}
    change = await note_change(ctx, "presented", asdict(before), since)
    return ctx.button(f"Undo {case.code}", "case.undone", change.id)


async def _undecided(ctx: Context, meeting: Meeting) -> list[Place]:
    """The cases that were not gone through, and of which nobody has said what became."""
    open_items = set(
        await ctx.session.scalars(
            select(AgendaItem.case_id).where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.outcome.is_(None),
                AgendaItem.gone_through.is_(False),
            )
        )
    )
    planned_agenda = await read_agenda(ctx.session, ctx.group, meeting)
    return [place for place in planned_agenda.places if place.case.id in open_items]


@COMMANDS.action("meeting.heard")
async def heard(ctx: Context, number: int, case: int, word: str) -> Answer:
    """Say while the meeting runs whether a case was heard; the card goes on to the next."""
    meeting = await planned(ctx, number)
    place, before = await _mark(ctx, meeting, case, word)
    await _go_past(ctx, case)
    since = asdict(Remembered.of(place.member))
    after = {"meeting": meeting.id, "case": case, "since": since}
    change = await note_change(ctx, HEARD, asdict(before) if before else {}, after)
    undo = ctx.button("Undo", "meeting.unheard", change.id)
    return Reply(texts.marked(place.case.code, OUTCOMES[word]), buttons=(undo,))


async def _go_past(ctx: Context, case: int) -> None:
    """A case of which it is said what became is left, whichever of its phases are not over."""
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is None:
        return
    state = kept.state
    while state.segment is not None and state.segment.case_id == case:
        state = skip_segment(state, ctx.now)
    if state != kept.state:
        await kept_by(ctx, kept, state)


async def _go_back_to(ctx: Context, case: int) -> None:
    """Where nothing has happened since the case was left, it goes on where it was."""
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is None or not kept.state.before:
        return
    before = back(kept.state, ctx.now)
    if before.opened and before.segment is not None and before.segment.case_id == case:
        await kept_by(ctx, kept, before)


@COMMANDS.action("meeting.unheard")
async def unheard(ctx: Context, number: int) -> Answer:
    """Take back what was pressed by mistake: the case is open again while the meeting runs."""
    meeting, change = await _running(ctx), await find_change(ctx.session, ctx.group, number)
    if change is None or change.kind != HEARD or change.after["meeting"] != meeting.id:
        raise Conflict(OTHER_MEETING)
    won = await take_undo(ctx, change)
    places = (await read_agenda(ctx.session, ctx.group, meeting)).places
    place = next((p for p in places if p.case.id == change.after["case"]), None)
    if not won or place is None:
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
    await _go_back_to(ctx, change.after["case"])
    await ctx.refresh(card_key(meeting.id))
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
        raise Conflict(OTHER_MEETING)
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
    await ctx.refresh(card_key(meeting.id))
    return place, before
