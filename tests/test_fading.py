"""Titles and questions go some days after a case was heard; the code remains."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.features import LASTING
from bot.keys.masters import Masters
from bot.keys.ring import Keyring
from bot.keys.store import KEYS, KeyStore
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Case, Post
from scheduler.tick import Ticking
from tests.table import Table, a_table
from tests.test_meetings_running import DAY, two_cases

MINUTES_10 = timedelta(minutes=10)


async def kept(database: Database) -> dict[str, str]:
    """The titles by code, as the members would read them."""
    async with database.reading() as session:
        cases = await session.scalars(select(Case), execution_options=ACROSS_GROUPS)
        return {case.code: case.title for case in cases}


async def held(database: Database) -> Table:
    """One case was heard, the other was not reached, and the meeting is over."""
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    await table.press("chloe", "End")
    await table.press("chloe", "Done")
    await table.press("chloe", "Not reached")
    await table.wait(minutes=10)
    return table


def shown(table: Table) -> str:
    """Everything that stands in the channel."""
    messages = table.standing()
    parts = [str(m.reply.text) for m in messages]
    return "\n".join([*parts, *(str(f.text) for m in messages for f in m.reply.fields)])


async def test_titles_go_thirty_days_after_the_meeting_and_the_code_stays(
    database: Database,
) -> None:
    table = await held(database)
    before = await kept(database)
    ((code, heard),) = [(c, t) for c, t in before.items() if f"{t} ({c}), done" in shown(table)]

    await table.wait(days=29)
    assert await kept(database) == before
    await table.wait(days=2)

    assert await kept(database) == before | {code: ""}
    assert heard not in shown(table)
    assert f": {code}, done" in shown(table)


async def test_a_case_that_waits_keeps_its_title(sqlite_database: Database) -> None:
    table = await held(sqlite_database)
    await table.wait(days=80)

    assert len([title for title in (await kept(sqlite_database)).values() if title]) == 1


async def test_a_withdrawn_case_that_is_put_back_keeps_its_title(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group settings keep: 1")
    await table.say("ana", "case add Stuck")
    await table.say("ana", "case withdraw")
    await table.wait(hours=20)
    await table.press("ana", "Undo")
    await table.wait(days=3)
    assert list((await kept(sqlite_database)).values()) == ["Stuck"]

    await table.say("ana", "case withdraw")
    await table.wait(hours=20)
    assert list((await kept(sqlite_database)).values()) == ["Stuck"]
    await table.wait(hours=5)
    assert list((await kept(sqlite_database)).values()) == [""]


async def test_the_group_says_how_long_and_can_change_its_mind(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "case add Stuck")
    await table.say("ana", "case withdraw")
    await table.wait(days=5)
    assert "gone 30 days after a case was heard" in await table.say("ben", "group show")

    assert "Saved" in await table.say("ben", "group settings keep: 7")
    await table.wait(days=1)
    assert list((await kept(sqlite_database)).values()) == ["Stuck"]
    await table.press("ana", "Undo")
    await table.wait(days=3)
    assert list((await kept(sqlite_database)).values()) == ["Stuck"]
    await table.say("ben", "group settings keep: 0")
    await table.wait(minutes=1)
    assert list((await kept(sqlite_database)).values()) == [""]
    assert "from 0 to 90" in await table.say("ben", "group settings keep: 91")


async def test_a_message_that_shows_a_title_is_remembered_until_it_is_edited(
    sqlite_database: Database,
) -> None:
    table = await held(sqlite_database)
    late = table.stage.now + 200 * DAY
    ticking = Ticking(sqlite_database, (), lasting=LASTING)

    await ticking.clear(late)

    async with sqlite_database.reading() as session:
        kinds = select(func.count()).where(Post.kind == "begun")
        assert await session.scalar(kinds, execution_options=ACROSS_GROUPS) == 1


async def test_what_has_gone_is_in_no_file_and_its_key_in_none_either(tmp_path: Path) -> None:
    store = KeyStore(f"sqlite+aiosqlite:///{tmp_path / 'keys.db'}")
    ring = Keyring(store, Masters())
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}", ring)
    await database.create()
    table = await a_table(database, "ana", "ben")
    await table.say("ben", "group settings keep: 0")
    await table.say("ana", "case add Stuck question: Wherefore")
    async with database.reading() as session:
        case = (await session.scalars(select(Case), execution_options=ACROSS_GROUPS)).one()
    async with store.engine.connect() as connection:
        wrapped = await connection.scalar(select(KEYS.c.wrapped).where(KEYS.c.id == case.key_id))
    sealed = case.__dict__["title_sealed"]
    secrets = {"a sealed title": sealed[-16:], "a wrapped key": bytes(wrapped or b"")[-16:]}

    def found() -> list[str]:
        files = [path.read_bytes() for path in tmp_path.iterdir()]
        return [name for name, bytes_ in secrets.items() if any(bytes_ in f for f in files)]

    assert found() == ["a sealed title", "a wrapped key"]
    await table.say("ana", "case withdraw")
    await table.wait(minutes=1)

    assert found() == []
    await database.close()
    await ring.close()


@pytest.mark.parametrize("days", [0, 90])
async def test_the_bounds_of_the_setting_are_allowed(days: int, sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    assert "Saved" in await table.say("ana", f"group settings keep: {days}")
