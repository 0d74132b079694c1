"""Two spaces with the same channels and the same people never see or touch each other's rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.chat.replies import Answer, Form
from bot.chat.requests import Request
from bot.features import COMMANDS
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.live_tables import Intention, Recusal, TakeAway
from bot.store.tables import Case, Group, Member, Space, Table
from bot.store.written_tables import Contribution, WrittenCase
from tests.circle import action_of, labels, words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NORTH, SOUTH = "north", "south"
OPTIONS = {
    "case": "code",
    "member": "@ana",
    "with": "@ana",
    "title": "Mine",
    "date": "2026-03-10",
    "to": "2026-03-11 18:00",
    "answer": "going",
    "until": "2026-04-01",
    "name": "Mine",
    "every": "week",
    "weekday": "tuesday",
    "time": "18:30",
    "zone": "UTC",
}
GONE = update(Member).where(Member.ref == "chloe").values(gone=True)
"""Somebody whose place may be freed."""

WORDS = ("going", "facilitator", "done", "name", "kept", "case")
"""Words that buttons carry beside their numbers."""


@dataclass
class Tenant:
    """A space whose people speak; the names of channels and people are the same everywhere."""

    app: App
    space: str | None
    now: datetime = NOW
    asked: int = 0

    def request(self, person: str, channel: str | None = "table") -> Request:
        """Somebody asks something now."""
        self.asked += 1
        number = f"{self.space}{self.asked}"
        return Request(number, "console", self.space, channel, person, self.now)

    async def say(self, person: str, typed: str, channel: str = "table") -> Answer:
        """Somebody types a command."""
        root, _, rest = typed.partition(" ")
        answer = await self.app.typed(self.request(person, channel), root, rest)
        if "It is de-identified" in labels(answer) and typed.startswith("case add"):
            action = action_of(answer, "It is de-identified")
            return await self.app.press(self.request(person, channel), action)
        return answer

    async def settle(self) -> str:
        """A group with a case, a swap, a removal, a running meeting and a round: its case's code.

        All that people write names the space, so that a leak can be seen.
        """
        start = "every: week weekday: tuesday time: 18:30 zone: UTC"
        await self.say("ana", f"group start name: Group of {self.space} {start}")
        for person in ("ben", "chloe", f"only-{self.space}"):
            await self.say(person, "group join")
        case = await self.say(
            "ana", f"case add title: Title of {self.space} question: {self.space}"
        )
        await self.say("ben", f"case add title: Other of {self.space}")
        await self.say("ana", "case swap with: @ben")
        async with self.app.database.writing() as session:
            await session.execute(GONE, execution_options=ACROSS_GROUPS)
        await self.say("ana", "group remove member: @chloe")
        await self.say("ana", "meeting skip date: 2026-03-17")
        self.now += timedelta(days=8, hours=9, minutes=20)
        await self.say("ana", "meeting begin")
        await self.say("ana", "turn start")
        await self.write()
        found = re.search(r"\(([0-9A-Z]{4})\)", words(case))
        assert found is not None
        return found[1]

    async def write(self) -> None:
        """What ana has written beside her case: in writing, as a meeting closed, for herself."""
        async with self.app.database.writing() as session:
            which = select(Case, Group.live_id).join(Group, Group.id == Case.group_id)
            mine = which.join(Space, Space.id == Case.space_id).where(Space.ref == self.space)
            found = await session.execute(mine.order_by(Case.id), execution_options=ACROSS_GROUPS)
            case, meeting = found.first() or (None, None)
            assert case is not None
            of = {
                "space_id": case.space_id,
                "group_id": case.group_id,
                "member_id": case.member_id,
            }
            times = dict.fromkeys(("began_at", "ends_at", "last_at"), self.now)
            written = WrittenCase(**of, **times, case_id=case.id, phases=[], state="over")
            session.add_all([written, Recusal(**of, case_id=case.id)])
            await session.flush()
            for row in (
                Intention(**of, meeting_id=meeting),
                TakeAway(**of, meeting_id=meeting),
                Contribution(
                    **of, written_id=written.id, case_id=case.id, phase=0, written_at=self.now
                ),
            ):
                row.text = f"Written in {self.space}"
                session.add(row)


def shown(answer: Answer) -> str:
    """All that somebody sees of an answer, what stands in a form included."""
    if isinstance(answer, Form):
        return f"{answer.title} {[given.value for given in answer.inputs]}"
    return "" if answer is None else words(answer) + str(getattr(answer, "buttons", ""))


async def rows_of(database: Database, space: int) -> dict[str, list[Any]]:
    """Every row of a space."""
    found = {}
    async with database.reading() as session:
        for table in Table.metadata.sorted_tables:
            own = table.c.get("id" if table.name == "spaces" else "space_id")
            if own is not None:
                rows = await session.execute(
                    select(table).where(own == space).order_by(table.c.id),
                    execution_options=ACROSS_GROUPS,
                )
                found[table.name] = [tuple(row) for row in rows]
    return found


def presses(code: str) -> Iterator[tuple[str, str]]:
    """Every action there is, with numbers and codes that are rows of the first space."""
    for name, action in {**COMMANDS.actions, **COMMANDS.submissions}.items():
        kinds = [("1", "2") if kind is int else (code, *WORDS) for kind in action.arguments]
        for arguments in product(*kinds):
            yield name, ":".join(("", *arguments))


def commands(code: str) -> Iterator[str]:
    """Every command there is, its options given and naming what the first space has."""
    for name, command in COMMANDS.commands.items():
        given = [
            f"{option.name}: {code if option.name == 'case' else OPTIONS[option.name]}"
            for option in command.options
            if option.name in OPTIONS
        ]
        yield " ".join((name, *given))
        yield name


@pytest.fixture
async def app(sqlite_database: Database) -> App:
    """The bot where nothing but its own statements keeps spaces apart."""
    return App(sqlite_database, Random(3))


async def test_no_press_reaches_a_row_of_another_space(app: App) -> None:
    north, south = Tenant(app, NORTH), Tenant(app, SOUTH)
    code = await north.settle()
    await south.settle()
    before = await rows_of(app.database, 1)
    assert {name for name, rows in before.items() if rows} == set(before), "a kind has no row"
    alone = Tenant(app, None, south.now)

    # Where rows are of the first space, their numbers are 1 and 2.
    for name, arguments in presses(code):
        for group, tenant, person in (
            (1, south, "ana"),
            (2, south, "ana"),
            (1, alone, f"only-{SOUTH}"),
            (1, Tenant(app, "third", south.now, alone.asked), "ana"),
        ):
            action = f"{name}:{group}{arguments}"
            channel = None if tenant.space is None else "table"
            request = tenant.request(person, channel)
            if name in COMMANDS.submissions:
                answer = await app.submit(request, action, {"name": "Mine"})
            else:
                answer = await app.press(request, action)
            alone.asked += 1
            assert NORTH not in shown(answer), action
            assert "went wrong" not in shown(answer), action
        assert await rows_of(app.database, 1) == before, name


async def test_no_command_reaches_a_row_of_another_space(app: App) -> None:
    north, south = Tenant(app, NORTH), Tenant(app, SOUTH)
    code = await north.settle()
    await south.settle()
    before = await rows_of(app.database, 1)
    alone = Tenant(app, None, south.now)

    for typed in commands(code):
        for answer in (
            await south.say("ana", typed),
            await south.say("eve", typed, "hall"),
            await alone.say(f"only-{SOUTH}", typed),
            await Tenant(app, "third", south.now, south.asked).say("ana", typed),
        ):
            assert NORTH not in shown(answer), typed
            assert "went wrong" not in shown(answer), typed
        for verb in ("do", "edit", "form"):
            name = typed.split(":")[0].rsplit(" ", 1)[0] if ":" in typed else typed
            action = f"{verb}:1:{name}:case={code}"
            request = south.request("ana")
            if verb == "form":
                answer = await app.submit(request, action, {"case": code})
            else:
                answer = await app.press(request, action)
            assert NORTH not in shown(answer), action
    assert await rows_of(app.database, 1) == before


async def test_what_is_suggested_is_of_ones_own_space(app: App) -> None:
    await Tenant(app, NORTH).settle()
    south = Tenant(app, SOUTH)
    await south.settle()
    for name, command in COMMANDS.commands.items():
        for option in command.options:
            offered = await app.suggest(south.request("ana"), name, option.name, "")
            assert NORTH not in str(offered), (name, option.name)
