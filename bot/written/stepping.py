"""The steps of a case in writing: into a phase, to its end, and out of that again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict
from bot.queue.presenting import (
    Remembered,
    mark_presented_now,
    refresh_queue,
    take_back_presented,
)
from bot.store.outbox import Draft, enqueue, refresh
from bot.store.tables import Group, Member, Post
from bot.written import texts
from bot.written.kept import Kept, card_key, find_running, step, turn_case
from bot.written.rules import DAY, LATE, first_nudge, phase_end

CARD, OVER, NUDGE = "written", "written-over", "written-nudge"
"""The kinds of post there are about a case in writing."""


async def enter(
    session: AsyncSession, group: Group, kept: Kept, number: int, by: int | None, now: datetime
) -> None:
    """Go to a phase, which gets all its days from now on; a new card says so."""
    row = kept.row
    late = by is None and now - row.ends_at > LATE
    # Days on which the bot was away, so that nobody could write, do not count.
    last = row.last_at + (now - row.ends_at) if late else row.last_at
    ends = phase_end(now, kept.phases[number], last, group.zone)
    before = card_key(row)
    await step(
        session,
        group,
        row,
        phase=number,
        by_id=by,
        word="next" if number > row.phase else "back",
        began_at=now,
        ends_at=ends,
        last_at=last,
        nudge_at=first_nudge(now, ends),
        late=late,
    )
    await refresh(session, group, now, Post.key == before)
    await show(session, group, kept, now)


async def show(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    """Post the card of this step."""
    await enqueue(session, group, Draft(card_key(kept.row), CARD, now, subject=kept.id))


async def refresh_card(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    """Have the card that counts show what is true now."""
    await refresh(session, group, now, Post.key == card_key(kept.row))


async def forward(
    session: AsyncSession, group: Group, kept: Kept, by: int | None, now: datetime
) -> None:
    """To the next phase; after the last one, and on its last day, the case is over."""
    on_its_last_day = by is None and kept.row.ends_at >= kept.row.last_at
    if kept.following is None or on_its_last_day:
        await finish(session, group, kept, by, now)
    else:
        await enter(session, group, kept, kept.row.phase + 1, by, now)


async def finish(
    session: AsyncSession, group: Group, kept: Kept, by: int | None, now: datetime
) -> None:
    """The case is over with what is there, and counts as presented."""
    await turn_case(session, group, kept.case, "writing", "waiting")
    before = await mark_presented_now(session, group, kept.case, kept.presenter)
    since = Remembered.of(kept.presenter)
    heard = {"before": asdict(before), "since": asdict(since)} if before else None
    await close(session, group, kept, now, state="over", by_id=by, word="next", heard=heard)


async def close(
    session: AsyncSession, group: Group, kept: Kept, now: datetime, **values: Any
) -> None:
    """Close the case with these values, and say so below its last card."""
    await refresh_card(session, group, kept, now)
    await step(session, group, kept.row, nudge_at=None, **values)
    key = f"{card_key(kept.row)}:over"
    await enqueue(session, group, Draft(key, OVER, now, subject=kept.id))
    await refresh_queue(session, group, now)


async def resume(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    """Go on after a pause with all the time that was left, on a card where the group is now."""
    row = kept.row
    gap = now - (row.paused_at or now)
    await refresh_card(session, group, kept, now)
    await step(
        session,
        group,
        row,
        by_id=None,
        paused_at=None,
        ends_at=row.ends_at + gap,
        last_at=row.last_at + gap,
        nudge_at=row.nudge_at and row.nudge_at + gap,
    )
    await show(session, group, kept, now)


async def take_back(
    session: AsyncSession, group: Group, kept: Kept, by: int, now: datetime
) -> None:
    """A step back: to the phase before, or into the last one of a case that is over."""
    if kept.is_open:
        if kept.row.phase == 0:
            raise Conflict(texts.NOTHING_BEFORE)
        await enter(session, group, kept, kept.row.phase - 1, by, now)
        return
    await _check_reopens(session, group, kept)
    heard = kept.row.heard or {}
    remembered = Remembered(**heard["before"]), Remembered(**heard["since"])
    was_heard = await take_back_presented(session, group, kept.case, kept.presenter, remembered)
    if not was_heard or not await turn_case(session, group, kept.case, "waiting", "writing"):
        raise Conflict(texts.CANNOT_REOPEN)
    await refresh(session, group, now, Post.key == f"{card_key(kept.row)}:over")
    last = max(kept.row.last_at, now + DAY)
    ends = phase_end(now, kept.phase, last, group.zone)
    nudge = first_nudge(now, ends)
    again = {"began_at": now, "ends_at": ends, "last_at": last, "nudge_at": nudge, "late": False}
    values = again | {"by_id": by, "word": "back", "heard": None}
    await step(session, group, kept.row, state="open", **values)
    await show(session, group, kept, now)
    await refresh_queue(session, group, now)


async def _check_reopens(session: AsyncSession, group: Group, kept: Kept) -> None:
    if kept.row.state != "over" or not kept.row.heard or kept.presenter.state != "active":
        raise Conflict(texts.CANNOT_REOPEN)
    if await find_running(session, group) is not None:
        raise Conflict(texts.ANOTHER_RUNS)


async def stop(session: AsyncSession, group: Group, kept: Kept, now: datetime) -> None:
    """The presenter takes the case back: it waits again where it stood."""
    if not kept.is_open or not await turn_case(session, group, kept.case, "writing", "waiting"):
        raise Conflict(texts.OVER)
    await close(session, group, kept, now, state="stopped", by_id=kept.presenter.id, word=None)


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """A presenter who leaves takes the case with them; of others only the card must know."""
    kept = await find_running(session, group, lock=True)
    if kept is None:
        return
    if kept.presenter.id != member.id:
        await refresh_card(session, group, kept, now)
        return
    await turn_case(session, group, kept.case, "writing", "withdrawn")
    await close(session, group, kept, now, state="left", by_id=None)
