"""Bringing a case: one line, one private answer that says where it stands."""

import asyncio
from datetime import timedelta

import pytest

from bot.chat.replies import Form, Reply
from bot.queue.finding import CONFIRM
from bot.store.database import Database
from tests.case_circle import (
    a_queue,
    a_sent_card,
    brings,
    cases,
    code_in,
    order,
    refused,
    remember,
    remember_group,
    statements,
    submit,
)
from tests.circle import action_of, labels, words


async def test_a_case_needs_only_a_title(database: Database) -> None:
    circle = await a_queue(database)

    answer = await circle.say("ana", "/case add Sleep and shame")

    case = (await cases(circle))["Sleep and shame"]
    assert (case.minutes, case.urgency, case.question) == (38, "routine", "")
    assert f"“Sleep and shame” ({case.code}) is in the queue: 38 minutes." in words(answer)
    assert "You are first; nobody goes before you." in words(answer)
    assert "on the agenda of Tue 10 Mar 2026, 18:00" in words(answer)
    assert f"/case withdraw case: {case.code} takes it back" in words(answer)
    assert labels(answer) == ["Edit", "Withdraw", "Queue"]


async def test_the_answer_tells_who_goes_before(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "One")
    await brings(circle, "ben", "Two")

    answer = await circle.say("chloe", "/case add Three")

    assert "You are third; two go before you." in words(answer)
    assert "The time of Tue 10 Mar 2026, 18:00 (UTC) is taken by those before" in words(answer)


async def test_all_that_can_be_said_of_a_case_is_kept(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    answer = await circle.say(
        "ana", '/case add title: A wall question: "How do I end?" urgency: soon minutes: 25'
    )

    case = (await cases(circle))["A wall"]
    assert (case.question, case.urgency, case.minutes) == ("How do I end?", "soon", 25)
    assert "25 minutes, soon" in words(answer)
    assert "How do I end?" not in words(answer)


async def test_without_a_title_the_form_opens_and_asks_for_the_least(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)

    form = await circle.say("ana", "/case add urgency: soon")

    assert isinstance(form, Form)
    assert form.intro is not None
    assert "nothing by which a client could be recognised" in str(form.intro)
    answer = await submit(circle, "ana", form, title="Sleep")
    assert "38 minutes, soon" in words(answer)


async def test_an_urgent_case_always_comes_with_where_to_turn_now(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "First")

    answer = await circle.say("ben", "/case add title: Risk urgency: before next meeting")

    for word in ("no crisis line", "consult now", "supervisor", "on call", "legal", "emergency"):
        assert word in words(answer)
    assert "You are first" in words(answer)


async def test_a_second_urgent_case_of_a_meeting_counts_as_soon(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "First", "urgency: before next meeting")

    answer = await circle.say("ben", "/case add title: Risk urgency: before next meeting")

    assert "there is one a meeting; yours counts as soon" in words(answer)
    assert "emergency" in words(answer)


async def test_urgency_used_within_four_meetings_is_told(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "First")
    await remember_group(circle, held=1)
    await remember(circle, "chloe", urgent_in=1, presented_in=1, presented_at=0)

    answer = await circle.say("chloe", "/case add title: Risk urgency: before next meeting")

    assert "within the last four meetings" in words(answer)
    assert "counts as soon" in words(answer)
    assert "emergency" in words(answer)


async def test_urgency_used_is_told_though_another_has_the_front(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await remember_group(circle, held=3)
    await brings(circle, "ana", "First", "urgency: before next meeting")
    await remember(circle, "chloe", urgent_in=2, presented_in=2, presented_at=0)

    answer = await circle.say("chloe", "/case add title: Risk urgency: before next meeting")

    assert "within the last four meetings" in words(answer)


async def test_urgency_is_there_again_after_four_meetings(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await remember_group(circle, held=5)
    await brings(circle, "ana", "First")
    await remember(circle, "chloe", urgent_in=2, presented_in=2, presented_at=0)

    answer = await circle.say("chloe", "/case add title: Risk urgency: before next meeting")

    assert "within the last four meetings" not in words(answer)
    assert "You are first" in words(answer)


async def test_a_second_case_waits_behind_the_own_first(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "First")

    answer = await circle.say("ana", "/case add Second")

    assert "with your oldest case; this one comes after it" in words(answer)


async def test_a_case_of_somebody_who_cannot_come_keeps_its_place(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await circle.answer("ana", 1, "not going")

    answer = await circle.say("ana", "/case add Sleep")

    assert "You are not coming to the next meeting" in words(answer)
    assert "on the agenda" not in words(answer)


async def test_a_paused_group_takes_cases_and_says_that_it_is_paused(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await remember_group(circle, state="paused")

    answer = await circle.say("ana", "/case add Sleep")

    assert "The group is paused; your case keeps its place" in words(answer)
    assert "Sleep" in await cases(circle)


async def test_a_group_without_a_meeting_takes_cases(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    circle.now += timedelta(days=20)

    answer = await circle.say("ana", "/case add Sleep")

    assert "You are first" in words(answer)
    assert "agenda" not in words(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("title: " + "x" * 151, "Title is 151 characters long; it can have at most 150"),
        ("title: A question: " + "x" * 501, "Question is 501 characters long"),
        ("title: " + "x" * 10_000, "at most 150"),
        ("title: A question: " + "y" * 10_000, "at most 500"),
        ("title: A minutes: 0", "Minutes is a whole number from 10"),
        ("title: A minutes: 9", "Minutes is a whole number from 10"),
        ("title: A minutes: 77", "Minutes is a whole number from 10 to 76"),
        ("title: A minutes: 10000", "Minutes is a whole number from 10"),
        ("title: A minutes: -5", "Minutes is a whole number from 10"),
        ("title: A minutes: ten", "Minutes is a whole number from 10"),
        ("title: A urgency: now", "Urgency is one of: routine, soon, before next meeting"),
        ("title: hello @everyone", "must not call everybody"),
        ("title: A question: ask @here", "must not call everybody"),
        ("title: a\x07b", "control character"),
        ("title: a\nb", "control character or a line break"),
        ("title: abc\u202edef", "hidden character that turns text around"),
        ("title: A title: B", "title is given twice"),
    ],
)
async def test_what_cannot_be_a_case_changes_nothing(
    sqlite_database: Database, typed: str, said: str
) -> None:
    circle = await a_queue(sqlite_database)

    answer = await circle.say("ana", f"/case add {typed}")

    assert said in refused(answer)
    assert await cases(circle) == {}


async def test_what_was_written_is_not_lost_when_it_is_refused(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    refusal = await circle.say("ana", f"/case add title: Sleep question: {'x' * 600} minutes: 30")
    form = await circle.press("ana", refusal, "Change it")
    answer = await submit(circle, "ana", form, question="Why?")

    assert isinstance(answer, Reply)
    case = (await cases(circle))["Sleep"]
    assert (case.question, case.minutes) == ("Why?", 30)


async def test_a_stranger_cannot_add_to_the_queue(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    assert "for members of Tuesday circle" in refused(await circle.say("zoe", "/case add Sleep"))
    assert await cases(circle) == {}


async def test_where_no_group_is_nothing_can_be_added(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    answer = await circle.say("zoe", "/case add Sleep", channel="elsewhere")

    assert "There is no group of yours here" in refused(answer)


async def test_a_member_has_at_most_ten_cases_in_the_queue(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    for number in range(10):
        await brings(circle, "ana", f"Case {number}")

    answer = await circle.say("ana", "/case add One too many")

    assert "You have 10 cases in the queue already" in refused(answer)
    assert len(await cases(circle)) == 10


async def test_codes_are_short_unlike_words_and_different(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    codes = {await brings(circle, "ana", f"Case {number}") for number in range(10)}

    assert len(codes) == 10
    assert all(len(code) == 4 and not set(code) & set("AEIOU01S5Z2B8L") for code in codes)


async def test_a_code_that_is_taken_is_drawn_again(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    state = circle.app.rng.getstate()
    first = await brings(circle, "ana", "One")
    circle.app.rng.setstate(state)

    second = await brings(circle, "ben", "Two")

    assert first != second


async def test_two_people_add_at_once_and_both_are_in(database: Database) -> None:
    circle = await a_queue(database)

    answers = await asyncio.gather(
        *(circle.say(name, f"/case add Case {n}") for n, name in enumerate(circle.names))
    )

    assert len({code_in(answer) for answer in answers}) == 3
    assert await order(circle) == ["Case 0", "Case 1", "Case 2"]


async def test_the_same_request_delivered_four_times_adds_one_case(database: Database) -> None:
    circle = await a_queue(database)
    request = circle.request("ana")

    await asyncio.gather(*(circle.app.typed(request, "case", "add Sleep") for _ in range(4)))

    assert len(await cases(circle)) == 1


async def test_the_live_cards_of_coming_meetings_follow(database: Database) -> None:
    circle = await a_queue(database)
    await a_sent_card(circle, 1)
    late = await circle.meeting(-20)
    await a_sent_card(circle, late, "agenda")

    await circle.say("ana", "/case add Sleep")

    assert [(p.state, p.version) for p in await circle.posts("call")] == [("open", 2)]
    assert [(p.state, p.version) for p in await circle.posts("agenda")] == [("sent", 1)]


async def test_adding_asks_little_of_the_database(database: Database) -> None:
    circle = await a_queue(database)
    await brings(circle, "ana", "Warm up")
    await brings(circle, "ben", "Another")
    await a_sent_card(circle, 1)

    # On PostgreSQL it steps behind the wall, and the group is read again once it is locked.
    most = 8 if database.walled else 6
    with statements(database) as asked:
        shown = await circle.types("chloe", "/case add title: Sleep question: Why? urgency: soon")
    assert len(asked) <= most, asked

    with statements(database) as asked:
        await circle.press("chloe", shown, CONFIRM)
    assert len(asked) <= most, asked


async def test_every_button_of_the_answer_works(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    answer = await circle.say("ana", "/case add Sleep")

    assert isinstance(await circle.press("ana", answer, "Edit"), Form)
    assert "case queue" in words(await circle.press("ana", answer, "Queue"))
    assert "is withdrawn" in words(await circle.press("ana", answer, "Withdraw"))
    assert all(len(action_of(answer, label)) <= 100 for label in labels(answer))
