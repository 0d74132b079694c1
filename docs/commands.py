"""The README's table of commands, written from their declarations."""

from __future__ import annotations

from pathlib import Path

from bot.features import COMMANDS
from bot.rounds.help import command_table

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- commands: `make docs` writes this table from the declarations -->"
END = "<!-- end of commands -->"


def with_table(readme: str) -> str:
    """The README with today's table between its two markers."""
    before, found, rest = readme.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{README} has lost the markers of its table of commands")
    return f"{before}{BEGIN}\n{command_table(COMMANDS)}{END}{after}"
