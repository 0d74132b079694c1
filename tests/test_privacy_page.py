"""The privacy page: it lists every field that is stored, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from bot.groups.settings import COMMANDS
from bot.keys import store
from bot.store.tables import Table

PAGE = (Path(__file__).parent.parent / "docs/privacy.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| `\w+\.\w+`", line)]


def test_the_page_lists_every_field_of_every_table_once() -> None:
    listed = [name for row in ROWS for name in re.findall(r"`(\w+\.\w+)`", row.split(" | ")[0])]
    stored = {
        f"{table.name}.{column.name}"
        for metadata in (Table.metadata, store.metadata)
        for table in metadata.sorted_tables
        for column in table.columns
    }

    assert sorted(listed) == sorted(stored)


def test_each_line_says_why_for_how_long_and_who_sees_it() -> None:
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4, row
        assert all(cells), row


def test_no_contents_are_said_to_be_open_to_whoever_runs_it() -> None:
    for row in ROWS:
        if "_sealed`" in row:
            assert "encrypted" in row
            assert "no operator without the keys" in row


def test_the_setting_it_names_is_there() -> None:
    assert "/group settings keep: 14" in PAGE
    assert "keep" in {option.name for option in COMMANDS.commands["group settings"].options}
