"""What the group's card and answers say of the next meeting once it is no longer ahead."""

from __future__ import annotations

from bot.store.database import Database
from tests.test_meetings_running import MINUTE, SECOND, two_cases


async def test_while_a_meeting_runs_nobody_reads_of_a_next_one_in_the_past(
    database: Database,
) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    await table.until(SECOND + MINUTE)

    group_card = str(table.standing()[0].reply.text)
    assert "A meeting is running now." in group_card
    assert "Next meeting" not in group_card
    assert "A meeting is running now." in await table.say("ana", "group show")
    await table.say("ana", "group pause")
    resumed = await table.say("ana", "group resume")
    assert "A meeting is running now." in resumed
    assert "Next meeting" not in resumed


async def test_a_meeting_whose_time_has_come_is_no_next_one(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)
    await table.until(SECOND + MINUTE)

    shown = await table.say("ana", "group show")

    assert "It is time for the meeting" in shown
    assert "Next meeting" not in shown
