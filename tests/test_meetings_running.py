"""A meeting as it runs: begun by anybody, its cases heard or not reached, and ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.chat.replies import Refusal
from bot.chat.requests import Request
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Member
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
THIRD = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def two_cases(database: Database) -> Table:
    """Three people, and the cases of two of them for the meeting that starts now."""
    table = await a_table(database, "ana", "ben", "chloe")
    await table.until(FIRST + DAY)
    await table.say("ana", "case add Stuck minutes: 30 question: Where am I blind?")
    await table.say("ben", "case add Ending minutes: 30 question: How do I say goodbye?")
    await table.until(SECOND)
    return table


async def member(database: Database, name: str) -> Member:
    async with database.reading() as session:
        found = await session.scalars(
            select(Member).where(Member.ref == name).execution_options(**ACROSS_GROUPS)
        )
        return found.one()


def card(table: Table) -> str:
    """The running meeting's card with its fields, as it reads now."""
    for message in reversed(table.standing()):
        if "We have begun" in str(message.reply.text):
            return "\n".join(
                [str(message.reply.text), *(str(f.text) for f in message.reply.fields)]
            )
    return ""


def labels(table: Table) -> list[str]:
    for message in reversed(table.standing()):
        if "We have begun" in str(message.reply.text):
            return [button.label for button in message.reply.buttons]
    return []


async def opened(table: Table) -> None:
    """The arrival round is over and the first case is open."""
    await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    await table.press("chloe", "Open")


async def says(table: Table, name: str, label: str) -> str:
    """Somebody says what became of the case that is open."""
    await table.press(name, "Agenda")
    return await table.press(name, label)


async def test_any_member_begins_and_the_first_case_opens_with_its_question(
    database: Database,
) -> None:
    table = await two_cases(database)
    assert "90 minutes, 2 cases, 30 minutes each" in await table.press("chloe", "Begin")
    await table.say("chloe", "meeting step step: next phase")
    assert "blind" not in "".join(str(message) for message in table.standing())
    assert "goodbye" not in "".join(str(message) for message in table.standing())

    await table.press("chloe", "Open")

    first, other = ("blind", "goodbye") if "blind" in card(table) else ("goodbye", "blind")
    assert first in card(table)
    assert other not in card(table)
    assert labels(table) == [
        *("Next", "Back", "More time", "Pause", "Raise hand"),
        *("Take it", "Join", "Agenda", "End"),
    ]


async def test_the_next_case_comes_when_the_one_before_it_is_done(
    sqlite_database: Database,
) -> None:
    table = await two_cases(sqlite_database)
    await opened(table)
    second = "goodbye" if "blind" in card(table) else "blind"

    assert "is marked as done" in await says(table, "ana", "Done")
    assert second not in card(table)
    await table.press("chloe", "Open")

    assert second in card(table)
    assert "done" in card(table)
    assert card(table).endswith(", now")


@pytest.mark.parametrize("label", ["Done", "Not reached"])
async def test_what_was_pressed_by_mistake_is_taken_back(
    sqlite_database: Database, label: str
) -> None:
    table = await two_cases(sqlite_database)
    await opened(table)
    before = card(table)
    first = "ana" if "blind" in before else "ben"
    await says(table, "ana", label)
    assert card(table) != before

    assert "open again" in await table.press("ana", "Undo")

    assert card(table) == before
    assert (await member(sqlite_database, first)).presented_in is None
    assert f"@{first}" in await table.say("chloe", "case queue")
    assert "open again" in await table.press("ana", "Undo")
    assert card(table) == before


async def test_a_meeting_begins_once(database: Database) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")

    assert "has begun already" in await table.say("ben", "meeting begin")
    assert (await table.say("ana", "meeting list")).count("running now") == 1


async def test_of_many_who_press_begin_at_once_one_begins(database: Database) -> None:
    table = await two_cases(database)
    app, names = table.stage.app, ("ana", "ben", "chloe")
    begin = next(
        button.action
        for message in table.standing()
        for button in message.reply.buttons
        if button.label == "Begin"
    )

    def ask(name: str) -> Request:
        return Request(name, "console", "console", "table", name, SECOND)

    answers = await asyncio.gather(*(app.press(ask(name), begin) for name in names))

    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True, True]
    await table.stage.settle()
    assert len([m for m in table.standing() if "We have begun" in str(m.reply.text)]) == 1


async def test_half_an_hour_early_is_soon_enough_to_begin(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.until(SECOND - 31 * MINUTE)
    assert "from 30 minutes before" in await table.say("ana", "meeting begin")

    await table.wait(minutes=1)
    assert "has begun" in await table.say("ana", "meeting begin")
    await table.press("ana", "Pause")

    seen = await table.until(SECOND + 20 * MINUTE)
    assert posted(seen) == []


async def test_a_meeting_can_be_begun_late(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)
    await table.until(SECOND + 40 * MINUTE)

    assert "50 minutes, 1 case, 30 minutes" in await table.press("ana", "Begin")


async def test_nothing_can_be_ended_before_it_begins(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)

    assert "No meeting has begun" in await table.say("ana", "meeting end")


async def test_ending_asks_of_each_case_whether_it_was_heard(database: Database) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    await table.wait(minutes=70)

    answer = await table.press("chloe", "End")
    assert "was this case heard?" in answer
    assert "blind" not in answer
    assert table.stage.seen[-1].buttons == ["Done", "Not reached"]
    assert "was this case heard?" in await table.press("chloe", "Done")

    before = len(table.stage.seen)
    assert "The meeting is over" in await table.press("chloe", "Not reached")

    (after,) = posted(table.stage.seen[before:])
    assert after.startswith("Next time: Tuesday circle\nThank you all.")
    assert "No meeting has begun" in await table.say("ana", "meeting end")


async def test_a_meeting_ended_early_says_at_once_what_comes_next_and_later_nothing(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.until(SECOND)
    await table.press("ana", "Begin")
    await table.wait(minutes=20)
    before = len(table.stage.seen)

    assert "The meeting is over" in await table.press("ana", "End")

    assert len(posted(table.stage.seen[before:])) == 1
    assert posted(await table.until(SECOND + 5 * HOUR)) == []


async def test_a_case_is_marked_once_and_the_slower_one_is_told(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)
    await opened(table)
    await table.press("chloe", "End")
    await says(table, "ana", "Done")

    # Chloe's question is still open although the case it asks about is marked.
    (asked,) = [m for m in table.standing("@chloe") if "was this case heard" in str(m.reply.text)]
    assert asked.reply.buttons
    assert "already marked as done" in await table.press("chloe", "Not reached")


async def test_who_stood_first_and_was_not_heard_goes_first_next_time(database: Database) -> None:
    table = await two_cases(database)
    await opened(table)
    first = "ana" if "blind" in card(table) else "ben"
    await says(table, "chloe", "Not reached")
    await table.press("chloe", "Open")
    await says(table, "chloe", "Done")
    await table.press("chloe", "End")
    await table.say("chloe", "case add Now urgency: soon")

    # `before next meeting` would pass everybody else, but not who was passed over.
    queue = await table.say("chloe", "case queue")

    assert (await member(database, first)).unheard
    assert queue.index(f"@{first}") < queue.index("@chloe")


async def test_presented_cases_leave_the_queue_and_those_not_reached_wait_on(
    sqlite_database: Database,
) -> None:
    table = await two_cases(sqlite_database)
    await opened(table)
    heard = "ana" if "blind" in card(table) else "ben"
    other = "ben" if heard == "ana" else "ana"
    await says(table, "chloe", "Done")
    await table.press("chloe", "End")
    await table.press("chloe", "Not reached")

    queue = await table.say("chloe", "case queue")

    assert f"@{other}" in queue
    assert f"@{heard}" not in queue


async def test_a_meeting_nobody_ended_is_over_two_hours_after_its_time(
    database: Database,
) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    end = SECOND + 90 * MINUTE

    seen = await table.until(end + 119 * MINUTE)
    assert [text for text in posted(seen) if "planned time is over" in text]
    assert not [text for text in posted(seen) if text.startswith("Next time")]

    seen = await table.until(end + 3 * HOUR)
    (after,) = posted(seen)
    assert "Thank you all." in after
    assert "late" not in after
    assert next(one.at for one in seen if one.kind == "post") == end + 2 * HOUR
    assert "@ana" in await table.say("ana", "case queue")


async def test_going_late_or_any_press_counts_as_attended(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe", "dana")
    await table.until(SECOND - 2 * DAY)
    await table.press("ana", "Going")
    await table.press("ben", "Not going")
    await table.until(SECOND)
    await table.press("chloe", "Begin")
    await table.press("chloe", "End")

    attended = {
        name: (await member(database, name)).attended for name in ("ana", "ben", "chloe", "dana")
    }
    silent = {name: (await member(database, name)).silent for name in attended}
    assert attended == {"ana": 1, "ben": 0, "chloe": 1, "dana": 0}
    assert silent == {"ana": 0, "ben": 0, "chloe": 0, "dana": 1}


async def test_a_meeting_nobody_began_leaves_no_mark_on_anybody(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)

    await table.until(SECOND + DAY)

    for name in ("ana", "ben", "chloe"):
        kept = await member(sqlite_database, name)
        assert (kept.attended, kept.silent, kept.unheard) == (0, 0, False)
        assert kept.facilitated_in is None


@pytest.mark.parametrize("label", ["Begin", "End", "Next"])
async def test_a_stranger_is_told_how_to_become_a_member(
    sqlite_database: Database, label: str
) -> None:
    table = await two_cases(sqlite_database)
    if label != "Begin":
        await table.press("ana", "Begin")

    assert "That is for members of Tuesday circle" in await table.press("zoe", label)


async def test_a_begin_button_of_a_meeting_that_is_over_is_gone(sqlite_database: Database) -> None:
    table = await two_cases(sqlite_database)
    await table.until(SECOND + 2 * HOUR)

    assert "There is no button Begin" in await table.press("ana", "Begin")


async def test_a_meeting_that_runs_while_the_group_is_paused_goes_on_to_its_end(
    sqlite_database: Database,
) -> None:
    table = await two_cases(sqlite_database)
    await opened(table)
    await table.say("ana", "group pause")

    await says(table, "ben", "Done")
    assert "done" in card(table)
    await table.press("ben", "End")
    assert "The meeting is over" in await table.press("ben", "Not reached")
    assert card(table) == ""
