"""What is still to come in a meeting: cases added, dropped and put in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.formats.fitting import FittedPhase
from bot.live.rules import enter
from bot.live.state import LiveState, Segment, first_to_come, is_to_come

Fitted: TypeAlias = Sequence[Sequence[FittedPhase]]
"""The phases of each segment that is then still to come; empty where the minutes stay."""


def to_come(state: LiveState) -> tuple[Segment, ...]:
    """What has not begun yet, in its order; a case that waits to be opened is the first."""
    return state.segments[first_to_come(state) :]


def add_case(
    state: LiveState, case: Segment, place: int, now: datetime, fitted: Fitted = ()
) -> LiveState:
    """A case more, before the one that was to be at this place, or as the last before the close."""
    coming = list(to_come(state))
    known = any(case.case_id == segment.case_id for segment in state.segments)
    if state.finished or not coming or not case.phases or (known and case.case_id is not None):
        return state
    cases = [n for n, segment in enumerate(coming) if segment.kind == "case"]
    closes = (n for n, segment in enumerate(coming) if segment.kind == "close")
    coming.insert(cases[place] if 0 <= place < len(cases) else next(closes, len(coming)), case)
    return _replanned(state, coming, fitted, now)


def drop_case(state: LiveState, case_id: int, now: datetime, fitted: Fitted = ()) -> LiveState:
    """A case less; only before it opens."""
    if not is_to_come(state, case_id):
        return state
    rest = [segment for segment in to_come(state) if segment.case_id != case_id]
    return _replanned(state, rest, fitted, now)


def reorder(
    state: LiveState, case_ids: Sequence[int], now: datetime, fitted: Fitted = ()
) -> LiveState:
    """These cases first, in this order; those it does not name follow as they were."""
    coming = list(to_come(state))
    rank = {case_id: n for n, case_id in enumerate(dict.fromkeys(case_ids))}
    slots = [n for n, segment in enumerate(coming) if segment.kind == "case"]
    cases = [coming[n] for n in slots]
    cases.sort(key=lambda case: rank.get(case.case_id or 0, len(rank)))
    for n, case in zip(slots, cases, strict=True):
        coming[n] = case
    return _replanned(state, coming, fitted, now)


def refit(state: LiveState, fitted: Fitted, now: datetime) -> LiveState:
    """Other minutes for all that is still to come."""
    return _replanned(state, list(to_come(state)), fitted, now)


def _replanned(state: LiveState, coming: list[Segment], fitted: Fitted, now: datetime) -> LiveState:
    """With another agenda from here on; a case that waited gives way to what is first now."""
    if fitted:
        pairs = zip(coming, fitted, strict=True)
        coming = [replace(segment, phases=tuple(phases)) for segment, phases in pairs]
    first = first_to_come(state)
    segments = (*state.segments[:first], *coming)
    if segments == state.segments:
        return state
    changed = replace(state, segments=segments)
    if state.opened:
        return changed
    there = enter(changed, state.at, now)
    same = there.segment and state.segment and there.segment.case_id == state.segment.case_id
    return there if same else replace(there, version=state.version + 1)
