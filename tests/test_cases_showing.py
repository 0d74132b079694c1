"""Looking at the queue: the order, and in a sentence each, why."""

import asyncio

from bot.chat.replies import Form
from bot.store.database import Database
from tests.case_circle import (
    CASES,
    a_queue,
    begin,
    brings,
    order,
    remember,
    remember_group,
    statements,
)
from tests.circle import labels, words


async def test_an_empty_queue_says_how_little_a_case_needs(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    answer = await circle.say("ana", "/case queue")

    assert "Nobody waits in the queue. A case needs a title and no more" in words(answer)
    assert isinstance(await circle.press("ana", answer, "Add a case"), Form)


async def test_the_queue_shows_the_order_and_why(database: Database) -> None:
    circle = await a_queue(database, "ana", "ben", "chloe", "dan", "eve", "fay")
    await remember_group(circle, held=5)
    await remember(circle, "ana", presented_in=5, presented_at=0)
    await remember(circle, "ben", presented_in=2, presented_at=1)
    await remember(circle, "dan", presented_in=5, presented_at=1, unheard=True)
    await circle.answer("fay", 1, "not going")
    for name, more in (
        ("ana", "urgency: soon"),
        ("ben", ""),
        ("chloe", ""),
        ("dan", ""),
        ("eve", "urgency: before next meeting"),
        ("fay", ""),
    ):
        await brings(circle, name, f"From {name[0]}", more)

    shown = words(await circle.say("ana", "/case queue"))

    assert [line for line in shown.splitlines() if line[0].isdigit()] == [
        line.replace("CODE", code)
        for line, code in zip(
            [
                "1. @dan: “From d” (CODE), 38 minutes. On the agenda. "
                "Was next in line last time and not heard, so goes first.",
                "2. @eve: “From e” (CODE), 38 minutes, before next meeting. On the agenda. "
                "Marked before next meeting, so it goes to the front.",
                "3. @chloe: “From c” (CODE), 38 minutes. Has not presented yet.",
                "4. @ana: “From a” (CODE), 38 minutes, soon. "
                "Marked soon, so it passed the one ahead.",
                "5. @ben: “From b” (CODE), 38 minutes. Last presented four meetings ago.",
                "6. @fay: “From f” (CODE), 38 minutes. Not coming this time; keeps the place.",
            ],
            codes_in(shown),
            strict=True,
        )
    ]


def codes_in(shown: str) -> list[str]:
    return [line.split("(")[1][:4] for line in shown.splitlines() if line[0].isdigit()]


async def test_time_left_over_is_offered_and_not_filled(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "One", "minutes: 50")
    await brings(circle, "ben", "Two", "minutes: 40")
    await brings(circle, "chloe", "Three", "minutes: 10")

    shown = words(await circle.say("ana", "/case queue"))

    assert "The meeting on Tue 10 Mar 2026, 18:00 (UTC) hears 1 case." in shown
    assert "26 minutes are left over, for whatever you all like to do with them." in shown
    assert shown.count("On the agenda") == 1


async def test_later_cases_of_a_member_are_counted_behind(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    for title in ("One", "Two", "Three"):
        await brings(circle, "ana", title)

    shown = words(await circle.say("ben", "/case queue"))

    assert "Behind them: 2 further cases of members who already stand above." in shown
    assert "Two" not in shown


async def test_a_question_is_shown_to_its_owner_and_to_members_who_ask(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep", "question: How do I ask?")
    await brings(circle, "ben", "Shame")

    own = await circle.say("ana", "/case queue")
    others = await circle.say("ben", "/case queue")

    assert "Your question: How do I ask?" in words(own)
    assert "How do I ask?" not in words(others)
    asked = words(await circle.press("ben", others, "Show questions"))
    assert asked.startswith("@ana asks with “Sleep”")
    assert asked.endswith(": How do I ask?")
    stranger = await circle.press("zoe", others, "Show questions")
    assert "How do I ask?" not in words(stranger)


async def test_one_question_is_shown_by_its_button(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    code = await brings(circle, "ana", "Sleep", "question: How do I ask?")
    silent = await brings(circle, "ben", "Shame")

    async def press(name: str, code: str) -> str:
        action = f"case.question:{circle.group_id}:{code}"
        return words(await circle.app.press(circle.request(name), action))

    assert "How do I ask?" in await press("ben", code)
    assert "@ben has written no question for “Shame”" in await press("ana", silent)
    assert "How do I ask?" not in await press("zoe", code)


async def test_without_questions_no_button_offers_them(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")

    assert labels(await circle.say("ana", "/case queue")) == ["Add a case", "My cases"]


async def test_mine_shows_ones_own_with_their_places(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "First")
    one = await brings(circle, "ben", "Sleep", "question: Why?")
    two = await brings(circle, "ben", "Shame")

    answer = await circle.say("ben", "/case mine")

    assert f"“Sleep” ({one}), 38 minutes. You are second; one goes before you." in words(answer)
    assert "Your question: Why?" in words(answer)
    assert f"“Shame” ({two}), 38 minutes. You stand in the queue with your" in words(answer)
    assert "First" not in words(answer)
    assert labels(answer) == [f"Edit {one}", f"Withdraw {one}", f"Edit {two}", f"Withdraw {two}"]


async def test_mine_with_one_case_has_plain_buttons(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")

    answer = await circle.say("ana", "/case mine")

    assert labels(answer) == ["Edit", "Withdraw"]
    assert "is withdrawn" in words(await circle.press("ana", answer, "Withdraw"))


async def test_mine_with_nothing_says_how_to_begin(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    assert "You have no case in the queue" in words(await circle.say("ana", "/case mine"))


async def test_a_running_meeting_keeps_its_agenda(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ben", "Shame")
    await begin(circle, 1)

    answer = await circle.say("ana", "/case add Sleep")
    shown = words(await circle.say("ana", "/case queue"))

    assert "The agenda of the meeting that is running stays as it is." in words(answer)
    assert "The meeting now hears 1 case. 38 minutes are left over" in shown
    assert shown.count("On the agenda") == 1


async def test_a_paused_group_shows_its_queue(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")
    await remember_group(circle, state="paused")

    shown = words(await circle.say("ana", "/case queue"))

    assert "The group is paused; the queue waits as it is." in shown
    assert await order(circle) == ["Sleep"]


async def test_titles_are_shown_as_they_were_typed(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "{who} *bold* <@123> & `code`")

    assert await order(circle) == ["{who} *bold* <@123> & `code`"]


async def test_codes_are_suggested_with_their_titles(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    one = await brings(circle, "ana", "Sleep")
    two = await brings(circle, "ben", "Shame")

    async def suggested(command: str, text: str = "") -> list[tuple[str, str]]:
        found = await circle.app.suggest(circle.request("ana"), command, "case", text)
        return [(choice.value, choice.label) for choice in found]

    assert await suggested("case edit") == [(one, f"{one} — Sleep")]
    assert await suggested("case withdraw") == [(one, f"{one} — Sleep")]
    assert await suggested("case done") == [(one, f"{one} — Sleep"), (two, f"{two} — Shame")]
    assert await suggested("case done", "sha") == [(two, f"{two} — Shame")]
    assert await suggested("case done", one.lower()) == [(one, f"{one} — Sleep")]


async def test_strangers_are_suggested_nothing(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Sleep")

    assert await circle.app.suggest(circle.request("zoe"), "case done", "case", "") == []


async def test_the_queue_is_read_in_one_statement_and_what_its_reader_alone_sees_in_another(
    database: Database,
) -> None:
    circle = await a_queue(database)
    await asyncio.gather(*(brings(circle, name, "Case") for name in circle.names))

    with statements(database) as asked:
        await circle.say("ana", "/case queue")

    # On PostgreSQL a request first steps behind the wall round its space.
    assert len(asked) == (4 if database.walled else 3), asked


def test_every_command_of_the_table_is_there() -> None:
    subs = {command.sub for command in CASES}

    assert subs == {"add", "queue", "mine", "edit", "withdraw", "swap", "done"}
