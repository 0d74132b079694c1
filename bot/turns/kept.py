"""A speaking round as it is kept: read, changed step by step, and written by version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.replies import Text
from bot.errors import Conflict
from bot.floor import Floor, RoundState, Speaker, as_data, from_data
from bot.store.outbox import changed, refresh
from bot.store.tables import Group, Member, Post, Round, Rsvp


def card_key(round_id: int) -> str:
    """The key of the round's card in the outbox."""
    return f"round:{round_id}"


@dataclass(frozen=True)
class Kept:
    """A round as it was read: `by` made the last step."""

    id: int
    state: RoundState
    by: int | None
    spoke: dict[str, str | None]
    """When those who spoke in this round had spoken before it, for Back."""

    @classmethod
    def of(cls, row: Round) -> Kept:
        """Read the row."""
        data = row.state
        return cls(row.id, from_data(data["round"]), data["by"], data["spoke"])


async def find_running(session: AsyncSession, group: Group, *, lock: bool = True) -> Kept | None:
    """The group's round that has not ended; locked, unless it is only looked at."""
    running = _newest(group, Round.ended.is_(False))
    return await _read(session, running.with_for_update() if lock else running)


async def find_last(session: AsyncSession, group: Group) -> Kept | None:
    """The group's newest round, ended or not, locked: nobody steps between read and write."""
    return await _read(session, _newest(group).with_for_update())


async def find_round(session: AsyncSession, group: Group, number: int) -> Kept | None:
    """The group's round with this number, to be looked at."""
    return await _read(session, _newest(group, Round.id == number))


def _newest(group: Group, *where: ColumnElement[bool]) -> Select[Round]:
    return (
        select(Round).where(Round.group_id == group.id, *where).order_by(Round.id.desc()).limit(1)
    )


async def _read(session: AsyncSession, statement: Select[Round]) -> Kept | None:
    row = await session.scalar(statement)
    return None if row is None else Kept.of(row)


async def add_round(
    session: AsyncSession, group: Group, state: RoundState, by: int, now: datetime
) -> int:
    """Write down a new round; give its number."""
    row = Round(
        space_id=group.space_id,
        group_id=group.id,
        version=state.version,
        ended=state.finished,
        state={"round": as_data(state), "by": by, "spoke": {}},
        started_at=now,
    )
    session.add(row)
    await session.flush()
    return row.id


async def keep(
    session: AsyncSession,
    group: Group,
    kept: Kept,
    state: RoundState,
    by: int | None,
    now: datetime,
) -> None:
    """Write the new state over the one that was read; a `Conflict` if that is no longer there."""
    spoke = await _note_speech(session, group, kept, state.floor, now)
    result = await session.execute(
        update(Round)
        .where(
            Round.group_id == group.id,
            Round.id == kept.id,
            Round.version == kept.state.version,
        )
        .values(
            version=state.version,
            ended=state.finished,
            state={"round": as_data(state), "by": by, "spoke": spoke},
        )
        .execution_options(synchronize_session=False)
    )
    if not changed(result):
        raise Conflict(Text("The round has just moved on; please look at its card again."))
    await refresh(session, group, now, Post.key == card_key(kept.id))


async def _note_speech(
    session: AsyncSession, group: Group, kept: Kept, floor: Floor, now: datetime
) -> dict[str, str | None]:
    """Remember who has now had the floor; forget it again for whose step was taken back."""
    spoke = dict(kept.spoke)
    new = set(floor.done) - set(kept.state.floor.done)
    undone = set(kept.state.floor.done) - set(floor.done)
    for member in await _members(session, group, new | undone):
        if member.id in new:
            spoke[str(member.id)] = member.spoke_at.isoformat() if member.spoke_at else None
            member.spoke_at = now
        else:
            before = spoke.pop(str(member.id), None)
            member.spoke_at = datetime.fromisoformat(before) if before else None
    return spoke


async def _members(session: AsyncSession, group: Group, ids: Iterable[int]) -> list[Member]:
    wanted = sorted(ids)
    if not wanted:
        return []
    found = await session.scalars(
        select(Member).where(Member.group_id == group.id, Member.id.in_(wanted))
    )
    return list(found)


async def find_refs(session: AsyncSession, group: Group, kept: Kept) -> dict[int, str]:
    """The reference of everybody a card may have to name."""
    ids = {*kept.state.floor.members, kept.by}
    members = await _members(session, group, (number for number in ids if number is not None))
    return {member.id: member.ref for member in members}


async def find_speakers(
    session: AsyncSession, group: Group, starter: Member, today: date
) -> list[Speaker]:
    """Who takes part from the beginning: who is at the meeting that runs, else who is not away."""
    if group.live_id is not None:
        present: ColumnElement[bool] = Member.id.in_(
            select(Rsvp.member_id).where(
                Rsvp.group_id == group.id,
                Rsvp.meeting_id == group.live_id,
                or_(Rsvp.seen, Rsvp.answer.in_(("going", "late"))),
            )
        )
    else:
        present = or_(Member.away_until.is_(None), Member.away_until <= today)
    here = await session.scalars(
        select(Member).where(
            Member.group_id == group.id,
            Member.state == "active",
            or_(Member.id == starter.id, present),
        )
    )
    return [Speaker(m.id, _microseconds(m.joined_at), m.draw, m.spoke_at) for m in here]


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
