"""A meeting of ninety minutes with two cases and five people reads the same on all platforms."""

from __future__ import annotations

from functools import cache, partial

import pytest

from bot.formats.reading import bundled_formats
from bot.store.database import Database
from tests.live.script import PREPARED, Script, choose_formats
from tests.parity.on_console import play_on_console
from tests.parity.on_discord import on_discord
from tests.parity.on_slack import on_slack

CASES = ("structured", "perspectives")
"""Between them rounds, questions, free talk, silence, and phases in which only one speaks."""

ON = {"discord": on_discord, "slack": on_slack}


@cache
def _script() -> list[str]:
    first, second = (bundled_formats().find(id) for id in CASES)
    assert first
    assert second
    return [line.text for line in Script(first, second).lines]


@pytest.mark.parametrize("platform", sorted(ON))
async def test_a_whole_meeting_gives_the_same_words_on_console_and(
    sqlite_database: Database, platform: str
) -> None:
    arrange = partial(choose_formats, first=CASES[0], second=CASES[1])
    console = await play_on_console(_script(), (PREPARED, arrange))
    async with ON[platform](sqlite_database) as played:
        await played.carry_out(PREPARED)
        await arrange(sqlite_database)
        other = await played.carry_out(_script())

    assert other.places == console.places
    for place in sorted(console.places):
        assert other.seen_by(place) == console.seen_by(place), place
