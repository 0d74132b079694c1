"""What the end of a meeting means: who was there, who served, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue.presenting import mark_meeting_over
from bot.schedule.attendance import is_away, keep_rsvp, read_answers
from bot.schedule.coming import active_members, ends_at
from bot.store.live_tables import Intention, LiveMeeting
from bot.store.outbox import cancel, changed, mark_woken, refresh
from bot.store.tables import Group, Meeting, Member, Post, Rsvp

FORGOTTEN = timedelta(hours=2)
"""How long after its planned end a meeting that nobody ended is taken to be over."""


SAYING_IT_RUNS = frozenset(
    {"agenda", "reminder", "start", "unbegun", "begun", "room", "time-up", "overtime"}
)
"""The kinds of post that say something else once it is over."""


def is_forgotten(meeting: Meeting, now: datetime) -> bool:
    """Whether everybody has long gone home from a meeting that nobody ended."""
    return meeting.state == "begun" and now >= ends_at(meeting) + FORGOTTEN


async def end_meeting(session: AsyncSession, group: Group, meeting: Meeting, now: datetime) -> bool:
    """End a running meeting; say whether it was running."""
    result = await session.execute(
        update(Meeting)
        .where(Meeting.group_id == group.id, Meeting.id == meeting.id, Meeting.state == "begun")
        .values(state="ended", ended_at=now)
    )
    if not changed(result):
        return False
    group.live_id = None
    await mark_meeting_over(session, group, meeting)
    await _remember_who_came(session, group, meeting)
    await _say_what_comes_next(session, group, meeting, now)
    await refresh(
        session,
        group,
        now,
        Post.meeting_id == meeting.id,
        Post.kind.in_(SAYING_IT_RUNS),
    )
    await refresh(session, group, now, Post.key == f"group:{group.id}:card")
    asked = (Post.meeting_id == meeting.id, Post.kind == "time-up")
    await cancel(session, group, "over", *asked)
    # What was meant to be done since the last meeting has been asked after.
    await session.execute(
        delete(Intention).where(Intention.group_id == group.id, Intention.meeting_id != meeting.id)
    )
    # Who sat out a case and why the turn went where it did is nobody's business afterwards.
    await session.execute(
        delete(LiveMeeting).where(
            LiveMeeting.group_id == group.id, LiveMeeting.meeting_id == meeting.id
        )
    )
    return True


async def _remember_who_came(session: AsyncSession, group: Group, meeting: Meeting) -> None:
    answers = await read_answers(session, group, meeting)
    for member in await active_members(session, group):
        rsvp = answers.get(member.id)
        came = rsvp is not None and (rsvp.seen or rsvp.answer in ("going", "late"))
        answered = rsvp is not None and rsvp.answer is not None
        # A meeting may be written down long after its absence was said.
        said_something = came or answered or is_away(member, meeting)
        member.attended += came
        member.silent = 0 if said_something else member.silent + 1
        if member.id == meeting.facilitator_id:
            member.facilitated_in = meeting.number
        if member.id == meeting.recorder_id:
            member.recorded_in = meeting.number


async def _say_what_comes_next(
    session: AsyncSession, group: Group, meeting: Meeting, now: datetime
) -> None:
    await session.execute(
        update(Post)
        .where(
            Post.group_id == group.id,
            Post.meeting_id == meeting.id,
            Post.kind == "after",
            Post.state == "open",
        )
        .values(due_at=now, try_at=now)
    )
    mark_woken(session)


async def note_presence(session: AsyncSession, group: Group, member: Member) -> None:
    """A member who asks for anything while a meeting runs is there."""
    if group.live_id is None:
        return
    meeting = await session.scalar(
        select(Meeting).where(Meeting.group_id == group.id, Meeting.id == group.live_id)
    )
    if meeting is not None:
        (await keep_rsvp(session, group, meeting, member)).seen = True


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at a meeting that runs, by their numbers."""

    group: int
    member: int


async def find_unnoted(session: AsyncSession, group: Group, member: Member) -> Present | None:
    """The member, if a meeting runs and they were not seen there yet; nothing is written."""
    if group.live_id is None:
        return None
    seen = await session.scalar(
        select(Rsvp.seen).where(
            Rsvp.group_id == group.id,
            Rsvp.meeting_id == group.live_id,
            Rsvp.member_id == member.id,
        )
    )
    return None if seen else Present(group.id, member.id)


async def note_presence_of_reader(session: AsyncSession, present: Present) -> None:
    """Write down that somebody is there who only read, unless the meeting has ended since."""
    group = await session.get_one(Group, present.group, with_for_update={"key_share": True})
    found = select(Member).where(Member.group_id == group.id, Member.id == present.member)
    member = (await session.scalars(found)).one_or_none()
    if member is not None:
        await note_presence(session, group, member)
