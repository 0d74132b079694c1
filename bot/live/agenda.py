"""What is still to come in a meeting: cases added, dropped and put in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.live.rules import enter
from bot.live.state import LiveState, Segment, first_to_come, is_to_come


def to_come(state: LiveState) -> tuple[Segment, ...]:
    """What has not begun yet, in its order; a case that waits to be opened is the first."""
    return state.segments[first_to_come(state) :]


def add_case(state: LiveState, case: Sequence[Segment], place: int, now: datetime) -> LiveState:
    """A case more, before the one that was to be at this place, or as the last before the close.

    It has several segments where its format is gone through once for each person.
    """
    coming = list(to_come(state))
    known = {segment.case_id for segment in state.segments if segment.case_id is not None}
    if state.finished or not coming or not case or not known.isdisjoint(s.case_id for s in case):
        return state
    cases = [n for n, segment in enumerate(coming) if segment.kind == "case"]
    closes = (n for n, segment in enumerate(coming) if segment.kind == "close")
    at = cases[place] if 0 <= place < len(cases) else next(closes, len(coming))
    return replan(state, [*coming[:at], *case, *coming[at:]], now)


def drop_case(state: LiveState, case_id: int, now: datetime) -> LiveState:
    """A case less; only before it opens."""
    if not is_to_come(state, case_id):
        return state
    rest = [segment for segment in to_come(state) if segment.case_id != case_id]
    return replan(state, rest, now)


def reorder(state: LiveState, case_ids: Sequence[int], now: datetime) -> LiveState:
    """These cases first, in this order; those it does not name follow as they were."""
    coming = list(to_come(state))
    rank = {case_id: n for n, case_id in enumerate(dict.fromkeys(case_ids))}
    slots = [n for n, segment in enumerate(coming) if segment.kind == "case"]
    cases = [coming[n] for n in slots]
    cases.sort(key=lambda case: rank.get(case.case_id or 0, len(rank)))
    for n, case in zip(slots, cases, strict=True):
        coming[n] = case
    return replan(state, coming, now)


def replan(state: LiveState, coming: Sequence[Segment], now: datetime) -> LiveState:
    """With another agenda from here on; a case that waited gives way to what is first now."""
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
