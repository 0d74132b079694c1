"""A speaking round: who has the floor, who comes next, and how a step is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

Order: TypeAlias = Literal["fair", "as joined"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A member who takes part; `joined` grows with the order of joining, `draw` is seeded."""

    member_id: int
    joined: int
    draw: float
    spoke_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Where everybody in a round is at one moment; each member is in exactly one place.

    `passed` said "not now" and are offered the floor once more after `waiting`, in which case it
    is the holder's `second` time; `done` had their turn and `silent` passed twice. A round that
    was `ended` keeps whom it did not reach.
    """

    holder: int | None
    waiting: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    second: bool = False
    ended: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        """Everybody in the round, in the order in which they are shown."""
        holder = () if self.holder is None else (self.holder,)
        return (*self.done, *self.silent, *holder, *self.waiting, *self.passed)


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round with the moments before it, for Back.

    `version` goes up with every step of the floor (Next, Pass, Back, end, a holder who leaves),
    and only then: a Join in between must not make everybody's Next look outdated. `word` is what
    was pressed for the last step.
    """

    floor: Floor
    version: int = 1
    before: tuple[Floor, ...] = ()
    word: str | None = None

    @property
    def finished(self) -> bool:
        """Whether nobody has the floor any more."""
        return self.floor.ended or self.floor.holder is None


def speaking_order(order: Order, speakers: Iterable[Speaker]) -> list[int]:
    """Who speaks when: `fair` begins with who held the floor longest ago or never, by the draw."""
    if order == "as joined":
        ranked = sorted(speakers, key=lambda s: (s.joined, s.member_id))
    else:
        ranked = sorted(speakers, key=_longest_silent)
    return [speaker.member_id for speaker in ranked]


def start_round(order: Sequence[int]) -> RoundState:
    """A round in this order, the first having the floor."""
    waiting = tuple(dict.fromkeys(order))
    return RoundState(_onward(Floor(None, waiting)))


def next_turn(state: RoundState) -> RoundState:
    """The holder is done, and the floor goes on."""
    floor, holder = state.floor, state.floor.holder
    if state.finished or holder is None:
        return state
    return _step(state, _onward(replace(floor, holder=None, done=(*floor.done, holder))))


def pass_turn(state: RoundState) -> RoundState:
    """Not now: the holder is offered the floor once more at the end; the second time is a no."""
    floor, holder = state.floor, state.floor.holder
    if state.finished or holder is None:
        return state
    if floor.second:
        left = replace(floor, holder=None, silent=(*floor.silent, holder))
    else:
        left = replace(floor, holder=None, passed=(*floor.passed, holder))
    return _step(state, _onward(left))


def back(state: RoundState) -> RoundState:
    """The floor as it was before the last step; who joined since then stays in the round."""
    if not state.before:
        return state
    return RoundState(state.before[-1], state.version + 1, state.before[:-1])


def end_round(state: RoundState) -> RoundState:
    """The round ends early; whom it did not reach stays on record."""
    if state.finished:
        return state
    return _step(state, replace(state.floor, ended=True))


def join_round(state: RoundState, member_id: int) -> RoundState:
    """A late arrival joins at the end of those who wait; who is in the round already stays put."""
    if state.finished:
        return state
    joined = replace(
        state,
        floor=_with(state.floor, member_id),
        # Who had their turn, left and came back is missing in the moments before that turn.
        before=tuple(_with(floor, member_id) for floor in state.before),
    )
    return state if joined == state else joined


def leave_round(state: RoundState, member_id: int) -> RoundState:
    """A member is gone: the floor passes on if they had it, and Back never returns it to them.

    Whoever had their turn stays on record as done.
    """
    before = tuple(_without(f, member_id) for f in state.before if f.holder != member_id)
    floor = _without(state.floor, member_id)
    version = state.version
    if floor.holder == member_id and not state.finished:
        floor, version = _onward(replace(floor, holder=None)), version + 1
    elif floor.holder == member_id:
        floor = replace(floor, holder=None)
    if floor == state.floor and before == state.before:
        return state
    return replace(state, floor=floor, version=version, before=before)


def as_data(state: RoundState) -> dict[str, Any]:
    """The state as plain JSON values."""
    return {
        "version": state.version,
        "word": state.word,
        "floor": _floor_data(state.floor),
        "before": [_floor_data(floor) for floor in state.before],
    }


def from_data(data: Mapping[str, Any]) -> RoundState:
    """The state that `as_data` wrote."""
    before = tuple(_read_floor(floor) for floor in data["before"])
    return RoundState(_read_floor(data["floor"]), data["version"], before, data.get("word"))


def _longest_silent(speaker: Speaker) -> tuple[bool, float, float, int]:
    spoke = speaker.spoke_at
    return (spoke is not None, spoke.timestamp() if spoke else 0, speaker.draw, speaker.member_id)


def _onward(floor: Floor) -> Floor:
    """The free floor given to whoever waits, then once more to those who passed."""
    if floor.waiting:
        first, *rest = floor.waiting
        return replace(floor, holder=first, waiting=tuple(rest), second=False)
    if floor.passed:
        first, *rest = floor.passed
        return replace(floor, holder=first, passed=tuple(rest), second=True)
    return replace(floor, second=False)


def _step(state: RoundState, floor: Floor) -> RoundState:
    return RoundState(floor, state.version + 1, (*state.before, state.floor))


def _with(floor: Floor, member_id: int) -> Floor:
    if member_id in floor.members:
        return floor
    return replace(floor, waiting=(*floor.waiting, member_id))


def _without(floor: Floor, member_id: int) -> Floor:
    """The floor without a member who has not had their turn; a holder is left to the caller."""
    return replace(
        floor,
        waiting=tuple(m for m in floor.waiting if m != member_id),
        passed=tuple(m for m in floor.passed if m != member_id),
    )


def _floor_data(floor: Floor) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(floor).items()}


def _read_floor(data: Mapping[str, Any]) -> Floor:
    read: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Floor(**read)
