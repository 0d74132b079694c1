"""The roles nobody owns: who facilitates and who records the next meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

Role: TypeAlias = Literal["facilitator", "recorder"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""In the order in which they are filled."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member as far as roles go.

    `served` says when they last had each role, as a number that grows with time; `draw` is a
    seeded number that decides between equals; `declined` is the meeting, `refused` are the roles
    they would rather not have this time.
    """

    member_id: int
    draw: float
    served: Mapping[Role, int]
    active: bool = True
    away: bool = False
    declined: bool = False
    presenting: bool = False
    first_meeting: bool = False
    refused: Collection[Role] = ()

    @property
    def can_come(self) -> bool:
        """Whether they may be at the meeting at all."""
        return self.active and not self.away and not self.declined

    def fits(self, role: Role) -> bool:
        """Whether a role may be given to them unasked."""
        free = not self.presenting and not self.first_meeting and role not in self.refused
        return self.can_come and free


@dataclass(frozen=True, slots=True)
class Seat:
    """Who has a role at a meeting, and whether they took it themselves."""

    member_id: int
    by_choice: bool = False


def choose(role: Role, candidates: Iterable[Candidate], taken: Collection[int] = ()) -> int | None:
    """Who fits and served longest ago in this role, or nobody; `taken` have another role."""
    fitting = [c for c in candidates if c.fits(role) and c.member_id not in taken]
    if not fitting:
        return None
    return min(fitting, key=lambda c: (c.served.get(role, -1), c.draw, c.member_id)).member_id


def seats(
    held: Mapping[Role, Seat], candidates: Collection[Candidate], *, fixed: bool = False
) -> dict[Role, Seat]:
    """The roles of a meeting after something changed; a role that nobody has is left out.

    1. Who took a seat keeps it while they can come.
    2. Who was given one keeps it while they fit; once the roles are `fixed`, while they can come.
    3. An empty seat goes to whoever is next, never two to one member; once the roles are `fixed`
       it stays empty until a member takes it.
    """
    known = {candidate.member_id: candidate for candidate in candidates}
    kept: dict[Role, Seat] = {}
    for role in ROLES:
        seat = held.get(role)
        if (
            seat is not None
            and seat.member_id not in _ids(kept)
            and _keeps(role, seat, known, fixed)
        ):
            kept[role] = seat
    for role in () if fixed else ROLES:
        if role not in kept:
            member = choose(role, candidates, _ids(kept))
            if member is not None:
                kept[role] = Seat(member)
    return kept


def _ids(held: Mapping[Role, Seat]) -> set[int]:
    return {seat.member_id for seat in held.values()}


def _keeps(role: Role, seat: Seat, known: Mapping[int, Candidate], fixed: bool) -> bool:
    holder = known.get(seat.member_id)
    if holder is None:
        return False
    if seat.by_choice:
        return holder.can_come
    return holder.can_come and role not in holder.refused if fixed else holder.fits(role)


def take(held: Mapping[Role, Seat], role: Role, member_id: int) -> dict[Role, Seat]:
    """The seats after a member took one themselves, giving up the other if they had it."""
    others = {r: seat for r, seat in held.items() if r != role and seat.member_id != member_id}
    return {**others, role: Seat(member_id, by_choice=True)}
