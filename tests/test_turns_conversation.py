"""A round from start to end as the whole group sees it, on the real bot with its clock."""

from __future__ import annotations

from bot.store.database import Database
from tests.table import Table, a_table

PEOPLE = ("ana", "ben", "chloe", "dan")


def card(table: Table) -> str:
    """The newest message in the channel, as it reads now."""
    return str(table.standing()[-1].reply.text)


def shown(table: Table) -> list[str]:
    return [button.label for button in table.standing()[-1].reply.buttons]


async def a_meeting(database: Database) -> Table:
    """Ana, Ben and Chloe are there; Dan is on his way."""
    table = await a_table(database, *PEOPLE)
    for name in ("ana", "ben", "chloe"):
        await table.press(name, "Going")
    await table.wait(days=1, hours=9.5)
    await table.press("ana", "Begin")
    return table


async def test_one_card_carries_the_round_from_start_to_end(database: Database) -> None:
    table = await a_meeting(database)
    await table.say("ben", "turn start order: as joined")
    standing = len(table.standing())
    assert shown(table) == ["Next", "Pass", "Join", "End round"]

    assert await table.press("ana", "Next") == ""
    assert await table.press("ben", "Pass") == ""
    assert await table.press("dan", "Join") == ""
    assert await table.press("chloe", "Next") == ""
    assert "@dan has the floor." in card(table)
    await table.press("dan", "Next")
    assert "@ben has the floor, asked once more." in card(table)
    await table.press("ben", "Next")

    assert card(table) == "The round is over: everybody was asked. Thank you."
    assert len(table.standing()) == standing


async def test_only_the_first_speaker_is_pinged_and_edits_ping_nobody_else(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database)

    await table.say("ben", "turn start order: as joined")
    assert table.standing()[-1].reply.notify == ("ana",)
    await table.press("ana", "Next")

    assert table.standing()[-1].reply.notify == ("ben",)


async def test_a_member_who_leaves_the_group_leaves_the_round(database: Database) -> None:
    table = await a_meeting(database)
    await table.say("ben", "turn start order: as joined")

    await table.say("ana", "group leave")

    assert "@ben has the floor.\nAfter that: @chloe." in card(table)
    assert "@ana" not in card(table)


async def test_the_next_meeting_begins_with_who_was_not_heard(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database)
    await table.say("ben", "turn start order: as joined")
    await table.press("ana", "Next")
    await table.press("ana", "End round")

    await table.say("ben", "turn start")

    assert "After that: " in card(table)
    assert card(table).splitlines()[1].endswith("and @ana.")


async def test_back_from_the_end_is_pressed_on_the_same_card(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database)
    await table.say("ben", "turn start order: as joined")
    await table.press("chloe", "End round")
    assert shown(table) == ["Back"]

    await table.press("ana", "Back")

    assert "@ana has the floor." in card(table)
    assert shown(table) == ["Next", "Pass", "Join", "End round"]


async def test_a_round_can_be_begun_from_the_panel(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database)
    await table.say("chloe", "rounds panel")
    await table.press("chloe", "Turns")

    await table.press("chloe", "Turn start")

    assert "has the floor." in card(table)


async def test_a_round_goes_on_while_the_group_is_paused(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database)
    await table.say("ben", "turn start order: as joined")
    await table.say("chloe", "group pause")
    of_round = next(m for m in table.standing() if "Speaking round" in str(m.reply.title))

    await table.press("ana", "Next")

    assert "@ben has the floor." in str(of_round.reply.text)
