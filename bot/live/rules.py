"""The steps of a running meeting: begin, Next, on, Pass, Back, and calling on a raised hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.floor import Floor
from bot.live.clock import ends_pause
from bot.live.floors import begin_floor, next_floor, pass_on
from bot.live.state import (
    At,
    LiveState,
    Segment,
    counted,
    phase_after,
    takes_part,
    with_clock,
)

QUESTIONS = 2
"""In a phase of questions each may ask one, and one follow-up."""


def begin(segments: Sequence[Segment], present: Sequence[int], now: datetime) -> LiveState:
    """The meeting in its first phase; what has no phases is left out."""
    agenda = tuple(segment for segment in segments if segment.phases)
    return enter(LiveState(agenda, tuple(dict.fromkeys(present)), now), (0, 0), now)


def next_step(state: LiveState, now: datetime) -> LiveState:
    """Next: the next speaker of a round, else the next phase; a case that waits is opened."""
    fitted, floor = state.fitted, state.floor
    if fitted is None or not state.opened or fitted.phase.speaks != "in turn" or floor is None:
        return on(state, now)
    if floor.holder is None:
        return _next_round(state, now) or on(state, now)
    asked = _asked(state, floor.holder, max(1, questions(state, floor.holder)))
    moved = replace(
        step(state, now),
        floor=next_floor(floor, last_speaker(state)),
        spoken=state.spoken | {floor.holder},
        asked=asked if fitted.phase.takes == "question" else state.asked,
    )
    return _round_again(moved)


def on(state: LiveState, now: datetime) -> LiveState:
    """Straight to the next phase, whoever still waits; a case that waits is opened."""
    if state.finished:
        return state
    if not state.opened:
        return _open(step(state, now), now)
    return enter(step(state, now), phase_after(state.segments, state.at), now)


def skip_segment(state: LiveState, now: datetime) -> LiveState:
    """Straight to the next part of the agenda."""
    return state if state.finished else enter(step(state, now), (state.at[0] + 1, 0), now)


def pass_floor(state: LiveState, now: datetime) -> LiveState:
    """Pass: not now. In a round they are asked once more at its end; a called hand goes down."""
    floor = state.floor
    if floor is None or floor.holder is None:
        return state
    if is_free(state):
        return call_next_hand(state, now)
    return _round_again(replace(step(state, now), floor=pass_on(floor, last_speaker(state))))


def call_next_hand(state: LiveState, now: datetime) -> LiveState:
    """In a free phase, give the floor to the first raised hand; with none left, to everybody."""
    if not is_free(state) or not (state.hands or state.floor):
        return state
    if not state.hands:
        return replace(step(state, now), floor=None)
    first, *rest = state.hands
    spoken = state.spoken | {first}
    return replace(step(state, now), floor=Floor(first), hands=tuple(rest), spoken=spoken)


def ask(state: LiveState, now: datetime) -> LiveState:
    """Whoever has the floor in a phase of questions has asked: first one, then a follow-up."""
    fitted, holder = state.fitted, state.floor.holder if state.floor else None
    if fitted is None or fitted.phase.takes != "question" or holder is None:
        return state
    count = questions(state, holder)
    if count >= QUESTIONS:
        return state
    return replace(step(state, now), asked=_asked(state, holder, count + 1))


def back(state: LiveState, now: datetime) -> LiveState:
    """Undo the last step, the clock as it was then; who came or left since is not undone."""
    if not state.before:
        return state
    *earlier, then = state.before
    restored = replace(
        state,
        at=then.at,
        opened=then.opened,
        floor=then.floor,
        round=then.round,
        hands=then.hands,
        spoken=then.spoken,
        asked=then.asked,
        version=state.version + 1,
        before=tuple(earlier),
    )
    return with_clock(restored, then.left, now, stopped=then.paused)


def questions(state: LiveState, member: int) -> int:
    """How many questions a member has asked in this round."""
    return dict(state.asked).get(member, 0)


def is_free(state: LiveState) -> bool:
    """Whether a phase is under way in which everybody speaks freely."""
    fitted = state.fitted
    return state.opened and fitted is not None and fitted.phase.speaks == "freely"


def last_speaker(state: LiveState) -> int | None:
    """Who has the last word in a round of this part of the agenda: the presenter, if any."""
    return state.segment.presenter if state.segment else None


def step(state: LiveState, now: datetime) -> LiveState:
    """The same as a step begins: counted, kept for Back, and no longer paused."""
    return ends_pause(counted(state, now), now)


def enter(state: LiveState, at: At, now: datetime) -> LiveState:
    """At the beginning of a phase; a case that nobody knows yet waits there to be opened."""
    spoken = _heard(state, at) if at[0] == state.at[0] else frozenset()
    there = replace(
        state, at=at, opened=True, floor=None, round=1, hands=(), spoken=spoken, asked=()
    )
    if there.fitted is None:
        return with_clock(there, timedelta(), now, stopped=False)
    if at[1] == 0 and _waits(state.segments, at[0]):
        left = timedelta(minutes=there.fitted.length)
        return with_clock(replace(there, opened=False), left, now, stopped=True)
    return _open(there, now)


def _heard(state: LiveState, at: At) -> frozenset[int]:
    """Who has spoken in this part of the agenda, now that the presenter's phase is over."""
    segment, fitted = state.segment, state.fitted
    if segment is None or fitted is None or segment.presenter is None or at == state.at:
        return state.spoken
    theirs = fitted.phase.speaks == "presenter"
    return state.spoken | {segment.presenter} if theirs else state.spoken


def _waits(segments: Sequence[Segment], number: int) -> bool:
    """Whether a segment is the first one of a case, before which members can step out."""
    case_id = segments[number].case_id
    return case_id is not None and case_id not in {s.case_id for s in segments[:number]}


def _open(state: LiveState, now: datetime) -> LiveState:
    """The phase under way, its clock running and the first of a round having the floor."""
    fitted = state.fitted
    minutes = fitted.length if fitted else 0
    opened = with_clock(replace(state, opened=True), timedelta(minutes=minutes), now, stopped=False)
    return replace(opened, floor=_first_floor(opened))


def _first_floor(state: LiveState) -> Floor | None:
    """The floor with which a round begins: who has not spoken in this case comes first."""
    segment, fitted = state.segment, state.fitted
    if segment is None or fitted is None or fitted.phase.speaks != "in turn":
        return None
    order = [member for member in state.present if takes_part(segment, fitted, member)]
    order.sort(key=lambda member: member in state.spoken)
    return begin_floor(order, segment.presenter)


def _round_again(state: LiveState) -> LiveState:
    """Another round at once, where this one is over and the turn goes round again."""
    fitted, floor = state.fitted, state.floor
    if fitted is None or floor is None or floor.holder is not None or state.round >= fitted.rounds:
        return state
    return replace(state, round=state.round + 1, floor=_first_floor(state), asked=())


def _next_round(state: LiveState, now: datetime) -> LiveState | None:
    """The next round after one that ended because its last speaker left."""
    again = _round_again(state)
    if again is state or again.floor is None or again.floor.holder is None:
        return None
    return _round_again(step(state, now))


def _asked(state: LiveState, member: int, count: int) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({**dict(state.asked), member: count}.items()))
