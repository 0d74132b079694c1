"""Changing a case and taking it back: one's own, and nobody else's."""

import asyncio

import pytest

from bot.chat.replies import Form, Reply
from bot.store.database import Database
from tests.case_circle import (
    a_queue,
    a_queue_elsewhere,
    a_sent_card,
    brings,
    cases,
    order,
    refused,
    submit,
)
from tests.circle import filled, labels, words


async def test_a_case_is_changed_by_its_code(database: Database) -> None:
    circle = await a_queue(database)
    code = await brings(circle, "ana", "Sleep", "question: Why?")

    answer = await circle.say("ana", f"/case edit case: {code.lower()} title: Rest minutes: 20")

    case = (await cases(circle))["Rest"]
    assert (case.question, case.minutes, case.code) == ("Why?", 20, code)
    assert f"Saved: “Rest” ({code}), 20 minutes." in words(answer)
    assert "You are first" in words(answer)


async def test_with_only_its_code_the_form_opens_with_what_stands(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep", "question: Why? minutes: 30 urgency: soon")

    form = await circle.say("ana", f"/case edit {code}")

    assert filled(form) == {
        "title": "Sleep",
        "question": "Why?",
        "urgency": "soon",
        "minutes": "30",
    }
    await submit(circle, "ana", form, title="Rest")
    assert (await cases(circle))["Rest"].question == "Why?"


async def test_a_question_emptied_in_the_form_is_gone(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep", "question: Why?")
    form = await circle.say("ana", f"/case edit {code}")

    await submit(circle, "ana", form, question="")

    assert (await cases(circle))["Sleep"].question == ""


async def test_what_was_written_in_the_form_is_not_lost_when_it_is_refused(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep", "question: Why?")
    form = await circle.say("ana", f"/case edit {code}")

    refusal = await submit(circle, "ana", form, minutes="500", title="Rest", question="")
    assert "Minutes is a whole number" in refused(refusal)
    again = await circle.press("ana", refusal, "Change it")
    assert filled(again)["title"] == "Rest"
    await submit(circle, "ana", again, minutes="20")

    case = (await cases(circle))["Rest"]
    assert (case.minutes, case.question) == (20, "")


async def test_without_a_code_the_only_case_is_meant(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ben", "Somebody else's")
    await brings(circle, "ana", "Sleep")

    assert isinstance(await circle.say("ana", "/case edit"), Form)
    assert "“Sleep”" in words(await circle.say("ana", "/case withdraw"))


async def test_without_a_code_several_cases_are_offered(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    one = await brings(circle, "ana", "One")
    two = await brings(circle, "ana", "Two")

    asked = await circle.say("ana", "/case withdraw")

    assert words(asked) == "Which case do you want to withdraw?"
    assert labels(asked) == [f"{one} — One", f"{two} — Two"]
    await circle.press("ana", asked, f"{two} — Two")
    assert await order(circle) == ["One"]


async def test_with_nothing_in_the_queue_there_is_nothing_to_change(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)

    for command in ("edit", "withdraw"):
        answer = await circle.say("ana", f"/case {command}")
        assert "You have no case in the queue. /case add" in refused(answer)


async def test_withdrawing_is_undone_with_a_press(database: Database) -> None:
    circle = await a_queue(database)
    code = await brings(circle, "ana", "Sleep")
    await brings(circle, "ben", "Shame")

    answer = await circle.say("ana", f"/case withdraw {code}")
    assert f"“Sleep” ({code}) is withdrawn." in words(answer)
    assert await order(circle) == ["Shame"]

    back = await circle.press("ana", answer, "Undo")
    assert f"“Sleep” ({code}) is back in the queue.\nYou are first" in words(back)
    assert await order(circle) == ["Sleep", "Shame"]
    assert "is in the queue already" in refused(await circle.press("ana", answer, "Undo"))


@pytest.mark.parametrize(
    "typed", ["edit case: {code} title: Mine now", "edit {code}", "withdraw {code}"]
)
async def test_only_the_owner_changes_or_withdraws(sqlite_database: Database, typed: str) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    answer = await circle.say("ben", "/case " + typed.format(code=code))

    assert "is @ana's case; only @ana can change or withdraw it." in refused(answer)
    assert (await cases(circle))["Sleep"].state == "waiting"


async def test_a_strangers_click_changes_nothing(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    answer = await circle.say("ana", "/case add Sleep")
    withdrawn = await circle.say("ana", "/case withdraw")

    assert "only @ana can" in refused(await circle.press("ben", answer, "Withdraw"))
    assert "only @ana can" in refused(await circle.press("ben", answer, "Edit"))
    assert "only @ana can" in refused(await circle.press("ben", withdrawn, "Undo"))
    assert "for members of" in refused(await circle.press("zoe", answer, "Withdraw"))
    assert (await cases(circle))["Sleep"].state == "withdrawn"


async def test_an_unknown_code_is_told_with_ones_own(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    answer = await circle.say("ana", "/case edit ZZZZ")

    assert f"I know no case called ZZZZ here. Yours: {code}. /case queue" in refused(answer)


async def test_a_whole_suggestion_names_a_case_too(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    assert isinstance(await circle.say("ana", f"/case edit {code} — Sleep"), Form)


async def test_the_code_of_another_group_is_no_code_here(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    other = await a_queue_elsewhere(circle)

    answer = await other.say("ana", f"/case withdraw {code}", channel="elsewhere")

    assert "I know no case called" in refused(answer)


async def test_a_case_withdrawn_twice_is_told(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    await circle.say("ana", f"/case withdraw {code}")

    assert "is withdrawn already" in refused(await circle.say("ana", f"/case withdraw {code}"))
    assert "is withdrawn already" in refused(await circle.say("ana", f"/case edit {code}"))


async def test_pressed_twice_at_once_it_is_withdrawn_once(database: Database) -> None:
    circle = await a_queue(database)
    answer = await circle.say("ana", "/case add Sleep")

    pressed = await asyncio.gather(*(circle.press("ana", answer, "Withdraw") for _ in range(2)))

    assert sorted(isinstance(one, Reply) for one in pressed) == [False, True]
    assert any("is withdrawn already" in words(one) for one in pressed)


async def test_a_change_to_an_urgent_case_says_where_to_turn_now(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    answer = await circle.say("ana", f"/case edit case: {code} urgency: before next meeting")

    assert "emergency services" in words(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("title: " + "x" * 151, "at most 150"),
        ("question: " + "y" * 10_000, "at most 500"),
        ("minutes: 77", "from 10 to 76"),
        ("minutes: 5", "from 10"),
        ("title: @everyone", "must not call everybody"),
        ("question: \u2067hidden", "turns text around"),
        ("question: a\x00b", "control character"),
    ],
)
async def test_what_cannot_be_a_change_changes_nothing(
    sqlite_database: Database, typed: str, said: str
) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep", "question: Why?")

    answer = await circle.say("ana", f"/case edit case: {code} {typed}")

    assert said in refused(answer)
    case = (await cases(circle))["Sleep"]
    assert (case.question, case.minutes) == ("Why?", 38)


async def test_a_question_may_have_lines(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    form = await circle.say("ana", f"/case edit {code}")

    await submit(circle, "ana", form, question="First.\nSecond.")

    assert (await cases(circle))["Sleep"].question == "First.\nSecond."


async def test_cards_follow_a_change_and_a_withdrawal(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    await a_sent_card(circle, 1)

    await circle.say("ana", f"/case edit case: {code} title: Rest")
    await circle.say("ana", f"/case withdraw {code}")

    assert [post.version for post in await circle.posts("call")] == [3]
