"""The clock of a phase: stopped, started again, and given more time by hand only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.live.state import LiveState, counted, time_left, with_clock


def pause(state: LiveState, now: datetime) -> LiveState:
    """Stop the clock; what is left is kept."""
    if not state.running or state.paused:
        return state
    stopped = with_clock(state, time_left(state, now), now, stopped=True)
    return replace(stopped, version=state.version + 1)


def resume(state: LiveState, now: datetime) -> LiveState:
    """Let the clock run on with what was left."""
    if not state.paused:
        return state
    return replace(ends_pause(state, now), version=state.version + 1)


def more_time(state: LiveState, minutes: int, now: datetime) -> LiveState:
    """So many minutes on top of what is left; a pause stays one."""
    if not state.running or minutes < 1:
        return state
    left = time_left(state, now) + timedelta(minutes=minutes)
    return with_clock(counted(state, now), left, now, stopped=state.paused)


def ends_pause(state: LiveState, now: datetime) -> LiveState:
    """The same without a pause, as every step of the meeting leaves it."""
    if not state.paused:
        return state
    return with_clock(state, time_left(state, now), now, stopped=False)
