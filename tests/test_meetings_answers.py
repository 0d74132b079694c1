"""Saying whether one comes, and asking about the coming meetings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from tests.table import Table, a_table

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def field(table: Table, name: str, who: str = "ana") -> str:
    """A field of what `/meeting next` answers."""
    await table.say(who, "meeting next")
    return next(f["value"] for f in table.stage.seen[-1].fields if f["name"] == name)


@pytest.mark.parametrize(
    ("typed", "words", "shown"),
    [
        ("going", "You are going on Tue 3 Mar 2026, 18:30", "Going (1): @ben"),
        ("late", "You are coming late on Tue 3 Mar", "Late (1): @ben"),
        ("not going", "You are not going on Tue 3 Mar", "Not going (1): @ben"),
        ("answer: late", "You are coming late", "Late (1): @ben"),
    ],
)
async def test_an_answer_can_be_typed(
    sqlite_database: Database, typed: str, words: str, shown: str
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")

    assert words in await table.say("ben", f"meeting rsvp {typed}")

    assert shown in await field(table, "Who comes")


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Going", "Going"), ("Late", "Late"), ("Not going", "Not going")],
)
async def test_an_answer_can_be_pressed_on_the_call(
    database: Database, label: str, shown: str
) -> None:
    table = await a_table(database, "ana", "ben")

    await table.press("ben", label)

    assert f"{shown} (1): @ben" in await field(table, "Who comes")
    call = next(m for m in table.standing() if "We meet on" in str(m.reply.text))
    assert f"{shown}: @ben" in str(call.reply.fields[1].text)


async def test_the_last_answer_counts(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    for label in ("Going", "Not going", "Late"):
        await table.press("ben", label)

    assert await field(table, "Who comes") == "Late (1): @ben\nNo answer yet (1): @ana"


async def test_without_an_answer_a_form_asks_for_it(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")

    await table.say("ben", "meeting rsvp")
    assert table.stage.seen[-1].kind == "form"

    assert "You are coming late" in await table.submit("ben", answer="late")


async def test_an_answer_nobody_understands_says_what_was_expected(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")

    answer = await table.say("ben", "meeting rsvp perhaps")

    assert "going" in answer
    assert "late" in answer
    assert await field(table, "Who comes") == "No answer yet (2): @ana and @ben"


async def test_who_is_away_comes_to_no_meeting_until_they_are_back(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ben", "my away until: 2026-03-10")
    assert "Not going (1): @ben" in await field(table, "Who comes")

    await table.until(FIRST + DAY)
    assert "No answer yet (2)" in await field(table, "Who comes")


async def test_the_button_of_a_meeting_that_is_over_is_told_so(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.until(FIRST - HOUR)
    await table.say("ana", "meeting next")
    await table.until(FIRST + DAY)

    # The private answer still stands with its buttons; the meeting is gone.
    assert "no longer planned" in await table.press("ana", "Going")


async def test_the_coming_meetings_are_listed_with_what_became_of_them(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "meeting skip 2026-03-17")
    await table.say("ana", "meeting move date: 2026-03-31 to: 2026-04-01")

    listed = await table.say("ana", "meeting list")

    assert listed.splitlines() == [
        "Coming meetings of Tuesday circle",
        "Tue 3 Mar 2026, 18:30 (Europe/Berlin)",
        "Tue 17 Mar 2026, 18:30 (Europe/Berlin) (skipped)",
        "Wed 1 Apr 2026, 18:30 (Europe/Berlin) (moved)",
        "Tue 14 Apr 2026, 18:30 (Europe/Berlin)",
    ]


async def test_the_next_meeting_says_when_where_who_and_what(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group settings place: https://meet.example/tuesday")
    await table.say("ben", "case add Stuck question: Where am I blind?")

    answer = await table.say("ana", "meeting next")

    assert answer.splitlines() == [
        "Next meeting of Tuesday circle",
        "Tue 3 Mar 2026, 18:30 (Europe/Berlin), until 20:00",
        "Where: https://meet.example/tuesday",
    ]
    assert "@ben, 38 min: Stuck (" in await field(table, "Agenda")
    assert "blind" not in str(table.stage.seen[-1].fields)


async def test_the_agenda_can_be_asked_for_and_shows_no_question(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    assert "No case is queued for it yet." in await table.say("ana", "meeting agenda")
    await table.say("ben", "case add Stuck question: Where am I blind? minutes: 76")

    answer = await table.say("ana", "meeting agenda")

    assert "1. @ben, 76 min: Stuck (" in answer
    assert "blind" not in answer
    assert "free" not in answer


@pytest.mark.parametrize("sub", ["next", "agenda", "list", "begin", "rsvp going", "skip tuesday"])
async def test_a_paused_group_says_so_instead_of_a_meeting(
    sqlite_database: Database, sub: str
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group pause")

    assert "paused" in await table.say("ana", f"meeting {sub}")


async def test_a_card_of_a_paused_group_takes_no_answer(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group pause")

    assert "paused" in await table.press("ben", "Going")
