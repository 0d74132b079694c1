"""Whoever asks to be forgotten in the middle of something: what the others are told, and read."""

from __future__ import annotations

import pytest

from bot.store.database import Database
from tests.circle import words
from tests.live_table import at_the_first_case, card, labels
from tests.table import Table, posted
from tests.written_table import a_case_in_writing


async def test_whoever_sat_out_my_case_is_called_back_when_i_am_forgotten_in_its_middle(
    database: Database,
) -> None:
    table = await at_the_first_case(database, "ana", "ben", "chloe", "dana")
    await table.press("dana", "I may know this person")
    await table.press("chloe", "Open")
    presenter = "ana" if "Where am I blind?" in card(table) else "ben"
    await table.say(presenter, "my forget")
    seen = len(table.stage.seen)

    await table.press(presenter, "Forget me")

    back = [text for text in posted(table.stage.seen[seen:], "@dana") if "come back" in text]
    assert len(back) == 1
    assert "Stuck" not in back[0]
    assert "Ending" not in back[0]


@pytest.mark.parametrize("before", ["my settings private: off", "group leave"])
async def test_my_title_goes_from_what_others_were_told_in_private(
    before: str, sqlite_database: Database
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben", "chloe", "dana")
    await table.press("dana", "I may know this person")
    await table.press("chloe", "Open")
    presenter, title = ("ana", "Stuck") if "blind?" in card(table) else ("ben", "Ending")
    while "Open" not in labels(table):
        await table.say("chloe", "meeting step step: next phase")
    assert title in told(table, "@dana")
    # Back opens the case once more, and no more is to be told about its being over.
    await table.say("chloe", "meeting step step: back")
    await table.say("dana", before)

    await table.say(presenter, "my forget")
    await table.press(presenter, "Forget me")
    await table.wait(minutes=5)

    assert title not in told(table, "@dana")


async def test_my_case_in_writing_goes_from_its_cards_and_reminders(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)
    await table.wait(days=1, hours=2)
    await table.press("chloe", "Next")
    await table.wait(days=2)
    assert "A stuck case" in told(table, "@ben")
    await table.say("ana", "my forget")
    seen = len(table.stage.seen)

    await table.press("ana", "Forget me")
    await table.wait(minutes=5)

    assert any("no longer in the group" in text for text in posted(table.stage.seen[seen:]))
    for place in ("#table", "@ben", "@dan"):
        assert "stuck" not in told(table, place)


def told(table: Table, to: str) -> str:
    """What the bot has said unasked in the channel or to a person, as it reads now."""
    unasked = [one.said for one in table.stage.seen if one.kind in ("post", "edit")]
    standing = [message.reply for message in table.standing(to)]
    return "\n".join(words(one) for one in standing if any(one is said for said in unasked))
