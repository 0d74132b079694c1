"""Taking posts to deliver, so that no two deliverers hold the same one, and keeping them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.requests import Request
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import LEASE, POSTS, spelled
from bot.store.tables import Group, Post, Space, UtcDateTime

SHOWING = timedelta(seconds=10)
"""How long a card is left to whoever shows it in answer to a press: longer than that may take."""
MANY = 50
"""So many posts are asked for by number at most."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that is ours until its lease ends: when it is to be sent, and where."""

    id: int
    due: datetime
    group: int
    platform: str
    doubled: bool
    """An earlier try of it ended without saying how."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts to claim: those to be tried until `until`, on these platforms."""

    now: datetime
    until: datetime
    platforms: frozenset[str]
    but: frozenset[str] = frozenset()
    """Keys that somebody here is delivering by name."""
    most: int = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a post's words were made from: they hold as long as it stays the same."""

    version: int
    state: str
    revision: int
    channel: str
    gone_at: datetime | None


async def claim(session: AsyncSession, me: str, asked: Asked) -> list[Claim]:
    """Take posts with a lease, oldest first; each is given to one deliverer only.

    A post that another one holds is taken when its lease is over, never ahead of that.
    """
    free = or_(Post.claimed_by.is_(None), Post.try_at <= asked.now)
    where = [Post.try_at <= asked.until, free, Space.platform.in_(sorted(asked.platforms))]
    if asked.but:
        where.append(Post.key.not_in(asked.but))
    return await _take(session, me, asked.now, where, asked.most)


async def claim_one(session: AsyncSession, me: str, now: datetime, key: str) -> Claim | None:
    """Take the post with this key whenever it is due, unless another deliverer holds it."""
    free = or_(Post.claimed_by.is_(None), Post.try_at <= now)
    taken = await _take(session, me, now, [Post.key == key, free], 1)
    return taken[0] if taken else None


async def claim_pressed(
    session: AsyncSession, me: str, group: Group, key: str, request: Request
) -> Claim | None:
    """Take the card that was pressed, unless it rests or another one is about to edit it."""
    asked = {
        "of_group": group.id,
        "of_key": key,
        "pressed": request.message,
        "at": request.now,
        "me": me,
        "until": request.now + SHOWING,
    }
    taken = (await session.execute(TAKING, asked)).scalar_one_or_none()
    return None if taken is None else Claim(taken, request.now, group.id, request.platform, False)


TAKING = (
    update(POSTS)
    .where(
        POSTS.c.group_id == bindparam("of_group"),
        POSTS.c.key == bindparam("of_key"),
        POSTS.c.state.in_(spelled("open")),
        POSTS.c.message == bindparam("pressed"),
        POSTS.c.claimed_by.is_(None),
        POSTS.c.try_at <= bindparam("at", type_=UtcDateTime()),
    )
    .values(claimed_by=bindparam("me"), try_at=bindparam("until", type_=UtcDateTime()))
    .returning(POSTS.c.id)
)


async def _take(
    session: AsyncSession,
    me: str,
    now: datetime,
    where: Sequence[ColumnElement[bool]],
    most: int,
) -> list[Claim]:
    rows = (
        await session.execute(
            select(
                Post.id, Post.try_at, Post.group_id, Space.platform, Post.claimed_by, Post.message
            )
            .join(Space, Space.id == Post.space_id)
            .where(Post.state == "open", *where)
            .order_by(Post.try_at, Post.id)
            .limit(most)
            .with_for_update(of=Post, skip_locked=True),
            execution_options=ACROSS_GROUPS,
        )
    ).all()
    claims = [
        Claim(id_, due, group, platform, holder is not None and message is None)
        for id_, due, group, platform, holder, message in rows
    ]
    if claims:
        await _lease(session, me, now, claims)
    return claims


async def _lease(session: AsyncSession, me: str, now: datetime, claims: Sequence[Claim]) -> None:
    latest = max(claim.due for claim in claims)
    values = {"claimed_by": me, "try_at": max(now, latest) + LEASE}
    await _set(session, [claim.id for claim in claims], values)
    doubled = [claim.id for claim in claims if claim.doubled]
    if doubled:
        await _set(session, doubled, {"doubled": True})


async def _set(session: AsyncSession, ids: Sequence[int], values: dict[str, object]) -> None:
    await session.execute(
        update(Post).where(Post.id.in_(ids)).values(values),
        execution_options={**ACROSS_GROUPS, "synchronize_session": False},
    )


async def renew(session: AsyncSession, me: str, until: datetime, ids: Sequence[int]) -> None:
    """Keep posts that wait for their turn: their lease ends at `until`."""
    await session.execute(
        update(Post)
        .where(Post.id.in_(ids), Post.claimed_by == me, Post.state == "open")
        .values(try_at=until),
        execution_options={**ACROSS_GROUPS, "synchronize_session": False},
    )


async def release(session: AsyncSession, me: str, now: datetime, ids: Sequence[int]) -> None:
    """Give back posts that nobody has begun to send."""
    await session.execute(
        update(Post)
        .where(Post.id.in_(ids), Post.claimed_by == me)
        .values(claimed_by=None, try_at=_when_due(now)),
        execution_options={**ACROSS_GROUPS, "synchronize_session": False},
    )


async def release_abandoned(session: AsyncSession, me: str, now: datetime) -> None:
    """Make what a dead process held due again; only where no other process can be alive.

    What was still ahead was certainly not sent; what was due may have been, and stays marked so.
    """
    await session.execute(
        update(Post)
        .where(
            Post.state == "open",
            Post.try_at <= now + 2 * LEASE,
            Post.claimed_by.is_not(None),
            Post.claimed_by != me,
        )
        .values(
            try_at=_when_due(now),
            claimed_by=case((Post.due_at > now, None), else_=Post.claimed_by),
        ),
        execution_options={**ACROSS_GROUPS, "synchronize_session": False},
    )


def _when_due(now: datetime) -> ColumnElement[datetime]:
    return case((Post.due_at > now, Post.due_at), else_=literal(now, UtcDateTime()))


async def stamps(
    session: AsyncSession, me: str, ids: Collection[int], now: datetime
) -> dict[int, Stamp]:
    """What the words of these posts rest on now; a post that is no longer ours has none."""
    rows = await session.execute(
        select(Post.id, Post.version, Group.state, Group.revision, Group.channel, Space.gone_at)
        .join(Group, Group.id == Post.group_id)
        .join(Space, Space.id == Group.space_id)
        .where(_among(ids, now), Post.claimed_by == me, Post.state == "open"),
        execution_options=ACROSS_GROUPS,
    )
    return {row[0]: Stamp(*row[1:]) for row in rows}


def _among(ids: Collection[int], now: datetime) -> ColumnElement[bool]:
    """One of these posts; where there are many, whatever may be leased is looked at instead.

    A statement with a thousand numbers in it takes longer to read than to carry out.
    """
    if len(ids) <= MANY:
        return Post.id.in_(list(ids))
    return Post.try_at <= now + 5 * LEASE


async def next_try(
    session: AsyncSession, me: str, platforms: frozenset[str]
) -> tuple[datetime, bool] | None:
    """When the next post that is not in our hands is to be tried, and whether another holds it."""
    not_ours = or_(Post.claimed_by.is_(None), Post.claimed_by != me)
    row = (
        await session.execute(
            select(Post.try_at, Post.claimed_by)
            .where(Post.state == "open", not_ours, _on(platforms))
            .order_by(Post.try_at)
            .limit(1),
            execution_options=ACROSS_GROUPS,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1] is not None)


async def state_of(session: AsyncSession, key: str) -> str | None:
    """The state of the post with this key, if there is one."""
    return await session.scalar(
        select(Post.state).where(Post.key == key), execution_options=ACROSS_GROUPS
    )


def _on(platforms: frozenset[str]) -> ColumnElement[bool]:
    """A post of a platform that runs here: of one that does not, nothing is touched."""
    return exists().where(Space.id == Post.space_id, Space.platform.in_(sorted(platforms)))
