"""Starting a group, as the people in a channel live through it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from random import Random

import pytest
from sqlalchemy import func, select

from adapters.console.stage import PLATFORM, SPACE, Stage
from bot.app import App
from bot.chat.replies import Answer, Refusal
from bot.chat.requests import Request
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Group, Member, Person, Post, Space
from tests.table import MONDAY, Table, a_table

CIRCLE = "group start name: Circle every: week weekday: tuesday time: 18:30 zone: Europe/Berlin"


def empty_room(database: Database) -> Table:
    """A channel in which there is no group yet."""
    return Table(Stage(App(database, Random(1)), MONDAY, "Europe/Berlin"))


async def count(database: Database, *tables: type) -> list[int]:
    async with database.reading() as session:
        return [
            await session.scalar(
                select(func.count()).select_from(table), execution_options=ACROSS_GROUPS
            )
            or 0
            for table in tables
        ]


async def test_a_group_starts_with_a_card_that_everybody_can_join(database: Database) -> None:
    table = empty_room(database)

    answer = await table.say("ana", CIRCLE)

    assert "Circle is started: it meets every Tuesday at 18:30 (Europe/Berlin)." in answer
    assert "First meeting: Tue 3 Mar 2026, 18:30 (Europe/Berlin)." in answer
    assert "same say as everybody" in answer
    card = table.standing()[0].reply
    assert [button.label for button in card.buttons] == ["Join", "Leave"]
    assert str(card.title) == "Circle"
    assert [field.name for field in card.fields] == ["Members: 1 of 6"]
    assert str(card.fields[0].text) == "@ana"


async def test_the_card_says_the_place_and_the_next_meeting(sqlite_database: Database) -> None:
    table = empty_room(sqlite_database)
    await table.say("ana", f"{CIRCLE} place: https://meet.example.org/abc first: 2026-03-10")
    assert str(table.standing()[0].reply.text).splitlines() == [
        "We meet every Tuesday at 18:30 (Europe/Berlin).",
        "Next meeting: Tue 10 Mar 2026, 17:30 (UTC).",
        "Place: https://meet.example.org/abc",
    ]


async def test_without_options_a_form_opens_and_starts_the_group(
    sqlite_database: Database,
) -> None:
    table = empty_room(sqlite_database)

    assert await table.say("ana", "group start") == "Start a group"
    answer = await table.submit(
        "ana", name="Circle", every="last", weekday="friday", time="9:15", zone="UTC"
    )

    assert "every last Friday of the month at 09:15 (UTC)" in answer
    assert "First meeting: Fri 27 Mar 2026" in answer


async def test_an_unknown_zone_is_answered_with_the_nearest_and_the_form(
    sqlite_database: Database,
) -> None:
    table = empty_room(sqlite_database)
    typed = CIRCLE.replace("Berlin", "Berln")

    assert "Did you mean Europe/Berlin" in await table.say("ana", typed)
    await table.press("ana", "Change it")
    assert "is started" in await table.submit("ana", zone="Europe/Berlin")


async def test_a_number_out_of_range_opens_the_form_that_holds_it(database: Database) -> None:
    table = empty_room(database)

    assert "from 30 to 240" in await table.say("ana", f"{CIRCLE} minutes: 500")
    await table.press("ana", "Change it")

    assert "is started" in await table.submit("ana", minutes="75")
    async with database.reading() as session:
        assert await session.scalar(select(Group.minutes)) == 75


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("first: 2026-03-04", "not a Tuesday. The nearest date that is: Tuesday 2026-03-03."),
        ("first: 2026-02-24", "in the past. The next date that fits is Tuesday 2026-03-03."),
        ("first: someday", "I cannot read someday"),
        ("place: the library", "begins with https://"),
        ("place: http://example.org", "begins with https://"),
        ("size: 13", "from 2 to 12"),
        ("size: 4 quorum: 5", "2 to the size of the group, which is 4"),
        ("minutes: ninety", "from 30 to 240"),
        ("colour: red", "no time zone"),
    ],
)
async def test_what_cannot_be_says_what_was_expected_and_starts_nothing(
    sqlite_database: Database, option: str, expected: str
) -> None:
    table = empty_room(sqlite_database)
    assert expected in await table.say("ana", f"{CIRCLE} {option}")
    assert await count(sqlite_database, Group, Person, Space, Post) == [0, 0, 0, 0]


async def test_nobody_is_called_by_a_groups_name(sqlite_database: Database) -> None:
    table = empty_room(sqlite_database)
    answer = await table.say("ana", CIRCLE.replace("Circle", "@everyone"))
    assert "must not call everybody" in answer
    assert await count(sqlite_database, Group) == [0]


async def test_above_six_the_answer_says_what_size_costs(sqlite_database: Database) -> None:
    table = empty_room(sqlite_database)
    answer = await table.say("ana", f"{CIRCLE} size: 8")
    assert "With 8 people there are about 9 minutes of airtime" in answer
    assert "with 6 it would be 12" in answer


async def test_a_group_of_two_needs_two_to_meet(sqlite_database: Database) -> None:
    table = empty_room(sqlite_database)
    await table.say("ana", f"{CIRCLE} size: 2")
    async with sqlite_database.reading() as session:
        assert await session.scalar(select(Group.quorum)) == 2


async def test_more_settings_follow_behind_two_buttons(database: Database) -> None:
    table = empty_room(database)
    await table.say("ana", CIRCLE)

    await table.press("ana", "More settings")
    await table.submit("ana", place="#voice", size="5")
    assert "Place: #voice" in str(table.standing()[0].reply.text)
    await table.press("ana", "Reminder times")
    await table.submit("ana", call="5 days", reminder="2 hours")

    async with database.reading() as session:
        group = (await session.scalars(select(Group))).one()
    assert (group.size, group.call_lead, group.reminder_lead) == (5, 5 * 86_400, 7200)


async def test_a_channel_has_one_group(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    assert "home of Tuesday circle already: /group show" in await table.say("ana", "group start")
    assert "/group join makes you a member" in await table.say("ben", CIRCLE)
    assert "is started" in await table.say("ben", CIRCLE, "elsewhere")


async def test_a_bot_that_may_not_post_says_how_to_invite_it_at_once(
    sqlite_database: Database,
) -> None:
    app = App(sqlite_database, Random(1))
    request = Request("1", "console", "console", "table", "ana", MONDAY, may_post=False)
    root, _, text = CIRCLE.partition(" ")

    for typed in (text, "start"):
        answer = await app.typed(request, root, typed)
        assert isinstance(answer, Refusal)
        assert "cannot post in this channel" in str(answer.reply.text)
        assert "/invite" in str(answer.reply.text)
    assert await count(sqlite_database, Group, Member, Person, Space) == [0, 0, 0, 0]


async def test_where_the_card_does_not_arrive_nothing_is_kept(database: Database) -> None:
    table = empty_room(database)

    async def lost(key: str) -> bool:
        assert key.endswith(":card")
        return False

    table.stage.app.reach = lost
    answer = await table.say("ana", CIRCLE)

    assert "I started nothing" in answer
    assert await count(database, Group, Member, Person, Space, Post) == [0, 0, 0, 0, 0]


async def test_who_was_known_before_stays_known(database: Database) -> None:
    table = await a_table(database, "ana")

    async def lost(_key: str) -> bool:
        return False

    table.stage.app.reach = lost
    assert "I started nothing" in await table.say("ana", CIRCLE, "elsewhere")
    assert "I started nothing" in await table.say("ben", CIRCLE, "elsewhere")
    assert await count(database, Group, Member, Person, Space) == [1, 1, 1, 1]


async def test_of_two_who_start_a_group_at_once_one_is_told_of_the_other(
    database: Database,
) -> None:
    table = await a_table(database, "ana", "ben")
    root, _, text = CIRCLE.partition(" ")

    def ask(name: str) -> Awaitable[Answer]:
        request = Request(name, PLATFORM, SPACE, "garden", name, MONDAY)
        return table.stage.app.typed(request, root, text)

    first, second = await asyncio.gather(ask("ana"), ask("ben"))

    refused = [answer for answer in (first, second) if isinstance(answer, Refusal)]
    assert len(refused) == 1
    assert "/group join" in str(refused[0].reply.text)
    assert await count(database, Group) == [2]


async def test_in_private_there_is_no_channel_to_live_in(sqlite_database: Database) -> None:
    app = App(sqlite_database, Random(1))
    request = Request("1", "console", "console", None, "ana", MONDAY)
    answer = await app.typed(request, "group", "start")
    assert isinstance(answer, Refusal)
    assert "in the channel where the group is to meet" in str(answer.reply.text)


async def test_the_starter_can_leave_and_everybody_else_goes_on(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.press("ana", "Leave")
    assert "Saved" in await table.say("ben", "group settings name: Our circle")
    assert str(table.standing()[0].reply.title) == "Our circle"


async def test_the_card_follows_when_a_meeting_is_over(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", every="week")
    assert "Next meeting: Tue 3 Mar 2026" in str(table.standing()[0].reply.text)
    await table.wait(days=2)
    assert "Next meeting: Tue 10 Mar 2026" in str(table.standing()[0].reply.text)


async def test_a_form_without_what_it_needs_says_what_is_missing(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database)
    await table.say("ana", "group start")
    given = {"every": "week", "weekday": "monday", "time": "18:30", "zone": "UTC"}
    answer = await table.submit("ana", name=" ", **given)
    assert answer == "Name is missing: what the group is called."
    assert "is started" in await table.submit("ana", name="Monday circle")
