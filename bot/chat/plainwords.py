"""What people type, checked before anything else sees it."""

from __future__ import annotations

import re
import unicodedata

from bot.chat.replies import Text
from bot.errors import UsageError

BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of text around and can make it read as something else."""

EVERYBODY = re.compile(r"@(everyone|here|channel)\b|<!(everyone|here|channel|subteam)|<@&", re.I)


def read_words(typed: str, option: str, most: int, *, lines: bool = False) -> str:
    """The words as they may be kept, or a `UsageError` that says what is wrong with them."""
    words = typed.replace("\r\n", "\n").strip()
    # Composing letters takes long where somebody piles marks up; it shortens nothing by half.
    if len(words) <= 4 * most:
        words = unicodedata.normalize("NFC", words)
    problem = _problem(words, most, lines=lines)
    if problem is not None:
        raise UsageError(
            Text("{option} {problem}", option=option.capitalize(), problem=problem), option=option
        )
    return words if lines else " ".join(words.split())


def _problem(words: str, most: int, *, lines: bool) -> Text | None:
    if len(words) > most:
        return Text(
            "is {length} characters long; it can have at most {most}.", length=len(words), most=most
        )
    if EVERYBODY.search(words):
        return Text("must not call everybody: please leave out @ everyone, @ here and the like.")
    allowed = "\n\t" if lines else "\t"
    if any(c not in allowed and unicodedata.category(c) in ("Cc", "Cs") for c in words):
        return Text("holds a control character or a line break; please type it as plain words.")
    if any(c in BIDI for c in words):
        return Text("holds a hidden character that turns text around; please type it again.")
    return None
