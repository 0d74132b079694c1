"""The database: engines, transactions, and the guard that keeps groups apart.

SQLite has one writer connection that begins with `BEGIN IMMEDIATE`, and readers apart; in memory
there is one connection for both. PostgreSQL has one pool for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool

from bot.chat.requests import Request
from bot.keys.ring import Keyring
from bot.store import walls
from bot.store.all_tables import OfGroup, Table
from bot.store.purge import PURGED
from bot.store.sealed import KEYS
from bot.store.sqlite import QuickConnection, checkpoint, connect, set_up

ACROSS_GROUPS = {"across_groups": True}
"""Execution options of a statement that is meant to reach rows of several groups."""


class Database:
    """Where everything is kept; give out a session for one transaction at a time."""

    def __init__(self, url: str, keys: Keyring | None = None) -> None:
        """Open lazily; `url` is an SQLAlchemy address of SQLite or PostgreSQL.

        What people wrote can be read and written with the keys only. A database in memory has
        keys of its own.
        """
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self.is_sqlite and self.url.database in (None, "", ":memory:")
        self._own_keys = Keyring.in_memory() if self.in_memory and keys is None else None
        self.keys = keys or self._own_keys
        self.writer = self._writer()
        self.reader = self.writer if self.in_memory or not self.is_sqlite else self._reader()
        known = {KEYS: self.keys}
        self._write = async_sessionmaker(self.writer, expire_on_commit=False, info=known)
        self._read = async_sessionmaker(self.reader, expire_on_commit=False, info=known)
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self.walled = False
        """Whether PostgreSQL keeps spaces apart by itself; known once a connection was made."""
        for engine in {self.writer, self.reader}:
            _keep_groups_apart(engine.sync_engine)

    def _writer(self) -> AsyncEngine:
        if not self.is_sqlite:
            engine = create_async_engine(
                self.url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
            )
            event.listen(engine.sync_engine, "connect", self._connected)
            return engine
        pool: dict[str, Any] = (
            {"poolclass": StaticPool}
            if self.in_memory
            else {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}
        )
        engine = create_async_engine(
            self.url, async_creator=self._connect, hide_parameters=True, **pool
        )
        set_up(engine.sync_engine, "BEGIN IMMEDIATE")
        return engine

    async def _connect(self) -> QuickConnection:
        return await connect(self.url.database or ":memory:")

    def _reader(self) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            async_creator=self._connect,
            hide_parameters=True,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=2,
            max_overflow=2,
        )
        set_up(engine.sync_engine, "BEGIN", read_only=True)
        return engine

    def _connected(self, connection: Any, _record: object) -> None:
        """Where the wall between spaces stands, never act as the owner of the tables."""
        cursor = connection.cursor()
        cursor.execute(walls.IS_UP)
        self.walled = bool(cursor.fetchone()[0])
        if self.walled:
            cursor.execute(f"SET ROLE {walls.SCHEDULE}")
        cursor.close()
        connection.commit()

    @asynccontextmanager
    async def writing(self, request: Request | None = None) -> AsyncIterator[AsyncSession]:
        """One transaction that may change rows: committed at the end, rolled back on an error.

        One for a request sees the rows of its space alone, on PostgreSQL.
        """
        async with self._turn or nullcontext():
            async with self._write.begin() as session:
                await self._keep_apart(session, request)
                yield session
            if session.info.get(PURGED) and self.is_sqlite and not self.in_memory:
                await checkpoint(self.writer)

    @asynccontextmanager
    async def reading(self, request: Request | None = None) -> AsyncIterator[AsyncSession]:
        """One transaction that only looks."""
        turn = self._turn if self.in_memory else None
        async with turn or nullcontext(), self._read() as session:
            await self._keep_apart(session, request)
            yield session

    async def _keep_apart(self, session: AsyncSession, request: Request | None) -> None:
        if request is None or self.is_sqlite:
            return
        # Whether the wall stands is found out when the first connection is made.
        await session.connection()
        if self.walled:
            await walls.step_in(session, request)

    async def create(self) -> None:
        """Make the tables of a database in memory, which lives too briefly for migrations."""
        async with self.writer.begin() as connection:
            await connection.run_sync(Table.metadata.create_all)
            await connection.run_sync(walls.put_up)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.writer.dispose()
        await self.reader.dispose()
        if self._own_keys is not None:
            await self._own_keys.close()


def _group_tables() -> frozenset[str]:
    return frozenset(
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Table.registry.mappers
        if issubclass(mapper.class_, OfGroup)
    )


def _keep_groups_apart(engine: Engine) -> None:
    """Refuse a statement on rows of groups that does not say of which group.

    Each distinct statement is looked at once; after that it costs one look-up in a set.
    """
    tables = _group_tables()
    known: set[str] = set()

    @event.listens_for(engine, "before_cursor_execute")
    def check(
        _c: Connection, _cursor: object, statement: str, _p: object, context: Any, _many: bool
    ) -> None:
        if statement in known:
            return
        if context is not None and context.execution_options.get("across_groups"):
            return
        if not names_its_group(statement, tables):
            raise UnscopedQuery(f"a statement on rows of groups names no group: {statement}")
        known.add(statement)


class UnscopedQuery(Exception):
    """A statement reached for rows of groups without saying of which group: a mistake in code."""


def names_its_group(statement: str, tables: frozenset[str]) -> bool:
    """Whether a statement that touches rows of groups says of which group.

    Changing a row by its own number is allowed: it was read within its group before.
    """
    words = statement.replace('"', " ").replace("(", " ").replace(",", " ").split()
    verb = words[0].upper() if words else ""
    if verb not in ("SELECT", "UPDATE", "DELETE") or not tables.intersection(words):
        return True
    where = statement.partition("WHERE")[2]
    by_row = verb != "SELECT" and f"{words[1 if verb == 'UPDATE' else 2]}.id =" in where
    return "group_id =" in where or by_row
