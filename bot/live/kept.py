"""A running meeting as it is kept: read, changed step by step, and written by version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict
from bot.live import texts
from bot.live.agenda import drop_case
from bot.live.data import as_data, from_data
from bot.live.state import (
    LiveState,
    Segment,
    cases_over,
    cases_to_come,
    clock_ends,
    is_to_come,
    presenters_so_far,
)
from bot.store.live_tables import LiveMeeting
from bot.store.outbox import POSTS, Draft, cancel, changed, enqueue, refresh, refresh_by, refreshing
from bot.store.tables import AgendaItem, Case, Group, Meeting, Member, Post

TIME_UP = "time-up"
"""The kind of post that asks at the end of a phase: more time, or on?"""


ROOM = "room"
"""The kind of post that is the card of a case in the room it runs in."""


def card_key(meeting_id: int) -> str:
    """The key of a running meeting's card in the outbox."""
    return f"meeting:{meeting_id}:begun"


def room_key(meeting_id: int | None, room: int) -> str:
    """The key of the card in one of its rooms, and so of the room."""
    return f"meeting:{meeting_id}:room:{room}"


def pressed_key(before: Kept, after: Kept) -> str | None:
    """The key of the card that is pressed while a case runs; none once that has moved elsewhere."""
    room = before.state.room
    if room is None:
        return card_key(before.meeting.id)
    return room_key(before.meeting.id, room) if after.state.room == room else None


@dataclass(frozen=True, slots=True)
class Item:
    """A case of the meeting's agenda, with who presents it and what became of it."""

    case: Case
    member: Member
    outcome: str | None
    gone_through: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A running meeting as it was read; `by` made the last step, `version` is the one written."""

    id: int
    meeting: Meeting
    state: LiveState
    items: tuple[Item, ...]
    by: int | None
    version: int

    def item(self, case_id: int | None) -> Item | None:
        """The case with this number, while it is on the agenda."""
        return next((item for item in self.items if item.case.id == case_id), None)


async def find_live(
    session: AsyncSession, group: Group, now: datetime, *, lock: bool = True
) -> Kept | None:
    """The group's meeting that runs; locked, unless it is only looked at."""
    running = _of_group(group, group.live_id or 0)
    return await _read(
        session, group, running.with_for_update(of=LiveMeeting) if lock else running, now
    )


async def find_meeting(
    session: AsyncSession, group: Group, meeting_id: int, now: datetime
) -> Kept | None:
    """The running meeting with this number, to be looked at."""
    return await _read(session, group, _of_group(group, meeting_id), now)


def _of_group(group: Group, meeting_id: int) -> Select[LiveMeeting, Meeting]:
    return (
        select(LiveMeeting, Meeting)
        .join(Meeting, Meeting.id == LiveMeeting.meeting_id)
        .where(
            LiveMeeting.group_id == group.id,
            LiveMeeting.meeting_id == meeting_id,
            Meeting.state == "begun",
        )
    )


async def _read(
    session: AsyncSession, group: Group, statement: Select[LiveMeeting, Meeting], now: datetime
) -> Kept | None:
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    live, meeting = row
    items = await read_items(session, group, meeting)
    state = _followed(from_data(live.state), items, now)
    return Kept(live.id, meeting, state, items, live.by_id, live.version)


async def read_items(session: AsyncSession, group: Group, meeting: Meeting) -> tuple[Item, ...]:
    """The cases of the meeting's agenda, but for those that were withdrawn."""
    rows = await session.execute(
        select(Case, Member, AgendaItem.outcome, AgendaItem.gone_through)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Member, Member.id == Case.member_id)
        .where(
            AgendaItem.group_id == group.id,
            AgendaItem.meeting_id == meeting.id,
            Case.state != "withdrawn",
        )
        .order_by(AgendaItem.position)
    )
    return tuple(Item(*row) for row in rows)


def presenters(items: Sequence[Item], state: LiveState | None) -> set[int]:
    """Who has presented: a case that was heard, or a slot in somebody else's while one runs."""
    unheard = {item.member.id for item in items if item.outcome not in (None, "done")}
    heard = {
        item.member.id
        for item in items
        if item.outcome == "done" or (item.outcome is None and item.gone_through)
    }
    return heard | ((presenters_so_far(state) if state else frozenset()) - unheard)


def _followed(state: LiveState, items: Sequence[Item], now: datetime) -> LiveState:
    """Without the cases to come that were withdrawn, or of which it is known what became."""
    open_cases = {item.case.id for item in items if item.outcome is None}
    for case_id in cases_to_come(state):
        if case_id not in open_cases:
            state = drop_case(state, case_id, now)
    return state


async def add_live(
    session: AsyncSession, group: Group, meeting: Meeting, state: LiveState, by: Member
) -> None:
    """Write down a meeting that begins, with its card."""
    session.add(
        LiveMeeting(
            space_id=group.space_id,
            group_id=group.id,
            meeting_id=meeting.id,
            version=state.version,
            by_id=by.id,
            state=as_data(state),
        )
    )
    await session.flush()
    await _follow_clock(session, group, meeting, state)


async def keep(
    session: AsyncSession,
    group: Group,
    kept: Kept,
    state: LiveState,
    step: tuple[int | None, datetime],
) -> Kept:
    """Write the new state over the one that was read, `step` being by whom and when.

    A `Conflict` if what was read is no longer there. The card follows, and what is asked when
    the phase's time is up.
    """
    by, now = step
    result = await session.execute(
        update(LiveMeeting)
        .where(
            LiveMeeting.group_id == group.id,
            LiveMeeting.id == kept.id,
            LiveMeeting.version == kept.version,
        )
        .values(version=state.version, by_id=by, state=as_data(state))
        .execution_options(synchronize_session=False)
    )
    if not changed(result):
        raise Conflict(texts.JUST_MOVED_ON)
    await _note_cases(session, group, kept, state)
    if clock_ends(state) != clock_ends(kept.state) or kept.version != kept.state.version:
        asked = (Post.meeting_id == kept.meeting.id, Post.kind == TIME_UP)
        await cancel(session, group, "moved on", *asked)
        await refresh(session, group, now, *asked)
        await _follow_clock(session, group, kept.meeting, state)
    for key in _changed_cards(kept, state):
        await refresh_by(session, group, now, CARD, {"card": key})
    if state.room is not None and state.room != kept.state.room:
        key = room_key(kept.meeting.id, state.room)
        await enqueue(session, group, Draft(key, ROOM, now, kept.meeting.id, state.room))
    return replace(kept, state=state, by=by, version=state.version)


def _changed_cards(kept: Kept, state: LiveState) -> Iterator[str]:
    """Which cards show something else now: the one in the channel, and the one in a room."""
    followed, room = kept.version != kept.state.version, kept.state.room
    if not followed and _public(state) == _public(kept.state):
        return
    if room is not None:
        yield room_key(kept.meeting.id, room)
    if followed or room is None or _outside(state) != _outside(kept.state):
        yield card_key(kept.meeting.id)


def _outside(state: LiveState) -> object:
    """What the card in the channel shows of a case that runs in a room."""
    return state.room, _public(state).segments


def _public(state: LiveState) -> LiveState:
    """What a card may show: a card edited for the rest would tell that somebody did something."""
    open_: list[Segment] = []
    for segment in state.segments:
        # Of a case that has not opened a card shows its first part alone.
        if not (is_to_come(state, segment.case_id or 0) and segment.case_id in _cases(open_)):
            open_.append(replace(segment, recused=frozenset(), without=frozenset()))
    return replace(state, segments=tuple(open_), asking=(), dealt=())


def _cases(segments: Sequence[Segment]) -> set[int | None]:
    return {segment.case_id for segment in segments}


CARD = refreshing(POSTS.c.key == bindparam("card"))


async def _follow_clock(
    session: AsyncSession, group: Group, meeting: Meeting, state: LiveState
) -> None:
    """Ask at the end of the phase, unless somebody has moved on by then."""
    ends = clock_ends(state)
    if ends is not None:
        key = f"meeting:{meeting.id}:{TIME_UP}:{state.version}"
        await enqueue(session, group, Draft(key, TIME_UP, ends, meeting.id))


async def _note_cases(session: AsyncSession, group: Group, kept: Kept, state: LiveState) -> None:
    """Remember which cases were gone through: those count as done when the meeting ends."""
    over = cases_over(state)
    for item in kept.items:
        if item.gone_through != (item.case.id in over):
            await session.execute(
                update(AgendaItem)
                .where(
                    AgendaItem.group_id == group.id,
                    AgendaItem.meeting_id == kept.meeting.id,
                    AgendaItem.case_id == item.case.id,
                )
                .values(gone_through=not item.gone_through)
                .execution_options(synchronize_session=False)
            )
