"""The compiled word lists, loaded when the first text is looked at."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from marisa_trie import RecordTrie

LISTS = Path(__file__).parent / "lists"
FLAGS = "<H"
"""How the flags of a word are stored."""


class Is(IntEnum):
    """What a word is known as, each a bit of one number; it can be several things."""

    WORD = 1
    EITHER = 2
    COMMON = 4
    GIVEN = 8
    SURNAME = 16
    TOWN = 32
    TOWNLIKE = 64
    VIRTUE = 128
    HELPER = 256
    FREQUENT = 512
    PEOPLE = 1024
    """Allowed, but somebody when it has a capital."""
    PLAIN = 2048
    """Among the words that everybody uses, and hardly ever a town for it."""
    BEGINS = 4096
    """The first word of a place of several words."""


NAMES = Is.COMMON | Is.GIVEN
"""Given names that are no everyday words."""
_HUMAN = Is.COMMON | Is.EITHER


@dataclass(frozen=True, slots=True)
class Words:
    """What every known word is, places of several words, and what is allowed."""

    known: RecordTrie
    """The flags of words, and of places of several words with blanks between, as one number."""
    allowed: frozenset[str]
    brands: frozenset[str]
    """Employers and schools that people talk about for other reasons as well."""
    phrases: dict[str, list[tuple[str, ...]]]
    """Allowed expressions of several words by their first one, the longest first."""
    authors: frozenset[str]
    """The surnames of authors, those that are given names as well among them."""
    methods: frozenset[str]
    """Tests and ways of working of one word."""

    def of(self, word: str) -> int:
        """The flags of a word or place in small letters."""
        return _flags(self.known, word)


@lru_cache(maxsize=1)
def load() -> Words:
    """All lists; the words stay in their file, which the system maps into memory."""
    known = RecordTrie(FLAGS).mmap(str(LISTS / "words.marisa"))
    return Words(known, *_allowed(known), *_authorities())


def _flags(known: RecordTrie, word: str) -> int:
    found = known.get(word)
    return found[0][0] if found else 0


def _allowed(
    known: RecordTrie,
) -> tuple[frozenset[str], frozenset[str], dict[str, list[tuple[str, ...]]]]:
    single: set[str] = set()
    brands: set[str] = set()
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for group in _groups():
        for entry in group["words"].split(";"):
            parts = tuple(split(entry))
            if not parts:
                continue
            if len(parts) == 1:
                if not (group.get("unless_a_name") and _flags(known, parts[0]) & _HUMAN):
                    single.add(parts[0])
                continue
            bare = tuple(part.removesuffix("'s") for part in parts)
            phrases.setdefault(bare[0], []).append(bare)
            given = _flags(known, parts[-1]) & (
                _HUMAN | (Is.FREQUENT if group.get("unless_frequent") else 0)
            )
            given = given and parts[-1] not in group.get("also", ())
            if group.get("surname_alone") and not given:
                single.add(parts[-1])
    listed = employers()
    for entry in (*listed["known"], *listed["schools"]):
        parts = tuple(split(entry))
        if len(parts) == 1:
            brands.add(parts[0])
        elif parts:
            phrases.setdefault(parts[0], []).append(parts)
    for entries in phrases.values():
        entries.sort(key=len, reverse=True)
    return frozenset(single | brands), frozenset(brands), phrases


@lru_cache(maxsize=1)
def employers() -> dict[str, list[str]]:
    """The names of each list of employers, in small letters without accents."""
    lists = tomllib.loads((LISTS / "employers.toml").read_text("utf-8"))
    return {name: folded(entries).split(";") for name, entries in lists.items()}


@lru_cache(maxsize=1)
def _groups() -> list[dict[str, Any]]:
    listed = tomllib.loads((LISTS / "allowed.toml").read_text("utf-8"))
    return [group | {"words": folded(group["words"])} for group in listed["group"]]


def _authorities() -> tuple[frozenset[str], frozenset[str]]:
    """The surnames of authors, and tests and ways of working."""
    authors: set[str] = set()
    methods: set[str] = set()
    for group in _groups():
        entries = [split(entry) for entry in group["words"].split(";")]
        if "surname_alone" in group:
            authors |= {parts[-1] for parts in entries if parts}
        elif group["reason"] in ("test, scale or measure", "way of working"):
            methods |= {parts[0] for parts in entries if len(parts) == 1}
    return frozenset(authors), frozenset(methods)


def folded(text: str) -> str:
    """In small letters, without accents."""
    spread = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O"))
    return "".join(char for char in spread if not unicodedata.combining(char)).lower()


def split(text: str) -> list[str]:
    """The words of an allowed expression, as the guard cuts texts into words."""
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.replace("’", "'"))
