"""When the database was last put back from a backup: what was due before then is not said again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Fact

RESTORED = "restored"
"""Why a post that was overdue at a restore is not sent: it may have been, after the backup."""

RESTORED_AT = "restored_at"
"""The name of the fact that holds the moment."""


async def restored_at(session: AsyncSession) -> datetime | None:
    """The moment of the last restore, if there was one."""
    written = await session.scalar(select(Fact.value).where(Fact.name == RESTORED_AT))
    return datetime.fromisoformat(written) if written else None
