"""Letting contents go for good: keys destroyed, rows emptied, nothing left in SQLite's log."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.sealed import ring_of

PURGED = "purged"
"""Under what a session knows that its log must be emptied after the commit."""


def mark_purged(session: AsyncSession) -> None:
    """Remember that this transaction removed contents: no trace may stay in the log."""
    session.info[PURGED] = True


async def destroy_keys(session: AsyncSession, names: Iterable[str | None]) -> None:
    """Destroy keys before the commit of what removes their rows.

    If that fails, the contents are gone all the same, and what wanted them gone is done again.
    """
    await ring_of(session).destroy(name for name in names if name is not None)
    mark_purged(session)
