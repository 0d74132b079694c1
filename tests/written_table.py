"""A group that cannot meet, for tests of cases in writing."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.database import Database
from bot.store.tables import Case
from bot.store.written_tables import Contribution, WrittenCase
from tests.circle import words
from tests.table import Table, a_table

PEOPLE = ("ana", "ben", "chloe", "dan")


async def a_case_in_writing(database: Database, *people: str) -> Table:
    """Ana opens a case of hers in writing, on a Monday at nine."""
    table = await a_table(database, *(people or PEOPLE), every="4 weeks")
    await table.say("ana", "case add title: A stuck case question: What keeps us stuck?")
    await table.say("ana", "case write")
    await table.press("ana", await label_of(table))
    return table


async def label_of(table: Table, title: str = "A stuck case") -> str:
    """The button that stands for a case."""
    async with table.stage.app.database.reading() as session:
        case = (await session.scalars(select(Case).where(Case.group_id == 1))).first()
        assert case is not None
        return f"{case.code} — {title}"


async def writes(table: Table, person: str, text: str, button: str = "Write") -> str:
    """Somebody presses a button that opens the form, writes, and sends it."""
    opened = await table.press(person, button)
    if person not in table.stage.forms:
        return opened
    return await table.submit(person, text=text)


def card(table: Table) -> str:
    """The card that counts: the newest one in the channel with a button to write."""
    cards = [m for m in table.standing() if any(b.label == "Next" for b in m.reply.buttons)]
    return words(cards[-1].reply)


async def row(table: Table) -> WrittenCase:
    """The case in writing as it is kept."""
    async with table.stage.app.database.reading() as session:
        found = await session.scalars(select(WrittenCase).where(WrittenCase.group_id == 1))
        return found.one()


async def case_state(table: Table) -> str:
    """What has become of the case itself."""
    async with table.stage.app.database.reading() as session:
        return (await session.scalars(select(Case.state).where(Case.group_id == 1))).one()


async def contributions(table: Table) -> list[Contribution]:
    """All that was written."""
    async with table.stage.app.database.reading() as session:
        found = await session.scalars(
            select(Contribution).where(Contribution.group_id == 1).order_by(Contribution.id)
        )
        return list(found)
