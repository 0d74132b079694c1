"""Reading the queue and the agenda of a meeting as they stand now."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue import order
from bot.queue.order import Standing, Urgency, Waiting, Why
from bot.schedule.attendance import is_away
from bot.schedule.coming import NEXT_MEETING, coming_to, find_current
from bot.store.tables import AgendaItem, Case, Group, Meeting, Member, Rsvp, Swap, minutes_for_cases


@dataclass(frozen=True, slots=True)
class Place:
    """A case's place in the queue, with the case itself and its member."""

    case: Case
    member: Member
    ordered: order.Place
    swapped_with: Member | None = None
    """With whom this meeting's places are exchanged."""

    @property
    def why(self) -> Why:
        """Why it stands where it stands."""
        return self.ordered.why

    @property
    def minutes(self) -> int:
        """How long it wants to be heard."""
        return self.case.minutes

    @property
    def on_offer(self) -> bool:
        """Whether the coming meeting may take it."""
        return self.ordered.on_offer


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a meeting hears, in order, and the time left over, which is offered, not filled."""

    places: list[Place]
    minutes_left: int


@dataclass(frozen=True, slots=True)
class _Row:
    case: Case
    member: Member
    answer: str | None
    swapped_with: int | None
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class Coming:
    """The meeting that runs or comes next, if there is one, and the queue for it."""

    group: Group
    meeting: Meeting | None
    places: list[Place]
    rows: Sequence[_Row] = ()

    @property
    def running(self) -> bool:
        """Whether it has begun, so that its agenda stands."""
        return self.meeting is not None and self.meeting.state == "begun"

    @property
    def number(self) -> int:
        """The number the meeting has, or will have when it is held."""
        return _number(self.group, self.meeting)

    def if_swapped(self, one: Member, other: Member) -> list[Place]:
        """The queue as it would be if these two exchanged their places."""
        return _placed(self.group, self.meeting, self.rows, [(one.id, other.id)])


async def read_queue(session: AsyncSession, group: Group, meeting: Meeting | None) -> list[Place]:
    """The whole queue in fair order; who cannot come to this meeting stands behind it."""
    asked = {"of_group": group.id, "this_meeting": meeting.id if meeting else 0}
    rows = [_Row(*row) for row in (await session.execute(QUEUE, asked)).all()]
    return _placed(group, meeting, rows)


async def read_coming(session: AsyncSession, group: Group, now: datetime) -> Coming:
    """The coming meeting and the queue for it, in one statement where somebody waits."""
    found = await session.execute(QUEUE_FOR_COMING, coming_to(group, now))
    rows = [_Row(*row) for row in found.all()]
    meeting = rows[0].meeting if rows else await find_current(session, group, now)
    return Coming(group, meeting, _placed(group, meeting, rows), rows)


async def read_agenda(session: AsyncSession, group: Group, meeting: Meeting) -> Agenda:
    """What the meeting hears: as it was fixed if it has begun, else as the queue stands now."""
    if meeting.begun_at is not None:
        return await _fixed_agenda(session, group, meeting)
    return cut_agenda(await read_queue(session, group, meeting), case_time(meeting))


def cut_agenda(places: list[Place], minutes: int) -> Agenda:
    """The front of the queue, as far as it fits."""
    by_case = {place.case.id: place for place in places}
    taken, left = order.agenda([place.ordered for place in places], minutes)
    return Agenda([by_case[first.case_id] for first in taken], left)


def case_time(meeting: Meeting) -> int:
    """The minutes a meeting has for cases."""
    return minutes_for_cases(meeting.minutes)


def can_come(member: Member, answer: str | None, meeting: Meeting | None) -> bool:
    """Whether a member may be expected at the meeting."""
    if meeting is None:
        return True
    return answer != "not going" and not is_away(member, meeting)


def _queue_for(
    which: ColumnElement[bool],
) -> Select[Case, Member, str | None, int, Meeting]:
    """One row a waiting case, and a further one for each agreed swap its member has offered."""
    return (
        select(Case, Member, Rsvp.answer, Swap.to_id, Meeting)
        .join(Member, Member.id == Case.member_id)
        .outerjoin(Meeting, and_(Meeting.group_id == bindparam("of_group"), which))
        .outerjoin(Rsvp, and_(Rsvp.meeting_id == Meeting.id, Rsvp.member_id == Member.id))
        .outerjoin(Swap, and_(Swap.from_id == Member.id, Swap.state == "agreed"))
        .where(
            Case.group_id == bindparam("of_group"),
            Case.state == "waiting",
            Member.state == "active",
        )
        .order_by(Case.id)
    )


# Built once: building such a statement anew costs as much as carrying it out, and every
# `/case add` reads the queue.
QUEUE = _queue_for(Meeting.id == bindparam("this_meeting"))
QUEUE_FOR_COMING = _queue_for(
    Meeting.id == NEXT_MEETING.with_only_columns(Meeting.id).scalar_subquery()
)


def _placed(
    group: Group,
    meeting: Meeting | None,
    rows: Sequence[_Row],
    more_swaps: Sequence[tuple[int, int]] = (),
) -> list[Place]:
    by_case = {row.case.id: row for row in rows}
    by_member = {row.member.id: row for row in by_case.values()}
    standings = [_standing(row, meeting) for row in by_member.values()]
    partners: dict[int, Member] = {}
    for one, other in [*_swaps(rows, by_member), *more_swaps]:
        standings = order.swap_places(standings, one, other)
        partners |= {one: by_member[other].member, other: by_member[one].member}
    number = _number(group, meeting)
    urgent_in = {m: row.member.urgent_in for m, row in by_member.items()}
    uses = [(member, used) for member, used in urgent_in.items() if used is not None]
    waiting = [_waiting(row.case) for row in by_case.values()]
    return [
        Place(by_case[p.case_id].case, by_case[p.case_id].member, p, partners.get(p.member_id))
        for p in order.queue_order(standings, waiting, order.urgent_lately(uses, number))
    ]


def _number(group: Group, meeting: Meeting | None) -> int:
    return meeting.number if meeting and meeting.number else group.held + 1


def _swaps(rows: Sequence[_Row], waiting: Container[int]) -> list[tuple[int, int]]:
    """The agreed swaps of which both members still wait."""
    pairs = {(row.member.id, row.swapped_with) for row in rows}
    return sorted((one, other) for one, other in pairs if other is not None and other in waiting)


def _standing(row: _Row, meeting: Meeting | None) -> Standing:
    member = row.member
    presented = (
        None if member.presented_in is None else (member.presented_in, member.presented_at or 0)
    )
    coming = can_come(member, row.answer, meeting)
    return Standing(member.id, member.draw, presented, member.unheard, coming)


def _waiting(case: Case) -> Waiting:
    return Waiting(case.id, case.member_id, case.minutes, cast(Urgency, case.urgency), case.id)


async def _fixed_agenda(session: AsyncSession, group: Group, meeting: Meeting) -> Agenda:
    rows = await session.execute(
        select(Case, Member, AgendaItem.position)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Member, Member.id == Case.member_id)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.meeting_id == meeting.id,
            Case.state != "withdrawn",
        )
        .order_by(AgendaItem.position)
    )
    line = {place.case_id: place for place in read_line(meeting)}
    places = [
        Place(case, member, line.get(case.id) or _unplanned(case, position))
        for case, member, position in rows
    ]
    return Agenda(places, max(0, case_time(meeting) - sum(p.minutes for p in places)))


def _unplanned(case: Case, position: int) -> order.Place:
    """The place of a case that was heard without having been on the agenda."""
    return order.Place(case.id, case.member_id, case.minutes, Why.LAST_PRESENTED, position)


def write_line(places: Iterable[Place]) -> list[Any]:
    """The queue as plain data, to be kept with the meeting that begins with it."""
    return [
        [p.case.id, p.member.id, p.minutes, p.why.value, p.ordered.rank, p.ordered.lap]
        for p in places
    ]


def read_line(meeting: Meeting) -> list[order.Place]:
    """The queue as it was when the meeting began."""
    return [
        order.Place(case, member, minutes, Why(why), rank, lap)
        for case, member, minutes, why, rank, lap in meeting.line or ()
    ]
