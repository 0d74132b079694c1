"""The way of the schema: from nothing to the tables, on both kinds of database."""

import asyncio
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url, text

from bot.ops.errors import OperatorError
from bot.ops.migrate import alembic_config, migrate, migrating_engine
from bot.ops.schema import program_schema, revision_of
from bot.store.database import Database
from bot.store.tables import Space, Table


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}"
    url: str = request.getfixturevalue("bare_postgresql_url")
    return url


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Table.metadata))


async def test_the_steps_lead_to_the_tables_as_they_are(bare_url: str) -> None:
    assert await migrate(bare_url) is True

    engine = migrating_engine(bare_url)
    async with engine.begin() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == [], 'write the step: make revision MESSAGE="…"'


async def test_a_migrated_database_can_be_used_and_is_ready(bare_url: str) -> None:
    await migrate(bare_url)

    database = Database(bare_url)
    async with database.writing() as session:
        session.add(Space(platform="console", ref="1"))
    assert await revision_of(database) == program_schema().head
    await database.close()


async def test_migrating_again_changes_nothing(bare_url: str) -> None:
    assert await migrate(bare_url) is True
    assert await migrate(bare_url) is False


async def test_two_that_begin_at_once_migrate_once(bare_url: str) -> None:
    done = await asyncio.gather(migrate(bare_url), migrate(bare_url))

    assert sorted(done) == [False, True]


async def test_a_database_of_a_newer_program_is_left_alone(bare_url: str) -> None:
    await migrate(bare_url)
    engine = migrating_engine(bare_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(OperatorError, match="schema 9999 is newer than this program"):
        await migrate(bare_url)

    async with engine.begin() as connection:
        assert (await connection.scalar(text("SELECT version_num FROM alembic_version"))) == "9999"
    await engine.dispose()


async def test_each_step_can_be_taken_back_and_again(bare_url: str) -> None:
    await migrate(bare_url)
    engine = migrating_engine(bare_url)

    async with engine.begin() as connection:
        await connection.run_sync(lambda plain: command.downgrade(alembic_config(plain), "base"))
    async with engine.begin() as connection:
        left = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
    await engine.dispose()

    assert left == ["alembic_version"]
    assert await migrate(bare_url) is True


async def test_an_sqlite_migration_runs_with_foreign_keys_off(tmp_path: Path) -> None:
    engine = migrating_engine(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    async with engine.begin() as connection:
        assert await connection.scalar(text("PRAGMA foreign_keys")) == 0
    await engine.dispose()


async def test_a_database_with_orphans_is_not_migrated(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}"
    engine = migrating_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        await connection.execute(
            text("CREATE TABLE children (parent INTEGER REFERENCES parents (id))")
        )
        await connection.execute(text("INSERT INTO children VALUES (7)"))

    with pytest.raises(OperatorError, match="rows of children refer to none"):
        await migrate(url)

    async with engine.begin() as connection:
        names = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
    await engine.dispose()
    assert sorted(names) == ["children", "parents"]


async def test_a_database_that_cannot_be_used_is_told_in_one_line(
    bare_postgresql_url: str, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_bytes(b"hello" * 1000)
    wrong = make_url(bare_postgresql_url).set(database="none", password="hunter2")

    for url in (
        f"sqlite+aiosqlite:///{tmp_path / 'text.db'}",
        f"sqlite+aiosqlite:///{tmp_path / 'no' / 'rounds.db'}",
        "postgresql+asyncpg://me@127.0.0.1:1/rounds",
        wrong.render_as_string(hide_password=False),
    ):
        with pytest.raises(OperatorError, match="cannot be used") as refused:
            await migrate(url)
        assert "\n" not in str(refused.value)
        assert "hunter2" not in str(refused.value)


def test_the_steps_are_one_line_without_branches() -> None:
    schema = program_schema()

    assert schema.head == max(schema.known)
    assert sorted(schema.known) == [f"{number + 1:04}" for number in range(len(schema.known))]


async def test_a_database_before_its_first_migration_has_no_revision(bare_url: str) -> None:
    database = Database(bare_url)
    assert await revision_of(database) is None
    await database.close()


async def test_a_new_database_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    file = tmp_path / "rounds.db"

    await migrate(f"sqlite+aiosqlite:///{file}")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
