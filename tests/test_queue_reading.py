"""The queue and the agenda as features read them, and what the end of a meeting leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queue.order import Why
from bot.queue.reading import Agenda, read_agenda, read_coming, read_queue
from bot.schedule.coming import find_current
from bot.store.database import Database
from bot.store.tables import AgendaItem, Group, Meeting
from tests.case_circle import (
    a_queue,
    a_queue_elsewhere,
    begin,
    brings,
    cases,
    hold,
    order,
    remember,
    remember_group,
    statements,
)
from tests.circle import Circle, words


@asynccontextmanager
async def looking(
    circle: Circle, meeting: int = 1
) -> AsyncIterator[tuple[AsyncSession, Group, Meeting]]:
    """A session, the group and one of its meetings."""
    async with circle.database.reading() as session:
        group = await session.get_one(Group, circle.group_id)
        found = select(Meeting).where(Meeting.group_id == group.id, Meeting.id == meeting)
        yield session, group, (await session.scalars(found)).one()


def titles(agenda: Agenda) -> list[str]:
    return [place.case.title for place in agenda.places]


async def the_agenda(circle: Circle, meeting: int = 1) -> Agenda:
    async with looking(circle, meeting) as (session, group, row):
        return await read_agenda(session, group, row)


async def test_the_agenda_is_the_front_of_the_queue(database: Database) -> None:
    circle = await a_queue(database)
    for name in circle.names:
        await brings(circle, name, f"From {name[0]}", "minutes: 30")

    agenda = await the_agenda(circle)

    assert titles(agenda) == ["From a", "From b"]
    assert agenda.minutes_left == 16
    assert [place.member.ref for place in agenda.places] == ["ana", "ben"]
    assert {place.why for place in agenda.places} == {Why.NEVER_PRESENTED}


async def test_queue_and_agenda_are_read_in_one_statement(database: Database) -> None:
    circle = await a_queue(database)
    await brings(circle, "ana", "Sleep")

    async with looking(circle) as (session, group, meeting):
        with statements(database) as asked:
            await read_queue(session, group, meeting)
            await read_agenda(session, group, meeting)
            await read_coming(session, group, circle.now)

    assert len(asked) == 3, asked


@pytest.mark.parametrize("why", ["not going", "away"])
async def test_who_cannot_come_is_passed_over_and_keeps_their_place(
    database: Database, why: str
) -> None:
    circle = await a_queue(database)
    later = await circle.meeting(22)
    await brings(circle, "ana", "From a")
    await brings(circle, "ben", "From b")
    if why == "away":
        await remember(circle, "ana", away_until=date(2026, 3, 15))
    else:
        await circle.answer("ana", 1, "not going")

    assert titles(await the_agenda(circle)) == ["From b"]
    assert titles(await the_agenda(circle, later)) == ["From a", "From b"]
    await hold(circle, 1, "From b")
    await brings(circle, "ben", "Again")
    assert titles(await the_agenda(circle, later)) == ["From a", "Again"]
    assert not (await circle.member("ana")).unheard


async def test_going_and_late_are_both_expected(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "From a")
    await brings(circle, "ben", "From b")
    await circle.answer("ana", 1, "late")
    await circle.answer("ben", 1, "going")

    assert titles(await the_agenda(circle)) == ["From a", "From b"]


async def test_a_meeting_that_has_begun_keeps_its_agenda(database: Database) -> None:
    circle = await a_queue(database)
    await brings(circle, "ben", "From b")
    await begin(circle, 1)

    await brings(circle, "ana", "Before all others", "urgency: before next meeting")
    agenda = await the_agenda(circle)

    assert titles(agenda) == ["From b"]
    assert agenda.minutes_left == 38
    assert agenda.places[0].why is Why.NEVER_PRESENTED


async def test_a_case_withdrawn_from_a_running_meeting_is_gone(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ben", "From b")
    await begin(circle, 1)

    await circle.say("ben", "/case withdraw")

    assert titles(await the_agenda(circle)) == []


async def test_a_case_that_became_too_long_gets_the_whole_meeting(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Long", "minutes: 76")
    async with sqlite_database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        for meeting in await session.scalars(select(Meeting).where(Meeting.group_id == group.id)):
            meeting.minutes = 45

    agenda = await the_agenda(circle)

    assert (titles(agenda), agenda.minutes_left) == (["Long"], 0)


async def test_the_coming_meeting_is_the_next_that_is_not_over(database: Database) -> None:
    circle = await a_queue(database)
    await circle.meeting(3, "skipped")
    await circle.meeting(-4)
    await circle.meeting(22)

    async with looking(circle) as (session, group, meeting):
        found = await find_current(session, group, circle.now)
        assert found is not None
        assert found.id == 1
        during = await find_current(session, group, meeting.starts_at + timedelta(minutes=30))
        assert during is not None
        assert during.id == 1
        after = await find_current(session, group, meeting.starts_at + timedelta(minutes=91))
        assert after is not None
        assert after.id != 1


async def test_a_meeting_in_overtime_is_still_the_one_that_runs(database: Database) -> None:
    circle = await a_queue(database)
    await circle.meeting(22)
    await begin(circle, 1)
    await brings(circle, "ana", "Sleep")

    async with looking(circle) as (session, group, meeting):
        overtime = meeting.starts_at + timedelta(minutes=100)
        found = await find_current(session, group, overtime)
        coming = await read_coming(session, group, overtime)

    assert found is not None
    assert coming.meeting is not None
    assert (found.id, coming.meeting.id, coming.running) == (1, 1, True)


async def test_a_meeting_is_coming_for_as_long_as_it_lasts_itself(database: Database) -> None:
    circle = await a_queue(database)
    await circle.meeting(22)
    await brings(circle, "ana", "Sleep")
    async with database.writing() as session:
        group = await session.get_one(Group, circle.group_id)
        for row in await session.scalars(select(Meeting).where(Meeting.group_id == group.id)):
            row.minutes = 120

    async with looking(circle) as (session, group, meeting):
        for minutes, expected in ((119, 1), (120, 2)):
            now = meeting.starts_at + timedelta(minutes=minutes)
            found = await find_current(session, group, now)
            coming = await read_coming(session, group, now)
            assert found is not None
            assert coming.meeting is not None
            assert (found.id, coming.meeting.id) == (expected, expected)


async def test_an_empty_queue_still_knows_the_coming_meeting(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)

    async with looking(circle) as (session, group, _):
        coming = await read_coming(session, group, circle.now)

    assert coming.meeting is not None
    assert coming.places == []


async def test_who_stood_first_and_was_not_heard_goes_first_next_time(
    database: Database,
) -> None:
    circle = await a_queue(database)
    later = await circle.meeting(22)
    for name in circle.names:
        await brings(circle, name, f"From {name[0]}")

    await hold(circle, 1, "From b")
    circle.now += timedelta(days=10)
    await brings(circle, "chloe", "Urgent", "urgency: before next meeting")
    await circle.say("chloe", f"/case withdraw {(await cases(circle))['From c'].code}")

    assert (await circle.member("ana")).unheard
    shown = words(await circle.say("ben", "/case queue"))
    assert "Was next in line last time and not heard, so goes first." in shown
    assert titles(await the_agenda(circle, later)) == ["From a", "Urgent"]
    await hold(circle, later, "From a")
    assert not (await circle.member("ana")).unheard


async def test_an_urgent_case_that_was_heard_is_used_for_four_meetings(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database)
    await remember_group(circle, held=7)
    await brings(circle, "ana", "Routine")
    await brings(circle, "ben", "Urgent", "urgency: before next meeting")

    await hold(circle, 1, "Urgent", "Routine")

    assert (await circle.member("ben")).urgent_in == 8
    assert (await circle.member("ana")).urgent_in is None
    answer = await circle.say("ben", "/case add title: More urgency: before next meeting")
    assert "You are first" in words(answer)
    await brings(circle, "ana", "Another")
    shown = words(await circle.say("ana", "/case queue"))
    assert "goes to the front" not in shown


async def test_an_urgent_case_that_was_not_heard_is_not_used(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "Routine")
    await brings(circle, "ben", "Urgent", "urgency: before next meeting")

    await hold(circle, 1, "Routine")

    assert (await circle.member("ben")).urgent_in is None


async def test_what_was_not_heard_waits_on(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await brings(circle, "ana", "One")
    await brings(circle, "ben", "Two")

    await hold(circle, 1, "One")

    assert {title: case.state for title, case in (await cases(circle)).items()} == {
        "One": "done",
        "Two": "waiting",
    }
    async with looking(circle) as (session, group, _):
        outcomes = await session.scalars(
            select(AgendaItem.outcome)
            .where(AgendaItem.group_id == group.id)
            .order_by(AgendaItem.position)
        )
        assert list(outcomes) == ["done", "not reached"]


async def test_two_heard_in_one_meeting_keep_its_order(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database)
    await remember(circle, "ana", draw=0.9)
    for name in ("ana", "ben"):
        await brings(circle, name, f"From {name[0]}")
    await hold(circle, 1, "From a", "From b")

    for name in ("ana", "ben"):
        await brings(circle, name, f"Again {name[0]}")

    assert await order(circle) == ["Again b", "Again a"]


async def test_nothing_of_another_group_is_read(database: Database) -> None:
    circle = await a_queue(database)
    await brings(circle, "ana", "Here")
    other = await a_queue_elsewhere(circle)
    await other.say("ana", "/case add There", channel="elsewhere")

    assert await order(circle) == ["Here"]
    assert titles(await the_agenda(circle)) == ["Here"]
