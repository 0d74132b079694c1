"""What a meeting hears is fitted as it begins, and changed by anybody while it runs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.formats.choosing import in_force
from bot.formats.reading import bundled_formats
from bot.live.segments import CaseSlot, fit_format, segments_of
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import AgendaItem, Case
from tests.live_table import (
    MINUTE,
    SECOND,
    at_the_first_case,
    before_the_meeting,
    card,
    labels,
    set_format,
    state,
)
from tests.table import a_table


async def code(database: Database, title: str) -> str:
    async with database.reading() as session:
        found = await session.scalars(select(Case).execution_options(**ACROSS_GROUPS))
        return next(case.code for case in found if case.title == title)


async def on_agenda(database: Database) -> list[str]:
    async with database.reading() as session:
        found = await session.scalars(
            select(Case)
            .join(AgendaItem, AgendaItem.case_id == Case.id)
            .order_by(AgendaItem.position)
            .execution_options(**ACROSS_GROUPS)
        )
        return [case.title for case in found]


async def in_state(database: Database) -> list[tuple[str, int]]:
    """The cases of the running meeting in their order, with their minutes."""
    kept = await state(database)
    assert kept is not None
    async with database.reading() as session:
        found = await session.scalars(select(Case).execution_options(**ACROSS_GROUPS))
        titles = {case.id: case.title for case in found}
    return [
        (titles[segment.case_id], sum(fitted.length for fitted in segment.phases))
        for segment in kept.segments
        if segment.case_id is not None
    ]


OWNERS = {"Stuck": "ana", "Ending": "ben", "Late": "chloe"}


async def left_out(database: Database) -> str:
    """The case that waits in the queue while the others are on the agenda."""
    (title,) = set(OWNERS) - {title for title, _ in await in_state(database)}
    return title


async def test_the_time_is_shared_and_said_when_it_begins(sqlite_database: Database) -> None:
    table = await before_the_meeting(sqlite_database, "ana", "ben", "dana")
    answer = await table.press("chloe", "Begin")
    assert answer == "The meeting has begun: 90 minutes, 2 cases, 30 minutes each."
    kept = await state(sqlite_database)
    assert kept is not None
    assert [segment.kind for segment in kept.segments] == ["arrival", "case", "case", "close"]


async def test_a_meeting_begun_late_takes_what_fits_and_the_rest_waits(
    sqlite_database: Database,
) -> None:
    table = await before_the_meeting(sqlite_database, "ana", "ben", "dana")
    await table.until(SECOND + 40 * MINUTE)
    assert "50 minutes, 1 case, 30 minutes" in await table.press("chloe", "Begin")
    assert len(await on_agenda(sqlite_database)) == 1
    await table.press("chloe", "End")
    await table.press("chloe", "Not reached")
    assert "@ana" in (queue := await table.say("chloe", "case queue"))
    assert "@ben" in queue


async def test_a_case_too_short_for_its_format_gets_another_and_it_is_said(
    sqlite_database: Database,
) -> None:
    table = await before_the_meeting(sqlite_database, "ana", "ben", "dana")
    await set_format(sqlite_database, "incident")

    answer = await table.press("chloe", "Begin")

    assert "its time is too short for One incident, so it is Balint-style" in answer


async def test_with_two_there_something_short_is_suggested_and_taken(
    sqlite_database: Database,
) -> None:
    table = await before_the_meeting(sqlite_database, "ana")
    assert "only two of you are here" in await table.press("chloe", "Begin")
    await table.say("ana", "meeting step step: next phase")
    assert "only two of you are here" in card(table)
    ((_, minutes), *_) = await in_state(sqlite_database)

    assert "as Three-way" in await table.press("chloe", "Use Three-way")

    kept = await state(sqlite_database)
    assert kept is not None
    slots = [s for s in kept.segments if s.format_id == "three_way"]
    assert len({s.presenter for s in slots}) == len(slots) == 2
    assert sum(f.length for s in slots for f in s.phases) == minutes
    assert "Use Three-way" not in labels(table)


async def test_a_case_is_added_dropped_and_put_first_before_it_opens(database: Database) -> None:
    table = await at_the_first_case(database, "ana", "ben", more="Late minutes: 40")
    first, second = [title for title, _ in await in_state(database)]
    more = await left_out(database)
    late = await code(database, more)
    await table.press("dana", "Agenda")

    assert f"@{OWNERS[more]} presents {more} today" in await table.press("dana", f"Add {late}")
    assert [title for title, _ in await in_state(database)] == [first, second, more]
    assert {minutes for _, minutes in await in_state(database)} == {28}

    await table.press("dana", f"{late} next")
    assert await on_agenda(database) == [more, first, second]
    assert more in card(table).split("\n")[1]

    other = await code(database, second)
    assert "waits for another meeting" in await table.press("dana", f"Drop {other}")
    assert [title for title, _ in await in_state(database)] == [more, first]
    assert await on_agenda(database) == [more, first]
    await table.press("chloe", "Open")
    assert "opened already" in await table.press("dana", f"Drop {late}")


async def test_when_the_presenter_is_missing_the_next_in_the_queue_can_take_over(
    database: Database,
) -> None:
    table = await before_the_meeting(database, more="Late minutes: 40")
    await table.press("dana", "Begin")
    await table.say("dana", "meeting step step: next phase")
    first, second = [title for title, _ in await in_state(database)]
    more = await left_out(database)
    assert f"@{OWNERS[first]} is not here yet" in card(table)

    answer = await table.press("dana", "Standby case")

    assert f"@{OWNERS[more]} presents {more} today" in answer
    assert [title for title, _ in await in_state(database)] == [more, second]
    assert more in card(table).split("\n")[1]
    assert first in await table.say("ana", "case queue")
    await table.press(OWNERS[more], "Join")
    assert "Standby case" not in labels(table)


async def test_a_case_that_is_withdrawn_meanwhile_is_not_waited_for(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    (first, _), (second, _) = await in_state(sqlite_database)

    withdrawn = await code(sqlite_database, first)
    await table.say(OWNERS[first], f"case withdraw case: {withdrawn}")

    assert second in card(table).split("\n")[1]
    await table.press("chloe", "Open")
    assert [title for title, _ in await in_state(sqlite_database)] == [second]


async def test_without_a_case_there_is_free_talk_until_somebody_brings_one(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.until(SECOND)
    assert "90 minutes, no case yet" in await table.press("ana", "Begin")
    assert "Then: Talk." in card(table)
    await table.say("ana", "meeting step step: next phase")
    assert "Start a round" in labels(table)

    await table.say("ben", "case add Sudden minutes: 30")
    await table.press("ana", "Agenda")
    await table.press("ana", f"Add {await code(sqlite_database, 'Sudden')}")

    assert "Then: @ben presents Sudden." in card(table)


async def test_a_format_chosen_while_a_meeting_runs_holds_for_the_cases_to_come(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    await table.press("chloe", "Open")
    opened = (await state(sqlite_database)).segments[1]  # type: ignore[union-attr]
    first, second = [await code(sqlite_database, title) for title in ("Stuck", "Ending")]

    late = await table.say("ana", f"meeting format format: tuning case: {first}")
    await table.say("ben", f"meeting format format: consultancy case: {second}")

    assert "That case has been opened already" in late
    kept = await state(sqlite_database)
    assert kept is not None
    assert kept.segments[1] == opened
    assert kept.segments[2].format_id == "consultancy"


async def test_a_case_that_is_being_heard_is_not_withdrawn(sqlite_database: Database) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben")
    await table.press("chloe", "Open")

    answer = await table.say("ana", f"case withdraw case: {await code(sqlite_database, 'Stuck')}")

    assert "being heard now" in answer
    assert "Stuck" in card(table)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ((None, None), "six_phase"),
        ((None, "tuning"), "tuning"),
        (("hypotheses", "tuning"), "hypotheses"),
        (("gone", "tuning"), "tuning"),
        (("async_case", None), "six_phase"),
    ],
)
def test_a_case_has_its_own_format_else_the_groups(
    chosen: tuple[str | None, str | None], expected: str
) -> None:
    assert in_force(bundled_formats(), *chosen).id == expected


def test_a_format_that_goes_round_gives_each_person_a_slot() -> None:
    formats = bundled_formats()
    slots = formats.find("equal_slots")
    assert slots is not None
    segments = segments_of(CaseSlot(9, 2, 40, slots), (1, 2, 3, 4))
    assert [segment.presenter for segment in segments] == [2, 1, 3, 4]
    assert {sum(f.length for f in s.phases) for s in segments} == {10}
    assert len(segments_of(CaseSlot(9, 2, 14, slots), (1, 2, 3, 4))) == 1
    by_five, by_three = (
        segments_of(CaseSlot(9, 2, 40, slots, facilitator=who), (1, 2, 3, 4)) for who in (5, 3)
    )
    assert {segment.facilitator for segment in by_five} == {5}
    assert {segment.facilitator for segment in by_three} == {None}, "three presents as well"
    assert fit_format(formats, slots, 20, 4) == (slots, None)
