"""What an earlier program has kept unsealed: sealed once, at the start of this one."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from bot.keys.sealing import PLAIN
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.purge import mark_purged
from bot.store.sealed import Sealed, sealed_tables

AT_ONCE = 200


async def seal_plain(database: Database) -> int:
    """Seal what is not sealed yet; give the number of rows."""
    count = 0
    for table in sealed_tables():
        while done := await _seal_some(database, table):
            count += done
    return count


async def _seal_some(database: Database, table: type[Sealed]) -> int:
    written = or_(
        *(func.substr(getattr(table, one.column), 1, 1) == PLAIN for one in table.contents)
    )
    async with database.writing() as session:
        found = await session.scalars(
            select(table).where(table.key_id.is_(None), written).limit(AT_ONCE),
            execution_options=ACROSS_GROUPS,
        )
        rows = found.all()
        for row in rows:
            for one in table.contents:
                plain: bytes | None = getattr(row, one.column)
                if plain is not None and plain[: len(PLAIN)] == PLAIN:
                    setattr(row, one.name, one.from_bytes(plain[len(PLAIN) :]))
        if rows:
            mark_purged(session)
    return len(rows)
