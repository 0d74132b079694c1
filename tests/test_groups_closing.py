"""Closing a group for good, and what becomes of a server that the bot was removed from."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.features import forget_again
from bot.keeping.again import erase_again
from bot.keys.store import KEYS
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Case, Group, Table
from tests.table import a_table
from tests.test_meetings_running import two_cases


async def count(database: Database) -> dict[str, int]:
    """The rows of each table that has some, but for requests that were seen."""
    async with database.reading() as session:
        found = {
            table.name: await session.scalar(
                select(func.count()).select_from(table), execution_options=ACROSS_GROUPS
            )
            for table in Table.metadata.sorted_tables
            if table.name not in ("requests_seen", "facts")
        }
    return {name: rows for name, rows in found.items() if rows}


async def keys_of_cases(database: Database) -> list[str | None]:
    async with database.reading() as session:
        found = await session.scalars(select(Case.key_id), execution_options=ACROSS_GROUPS)
        return list(found)


async def names_of_keys(database: Database) -> set[str]:
    assert database.keys is not None
    async with database.keys.store.engine.connect() as connection:
        return set((await connection.scalars(select(KEYS.c.id))).all())


async def test_everybody_is_asked_here_and_in_private(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe")

    assert "I asked everybody" in await table.say("ana", "group close")

    asked = "Tuesday circle is to be closed Mon 9 Mar 2026, 08:00 (UTC)"
    for to in ("#table", "@ana", "@ben", "@chloe"):
        last = table.standing(to)
        assert any(asked in str(message.reply.text) for message in last), to
    assert "asked already" in await table.say("ben", "group close")


async def test_one_objection_keeps_the_group(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe")
    await table.say("ana", "group close")

    assert "the group stays" in await table.press("chloe", "Object")
    await table.wait(days=30)

    assert (await count(database))["groups"] == 1
    standing = [str(message.reply.text) for message in table.standing()]
    assert any("There was an objection: the group stays" in text for text in standing)
    assert not any("chloe" in text for text in standing if "objection" in text)


async def test_without_an_objection_everything_of_it_is_gone(database: Database) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    await table.press("ana", "Done")
    await table.press("ana", "End")
    keys = await keys_of_cases(database)
    await table.say("ana", "group close")
    await table.wait(days=6, hours=23)
    assert (await count(database))["cases"] == 2

    await table.wait(hours=3)

    assert set(await count(database)) == {"spaces", "people"}
    assert (await names_of_keys(database)).isdisjoint(keys)
    standing = str([(m.reply.text, m.reply.fields) for m in table.standing()])
    assert "everything I kept of it is erased" in standing
    for title in ("Stuck", "Ending", "blind", "goodbye"):
        assert title not in standing
    assert "There is no group of yours here" in await table.say("ana", "group show")


async def test_a_paused_group_is_closed_too_and_after_the_week_nobody_stops_it(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group pause")
    await table.say("ana", "group close")
    await table.wait(days=7, minutes=1)
    assert "being erased" in await table.say("ben", "group resume")

    await table.wait(hours=1)

    assert "groups" not in await count(sqlite_database)


async def test_a_server_that_is_left_for_a_week_is_erased(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "case add Stuck")
    keys = await keys_of_cases(database)
    await table.stage.app.gone("console", "console", None, table.stage.now)
    await table.wait(days=6, hours=23)
    assert (await count(database))["cases"] == 1

    await table.wait(hours=2)

    assert await count(database) == {}
    assert (await names_of_keys(database)).isdisjoint(keys)


async def test_a_server_that_comes_back_finds_everything_as_it_was(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "case add Stuck")
    app = table.stage.app
    await app.gone("console", "console", None, table.stage.now)
    await table.wait(days=5)
    await app.back("console", "console")
    await table.wait(days=10)

    assert (await count(database))["cases"] == 1

    await app.gone("console", "console", None, table.stage.now)
    await table.wait(days=5)
    assert "queue" in await table.say("ana", "case queue")
    await table.say("ana", "case add More")
    await table.wait(days=10)
    assert (await count(database))["cases"] == 2


async def test_a_closed_group_that_a_backup_brings_back_is_erased_again(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    async with sqlite_database.reading() as session:
        uid = await session.scalar(select(Group.uid), execution_options=ACROSS_GROUPS)
    assert sqlite_database.keys is not None
    mark = await sqlite_database.keys.mark("group", str(uid))
    await sqlite_database.keys.note_erasure(mark, table.stage.now)

    later = table.stage.now + timedelta(days=1)
    assert await erase_again(sqlite_database, forget_again, later) == 1
    assert "groups" not in await count(sqlite_database)
