"""The guard: what in a text could identify somebody, and the text without it.

It works by rules and word lists alone: no language model, no network, and nothing it reads is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.privacy.dates import dates
from bot.privacy.formats import formats
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.initials import initials
from bot.privacy.names import names
from bot.privacy.numbers import numbers
from bot.privacy.orgs import orgs
from bot.privacy.places import places
from bot.privacy.plain import Plain, plain
from bot.privacy.redaction import redacted
from bot.privacy.singular import singular
from bot.privacy.tokens import sentence
from bot.privacy.words import load as _load_words

__all__ = ["Identifier", "Kind", "Tier", "find", "load", "redact", "spans"]


def load() -> None:
    """Load the word lists now, so that the first text need not wait for them."""
    find("Nobody is named here.")


def find(text: str) -> list[Identifier]:
    """Everything in the text that could identify somebody, in order and without overlaps."""
    said = plain(text)
    found = sorted(_found(said), key=lambda one: (one.start, -one.end))
    return [_in_original(one, said) for one in _joined(found)]


def redact(text: str, found: list[Identifier]) -> str:
    """The text with a placeholder for each of these; what is left passes the guard too."""
    return redacted(text, found, find)


def spans(text: str) -> list[tuple[int, int, str]]:
    """What is found as start, end and kind."""
    return [(one.start, one.end, one.kind.value) for one in find(text)]


def _found(said: Plain) -> Iterator[Identifier]:
    yield from formats(said.text)
    yield from numbers(said.text)
    yield from dates(said.text)
    yield from singular(said.text)
    cut = sentence(said.text, _load_words(), said.accents)
    yield from places(cut)
    yield from orgs(cut)
    yield from names(cut)
    yield from initials(cut)


def _joined(found: list[Identifier]) -> list[Identifier]:
    """One identifier for each stretch of overlapping ones, of the longest one's kind."""
    joined: list[Identifier] = []
    for one in found:
        if joined and one.start < joined[-1].end:
            last = joined[-1]
            best = max(last, one, key=_weight)
            tier = Tier.BLOCK if Tier.BLOCK in (last.tier, one.tier) else Tier.ASK
            end = max(last.end, one.end)
            joined[-1] = Identifier(best.kind, last.start, end, tier, best.reason)
        else:
            joined.append(one)
    return joined


def _weight(one: Identifier) -> tuple[float, bool]:
    """Which of two kinds names it better: the longer, unless it says hardly anything."""
    vague = one.kind in (Kind.PHONE, Kind.OTHER_ID)
    return (one.end - one.start) * (0.5 if vague else 1), one.tier is Tier.BLOCK


def _in_original(one: Identifier, said: Plain) -> Identifier:
    start, end = said.span(one.start, one.end)
    return Identifier(one.kind, start, end, one.tier, one.reason)
