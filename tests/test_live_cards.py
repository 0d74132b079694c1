"""Perspective cards: each reads their own in private, and never the same twice running."""

from __future__ import annotations

from random import Random

from sqlalchemy import update

from bot.app import App
from bot.store.database import Database
from bot.store.tables import Person
from tests.live_table import (
    before_the_meeting,
    card,
    labels,
    members,
    on_to,
    set_format,
    state,
)
from tests.table import Table

EVERYBODY = ("ana", "ben", "chloe", "dana")


def cards(table: Table) -> dict[str, list[str]]:
    """The cards that were sent in private, by person."""
    return {
        name: [
            str(message.reply.text)
            for message in table.standing(f"@{name}")
            if str(message.reply.text).startswith("Your card, ")
        ]
        for name in EVERYBODY
    }


async def with_cards(database: Database, *going: str) -> Table:
    """The phase of the cards runs."""
    table = await before_the_meeting(database, *going)
    await set_format(database, "perspectives")
    await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    await table.press("chloe", "Open")
    await on_to(table, "Cards")
    return table


async def test_all_but_the_presenter_get_a_card_of_their_own_and_a_restart_deals_none_twice(
    database: Database,
) -> None:
    table = await with_cards(database, *EVERYBODY)
    presenter = "ana" if "@ana, 30 min" in card(table) else "ben"
    dealt = cards(table)
    assert {name for name, own in dealt.items() if len(own) == 1} == set(EVERYBODY) - {presenter}
    assert len({own[0] for own in dealt.values() if own}) == 3

    table.stage.app = App(database, Random(9))
    await table.say("chloe", "meeting step step: back")
    await on_to(table, "The case")

    assert cards(table) == dealt
    assert dealt["chloe"][0] in await table.say("chloe", "meeting now")
    assert dealt["chloe"][0] not in await table.say("dana", "meeting now")
    assert not [text for text in (str(m.reply) for m in table.standing()) if "Your card" in text]


async def test_a_late_arrival_gets_one_of_the_rest_and_my_card_shows_it_without_a_message(
    sqlite_database: Database,
) -> None:
    table = await with_cards(sqlite_database, "ana", "ben")
    async with sqlite_database.writing() as session:
        await session.execute(update(Person).where(Person.ref == "dana").values(private=False))
    assert "My card" in labels(table)
    assert "You have no card" in await table.press("dana", "My card")

    await table.press("dana", "Join")

    own = await table.press("dana", "My card")
    assert own.startswith("Your card, ")
    assert own not in [text for name in ("ana", "ben", "chloe") for text in cards(table)[name]]
    kept = await state(sqlite_database)
    assert kept is not None
    assert len({dealt.name for dealt in kept.dealt}) == len(kept.dealt) == 3


async def test_nobody_gets_the_same_card_twice_running(sqlite_database: Database) -> None:
    table = await with_cards(sqlite_database, *EVERYBODY)
    first = {name: own[0] for name, own in cards(table).items() if own}
    remembered = {name: m.last_perspective for name, m in (await members(sqlite_database)).items()}
    assert all(f"Your card, {remembered[name]}:" in text for name, text in first.items())
    while "Open" not in labels(table):
        await table.say("chloe", "meeting step step: next phase")
    await table.press("chloe", "Open")
    await on_to(table, "Cards")

    for name in ("chloe", "dana"):
        (one, other) = cards(table)[name]
        assert one != other


async def test_whoever_sits_the_case_out_gets_no_card(sqlite_database: Database) -> None:
    table = await before_the_meeting(sqlite_database, *EVERYBODY)
    await set_format(sqlite_database, "perspectives")
    await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    await table.press("dana", "I may know this person")
    await table.press("chloe", "Open")
    await on_to(table, "Cards")

    assert cards(table)["dana"] == []
    assert len(cards(table)["chloe"]) == 1
    assert "You have no card" in await table.press("dana", "My card")
