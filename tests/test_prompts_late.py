"""What is said of the time in which the bot was down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from adapters.console.stage import Seen
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Post
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LATE = "This comes late"


async def down_until(table: Table, moment: datetime) -> list[Seen]:
    """The bot is down until a moment; then it does what has fallen due."""
    before = len(table.stage.seen)
    table.stage.now = moment
    await table.stage.settle()
    return table.stage.seen[before:]


async def reasons(database: Database, since: datetime) -> dict[str, str | None]:
    """Why posts to the channel that were due from a moment on were not sent, by their kind."""
    async with database.reading() as session:
        rows = await session.execute(
            select(Post.kind, Post.reason)
            .where(Post.state == "expired", Post.due_at >= since, Post.person.is_(None))
            .execution_options(**ACROSS_GROUPS)
        )
        return dict(rows.all())


async def test_a_call_that_fell_due_meanwhile_is_sent_once_and_says_that_it_is_late(
    database: Database,
) -> None:
    table = await a_table(database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)

    shown = posted(await down_until(table, SECOND - 3 * DAY))

    (call,) = [text for text in shown if text.startswith("Call for cases")]
    assert LATE in call
    again = await table.until(SECOND - 2 * DAY)
    assert posted(again) == []


async def test_a_call_is_of_no_use_once_the_agenda_is_due(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)

    shown = posted(await down_until(table, SECOND - 20 * HOUR))

    assert [text.split(":")[0] for text in shown] == ["Agenda"]
    assert LATE in shown[0]
    assert (await reasons(sqlite_database, FIRST + DAY))["call"] == "too late to be of use"


async def test_an_agenda_is_of_no_use_once_the_reminder_is_due(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)

    seen = await down_until(table, SECOND - 30 * MINUTE)

    shown = posted(seen)
    assert len(shown) == 1
    assert shown[0].startswith("We meet at 18:30.")
    assert LATE in shown[0]
    (nudge,) = posted(seen, "@ben")[:1]
    assert "Will you be there?" in nudge
    assert LATE in nudge
    assert set(await reasons(sqlite_database, FIRST + DAY)) == {"call", "agenda"}


async def test_a_reminder_is_of_no_use_once_the_meeting_should_have_begun(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * HOUR)

    seen = await down_until(table, SECOND + 3 * MINUTE)

    (start,) = posted(seen)
    assert start.startswith("Meeting: Tuesday circle")
    assert LATE in start
    assert posted(seen, "@ben") == []
    assert (await reasons(sqlite_database, SECOND - 2 * HOUR))["reminder"]


async def test_after_a_meeting_slept_through_only_the_next_date_is_told(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * HOUR)

    shown = posted(await down_until(table, SECOND + 5 * HOUR))

    assert [text.split(":")[0] for text in shown] == ["Next time"]
    assert LATE in shown[0]
    expired = await reasons(sqlite_database, SECOND - 2 * HOUR)
    assert {"reminder", "start", "unbegun"} <= set(expired)
    assert set(expired.values()) <= {"too late to be of use", "no longer wanted"}


async def test_after_a_month_asleep_nothing_old_is_said(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)

    seen = await down_until(table, FIRST + 6 * 7 * DAY + 2 * DAY)

    shown = [text.split(":")[0] for text in posted(seen)]
    assert shown == ["Next time"] or shown == []
    coming = await table.say("ana", "meeting next")
    assert "Tue 28 Apr 2026" in coming


async def test_a_pause_in_the_house_of_two_minutes_is_not_called_late(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * HOUR)

    shown = posted(await down_until(table, SECOND - HOUR + MINUTE))

    assert shown
    assert LATE not in shown[0]


async def test_a_meeting_nobody_ended_is_closed_even_if_the_bot_was_down(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND)
    await table.press("ana", "Begin")

    shown = posted(await down_until(table, SECOND + 12 * HOUR))

    (after,) = [text for text in shown if text.startswith("Next time")]
    assert "Thank you all." in after
