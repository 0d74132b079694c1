"""Who facilitates and who records: named when cases are called for, fixed a day before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue.reading import Agenda, read_agenda
from bot.schedule.attendance import is_away, read_answers
from bot.schedule.coming import active_members, agenda_at, call_at
from bot.schedule.roles import ROLES, Candidate, Role, Seat, seats
from bot.store.outbox import Draft, enqueue, refresh
from bot.store.tables import Group, Meeting, Member, Post, Rsvp


def held_seats(meeting: Meeting) -> dict[Role, Seat]:
    """The seats as they were written down last."""
    written: dict[Role, Seat] = {}
    if meeting.facilitator_id is not None:
        written["facilitator"] = Seat(meeting.facilitator_id, meeting.facilitator_chose)
    if meeting.recorder_id is not None:
        written["recorder"] = Seat(meeting.recorder_id, meeting.recorder_chose)
    return written


def write_seats(meeting: Meeting, taken: Mapping[Role, Seat]) -> None:
    """Write the seats down."""
    facilitator, recorder = taken.get("facilitator"), taken.get("recorder")
    meeting.facilitator_id = facilitator.member_id if facilitator else None
    meeting.facilitator_chose = bool(facilitator and facilitator.by_choice)
    meeting.recorder_id = recorder.member_id if recorder else None
    meeting.recorder_chose = bool(recorder and recorder.by_choice)


async def read_seats(session: AsyncSession, group: Group, meeting: Meeting) -> dict[Role, Seat]:
    """The seats as they stand now: whoever cannot take theirs is replaced by the next."""
    if meeting.state != "planned":
        return held_seats(meeting)
    members = await active_members(session, group)
    answers = await read_answers(session, group, meeting)
    return seats_now(group, meeting, members, answers, await read_agenda(session, group, meeting))


def seats_now(
    group: Group,
    meeting: Meeting,
    members: Iterable[Member],
    answers: Mapping[int, Rsvp],
    agenda: Agenda,
) -> dict[Role, Seat]:
    """The same for whoever has read all that it depends on."""
    if meeting.state != "planned":
        return held_seats(meeting)
    presenting = {place.member.id for place in agenda.places}
    candidates = [
        candidate(
            group, meeting, member, answers.get(member.id), presenting=member.id in presenting
        )
        for member in members
    ]
    return seats(held_seats(meeting), candidates, fixed=meeting.seats_fixed)


def candidate(
    group: Group, meeting: Meeting, member: Member, rsvp: Rsvp | None, *, presenting: bool
) -> Candidate:
    """A member as far as the seats of one meeting go."""
    served: dict[Role, int] = {}
    if member.facilitated_in is not None:
        served["facilitator"] = member.facilitated_in
    if member.recorded_in is not None:
        served["recorder"] = member.recorded_in
    return Candidate(
        member_id=member.id,
        draw=member.draw,
        served=served,
        away=is_away(member, meeting),
        declined=rsvp is not None and rsvp.answer == "not going",
        refused=tuple(role for role in ROLES if rsvp is not None and rsvp.declined_seat == role),
        presenting=presenting,
        # At a group's very first meeting everybody is new, and somebody must begin.
        first_meeting=member.attended == 0 and group.held > 0,
    )


async def settle_seats(
    session: AsyncSession, group: Group, meeting: Meeting, now: datetime
) -> None:
    """Name the seats when cases are called for, and fix them when the agenda is posted."""
    if now < call_at(group, meeting) or meeting.seats_fixed:
        return
    before = held_seats(meeting)
    after = await read_seats(session, group, meeting)
    write_seats(meeting, after)
    meeting.seats_fixed = now >= agenda_at(group, meeting)
    if meeting.seats_fixed:
        await refresh(session, group, now, Post.meeting_id == meeting.id, Post.kind == "call")
    await _tell_new_holders(session, group, meeting, before, now)


async def reseat(session: AsyncSession, group: Group, meeting: Meeting, now: datetime) -> None:
    """Choose anew where somebody declined or cannot come."""
    before = held_seats(meeting)
    if not before and now < call_at(group, meeting):
        return
    write_seats(meeting, await read_seats(session, group, meeting))
    await _tell_new_holders(session, group, meeting, before, now)


async def _tell_new_holders(
    session: AsyncSession,
    group: Group,
    meeting: Meeting,
    before: Mapping[Role, Seat],
    now: datetime,
) -> None:
    members = {member.id: member for member in await active_members(session, group)}
    drafts = [
        Draft(
            key=f"meeting:{meeting.id}:{role}:{seat.member_id}",
            kind="seat",
            due_at=now,
            meeting_id=meeting.id,
            subject=seat.member_id,
            person=members[seat.member_id].ref,
            expires_at=meeting.starts_at,
        )
        for role, seat in held_seats(meeting).items()
        if not seat.by_choice and before.get(role) != seat and seat.member_id in members
    ]
    await enqueue(session, group, *drafts)
    if before != held_seats(meeting):
        # Whoever has lost a role reads so in the message that named them.
        await refresh(session, group, now, Post.meeting_id == meeting.id, Post.kind == "seat")
