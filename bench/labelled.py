"""Reading labelled texts, and what a guard found of what it should have found in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

Span = tuple[int, int, str]
Guard = Callable[[str], Iterable[Span]]


@dataclass(frozen=True)
class Share:
    """A text with what must be found in it; what is soft may be found, and need not."""

    text: str
    must: tuple[Span, ...]
    soft: tuple[Span, ...]


@dataclass
class Score:
    """What one guard did with many texts."""

    asked: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    with_some: int = 0
    leaking: int = 0
    clean: int = 0
    flagged: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """How much of what must be found was found, in percent."""
        return percent(self.hit.total(), self.asked.total())

    @property
    def names(self) -> float:
        """The same, of names alone."""
        return percent(self.hit["NAME"], self.asked["NAME"])

    @property
    def leaks(self) -> float:
        """In how many texts with identifiers at least one was missed, in percent."""
        return percent(self.leaking, self.with_some)

    @property
    def alarms(self) -> float:
        """How many of the texts without identifiers were flagged, in percent."""
        return percent(self.flagged, self.clean)


def percent(part: int, whole: int) -> float:
    """A share in percent; of nothing, it is none."""
    return 100 * part / whole if whole else 0.0


def read(path: Path) -> list[Share]:
    """The labelled texts of a file of JSON lines."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [_share(line) for line in lines]


def _share(line: dict[str, object]) -> Share:
    spans = line["spans"]
    assert isinstance(spans, list)
    marked = [(one["start"], one["end"], one["kind"], bool(one.get("soft"))) for one in spans]
    return Share(
        str(line["text"]),
        tuple((start, end, kind) for start, end, kind, soft in marked if not soft),
        tuple((start, end, kind) for start, end, kind, soft in marked if soft),
    )


def measured(guard: Guard, shares: Iterable[Share]) -> Score:
    """What the guard finds in these texts; a touch counts, whatever kind it says."""
    score = Score()
    for share in shares:
        began = perf_counter()
        found = list(guard(share.text))
        score.seconds.append(perf_counter() - began)
        missed = 0
        for one in share.must:
            score.asked[one[2]] += 1
            if any(_touch(one, other) for other in found):
                score.hit[one[2]] += 1
            else:
                missed += 1
        if share.must:
            score.with_some += 1
            score.leaking += missed > 0
        elif not share.soft:
            score.clean += 1
            score.flagged += bool(found)
    return score


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
