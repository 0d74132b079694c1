"""The contents of a case go some days after it was heard or withdrawn; its code remains.

When a case is no longer waiting, a tick gives its contents a date to go at; on that date the key
is destroyed, the row is emptied, and the messages that showed them are edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Row, bindparam, select, type_coerce, update
from sqlalchemy import case as one_of
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import refresh
from bot.store.purge import destroy_keys
from bot.store.sealed import blank, sealed_tables
from bot.store.tables import (
    FADING,
    UNDATED,
    AgendaItem,
    Case,
    Group,
    Post,
    UtcDateTime,
)
from bot.store.written_tables import WrittenCase

OF_MEETINGS = frozenset({"begun", "room"})
"""Kinds of post that still show contents when their meeting is over."""

IN_WRITING = frozenset({"written", "written-over", "written-nudge"})
"""Kinds of post that show a case in writing, which is their subject."""

OF_CASES = frozenset({"case-seat", "case-over"})
"""Kinds of private post that show the title of a case, which is their subject."""

UNSEEN = 7
"""Days that a case is kept whose author has not said that it is de-identified."""

AT_ONCE = 100
"""Cases looked at in one transaction."""

WIDELY = {**ACROSS_GROUPS, "synchronize_session": False}

_undated = select(Case.id, Case.group_id, Case.state, Case.created_at).where(UNDATED).subquery()
# A meeting that runs still shows what was heard in it: its cases are given a date when it ends.
_to_date = (
    select(_undated)
    .join(Group, Group.id == _undated.c.group_id)
    .where((_undated.c.state == "waiting") | Group.live_id.is_(None))
)

FIRST_UNDATED = _to_date.with_only_columns(_undated.c.created_at).limit(1)
"""A moment in the past, while there is a case whose contents need a date."""

FIRST_TO_FADE = select(Case.fades_at).where(FADING).order_by(Case.fades_at).limit(1)
"""When the next contents go."""


async def date_contents(session: AsyncSession, now: datetime) -> bool:
    """Give the contents of cases that wait no longer a date; say whether there may be more."""
    found = await session.execute(
        _to_date.with_only_columns(_undated.c.id, _undated.c.state, Group.keep).limit(AT_ONCE),
        execution_options=ACROSS_GROUPS,
    )
    rows = found.all()
    again = [row.id for row in rows if row.state == "waiting"]
    if again:
        wait = update(Case).where(Case.id.in_(again), Case.state == "waiting")
        await session.execute(wait.values(fades_at=None), execution_options=WIDELY)
    by_days: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.state != "waiting":
            by_days[UNSEEN if row.state == "unconfirmed" else row.keep].append(row.id)
    for days, ids in by_days.items():
        over = update(Case).where(Case.id.in_(ids), Case.state != "waiting")
        at = now + timedelta(days=days)
        await session.execute(over.values(fades_at=at), execution_options=WIDELY)
    return len(rows) == AT_ONCE


async def fade(session: AsyncSession, now: datetime) -> bool:
    """Let contents go whose day has come; say whether there may be more."""
    due = (
        select(Case.id, Case.group_id, Case.key_id)
        .where(Case.fades_at <= now, Case.state != "waiting")
        .order_by(Case.fades_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.execute(due, execution_options=ACROSS_GROUPS)).all()
    if rows:
        await let_go(session, rows, now)
    return len(rows) == AT_ONCE


async def let_go(
    session: AsyncSession, cases: Sequence[Row[int, int, str | None]], now: datetime
) -> None:
    """Let the contents of these cases go: id, group and key of each."""
    await destroy_keys(session, [case.key_id for case in cases])
    ids = [case.id for case in cases]
    # What nobody but its author ever saw is not to be confirmed without its words.
    state = one_of((Case.state == "unconfirmed", "dropped"), else_=Case.state)
    empty = update(Case).where(Case.id.in_(ids)).values(**blank(Case), state=state, fades_at=None)
    await session.execute(empty, execution_options=WIDELY)
    for table in sealed_tables():
        of_case = getattr(table, "case_id", None)
        if of_case is not None:
            also = update(table).where(of_case.in_(ids)).values(**blank(table))
            await session.execute(also, execution_options=WIDELY)
    for number in sorted({case.group_id for case in cases}):
        group = await session.get_one(Group, number)
        await _edit_messages(session, group, ids, now)


async def _edit_messages(
    session: AsyncSession, group: Group, ids: Iterable[int], now: datetime
) -> None:
    """Have the messages edited that showed these cases."""
    heard_in = select(AgendaItem.meeting_id).where(
        AgendaItem.group_id == group.id, AgendaItem.case_id.in_(ids)
    )
    written = select(WrittenCase.id).where(
        WrittenCase.group_id == group.id, WrittenCase.case_id.in_(ids)
    )
    await refresh(session, group, now, Post.kind.in_(OF_MEETINGS), Post.meeting_id.in_(heard_in))
    await refresh(session, group, now, Post.kind.in_(OF_CASES), Post.subject.in_(ids))
    await refresh(session, group, now, Post.kind.in_(IN_WRITING), Post.subject.in_(written))


async def still_showing(session: AsyncSession, posts: Collection[int]) -> frozenset[int]:
    """Those of these posts that show a case which still has contents: they are needed to edit
    them out."""
    if not posts:
        return frozenset()
    of_meetings = (
        select(Post.id)
        .join(AgendaItem, AgendaItem.meeting_id == Post.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(Post.id.in_(posts), Post.kind.in_(OF_MEETINGS), Case.key_id.is_not(None))
    )
    in_writing = (
        select(Post.id)
        .join(WrittenCase, WrittenCase.id == Post.subject)
        .join(Case, Case.id == WrittenCase.case_id)
        .where(Post.id.in_(posts), Post.kind.in_(IN_WRITING), Case.key_id.is_not(None))
    )
    of_cases = (
        select(Post.id)
        .join(Case, Case.id == Post.subject)
        .where(Post.id.in_(posts), Post.kind.in_(OF_CASES), Case.key_id.is_not(None))
    )
    all_ = of_meetings.union(in_writing, of_cases)
    return frozenset(await session.scalars(all_, execution_options=ACROSS_GROUPS))


_LATER = (
    update(Case)
    .where(Case.group_id == bindparam("of_group"), FADING, Case.state != "unconfirmed")
    .values(
        fades_at=type_coerce(
            type_coerce(Case.fades_at, BigInteger) + bindparam("more", type_=BigInteger),
            UtcDateTime(),
        )
    )
    .execution_options(synchronize_session=False)
)


async def keep_longer(session: AsyncSession, group: Group, days: int) -> None:
    """Move the day on which contents go, after the group has changed how long it keeps them."""
    if days:
        more = days * 86_400 * 1_000_000
        await session.execute(_LATER, {"of_group": group.id, "more": more})
