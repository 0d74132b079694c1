"""A case was presented without the bot: said in a line, undone with a press."""

import asyncio

from bot.chat.replies import Reply
from bot.store.database import Database
from tests.case_circle import (
    a_queue,
    a_sent_card,
    begin,
    brings,
    cases,
    hold,
    order,
    refused,
    remember,
    remember_group,
)
from tests.circle import labels, words


async def test_who_presented_goes_to_the_back(database: Database) -> None:
    circle = await a_queue(database)
    await remember_group(circle, held=3)
    code = await brings(circle, "ana", "Sleep")
    await brings(circle, "ben", "Shame")

    answer = await circle.say("ana", f"/case done {code}")
    await brings(circle, "ana", "Next one")

    assert f"“Sleep” ({code}) counts as presented. Thank you" in words(answer)
    assert await order(circle) == ["Shame", "Next one"]
    ana = await circle.member("ana")
    assert (ana.presented_in, ana.presented_at) == (3, 0)


async def test_done_is_undone_and_the_order_is_as_before(database: Database) -> None:
    circle = await a_queue(database)
    await remember(circle, "ana", presented_in=0, presented_at=4, unheard=True)
    code = await brings(circle, "ana", "Sleep")
    await brings(circle, "ben", "Shame")

    done = await circle.say("ana", f"/case done {code}")
    answer = await circle.press("ana", done, "Undo")

    assert "waits again, and the order is as it was before" in words(answer)
    assert await order(circle) == ["Sleep", "Shame"]
    ana = await circle.member("ana")
    assert (ana.presented_in, ana.presented_at, ana.unheard) == (0, 4, True)
    assert "undone already" in refused(await circle.press("ben", done, "Undo"))


async def test_an_urgent_case_done_without_the_bot_is_used_too(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Routine")
    code = await brings(circle, "ben", "Risk", "urgency: before next meeting")

    done = await circle.say("ben", f"/case done {code}")
    await brings(circle, "ben", "More", "urgency: before next meeting")
    shown = words(await circle.say("ben", "/case queue"))
    assert "passed the one ahead" in shown
    assert "goes to the front" not in shown

    await circle.press("ben", done, "Undo")
    assert (await circle.member("ben")).urgent_in is None
    assert await order(circle) == ["Risk", "Routine"]


async def test_the_owner_is_told_in_private_when_another_marks_it(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    answer = await circle.say("ben", f"/case done {code}")

    assert "@ana is told so in private" in words(answer)
    assert [post.person for post in await circle.posts("presented")] == ["ana"]
    card = await circle.card("presented")
    assert "@ben has marked your case “Sleep”" in words(card)
    await circle.press("ana", card, "Undo")
    assert (await cases(circle))["Sleep"].state == "waiting"


async def test_nobody_is_told_of_what_was_undone_before(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    await circle.press("ben", await circle.say("ben", f"/case done {code}"), "Undo")

    assert (await circle.unwanted("presented")).reason == "no longer wanted"


async def test_a_message_already_sent_follows_the_undo(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    answer = await circle.say("ben", f"/case done {code}")
    await circle.mark_sent()

    await circle.press("ben", answer, "Undo")

    card = await circle.card("presented")
    assert "waits again" in words(card)
    assert labels(card) == []


async def test_undo_leaves_alone_who_presented_again(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await remember_group(circle, held=2)
    code = await brings(circle, "ana", "Sleep")
    done = await circle.say("ana", f"/case done {code}")
    await brings(circle, "ana", "Again")
    await hold(circle, 1, "Again")

    await circle.press("ana", done, "Undo")

    assert (await circle.member("ana")).presented_in == 3
    assert (await cases(circle))["Sleep"].state == "waiting"


async def test_without_a_code_all_waiting_cases_are_offered(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    one = await brings(circle, "ana", "Sleep")
    two = await brings(circle, "ben", "Shame")

    asked = await circle.say("chloe", "/case done")

    assert words(asked) == "Which case was presented?"
    assert labels(asked) == [f"{one} — Sleep", f"{two} — Shame"]
    await circle.press("chloe", asked, f"{two} — Shame")
    assert (await cases(circle))["Shame"].state == "done"


async def test_with_an_empty_queue_nothing_can_be_done(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    assert "Nobody waits in the queue" in refused(await circle.say("ana", "/case done"))


async def test_done_twice_at_once_counts_once(database: Database) -> None:
    circle = await a_queue(database)
    code = await brings(circle, "ana", "Sleep")

    answers = await asyncio.gather(
        *(circle.say(name, f"/case done {code}") for name in ("ana", "ben", "chloe"))
    )

    assert sorted(isinstance(answer, Reply) for answer in answers) == [False, False, True]
    assert sum("was presented already" in words(answer) for answer in answers) == 2


async def test_a_case_done_while_the_meeting_runs_counts_in_it(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")
    await brings(circle, "ben", "Shame")
    extra = await brings(circle, "chloe", "Spontaneous")
    planned = (await cases(circle))["Shame"].code
    await begin(circle, 1)

    await circle.say("chloe", f"/case done {extra}")
    await circle.say("ben", f"/case done {planned}")

    chloe, ben = await circle.member("chloe"), await circle.member("ben")
    assert (chloe.presented_in, chloe.presented_at) == (1, 2)
    assert (ben.presented_in, ben.presented_at) == (1, 1)
    shown = words(await circle.say("ana", "/case queue"))
    assert "The meeting now hears 3 cases." in shown


async def test_cards_follow(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")
    await a_sent_card(circle, 1)

    await circle.press("ana", await circle.say("ana", f"/case done {code}"), "Undo")

    assert [post.version for post in await circle.posts("call")] == [3]


async def test_a_stranger_marks_nothing(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep")

    assert "for members of" in refused(await circle.say("zoe", f"/case done {code}"))
    assert (await cases(circle))["Sleep"].state == "waiting"
