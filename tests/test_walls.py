"""The second wall: what PostgreSQL itself keeps from a request of another space."""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from bot.chat.requests import Request
from bot.config import load
from bot.features import COMMANDS
from bot.ops.check import check
from bot.ops.errors import OperatorError
from bot.ops.migrate import migrate, migrating_engine
from bot.ops.schema import program_schema
from bot.store.database import Database
from bot.store.tables import Table
from bot.store.walls import (
    BESIDES,
    IS_UP,
    REQUEST,
    SCHEDULE,
    SQL_TO_PUT_UP,
    put_up,
    take_down_for_owner,
)
from tests.case_circle import brings
from tests.circle import NOW, PLATFORM, SPACE, a_circle, new_group, words
from tests.databases import Server, _execute, keyed

ALL = {table.name for table in Table.metadata.tables.values()}
OF_SPACES = {t.name for t in Table.metadata.tables.values() if "space_id" in t.c} | {"spaces"}


@pytest.fixture
async def walled(postgresql_url: str) -> AsyncIterator[Database]:
    """A PostgreSQL database with a group of one space and a group of another."""
    database = keyed(postgresql_url)
    await brings(await a_circle(database, COMMANDS), "ana", "Sleep")
    async with database.writing() as session:
        await session.execute(
            text("INSERT INTO spaces (platform, ref) VALUES (:platform, 'elsewhere')"),
            {"platform": PLATFORM},
        )
        session.add(new_group(2, "table", "Their circle"))
    yield database
    await database.close()


def asking(space: str | None, person: str = "ana") -> Request:
    """Somebody who asks something in a space."""
    return Request("r", PLATFORM, space, "table", person, NOW)


async def test_the_wall_goes_round_every_table_of_a_space(walled: Database) -> None:
    found = text(
        "SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE c.relforcerowsecurity AND c.relnamespace = 'public'::regnamespace"
    )
    async with walled.reading() as session:
        policies = {tuple(row) for row in await session.execute(found)}
    assert policies == {(table, role) for table in OF_SPACES for role in (REQUEST, SCHEDULE)}


def test_it_is_said_what_a_request_may_do_with_a_table_of_no_space() -> None:
    unsaid = ALL - OF_SPACES - set(BESIDES)
    assert not unsaid, f"say in bot/store/walls.py, BESIDES, what a request may do with {unsaid}"


async def test_a_request_sees_its_own_space_whatever_a_statement_asks_for(
    walled: Database,
) -> None:
    groups = text("SELECT id FROM groups ORDER BY id")
    async with walled.reading() as session:
        assert (await session.scalars(groups)).all() == [1, 2]
    for space, seen, titles in ((SPACE, [1], 1), ("elsewhere", [2], 0)):
        async with walled.reading(asking(space)) as session:
            assert (await session.scalars(groups)).all() == seen
            found = text("SELECT count(*) FROM cases WHERE id > 0 OR group_id = 1")
            assert await session.scalar(found) == titles
    async with walled.reading(asking("never seen")) as session:
        assert (await session.scalars(groups)).all() == []


async def test_in_private_a_request_sees_the_spaces_its_person_is_known_in(
    walled: Database,
) -> None:
    groups = text("SELECT id FROM groups")
    for person, seen in (("ana", [1]), ("stranger", [])):
        async with walled.reading(asking(None, person)) as session:
            assert (await session.scalars(groups)).all() == seen


async def test_a_request_changes_no_row_of_another_space(walled: Database) -> None:
    for statement in (
        "UPDATE groups SET held = 7 WHERE id = 2",
        "DELETE FROM groups WHERE id = 2",
        "UPDATE spaces SET gone_at = 1 WHERE id = 2",
    ):
        async with walled.writing(asking(SPACE)) as session:
            done = await session.execute(text(statement))
            assert done.rowcount == 0, statement  # type: ignore[attr-defined]


async def test_a_request_puts_nothing_over_the_wall(walled: Database) -> None:
    for statement in (
        "UPDATE groups SET space_id = 2 WHERE id = 1",
        "INSERT INTO people (space_id, ref, private) VALUES (2, 'ana', true)",
        "DELETE FROM facts",
        "SELECT key FROM requests_seen",
        "CREATE TABLE notes (id int)",
    ):
        with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
            async with walled.writing(asking(SPACE)) as session:
                await session.execute(text(statement))


class Operator:
    """A login that may make no roles, with a database of its own, as on a managed server."""

    def __init__(self, server: Server) -> None:
        """Think of names."""
        self.server, self.login = server, f"rounds_login_{uuid.uuid4().hex[:12]}"
        self.name, self.secret = self.login, uuid.uuid4().hex
        url = server.url.set(database=self.name, username=self.login, password=self.secret)
        self.url = url.render_as_string(hide_password=False)

    async def admin(self, *statements: str) -> None:
        """What only the administrator of the server may do."""
        await _execute(self.server.url, *statements)

    async def __aenter__(self) -> Operator:
        """Make both."""
        await self.admin(f"CREATE ROLE {self.login} LOGIN PASSWORD '{self.secret}'")
        await self.admin(f"CREATE DATABASE {self.name} OWNER {self.login}")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing behind."""
        await self.admin(f"DROP DATABASE {self.name} WITH (FORCE)", f"DROP ROLE {self.login}")

    async def groups(self) -> int:
        """How many groups the login sees by itself."""
        plain = make_url(self.url).set(drivername="postgresql")
        connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
        try:
            return int(await connection.fetchval("SELECT count(*) FROM groups"))
        finally:
            await connection.close()


async def _talk(operator: Operator) -> bool:
    """A conversation on the operator's database; give whether it was behind the wall."""
    database = keyed(operator.url)
    try:
        circle = await a_circle(database, COMMANDS)
        assert "Sleep" in words(await circle.say("ana", "/case add Sleep"))
        return database.walled
    finally:
        await database.close()


async def test_even_the_owner_of_the_tables_sees_nothing_past_the_wall(
    postgresql_server: Server,
) -> None:
    async with Operator(postgresql_server) as operator:
        await operator.admin(f"GRANT {REQUEST}, {SCHEDULE} TO {operator.login}")
        await migrate(operator.url)
        assert await _talk(operator)
        assert await operator.groups() == 0
        # Steps that alter rows find them all the same.
        await _step(operator)


async def _step(operator: Operator) -> None:
    """Alter rows as a step of the schema does in `rounds migrate`."""
    engine = migrating_engine(operator.url)
    async with engine.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM groups")) == 0
        await connection.run_sync(take_down_for_owner)
        done = await connection.execute(text("UPDATE groups SET held = 7"))
        assert done.rowcount == 1
        assert await connection.run_sync(put_up)
        assert await connection.scalar(text("SELECT count(*) FROM groups")) == 0
    await engine.dispose()


async def test_where_the_wall_cannot_stand_it_is_said_how_to_put_it_up(
    postgresql_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with Operator(postgresql_server) as operator:
        with caplog.at_level(logging.WARNING, "bot"):
            await migrate(operator.url)
        assert not await _talk(operator)
        assert "kept apart by the bot alone" in caplog.text
        todo = SQL_TO_PUT_UP.format(login=operator.login)
        assert todo in caplog.text
        config = load(None, {"ROUNDS_DATABASE_URL": operator.url})
        found = [each async for each in check(config, None, program_schema(), NOW, {})]
        (walls,) = [each for each in found if each.what == "walls"]
        assert (walls.verdict, todo in walls.words) == ("note", True)

        # The roles are there already: they belong to the whole server.
        await operator.admin(*todo.rstrip(";").split("; ")[2:])
        await migrate(operator.url)
        database = keyed(operator.url)
        async with database.reading(asking("elsewhere")) as session:
            assert await session.scalar(text("SELECT count(*) FROM groups")) == 0
        await database.close()


async def test_a_login_that_the_wall_keeps_out_is_told_at_the_start(
    postgresql_server: Server,
) -> None:
    async with Operator(postgresql_server) as operator:
        await operator.admin(f"GRANT {REQUEST}, {SCHEDULE} TO {operator.login}")
        await migrate(operator.url)
        await operator.admin(f"REVOKE {REQUEST}, {SCHEDULE} FROM {operator.login}")
        with pytest.raises(OperatorError, match=r"keeps the bot itself out: .* GRANT rounds_"):
            await migrate(operator.url)


async def test_a_login_that_may_make_roles_puts_the_wall_up_by_itself(
    bare_postgresql_url: str,
) -> None:
    await migrate(bare_postgresql_url)
    database = keyed(bare_postgresql_url)
    async with database.reading() as session:
        assert await session.scalar(text(IS_UP))
        assert await session.scalar(text("SELECT current_user")) == SCHEDULE
    await database.close()
