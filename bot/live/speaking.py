"""Who may speak, who is silent, and what comes next, at every moment of a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.formats.fitting import FittedPhase
from bot.live.rules import QUESTIONS, next_step, questions
from bot.live.state import LiveState, Segment

Voice: TypeAlias = Literal["speaks", "listens", "silent", "recused", "asks"]
"""`silent` is more than `listens`: the presenter of a silent phase does not even answer."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What follows: the next `speaker` of this round, else a phase; nothing at the end."""

    speaker: int | None = None
    segment: Segment | None = None
    fitted: FittedPhase | None = None


def may_speak(state: LiveState, member: int) -> Voice:
    """What a member may do right now; while a case waits to be opened, talk is free."""
    segment, fitted = state.segment, state.fitted
    if segment is None or fitted is None or member not in state.present:
        return "listens"
    if member in segment.recused:
        return "recused"
    if not state.opened:
        return "speaks"
    if fitted.phase.speaks == "nobody" or (fitted.phase.silent and member == segment.presenter):
        return "silent"
    if fitted.phase.speaks == "presenter":
        return "speaks" if member == segment.presenter else "listens"
    return _in_group(state, segment, fitted, member)


def speaking(state: LiveState) -> tuple[int, ...]:
    """Everybody who may speak right now."""
    return tuple(m for m in state.present if may_speak(state, m) in ("speaks", "asks"))


def silent_now(state: LiveState) -> tuple[int, ...]:
    """Everybody who is to be silent right now."""
    return tuple(m for m in state.present if may_speak(state, m) == "silent")


def comes_next(state: LiveState) -> Coming:
    """Where Next leads: to the next speaker, or past a round that is over to the next phase."""
    after = state
    while True:
        after = next_step(after, state.phase_ends)
        speaker = after.floor.holder if after.floor else None
        if after.at != state.at or after.opened != state.opened or after.finished:
            return Coming(None, after.segment, after.fitted)
        if speaker is not None:
            return Coming(speaker, after.segment, after.fitted)


def _in_group(state: LiveState, segment: Segment, fitted: FittedPhase, member: int) -> Voice:
    """A member in a round, in a free phase, or as the presenter who is asked."""
    questioned = fitted.phase.takes == "question"
    if questioned and member == segment.presenter:
        return "speaks"
    if fitted.phase.speaks == "freely" and state.floor is None:
        return "speaks"
    if state.floor is None or state.floor.holder != member:
        return "listens"
    if not questioned:
        return "speaks"
    return "asks" if questions(state, member) < QUESTIONS else "listens"
