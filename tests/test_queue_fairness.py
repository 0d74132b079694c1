"""Many meetings in a row, kept in the database: everybody has their turn."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from bot.queue.reading import read_agenda
from bot.store.database import Database
from bot.store.tables import Group, Meeting
from tests.case_circle import a_queue, brings, hold
from tests.circle import Circle

URGENCIES = ("routine", "soon", "before next meeting")


async def hold_next(circle: Circle, rng: Random, urgencies: tuple[str, ...]) -> list[str]:
    """Everybody brings another case; then a meeting is held that hears its whole agenda."""
    for name in circle.names:
        more = f"minutes: {rng.randint(10, 76)} urgency: {rng.choice(urgencies)}"
        await brings(circle, name, f"Case {name[0]}{circle.now:%j}", more)
    meeting = await circle.meeting(1)
    async with circle.database.reading() as session:
        group = await session.get_one(Group, circle.group_id)
        found = select(Meeting).where(Meeting.group_id == group.id, Meeting.id == meeting)
        agenda = await read_agenda(session, group, (await session.scalars(found)).one())
    await hold(circle, meeting, *(place.case.title for place in agenda.places))
    circle.now += timedelta(days=2)
    return [place.member.ref for place in agenda.places]


@pytest.mark.parametrize("seed", range(3))
async def test_with_routine_cases_everybody_presents_equally_often(
    sqlite_database: Database, seed: int
) -> None:
    circle = await a_queue(sqlite_database, "ana", "ben", "chloe", "dan")
    rng, heard = Random(seed), Counter(dict.fromkeys(("ana", "ben", "chloe", "dan"), 0))

    for _ in range(9):
        for name in await hold_next(circle, rng, ("routine",)):
            heard[name] += 1
            assert max(heard.values()) - min(heard.values()) <= 1


@pytest.mark.parametrize("seed", range(3))
async def test_with_urgent_cases_nobody_waits_more_than_two_rounds(
    sqlite_database: Database, seed: int
) -> None:
    circle = await a_queue(sqlite_database, "ana", "ben", "chloe", "dan")
    rng, heard = Random(seed), []

    for _ in range(9):
        heard += await hold_next(circle, rng, URGENCIES)

    for name in circle.names:
        turns = [-1, *(at for at, who in enumerate(heard) if who == name)]
        assert max(later - turn for turn, later in pairwise(turns)) <= 8
