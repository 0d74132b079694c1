"""Joining, waiting for a place, leaving and coming back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from sqlalchemy import select

from adapters.console.stage import PLATFORM, SPACE
from bot.chat.replies import Answer, Reply
from bot.chat.requests import Request
from bot.features import COMMANDS
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Group, Member
from tests.circle import a_circle, words
from tests.table import Table, a_table, posted


async def member(database: Database, name: str) -> Member:
    async with database.reading() as session:
        found = select(Member).where(Member.ref == name)
        return (await session.scalars(found, execution_options=ACROSS_GROUPS)).one()


def card(table: Table) -> list[str]:
    """The members on the card."""
    field = table.standing()[0].reply.fields[0]
    return [field.name, *str(field.text).splitlines()]


async def a_full_table(database: Database) -> Table:
    """A group of two that has no place left; chloe and dan wait for one."""
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "group settings size: 2")
    for name in ("chloe", "dan"):
        await table.press(name, "Join")
        await table.press(name, "Wait for a place")
    return table


async def test_join_makes_a_member_once(database: Database) -> None:
    table = await a_table(database, "ana")
    assert "Welcome to Tuesday circle. Next meeting: Tue 3 Mar" in await table.press("ben", "Join")
    assert "You are a member of Tuesday circle already." in await table.press("ben", "Join")
    assert "a member of Tuesday circle already" in await table.say("ben", "group join")
    assert card(table) == ["Members: 2 of 6", "@ana and @ben"]


async def test_a_newcomer_who_presses_join_many_times_at_once_is_welcomed_once(
    database: Database,
) -> None:
    circle = await a_circle(database, COMMANDS)
    heard = await asyncio.gather(*(circle.say("dana", "/group join") for _ in range(5)))
    assert sum("Welcome" in words(one) for one in heard) == 1
    assert sum("a member of Tuesday circle already" in words(one) for one in heard) == 4

    heard = await asyncio.gather(*(circle.say("dana", "/group leave") for _ in range(5)))
    assert sum("You have left" in words(one) for one in heard) == 1


async def test_a_full_group_offers_a_waiting_list(sqlite_database: Database) -> None:
    table = await a_full_table(sqlite_database)
    assert card(table) == ["Members: 2 of 2", "@ana and @ben", "Waiting for a place: 2"]
    assert "full: 2 of 2 places are taken" in await table.say("emma", "group join")
    assert "number 3 in line" in await table.press("emma", "Wait for a place")
    assert "number 1 in line" in await table.say("chloe", "group join")


async def test_a_free_place_is_offered_to_who_waited_longest(database: Database) -> None:
    table = await a_full_table(database)

    await table.press("ben", "Leave")

    assert "There is a place for you in Tuesday circle" in str(
        table.standing("@chloe")[-1].reply.text
    )
    assert not [m for m in table.standing("@dan") if "place for you" in str(m.reply.text)]
    assert "full" in await table.say("emma", "group join")
    assert "Welcome" in await table.press("chloe", "Take it")
    assert card(table) == ["Members: 2 of 2", "@ana and @chloe", "Waiting for a place: 1"]


async def test_a_place_nobody_takes_goes_to_the_next_in_line(database: Database) -> None:
    table = await a_full_table(database)
    await table.press("ben", "Leave")

    seen = await table.wait(days=3, hours=1)

    assert [text for text in posted(seen, "@dan") if "There is a place for you" in text]
    assert "Welcome" in await table.press("dan", "Take it")
    assert "not on the waiting list any more" in await table.press("chloe", "Take it")


async def test_a_waiting_person_can_stop_waiting(sqlite_database: Database) -> None:
    table = await a_full_table(sqlite_database)
    assert "off the waiting list" in await table.say("chloe", "group leave")
    await table.press("ben", "Leave")
    assert "Welcome" in await table.press("dan", "Take it")


async def test_a_larger_group_lets_the_waiting_in(sqlite_database: Database) -> None:
    table = await a_full_table(sqlite_database)
    await table.say("ana", "group settings size: 4")
    assert "Welcome" in await table.press("dan", "Take it")
    assert "Welcome" in await table.press("chloe", "Take it")


async def test_a_place_is_not_offered_at_night(sqlite_database: Database) -> None:
    table = await a_full_table(sqlite_database)
    await table.wait(hours=13, minutes=30)
    await table.press("ben", "Leave")
    assert not [m for m in table.standing("@chloe") if "There is a place" in str(m.reply.text)]
    seen = await table.wait(hours=10)
    assert [text for text in posted(seen, "@chloe") if "There is a place for you" in text]


async def test_leaving_says_how_to_come_back(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    answer = await table.say("ben", "group leave")
    assert "You have left Tuesday circle." in answer
    assert "/group join" in answer
    assert card(table) == ["Members: 1 of 6", "@ana"]
    assert "You are not a member" in await table.say("ben", "group leave")


async def test_who_comes_back_starts_clean_but_not_at_the_front(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    async with database.writing() as session:
        row = (
            await session.scalars(
                select(Member).where(Member.ref == "ben"), execution_options=ACROSS_GROUPS
            )
        ).one()
        row.silent, row.unheard, row.presented_in, row.gone = 2, True, 4, True
    await table.press("ben", "Leave")
    await table.wait(days=1)

    assert "Welcome" in await table.press("ben", "Join")

    back = await member(database, "ben")
    assert (back.state, back.silent, back.unheard, back.gone) == ("active", 0, False, False)
    assert back.presented_in == 4
    assert back.joined_at == table.stage.now


async def test_a_group_that_everybody_left_sleeps_until_somebody_joins(
    database: Database,
) -> None:
    table = await a_table(database, "ana")
    assert "so the group sleeps" in await table.press("ana", "Leave")
    assert "Whoever presses Join wakes the group up" in str(table.standing()[0].reply.text)
    assert posted(await table.wait(days=15)) == []

    assert "Next meeting: Tue 17 Mar 2026" in await table.press("ben", "Join")

    assert posted(await table.wait(days=1))


async def test_a_channel_that_everybody_left_can_have_a_new_group(database: Database) -> None:
    table = await a_table(database, "ana")
    await table.press("ana", "Leave")
    answer = await table.say(
        "ben", "group start name: New every: week weekday: friday time: 12:00 zone: UTC"
    )
    assert "New is started" in answer
    async with database.reading() as session:
        states = (await session.scalars(select(Group.state).order_by(Group.id))).all()
    assert list(states) == ["closed", "active"]


async def test_of_four_who_want_the_last_place_at_once_one_gets_it(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "group settings size: 3")

    def ask(name: str) -> Awaitable[Answer]:
        request = Request(name, PLATFORM, SPACE, "table", name, table.stage.now)
        return table.stage.app.typed(request, "group", "join")

    answers = await asyncio.gather(*map(ask, ("chloe", "dan", "emma", "finn")))

    said = [str(answer.text) for answer in answers if isinstance(answer, Reply)]
    assert sum("Welcome" in words for words in said) == 1
    assert sum("is full" in words for words in said) == 3


async def test_show_names_who_is_away_and_what_is_set(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ben", "my away until: 2026-03-20")
    await table.say("ana", "group show")
    shown = table.standing("@ana")[-1].reply
    assert str(shown.fields[0].text) == "@ana and @ben (away, back Fri 20 Mar)"
    for line in ("Length: 90 minutes", "Quorum: 3", "Call for cases: 7 days before"):
        assert line in str(shown.text)
    labels = [button.label for button in shown.buttons]
    assert labels == ["Change settings", "More settings", "Reminder times", "Pause", "Leave"]


async def test_a_stranger_sees_the_group_and_how_to_join(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    await table.say("zoe", "group show")
    assert [button.label for button in table.standing("@zoe")[-1].reply.buttons] == ["Join"]
    assert "for members of Tuesday circle" in await table.say("zoe", "group pause")
