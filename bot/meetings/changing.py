"""Skipping a meeting or moving it to another date: at once, announced, with Undo."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import delete, select, update

from bot.changes import record_change, register
from bot.chat.commands import Commands
from bot.chat.dates import is_weekday, read_date, read_when
from bot.chat.options import Grammar, Most, Suggest
from bot.chat.replies import Choice, Reply, Span, Text, at
from bot.chat.zones import instant, local_time
from bot.context import Composing, Context
from bot.errors import Conflict, NotFound, UsageError
from bot.meetings import texts
from bot.schedule.asking import check_not_paused
from bot.schedule.coming import coming_meetings, series_of
from bot.schedule.plan import plan_group, replan_meeting
from bot.schedule.series import falls_on
from bot.store.outbox import cancel, refresh
from bot.store.tables import Change, Meeting, Post, Rsvp

COMMANDS = Commands()

FARTHEST = timedelta(days=366)
"""How far ahead a meeting can be moved."""


@COMMANDS.suggest("meeting")
async def suggest_meetings(ctx: Context, text: str) -> list[Choice]:
    """The dates of the coming meetings."""
    coming = await coming_meetings(ctx.session, ctx.group, ctx.now)
    days = [meeting.day for meeting in coming]
    return [
        Choice(f"{day}", f"{day:%A} {day}") for day in days if text in f"{day:%A} {day}".lower()
    ]


@COMMANDS.command("meeting skip", title="Skip a meeting", writes=True, form=("date",))
async def skip(
    ctx: Context,
    date: Annotated[
        str, "Which meeting: 2026-03-10, tuesday", Most(40), Suggest("meeting"), Grammar("date")
    ],
) -> Reply:
    """Skip a meeting; the group is told and can undo it"""
    meeting = await _meeting_on(ctx, date)
    meeting.state = "skipped"
    # Who was named for a role is told after all if this is undone.
    pending = (Post.meeting_id == meeting.id, Post.kind != "seat")
    await cancel(ctx.session, ctx.group, "skipped", *pending)
    await _show_change(ctx, meeting)
    await plan_group(ctx.session, ctx.group, ctx.now)
    await record_change(ctx, "skip", {"meeting": meeting.id}, {"at": _iso(meeting.starts_at)})
    return Reply(texts.skipped(meeting))


@COMMANDS.command("meeting move", title="Move a meeting", writes=True, form=("date", "to"))
async def move(
    ctx: Context,
    date: Annotated[
        str, "Which meeting: 2026-03-10, tuesday", Most(40), Suggest("meeting"), Grammar("date")
    ],
    to: Annotated[
        str,
        "The new date, with a time if that changes: 2026-03-12 18:30",
        Most(40),
        Grammar("date"),
    ],
) -> Reply:
    """Move a meeting to another date or time; the group is told and can undo it"""
    meeting = await _meeting_on(ctx, date)
    day, time = read_when(to, ctx.today, "to")
    time = time or local_time(meeting.starts_at, ctx.group.zone)
    start = instant(day, time, ctx.group.zone)
    await _check_new_date(ctx, meeting, day, start)
    before = await _before_move(ctx, meeting)
    await _ask_anew(ctx, meeting)
    await _put(ctx, meeting, day, start)
    await _leave_mark(ctx, meeting, before)
    after = {"at": _iso(start), "day": day.isoformat()}
    await record_change(ctx, "move", before, after)
    return Reply(texts.moved(meeting))


async def _meeting_on(ctx: Context, typed: str) -> Meeting:
    """The coming meeting on the date that was typed; a weekday means the next meeting on it."""
    check_not_paused(ctx)
    day = read_date(typed, ctx.today, "date")
    coming = await coming_meetings(ctx.session, ctx.group, ctx.now)
    found = next((m for m in coming if m.day == day), None)
    if found is None and is_weekday(typed) and not await _was_one_on(ctx, day):
        found = next((m for m in coming if m.day.weekday() == day.weekday()), None)
    if found is None:
        raise NotFound(texts.no_meeting_on(day, coming), option="date")
    return found


async def _was_one_on(ctx: Context, day: date) -> bool:
    """Whether the meeting of that date was skipped or moved: whoever is second means that one."""
    known = select(Meeting.id).where(
        Meeting.group_id == ctx.group.id, Meeting.day == day, Meeting.state != "dropped"
    )
    return (await ctx.session.scalars(known)).first() is not None


async def _check_new_date(ctx: Context, meeting: Meeting, day: date, start: datetime) -> None:
    if start <= ctx.now:
        raise UsageError(texts.IN_THE_PAST, option="to")
    if start > ctx.now + FARTHEST:
        raise UsageError(texts.TOO_FAR, option="to")
    if start == meeting.starts_at:
        raise UsageError(texts.SAME_TIME, option="to")
    known = await ctx.session.execute(
        select(Meeting.id, Meeting.state).where(
            Meeting.group_id == ctx.group.id, Meeting.day == day
        )
    )
    states = {state for number, state in known.all() if number != meeting.id}
    # A date of the series that nobody has written down yet is taken as well.
    to_come = not states and day != meeting.day and falls_on(series_of(ctx.group), day)
    if to_come or not states <= {"skipped", "moved", "dropped"}:
        raise Conflict(texts.NO_DATE_TWICE, option="to")


async def _before_move(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    answers = await ctx.session.execute(
        select(Rsvp.member_id, Rsvp.answer, Rsvp.for_away).where(
            Rsvp.group_id == ctx.group.id, Rsvp.meeting_id == meeting.id
        )
    )
    return {
        "meeting": meeting.id,
        "day": meeting.day.isoformat(),
        "at": _iso(meeting.starts_at),
        "by_series": meeting.by_series,
        "answers": [list(row) for row in answers],
    }


async def _put(ctx: Context, meeting: Meeting, day: date, start: datetime) -> None:
    meeting.day, meeting.starts_at = day, start
    meeting.by_series, meeting.seats_fixed = False, False
    await ctx.session.flush()
    await replan_meeting(ctx.session, ctx.group, meeting, ctx.now)
    await _show_change(ctx, meeting)


async def _leave_mark(ctx: Context, meeting: Meeting, before: dict[str, Any]) -> None:
    """Remember that the series' own date is taken care of, so that it is not planned again."""
    if before["by_series"]:
        ctx.session.add(
            Meeting(
                space_id=ctx.group.space_id,
                group_id=ctx.group.id,
                day=date.fromisoformat(before["day"]),
                starts_at=datetime.fromisoformat(before["at"]),
                minutes=meeting.minutes,
                state="moved",
            )
        )
        await ctx.session.flush()
    await plan_group(ctx.session, ctx.group, ctx.now)


async def _ask_anew(ctx: Context, meeting: Meeting) -> None:
    """Another date is another question: what was answered for the old one is forgotten."""
    await ctx.session.execute(
        update(Rsvp)
        .where(Rsvp.group_id == ctx.group.id, Rsvp.meeting_id == meeting.id)
        .values(answer=None, for_away=False)
    )


async def _show_change(ctx: Context, meeting: Meeting) -> None:
    await refresh(ctx.session, ctx.group, ctx.now, Post.meeting_id == meeting.id)
    await ctx.refresh(f"group:{ctx.group.id}:card")


async def _undo_skip(ctx: Context, change: Change) -> None:
    meeting = await _its_meeting(ctx, change)
    if meeting.starts_at <= ctx.now:
        raise Conflict(texts.IN_THE_PAST)
    meeting.state = "planned"
    await ctx.session.flush()
    await replan_meeting(ctx.session, ctx.group, meeting, ctx.now)
    await plan_group(ctx.session, ctx.group, ctx.now)
    await _show_change(ctx, meeting)


async def _undo_move(ctx: Context, change: Change) -> None:
    meeting = await _its_meeting(ctx, change)
    day, start = date.fromisoformat(change.before["day"]), _instant(change.before["at"])
    if start <= ctx.now:
        raise Conflict(texts.IN_THE_PAST)
    if change.before["by_series"]:
        await ctx.session.execute(
            delete(Meeting).where(
                Meeting.group_id == ctx.group.id, Meeting.day == day, Meeting.state == "moved"
            )
        )
    await _put(ctx, meeting, day, start)
    meeting.by_series = change.before["by_series"]
    for member, answer, for_away in change.before["answers"]:
        await ctx.session.execute(
            update(Rsvp)
            .where(
                Rsvp.group_id == ctx.group.id,
                Rsvp.meeting_id == meeting.id,
                Rsvp.member_id == member,
            )
            .values(answer=answer, for_away=for_away)
        )
    await plan_group(ctx.session, ctx.group, ctx.now)


async def _its_meeting(ctx: Context, change: Change) -> Meeting:
    found = await ctx.session.scalars(
        select(Meeting).where(
            Meeting.group_id == ctx.group.id, Meeting.id == change.before["meeting"]
        )
    )
    return found.one()


async def _say_skip(say: Composing, change: Change, who: Span) -> Text:
    return Text(
        "{who} skipped the meeting on {when}.", who=who, when=at(_instant(change.after["at"]))
    )


async def _say_move(say: Composing, change: Change, who: Span) -> Text:
    return Text(
        "{who} moved the meeting on {old} to {new}. Please answer anew whether you can come.",
        who=who,
        old=at(_instant(change.before["at"])),
        new=at(_instant(change.after["at"])),
    )


def _iso(instant: datetime) -> str:
    return instant.isoformat()


def _instant(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


register("skip", _undo_skip, _say_skip)
register("move", _undo_move, _say_move)
