"""Fitting formats to slots and cases to meetings: whole minutes that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.formats.model import Format, Phase, Unit

ARRIVAL = 5
FOLLOW_UPS = 5
CLOSE = 4

SHORTEST_CASE = 10
"""What a case can be entered with at least; the rest of a short meeting makes room for it."""


class SlotTooShort(ValueError):
    """A slot that is shorter than a format's phases may become; says how much it `needs`."""

    def __init__(self, needs: int, slot: int, unit: Unit) -> None:
        """Both in the format's unit."""
        super().__init__(f"{slot} {unit} are too few: it needs {needs}")
        self.needs = needs
        self.slot = slot
        self.unit = unit


@dataclass(frozen=True, slots=True)
class FittedPhase:
    """A phase with the time, and the rounds, it gets in a certain slot."""

    phase: Phase
    length: int
    rounds: int = 1


def fit(format: Format, minutes: int) -> tuple[FittedPhase, ...]:
    """The phases in a slot of so many minutes (days where the format is one of days).

    1. Every phase gets its least; a slot too short for that raises `SlotTooShort`.
    2. Each further minute goes to the phase that is shortest for what it should have.

    So the minutes always add up to the slot, a slot as long as the format gives each phase its
    own length, and a longer slot never makes a phase shorter, as rounding each by itself would.
    """
    lengths = [phase.least for phase in format.phases]
    if minutes < sum(lengths):
        raise SlotTooShort(sum(lengths), minutes, format.unit)
    for _ in range(minutes - sum(lengths)):
        following = max(
            range(len(lengths)),
            key=lambda n: Fraction(format.phases[n].length, 2 * lengths[n] + 1),
        )
        lengths[following] += 1
    return tuple(
        FittedPhase(phase, length, _rounds(phase, length))
        for phase, length in zip(format.phases, lengths, strict=True)
    )


def _rounds(phase: Phase, length: int) -> int:
    """How often the turn goes round: all of them in the phase's own length, fewer in less."""
    if phase.rounds is None:
        return 1
    least, most = phase.rounds.least, phase.rounds.most
    return max(least, min(most, most * length // phase.length))


@dataclass(frozen=True, slots=True)
class CaseWish:
    """The minutes a case was entered with; `least` is what it can still be heard in.

    Left at 0, that is four fifths: 45 minutes may become 36, so that two fit into 90.
    """

    minutes: int
    least: int = 0

    @property
    def enough(self) -> int:
        """The fewest minutes it is begun with, as one of several."""
        return min(self.minutes, self.least or -(-self.minutes * 4 // 5))


@dataclass(frozen=True, slots=True)
class Agenda:
    """The minutes of a meeting: `cases` are those that fit, from the front of the queue.

    `spare` is what nobody asked for; all together they are the meeting's minutes.
    """

    arrival: int
    follow_ups: int
    cases: tuple[int, ...]
    close: int
    spare: int

    @property
    def minutes(self) -> int:
        """How long the meeting is."""
        return self.arrival + self.follow_ups + sum(self.cases) + self.close + self.spare


def fit_meeting(minutes: int, intentions: bool, cases: Sequence[CaseWish]) -> Agenda:
    """The agenda of a meeting, with the cases in their order.

    1. Arrival, follow-ups (only where there are intentions to follow up) and close have fixed
       minutes; they give way where a case would otherwise get fewer than ten.
    2. Cases are taken from the front while each one's share is enough for it. None is passed
       over for a shorter one behind it, and the first is always taken.
    3. A case gets its own minutes, at most its share. What one does not need, others may use.
    """
    arrival, follow_ups, close = _around(minutes, intentions, bool(cases))
    time = max(0, minutes) - arrival - follow_ups - close
    taken: tuple[int, ...] = ()
    for many in range(1, len(cases) + 1):
        each = shares([wish.minutes for wish in cases[:many]], time)
        enough = all(s >= wish.enough for s, wish in zip(each, cases, strict=False))
        if many > 1 and not enough:
            break
        taken = each
    return Agenda(arrival, follow_ups, taken, close, time - sum(taken))


def _around(minutes: int, intentions: bool, cases: bool) -> tuple[int, int, int]:
    """Arrival, follow-ups and close; in a short meeting the follow-ups go first."""
    arrival, follow_ups, close = ARRIVAL, FOLLOW_UPS if intentions else 0, CLOSE
    over = arrival + follow_ups + close + (SHORTEST_CASE if cases else 0) - max(0, minutes)
    cut: list[int] = []
    for part in (follow_ups, arrival, close):
        cut.append(part - max(0, min(part, over)))
        over -= part
    return cut[1], cut[0], cut[2]


def shares(wishes: Sequence[int], time: int) -> tuple[int, ...]:
    """The minutes of each: its own, or an equal part of what those who want less leave over."""
    left, most = time, 0
    for done, wish in enumerate(sorted(wishes)):
        most = left // (len(wishes) - done)
        if wish > most:
            break
        left -= wish
        most = wish
    return tuple(min(wish, most) for wish in wishes)
