"""Writing down the coming meetings of a group, each with the posts that lead up to it.

A meeting's posts are keyed by the meeting, its revision and their kind. When it moves, what was
not sent yet is written anew under the next revision; a kind that was sent is not sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.zones import local_date
from bot.queue.presenting import end_swaps
from bot.schedule.coming import (
    active_members,
    agenda_at,
    call_at,
    coming_meetings,
    ends_at,
    series_of,
)
from bot.schedule.ending import FORGOTTEN, end_meeting, is_forgotten
from bot.schedule.seats import settle_seats
from bot.schedule.series import falls_on, next_date, starts_at
from bot.store.outbox import Draft, cancel, enqueue, refresh
from bot.store.restored import restored_at
from bot.store.tables import Group, Meeting, Member, Post

log = logging.getLogger(__name__)

COMING = 3
"""How many coming meetings are written down: enough to answer for, skip and move."""

FALLOW = timedelta(minutes=5)
"""How long after the start somebody is asked to take a meeting that nobody has begun."""

AT_ONCE = 20
"""Groups planned in one transaction: requests must not wait long behind it."""

AGAIN = timedelta(hours=1)
"""When a group is looked at again whose meetings could not be written down."""

UNPLANNABLE = (LookupError, ValueError, ArithmeticError, IntegrityError)
"""What a group's own rows can lead to: a zone that is no more, a date beyond the calendar."""

AFTERGLOW = timedelta(days=3)
"""How long what comes next is still worth saying."""


def prompts(group: Group, meeting: Meeting, now: datetime) -> list[Draft]:
    """The posts that lead through one meeting, with the moment after which each is of no use."""
    agenda = agenda_at(group, meeting)
    reminder = meeting.starts_at - timedelta(seconds=group.reminder_lead)
    start, end = meeting.starts_at, ends_at(meeting)
    due = (
        ("call", call_at(group, meeting), agenda),
        ("agenda", agenda, reminder),
        ("reminder", reminder, start),
        ("start", start, end),
        ("unbegun", start + FALLOW, end),
        ("overtime", end, end + FORGOTTEN),
        ("after", end, end + AFTERGLOW),
    )
    return [_draft(meeting, kind, at, until) for kind, at, until in due if until > now]


def nudge(group: Group, meeting: Meeting, member: Member) -> Draft:
    """The private reminder of one member, sent only if they have not answered by then."""
    at = meeting.starts_at - timedelta(seconds=group.reminder_lead)
    # Who has left and joined again is reminded anew.
    whose = f"nudge:{member.id}:{int(member.joined_at.timestamp())}"
    draft = _draft(meeting, whose, at, meeting.starts_at)
    return Draft(
        draft.key, "nudge", at, meeting.id, member.id, member.ref, expires_at=meeting.starts_at
    )


def _draft(meeting: Meeting, kind: str, at: datetime, until: datetime) -> Draft:
    key = f"meeting:{meeting.id}:rev{meeting.revision}:{kind}"
    return Draft(key, kind, at, meeting.id, expires_at=until)


async def plan_due_groups(session: AsyncSession, now: datetime) -> bool:
    """Plan the active groups whose moment for it has come; say whether there may be more."""
    due = (
        select(Group)
        .where(Group.state == "active", Group.planned_at <= now)
        .order_by(Group.planned_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    groups = (await session.scalars(due)).all()
    for number, group in [(group.id, group) for group in groups]:
        try:
            async with session.begin_nested():
                await plan_group(session, group, now)
        except UNPLANNABLE:
            # One group that cannot be planned must not keep the others from their meetings.
            log.exception("group %s cannot be planned; it is tried again in %s", number, AGAIN)
            later = update(Group).where(Group.id == number).values(planned_at=now + AGAIN)
            await session.execute(later.execution_options(synchronize_session=False))
    return len(groups) == AT_ONCE


NEXT_PLANNING = (
    select(Group.planned_at)
    .where(Group.state == "active", Group.planned_at.is_not(None))
    .order_by(Group.planned_at)
    .limit(1)
)
"""When the next group must be planned."""


async def plan_group(session: AsyncSession, group: Group, now: datetime) -> None:
    """Write down the coming meetings and their posts; nothing is written twice."""
    meetings = await _recent_and_coming(session, group, now)
    for meeting in meetings:
        if meeting.state == "planned" and ends_at(meeting) <= now:
            meeting.state = "missed"
            await end_swaps(session, group)
            await refresh(session, group, now, Post.meeting_id == meeting.id)
            await refresh(session, group, now, Post.key == f"group:{group.id}:card")
        elif is_forgotten(meeting, now):
            await end_meeting(session, group, meeting, now)
    coming = [m for m in meetings if m.state == "planned" and m.starts_at > now]
    for meeting in await _materialise(session, group, COMING - len(coming), meetings, now):
        await plan_meeting(session, group, meeting, now)
        # One that comes back has cards that say it was dropped.
        await refresh(session, group, now, Post.meeting_id == meeting.id)
        coming.append(meeting)
    for meeting in coming:
        await settle_seats(session, group, meeting, now)
    running = [m for m in meetings if m.state in ("planned", "begun") and m.starts_at <= now]
    group.planned_at = min(_moments(group, [*coming, *running], now))


def _moments(group: Group, meetings: Iterable[Meeting], now: datetime) -> Iterator[datetime]:
    """The later moments at which something about these meetings must be written down."""
    yield now + timedelta(days=1)
    for meeting in meetings:
        end = ends_at(meeting)
        moments = (call_at(group, meeting), agenda_at(group, meeting), meeting.starts_at)
        yield from (at for at in (*moments, end, end + FORGOTTEN) if at > now)


async def _materialise(
    session: AsyncSession, group: Group, wanted: int, known: Sequence[Meeting], now: datetime
) -> list[Meeting]:
    """New meetings of the series; one that an earlier schedule dropped on that day comes back."""
    made: list[Meeting] = []
    series = series_of(group)
    taken = {m.day for m in known if m.state != "dropped"}
    dropped = {m.day: m for m in known if m.state == "dropped"}
    day = local_date(now, group.zone) - timedelta(days=1)
    # A date that comes back may lie before others that stayed.
    latest = max((m.day for m in known if m.state == "planned" and m.by_series), default=day)
    while len(made) < wanted or day < latest:
        day = next_date(series, day)
        start = starts_at(series, day)
        if day in taken or start <= now:
            continue
        meeting = dropped.get(day) or Meeting(
            space_id=group.space_id, group_id=group.id, day=day, revision=0
        )
        meeting.state, meeting.by_series = "planned", True
        meeting.starts_at, meeting.minutes = start, group.minutes
        meeting.revision += 1
        made.append(meeting)
    session.add_all(made)
    await session.flush()
    return made


async def _recent_and_coming(
    session: AsyncSession, group: Group, now: datetime
) -> Sequence[Meeting]:
    """The meetings from two days ago on, in whatever state they are."""
    since = local_date(now, group.zone) - timedelta(days=2)
    found = await session.scalars(
        select(Meeting).where(Meeting.group_id == group.id, Meeting.day >= since)
    )
    return found.all()


async def plan_meeting(
    session: AsyncSession, group: Group, meeting: Meeting, now: datetime
) -> None:
    """Write the posts of one meeting under its present revision, but for kinds already sent."""
    rows = await session.execute(
        select(Post.kind, Post.subject).where(
            Post.group_id == group.id, Post.meeting_id == meeting.id, Post.sent_at.is_not(None)
        )
    )
    sent = {(kind, subject) for kind, subject in rows}
    members = await active_members(session, group)
    drafts = prompts(group, meeting, now) + [nudge(group, meeting, m) for m in members]
    drafts = [draft for draft in drafts if (draft.kind, draft.subject) not in sent]
    if restored := await restored_at(session):
        # What a restore has forgotten may have been said all the same.
        drafts = [draft for draft in drafts if draft.due_at > restored]
    await enqueue(session, group, *_in_time(drafts, now))


def _in_time(drafts: Iterable[Draft], now: datetime) -> list[Draft]:
    """What is past its moment is due at once, where it is still of use; old reminders are not."""
    return [
        Draft(
            draft.key,
            draft.kind,
            max(draft.due_at, now),
            draft.meeting_id,
            draft.subject,
            draft.person,
            draft.expires_at,
        )
        for draft in drafts
        if draft.due_at >= now or draft.kind in ("call", "agenda")
    ]


async def replan_meeting(
    session: AsyncSession, group: Group, meeting: Meeting, now: datetime
) -> None:
    """Follow a change of one meeting's time: a new revision, its pending posts written anew."""
    meeting.revision += 1
    # Who was named for a role is told whenever the meeting is.
    await cancel(session, group, "rescheduled", Post.meeting_id == meeting.id, Post.kind != "seat")
    await session.flush()
    await plan_meeting(session, group, meeting, now)


async def on_rescheduled(session: AsyncSession, group: Group, now: datetime) -> None:
    """Follow a change of the group's schedule: meetings that no longer fit go, others move."""
    if group.state != "active":
        return
    series = series_of(group)
    for meeting in await coming_meetings(session, group, now):
        start = starts_at(series, meeting.day)
        # One that would have begun already is not to be missed by everybody.
        if meeting.by_series and not (falls_on(series, meeting.day) and start > now):
            meeting.state = "dropped"
            await cancel(session, group, "rescheduled", Post.meeting_id == meeting.id)
        else:
            if meeting.by_series:
                meeting.starts_at = start
                meeting.minutes = group.minutes
            else:
                await _follow_zone(session, group, meeting)
            await replan_meeting(session, group, meeting, now)
        await refresh(session, group, now, Post.meeting_id == meeting.id)
    await session.flush()
    await plan_group(session, group, now)


async def _follow_zone(session: AsyncSession, group: Group, meeting: Meeting) -> None:
    """In another zone the moment of a moved meeting may have another date, if that is free."""
    day = local_date(meeting.starts_at, group.zone)
    if day == meeting.day or falls_on(series_of(group), day):
        return
    known = select(Meeting.id).where(
        Meeting.group_id == group.id, Meeting.day == day, Meeting.state != "dropped"
    )
    if (await session.scalars(known)).first() is None:
        meeting.day = day


async def on_joined(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """A new member is reminded of the coming meetings too."""
    coming = await coming_meetings(session, group, now)
    drafts = [nudge(group, meeting, member) for meeting in coming]
    await enqueue(session, group, *[draft for draft in drafts if draft.due_at >= now])
