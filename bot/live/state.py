"""What is known of a running meeting at one moment, and where in its agenda that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.floor import Floor
from bot.formats.fitting import FittedPhase

Kind: TypeAlias = Literal["arrival", "follow-ups", "case", "talk", "close"]

At: TypeAlias = tuple[int, int]
"""Where a meeting is: the number of the segment, and that of the phase in it."""

KEPT = 40
"""How many steps Back can take."""

NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the agenda; `recused` sit out this case, and nobody is told why.

    `without` are those of them whose own part of the case fell away: nothing may tell so.
    """

    kind: Kind
    phases: tuple[FittedPhase, ...]
    case_id: int | None = None
    presenter: int | None = None
    facilitator: int | None = None
    format_id: str | None = None
    recused: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who was asked to facilitate a case, and who has declined; nobody but they themselves know."""

    case_id: int
    member: int | None = None
    declined: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Dealt:
    """A perspective card that a member was dealt for a case."""

    case_id: int
    member: int
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The meeting before a step, for Back; `left` is what the phase still had."""

    at: At
    opened: bool
    floor: Floor | None
    round: int
    hands: tuple[int, ...]
    spoken: frozenset[int]
    asked: tuple[tuple[int, int], ...]
    left: timedelta
    paused: bool


@dataclass(frozen=True, slots=True)
class LiveState:
    """A running meeting.

    `opened` is false only while a case has been reached but not opened yet: its question has not
    been told, the clock waits, and who may know the person can still step out. In a phase spoken
    in turn there is a `floor`; in a free phase only while a raised hand has been called.
    `present` is the order in which turns go round, `round` counts the rounds of the phase,
    `spoken` had the floor in this segment, and `asked` says how many questions in this round.

    `room` is the number of the room in which the open case runs, where it does not run in the
    group's channel, and `rooms` how many there have been.

    `version` goes up with every step of the card, and only then: a hand raised or a late arrival
    in between must not make everybody's Next look outdated. `word` is what was pressed for the
    last step, where it was a press of the card.
    """

    segments: tuple[Segment, ...]
    present: tuple[int, ...]
    phase_ends: datetime
    at: At = (0, 0)
    opened: bool = True
    floor: Floor | None = None
    round: int = 1
    hands: tuple[int, ...] = ()
    spoken: frozenset[int] = frozenset()
    asked: tuple[tuple[int, int], ...] = ()
    paused_left: timedelta | None = None
    version: int = 1
    before: tuple[Moment, ...] = ()
    asking: tuple[Asking, ...] = ()
    dealt: tuple[Dealt, ...] = ()
    room: int | None = None
    rooms: int = 0
    word: str | None = None

    @property
    def finished(self) -> bool:
        """Whether the last phase of the last segment is over."""
        return self.at[0] >= len(self.segments)

    @property
    def segment(self) -> Segment | None:
        """The part of the agenda it is in; none once it is finished."""
        return None if self.finished else self.segments[self.at[0]]

    @property
    def fitted(self) -> FittedPhase | None:
        """The one current phase; while a case waits to be opened, its first."""
        segment = self.segment
        return None if segment is None else segment.phases[self.at[1]]

    @property
    def paused(self) -> bool:
        """Whether somebody has stopped the clock."""
        return self.opened and self.paused_left is not None

    @property
    def running(self) -> bool:
        """Whether a phase is under way, paused or not."""
        return self.opened and not self.finished


def takes_part(segment: Segment, fitted: FittedPhase, member: int) -> bool:
    """Whether a member has a turn in a phase; the presenter answers questions and asks none."""
    if member in segment.recused:
        return False
    if member != segment.presenter:
        return True
    return not fitted.phase.silent and fitted.phase.takes != "question"


def sits_out(state: LiveState, member: int) -> bool:
    """Whether a member sits out the case that is open now."""
    segment = state.segment if state.opened else None
    return segment is not None and member in segment.recused


def open_case(state: LiveState) -> int | None:
    """The case that is open now, if any."""
    return state.segment.case_id if state.opened and state.segment else None


def phase_after(segments: Sequence[Segment], at: At) -> At:
    """Where the meeting goes when a phase is over."""
    segment, phase = at
    if phase + 1 < len(segments[segment].phases):
        return segment, phase + 1
    return segment + 1, 0


def moment_of(state: LiveState, now: datetime) -> Moment:
    """The meeting as Back will find it."""
    return Moment(
        at=state.at,
        opened=state.opened,
        floor=state.floor,
        round=state.round,
        hands=state.hands,
        spoken=state.spoken,
        asked=state.asked,
        left=time_left(state, now),
        paused=state.paused_left is not None,
    )


def first_to_come(state: LiveState) -> int:
    """The number of the first segment that has not begun; a case that waits has not."""
    return min(state.at[0] + state.opened, len(state.segments))


def is_to_come(state: LiveState, case_id: int) -> bool:
    """Whether a case has not been opened: it can still be changed, and left by its members."""
    begun = state.segments[: first_to_come(state)]
    coming = state.segments[first_to_come(state) :]
    return case_id in _cases(coming) and case_id not in _cases(begun)


def _cases(segments: Sequence[Segment]) -> set[int | None]:
    return {segment.case_id for segment in segments}


def counted(state: LiveState, now: datetime) -> LiveState:
    """The same as a step of the card begins: one version on, and kept for Back."""
    before = (*state.before, moment_of(state, now))[-KEPT:]
    return replace(state, version=state.version + 1, before=before)


def time_left(state: LiveState, now: datetime) -> timedelta:
    """What the phase still has; nothing once its time is up, its own minutes before it begins."""
    if state.finished:
        return NO_TIME
    if state.paused_left is not None:
        return state.paused_left
    return max(NO_TIME, state.phase_ends - now)


def is_over_time(state: LiveState, now: datetime) -> bool:
    """Whether it is time to ask: more time, or on? Never in a pause, nor before a case opens."""
    return state.running and not state.paused and now >= state.phase_ends


def with_clock(state: LiveState, left: timedelta, now: datetime, stopped: bool) -> LiveState:
    """The same with so much time left in its phase."""
    return replace(state, phase_ends=now + left, paused_left=left if stopped else None)


def cases_to_come(state: LiveState) -> tuple[int, ...]:
    """The cases that have not been opened, in their order."""
    coming = dict.fromkeys(segment.case_id for segment in state.segments[first_to_come(state) :])
    return tuple(case_id for case_id in coming if case_id and is_to_come(state, case_id))


def cases_over(state: LiveState) -> frozenset[int]:
    """The cases all of whose phases are over."""
    rest = _cases(state.segments[state.at[0] :])
    return frozenset(case_id for case_id in _cases(state.segments) - rest if case_id is not None)


def presenters_so_far(state: LiveState) -> frozenset[int]:
    """Who presents in the segments that have begun."""
    begun = state.segments[: first_to_come(state)]
    return frozenset(s.presenter for s in begun if s.presenter is not None)


def clock_ends(state: LiveState) -> datetime | None:
    """When the time of the phase is up; never in a pause, nor before a case opens."""
    return state.phase_ends if state.running and not state.paused else None
