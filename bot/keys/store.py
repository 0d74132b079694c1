"""The key store: wrapped keys in a small database of their own, beside the one they are for.

A backup of the database has no keys, so that what is destroyed here is unreadable in every copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    bindparam,
    delete,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool

from bot.store.sqlite import READS, QuickConnection, checkpoint, connect, set_up

metadata = MetaData()

LOCK = 0x6B657973
"""The number under which PostgreSQL lets one process at a time make the tables."""

KEYS = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("master", String, nullable=False, index=True),
)
"""Data keys, each encrypted with the master key of that fingerprint."""

MASTERS = Table(
    "masters",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
)
"""Master keys by fingerprint: one is `current`, one may be `retiring` while it is replaced."""

ERASURES = Table(
    "erasures",
    metadata,
    Column("mark", String, primary_key=True),
    Column("at", String, nullable=False),
)
"""Who wanted to be forgotten, as a keyed mark, and when. Never in a backup of the database."""

ONE_KEY = select(KEYS.c.wrapped, KEYS.c.master).where(KEYS.c.id == bindparam("name"))


AT_ONCE = 500
"""Names asked for in one statement."""


def batched(names: Iterable[str], most: int) -> Iterator[Sequence[str]]:
    """The names, so many at a time."""
    rest = iter(names)
    while some := list(islice(rest, most)):
        yield some


class Retired(Exception):
    """The master key has been replaced meanwhile: wrap with the new one."""


class KeyStore:
    """The tables of the key store, on SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Open lazily."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self.is_sqlite and self.url.database in (None, "", ":memory:")
        self._to_sweep = not self.is_sqlite
        self.engine = self._engine()
        self._looking = self.engine.execution_options(**{READS: True})

    def _engine(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url, pool_size=2, max_overflow=4, pool_pre_ping=True, hide_parameters=True
            )
        pool = StaticPool if self.in_memory else AsyncAdaptedQueuePool
        engine = create_async_engine(
            self.url, async_creator=self._connect, hide_parameters=True, poolclass=pool
        )
        set_up(engine.sync_engine, "BEGIN IMMEDIATE")
        return engine

    async def _connect(self) -> QuickConnection:
        return await connect(self.url.database or ":memory:")

    async def create(self) -> None:
        """Make the tables, where they are not there yet."""
        async with self.engine.begin() as connection:
            if not self.is_sqlite:
                # One process at a time: two that begin together would make them twice.
                await connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
            await connection.run_sync(metadata.create_all)

    async def is_empty(self) -> bool:
        """Whether nothing was ever kept here; to find out leaves nothing behind."""
        if self.in_memory:
            return False
        if self.is_sqlite and not self._has_file():
            return True
        async with self._looking.connect() as connection:
            if not await connection.run_sync(lambda plain: inspect(plain).has_table(MASTERS.name)):
                return True
        return not await self.masters()

    def _has_file(self) -> bool:
        return Path(self.url.database or "").exists()

    async def masters(self) -> dict[str, str]:
        """The state of each master key that wraps something here."""
        async with self._looking.connect() as connection:
            return dict((await connection.execute(select(MASTERS.c.id, MASTERS.c.state))).all())

    async def begin_master(self, new: str) -> None:
        """Let this master key be the current one; the one before is retiring from now on."""
        async with self.engine.begin() as connection:
            await connection.execute(
                update(MASTERS).where(MASTERS.c.id != new).values(state="retiring")
            )
            again = update(MASTERS).where(MASTERS.c.id == new).values(state="current")
            if not (await connection.execute(again)).rowcount:
                await connection.execute(insert(MASTERS).values(id=new, state="current"))

    async def end_master(self, old: str) -> bool:
        """Forget a retiring master key, if nothing is wrapped with it any more."""
        async with self.engine.begin() as connection:
            used = select(KEYS.c.id).where(KEYS.c.master == old).limit(1)
            if await connection.scalar(used) is not None:
                return False
            await connection.execute(delete(MASTERS).where(MASTERS.c.id == old))
            return True

    async def add(self, master: str, wrapped: Sequence[tuple[str, bytes]]) -> None:
        """Keep new keys, all wrapped with the current master key."""
        async with self.engine.begin() as connection:
            state = select(MASTERS.c.state).where(MASTERS.c.id == master).with_for_update()
            if await connection.scalar(state) != "current":
                raise Retired
            rows = [{"id": name, "wrapped": key, "master": master} for name, key in wrapped]
            await connection.execute(insert(KEYS), rows)

    async def find(self, name: str) -> tuple[bytes, str] | None:
        """A wrapped key and the master key it needs; none when it was destroyed."""
        async with self._looking.connect() as connection:
            row = (await connection.execute(ONE_KEY, {"name": name})).one_or_none()
        return None if row is None else (row.wrapped, row.master)

    async def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys: every copy of what they open is unreadable from now on."""
        gone = [{"name": name} for name in names]
        if not gone:
            return
        async with self.engine.begin() as connection:
            await connection.execute(delete(KEYS).where(KEYS.c.id == bindparam("name")), gone)
        self._to_sweep = not self.is_sqlite
        await self._overwrite()

    async def sweep(self) -> None:
        """Clear away what PostgreSQL has left of keys that were destroyed or wrapped anew.

        A statement of its own, outside of any transaction: whoever destroys does not wait for it.
        """
        if not self._to_sweep:
            return
        # Before, not after: what is destroyed while it runs has to be swept another time.
        self._to_sweep = False
        try:
            async with self.engine.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.execute(text(f"VACUUM {KEYS.name}"))
        except BaseException:
            self._to_sweep = True
            raise

    async def still_there(self, names: Iterable[str]) -> frozenset[str]:
        """Those of these keys that were not destroyed."""
        found: set[str] = set()
        async with self._looking.connect() as connection:
            for some in batched(names, AT_ONCE):
                there = await connection.scalars(select(KEYS.c.id).where(KEYS.c.id.in_(some)))
                found.update(there)
        return frozenset(found)

    async def _overwrite(self) -> None:
        """Leave nothing of the destroyed keys in SQLite's log."""
        if self.is_sqlite and not self.in_memory:
            await checkpoint(self.engine)

    async def wrapped_with(self, master: str, after: str, limit: int) -> Sequence[Row[str, bytes]]:
        """A page of the keys that are wrapped with this master key."""
        page = (
            select(KEYS.c.id, KEYS.c.wrapped)
            .where(KEYS.c.master == master, KEYS.c.id > after)
            .order_by(KEYS.c.id)
            .limit(limit)
        )
        async with self._looking.connect() as connection:
            return (await connection.execute(page)).all()

    async def wrap_anew(self, old: str, new: str, wrapped: Sequence[tuple[str, bytes]]) -> None:
        """Replace keys, each unless it was destroyed or replaced meanwhile."""
        change = (
            update(KEYS)
            .where(KEYS.c.id == bindparam("name"), KEYS.c.master == old)
            .values(wrapped=bindparam("key"), master=new)
        )
        async with self.engine.begin() as connection:
            rows = [{"name": name, "key": key} for name, key in wrapped]
            await connection.execute(change, rows)
        self._to_sweep = not self.is_sqlite

    async def names(self) -> frozenset[str]:
        """The names of all keys that there are."""
        async with self._looking.connect() as connection:
            return frozenset((await connection.scalars(select(KEYS.c.id))).all())

    async def note_erasure(self, mark: str, at: datetime) -> None:
        """Write down that somebody was forgotten; the newest time counts."""
        async with self.engine.begin() as connection:
            await self._note(connection, mark, at.isoformat())

    async def _note(self, connection: AsyncConnection, mark: str, at: str) -> None:
        again = update(ERASURES).where(ERASURES.c.mark == mark, ERASURES.c.at < at).values(at=at)
        known = select(ERASURES.c.mark).where(ERASURES.c.mark == mark)
        if await connection.scalar(known) is None:
            await connection.execute(insert(ERASURES).values(mark=mark, at=at))
        else:
            await connection.execute(again)

    async def erasures(self) -> dict[str, datetime]:
        """Everybody's mark who was forgotten, and when."""
        async with self._looking.connect() as connection:
            rows = (await connection.execute(select(ERASURES.c.mark, ERASURES.c.at))).all()
        return {row.mark: datetime.fromisoformat(row.at) for row in rows}

    async def close(self) -> None:
        """Let go of the connections."""
        await self.engine.dispose()
