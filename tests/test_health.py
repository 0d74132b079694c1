"""What a supervisor reads about a running bot."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.ops.errors import OperatorError
from bot.ops.health import Health, serving
from bot.ops.migrate import migrating_engine
from bot.ops.schema import Schema
from bot.store.database import Database
from bot.store.walls import put_up

SCHEMA = Schema("0002", frozenset({"0001", "0002"}))


def health(
    database: Database,
    tick_age: float | None = 3.0,
    connections: Mapping[str, bool] | None = None,
) -> Health:
    """A bot that is well unless something else is said."""
    up = connections if connections is not None else {"discord": True, "slack": True}

    async def connected() -> Mapping[str, bool]:
        return up

    return Health(database, SCHEMA, lambda: tick_age, connected)


async def asked(health: Health, path: str) -> tuple[int, Any]:
    """Status and content of one page."""
    async with (
        serving(health, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        if answer.content_type == "application/json":
            return answer.status, await answer.json()
        return answer.status, await answer.text()


async def test_a_bot_that_is_well_is_alive_and_ready(sqlite_database: Database) -> None:
    assert await asked(health(sqlite_database), "/livez") == (200, "alive\n")
    assert await asked(health(sqlite_database), "/readyz") == (
        200,
        {
            "ready": True,
            "reasons": [],
            "tick_age_seconds": 3.0,
            "connections": {"discord": True, "slack": True},
            "schema_ok": True,
        },
    )


async def test_a_bot_that_is_not_ready_says_all_the_reasons(sqlite_database: Database) -> None:
    slow = health(sqlite_database, 31.2, {"discord": False, "slack": True})

    status, report = await asked(slow, "/readyz")

    assert status == 503
    assert report["reasons"] == [
        "the scheduler last looked 31 seconds ago",
        "discord is not connected",
    ]


async def test_a_bot_that_has_just_begun_is_alive_but_not_ready(sqlite_database: Database) -> None:
    new = health(sqlite_database, None)

    assert (await asked(new, "/livez"))[0] == 200
    status, report = await asked(new, "/readyz")
    assert (status, report["reasons"]) == (503, ["the scheduler has not begun"])


async def test_a_database_of_another_schema_is_not_ready(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    bot = health(database)
    assert (await bot.vitals()).reasons() == [
        "the database has no tables yet: run `rounds migrate`"
    ]

    owner = migrating_engine(postgresql_url)
    async with owner.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
        await connection.run_sync(put_up)
    await owner.dispose()
    assert "older than this program" in (await bot.vitals()).reasons()[0]
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    assert "newer than this program" in (await bot.vitals()).reasons()[0]
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert (await bot.vitals()).reasons() == []
    await database.close()


async def test_a_database_that_cannot_be_opened_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'gone' / 'rounds.db'}")

    status, report = await asked(health(database), "/readyz")

    assert status == 503
    assert report["reasons"] == ["the database cannot be used (OperationalError)"]
    await database.close()


async def test_a_database_that_does_not_answer_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        database = Database(f"postgresql+asyncpg://me@127.0.0.1:{port}/rounds")

        reasons = (await health(database).vitals()).reasons()

        assert reasons == ["the database does not answer within 2 seconds"]
        await database.close()


async def test_a_port_that_is_taken_is_told_in_one_line(sqlite_database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(OperatorError, match=rf"{port}.*health\.port") as refused:
            async with serving(health(sqlite_database), "127.0.0.1", port):
                pytest.fail("two on one port")

    assert "\n" not in str(refused.value)
