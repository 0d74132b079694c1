"""Who facilitates a case: asked one after the other until somebody takes the seat."""

from __future__ import annotations

from dataclasses import replace

from bot.live.people import set_facilitator
from bot.live.state import Asking, LiveState, Segment, cases_to_come, is_to_come


def part_of(state: LiveState, case_id: int) -> Segment | None:
    """The part of a case that runs or comes next; none once the case is over."""
    rest = state.segments[state.at[0] :]
    return next((segment for segment in rest if segment.case_id == case_id), None)


def facilitator_of(state: LiveState, case_id: int) -> int | None:
    """Who facilitates a case that runs or is to come, unless they are gone."""
    part = part_of(state, case_id)
    return part.facilitator if part and part.facilitator in state.present else None


def asking_for(state: LiveState, case_id: int) -> Asking:
    """Whom the seat of a case was offered to so far."""
    known = (asking for asking in state.asking if asking.case_id == case_id)
    return next(known, Asking(case_id))


def can_be_held(state: LiveState, case_id: int, member: int) -> bool:
    """Whether the seat of a case is for a member, as far as anybody may know: not a presenter's."""
    parts = [s for s in state.segments if s.case_id == case_id]
    presenters = {s.presenter for s in parts}.union(*(s.without for s in parts))
    there = member in state.present and member not in presenters
    return there and part_of(state, case_id) is not None


def may_take(state: LiveState, case_id: int, member: int) -> bool:
    """Whether a member may take the seat of a case."""
    part = part_of(state, case_id)
    return can_be_held(state, case_id, member) and part is not None and member not in part.recused


def to_fill(state: LiveState) -> int | None:
    """The next case to come, while somebody has yet to be asked to facilitate it.

    One case ahead, since who is there changes, and not while people listen to another: from its
    last phase on. Whoever leaves a case that runs is not replaced by the bot: everybody sees the
    free seat and can take it.
    """
    case_id = next(iter(cases_to_come(state)), None)
    if case_id is None or _listening(state) or facilitator_of(state, case_id) is not None:
        return None
    asked = asking_for(state, case_id).member
    return None if asked is not None and may_take(state, case_id, asked) else case_id


def ask_for(state: LiveState, case_id: int, member: int | None) -> LiveState:
    """The seat of a case that is to come is offered to a member instead of whoever had it."""
    if not is_to_come(state, case_id):
        return state
    asking = replace(asking_for(state, case_id), member=member)
    return _with(set_facilitator(state, case_id, None), asking)


def take_seat(state: LiveState, case_id: int, member: int) -> LiveState:
    """A member takes the seat of a case, asked or not."""
    if not may_take(state, case_id, member):
        return state
    asking = asking_for(state, case_id)
    taken = replace(asking, member=None, declined=asking.declined - {member})
    return _with(set_facilitator(state, case_id, member), taken)


def decline_seat(state: LiveState, case_id: int, member: int) -> LiveState:
    """A member would rather not, or not any more: somebody else is asked."""
    asking = asking_for(state, case_id)
    asked = None if asking.member == member else asking.member
    free = set_facilitator(state, case_id, None) if _holds(state, case_id, member) else state
    return _with(free, Asking(case_id, asked, asking.declined | {member}))


def busy_today(state: LiveState, but: int) -> frozenset[int]:
    """Who has facilitated another case of the meeting, or was asked to."""
    held = {s.facilitator for s in state.segments if s.case_id not in (None, but)}
    asked = {asking.member for asking in state.asking if asking.case_id != but}
    return frozenset(member for member in held | asked if member is not None)


def _listening(state: LiveState) -> bool:
    segment = state.segment if state.running else None
    return bool(segment and segment.kind == "case" and state.at[1] + 1 < len(segment.phases))


def _holds(state: LiveState, case_id: int, member: int) -> bool:
    part = part_of(state, case_id)
    return part is not None and part.facilitator == member


def _with(state: LiveState, asking: Asking) -> LiveState:
    others = (one for one in state.asking if one.case_id != asking.case_id)
    kept = tuple(sorted((*others, asking), key=lambda one: one.case_id))
    return state if kept == state.asking else replace(state, asking=kept)
