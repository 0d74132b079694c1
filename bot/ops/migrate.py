"""Bringing a database's schema up to date, whole or not at all."""

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, NullPool, event, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.ops.errors import OperatorError
from bot.ops.schema import MIGRATIONS, name_of, program_schema
from bot.store import walls
from bot.store.sqlite import make_private
from bot.store.unusable import UNUSABLE

if TYPE_CHECKING:
    from alembic.config import Config as Alembic

log = logging.getLogger(__name__)

LOCK = 0x726F756E6473
"""The number under which PostgreSQL lets one process at a time migrate."""


async def migrate(url: str) -> bool:
    """Bring this database to the program's schema; say whether there was anything to do.

    1. One process at a time: the database's write lock, or PostgreSQL's advisory one.
    2. A schema that this program does not know is left alone.
    3. All steps are one transaction, on SQLite with foreign keys off: it alters a table by making
       it anew, and with them on, dropping the old one would delete what refers to it.
    4. On PostgreSQL the wall between spaces lets the steps through, and is closed round all tables.
    5. Before the commit no row may refer to one that is gone.
    """
    engine = migrating_engine(url)
    try:
        await _reach(engine)
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


async def _reach(engine: AsyncEngine) -> None:
    """Begin once: what fails here is the operator's to put right, what fails later is ours."""
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT 1"))
    except UNUSABLE as error:
        where = engine.url.render_as_string(hide_password=True)
        raise OperatorError(
            f"the database {where} cannot be used ({name_of(error)}): `rounds check` says more"
        ) from error


def _upgrade(connection: Connection) -> bool:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    schema = program_schema()
    revision = _revision(connection)
    if revision == schema.head:
        _put_up_walls(connection)
        return False
    if revision is not None and revision not in schema.known:
        raise OperatorError(str(schema.problem_with(revision)))
    if not is_sqlite:
        walls.take_down_for_owner(connection)
    _take_steps(connection)
    _put_up_walls(connection)
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all() if is_sqlite else []
    if orphans:
        tables = ", ".join(sorted({str(row[0]) for row in orphans}))
        raise OperatorError(f"the database was left as it is: rows of {tables} refer to none")
    return True


def _put_up_walls(connection: Connection) -> None:
    """A database where the second wall cannot stand is used without it; half a wall is not."""
    if walls.put_up(connection):
        return
    login = connection.scalar(text("SELECT quote_ident(current_user)"))
    todo = f"an administrator of the server runs: {walls.SQL_TO_PUT_UP.format(login=login)}"
    if connection.scalar(text(walls.IS_UP)):
        raise OperatorError(f"the database's wall between spaces keeps the bot itself out: {todo}")
    log.warning("spaces are kept apart by the bot alone, not by the database as well: %s", todo)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _take_steps(connection: Connection) -> None:
    # Loaded only where there is something to do: most starts have nothing to migrate.
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def migrating_engine(url: str) -> AsyncEngine:
    """Connections for changing the schema; on SQLite with foreign keys off."""
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        make_private(engine.url.database or ":memory:")

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("busy_timeout=10000", "foreign_keys=OFF", "secure_delete=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begun(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def alembic_config(connection: Connection) -> "Alembic":
    """What Alembic needs to know: where the steps are, and on which connection to work."""
    from alembic.config import Config as Alembic

    config = Alembic(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
