"""What a format is once it has been read: phases with their lengths, rules and speakers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["minutes", "days"]
Per: TypeAlias = Literal["case", "person"]
Speaks: TypeAlias = Literal["presenter", "in turn", "freely", "nobody"]
Takes: TypeAlias = Literal["", "question", "perspective", "writing"]

DEFAULT = "six_phase"
"""The format of a group that has chosen none."""


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the most of something, both included."""

    least: int
    most: int

    def __contains__(self, number: int) -> bool:
        """Whether a number lies in it."""
        return self.least <= number <= self.most

    def distance(self, number: int) -> int:
        """By how much a number misses it; 0 within."""
        return max(self.least - number, number - self.most, 0)


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a format; `length` and `least` are in the format's unit.

    A `silent` phase leaves the presenter out of the order. `rounds` is how often the turn goes
    round; `None` where it goes round once or does not go round at all.
    """

    name: str
    length: int
    least: int
    speaks: Speaks
    rule: str
    aside: str = ""
    silent: bool = False
    takes: Takes = ""
    rounds: Range | None = None


@dataclass(frozen=True, slots=True)
class Perspective:
    """A card that is dealt: whom or what to speak as; its name tells it from the others."""

    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Format:
    """A way to work through a case; with `per` person it is gone through once for each."""

    id: str
    name: str
    summary: str
    size: Range
    unit: Unit
    per: Per
    phases: tuple[Phase, ...]
    perspectives: tuple[Perspective, ...] = ()

    @property
    def length(self) -> int:
        """How long it takes when there is time for all of it, once through."""
        return sum(phase.length for phase in self.phases)

    @property
    def least(self) -> int:
        """The shortest slot it can be fitted to, once through."""
        return sum(phase.least for phase in self.phases)

    def times(self, present: int) -> int:
        """How often it is gone through with so many people."""
        return max(1, present) if self.per == "person" else 1


@dataclass(frozen=True, slots=True)
class Formats:
    """All formats a group can choose from, the default one first."""

    all: tuple[Format, ...]

    def __iter__(self) -> Iterator[Format]:
        """One after the other."""
        return iter(self.all)

    def find(self, id: str) -> Format | None:
        """The format of this id, if it is still there."""
        return next((found for found in self.all if found.id == id), None)

    @property
    def default(self) -> Format:
        """The format of a group that has chosen none."""
        return self.all[0]
