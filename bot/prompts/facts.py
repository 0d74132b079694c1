"""What a prompt needs to know about its meeting, read once at the moment it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from bot.context import Composing
from bot.queue.reading import Agenda, read_agenda
from bot.schedule.attendance import Attendance, read_answers, sort_answers
from bot.schedule.coming import active_members
from bot.schedule.roles import Role
from bot.schedule.seats import seats_now
from bot.store.tables import AgendaItem, Meeting, Member, Rsvp


@dataclass(frozen=True)
class Facts:
    """A meeting as it stands: who comes, who has which role, what is heard."""

    meeting: Meeting
    members: Sequence[Member]
    answers: dict[int, Rsvp]
    attendance: Attendance
    seats: dict[Role, Member]
    agenda: Agenda


async def read_facts(say: Composing) -> Facts | None:
    """The facts of the post's meeting."""
    meeting = await read_meeting(say)
    return None if meeting is None else await facts_of(say, meeting)


async def facts_of(say: Composing, meeting: Meeting) -> Facts:
    """The facts of a meeting."""
    members = await active_members(say.session, say.group)
    answers = await read_answers(say.session, say.group, meeting)
    by_id = {member.id: member for member in members}
    agenda = await read_agenda(say.session, say.group, meeting)
    seats = seats_now(say.group, meeting, members, answers, agenda)
    return Facts(
        meeting,
        members,
        answers,
        sort_answers(members, answers, meeting),
        {role: by_id[seat.member_id] for role, seat in seats.items() if seat.member_id in by_id},
        agenda,
    )


async def read_meeting(say: Composing) -> Meeting | None:
    """The meeting a post is about."""
    found = await say.session.scalars(
        select(Meeting).where(
            Meeting.group_id == say.group.id, Meeting.id == (say.post.meeting_id or 0)
        )
    )
    return found.one_or_none()


async def read_next(say: Composing) -> Meeting | None:
    """The next meeting that is planned."""
    found = await say.session.scalars(
        select(Meeting)
        .where(
            Meeting.group_id == say.group.id,
            Meeting.state == "planned",
            Meeting.starts_at > say.now,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )
    return found.one_or_none()


async def was_any_heard(say: Composing, meeting: Meeting) -> bool:
    """Whether a case was heard at a meeting."""
    found = await say.session.scalar(
        select(
            exists().where(
                AgendaItem.group_id == say.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.outcome == "done",
            )
        )
    )
    return bool(found)
