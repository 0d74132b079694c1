"""One conversation, written as a transcript of the console, gives the same words everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.console.grammar import Deed, Type, read_line
from bot.features import COMMANDS
from bot.store.database import Database
from tests.parity.appeared import Play
from tests.parity.on_console import play_on_console
from tests.parity.on_discord import on_discord
from tests.parity.on_slack import on_slack

TRANSCRIPT = Path(__file__).with_name("conversation.txt").read_text("utf-8").splitlines()


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Database]:
    database = Database("sqlite+aiosqlite://")
    await database.create()
    try:
        yield database
    finally:
        await database.close()


async def _play(platform: str) -> Play:
    on = {"discord": on_discord, "slack": on_slack}[platform]
    async with _in_memory() as database, on(database) as played:
        return await played.carry_out(TRANSCRIPT)


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_the_same_conversation_gives_the_same_words_on_console_and(platform: str) -> None:
    console, other = await play_on_console(TRANSCRIPT), await _play(platform)

    assert other.places == console.places
    for place in sorted(console.places):
        assert other.seen_by(place) == console.seen_by(place), place


def test_the_conversation_has_every_command_in_it() -> None:
    deeds = [line for line in map(read_line, TRANSCRIPT) if isinstance(line, Deed)]
    typed = [deed.action for deed in deeds if isinstance(deed.action, Type)]
    said = {f"{action.root} {action.text.split(' ')[0]}" for action in typed}
    assert {command.name for command in COMMANDS} - said == set()
