"""Cases at a table: what the group sees of them, and what nobody but the asker sees."""

import re

from sqlalchemy import select

from bot.store.database import Database
from bot.store.tables import Swap
from tests.table import Table, a_table


def in_the_channel(table: Table) -> str:
    """All that stands in the group's channel now."""
    return "\n".join(
        "\n".join([str(message.reply.text), *(str(field.text) for field in message.reply.fields)])
        for message in table.standing()
    )


def titles(shown: str) -> list[str]:
    """The titles of the queue from the front."""
    return re.findall(r"^\d+\. .*?“(.*?)”", shown, re.M)


async def test_the_group_sees_the_agenda_follow_and_never_a_question(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe", every="week")
    await table.wait(hours=10)

    await table.say("ana", "case add title: Sleep question: How do I ask?")
    assert "Sleep" in in_the_channel(table)
    await table.say("ana", "case edit title: Rest")
    assert "Rest" in in_the_channel(table)
    assert "How do I ask?" not in in_the_channel(table)
    await table.say("ana", "case withdraw")
    assert "Rest" not in in_the_channel(table)
    await table.press("ana", "Undo")
    assert "Rest" in in_the_channel(table)


async def test_who_cannot_come_is_not_on_the_agenda(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="week")
    await table.say("ana", "case add Sleep")
    await table.say("ben", "case add Shame")

    await table.say("ana", "meeting rsvp answer: not going")
    shown = await table.say("ben", "case queue")

    assert "2. @ana: “Sleep”" in shown
    assert "Not coming this time; keeps the place." in shown
    await table.wait(hours=10)
    assert "Shame" in in_the_channel(table)
    assert "Sleep" not in in_the_channel(table)


async def test_leaving_takes_ones_cases_along(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="week")
    await table.say("ana", "case add Sleep")
    await table.say("ben", "case add Shame")

    await table.say("ana", "group leave")

    shown = await table.say("ben", "case queue")
    assert "Sleep" not in shown
    assert "1. @ben: “Shame”" in shown


async def test_a_swap_agreed_on_is_over_when_nobody_begins(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="week")
    await table.say("ana", "case add Sleep")
    await table.say("ben", "case add Shame")
    await table.say("ben", "case swap @ana")
    await table.press("ana", "Agree")
    assert "Swapped places" in await table.say("ana", "case queue")

    await table.wait(days=3)

    assert "Swapped places" not in await table.say("ana", "case queue")
    async with sqlite_database.reading() as session:
        assert await session.scalar(select(Swap.state).where(Swap.group_id == 1)) == "over"


async def test_what_a_meeting_heard_goes_to_the_back(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe", every="week")
    for person in ("ana", "ben", "chloe"):
        await table.say(person, f"case add From {person[0]}")
    before = titles(await table.say("ana", "case queue"))
    await table.wait(days=1, hours=9.5)

    await table.say("ana", "meeting begin")
    await table.say("ana", "meeting end")
    await table.press("ana", "Done")
    await table.press("ana", "Not reached")
    after = titles(await table.say("ana", "case queue"))

    assert after == before[1:]
