"""One conversation, written as a transcript of the console, gives the same words everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.console.grammar import Deed, Type, read_line
from bot.features import COMMANDS
from bot.store.database import Database
from tests.parity.on_console import play_on_console
from tests.parity.on_discord import on_discord
from tests.parity.on_slack import on_slack

TRANSCRIPT = Path(__file__).with_name("conversation.txt").read_text("utf-8").splitlines()


ON = {"discord": on_discord, "slack": on_slack}


@pytest.mark.parametrize("platform", sorted(ON))
async def test_the_same_conversation_gives_the_same_words_on_console_and(
    sqlite_database: Database, platform: str
) -> None:
    console = await play_on_console(TRANSCRIPT)
    async with ON[platform](sqlite_database) as played:
        other = await played.carry_out(TRANSCRIPT)

    assert other.places == console.places
    for place in sorted(console.places):
        assert other.seen_by(place) == console.seen_by(place), place


def test_the_conversation_has_every_command_in_it() -> None:
    deeds = [line for line in map(read_line, TRANSCRIPT) if isinstance(line, Deed)]
    typed = [deed.action for deed in deeds if isinstance(deed.action, Type)]
    said = {f"{action.root} {action.text.split(' ')[0]}" for action in typed}
    assert {command.name for command in COMMANDS} - said == set()
