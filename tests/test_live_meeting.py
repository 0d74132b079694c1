"""A meeting that runs through its phases on one card, until it is ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from adapters.console.stage import Stage
from bot.app import App
from bot.chat.replies import Refusal
from bot.store.database import Database
from tests.case_circle import refused
from tests.circle import labels as circle_labels
from tests.circle import words
from tests.live_table import (
    DAY,
    END,
    MINUTE,
    SECOND,
    a_meeting,
    action,
    at_the_first_case,
    before_the_meeting,
    card,
    labels,
    live_card,
    members,
    on_to,
    press_action,
    state,
)
from tests.table import Table, posted


async def test_a_meeting_goes_through_two_cases_and_both_count_as_heard(
    database: Database,
) -> None:
    table = await a_meeting(database, "ana", "ben")
    for _ in range(40):
        label = "Open" if "Open" in labels(table) else "Next"
        if label not in labels(table):
            break
        answer = await table.press("chloe", label)
    assert "That was the last phase" in answer
    assert (await members(database))["ana"].presented_in is None

    ended = await table.press("chloe", "End")

    assert "The meeting is over" in ended
    assert "Counted as heard: Stuck" in ended
    known = await members(database)
    assert (known["ana"].presented_in, known["ben"].presented_in) == (1, 1)
    assert await state(database) is None
    undo = table.stage.seen[-1].buttons or next(
        seen.buttons for seen in reversed(table.stage.seen) if "Counted" in seen.text
    )
    assert "waits" in await table.press("chloe", undo[0])
    assert len([m for m in (await members(database)).values() if m.presented_in]) == 1


async def test_only_the_case_that_was_left_halfway_is_asked_about(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    now = card(table).split("\n")[1]
    first, second = ("Stuck", "Ending") if "Stuck" in now else ("Ending", "Stuck")
    await on_to(table, "Close")
    await table.press("chloe", "Next")
    await table.press("chloe", "Open")

    asked = await table.press("chloe", "End")

    assert second in asked
    assert first not in asked
    assert f"Counted as heard: {first}" in await table.press("chloe", "Not reached")


async def test_a_case_gone_through_counts_as_heard_though_nobody_ends_the_meeting(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    first = "ana" if "@ana" in card(table).split("\n")[1] else "ben"
    await on_to(table, "Close")
    await table.press("chloe", "Next")

    await table.until(END + DAY)

    known = await members(sqlite_database)
    assert {name for name, member in known.items() if member.presented_in} == {first}


async def test_before_a_case_opens_only_presenter_minutes_and_title_are_told(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    told = [seen for seen in table.stage.seen if "Nobody sees it yet" not in seen.text]
    everything = " ".join(seen.text + str(seen.fields) for seen in told)
    assert "30 min" in card(table)
    assert "blind" not in everything
    assert "goodbye" not in everything

    await table.press("ana", "Open")

    assert ("blind" in card(table)) != ("goodbye" in card(table))


async def test_the_card_says_who_speaks_who_is_silent_and_until_when(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben", "dana")
    presenter = "ana" if "@ana" in card(table).split("\n")[1] else "ben"
    await on_to(table, "Telling")
    assert f"@{presenter} speaks." in card(table)
    assert live_card(table).notify == (presenter,)

    await on_to(table, "Consultation")

    said = card(table)
    assert f"Silent: @{presenter}." in said
    assert f"@{presenter}" not in said.split("After that: ")[1].split(".")[0]
    assert "Ends: " in said
    assert "Then: Close." in said
    assert live_card(table).notify == (said.split(" has the floor")[0].rpartition("@")[2],)


async def test_of_all_who_press_next_at_once_one_does_it_and_the_others_are_told_who(
    database: Database,
) -> None:
    table = await a_meeting(database, "ana", "ben", "dana")
    before = await state(database)
    pressed = action(table, "Next")

    people = ("ana", "ben", "chloe", "dana")
    answers = await asyncio.gather(*(press_action(table, name, pressed) for name in people))

    after = await state(database)
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1
    assert [answer is None for answer in answers].count(True) == 1
    assert all("was faster" in words(a) for a in answers if isinstance(a, Refusal))


async def test_an_old_card_says_so_and_leads_to_the_current_one(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    old = action(table, "Next")
    await table.press("ana", "Next")
    again = refused(await press_action(table, "ana", old))
    await table.press("ana", "Next")
    await table.press("ben", "Back")
    before = await state(sqlite_database)

    answer = await press_action(table, "ben", old)

    assert "You did that already" in again
    assert "out of date" in refused(answer)
    assert "Next" in circle_labels(answer)
    assert await state(sqlite_database) == before


async def test_whoever_took_their_step_back_is_not_told_that_they_did_it_already(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    await table.say("ana", "meeting now")
    await table.press("ana", "Next")
    old = action(table, "Next")
    await table.press("ana", "Back")

    answer = await press_action(table, "ana", old)
    await table.press("ana", "Next")
    stale = action(table, "Pause")
    await table.press("ana", "Leave")

    assert "did that already" not in words(answer)
    assert "out of date" in refused(answer)
    assert "Next" in circle_labels(answer)
    await table.press("ana", "Join")
    assert "did that already" not in words(await press_action(table, "ana", stale))


async def test_time_up_asks_once_and_at_its_moment_and_nothing_ends_by_itself(
    database: Database,
) -> None:
    table = await a_meeting(database, "ana", "ben")
    before = await state(database)

    seen = await table.until(SECOND + 20 * MINUTE)

    asked = [one for one in seen if "Time is up" in one.text]
    assert [one.at for one in asked] == [SECOND + 5 * MINUTE]
    assert asked[0].buttons == ["More time", "Next phase"]
    assert await state(database) == before

    on = next(m for m in table.standing() if "Time is up" in str(m.reply.text))
    pressed = on.reply.buttons[1].action
    answers = await asyncio.gather(*(press_action(table, n, pressed) for n in ("ana", "ben")))
    await table.stage.settle()
    assert [a is None for a in answers].count(True) == 1
    assert "Open" in labels(table)
    assert on.reply.buttons == ()


async def test_more_time_moves_the_question_and_a_pause_puts_it_off(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana")
    await table.press("ana", "More time")
    await table.wait(minutes=9)
    await table.press("ana", "Pause")
    assert "1 minute left" in card(table)
    assert not [text for text in posted(await table.wait(minutes=30)) if "Time is up" in text]
    assert "stopped already" in await table.say("ana", "meeting step step: pause")

    await table.press("chloe", "Go on")

    seen = await table.wait(minutes=10)
    asked = [one.at for one in seen if "Time is up" in one.text]
    assert asked == [SECOND + timedelta(minutes=40)]


async def test_a_late_member_joins_at_the_end_of_the_order(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    assert "Press Join first" in await table.press("dana", "Next")
    await table.press("dana", "Join")

    assert "After that: @ben, @chloe and @dana." in card(table)
    assert "already" in await table.press("dana", "Join")
    assert (await table.press("dana", "Next")) == ""


async def test_whoever_leaves_while_it_is_their_turn_gives_it_on(database: Database) -> None:
    table = await a_meeting(database, "ana", "ben", "dana")
    assert "@ana has the floor" in card(table)

    await table.say("ana", "group leave")
    assert "@ben has the floor" in card(table)
    assert "@ana" not in card(table)

    await table.say("ben", "meeting now")
    assert "have left the meeting" in await table.press("ben", "Leave")
    assert "@chloe has the floor" in card(table)
    kept = await state(database)
    assert kept is not None
    assert len(kept.present) == 2


async def test_a_restart_in_mid_phase_changes_nothing(database: Database) -> None:
    table = await at_the_first_case(database, "ana", "ben")
    await on_to(table, "Telling")
    before, shown = await state(database), card(table)
    await table.wait(minutes=1)

    stage = Stage(App(database, Random(5)), table.stage.now, "Europe/Berlin")
    stage.messages = table.stage.messages
    again = Table(stage)

    assert await state(database) == before
    assert "Telling, phase 2 of 6" in await again.say("ben", "meeting now")
    assert "Time is up for Telling" in "".join(posted(await again.wait(minutes=10)))
    await again.press("ben", "Next")
    assert "Key question, phase 3 of 6" in card(again)
    assert shown != card(again)


async def test_what_cannot_be_done_now_is_said_and_changes_nothing(
    sqlite_database: Database,
) -> None:
    table = await before_the_meeting(sqlite_database, "ana")
    for asked in ("meeting now", "meeting step step: next", "meeting end"):
        assert "No meeting has begun" in await table.say("ana", asked)
    await table.press("ana", "Begin")
    before = await state(sqlite_database)

    assert "has begun already" in await table.say("ben", "meeting begin")
    for step in ("back", "go on", "asked", "next hand", "raise hand"):
        answer = await table.say("ana", f"meeting step step: {step}")
        assert answer
        assert await state(sqlite_database) == before, step
    assert "Press Join first" in await table.say("dana", "meeting step step: leave")
    assert await state(sqlite_database) == before

    await table.press("ana", "End")
    await table.press("ana", "Not reached")
    await table.press("ana", "Not reached")
    assert "No meeting has begun" in await table.say("ana", "meeting end")


async def test_typed_turns_are_those_of_the_meeting_unless_a_round_runs(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    assert "@ben has the floor" in await table.say("ana", "turn next")
    assert "@chloe has the floor" in await table.say("ana", "turn pass")
    assert "@ben has the floor" in await table.say("ana", "turn back")
    assert "Arrival" in await table.say("ana", "turn list")
    assert "come after all" in await table.say("dana", "turn join")

    await table.say("ana", "turn start order: as joined")

    assert "Arrival" not in await table.say("ana", "turn next")


async def test_hands_wait_in_order_and_those_who_have_not_spoken_come_first(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben", "dana")
    await table.press("chloe", "Open")
    await table.press("ana", "Raise hand")
    await table.press("chloe", "Next hand")
    await table.press("ana", "Pass")
    await table.press("ana", "Raise hand")
    await table.press("dana", "Raise hand")
    assert "Hands up: @dana and @ana." in card(table)

    await table.press("dana", "Raise hand")

    assert "Hands up: @ana." in card(table)
