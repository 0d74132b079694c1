"""A word that is put through everything people can write is in no file and in no log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.ops.backup import back_up
from tests.table import Table, a_table
from tests.test_forgetting import in_files

CANARY = "Zaunkoenig"

TYPED = (
    "group settings name: {w}",
    "group settings place: https://example.org/{w}",
    "group settings every: {w}",
    "group settings zone: {w}",
    "group settings first: {w}",
    "group settings call: {w}",
    "case add title: {w} question: {w} at the fence",
    "case add title: More {w} urgency: {w}",
    "case edit case: {w} title: {w}",
    "case edit title: Other {w} question: {w}",
    "case withdraw case: {w}",
    "case queue {w}",
    "case swap with: {w}",
    "meeting move date: {w} to: {w}",
    "meeting rsvp answer: {w}",
    "my settings zone: {w} quiet: {w}",
    "my away until: {w}",
    "rounds help command: {w}",
    "turn start order: {w}",
    "{w} {w}",
)


async def say_it_everywhere(table: Table) -> None:
    """Put the canary through every command, and through a meeting with its card and changes."""
    for typed in TYPED:
        await table.say("ana", typed.format(w=CANARY))
    await table.press("ben", "Undo")
    await table.wait(days=1, hours=9, minutes=30)
    assert "The meeting has begun" in await table.press("ben", "Begin")
    await table.press("ben", "End")
    await table.press("ben", "Done")
    await table.say("ana", "my export")
    await table.wait(hours=1)


async def test_the_canary_is_in_no_file_and_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with in_files(tmp_path) as database:
        table = await a_table(database, "ana", "ben", every="week")
        await say_it_everywhere(table)
        assert CANARY in "".join(one.text for one in table.stage.seen)
        back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert {"rounds.db", "rounds.db-wal", "rounds-keys.db", "monday.backup"} <= set(files)
    for name, content in files.items():
        for spelled in (CANARY, CANARY.lower(), CANARY.upper()):
            assert spelled.encode() not in content, name
            assert spelled.encode("utf-16-le") not in content, name
    assert CANARY.casefold() not in caplog.text.casefold()
