"""Proposals that waited for objections until their day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Group, Proposal


async def find_due(
    session: AsyncSession, kind: str, now: datetime, most: int
) -> Sequence[Row[Proposal, Group]]:
    """Those of a kind to which nobody objected in time, locked, the longest due first."""
    due = await session.execute(
        select(Proposal, Group)
        .join(Group, Group.id == Proposal.group_id)
        .where(Proposal.kind == kind, Proposal.state == "open", Proposal.effective_at <= now)
        .order_by(Proposal.effective_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(**ACROSS_GROUPS)
    )
    return due.all()
