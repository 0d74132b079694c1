"""What an author reads when something they wrote could point to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.chat.replies import Bold, Text, lines, sentences
from bot.privacy.identifier import Identifier

MOST_SHOWN = 6
"""Finds that are named one by one: more than this is no longer read on a phone."""

FAILED = Text(
    "I cannot check for names and the like just now, so I have kept nothing of it. "
    "Please try again later, or tell whoever runs me."
)
NO_LONGER_HELD = Text(
    "I no longer have what you wrote: until you decide I remember it for a short while only. "
    "Please write it again."
)


class Found(Protocol):
    """A text with what was found in it."""

    @property
    def option(self) -> str:
        """Where it was written."""

    @property
    def text(self) -> str:
        """What was written."""

    @property
    def found(self) -> list[Identifier]:
        """What in it could point to somebody."""

    @property
    def better(self) -> str | None:
        """How it reads without."""


def found(hits: Sequence[Found], *, may_use: bool, may_keep: bool) -> Text:
    """What could point to somebody, how it would read without, and what can be done now."""
    return lines(
        Text("This could point to somebody, so I have kept nothing yet."),
        *(_one(hit) for hit in hits),
        _next(may_use, may_keep),
    )


def _one(hit: Found) -> Text:
    name = Bold(hit.option.capitalize())
    because = Text("Because of {finds}.", finds=_finds(hit.text, hit.found))
    if hit.better is None:
        return Text("{name}: {because}", name=name, because=because)
    return lines(Text("{name}: {better}", name=name, better=hit.better), because)


def _finds(text: str, found: Iterable[Identifier]) -> Text:
    reasons: dict[str, str] = {}
    for one in found:
        reasons.setdefault(text[one.start : one.end], one.reason)
    shown = list(reasons.items())[:MOST_SHOWN]
    parts = [Text("“{said}” (" + why + ")", said=said) for said, why in shown]
    more = len(reasons) - len(shown)
    named = {f"p{n}": part for n, part in enumerate(parts)}
    joined = Text(", ".join("{" + name + "}" for name in named), **named)
    return Text("{joined} and {more} more", joined=joined, more=more) if more else joined


def _next(may_use: bool, may_keep: bool) -> Text:
    return sentences(
        Text("“Use this” takes the words above.")
        if may_use
        else Text("Please say it in other words."),
        Text("“Keep it” leaves yours as they are, if nobody can be recognised by them.")
        if may_keep
        else None,
    )
