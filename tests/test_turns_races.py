"""Sixteen people press the same card at once: one step, every Join, and nothing lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from bot.app import App
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Refusal
from bot.floor import RoundState, from_data
from bot.store.database import Database
from bot.store.tables import Round
from bot.turns.commands import COMMANDS as TURNS
from tests.circle import Circle, a_circle, action_of, words
from tests.databases import keyed

COMMANDS = Commands()
COMMANDS.include(TURNS)

NAMES = tuple(f"m{number:02}" for number in range(16))
IN_ROUND, LATE = NAMES[:6], NAMES[6:]


@pytest.fixture(params=["sqlite file", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that many can reach at once."""
    if request.param == "sqlite file":
        return f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
async def shared_database(shared_url: str) -> AsyncIterator[Database]:
    """A database that many can reach at once, with its tables."""
    database = keyed(shared_url)
    if database.is_sqlite:
        await database.create()
    yield database
    await database.close()


async def a_round_of_six(database: Database) -> Circle:
    """Six of sixteen members are at the meeting and in the round."""
    circle = await a_circle(database, COMMANDS, *NAMES)
    meeting = await circle.meeting(0, "begun")
    for name in IN_ROUND:
        await circle.answer(name, meeting, "going")
    await circle.say(NAMES[0], "/turn start as joined")
    return circle


async def state(circle: Circle) -> RoundState:
    async with circle.database.reading() as session:
        row = (await session.scalars(select(Round).where(Round.group_id == circle.group_id))).one()
    assert row.version == row.state["round"]["version"]
    return from_data(row.state["round"])


async def at_once(circle: Circle, pressed: dict[str, str]) -> dict[str, Answer]:
    """Everybody presses the card that all of them see."""
    seen = await circle.card("round")
    answers = await asyncio.gather(
        *(
            circle.app.press(circle.request(name), action_of(seen, label))
            for name, label in pressed.items()
        )
    )
    return dict(zip(pressed, answers, strict=True))


async def test_of_sixteen_presses_of_next_one_takes_effect(shared_database: Database) -> None:
    circle = await a_round_of_six(shared_database)

    answers = await at_once(circle, dict.fromkeys(NAMES, "Next"))

    after = await state(circle)
    assert after.version == 2
    assert after.floor.done == (circle.members[NAMES[0]],)
    assert after.floor.holder == circle.members[NAMES[1]]
    winners = [name for name, answer in answers.items() if answer is None]
    assert len(winners) == 1
    told = {words(answer) for answer in answers.values() if answer is not None}
    assert told == {f"@{winners[0]} was faster. @{NAMES[1]} has the floor."}


@pytest.mark.parametrize("first", [0, 9])
async def test_next_pass_and_join_at_once_lose_nothing(
    shared_database: Database, first: int
) -> None:
    circle = await a_round_of_six(shared_database)
    steps = dict(zip(IN_ROUND, ("Next", "Pass", "Next", "Pass", "Next", "Pass"), strict=True))
    joins = dict.fromkeys(LATE, "Join")
    everybody = list((steps | joins).items())
    order = everybody[first:] + everybody[:first]

    answers = await at_once(circle, dict(order))

    after = await state(circle)
    assert after.version == 2
    assert Counter(after.floor.members) == Counter(circle.members.values())
    assert set(after.floor.waiting[-10:]) == {circle.members[name] for name in LATE}
    assert all(answers[name] is None for name in LATE)
    winner, *others = [name for name in IN_ROUND if answers[name] is None]
    assert others == []
    first = circle.members[NAMES[0]]
    assert (after.floor.done, after.floor.passed) == (
        ((first,), ()) if steps[winner] == "Next" else ((), (first,))
    )
    assert sum(isinstance(answer, Refusal) for answer in answers.values()) == 5


async def test_back_and_next_at_once_are_one_step(shared_database: Database) -> None:
    circle = await a_round_of_six(shared_database)
    await circle.say(NAMES[0], "/turn next")

    answers = await at_once(
        circle, {name: "Back" if place % 2 else "Next" for place, name in enumerate(NAMES)}
    )

    after = await state(circle)
    assert after.version == 3
    assert sum(answer is None for answer in answers.values()) == 1
    assert len(after.before) in (0, 2)


async def test_a_join_pressed_twice_at_once_takes_effect_once(shared_database: Database) -> None:
    circle = await a_round_of_six(shared_database)
    seen = await circle.card("round")

    answers = await asyncio.gather(
        *(circle.press(name, seen, "Join") for name in (*LATE, *LATE[:6]))
    )

    after = await state(circle)
    assert Counter(after.floor.members) == Counter(circle.members.values())
    assert sum(answer is None for answer in answers) == len(LATE)
    assert all("already" in words(answer) for answer in answers if answer is not None)


@pytest.mark.parametrize("label", ["Next", "Join"])
async def test_the_same_request_delivered_four_times_has_one_effect(
    shared_database: Database, label: str
) -> None:
    circle = await a_round_of_six(shared_database)
    request = circle.request(LATE[0])
    action = action_of(await circle.card("round"), label)

    answers = await asyncio.gather(*(circle.app.press(request, action) for _ in range(4)))

    assert sum(answer is None for answer in answers) == 1
    assert {words(answer) for answer in answers if answer is not None} == {
        "I had that already; it is done once."
    }
    after = await state(circle)
    assert after.version == (2 if label == "Next" else 1)
    assert len(after.floor.members) == (6 if label == "Next" else 7)


async def test_a_typed_next_delivered_four_times_passes_the_turn_once(
    shared_database: Database,
) -> None:
    circle = await a_round_of_six(shared_database)
    request = circle.request(NAMES[0])

    await asyncio.gather(*(circle.app.typed(request, "turn", "next") for _ in range(4)))

    assert (await state(circle)).version == 2


async def test_starting_at_once_makes_one_round(shared_database: Database) -> None:
    circle = await a_circle(shared_database, COMMANDS, *NAMES)

    answers = await asyncio.gather(*(circle.say(name, "/turn start") for name in NAMES))

    assert sum(not isinstance(answer, Refusal) for answer in answers) == 1
    assert len(await circle.posts("round")) == 1
    assert (await state(circle)).version == 1


async def test_presses_in_two_processes_are_one_step(postgresql_url: str) -> None:
    here, there = keyed(postgresql_url), keyed(postgresql_url)
    circle = await a_round_of_six(here)
    seen = await circle.card("round")
    apps = (circle.app, App(there, Random(9), COMMANDS))

    answers = await asyncio.gather(
        *(
            apps[place % 2].press(
                circle.request(name), action_of(seen, "Join" if name in LATE else "Next")
            )
            for place, name in enumerate(NAMES)
        )
    )

    after = await state(circle)
    assert after.version == 2
    assert Counter(after.floor.members) == Counter(circle.members.values())
    assert sum(answer is None for answer in answers) == 1 + len(LATE)
    await here.close()
    await there.close()
