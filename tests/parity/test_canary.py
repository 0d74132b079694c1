"""One word that people put into everything they can is in no line of the log, on any platform."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated

import pytest
from sqlalchemy import select, text

from bot.chat.commands import Commands
from bot.context import Context
from bot.features import COMMANDS
from bot.store.database import Database
from bot.store.tables import Seen
from tests.circle import a_circle, words
from tests.logged import log_of
from tests.parity.on_console import play_on_console
from tests.parity.on_discord import on_discord
from tests.parity.on_slack import on_slack

CANARY = "Kanarienvogel"
START = "every: week weekday: tuesday time: 18:30 zone: Europe/Berlin"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Our own loggers at their most talkative."""
    with log_of("debug") as stream:
        yield stream


def _transcript() -> Iterator[str]:
    """A group whose people put the word wherever it fits, and where it does not."""
    yield "at 2026-03-02 09:00 Europe/Berlin"
    yield f"ana: /group start name: {CANARY} circle {START}"
    yield 'ana: press "Keep it"'
    yield 'ben: press "Join"'
    yield f"ana: /case add title: {CANARY} question: Why {CANARY}?"
    yield 'ana: press "Keep it"'
    yield 'ana: press "Edit"'
    yield f'ana: submit "Title"="{CANARY} again","Question"="{CANARY} again?"'
    yield 'ana: press "Keep it"'
    yield "ana: /case add"
    yield f'ana: submit "Title"="{CANARY} @everyone"'
    yield 'ana: press "Change it"'
    yield f'ana: submit "Title"="{CANARY}","Question"="{CANARY} <!here>"'
    yield 'ana: press "Keep it"'
    for command in COMMANDS:
        for option in command.options:
            if option.kind == "text":
                yield f"ben: /{command.name} {option.name}: {CANARY}"
            if option.is_words and not command.missing({option.name: CANARY}):
                yield 'ben: press "Keep it"'
    yield "+8d"
    yield "ana: /meeting begin"
    yield "ana: /case mine"
    yield "ana: /meeting end"
    yield "+8d"


async def _on_console(_: Database) -> None:
    lines = [*_transcript()]
    typed = [f"ana: /{root} {CANARY} {CANARY}: x" for root in ("case", "group", CANARY.lower())]
    await play_on_console([*lines, *typed])


async def _on_discord(database: Database) -> None:
    async with on_discord(database) as played:
        await played.carry_out(_transcript())


async def _on_slack(database: Database) -> None:
    async with on_slack(database) as played:
        await played.carry_out([*_transcript(), f"ana: /case {CANARY}"])


@pytest.mark.parametrize("on", [_on_console, _on_discord, _on_slack])
async def test_no_line_of_the_log_has_the_word(
    on: Callable[[Database], Awaitable[None]], sqlite_database: Database, log: io.StringIO
) -> None:
    await on(sqlite_database)
    assert CANARY not in log.getvalue()


async def _raise(context: Context, word: str) -> None:
    dict[str, str]()[word]


async def _refuse(context: Context, word: str) -> None:
    statement = text("INSERT INTO cases (id, space_id, group_id, code) VALUES (:id, 1, 1, :word)")
    await context.session.execute(statement, {"id": 1, "word": word})


@pytest.mark.parametrize("breaks", [_raise, _refuse])
async def test_a_mistake_of_ours_tells_where_and_not_on_which_word(
    breaks: Callable[[Context, str], Awaitable[None]], database: Database, log: io.StringIO
) -> None:
    commands = Commands()

    @commands.command("case add", writes=True, needs="member")
    async def add(context: Context, title: Annotated[str, "What it is about"]) -> None:
        """Break."""
        await breaks(context, title)

    circle = await a_circle(database, commands)
    answer = words(
        await circle.press("ana", await circle.say("ana", f"/case add {CANARY}"), "Keep it")
    )

    assert "went wrong on our side" in answer
    assert f"{breaks.__name__}" in log.getvalue()
    assert CANARY not in log.getvalue()


async def test_a_button_of_slack_s_that_carries_the_word_is_kept_without_it(
    sqlite_database: Database, log: io.StringIO
) -> None:
    async with on_slack(sqlite_database) as played:
        await played.carry_out([*_transcript()][:4])
        await played.carry_out(["ana: /case add", f'ana: submit "Title"="{CANARY} @here"'])
        await played.carry_out(['ana: press "Change it"'])
    async with sqlite_database.reading() as session:
        seen = (await session.scalars(select(Seen.key))).all()
    assert seen
    assert CANARY not in str(seen)
