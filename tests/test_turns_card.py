"""A speaking round, as the members of a group see and press it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Refusal
from bot.store.database import Database
from bot.store.tables import Group, Round
from bot.turns.commands import COMMANDS as TURNS
from bot.turns.commands import on_left
from tests.circle import Circle, a_circle, action_of, labels, words

COMMANDS = Commands()
COMMANDS.include(TURNS)


async def a_round(database: Database, *names: str, typed: str = "order: as joined") -> Circle:
    circle = await a_circle(database, COMMANDS, *names)
    await circle.say("ana", f"/turn start {typed}")
    await circle.mark_sent()
    return circle


async def press(circle: Circle, name: str, label: str) -> Answer:
    return await circle.press(name, await circle.card("round"), label)


async def card(circle: Circle) -> str:
    return words(await circle.card("round"))


async def leave(circle: Circle, name: str) -> None:
    await circle.change_member(name, state="left")
    member = await circle.member(name)
    async with circle.database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        await on_left(session, group, member, circle.now)


async def test_a_round_begins_with_one_card_for_all(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)

    answer = await circle.say("ben", "/turn start as joined")

    assert "its card is in the channel" in words(answer)
    shown = await circle.card("round")
    assert words(shown).splitlines() == [
        "Speaking round",
        "@ana has the floor.",
        "After that: @ben and @chloe.",
        "Anybody presses Next when the speaker is done, or Pass for not now.",
    ]
    assert labels(shown) == ["Next", "Pass", "Join", "End round"]
    assert shown.notify == ("ana",)


async def test_next_and_pass_go_round_until_nobody_is_left(database: Database) -> None:
    circle = await a_round(database)

    assert await press(circle, "chloe", "Next") is None
    assert await press(circle, "ben", "Pass") is None
    assert "@chloe has the floor.\nAsked once more at the end: @ben." in await card(circle)
    assert "Had their turn: @ana." in await card(circle)
    await press(circle, "ana", "Next")
    assert "@ben has the floor, asked once more." in await card(circle)
    await press(circle, "ben", "Pass")

    shown = await circle.card("round")
    assert "The round is over: everybody was asked." in words(shown)
    assert "@" not in words(shown)
    assert labels(shown) == ["Back"]
    assert shown.notify == ()


async def test_back_undoes_step_by_step_even_after_the_end(database: Database) -> None:
    circle = await a_round(database, "ana", "ben")
    await press(circle, "ana", "Next")
    await press(circle, "ben", "Next")

    await press(circle, "ana", "Back")
    assert "@ben has the floor." in await card(circle)
    await press(circle, "ben", "Back")
    assert "@ana has the floor." in await card(circle)

    assert "Back" not in labels(await circle.card("round"))
    answer = await circle.say("ana", "/turn back")
    assert "no step to take back" in words(answer)


async def test_whoever_was_slower_is_told_who_was_faster(database: Database) -> None:
    circle = await a_round(database)
    shown = await circle.card("round")
    await circle.press("ben", shown, "Next")

    answer = await circle.press("chloe", shown, "Pass")

    assert isinstance(answer, Refusal)
    assert words(answer) == "@ben was faster. @ben has the floor."
    again = await circle.press("ben", shown, "Next")
    assert words(again) == "You did that already. @ben has the floor."


async def test_whoever_took_their_step_back_is_not_told_that_they_did_it_already(
    sqlite_database: Database,
) -> None:
    circle = await a_round(sqlite_database)
    await press(circle, "ben", "Next")
    old = await circle.card("round")
    await circle.press("ben", old, "Back")

    answer = await circle.press("ben", old, "Next")

    assert "did that already" not in words(answer)
    assert "out of date" in words(answer)
    assert "did that already" in words(await circle.press("ben", old, "Back"))


async def test_an_old_card_says_so_and_shows_the_current_one(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database)
    old = await circle.card("round")
    await press(circle, "ana", "Next")
    await press(circle, "ana", "Next")

    answer = await circle.press("ben", old, "Next")

    assert isinstance(answer, Refusal)
    assert "out of date" in words(answer)
    assert "@chloe has the floor." in words(answer)
    await circle.press("ben", answer, "Next")
    assert "round is over" in await card(circle)


async def test_the_card_of_an_earlier_round_leads_to_the_newer(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database, "ana", "ben")
    await circle.say("ana", "/turn end")
    old = await circle.card("round")
    await circle.say("ana", "/turn start")

    answer = await circle.press("ben", old, "Back")

    assert isinstance(answer, Refusal)
    assert "a newer one has begun" in words(answer)
    assert "/turn list" in words(answer)


async def test_a_second_round_is_refused_with_the_card_of_the_first(database: Database) -> None:
    circle = await a_round(database)

    answer = await circle.say("ben", "/turn start")

    assert isinstance(answer, Refusal)
    assert "A round is running already" in words(answer)
    assert labels(answer) == ["Next", "Pass", "Join", "End round"]
    assert len(await circle.posts("round")) == 1


async def test_a_late_arrival_joins_at_the_end(database: Database) -> None:
    circle = await a_circle(database, COMMANDS, "ana", "ben", "chloe")
    meeting = await circle.meeting(0, "begun")
    await circle.answer("ben", meeting, "going")
    await circle.say("ana", "/turn start as joined")
    assert "After that: @ben." in await card(circle)
    await press(circle, "ana", "Pass")

    assert await press(circle, "chloe", "Join") is None

    assert "After that: @chloe." in await card(circle)
    assert "already; your turn comes" in words(await press(circle, "chloe", "Join"))
    assert "already: you have the floor" in words(await press(circle, "ben", "Join"))


async def test_a_join_does_not_outdate_the_card(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS, "ana", "ben", "chloe")
    meeting = await circle.meeting(0, "begun")
    await circle.answer("ben", meeting, "late")
    await circle.say("ana", "/turn start as joined")
    seen = await circle.card("round")
    await circle.press("chloe", seen, "Join")

    assert await circle.press("ana", seen, "Next") is None

    assert "After that: @chloe." in await card(circle)


async def test_joining_a_round_that_is_over_is_refused(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database, "ana")
    seen = await circle.card("round")
    await circle.say("ana", "/turn end")

    answer = await circle.press("ana", seen, "Join")

    assert isinstance(answer, Refusal)
    assert "This round is over" in words(answer)


async def test_typed_commands_act_on_the_round_as_it_is(database: Database) -> None:
    circle = await a_round(database)

    assert words(await circle.say("ben", "/turn next")) == (
        "@ben has the floor. /turn back undoes the last step."
    )
    await circle.say("ben", "/turn pass")
    assert "@chloe has the floor." in words(await circle.say("ana", "/turn list"))
    await circle.say("ana", "/turn back")
    assert "@ben has the floor." in await card(circle)
    assert "already" in words(await circle.say("ana", "/turn join"))
    assert "The round is over." in words(await circle.say("chloe", "/turn end"))
    assert "closed here" in await card(circle)


@pytest.mark.parametrize("typed", ["next", "pass", "join", "back", "list", "end"])
async def test_without_a_round_one_is_told_how_to_begin(
    sqlite_database: Database, typed: str
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    answer = await circle.say("ana", f"/turn {typed}")

    assert isinstance(answer, Refusal)
    assert "/turn start begins one" in words(answer)


async def test_fair_begins_with_who_has_not_spoken_for_longest(database: Database) -> None:
    circle = await a_round(database)
    await press(circle, "ana", "Next")
    circle.now += timedelta(minutes=1)
    await press(circle, "ben", "Next")
    await circle.say("ana", "/turn end")
    circle.now += timedelta(days=14)

    await circle.say("ana", "/turn start")

    assert "@chloe has the floor.\nAfter that: @ana and @ben." in await card(circle)


async def test_a_turn_taken_back_does_not_count_as_spoken(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database)
    await press(circle, "ana", "Next")
    assert (await circle.member("ana")).spoke_at == circle.now

    await press(circle, "ana", "Back")

    assert (await circle.member("ana")).spoke_at is None


async def test_the_away_are_not_asked_but_the_starter_always_is(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    for name in ("ana", "ben"):
        await circle.change_member(name, away_until=circle.now.date() + timedelta(days=1))

    await circle.say("ana", "/turn start as joined")

    assert "@ana has the floor.\nAfter that: @chloe." in await card(circle)


async def test_at_a_meeting_those_who_are_there_are_asked(database: Database) -> None:
    circle = await a_circle(database, COMMANDS, "ana", "ben", "chloe", "dina", "eli")
    meeting = await circle.meeting(0, "begun")
    await circle.answer("ben", meeting, "not going", seen=True)
    await circle.answer("chloe", meeting, "not going")
    await circle.answer("dina", meeting, "late")
    await circle.answer("eli", meeting, None)

    await circle.say("ana", "/turn start as joined")

    assert "@ana has the floor.\nAfter that: @ben and @dina." in await card(circle)


async def test_whoever_leaves_while_it_is_their_turn_passes_it_on(database: Database) -> None:
    circle = await a_round(database)
    seen = await circle.card("round")

    await leave(circle, "ana")

    assert "@ben has the floor.\nAfter that: @chloe." in await card(circle)
    assert (await circle.posts("round"))[0].version == 2
    answer = await circle.press("ben", seen, "Next")
    assert words(answer) == "The card has just moved on. @ben has the floor."


async def test_back_never_gives_the_floor_to_somebody_gone(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database, "ana", "ben")
    await press(circle, "ana", "Next")
    await press(circle, "ben", "Next")
    await leave(circle, "ben")

    await press(circle, "ana", "Back")

    assert "@ana has the floor." in await card(circle)


async def test_the_round_is_over_when_the_last_one_leaves(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database, "ana", "ben")
    await press(circle, "ana", "Next")

    await leave(circle, "ben")

    assert "The round is over" in await card(circle)
    assert "begins; its card" in words(await circle.say("ana", "/turn start"))


async def test_a_stranger_presses_nothing(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database)

    answer = await press(circle, "zoe", "Next")

    assert isinstance(answer, Refusal)
    assert "for members of Tuesday circle" in words(answer)
    assert "@ana has the floor." in await card(circle)


async def test_a_card_that_was_never_shown_is_not_shown_after_the_end(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    await circle.say("ana", "/turn start")
    await circle.say("ana", "/turn end")

    assert (await circle.unwanted("round")).reason == "no longer wanted"


async def test_a_paused_group_is_told_to_resume_first(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    async with sqlite_database.writing() as session:
        (await session.get_one(Group, circle.group_id)).state = "paused"

    answer = await circle.say("ana", "/turn start")

    assert "/group resume" in words(answer)
    async with sqlite_database.reading() as session:
        rounds = await session.scalar(
            select(func.count()).select_from(Round).where(Round.group_id == circle.group_id)
        )
    assert rounds == 0


async def test_a_card_with_an_odd_number_is_called_old(sqlite_database: Database) -> None:
    circle = await a_round(sqlite_database)
    action = action_of(await circle.card("round"), "Next")

    for odd in (action + ":9", action.rsplit(":", 1)[0] + ":x", "turn.next:1:99:1"):
        assert isinstance(await circle.app.press(circle.request("ana"), odd), Refusal)

    assert "@ana has the floor." in await card(circle)
