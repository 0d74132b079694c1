"""A case in writing from its first day to its last, and what days do to it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from adapters.console.stage import Seen, Stage
from bot.app import App
from bot.store.database import Database
from tests.table import Table, posted
from tests.written_table import (
    a_case_in_writing,
    card,
    case_state,
    contributions,
    row,
    writes,
)

HUNCHES = ("Hunches", 3)
PHASES = (
    ("The case", 1),
    ("Questions", 2),
    HUNCHES,
    ("Answer", 1),
    ("Proposals", 3),
    ("Decision", 1),
    ("Exchange", 1),
)


def nudged(seen: list[Seen]) -> list[str]:
    """Who was reminded in private, in the order of their names."""
    reminders = [s for s in seen if s.kind == "post" and "lines of yours are welcome" in s.text]
    assert all(s.private for s in reminders)
    return sorted(s.to for s in reminders)


async def next_phase(table: Table, times: int = 1) -> None:
    """Somebody moves the case on."""
    for _ in range(times):
        assert await table.press("ben", "Next") == ""


async def test_twelve_days_lead_through_all_phases_and_the_case_counts_as_presented(
    database: Database,
) -> None:
    table = await a_case_in_writing(database)
    assert "“A stuck case”" in card(table)
    assert "What keeps us stuck?" in card(table)
    for number, (name, days) in enumerate(PHASES, start=1):
        shown = card(table)
        assert f"Phase {number} of 7: {name}" in shown
        cards = [p for p in posted(await table.wait(days=days)) if "Phase" in p or "over" in p]
        assert len(cards) <= 1

    assert await case_state(table) == "done"
    assert (await row(table)).state == "over"
    said = table.standing()[-1].reply
    assert "is over, and counts as presented" in str(said.text)
    again = await table.say("ana", "case write")
    assert "no case in the queue" in again


async def test_a_reminder_comes_daily_to_those_alone_who_have_not_written(
    database: Database,
) -> None:
    table = await a_case_in_writing(database)
    # Ana alone writes on the first day, and has not; at night nobody is written to.
    assert nudged(await table.wait(hours=23)) == ["@ana"]
    assert nudged(await table.wait(hours=2)) == []
    assert "Questions" in card(table)
    await writes(table, "ben", "For how long?")
    await table.say("dan", "my away until: 2026-03-20")

    assert nudged(await table.wait(days=1)) == ["@ana", "@chloe"]
    await writes(table, "chloe", "Who else knows?")
    assert nudged(await table.wait(hours=22)) == ["@ana"]
    await table.wait(hours=2)

    assert "Hunches" in card(table)
    await writes(table, "ben", "Perhaps it is grief.")
    for _ in range(3):
        # The presenter is silent here, and is not asked for anything.
        assert nudged(await table.wait(days=1)) == ["@chloe"]
    assert "Answer" in card(table)
    assert nudged(await table.wait(hours=23)) == ["@ana"]


async def test_who_wants_no_private_words_gets_no_reminder(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    await next_phase(table)
    await table.say("ben", "my settings private: off")

    assert nudged(await table.wait(hours=25)) == ["@ana", "@chloe", "@dan"]


async def test_a_bot_that_was_away_makes_one_step_and_reminds_nobody_twice(
    database: Database,
) -> None:
    table = await a_case_in_writing(database)
    table.stage.now += timedelta(days=6)

    came = await table.wait(minutes=1)

    assert len([p for p in posted(came) if "A case in writing" in p]) == 1
    assert nudged(came) == []
    assert "Phase 2 of 7: Questions" in card(table)
    assert "I was away when the phase before ended. Back returns to it." in card(table)
    # Everybody has all the days of the phase, and the days nobody could write do not count.
    assert nudged(await table.wait(hours=23)) == ["@ana", "@ben", "@chloe", "@dan"]
    kept = await row(table)
    assert kept.last_at - kept.ends_at == timedelta(days=17)
    await table.wait(days=11)
    assert await case_state(table) == "done"


async def test_reminders_that_were_missed_are_not_made_up_for(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    await next_phase(table, 2)
    await table.wait(hours=1)
    table.stage.now += timedelta(days=2, hours=3)

    came = await table.wait(minutes=1)

    assert nudged(came) == ["@ben", "@chloe", "@dan"]
    assert "Hunches" in card(table)


async def test_the_days_of_a_pause_do_not_count(database: Database) -> None:
    table = await a_case_in_writing(database)
    await next_phase(table)
    await table.wait(hours=20)
    await table.say("ben", "group pause")
    assert "The group is paused, and these days do not count." in card(table)

    came = await table.wait(days=10)

    assert nudged(came) == []
    assert "Questions" in card(table)
    assert "The group is paused" in await table.press("chloe", "Next")
    await writes(table, "chloe", "Who else knows?")
    await table.say("ben", "group resume")
    await table.wait(hours=27)
    assert "Questions" in card(table)
    await table.wait(hours=2)
    assert "Hunches" in card(table)
    assert [one.text for one in await contributions(table)] == ["Who else knows?"]


async def test_at_the_latest_it_ends_after_twenty_days_wherever_it_is(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)
    await next_phase(table, 2)
    for _ in range(8):
        await table.wait(days=2)
        await table.press("chloe", "Back")
        await table.press("chloe", "Next")
    assert "Phase 3 of 7" in card(table)

    await table.wait(days=3)
    assert "Phase 4 of 7" in card(table)
    await table.wait(days=2)

    assert await case_state(table) == "done"


async def test_a_group_that_lost_its_channel_finds_its_case_in_the_new_one(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)
    await next_phase(table)
    await table.wait(hours=20)
    await table.stage.app.gone("console", "console", "table", table.stage.now)
    came = await table.wait(days=10)
    assert nudged(came) == []

    await table.say("ana", "group start", "garden")
    await table.stage.act("ana", 'press "Move it here"', "garden")

    cards = [m for m in table.standing("#garden") if "Questions" in str(m.reply.fields)]
    assert len(cards) == 1
    kept = await row(table)
    assert kept.ends_at - table.stage.now == timedelta(hours=28)
    assert nudged(await table.wait(hours=27)) == ["@ana", "@ben", "@chloe", "@dan"]


async def test_after_a_restart_it_goes_on_where_it_was(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    await writes(table, "ana", "Many years of sessions.")
    before = card(table)
    old = table.stage
    table.stage = Stage(App(sqlite_database, Random(2)), old.now, old.zone)
    table.stage.messages = old.messages

    assert nudged(await table.wait(hours=23)) == []
    assert card(table) == before
    await table.wait(hours=1)
    assert "Phase 2 of 7" in card(table)
