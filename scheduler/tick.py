"""One tick: coming meetings are written down with their posts, and old rows are cleared away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Post, Seen

Plan = Callable[[AsyncSession, datetime], Awaitable[object]]
"""Writes down what comes; says `True` when it stopped early and there is more to write."""

KEEP_REQUESTS = timedelta(hours=48)
KEEP_POSTS = timedelta(days=90)
WINDOW = 200
"""Rows looked at in one tick: the cost of a tick is the same however many rows there are."""
MOST_PLANS = 50
"""Transactions of one plan in one tick: what is left comes in the next one."""


@dataclass
class Ticking:
    """What ticks need, and how far the clearing has come."""

    database: Database
    plans: Sequence[Plan]
    wake: Callable[[], None] = lambda: None
    """Called after a commit that wrote posts."""
    lasting: frozenset[str] = frozenset()
    """Kinds of post that live as long as their group and are never cleared away."""
    cleared_to: int = 0

    async def tick(self, now: datetime) -> None:
        """Write down what is due to be written, then clear a few old rows."""
        for plan in self.plans:
            for _ in range(MOST_PLANS):
                if not await self._plan(plan, now):
                    break
        await self._forget_requests(now)
        await self._forget_posts(now)

    async def _plan(self, plan: Plan, now: datetime) -> bool:
        async with self.database.writing() as session:
            more = await plan(session, now)
        if session.info.get("woken"):
            self.wake()
        return more is True

    async def _forget_requests(self, now: datetime) -> None:
        old = select(Seen.id).where(Seen.at < now - KEEP_REQUESTS).order_by(Seen.at).limit(WINDOW)
        async with self.database.reading() as session:
            ids = (await session.scalars(old)).all()
        if ids:
            async with self.database.writing() as session:
                await session.execute(delete(Seen).where(Seen.id.in_(ids)))

    async def _forget_posts(self, now: datetime) -> None:
        """Look at the next few posts by number, and begin again after the last one.

        Finished posts have no index of their own: it would cost every post a write.
        """
        window = (
            select(Post.id, Post.state, Post.kind, Post.due_at)
            .where(Post.id > self.cleared_to)
            .order_by(Post.id)
            .limit(WINDOW)
        )
        async with self.database.reading() as session:
            rows = (await session.execute(window, execution_options=ACROSS_GROUPS)).all()
        self.cleared_to = rows[-1].id if len(rows) == WINDOW else 0
        over = now - KEEP_POSTS
        ids = [
            row.id
            for row in rows
            if row.state != "open" and row.due_at < over and row.kind not in self.lasting
        ]
        if ids:
            async with self.database.writing() as session:
                await session.execute(
                    delete(Post).where(Post.id.in_(ids), Post.state != "open"),
                    execution_options={**ACROSS_GROUPS, "synchronize_session": False},
                )
