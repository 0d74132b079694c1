"""What somebody does not let in as a private message is offered where they can press for it."""

from __future__ import annotations

from bot.store.database import Database
from tests.table import Table, posted
from tests.test_groups_gone import a_closable_table


async def a_table_with_a_closed_door(database: Database, name: str) -> Table:
    """A full group of ana and ben; chloe waits for a place; `name` lets nobody write to them."""
    table, stage = await a_closable_table(database)
    await table.say("ana", "group settings size: 2")
    await table.press("chloe", "Join")
    await table.press("chloe", "Wait for a place")
    stage.closed[f"@{name}"] = "dm_closed"
    return table


async def test_the_channel_says_for_whom_there_is_something_and_only_they_see_it(
    database: Database,
) -> None:
    table = await a_table_with_a_closed_door(database, "ben")

    seen = await table.wait(days=1, hours=8, minutes=30)

    assert "I have something for @ben." in posted(seen)
    card = next(m for m in table.standing() if "something for" in str(m.reply.text))
    assert card.reply.notify == ("ben",)
    assert await table.press("ana", "Show me") == "That is for somebody else."
    assert "Will you be there?" in await table.press("ben", "Show me")


async def test_who_waits_for_a_place_sees_the_offer_too(database: Database) -> None:
    table = await a_table_with_a_closed_door(database, "chloe")
    await table.say("ben", "group leave")

    assert "There is a place for you in Tuesday circle" in await table.press("chloe", "Show me")
    assert "Welcome to Tuesday circle" in await table.press("chloe", "Take it")


async def test_one_meeting_offers_somebody_something_in_public_once_at_most(
    database: Database,
) -> None:
    table = await a_table_with_a_closed_door(database, "ben")

    offers = []
    for _ in range(3):
        seen = await table.wait(days=7)
        offers.append(sum("I have something for @ben" in text for text in posted(seen)))

    # The first week holds what is said of the meetings of two weeks.
    assert offers[1:] == [1, 1]
