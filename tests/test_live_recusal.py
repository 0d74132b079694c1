"""Sitting out a case: marked in private, kept from the others, and called back when it is over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.live_tables import Recusal
from bot.store.tables import Post
from tests.databases import in_memory
from tests.live_table import at_the_first_case, before_the_meeting, card, labels, on_to
from tests.table import Table, posted

EVERYBODY = ("ana", "ben", "chloe", "dana")
OUT = "You sit this case out"


def current(table: Table) -> str:
    """The code of the case that waits or is open."""
    found = re.search(r"min: \w+ \((\w{4})\)", card(table))
    assert found is not None
    return found[1]


async def marks(database: Database) -> Sequence[Recusal]:
    async with database.reading() as session:
        found = await session.scalars(select(Recusal).execution_options(**ACROSS_GROUPS))
        return found.all()


async def test_whoever_may_know_the_person_sits_the_case_out_and_is_called_back(
    database: Database,
) -> None:
    table = await at_the_first_case(database, *EVERYBODY)

    answer = await table.press("dana", "I may know this person")
    assert "no turn, no ping, and nobody is told" in answer
    assert "on a call you hear what is said" in answer

    await table.press("chloe", "Open")
    await on_to(table, "Consultation")
    assert "@dana" not in card(table)
    assert OUT in await table.say("dana", "meeting now")
    for label in ("Next", "Take it", "Pause"):
        assert OUT in await table.press("dana", label)
    assert OUT in await table.say("dana", "meeting step step: back")

    seen = len(table.stage.seen)
    while "Open" not in labels(table):
        await table.say("chloe", "meeting step step: next phase")
    back = [
        text for text in posted(table.stage.seen[seen:], "@dana") if "you can come back" in text
    ]
    assert len(back) == 1


async def test_a_mark_from_before_the_meeting_holds_in_it_and_keeps_the_question_closed(
    database: Database,
) -> None:
    table = await before_the_meeting(database, *EVERYBODY)
    await table.say("dana", "case queue")
    assert "Nobody is told" in await table.press("dana", "I may know someone")
    labels_ = [button.label for button in table.standing("@dana")[-1].reply.buttons]
    codes = [label.removeprefix("Sit out ") for label in labels_]
    assert "You sit out" in await table.press("dana", f"Sit out {codes[0]}")

    await table.say("dana", "case queue")
    assert (await table.press("dana", "Show questions")).count("?") == 1
    own = "ana" if f"({codes[0]})" in await table.say("ana", "case mine") else "ben"
    assert "your own" in await table.say(own, f"case recuse {codes[0]}")

    await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    if current(table) != codes[0]:
        await table.press("chloe", "Agenda")
        await table.press("chloe", f"{codes[0]} next")
    await table.press("chloe", "Open")
    assert OUT in await table.say("dana", "meeting now")
    await on_to(table, "Consultation")
    assert "@dana" not in card(table)


async def test_the_card_is_not_even_edited_when_somebody_marks_a_case(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    await table.press("chloe", "Take it")
    before = await edits_of_the_card(sqlite_database)

    await table.press("dana", "I may know this person")
    await table.press("dana", "Undo")

    assert await edits_of_the_card(sqlite_database) == before
    await table.press("chloe", "Open")
    assert await edits_of_the_card(sqlite_database) > before


async def edits_of_the_card(database: Database) -> int:
    async with database.reading() as session:
        found = select(Post.version).where(Post.kind == "begun")
        version = await session.scalar(found.execution_options(**ACROSS_GROUPS))
    assert version is not None
    return version


async def test_a_mark_is_undone_until_the_case_opens(database: Database) -> None:
    table = await at_the_first_case(database, *EVERYBODY)
    await table.press("dana", "I may know this person")
    assert "take part in" in await table.press("dana", "Undo")
    assert await marks(database) == []
    await table.press("dana", "I may know this person")

    await table.press("chloe", "Open")

    assert "open now" in await table.press("dana", "Undo")
    assert "open already" in await table.say("chloe", f"case recuse {current(table)}")
    assert len(await marks(database)) == 1


async def test_others_read_the_same_but_for_the_name_that_is_missing_in_the_order() -> None:
    read = []
    for sits_out in (True, False):
        async with in_memory() as database:
            table = await at_the_first_case(database, *EVERYBODY)
            await table.press("chloe", "Take it")
            before = len(table.stage.seen)
            if sits_out:
                await table.press("dana", "I may know this person")
            assert [one for one in table.stage.seen[before:] if one.to != "@dana"] == []
            read.append(await others_read(table))

    assert read[0] == read[1]
    assert len(read[0]) > 8


async def others_read(table: Table) -> list[tuple[object, ...]]:
    """What the channel and chloe read while two cases are gone through, without dana's name."""
    before = len(table.stage.seen)
    await table.press("chloe", "Open")
    for _ in range(8):
        await table.say("chloe", "meeting now")
        await table.say("chloe", "meeting step step: next phase")
    return [
        (one.at, one.kind, _without_dana(one.text), str(one.fields), one.buttons)
        for one in table.stage.seen[before:]
        if one.to in ("#table", "@chloe") and "Would you facilitate" not in one.text
    ]


def _without_dana(text: str) -> str:
    named = re.sub(r",? and @", ", @", text)
    return re.sub(r", @dana|@dana, ", "", named)


async def test_a_seat_that_is_free_says_no_more_than_that_it_was_given_back() -> None:
    """Whoever facilitates and sits the case out leaves the seat just as one who declines it."""
    read = []
    for label in ("Decline", "I may know this person"):
        async with in_memory() as database:
            table = await at_the_first_case(database, *EVERYBODY)
            before = len(table.stage.seen)
            await table.press("dana", "Take it")
            assert "@dana facilitates this case" in card(table)
            await table.press("dana", label)
            others = [one for one in table.stage.seen[before:] if one.to != "@dana"]
            assert "Nobody facilitates this case yet" in card(table)
            read.append([(o.at, o.to, o.kind, o.text, str(o.fields), o.buttons) for o in others])

    assert read[0] == read[1]
    assert len(read[0]) > 1


async def test_who_sat_out_is_forgotten_when_the_meeting_after_the_case_begins(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    await table.press("dana", "I may know this person")
    await table.press("chloe", "Open")
    await table.press("chloe", "Agenda")
    await table.press("chloe", "Done")
    assert len(await marks(sqlite_database)) == 1
    await table.press("chloe", "End")
    await table.press("chloe", "Not reached")

    await table.wait(days=14)
    await table.press("chloe", "Begin")

    assert await marks(sqlite_database) == []


async def test_a_meeting_that_ends_in_the_middle_of_a_case_calls_back_too(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    await table.press("dana", "I may know this person")
    await table.press("chloe", "Open")
    await table.press("chloe", "End")
    await table.press("chloe", "Done")

    seen = len(table.stage.seen)
    await table.press("chloe", "Not reached")

    assert any("you can come back" in text for text in posted(table.stage.seen[seen:], "@dana"))


async def test_where_each_presents_something_nothing_on_the_card_tells_of_a_mark(
    sqlite_database: Database,
) -> None:

    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    await table.say("chloe", "meeting format format: equal_slots")
    before, agenda = card(table), await table.say("chloe", "meeting agenda")
    seen = len(table.stage.seen)

    await table.press("dana", "I may know this person")

    assert posted(table.stage.seen[seen:]) == []
    assert "Take it" not in labels(table)
    assert (card(table), await table.say("chloe", "meeting agenda")) == (before, agenda)
