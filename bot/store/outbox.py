"""What the bot will say unasked: written with the change that causes it, claimed, sent, marked.

A post is enqueued by key, so that writing it twice is writing it once. Whoever delivers takes it
with a lease; a crash in between means late, never lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    String,
    Update,
    bindparam,
    case,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.replies import Put, Reply
from bot.chat.requests import Request
from bot.store.tables import Group, Post, Table, UtcDateTime

LEASE = timedelta(seconds=60)
"""How long a claimed post is left alone: longer than any send may take."""
REST = timedelta(seconds=1)
"""How long a message that was edited is left as it is, however often it is pressed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message ended up."""

    channel: str
    message: str
    """Empty where only the room for it was made so far: it is sent with the next try."""


@dataclass(frozen=True, slots=True)
class Room:
    """A place beside the group's channel that only some of its members see."""

    name: str
    """What it is called: nothing that tells what is said in it."""
    ref: str | None
    """The platform's reference; `None` while it has to be made."""
    people: tuple[str, ...] = ()
    """Whom it is for."""
    others: tuple[str, ...] = ()
    """Who of the group is not to be in it."""
    over: bool = False
    """Nothing more is said in it: it is put away once this post stands in it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post goes: a channel of a space, a room beside it, or a person in private."""

    space: str
    channel: str
    """The group's channel."""
    person: str | None
    zone: str
    """The group's zone, for whoever shows times as words."""
    room: Room | None = None


class Messenger(Protocol):
    """The port that puts posts on one platform; it raises `DeliveryError` and nothing else."""

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Say it once; the platform may use `key` to refuse a double."""

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """Make an earlier message say this instead."""


@runtime_checkable
class Rooms(Protocol):
    """What a messenger can do besides, where its platform has rooms.

    A room that cannot be had is a permanent `DeliveryError` with the scope `room`.
    """

    async def enter(self, target: Target) -> str:
        """See that the target's room is there, with those whom it is for; give its reference."""

    async def put_away(self, target: Target) -> None:
        """Close the target's room: what was said in it can be read there, and no more."""


Take = Callable[
    [AsyncSession, Group, str, Request], Awaitable[Callable[[Put], Awaitable[bool]] | None]
]
"""The port through which a card is shown in answer to a press of it: takes the post with this key
in the press's own transaction and gives what shows it after that, or `None` where it will be
edited instead: another message was pressed, the card rests, or somebody is editing it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post to be written: what it is about and when it is due."""

    key: str
    kind: str
    due_at: datetime
    meeting_id: int | None = None
    subject: int | None = None
    person: str | None = None
    expires_at: datetime | None = None


async def enqueue(session: AsyncSession, group: Group, *drafts: Draft) -> None:
    """Write posts; one whose key is already there stays as it is."""
    if not drafts:
        return
    rows = [
        {
            "space_id": group.space_id,
            "group_id": group.id,
            "key": draft.key,
            "kind": draft.kind,
            "due_at": draft.due_at,
            "try_at": draft.due_at,
            "meeting_id": draft.meeting_id,
            "subject": draft.subject,
            "person": draft.person,
            "expires_at": draft.expires_at,
            "state": "open",
            "version": 1,
            "attempts": 0,
            "doubled": False,
        }
        for draft in drafts
    ]
    await session.execute(_insert(session)(Post).on_conflict_do_nothing(), rows)
    mark_woken(session)


POSTS = Table.metadata.tables["posts"]
"""The table itself: a statement that names mapped attributes is put together anew each time."""


def spelled(*words: str) -> list[ColumnElement[str]]:
    """Words of ours written into a statement, which as parameters are put in anew each time."""
    return [literal_column(f"'{word}'", String) for word in words]


def refreshing(*where: Any) -> Update:
    """The statement behind `refresh`, for a caller that asks often and so builds it once.

    A post that is being sent keeps its lease: whoever sends it finds the version changed, and
    sends again. One that was edited just now rests until the time its last edit left in `try_at`.
    """
    when = bindparam("refreshed_at", type_=UtcDateTime())
    rested = bindparam("rested_at", type_=UtcDateTime())
    return (
        update(POSTS)
        .where(
            POSTS.c.group_id == bindparam("of_group"),
            POSTS.c.state.in_(spelled("open", "sent")),
            or_(POSTS.c.message.is_not(None), POSTS.c.claimed_by.is_not(None)),
            *where,
        )
        .values(
            version=POSTS.c.version + 1,
            state="open",
            attempts=0,
            try_at=case(
                (POSTS.c.claimed_by.is_not(None), POSTS.c.try_at),
                (POSTS.c.try_at <= when, when),
                (POSTS.c.try_at > rested, rested),
                else_=POSTS.c.try_at,
            ),
        )
    )


async def refresh(session: AsyncSession, group: Group, now: datetime, *where: Any) -> None:
    """Have messages edited to what is true now; one not sent yet will say it anyway."""
    await refresh_by(session, group, now, refreshing(*where))


async def refresh_by(
    session: AsyncSession,
    group: Group,
    now: datetime,
    statement: Update,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Refresh by a statement of `refreshing`, with values for what its conditions leave open."""
    asked = {"of_group": group.id, "refreshed_at": now, "rested_at": now + REST}
    await session.execute(statement, asked | dict(values or {}))
    mark_woken(session)


async def cancel(session: AsyncSession, group: Group, reason: str, *where: Any) -> int:
    """Let posts that were not sent yet expire with a reason; give their number."""
    result = await session.execute(
        update(Post)
        .where(Post.group_id == group.id, Post.state == "open", Post.message.is_(None), *where)
        .values(state="expired", reason=reason, version=Post.version + 1)
        .execution_options(synchronize_session=False)
    )
    return changed(result)


async def find_post(session: AsyncSession, group: Group, key: str) -> Post | None:
    """The post with this key, if there is one."""
    return (
        await session.scalars(select(Post).where(Post.group_id == group.id, Post.key == key))
    ).one_or_none()


NEXT_DUE = select(Post.try_at).where(Post.state == "open").order_by(Post.try_at).limit(1)
"""When the next open post is to be tried."""


def mark_woken(session: AsyncSession) -> None:
    """Remember that this transaction wrote posts, so that delivery is woken after it."""
    session.info["woken"] = True


def changed(result: Any) -> int:
    """How many rows a conditional update reached: the winner of a race reads 1."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def _insert(session: AsyncSession) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


async def insert_once(session: AsyncSession, table: Any, **values: object) -> bool:
    """Insert a row unless its key is taken; say whether it was inserted."""
    result = await session.execute(_inserting(_insert(session), table), values)
    return changed(result) > 0


@cache
def _inserting(insert: Any, table: Any) -> Any:
    """Built once for each table: building it costs as much as carrying it out."""
    return insert(table.__table__).on_conflict_do_nothing()
