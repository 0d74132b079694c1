"""What follows a change of a running meeting: who is asked to facilitate, who is told what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.formats.model import Formats
from bot.live.dealing import deal_cards
from bot.live.kept import Kept, keep
from bot.live.people import facilitator
from bot.live.rooms import placed
from bot.live.seats import ask_for, asking_for, busy_today, can_be_held, may_take, to_fill
from bot.live.state import Dealt, LiveState, cases_over
from bot.schedule.roles import Candidate, choose
from bot.store.outbox import Draft, enqueue, refresh
from bot.store.tables import Group, Meeting, Member, Person, Post

SEAT, ASIDE, PERSPECTIVE, OVER = "case-seat", "aside", "perspective", "case-over"
"""The kinds of private post: the seat of a case, a line for whoever has it, a card, come back."""

OF_USE = timedelta(minutes=2)
"""How long a line about a phase is worth reading after the phase has begun."""

FIRST, LAST = -2, 1_000_000
"""As if served never at all, or just now."""


async def go_on(
    session: AsyncSession,
    group: Group,
    kept: Kept,
    state: LiveState,
    step: tuple[int | None, datetime],
    formats: Formats | None = None,
) -> Kept:
    """Write a new state with all that follows from it; without formats no cards are dealt."""
    settled = await settle(session, group, kept.meeting, placed(state, kept.state, group), formats)
    after = await keep(session, group, kept, settled, step)
    await tell(session, group, Change(kept.meeting, kept.state, settled), step[1])
    return after


async def settle(
    session: AsyncSession,
    group: Group,
    meeting: Meeting,
    state: LiveState,
    formats: Formats | None,
) -> LiveState:
    """The state with the next facilitator asked, and with the cards dealt that are due."""
    case_id = to_fill(state)
    if case_id is not None and any(can_be_held(state, case_id, m) for m in state.present):
        candidates = await _candidates(session, group, meeting, state, case_id)
        state = ask_for(state, case_id, choose("facilitator", candidates))
    return state if formats is None else await deal_cards(session, group, state, formats)


async def _candidates(
    session: AsyncSession, group: Group, meeting: Meeting, state: LiveState, case_id: int
) -> list[Candidate]:
    """Who can be asked in private: never at their first meeting, and one case a day at most.

    Whoever was named to facilitate the meeting is asked first.
    """
    rows = await session.execute(
        select(Member, Person.private)
        .join(Person, Person.id == Member.person_id)
        .where(Member.group_id == group.id, Member.id.in_(state.present))
    )
    declined, busy = asking_for(state, case_id).declined, busy_today(state, but=case_id)
    made = []
    for member, private in rows.all():
        served = FIRST if member.id == meeting.facilitator_id else member.facilitated_in or -1
        made.append(
            Candidate(
                member_id=member.id,
                draw=member.draw,
                served={"facilitator": LAST if member.id in busy else served},
                active=private and may_take(state, case_id, member.id),
                declined=member.id in declined,
                # At a group's very first meeting everybody is new, and somebody must begin.
                first_meeting=member.attended == 0 and (meeting.number or 1) > 1,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Change:
    """A running meeting before and after a step; `before` is none where it has just begun."""

    meeting: Meeting
    before: LiveState | None
    after: LiveState

    @property
    def offered(self) -> Iterator[tuple[int, int]]:
        """The cases whose seat was offered, each with the member."""
        for asking in self.after.asking:
            known = asking_for(self.before, asking.case_id) if self.before else None
            if asking.member is not None and (known is None or known.member != asking.member):
                yield asking.case_id, asking.member

    @property
    def seats_changed(self) -> bool:
        """Whether what the posts about seats say has changed."""
        return self.before is not None and _seats(self.before) != _seats(self.after)

    @property
    def guided(self) -> int | None:
        """Who gets a line for the phase that has just begun, or for the one they came to."""
        here = _guided(self.after)
        return here[1] if here and (self.before is None or _guided(self.before) != here) else None

    @property
    def dealt(self) -> tuple[Dealt, ...]:
        """The cards that have just been dealt."""
        return self.after.dealt[len(self.before.dealt) if self.before else 0 :]

    @property
    def over(self) -> frozenset[int]:
        """The cases that have just ended."""
        return cases_over(self.after) - (cases_over(self.before) if self.before else frozenset())


def _seats(state: LiveState) -> object:
    return state.asking, [(s.case_id, s.facilitator) for s in state.segments]


def _guided(state: LiveState) -> tuple[tuple[int, int], int] | None:
    """Where the meeting is and who guides it, where they have something to be told."""
    guide, fitted = facilitator(state), state.fitted
    if guide is None or fitted is None or not state.running or not fitted.phase.aside:
        return None
    return state.at, guide


async def tell(session: AsyncSession, group: Group, change: Change, now: datetime) -> None:
    """Write the private posts that a step causes, and edit those about a seat that is settled."""
    people = await _refs(session, group, change)
    await enqueue(session, group, *_drafts(change, people, now))
    if change.seats_changed:
        about = (Post.meeting_id == change.meeting.id, Post.kind == SEAT)
        await refresh(session, group, now, *about)
    served = {s.facilitator for s in change.after.segments if s.case_id in change.over} - {None}
    if served:
        await session.execute(
            update(Member)
            .where(Member.group_id == group.id, Member.id.in_(served))
            .values(facilitated_in=change.meeting.number)
        )


def _drafts(change: Change, people: Mapping[int, str], now: datetime) -> Iterator[Draft]:
    """All private posts of a step; a key says meeting and step, so that none comes twice."""
    meeting, after = change.meeting.id, change.after
    for kind, about, member in _private(change):
        key = ":".join(map(str, ("meeting", meeting, kind, *about, member)))
        if kind == OVER:
            # A case that was gone back to is over once more.
            key = f"{key}:{after.version}"
        subject = None if kind == ASIDE else about[0]
        expires = now + OF_USE if kind == ASIDE else None
        if member in people:
            yield Draft(key, kind, now, meeting, subject, people[member], expires)


def _private(change: Change) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """What is to be said in private: the kind, the case (of a line the phase), and to whom."""
    yield from ((SEAT, (case_id,), member) for case_id, member in change.offered)
    if change.guided is not None:
        yield ASIDE, change.after.at, change.guided
    yield from ((PERSPECTIVE, (dealt.case_id,), dealt.member) for dealt in change.dealt)
    yield from ((OVER, (case_id,), member) for case_id, member in _sat_out(change))


def _sat_out(change: Change) -> set[tuple[int, int]]:
    """Who waits outside for the cases that have just ended."""
    return {
        (segment.case_id, member)
        for segment in change.after.segments
        for member in segment.recused
        if segment.case_id is not None
        and segment.case_id in change.over
        and member in change.after.present
    }


async def _refs(session: AsyncSession, group: Group, change: Change) -> Mapping[int, str]:
    """How the people are called to whom something is written."""
    members = {member for _, _, member in _private(change)}
    if not members:
        return {}
    rows = await session.execute(
        select(Member.id, Member.ref).where(Member.group_id == group.id, Member.id.in_(members))
    )
    return dict(rows.all())


async def call_back(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    """A meeting ends while a case is open: whoever sat it out is told that it is over."""
    segment = kept.state.segment
    if segment is None or not kept.state.opened:
        return
    ended = replace(kept.state, at=(len(kept.state.segments), 0))
    people = await _refs(session, group, change := Change(kept.meeting, kept.state, ended))
    await enqueue(session, group, *(d for d in _drafts(change, people, now) if d.kind == OVER))
