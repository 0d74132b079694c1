"""What comes after a meeting during which the group was paused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.database import Database
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
OVERTIME = FIRST + timedelta(minutes=100)


async def paused_beyond_the_end(database: Database) -> Table:
    """A meeting that has begun, and a group that is paused until it should be over."""
    table = await a_table(database, "ana", "ben")
    await table.until(FIRST)
    await table.press("ana", "Begin")
    await table.say("ana", "group pause")
    seen = await table.until(OVERTIME)
    assert not any("Next time" in text for text in posted(seen))
    return table


async def test_who_resumes_and_ends_it_hears_of_the_next_time(database: Database) -> None:
    table = await paused_beyond_the_end(database)
    await table.say("ana", "group resume")
    await table.say("ana", "meeting end")

    seen = await table.wait(minutes=1)

    said = [m for m in table.standing() if m.reply.title and "Next time" in str(m.reply.title)]
    assert len(said) == 1, seen
    assert "Thank you all" in str(said[0].reply.text)


async def test_what_is_ended_while_the_group_is_paused_has_no_next_time(
    sqlite_database: Database,
) -> None:
    table = await paused_beyond_the_end(sqlite_database)
    await table.say("ana", "meeting end")

    await table.wait(minutes=1)

    titles = [str(message.reply.title) for message in table.standing()]
    assert not [title for title in titles if "Next time" in title]


async def test_what_is_resumed_long_after_ends_by_itself_and_says_what_comes_next(
    sqlite_database: Database,
) -> None:
    table = await paused_beyond_the_end(sqlite_database)
    await table.wait(hours=5)
    await table.say("ana", "group resume")

    await table.wait(minutes=1)

    titles = [str(message.reply.title) for message in table.standing()]
    assert len([title for title in titles if "Next time" in title]) == 1
