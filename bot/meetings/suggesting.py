"""Which format suits the case that comes: by who is here or can come, and the time there is."""

from __future__ import annotations

from bot.chat.replies import Text
from bot.context import Context
from bot.formats import texts
from bot.formats.choosing import suggest
from bot.formats.fitting import CLOSE
from bot.formats.model import Format
from bot.queue.reading import Coming, read_coming
from bot.schedule.attendance import read_answers, sort_answers
from bot.schedule.coming import active_members, ends_at
from bot.store.tables import Case, Meeting


async def suggested(ctx: Context, case: Case | None) -> tuple[Format, Text]:
    """A format for this case, or else for the next one, and why."""
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    if coming.meeting is not None and coming.running:
        return suggest(ctx.formats, await _here(ctx, coming.meeting), _left(ctx, coming.meeting))
    possible = await _possible(ctx, coming.meeting)
    minutes = _usual(ctx, coming) if case is None else case.minutes
    found, _ = suggest(ctx.formats, possible, minutes)
    return found, texts.ahead(found, possible, minutes)


async def _here(ctx: Context, meeting: Meeting) -> int:
    """How many are at the meeting that runs; whoever asks is."""
    answers = await read_answers(ctx.session, ctx.group, meeting)
    members = await active_members(ctx.session, ctx.group)
    rows = [answers[member.id] for member in members if member.id in answers]
    here = {rsvp.member_id for rsvp in rows if rsvp.seen or rsvp.answer in ("going", "late")}
    return len(here | {ctx.member.id})


def _left(ctx: Context, meeting: Meeting) -> int:
    """The minutes until the close of the meeting that runs."""
    return max(0, int((ends_at(meeting) - ctx.now).total_seconds()) // 60 - CLOSE)


async def _possible(ctx: Context, meeting: Meeting | None) -> int:
    """How many have not said that they do not come."""
    members = await active_members(ctx.session, ctx.group)
    if meeting is None:
        return len(members)
    answers = await read_answers(ctx.session, ctx.group, meeting)
    return sort_answers(members, answers, meeting).possible


def _usual(ctx: Context, coming: Coming) -> int:
    """What the first case in the queue wants, or what a case gets that says nothing."""
    return coming.places[0].minutes if coming.places else max(10, ctx.group.case_minutes // 2)
