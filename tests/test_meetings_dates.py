"""Which date a meeting has, and which one is meant by a weekday or listed as skipped."""

from __future__ import annotations

from bot.store.database import Database
from tests.test_prompts_changes import DAY, SECOND, _days, after_the_call


async def test_a_moved_meeting_keeps_its_moment_and_has_the_date_of_a_new_zone(
    database: Database,
) -> None:
    table = await after_the_call(database)
    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-18 20:00")

    await table.say("ana", "group settings zone: Pacific/Auckland")

    listed = (await table.say("ana", "meeting list")).splitlines()
    assert any(line.startswith("Thu 19 Mar 2026, 08:00") for line in listed), listed
    assert "Skipped" in await table.say("ana", "meeting skip 2026-03-19")


async def test_a_date_of_the_new_rhythm_is_not_given_to_a_moved_meeting(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-18 20:00")

    await table.say("ana", "group settings weekday: thursday every: week zone: Pacific/Auckland")

    days = await _days(sqlite_database)
    assert len(days) == len(set(days))
    assert "Thu 19 Mar 2026, 18:30" in await table.say("ana", "meeting list")


async def test_skipped_dates_of_a_rhythm_that_was_replaced_are_not_listed(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting skip 2026-03-31")

    await table.say("ana", "group settings weekday: thursday")
    assert "skipped" not in await table.say("ana", "meeting list")

    await table.press("ben", "Undo")
    assert "Tue 31 Mar 2026, 18:30 (Europe/Berlin) (skipped)" in await table.say(
        "ana", "meeting list"
    )


async def test_a_weekday_means_the_next_meeting_on_it(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)
    await table.until(SECOND + DAY)
    await table.say("ana", "meeting move date: 2026-03-31 to: 2026-04-02")

    assert "Skipped: Thu 2 Apr 2026" in await table.say("ana", "meeting skip thursday")
    assert "Skipped: Tue 14 Apr 2026" in await table.say("ana", "meeting skip tuesday")


async def test_a_date_without_a_meeting_stays_without_one(sqlite_database: Database) -> None:
    table = await after_the_call(sqlite_database)

    answer = await table.say("ana", "meeting skip 2026-03-24")

    assert "There is no meeting on Tuesday 2026-03-24" in answer


async def test_of_two_who_skip_the_same_weekday_the_second_skips_no_other_meeting(
    sqlite_database: Database,
) -> None:
    table = await after_the_call(sqlite_database)
    await table.say("ana", "meeting skip tuesday")

    assert "There is no meeting on Tuesday 2026-03-17" in await table.say(
        "ben", "meeting skip tuesday"
    )
