"""Who asked or pressed anything while a meeting ran was there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Member
from tests.case_circle import statements
from tests.table import Table, a_table

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
DAY, TWO_WEEKS = timedelta(days=1), timedelta(weeks=2)


async def at_the_start(database: Database) -> Table:
    """Three people, and nothing to hear at the meeting that starts now."""
    table = await a_table(database, "ana", "ben", "chloe")
    await table.until(FIRST)
    return table


async def attended(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        found = await session.execute(
            select(Member.ref, Member.attended).execution_options(**ACROSS_GROUPS)
        )
        return dict(found.all())


@pytest.mark.parametrize("asked", ["case queue", "meeting next", "group show", "case add"])
async def test_who_only_reads_while_it_runs_was_there(
    sqlite_database: Database, asked: str
) -> None:
    table = await at_the_start(sqlite_database)
    await table.press("ana", "Begin")

    await table.say("chloe", asked)
    await table.say("zoe", "group show")

    await table.say("ana", "meeting end")
    assert await attended(sqlite_database) == {"ana": 1, "ben": 0, "chloe": 1}


async def test_the_presence_of_a_reader_is_written_down_once(database: Database) -> None:
    table = await at_the_start(database)
    written = []
    for begun in (False, True):
        if begun:
            await table.press("ana", "Begin")
        for _ in range(2):
            with statements(database) as asked:
                await table.say("chloe", "case queue")
            written.append(len([one for one in asked if not one.startswith("SELECT")]))

    assert written == [0, 0, 2, 0]


async def test_who_declined_and_came_after_all_has_attended(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(FIRST + TWO_WEEKS - 2 * DAY)
    await table.press("ben", "Not going")
    await table.until(FIRST + TWO_WEEKS)
    await table.press("chloe", "Begin")
    await table.say("ben", "turn start")
    await table.press("chloe", "End")

    assert (await attended(sqlite_database))["ben"] == 1


async def test_whoever_only_ends_the_meeting_was_there(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.until(FIRST + TWO_WEEKS)
    await table.press("ana", "Begin")
    await table.press("ben", "End")

    assert (await attended(sqlite_database))["ben"] == 1
