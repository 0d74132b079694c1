"""What is written down as a meeting closes, who can read it, and when it is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.live_tables import Intention, TakeAway
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
THIRD = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
TRY = "I will ask what she hopes for"


async def closing(database: Database) -> Table:
    """Three people whose meeting closes: the case of one was heard, nobody else had one."""
    table = await a_table(database, "ana", "ben", "chloe")
    await table.until(FIRST + timedelta(days=1))
    await table.say("ana", "case add Stuck minutes: 30")
    await table.until(SECOND)
    await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    await table.press("chloe", "Open")
    await table.press("chloe", "Agenda")
    await table.press("chloe", "Done")
    return table


async def intended(database: Database) -> Table:
    """The same, closed, with an intention."""
    table = await closing(database)
    await table.press("ana", "Intention")
    await table.submit("ana", intention=TRY)
    await table.press("chloe", "End")
    return table


def card(table: Table) -> str:
    """The running meeting's card with its fields."""
    message = next(m for m in reversed(table.standing()) if "We have begun" in str(m.reply.text))
    return "\n".join(
        [str(message.reply.text), *(f"{f.name}\n{f.text}" for f in message.reply.fields)]
    )


async def kept(database: Database) -> tuple[int, int]:
    """How many intentions and take-aways there are."""
    async with database.reading() as session:
        counts = [
            await session.scalar(
                select(func.count()).select_from(kind), execution_options=ACROSS_GROUPS
            )
            for kind in (Intention, TakeAway)
        ]
    return counts[0] or 0, counts[1] or 0


async def test_what_i_take_away_nobody_else_can_read(database: Database) -> None:
    table = await closing(database)
    assert "Take-away keeps a line for your eyes only" in card(table)

    assert "nobody in the group can read it" in await table.press("ben", "Take-away")
    assert "Kept for your eyes only" in await table.submit("ben", note="Slower is faster")

    assert "Slower is faster" in await table.say("ben", "my takeaways")
    assert "noted nothing yet" in await table.say("chloe", "my takeaways")
    others = [one for one in table.stage.seen if one.to != "@ben"]
    assert "Slower" not in "".join(f"{one.text}{one.fields}" for one in others)


async def test_a_take_away_can_be_changed_and_deleted(sqlite_database: Database) -> None:
    table = await closing(sqlite_database)
    await table.say("ben", "meeting takeaway Slower is faster")
    await table.press("ben", "Edit")
    assert table.stage.seen[-1].fields[0]["value"] == "Slower is faster"
    await table.submit("ben", note="Slower is slower")
    assert "slower is slower" in (await table.say("ben", "my takeaways")).lower()
    assert await kept(sqlite_database) == (0, 1)

    assert "for good" in await table.press("ben", "Delete all")
    assert "1 take-away is deleted" in await table.press("ben", "Delete them")

    assert await kept(sqlite_database) == (0, 0)
    assert "nothing to delete" in await table.press("ben", "Delete them")


async def test_the_presenter_is_asked_what_they_will_do_until_they_say_it(
    database: Database,
) -> None:
    table = await closing(database)
    assert "@ana: what will you do until next time?" in card(table)
    assert "those who presented this time" in await table.press("ben", "Intention")

    assert "no names, dates or places" in await table.press("ana", "Intention")
    assert "opens the next meeting" in await table.submit("ana", intention=TRY)

    assert "what will you do" not in card(table)
    assert TRY not in card(table)


async def test_an_intention_opens_the_next_meeting_and_is_gone_after_it(
    database: Database,
) -> None:
    table = await intended(database)
    await table.until(THIRD)
    await table.press("ben", "Begin")
    assert TRY not in card(table)
    await table.say("ben", "meeting step step: next phase")

    assert f"Last time's intentions\n@ana: {TRY}" in card(table)
    assert "What became of what was planned last time?" in card(table)
    await table.say("ben", "meeting step step: next phase")
    assert TRY not in card(table)
    await table.press("ben", "Back")
    assert TRY in card(table)

    await table.press("ben", "End")
    assert await kept(database) == (0, 0)


async def test_without_an_intention_nothing_is_followed_up(sqlite_database: Database) -> None:
    table = await closing(sqlite_database)
    await table.press("chloe", "End")
    await table.until(THIRD)
    await table.press("ben", "Begin")
    await table.say("ben", "meeting step step: next phase")

    assert "Since last time" not in card(table)


async def test_a_meeting_that_nobody_began_leaves_the_intentions_for_the_one_after(
    sqlite_database: Database,
) -> None:
    table = await intended(sqlite_database)
    await table.until(THIRD + timedelta(weeks=2))
    await table.press("ben", "Begin")
    await table.say("ben", "meeting step step: next phase")

    assert TRY in card(table)


async def test_an_intention_can_be_taken_back_after_the_meeting(
    sqlite_database: Database,
) -> None:
    table = await intended(sqlite_database)
    await table.say("ana", "case intention")
    assert table.stage.seen[-1].fields[0]["value"] == TRY
    await table.submit("ana", intention="Something else")

    assert "It is deleted" in await table.press("ana", "Take it back")

    assert "nothing to delete" in await table.press("ana", "Take it back")
    assert await kept(sqlite_database) == (0, 0)


async def test_who_leaves_takes_along_what_they_wrote(sqlite_database: Database) -> None:
    table = await intended(sqlite_database)
    await table.say("ana", "meeting takeaway Slower is faster")
    assert await kept(sqlite_database) == (1, 1)

    await table.say("ana", "group leave")

    assert await kept(sqlite_database) == (0, 0)


async def test_an_intention_of_who_leaves_is_taken_off_the_card(sqlite_database: Database) -> None:
    table = await intended(sqlite_database)
    await table.until(THIRD)
    await table.press("ben", "Begin")
    await table.say("ben", "meeting step step: next phase")
    assert TRY in card(table)

    await table.say("ana", "group leave")

    assert TRY not in card(table)


@pytest.mark.parametrize("how", ["Forget me", "Take it back"])
@pytest.mark.parametrize("begun", [False, True])
async def test_what_became_of_last_time_is_left_out_where_the_only_intention_is_gone(
    how: str, begun: bool, sqlite_database: Database
) -> None:
    table = await intended(sqlite_database)
    await table.say("ben", "case add Ending minutes: 60")
    # Begun so late the case has 56 minutes, or 60 without the five of the follow-ups.
    await table.until(THIRD + timedelta(minutes=20))
    await table.press("ben", "Begin")
    if begun:
        await table.say("ben", "meeting step step: next phase")
        assert "Since last time" in card(table)
        await table.wait(minutes=2)
    await table.say("ana", "my forget" if how == "Forget me" else "case queue")
    await table.press("ana", how)

    if not begun:
        assert "Then: Since" not in card(table)
        await table.say("ben", "meeting step step: next phase")

    assert "Since last time" not in card(table)
    assert "Open begins it" in card(table)
    if (how, begun) == ("Take it back", False):
        assert "@ben, 60 min: Ending" in card(table)
    await table.press("ben", "Back")
    assert "Since last time" not in card(table)


async def test_nothing_can_be_noted_before_a_first_meeting(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")

    for typed in ("meeting takeaway Something", "case intention Something"):
        assert "No meeting has been held yet" in await table.say("ana", typed)


async def test_the_last_words_say_who_presents_and_facilitates_next(
    sqlite_database: Database,
) -> None:
    table = await closing(sqlite_database)
    await table.say("ben", "case add Ending")
    before = len(table.stage.seen)

    await table.press("chloe", "End")

    (after,) = posted(table.stage.seen[before:])
    assert after.endswith("Next to present: @ben. @chloe facilitates, as it looks now.")
    last = next(one for one in table.stage.seen if one.text == after)
    assert last.buttons == ["Add a case", "Take-away", "Intention"]
