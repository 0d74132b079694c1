"""The floor of a phase spoken in turn: everybody once, and the last word is the presenter's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.floor import Floor, RoundState, join_round, leave_round, next_turn, pass_turn, start_round


def begin_floor(order: Sequence[int], last: int | None) -> Floor:
    """A round in this order; `last` is the presenter, where they speak too."""
    return start_round(_to_the_end(order, last)).floor


def next_floor(floor: Floor, last: int | None) -> Floor:
    """The holder is done."""
    return _last_word(next_turn(RoundState(floor)).floor, last)


def pass_on(floor: Floor, last: int | None) -> Floor:
    """Not now: the holder is asked once more at the end, the presenter still after them."""
    return _last_word(pass_turn(RoundState(floor)).floor, last)


def join_floor(floor: Floor, member: int, last: int | None) -> Floor:
    """A late arrival joins at the end, and gets the floor where the round is over already."""
    if floor.holder is not None:
        return _last_word(join_round(RoundState(floor), member).floor, last)
    return floor if member in floor.members else replace(floor, holder=member, second=False)


def leave_floor(floor: Floor, member: int, last: int | None) -> Floor:
    """A member is gone; the floor passes on if they had it."""
    return _last_word(leave_round(RoundState(floor), member).floor, last)


def _last_word(floor: Floor, last: int | None) -> Floor:
    """The presenter behind those who still wait, and behind those who passed once."""
    if last is None:
        return floor
    if floor.holder == last and floor.passed:
        first, *rest = floor.passed
        waiting = (*floor.waiting, last)
        return replace(floor, holder=first, waiting=waiting, passed=tuple(rest), second=True)
    if last in floor.waiting:
        return replace(floor, waiting=_to_the_end(floor.waiting, last))
    return floor


def _to_the_end(order: Sequence[int], last: int | None) -> tuple[int, ...]:
    ahead = [member for member in order if member != last]
    return (*ahead, *(member for member in order if member == last))
