"""Choosing a case to work through in writing, and sitting out one that is."""

from __future__ import annotations

from bot.store.database import Database
from tests.live_table import a_meeting
from tests.table import posted
from tests.written_table import a_case_in_writing, card, row, writes


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


async def test_whoever_may_know_the_person_sits_a_case_in_writing_out(database: Database) -> None:
    table = await a_case_in_writing(database)
    await table.press("ana", "Next")
    await table.press("chloe", "Next")
    before, seen = card(table), len(table.stage.seen)

    told = await table.press("dan", "I may know this person")

    assert "nobody is told" in told
    assert "when it is over" not in told
    assert card(table) == before
    assert [one for one in table.stage.seen[seen:] if one.to != "@dan"] == []
    version = (await row(table)).version
    for label in ("Write", "Read", "Next", "Back"):
        assert "You sit this case out" in await table.press("dan", label)
    assert "You sit this case out" in await table.say("dan", "case write")
    assert (await row(table)).version == version
    reminded = await table.wait(days=3)
    assert "stuck" in str(posted(reminded, "@ben"))
    assert "stuck" not in str(posted(reminded, "@dan"))
    await table.press("dan", "Undo")
    assert "stuck" in await table.press("dan", "Read")
    await table.press("ben", "Next")
    assert "with the others" in await writes(table, "dan", "What helps?")


async def test_the_presenter_does_not_sit_out_their_own(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    assert "your own" in await table.press("ana", "I may know this person")
