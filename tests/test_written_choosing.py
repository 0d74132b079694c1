"""Choosing which case of one's own is worked through in writing."""

from __future__ import annotations

from bot.store.database import Database
from tests.live_table import a_meeting


async def test_a_case_that_the_running_meeting_hears_is_not_offered_for_writing(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")

    alone = await table.say("ana", "case write")
    await table.say("ana", "case add A second one minutes: 45")
    await table.say("ana", "case write")
    offered = [button.label for button in table.standing("@ana")[-1].reply.buttons]

    assert "on the agenda of the meeting that is running" in alone
    assert len(offered) == 1
    assert offered[0].endswith("A second one")


async def test_a_case_that_waits_for_its_author_is_asked_about_first(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    assert "no case in the queue" in await table.say("dana", "case write")

    await table.stage.act("dana", "/case add title: Unseen")

    assert "de-identified" in await table.say("dana", "case write")
