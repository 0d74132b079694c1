"""What beginning a meeting, hearing a case and ending a meeting mean for the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue.order import Why, goes_first_next
from bot.queue.reading import (
    Agenda,
    case_time,
    cut_agenda,
    read_line,
    read_queue,
    write_line,
)
from bot.schedule.attendance import CARDS
from bot.schedule.coming import IS_COMING, MEETINGS, coming_to
from bot.store.outbox import POSTS, changed, refresh_by, refreshing, spelled
from bot.store.tables import AgendaItem, Case, Group, Meeting, Member, Swap


@dataclass(frozen=True, slots=True)
class Remembered:
    """What fairness remembers of when a member was heard."""

    presented_in: int | None
    presented_at: int | None
    unheard: bool
    urgent_in: int | None

    @classmethod
    def of(cls, member: Member) -> Remembered:
        """What it remembers now."""
        return cls(member.presented_in, member.presented_at, member.unheard, member.urgent_in)


QUEUE_CARDS = refreshing(
    POSTS.c.kind.in_(spelled(*CARDS, "begun")),
    POSTS.c.meeting_id.in_(select(MEETINGS.c.id).where(*IS_COMING)),
)


async def refresh_queue(session: AsyncSession, group: Group, now: datetime) -> None:
    """Have the cards that show the queue edited, for the meeting that runs and those to come."""
    await refresh_by(session, group, now, QUEUE_CARDS, coming_to(group, now))


async def fix_agenda(session: AsyncSession, group: Group, meeting: Meeting) -> Agenda:
    """Write down what a meeting that begins now will hear; call it once its number is set."""
    places = await read_queue(session, group, meeting)
    made = cut_agenda(places, case_time(meeting))
    meeting.line = write_line(places)
    session.add_all(
        AgendaItem(
            space_id=group.space_id,
            group_id=group.id,
            meeting_id=meeting.id,
            case_id=place.case.id,
            member_id=place.member.id,
            position=position,
        )
        for position, place in enumerate(made.places)
    )
    await session.flush()
    return made


async def mark_presented(
    session: AsyncSession,
    group: Group,
    case: Case,
    member: Member,
    at: tuple[int, int],
) -> Remembered | None:
    """Let a case count as heard, `at` the number of a held meeting and the place in it.

    Give what was remembered before, or `None` where the case was no longer waiting.
    """
    result = await session.execute(
        update(Case)
        .where(Case.group_id == group.id, Case.id == case.id, Case.state == "waiting")
        .values(state="done")
    )
    if not changed(result):
        return None
    before = Remembered.of(member)
    member.presented_in, member.presented_at = at
    member.unheard = False
    await session.execute(
        update(AgendaItem)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.case_id == case.id,
            AgendaItem.outcome.is_(None),
        )
        .values(outcome="done")
    )
    return before


async def mark_gone_through(
    session: AsyncSession, group: Group, meeting: Meeting
) -> list[tuple[Case, Member, Remembered]]:
    """Let the cases count as heard that a meeting went through and nobody marked otherwise.

    Give them with what was remembered of their members before.
    """
    rows = await session.execute(
        select(Case, Member, AgendaItem.position)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Member, Member.id == AgendaItem.member_id)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.gone_through,
            AgendaItem.outcome.is_(None),
        )
        .order_by(AgendaItem.position)
    )
    heard = []
    for case, member, position in rows.all():
        at = (meeting.number or group.held, position)
        before = await mark_presented(session, group, case, member, at)
        if before is not None:
            heard.append((case, member, before))
    return heard


async def take_back_presented(
    session: AsyncSession,
    group: Group,
    case: Case,
    member: Member,
    remembered: tuple[Remembered, Remembered],
) -> bool:
    """Let a case wait again as if it had not been heard; say whether it was marked as heard.

    `remembered` is what held before and since; who was heard again in between keeps that.
    """
    before, since = remembered
    result = await session.execute(
        update(Case)
        .where(Case.group_id == group.id, Case.id == case.id, Case.state == "done")
        .values(state="waiting")
    )
    if not changed(result):
        return False
    if Remembered.of(member) == since:
        member.presented_in, member.presented_at = before.presented_in, before.presented_at
        member.unheard, member.urgent_in = before.unheard, before.urgent_in
    running = select(Meeting.id).where(Meeting.group_id == group.id, Meeting.state == "begun")
    await session.execute(
        update(AgendaItem)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.case_id == case.id,
            AgendaItem.meeting_id.in_(running),
        )
        .values(outcome=None)
    )
    return True


async def mark_presented_now(
    session: AsyncSession, group: Group, case: Case, member: Member
) -> Remembered | None:
    """Let a case count as heard in the meeting that runs, else in the last one held."""
    running = (
        await session.scalars(
            select(Meeting).where(Meeting.group_id == group.id, Meeting.id == (group.live_id or 0))
        )
    ).one_or_none()
    number = running.number if running and running.number else group.held
    item = await _item(session, group, running, case)
    position = item.position if item else await _behind_all(session, group, number)
    if running is not None and item is None:
        session.add(
            AgendaItem(
                space_id=group.space_id,
                group_id=group.id,
                meeting_id=running.id,
                case_id=case.id,
                member_id=member.id,
                position=position,
            )
        )
        await session.flush()
    at_front = running is None and await _is_urgent_front(session, group, case)
    before = await mark_presented(session, group, case, member, (number, position))
    if before is not None and at_front:
        member.urgent_in = number
    return before


async def _is_urgent_front(session: AsyncSession, group: Group, case: Case) -> bool:
    """Whether a case goes to the front for its urgency, which is used up when it is heard."""
    if case.urgency != "before next meeting":
        return False
    places = await read_queue(session, group, None)
    return any(p.why is Why.BEFORE_NEXT and p.case.id == case.id for p in places)


async def _item(
    session: AsyncSession, group: Group, meeting: Meeting | None, case: Case
) -> AgendaItem | None:
    if meeting is None:
        return None
    found = select(AgendaItem).where(
        AgendaItem.group_id == group.id,
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.case_id == case.id,
    )
    return (await session.scalars(found)).one_or_none()


async def _behind_all(session: AsyncSession, group: Group, number: int) -> int:
    """The place behind all who presented, or were to present, in the meeting of this number."""
    presented = select(func.max(Member.presented_at)).where(
        Member.group_id == group.id, Member.presented_in == number
    )
    planned = (
        select(func.max(AgendaItem.position))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.group_id == group.id, Meeting.number == number)
    )
    taken = [await session.scalar(presented), await session.scalar(planned)]
    return max((place for place in taken if place is not None), default=-1) + 1


async def mark_meeting_over(session: AsyncSession, group: Group, meeting: Meeting) -> None:
    """What fairness remembers of a meeting that has ended; call it when its outcomes are marked.

    1. A case that was gone through was heard, unless somebody said otherwise.
    2. What else is neither done nor withdrawn was not reached, and its case waits on.
    3. A `before next meeting` that took the front and was heard is used for four meetings.
    4. Who was next in line and has the right to it goes first next time.
    5. Swaps were for this meeting.
    """
    await mark_gone_through(session, group, meeting)
    heard = await _heard(session, group, meeting)
    line = read_line(meeting) or [p.ordered for p in await read_queue(session, group, meeting)]
    await session.execute(
        update(AgendaItem)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.outcome.is_(None),
        )
        .values(outcome="not reached")
    )
    urgent = [p.member_id for p in line if p.why is Why.BEFORE_NEXT and p.case_id in heard]
    await _remember(session, group, urgent, urgent_in=meeting.number)
    first = goes_first_next(line, set(heard.values()))
    await _remember(session, group, [] if first is None else [first], unheard=True)
    await end_swaps(session, group)


async def end_swaps(session: AsyncSession, group: Group, member: Member | None = None) -> None:
    """Let swaps be over: all of them, or those of one member."""
    whose = () if member is None else (or_(Swap.from_id == member.id, Swap.to_id == member.id),)
    await session.execute(
        update(Swap)
        .where(Swap.group_id == group.id, Swap.state.in_(("offered", "agreed")), *whose)
        .values(state="over")
    )


async def _heard(session: AsyncSession, group: Group, meeting: Meeting) -> dict[int, int]:
    """The cases that were done in a meeting, each with its member."""
    rows = await session.execute(
        select(AgendaItem.case_id, AgendaItem.member_id).where(
            AgendaItem.group_id == group.id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.outcome == "done",
        )
    )
    return dict(rows.all())


async def _remember(
    session: AsyncSession, group: Group, members: list[int], **what: object
) -> None:
    if members:
        await session.execute(
            update(Member).where(Member.group_id == group.id, Member.id.in_(members)).values(**what)
        )
