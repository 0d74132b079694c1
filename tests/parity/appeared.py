"""What appeared before people, written plainly: the same words whichever platform showed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from bot.chat.replies import Moment, plain_moment

ZONE = "Europe/Berlin"
"""The zone of the group, and of everybody in the conversation."""

Kind = Literal["reply", "post", "edit", "form"]
Style = Literal["full", "date", "time", "left"]


@dataclass(frozen=True)
class Blank:
    """One field of a form: its label, what stands in it, its hint and its choices."""

    label: str
    value: str
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Appeared:
    """One thing that somebody saw: where, what it says, and what can be pressed or filled in."""

    to: str
    kind: Kind
    words: tuple[str, ...]
    buttons: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    calls: frozenset[str] = frozenset()
    """Who is pinged by it."""

    def __str__(self) -> str:
        """For whoever reads why a test failed."""
        calls = f" calling {', '.join(sorted(self.calls))}" if self.calls else ""
        rows = [f"{self.kind} to {self.to}{calls}", *(f"  | {line}" for line in self.words)]
        rows += [f"  | {b.label}: {b.value!r} ({b.hint}) {b.choices}" for b in self.blanks]
        return "\n".join(rows + ([f"  | [{'] ['.join(self.buttons)}]"] if self.buttons else []))


@dataclass
class Play:
    """All that appeared in a conversation, and the state in which each message was last seen."""

    appeared: list[Appeared] = field(default_factory=list)
    standing: dict[str, Appeared] = field(default_factory=dict)

    def note(self, what: Appeared, message: str | None = None) -> None:
        """Write it down; an edit after which a message looks the same did not appear."""
        if what.kind == "edit" and message is not None:
            before = self.standing[message]
            if (before.words, before.buttons) == (what.words, what.buttons):
                return
        if message is not None:
            self.standing[message] = what
        self.appeared.append(what)

    def seen_by(self, to: str) -> list[str]:
        """What appeared in a channel or before a person, in order."""
        return [str(one) for one in self.appeared if one.to == to]

    @property
    def places(self) -> set[str]:
        """The channels and people that saw anything."""
        return {one.to for one in self.appeared}


def lines(parts: Iterable[str]) -> tuple[str, ...]:
    """Words as the lines somebody reads; empty ones are a matter of layout."""
    whole = "\n".join(parts).splitlines()
    return tuple(" ".join(line.split()) for line in whole if line.strip())


def time_shown(stamp: str | int, style: Style = "full") -> str:
    """A platform's time as words."""
    at = datetime.fromtimestamp(int(stamp), UTC)
    return plain_moment(Moment(at, style), ZONE)
