"""Who comes to a meeting: what members answered, and whether they were seen there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.schedule.coming import agenda_at
from bot.store.outbox import insert_once, refresh
from bot.store.tables import Group, Meeting, Member, Post, Rsvp

Answered = Literal["going", "late", "not going"]

CARDS = ("call", "agenda", "reminder", "start", "unbegun")
"""Posts about a meeting that show who comes, in their order; edited when that changes."""


@dataclass(frozen=True)
class Attendance:
    """The members of a group sorted by what they answered for one meeting."""

    going: tuple[Member, ...]
    late: tuple[Member, ...]
    declined: tuple[Member, ...]
    silent: tuple[Member, ...]

    @property
    def expected(self) -> int:
        """How many have said that they come."""
        return len(self.going) + len(self.late)

    @property
    def possible(self) -> int:
        """How many have not said that they do not come."""
        return self.expected + len(self.silent)


def sort_answers(
    members: Iterable[Member], answers: dict[int, Rsvp], meeting: Meeting
) -> Attendance:
    """Sort members by their answers; who is away has answered by that."""
    sorted_: dict[str | None, list[Member]] = {"going": [], "late": [], "not going": [], None: []}
    for member in members:
        rsvp = answers.get(member.id)
        answer = rsvp.answer if rsvp else None
        sorted_[answer or ("not going" if is_away(member, meeting) else None)].append(member)
    return Attendance(*(tuple(sorted_[key]) for key in ("going", "late", "not going", None)))


def is_away(member: Member, meeting: Meeting) -> bool:
    """Whether the member said that they are away on the day of the meeting."""
    return member.away_until is not None and meeting.day < member.away_until


async def read_answers(session: AsyncSession, group: Group, meeting: Meeting) -> dict[int, Rsvp]:
    """What was answered for a meeting, by member."""
    rows = await session.scalars(
        select(Rsvp).where(Rsvp.group_id == group.id, Rsvp.meeting_id == meeting.id)
    )
    return {rsvp.member_id: rsvp for rsvp in rows}


async def answer(
    session: AsyncSession, group: Group, meeting: Meeting, member: Member, given: Answered
) -> None:
    """Write down a member's answer; the cards that show it follow."""
    rsvp = await keep_rsvp(session, group, meeting, member)
    rsvp.answer, rsvp.for_away = given, False


async def keep_rsvp(session: AsyncSession, group: Group, meeting: Meeting, member: Member) -> Rsvp:
    """The member's row for this meeting, made if there is none."""
    await make_rsvp(session, group, meeting, member)
    return (
        await session.scalars(
            select(Rsvp).where(
                Rsvp.group_id == group.id,
                Rsvp.meeting_id == meeting.id,
                Rsvp.member_id == member.id,
            )
        )
    ).one()


async def make_rsvp(session: AsyncSession, group: Group, meeting: Meeting, member: Member) -> None:
    """See that the member has a row for this meeting."""
    await insert_once(
        session,
        Rsvp,
        space_id=group.space_id,
        group_id=group.id,
        meeting_id=meeting.id,
        member_id=member.id,
    )


async def refresh_cards(
    session: AsyncSession, group: Group, meetings: Sequence[Meeting], now: datetime
) -> None:
    """Have the cards of these meetings show what is true now.

    Once the agenda is posted it takes the place of the call, which is left as it is.
    """
    for meeting in meetings:
        cards = CARDS[now >= agenda_at(group, meeting) :]
        await refresh(session, group, now, Post.meeting_id == meeting.id, Post.kind.in_(cards))
