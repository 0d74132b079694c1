"""Spaces that the bot was removed from: some days later everything of them is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping.erasing import erase_space
from bot.store.tables import LEFT_BEHIND, Space

PATIENCE = timedelta(days=7)
"""How long a space can install the bot again and find everything as it was."""

FIRST_GONE = select(Space.gone_at).where(LEFT_BEHIND).order_by(Space.gone_at).limit(1)
"""When the space was left that was left longest ago; after `PATIENCE` it is erased."""


async def erase_spaces(session: AsyncSession, now: datetime) -> bool:
    """Erase a space whose time is up; say whether there may be more."""
    due = (
        select(Space)
        .where(Space.gone_at <= now - PATIENCE)
        .order_by(Space.gone_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    space = (await session.scalars(due)).one_or_none()
    if space is not None:
        await erase_space(session, space, now)
    return space is not None


async def was_left(session: AsyncSession, platform: str, ref: str) -> bool:
    """Whether the bot was removed from this space, as far as is known."""
    found = select(Space.id).where(*_left(platform, ref))
    return await session.scalar(found) is not None


async def note_back(session: AsyncSession, platform: str, ref: str) -> None:
    """The bot is in this space: whatever said that it was removed is no longer true."""
    await session.execute(update(Space).where(*_left(platform, ref)).values(gone_at=None))


def _left(platform: str, ref: str) -> tuple[ColumnElement[bool], ...]:
    return (Space.platform == platform, Space.ref == ref, Space.gone_at.is_not(None))
