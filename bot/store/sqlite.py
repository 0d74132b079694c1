"""SQLite connections that cross to their thread once a statement.

aiosqlite runs each call in a thread of the connection's own, and SQLAlchemy makes four of them
for a query: cursor, execute, fetch, close. Only executing takes time, so that here it fetches as
well, and the other three stay where they are. A command is answered in half the time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from sqlite3 import DatabaseError
from typing import Any, Self

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

READS = "reads"
"""The execution option of what only looks, where readers and writers share their connections."""

BUSY_MILLISECONDS = 2_000
"""How long a command waits for another process's lock: people are answered within three seconds."""


class QuickCursor(aiosqlite.Cursor):
    """A cursor whose rows are there once its statement is done."""

    _rows: Sequence[Any] = ()

    async def __aenter__(self) -> Self:
        """Be ready at once: nothing has to be asked of the thread."""
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        """Carry out a statement and fetch what it gives, in one crossing."""
        crossing = self._execute(self._carry_out, sql, parameters or ())  # type: ignore[no-untyped-call]
        self._rows = await crossing
        return self

    async def fetchall(self) -> Sequence[Any]:
        """Hand over the rows."""
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Let go of the statement, which is done."""
        self._cursor.close()

    def _carry_out(self, sql: str, parameters: Iterable[Any]) -> Sequence[Any]:
        self._cursor.execute(sql, parameters)  # type: ignore[arg-type]
        return self._cursor.fetchall() if self._cursor.description else ()


class QuickConnection(aiosqlite.Connection):
    """A connection that gives out such cursors; in memory, where nothing waits for a disk, it
    does not cross to its thread at all."""

    in_memory = False

    def stop(self) -> None:
        """End the thread without being told: whoever would listen may have gone by then."""

        def close_and_stop() -> object:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            return _STOP_RUNNING_SENTINEL

        self._running = False
        self._tx.put_nowait((None, close_and_stop))

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.in_memory and self._connection is not None:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def cursor(self) -> QuickCursor:  # type: ignore[override]
        """A cursor, made without asking the thread."""
        return QuickCursor(self, self._conn.cursor())


def make_private(path: str) -> None:
    """Make a new database for its owner's eyes only; the files SQLite puts beside it follow.

    Where it cannot be made, opening it will say so.
    """
    if path != ":memory:":
        with suppress(OSError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


async def connect(path: str) -> QuickConnection:
    """Open a database; used by one task at a time, whatever thread that is in."""

    def open_it() -> sqlite3.Connection:
        make_private(path)
        return sqlite3.connect(path, check_same_thread=False)

    connection = QuickConnection(open_it, iter_chunk_size=64)
    connection.in_memory = path == ":memory:"
    # A connection that is forgotten must not keep the process from ending.
    connection._thread.daemon = True
    await connection
    return connection


def set_up(engine: Engine, begin: str, *, read_only: bool = False) -> None:
    """Have every connection wait, keep and overwrite as a database of ours shall."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in (
                "journal_mode=WAL",
                f"busy_timeout={BUSY_MILLISECONDS}",
                "foreign_keys=ON",
                "synchronous=FULL",
                "secure_delete=ON",
                f"query_only={'ON' if read_only else 'OFF'}",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except DatabaseError:
            # Such as a file that is no database: the pool would leave its thread behind.
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READS, False)
        connection.exec_driver_sql("BEGIN" if reads else begin)


async def checkpoint(engine: AsyncEngine) -> bool:
    """Empty the log into the file, so that nothing that was deleted is left in it.

    Somebody who reads at this moment keeps it from being emptied: say whether it was.
    """
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        cursor = await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        busy, *_ = await cursor.fetchone()
        await cursor.close()
    return not busy
