"""Opening a case in writing, writing, reading, moving on and going back, by anybody."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.chat.replies import Reply
from bot.errors import DeliveryError
from bot.features import COMMANDS, on_gone
from bot.store.database import Database
from bot.store.tables import Case
from bot.written.passing import pass_days
from bot.written.writing import MOST
from tests.case_circle import brings, cases
from tests.circle import Circle, a_circle, action_of, words
from tests.live_table import SECOND
from tests.table import Table, a_table, posted
from tests.test_written_days import nudged
from tests.written_table import (
    a_case_in_writing,
    card,
    case_state,
    contributions,
    label_of,
    row,
    writes,
)


async def test_it_is_opened_by_its_presenter_alone_and_one_at_a_time(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)

    assert "over days" not in await table.say("ben", "case write")
    assert "Phase 1 of 7" in answered(table)
    await table.say("ben", "case add title: Another one")
    code = (await case_called(table, "Another one")).code
    assert "One case at a time" in await table.say("ben", f"case write case: {code}")
    await table.press("ana", "Take it back")
    assert (await case_called(table, "A stuck case")).state == "waiting"
    assert "@ben's case" in await table.say("ana", f"case write case: {code}")
    assert "is open: 7 phases in 12 days, until" in await table.say(
        "ben", f"case write case: {code}"
    )


async def test_meanwhile_it_waits_in_no_queue_and_is_on_no_agenda(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)

    assert "Nobody waits" in await table.say("ben", "case queue")
    code = (await label_of(table)).partition(" ")[0]
    said = await table.say("ana", f"case withdraw case: {code}")
    assert "is being worked through in writing" in said


async def test_what_is_written_is_read_by_who_asks_and_never_posted(database: Database) -> None:
    table = await a_case_in_writing(database)
    before = len(table.standing())
    said = await writes(table, "ana", "Many years of sessions.\nAnd no word of anger.")
    assert "Thank you" in said
    assert "In this phase: @ana. 1 in all." in card(table)
    assert len(table.standing()) == before
    assert all("sessions" not in str(message.reply) for message in table.standing())

    read = await table.press("ben", "Read")

    assert "The case (page 1 of 1)" in read
    assert "What keeps us stuck?" in read
    assert "1. @ana: Many years of sessions.\nAnd no word of anger." in read
    assert "@ana writes now" in await table.press("ben", "Write")


async def test_the_presenter_is_silent_where_the_format_says_so(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    await table.press("chloe", "Next")
    # A form that was opened in time is kept where it was opened.
    await table.press("ana", "Write")
    await table.press("chloe", "Next")
    assert "Thank you" in await table.submit("ana", text="An answer to that.")

    assert [one.phase for one in await contributions(table)] == [1]
    refused = await table.press("ana", "Write")
    assert "Everybody writes but @ana, who reads along. Then comes Answer." in refused
    assert "Thank you" in await writes(table, "ben", "Perhaps it is grief.")
    assert "grief" in await table.press("ana", "Read")


async def test_a_contribution_is_changed_or_taken_back_by_its_author(
    database: Database,
) -> None:
    table = await a_case_in_writing(database)
    await writes(table, "ana", "She is young.")
    assert "Changed" in await writes(table, "ana", "She is forty.", "Change it")
    assert "She is forty." in await table.press("ben", "Read")
    theirs = next(
        b.action
        for m in table.stage.messages
        for b in m.reply.buttons
        if b.action.startswith("written.change")
    )
    answer = await table.stage.app.press(table.stage._request("ben", "table"), theirs)
    assert "somebody else" in words(answer)

    await table.press("ana", "Read")
    assert "Taken back" in await writes(table, "ana", "", "Change 1")

    assert await contributions(table) == []
    assert "Nobody in this phase yet." in card(table)
    assert "Nobody has written anything yet." in await table.press("ben", "Read")


async def test_what_cannot_be_kept_is_not_lost(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    assert "must not call everybody" in await writes(table, "ana", "Hello @everyone")
    again = await table.press("ana", "Change it")
    assert "The case" in again
    assert table.stage.forms["ana"].inputs[0].value == "Hello @everyone"
    assert table.stage.forms["ana"].inputs[0].most == MOST
    await table.submit("ana", text="Hello")
    await table.press("ana", "Write")
    for _ in range(7):
        await table.press("ben", "Next")
    late = await table.submit("ana", text="My last words.")
    assert "not kept" in late
    assert "My last words." in late
    assert len(await contributions(table)) == 1


async def test_long_contributions_are_read_page_by_page(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    for number in range(3):
        await writes(table, "ana", f"{number}" + "x" * 800)
    await table.press("ben", "Next")
    await writes(table, "ben", "For how long?")

    assert "Questions (page 3 of 3)" in await table.press("chloe", "Read")
    assert "3. @ana: 2xx" in await table.press("chloe", "Earlier")
    first = await table.press("chloe", "Earlier")
    assert "1. @ana: 0xx" in first
    assert "2. @ana: 1xx" in first
    assert "page 2 of 3" in await table.press("chloe", "Later")


async def test_a_step_back_undoes_each_step_even_the_last(database: Database) -> None:
    table = await a_case_in_writing(database)
    for _ in range(7):
        await table.press("ben", "Next")
    assert await case_state(table) == "done"

    assert await table.press("chloe", "Back") == ""

    assert await case_state(table) == "writing"
    assert "Phase 7 of 7: Exchange" in card(table)
    await table.press("chloe", "Back")
    assert "Phase 6 of 7: Decision" in card(table)
    for _ in range(2):
        await table.press("ben", "Next")
    assert await case_state(table) == "done"


async def test_a_card_that_no_longer_counts_leads_to_the_one_that_does(
    sqlite_database: Database,
) -> None:
    table = await a_case_in_writing(sqlite_database)
    await table.press("ben", "Next")

    old = [m for m in table.standing() if "has moved on" in words(m.reply)]

    assert len(old) == 1
    assert await table.press("chloe", "Show it")
    assert "Questions" in answered(table)


async def test_the_presenter_leaves_and_the_case_goes_with_them(database: Database) -> None:
    table = await a_case_in_writing(database)
    await table.press("ben", "Next")
    await table.say("ana", "group leave")

    assert await case_state(table) == "withdrawn"
    assert (await row(table)).state == "left"
    assert any("no longer in the group" in words(m.reply) for m in table.standing())
    assert not [said for said in posted(await table.wait(days=1)) if "writing" in said]


async def test_somebody_else_leaves_and_what_they_wrote_stays(sqlite_database: Database) -> None:
    table = await a_case_in_writing(sqlite_database)
    await table.press("ben", "Next")
    await writes(table, "dan", "For how long?")
    await table.say("dan", "group leave")

    assert (await row(table)).state == "open"
    assert "1. @dan: For how long?" in await table.press("ben", "Read")
    assert "@dan" not in [s.to for s in await table.wait(hours=23) if s.kind == "post"]


def answered(table: Table) -> str:
    """All that the newest private answer says."""
    said = table.stage.seen[-1].said
    assert isinstance(said, Reply)
    return words(said)


async def case_called(table: Table, title: str) -> Case:
    """One of several cases."""
    async with table.stage.app.database.reading() as session:
        found = await session.scalars(select(Case).where(Case.group_id == 1))
        return next(case for case in found if case.title == title)


async def a_circle_in_writing(database: Database) -> Circle:
    """Six people whose case in writing stands in its first phase."""
    circle = await a_circle(database, COMMANDS, *"abcdef")
    code = await brings(circle, "a", "A stuck case")
    await circle.say("a", f"/case write case: {code}")
    return circle


async def test_of_many_presses_on_one_card_one_takes_effect(database: Database) -> None:
    circle = await a_circle_in_writing(database)
    seen = await circle.card("written")
    press = action_of(seen, "Next")

    answers = await asyncio.gather(
        *(circle.app.press(circle.request(name), press) for name in "abcdef")
    )

    won = [answer for answer in answers if answer is None]
    told = [words(answer) for answer in answers if answer is not None]
    assert len(won) == 1
    assert len(told) == 5
    assert all("was faster. Now: Questions." in one or "just moved on" in one for one in told)
    assert len(await circle.posts("written")) == 2
    assert "Phase 2 of 7: Questions" in words(await circle.card("written"))
    late = await circle.app.press(circle.request("b"), press)
    assert "was faster" in words(late) or "You did that already" in words(late)


async def test_whoever_took_their_step_back_is_not_told_that_they_did_it_already(
    sqlite_database: Database,
) -> None:
    circle = await a_circle_in_writing(sqlite_database)
    first = await circle.card("written")
    await circle.press("b", first, "Next")
    second = await circle.card("written")
    assert "You did that already" in words(await circle.press("b", first, "Next"))
    await circle.press("b", second, "Back")

    answer = await circle.press("b", second, "Next")

    assert "did that already" not in words(answer)
    assert "out of date" in words(answer)
    assert "You did that already" in words(await circle.press("b", second, "Back"))


async def test_two_cases_opened_at_the_same_moment_are_one(database: Database) -> None:
    circle = await a_circle(database, COMMANDS, "ana", "ben")
    codes = {name: await brings(circle, name, f"Case {n}") for n, name in enumerate(("ana", "ben"))}

    await asyncio.gather(
        *(circle.say(name, f"/case write case: {code}") for name, code in codes.items())
    )

    states = sorted(case.state for case in (await cases(circle)).values())
    assert states == ["waiting", "writing"]
    assert len(await circle.posts("written")) == 1


async def test_a_reminder_that_is_not_let_in_names_nobody_before_all(
    sqlite_database: Database,
) -> None:
    circle = await a_circle_in_writing(sqlite_database)
    circle.now += timedelta(hours=12)
    async with circle.database.writing() as session:
        await pass_days(session, circle.now)
    (reminder,) = await circle.posts("written-nudge")
    closed = DeliveryError("dm_closed", permanent=True, scope="person")

    async with circle.database.writing() as session:
        await on_gone(session, reminder, closed, circle.now)

    assert reminder.person == "a"
    assert await circle.posts("show") == []


async def test_who_sits_a_case_out_is_neither_reminded_of_it_nor_shown_what_is_written(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.say("ana", "case add title: A stuck case question: What keeps us stuck?")
    await table.say("ben", "case recuse")
    label = (await label_of(table)).split()[0]
    await table.press("ben", f"Sit out {label}")
    await table.say("ana", "case write")
    await table.press("ana", await label_of(table))
    await writes(table, "ana", "What nobody shall know")
    await table.press("chloe", "Next")

    for shown in (
        await table.press("ben", "Read"),
        await table.press("ben", "Write"),
        await table.say("ben", "case write"),
    ):
        assert shown == "You sit this case out, so I show you nothing of it."
    assert "@ben" not in nudged(await table.wait(days=2))
    assert "What nobody shall know" in await table.press("chloe", "Read")
    for _ in range(6):
        await table.press("chloe", "Next")
    assert "is over" in str(table.standing()[-1].reply.text)

    await table.until(SECOND)
    assert "has begun" in await table.say("chloe", "meeting begin")
    assert await table.press("ben", "Read") == "You sit this case out, so I show you nothing of it."
    assert "What nobody shall know" in await table.press("chloe", "Read")
