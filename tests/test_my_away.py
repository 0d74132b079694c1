"""Somebody is away: the bot answers for them, and nothing is lost."""

import pytest

from bot.chat.commands import Commands
from bot.chat.replies import Form, Refusal
from bot.my.absence import on_planned
from bot.my.commands import COMMANDS as MY
from bot.store.database import Database
from bot.store.outbox import Draft, enqueue
from bot.store.tables import Group, Person
from tests.circle import Circle, a_circle, new_group, new_member, words
from tests.table import a_table

COMMANDS = Commands()
COMMANDS.include(MY)


async def second_group(circle: Circle, name: str) -> int:
    async with circle.database.writing() as session:
        group = new_group(1, "other", "Friday circle")
        session.add(group)
        await session.flush()
        person = await session.get_one(Person, 1)
        assert person.ref == name
        session.add(new_member(group, person, 0))
        return group.id


async def test_meetings_while_away_are_answered_not_going(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    missed, back_for = await circle.meeting(8), await circle.meeting(22)

    answer = await circle.say("ana", "/my away until: 2026-03-24")

    assert "back on Tuesday 24 March 2026" in words(answer)
    assert "I answered not going for you: Tue 10 Mar 2026" in words(answer)
    assert await circle.answers(missed) == {"ana": "not going"}
    assert await circle.answers(back_for) == {}


async def test_an_earlier_yes_becomes_not_going(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    meeting = await circle.meeting(8)
    await circle.answer("ana", meeting, "going")

    await circle.say("ana", "/my away until: in 3 weeks")

    assert await circle.answers(meeting) == {"ana": "not going"}


@pytest.mark.parametrize("typed", ["back", "today", "Now", "2026-03-02"])
async def test_back_sooner_opens_the_answers_given_for_them(
    sqlite_database: Database, typed: str
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    own, given = await circle.meeting(1), await circle.meeting(8)
    await circle.answer("ana", own, "not going")
    await circle.say("ana", "/my away until: in 3 weeks")

    answer = await circle.say("ana", f"/my away until: {typed}")

    assert "Welcome back" in words(answer)
    assert "10 Mar 2026" in words(answer)
    assert await circle.answers(given) == {"ana": None}
    assert await circle.answers(own) == {"ana": "not going"}
    assert (await circle.member("ana")).away_until is None


async def test_a_shorter_absence_opens_what_lies_after_it(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    first, second = await circle.meeting(8), await circle.meeting(22)
    await circle.say("ana", "/my away until: in 5 weeks")

    answer = await circle.say("ana", "/my away until: in 2 weeks")

    assert "open again for Tue 24 Mar 2026" in words(answer)
    assert await circle.answers(first) == {"ana": "not going"}
    assert await circle.answers(second) == {"ana": None}


async def test_cards_of_the_meetings_are_shown_anew(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    meeting = await circle.meeting(8)
    async with sqlite_database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        await enqueue(session, group, Draft(f"meeting:{meeting}:call", "call", circle.now, meeting))
    await circle.mark_sent()

    await circle.say("ana", "/my away until: in 3 weeks")

    (card,) = await circle.posts("call")
    assert card.state == "open"
    assert card.version > 1


async def test_a_meeting_written_down_later_is_answered_too(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    await circle.say("ana", "/my away until: in 3 weeks")
    meeting = await circle.meeting(8)

    async with database.writing() as session:
        await on_planned(session, await session.get_one(Group, circle.group_id), circle.now)

    assert await circle.answers(meeting) == {"ana": "not going"}


async def test_a_yes_said_while_away_stands(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    meeting = await circle.meeting(8)
    await circle.say("ana", "/my away until: in 3 weeks")
    await circle.change_answer("ana", meeting, "going")

    async with sqlite_database.writing() as session:
        await on_planned(session, await session.get_one(Group, circle.group_id), circle.now)

    assert await circle.answers(meeting) == {"ana": "going"}


async def test_away_holds_in_every_group_of_the_space(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    here = await circle.meeting(8)
    circle.group_id, first = await second_group(circle, "ana"), circle.group_id
    there = await circle.meeting(9)

    answer = await circle.say("ana", "/my away until: in 3 weeks", channel="nowhere")

    assert "Tue 10 Mar 2026" in words(answer)
    assert "Wed 11 Mar 2026" in words(answer)
    assert await circle.answers(there) == {"ana": "not going"}
    circle.group_id = first
    assert await circle.answers(here) == {"ana": "not going"}


async def test_without_a_date_a_form_asks_for_it(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    form = await circle.say("ana", "/my away")

    assert isinstance(form, Form)
    assert [field.name for field in form.inputs] == ["until"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-03-01", "in the past"),
        ("2028-03-01", "at most 366 days"),
        ("soon", "a date such as"),
    ],
)
async def test_a_date_nobody_means_changes_nothing(
    sqlite_database: Database, typed: str, expected: str
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    answer = await circle.say("ana", f"/my away until: {typed}")

    assert isinstance(answer, Refusal)
    assert expected in words(answer)
    assert (await circle.member("ana")).away_until is None


async def test_coming_back_without_having_been_away_is_no_mistake(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    assert "not marked as away" in words(await circle.say("ana", "/my away until: back"))


async def test_who_is_in_no_group_is_told_how_to_join(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    assert "/group join" in words(await circle.say("zoe", "/my away until: in 3 weeks"))
    assert "/group start" in words(await circle.say("zoe", "/my groups"))


async def test_my_groups_tell_where_and_when_they_meet_next(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    await circle.meeting(22)
    await circle.meeting(8)
    await second_group(circle, "ana")

    answer = words(await circle.say("ana", "/my groups", channel="nowhere"))

    assert answer.splitlines()[0] == "2 groups of yours"
    assert "Tuesday circle in #table: next meeting Tue 10 Mar 2026, 18:00 (UTC)." in answer
    assert "Friday circle in #other: no meeting is planned yet." in answer


async def test_my_groups_tell_that_a_meeting_runs_and_that_i_am_away(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    await circle.say("ana", "/my away until: in 3 weeks")
    await circle.meeting(0, "begun")

    answer = words(await circle.say("ana", "/my groups"))

    assert "meeting now. You are away, and back on Monday 23 March 2026." in answer


async def test_a_no_said_by_oneself_stays_after_coming_back(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ben", "my away until: in 3 weeks")
    await table.say("ben", "meeting rsvp answer: not going")

    answer = await table.say("ben", "my away until: back")

    assert "3 Mar 2026" not in answer
    assert "17 Mar 2026" in answer


async def test_the_card_of_a_meeting_shows_who_is_away(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe")

    seen = await table.stage.act("ben", "/my away until: in 3 weeks")

    edits = [str(one.fields) for one in seen if one.kind == "edit" and one.to == "#table"]
    assert any("Not going: @ben" in edit for edit in edits)
    seen = await table.stage.act("ben", "/my away until: back")
    edits = [str(one.fields) for one in seen if one.kind == "edit" and one.to == "#table"]
    assert edits
    assert not any("@ben" in edit and "Not going" in edit for edit in edits)


async def test_a_long_absence_never_counts_as_silence(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", every="week")
    await table.say("ben", "my away until: 2026-05-01")
    await table.wait(days=1, hours=9, minutes=30)
    # More meetings than are written down when the absence begins.
    for _ in range(7):
        await table.press("ana", "Begin")
        await table.press("ana", "End")
        await table.wait(days=7)
    assert "has been about lately" in await table.say("ana", "group remove member: @ben")
