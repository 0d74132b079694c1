"""Who comes, goes, sits out a case, takes a seat or raises a hand while a meeting runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.floor import Floor
from bot.live.floors import join_floor, leave_floor
from bot.live.rules import is_free
from bot.live.state import At, LiveState, Moment, Segment, is_to_come, moment_of, takes_part


def join(state: LiveState, member: int) -> LiveState:
    """A late arrival: at the end of the order, and in the rounds that Back would bring again."""
    if member in state.present:
        return state
    before = tuple(
        replace(then, floor=_joined(state.segments, then.at, then.floor, member))
        for then in state.before
    )
    floor = _joined(state.segments, state.at, state.floor, member)
    joined = replace(state, present=(*state.present, member), floor=floor, before=before)
    return _seen(state, joined)


def leave(state: LiveState, member: int) -> LiveState:
    """A member is gone: the floor passes on if they had it, and Back never returns it to them.

    Look at `cases_without_presenter` afterwards: the standby case may have to come.
    """
    if member not in state.present:
        return state
    left = replace(
        state,
        present=tuple(m for m in state.present if m != member),
        hands=_lowered(state.hands, member),
        floor=_left(state.segments, state.at, state.floor, member),
    )
    return _seen(state, replace(left, before=_moments_without(left, member)))


def raise_hand(state: LiveState, member: int) -> LiveState:
    """A hand waits in order, those who have not spoken in this case first."""
    segment, fitted = state.segment, state.fitted
    if not is_free(state) or segment is None or fitted is None or member not in state.present:
        return state
    holder = state.floor.holder if state.floor else None
    if member in state.hands or member == holder or not takes_part(segment, fitted, member):
        return state
    return _with_hands(state, lambda then: _raised(then, member))


def lower_hand(state: LiveState, member: int) -> LiveState:
    """A hand goes down again, and Back does not raise it."""
    if member not in state.hands:
        return state
    return _with_hands(state, lambda then: _lowered(then.hands, member))


def recuse(state: LiveState, case_id: int, member: int) -> LiveState:
    """A member sits out a case; only before it opens, and never their own.

    Where each presents something of their own, their part falls away and the others' stay as
    they are, so that no number tells that somebody is missing.
    """
    if not is_to_come(state, case_id) or brings(state, case_id, member):
        return state
    facilitated = [s.facilitator for s in state.segments if s.case_id == case_id]
    gone = frozenset({member}) if _presents(state, case_id, member) else frozenset()
    segments = tuple(
        replace(segment, recused=segment.recused | {member}, without=segment.without | gone)
        if segment.case_id == case_id
        else segment
        for segment in state.segments
        if segment.case_id != case_id or segment.presenter != member
    )
    changed = state if segments == state.segments else replace(state, segments=segments)
    changed = _asked_no_longer(changed, case_id, member)
    return set_facilitator(changed, case_id, None) if member in facilitated else changed


def _asked_no_longer(state: LiveState, case_id: int, member: int) -> LiveState:
    """Whoever sits a case out is not waited for to say whether they would facilitate it."""
    asking = tuple(
        replace(one, member=None, declined=one.declined | {member})
        if (one.case_id, one.member) == (case_id, member)
        else one
        for one in state.asking
    )
    return state if asking == state.asking else replace(state, asking=asking)


def take_part_again(state: LiveState, case_id: int, member: int) -> LiveState:
    """A member had marked the wrong case; only before it opens, for then they have heard it.

    Look at the minutes afterwards where each presents something of their own.
    """
    if not is_to_come(state, case_id):
        return state
    segments = tuple(
        replace(segment, recused=segment.recused - {member}, without=segment.without - {member})
        if segment.case_id == case_id
        else segment
        for segment in state.segments
    )
    return state if segments == state.segments else replace(state, segments=segments)


def set_facilitator(state: LiveState, case_id: int, member: int | None) -> LiveState:
    """Somebody takes the seat of a case that runs or is to come, or leaves it free."""
    if member is not None and _presents(state, case_id, member):
        return state
    segments = tuple(
        replace(segment, facilitator=member)
        if segment.case_id == case_id and n >= state.at[0] and member not in segment.recused
        else segment
        for n, segment in enumerate(state.segments)
    )
    return state if segments == state.segments else replace(state, segments=segments)


def facilitator(state: LiveState) -> int | None:
    """Who holds the seat of the current case; nobody while they are gone, so anybody can."""
    seat = state.segment.facilitator if state.segment else None
    return seat if seat in state.present else None


def cases_without_presenter(state: LiveState) -> tuple[int, ...]:
    """The case that runs and those to come whose presenter is not there, in their order."""
    missing = (
        segment.case_id
        for segment in state.segments[state.at[0] :]
        if segment.presenter is not None and segment.presenter not in state.present
    )
    return tuple(dict.fromkeys(case_id for case_id in missing if case_id is not None))


def brings(state: LiveState, case_id: int, member: int) -> bool:
    """Whether a case is a member's own: the first who presents in it brought it."""
    presenters = (s.presenter for s in state.segments if s.case_id == case_id)
    return next(presenters, None) == member


def _presents(state: LiveState, case_id: int, member: int) -> bool:
    return any(s.case_id == case_id and s.presenter == member for s in state.segments)


def _seen(old: LiveState, new: LiveState) -> LiveState:
    """One version on where somebody else has the floor now: an older Next would skip them."""
    holders = [state.floor.holder if state.floor else None for state in (old, new)]
    return new if holders[0] == holders[1] else replace(new, version=old.version + 1)


def _joined(segments: Sequence[Segment], at: At, floor: Floor | None, member: int) -> Floor | None:
    """The floor with a late arrival, where it is one that goes round and they have a turn."""
    if floor is None:
        return None
    segment = segments[at[0]]
    fitted = segment.phases[at[1]]
    if fitted.phase.speaks != "in turn" or not takes_part(segment, fitted, member):
        return floor
    return join_floor(floor, member, segment.presenter)


def _left(segments: Sequence[Segment], at: At, floor: Floor | None, member: int) -> Floor | None:
    """The floor without somebody; in a free phase it is everybody's again."""
    if floor is None:
        return None
    segment = segments[at[0]]
    if segment.phases[at[1]].phase.speaks != "in turn":
        return None if floor.holder == member else floor
    return leave_floor(floor, member, segment.presenter)


def _moments_without(state: LiveState, member: int) -> tuple[Moment, ...]:
    """What Back would bring, without somebody; a turn of theirs that falls away is no step."""
    kept: list[Moment] = []
    following = moment_of(state, state.phase_ends)
    for then in reversed(state.before):
        had = then.floor.holder if then.floor else None
        floor = _left(state.segments, then.at, then.floor, member)
        hands = _lowered(then.hands, member)
        without = replace(then, floor=floor, hands=hands)
        if had == member and _same_place(without, following):
            continue
        kept.append(without)
        following = without
    return tuple(reversed(kept))


def _same_place(one: Moment, other: Moment) -> bool:
    """Whether the card shows the same; who had their turn before is not compared."""
    holders = [then.floor.holder if then.floor else None for then in (one, other)]
    there = (one.at, one.opened, one.round) == (other.at, other.opened, other.round)
    return there and holders[0] == holders[1]


def _with_hands(
    state: LiveState, hands: Callable[[LiveState | Moment], tuple[int, ...]]
) -> LiveState:
    """Other hands now, and in the moments of this phase, so that Back does not undo them."""
    before = tuple(
        replace(then, hands=hands(then)) if then.opened and then.at == state.at else then
        for then in state.before
    )
    return replace(state, hands=hands(state), before=before)


def _raised(then: LiveState | Moment, member: int) -> tuple[int, ...]:
    """With one hand more; sorting is stable, so each in the order of raising."""
    if member in then.hands or (then.floor and then.floor.holder == member):
        return then.hands
    return tuple(sorted((*then.hands, member), key=lambda hand: hand in then.spoken))


def _lowered(hands: tuple[int, ...], member: int) -> tuple[int, ...]:
    return tuple(hand for hand in hands if hand != member)
