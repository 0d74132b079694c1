"""What a case is called: a few characters that say nothing about anybody."""

from __future__ import annotations

from random import Random

ALPHABET = "CDFGHJKMNPQRTVWX34679"
"""No vowels, so that no code is a word; nothing that is easily taken for something else."""
LENGTH = 4


def draw_code(rng: Random) -> str:
    """A code by chance alone; whoever inserts it sees whether the group has it already."""
    return "".join(rng.choices(ALPHABET, k=LENGTH))


def read_code(typed: str) -> str:
    """The code in what was typed: `kxqt`, `#KXQT` or a whole suggestion, `KXQT — title`."""
    first = typed.strip().lstrip("#(").split(maxsplit=1)[:1]
    return first[0].rstrip(").,:").upper() if first else ""
