"""A person in two groups of one space, who asks where neither of them lives."""

from __future__ import annotations

from bot.store.database import Database
from tests.table import WEEKLY, Table, a_table

ELSEWHERE = "hall"


async def two_groups(database: Database) -> Table:
    """Ana and ben are in two groups; the second one lives in #other."""
    table = await a_table(database, "ana", "ben")
    start = WEEKLY.format(every="week").replace("Tuesday circle", "Second circle")
    await table.say("ana", start.removeprefix("/"), "other")
    await table.say("ben", "group join", "other")
    return table


async def test_who_is_in_two_groups_chooses_one_and_what_was_typed_is_kept(
    database: Database,
) -> None:
    table = await two_groups(database)
    asked = await table.say("ana", "case add title: Which one", ELSEWHERE)
    assert asked == "You are in several groups here. Which one is it about?"
    assert "Which one" in await table.press("ana", "Second circle")
    assert "Which one" in await table.say("ana", "case mine", "other")
    assert "no case" in await table.say("ana", "case mine")


async def test_looking_asks_for_the_group_as_well(database: Database) -> None:
    table = await two_groups(database)
    assert "several groups" in await table.say("ben", "case queue", ELSEWHERE)
    assert "Nobody waits" in await table.press("ben", "Tuesday circle")


async def test_a_form_can_be_reached_through_the_choice(database: Database) -> None:
    table = await two_groups(database)
    assert "several groups" in await table.say("ana", "case add", ELSEWHERE)
    assert "Bring a case" in await table.press("ana", "Second circle")
    assert "By form" in await table.submit("ana", title="By form")
    assert "By form" in await table.say("ana", "case mine", "other")


async def test_the_panel_asks_for_the_group_when_a_button_needs_one(database: Database) -> None:
    table = await two_groups(database)
    await table.say("ana", "rounds panel", ELSEWHERE)
    await table.stage.act("ana", 'press "Turns"', ELSEWHERE)
    asked = await table.stage.act("ana", 'press "Turn start"', ELSEWHERE)
    assert "several groups" in asked[-1].text
    assert "The round begins" in await table.press("ana", "Second circle")
