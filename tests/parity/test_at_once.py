"""Sixteen people on one card at the same moment, through the real libraries; and repetitions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from adapters.console.grammar import Action, Deed, Press, Type
from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Case, Member, Round, Table
from tests.databases import keyed
from tests.parity.appeared import Appeared
from tests.parity.on_discord import on_discord
from tests.parity.on_slack import on_slack
from tests.parity.played import Played

Row = TypeVar("Row", bound=Table)

PEOPLE = [f"p{n}" for n in range(16)]
SEATS = PEOPLE[:12]
START = "start name: Our table every: week weekday: sunday time: 18:30 zone: Europe/Berlin size: 12"


@pytest.fixture(params=["discord", "slack"])
async def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Played]:
    """A group that was just started, on each platform."""
    database = keyed(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    await database.create()
    on = {"discord": on_discord, "slack": on_slack}[request.param]
    try:
        async with on(database) as played:
            await at_once(played, PEOPLE[:1], Type("group", START))
            yield played
    finally:
        await database.close()


async def at_once(played: Played, people: Sequence[str], *actions: Action) -> list[Appeared]:
    """People do things at the same moment, the actions going round; what came of it."""
    before = len(played.play.appeared)
    deeds = [Deed(who, "table", actions[n % len(actions)]) for n, who in enumerate(people)]
    await asyncio.gather(*(played.act(deed) for deed in deeds))
    await played.settle()
    return played.play.appeared[before:]


async def everybody_in(played: Played, but: Sequence[str] = ()) -> None:
    """Twelve people take their seats at once."""
    await at_once(played, [who for who in SEATS[1:] if who not in but], Press("Join"))


def saying(seen: Sequence[Appeared], words: str) -> list[Appeared]:
    """What says this."""
    return [one for one in seen if words in "\n".join(one.words)]


def edits(seen: Sequence[Appeared]) -> list[Appeared]:
    """The changes of cards in the channel."""
    return [one for one in seen if one.kind == "edit" and one.to == "#table"]


async def rows(played: Played, table: type[Row]) -> Sequence[Row]:
    """Everything that was written down of one kind."""
    async with played.app.database.reading() as session:
        found = await session.scalars(select(table), execution_options=ACROSS_GROUPS)
        return found.all()


async def test_sixteen_press_join_at_once_and_twelve_have_a_seat(crowd: Played) -> None:
    seen = await at_once(crowd, PEOPLE, Press("Join"))
    replies = [one for one in seen if one.kind == "reply"]
    assert sorted(one.to for one in replies) == sorted(f"@{who}" for who in PEOPLE)
    assert len(saying(replies, "Welcome")) == 11
    assert len(saying(edits(seen), "12 of 12")) == 1
    active = [m for m in await rows(crowd, Member) if m.state == "active"]
    assert len(active) == 12


async def test_of_all_who_press_next_or_pass_one_is_first_and_the_others_are_told(
    crowd: Played,
) -> None:
    await everybody_in(crowd)
    await at_once(crowd, PEOPLE[:1], Type("turn", "start order: as joined"))
    seen = await at_once(crowd, PEOPLE, Press("Next"), Press("Pass"))
    assert len(edits(seen)) == 1
    replies = [one for one in seen if one.kind == "reply"]
    assert len(replies) == 15
    assert len(saying(replies, "was faster")) == 11
    assert {one.to for one in saying(replies, "for members")} == {f"@{w}" for w in PEOPLE[12:]}
    (running,) = await rows(crowd, Round)
    assert running.version == 2


async def test_a_whole_round_in_which_four_always_press_next_asks_everybody_once(
    crowd: Played,
) -> None:
    await everybody_in(crowd)
    await at_once(crowd, PEOPLE[:1], Type("turn", "start order: as joined"))
    held = []
    for step in range(len(SEATS)):
        card = [one for one in crowd.play.appeared if one.to == "#table"][-1]
        (holder,) = re.findall(r"@(\w+) has the floor", "\n".join(card.words))
        held.append(holder)
        four = [SEATS[(step + n) % len(SEATS)] for n in range(4)]
        assert len(edits(await at_once(crowd, four, Press("Next")))) == 1
    assert sorted(held) == sorted(SEATS)
    assert saying(crowd.play.appeared, "The round is over")


async def test_who_presses_join_again_and_again_is_asked_once(crowd: Played) -> None:
    late = SEATS[8:]
    await everybody_in(crowd, but=late)
    await at_once(crowd, PEOPLE[:1], Type("turn", "start order: as joined"))
    # The newest Join stands on the round's card: they take their seats by typing.
    await at_once(crowd, late, Type("group", "join"))
    seen = await at_once(crowd, late * 4, Press("Join"))
    *_, card = edits(seen)
    words = "\n".join(card.words)
    assert sorted(re.findall(r"@(\w+)", words)) == sorted(SEATS)


async def test_what_is_told_four_times_has_one_effect(crowd: Played) -> None:
    await everybody_in(crowd)
    for number in range(2):
        adding = Type("case", f"add title: Case {number}")
        await crowd.four_times(Deed("p1", "table", adding))
    await crowd.settle()
    titles = [case.title for case in await rows(crowd, Case)]
    assert titles == ["Case 0", "Case 1"]

    await at_once(crowd, PEOPLE[:1], Type("turn", "start order: as joined"))
    await crowd.four_times(Deed("p1", "table", Press("Next")))
    await crowd.settle()
    (running,) = await rows(crowd, Round)
    assert running.version == 2
