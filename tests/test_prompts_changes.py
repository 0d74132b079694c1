"""What becomes of prompts when a meeting is skipped or moved, or the schedule changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from adapters.console.stage import Seen
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Meeting
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
THIRD = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def after_the_call(database: Database, *people: str) -> Table:
    """A group whose second meeting was called for and is six days away."""
    table = await a_table(database, *(people or ("ana", "ben", "chloe")))
    await table.until(SECOND - 6 * DAY)
    return table


def kinds(seen: list[Seen]) -> list[tuple[datetime, str]]:
    """What was posted in the channel about meetings, and when."""
    words = {
        "Call for cases": "call",
        "Agenda": "agenda",
        "We meet at": "reminder",
        "Meeting": "start",
        "Nobody has begun": "unbegun",
        "Next time": "after",
    }
    return [
        (one.at, kind)
        for one in seen
        for beginning, kind in words.items()
        if one.to == "#table" and one.kind == "post" and one.text.startswith(beginning)
    ]


async def test_a_skipped_meeting_is_told_once_and_says_nothing_more(database: Database) -> None:
    table = await after_the_call(database)

    answer = await table.say("ana", "meeting skip 2026-03-17")
    assert "Skipped: Tue 17 Mar 2026" in answer
    told = table.stage.seen[-1]
    assert "@ana skipped the meeting on Tue 17 Mar 2026, 18:30" in told.text
    assert told.buttons == ["Undo"]

    seen = await table.until(SECOND + DAY)
    assert kinds(seen) == []
    assert [one for one in seen if one.private] == []


async def test_undoing_a_skip_brings_the_rest_back_but_no_second_call(
    database: Database,
) -> None:
    table = await after_the_call(database)
    await table.say("ana", "meeting skip 2026-03-17")
    await table.wait(days=1)

    assert "Undone" in await table.press("chloe", "Undo")

    seen = await table.until(SECOND)
    assert kinds(seen) == [
        (SECOND - DAY, "agenda"),
        (SECOND - HOUR, "reminder"),
        (SECOND, "start"),
    ]
    assert "Undone by @chloe" in " ".join(str(m.reply.text) for m in table.standing())


async def test_a_meeting_skipped_before_its_call_is_called_for_after_an_undo(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)
    await table.say("ana", "meeting skip 2026-03-17")
    assert kinds(await table.until(SECOND - 5 * DAY)) == []

    before = len(table.stage.seen)
    await table.press("ben", "Undo")

    assert kinds(table.stage.seen[before:]) == [(SECOND - 5 * DAY, "call")]


async def test_a_moved_meeting_takes_its_pending_prompts_along(database: Database) -> None:
    table = await after_the_call(database)
    moved = SECOND + 2 * DAY

    answer = await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-19")
    assert "Moved to Thu 19 Mar 2026, 18:30" in answer
    assert "to Thu 19 Mar 2026, 18:30" in table.stage.seen[-1].text

    assert kinds(await table.until(moved)) == [
        (moved - DAY, "agenda"),
        (moved - HOUR, "reminder"),
        (moved, "start"),
    ]


async def test_moving_asks_everybody_anew(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    await table.press("ana", "Going")
    await table.press("ben", "Not going")

    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-19")
    assert "No answer yet (3)" in await _who_comes(table)

    await table.press("ana", "Undo")
    assert "Going (1): @ana" in await _who_comes(table)
    assert "Not going (1): @ben" in await _who_comes(table)


async def test_moving_without_a_time_keeps_the_time_and_with_one_changes_it(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)

    await table.wait(days=1)
    await table.say("ana", "meeting move date: tuesday to: thursday")
    assert "to Thu 19 Mar 2026, 18:30" in table.stage.seen[-1].text
    assert "20:15" in await table.say("ana", "meeting move date: thursday to: 2026-03-20 20:15")


async def test_a_meeting_moved_over_the_change_of_clocks_keeps_its_wall_time(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)

    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-30")

    assert await _starts(sqlite_database, "2026-03-30") == datetime(2026, 3, 30, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize("to", ["2026-03-31", "2026-04-14", "2026-07-07"])
async def test_a_meeting_is_not_moved_onto_a_date_that_has_one(
    sqlite_database: Database, to: str
) -> None:
    table = await after_the_call(sqlite_database)

    answer = await table.say("ana", f"meeting move date: 2026-03-17 to: {to}")

    assert "There is a meeting on that date already" in answer
    assert "Tue 17 Mar" in await table.say("ana", "meeting list")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("date: 2026-03-17 to: 2026-03-10", "in the past"),
        ("date: 2026-03-17 to: 2028-03-10", "more than a year"),
        ("date: 2026-03-17 to: 2026-03-17", "at that time already"),
        ("date: 2026-03-18 to: 2026-03-19", "no meeting on Wednesday 2026-03-18"),
        ("date: 2026-03-17 to: soonish", "I cannot read soonish"),
        ("date: whenever to: 2026-03-19", "I cannot read whenever"),
    ],
)
async def test_a_move_that_cannot_be_says_why_and_changes_nothing(
    sqlite_database: Database, typed: str, words: str
) -> None:
    table = await after_the_call(sqlite_database)
    before = len(table.stage.messages)

    assert words in await table.say("ana", f"meeting move {typed}")

    assert len(table.stage.messages) == before + 1
    assert await _starts(sqlite_database, "2026-03-17") == SECOND


async def test_a_meeting_may_go_to_a_date_that_was_skipped(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting skip 2026-03-31")

    answer = await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-31")

    assert "Moved to Tue 31 Mar 2026" in answer


async def test_the_date_a_meeting_moved_away_from_stays_free(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-19")
    await table.wait(days=1)

    listed = await table.say("ana", "meeting list")

    assert "Tue 17 Mar" not in listed
    assert listed.splitlines()[1] == "Thu 19 Mar 2026, 18:30 (Europe/Berlin) (moved)"


async def test_a_meeting_moved_to_an_hour_from_now_is_not_called_for_any_more(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)
    near = table.stage.now + 30 * MINUTE
    before = len(table.stage.seen)

    await table.say("ana", f"meeting move date: 2026-03-17 to: {near:%Y-%m-%d} 19:00")
    seen = table.stage.seen[before:] + await table.until(near)

    assert kinds(seen) == [(near, "start")]


async def test_a_meeting_drawn_nearer_gets_its_agenda_at_once(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    before = len(table.stage.seen)

    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-12 10:00")

    assert [kind for _, kind in kinds(table.stage.seen[before:])] == ["agenda"]
    assert "late" not in " ".join(posted(table.stage.seen[before:]))


async def test_new_leads_move_what_is_pending_and_send_nothing_twice(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)

    await table.say("ana", "group settings agenda: 48 hours reminder: 2 hours")

    assert kinds(await table.until(SECOND)) == [
        (SECOND - 2 * DAY, "agenda"),
        (SECOND - 2 * HOUR, "reminder"),
        (SECOND, "start"),
    ]


async def test_another_time_moves_the_meetings_and_their_prompts(database: Database) -> None:
    table = await after_the_call(database)
    later = SECOND + HOUR

    await table.say("ana", "group settings time: 19:30")

    assert kinds(await table.until(later)) == [
        (later - DAY, "agenda"),
        (later - HOUR, "reminder"),
        (later, "start"),
    ]


async def test_another_weekday_drops_the_old_dates_and_undo_brings_them_back(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)

    await table.say("ana", "group settings weekday: thursday")
    assert "Tue 17 Mar" not in await table.say("ana", "meeting list")
    old = [m for m in table.standing() if "no longer in the group's schedule" in str(m.reply.text)]
    assert len(old) == 1

    await table.press("ben", "Undo")
    assert "Tue 17 Mar 2026" in (await table.say("ana", "meeting list")).splitlines()[1]
    assert "We meet on" in str(old[0].reply.text)

    seen = await table.until(SECOND)
    assert kinds(seen) == [
        (SECOND - DAY, "agenda"),
        (SECOND - HOUR, "reminder"),
        (SECOND, "start"),
    ]
    assert await _count(sqlite_database) == len(set(await _days(sqlite_database)))


async def test_a_paused_group_hears_nothing_and_resumes_where_the_calendar_is(
    database: Database,
) -> None:
    table = await after_the_call(database)
    await table.say("ana", "group pause")

    seen = await table.until(SECOND + DAY)
    assert kinds(seen) == []
    assert [one for one in seen if one.private] == []

    await table.say("ana", "group resume")
    assert kinds(await table.until(THIRD)) == [
        (THIRD - 7 * DAY, "call"),
        (THIRD - DAY, "agenda"),
        (THIRD - HOUR, "reminder"),
        (THIRD, "start"),
    ]


async def test_a_short_pause_takes_nothing_from_the_coming_meeting(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "group pause")
    await table.wait(hours=3)
    await table.press("ben", "Undo")

    assert kinds(await table.until(SECOND)) == [
        (SECOND - DAY, "agenda"),
        (SECOND - HOUR, "reminder"),
        (SECOND, "start"),
    ]


async def test_only_the_newest_change_can_be_undone(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting skip 2026-03-17")
    await table.say("ana", "meeting skip 2026-03-31")
    await table.press("ben", "Undo")

    assert "Something else was changed since" in await table.press("ben", "Undo")
    assert "(skipped)" in (await table.say("ana", "meeting list")).splitlines()[1]


async def _who_comes(table: Table) -> str:
    await table.say("ana", "meeting next")
    fields = {field["name"]: field["value"] for field in table.stage.seen[-1].fields}
    return fields["Who comes"]


async def _starts(database: Database, day: str) -> datetime | None:
    async with database.reading() as session:
        found = await session.scalars(
            select(Meeting).where(Meeting.state == "planned").execution_options(**ACROSS_GROUPS)
        )
        return next((m.starts_at for m in found if m.day.isoformat() == day), None)


async def _days(database: Database) -> list[object]:
    async with database.reading() as session:
        found = await session.scalars(
            select(Meeting.day)
            .where(Meeting.state.not_in(("skipped", "moved", "dropped")))
            .execution_options(**ACROSS_GROUPS)
        )
        return list(found)


async def _count(database: Database) -> int | None:
    async with database.reading() as session:
        return await session.scalar(
            select(func.count())
            .select_from(Meeting)
            .where(Meeting.state.not_in(("skipped", "moved", "dropped")))
            .execution_options(**ACROSS_GROUPS)
        )
