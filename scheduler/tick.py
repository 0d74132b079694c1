"""One tick: coming meetings are written down with their posts, and old rows are cleared away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping.fading import still_showing
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Post, Seen

Plan = Callable[[AsyncSession, datetime], Awaitable[object]]
"""Writes down what comes; says `True` when it stopped early and there is more to write."""

Due = Callable[[AsyncSession, datetime], Awaitable[Sequence[Plan]]]
"""Which of the plans have something to write down now."""

KEEP_REQUESTS = timedelta(hours=48)
KEEP_POSTS = timedelta(days=90)
WINDOW = 500
"""Rows looked at in one clearing: it costs the same however many rows there are."""
CLEARING = 10
"""Every so many ticks old rows are cleared away."""
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
    due: Due | None = None
    """Asked first, so that a plan with nothing to write takes no turn of the writers."""
    ticks: int = 0
    cleared_to: int = 0

    async def tick(self, now: datetime) -> None:
        """Write down what is due to be written; now and then clear a few old rows.

        A plan that fails does not keep the others from theirs: its error is raised at the end.
        """
        failures = list[BaseException]()
        for plan in await self._due(now):
            ended = await asyncio.gather(self._plan(plan, now), return_exceptions=True)
            failures += [error for error in ended if error is not None]
        if self.database.keys is not None:
            await self.database.keys.tend(now)
        if failures:
            raise failures[0]
        if self.ticks % CLEARING == 0:
            await self.clear(now)
        self.ticks += 1

    async def _due(self, now: datetime) -> Sequence[Plan]:
        if self.due is None:
            return self.plans
        async with self.database.reading() as session:
            return await self.due(session, now)

    async def _plan(self, plan: Plan, now: datetime) -> None:
        for _ in range(MOST_PLANS):
            async with self.database.writing() as session:
                more = await plan(session, now)
            if session.info.get("woken"):
                self.wake()
            if more is not True:
                return

    async def clear(self, now: datetime) -> None:
        """Clear a few old rows away."""
        async with self.database.reading() as session:
            requests = await self._old_requests(session, now)
            posts = await self._old_posts(session, now)
        if requests:
            async with self.database.writing() as session:
                await session.execute(delete(Seen).where(Seen.id.in_(requests)))
        if posts:
            async with self.database.writing() as session:
                await session.execute(
                    delete(Post).where(Post.id.in_(posts), Post.state != "open"),
                    execution_options={**ACROSS_GROUPS, "synchronize_session": False},
                )

    async def _old_requests(self, session: AsyncSession, now: datetime) -> Sequence[int]:
        old = select(Seen.id).where(Seen.at < now - KEEP_REQUESTS).order_by(Seen.at).limit(WINDOW)
        return (await session.scalars(old)).all()

    async def _old_posts(self, session: AsyncSession, now: datetime) -> Sequence[int]:
        """Look at the next few posts by number, and begin again after the last one.

        Finished posts have no index of their own: it would cost every post a write.
        """
        window = (
            select(Post.id, Post.state, Post.kind, Post.due_at)
            .where(Post.id > self.cleared_to)
            .order_by(Post.id)
            .limit(WINDOW)
        )
        rows = (await session.execute(window, execution_options=ACROSS_GROUPS)).all()
        self.cleared_to = rows[-1].id if len(rows) == WINDOW else 0
        over = now - KEEP_POSTS
        old = [
            row.id
            for row in rows
            if row.state != "open" and row.due_at < over and row.kind not in self.lasting
        ]
        # A message that shows contents is needed until it has been edited.
        needed = await still_showing(session, old)
        return [number for number in old if number not in needed]
