"""The fair order: whose case comes next, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeAlias

Urgency: TypeAlias = Literal["routine", "soon", "before next meeting"]

MEETINGS_PER_URGENT = 4
"""Once in so many meetings a member's `before next meeting` takes the front."""


class Why(StrEnum):
    """Why a case has its place; the texts make one sentence of each."""

    NEVER_PRESENTED = "never presented"
    LAST_PRESENTED = "last presented"
    SOON = "soon"
    BEFORE_NEXT = "before next meeting"
    GOES_FIRST = "goes first"
    BEHIND_OWN = "behind own"
    NOT_COMING = "not coming"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: what counts is how long ago they last presented.

    `last_presented` is the number of that meeting and the place in it; `draw` is a seeded number
    that orders those who never did; `goes_first` is what `goes_first_next` gave them, until they
    are heard; who is not `coming` keeps their standing.
    """

    member_id: int
    draw: float
    last_presented: tuple[int, int] | None = None
    goes_first: bool = False
    coming: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in the queue; `created` tells a member's older cases from newer ones."""

    case_id: int
    member_id: int
    minutes: int
    urgency: Urgency
    created: int


@dataclass(frozen=True, slots=True)
class Place:
    """A case's place in the queue.

    `rank` is where its member stands before urgency (0 stood first), `lap` how many older cases
    of the same member come before it.
    """

    case_id: int
    member_id: int
    minutes: int
    why: Why
    rank: int
    lap: int = 0
    last_presented: tuple[int, int] | None = None

    @property
    def on_offer(self) -> bool:
        """Whether it may be on the next agenda: a member is heard once a meeting."""
        return self.lap == 0 and self.why is not Why.NOT_COMING


def queue_order(
    standings: Iterable[Standing],
    waiting: Iterable[Waiting],
    recent_urgent: Collection[int] = (),
) -> list[Place]:
    """The whole queue in fair order.

    1. Members are ordered, not cases: who goes first by right, then who never presented (by
       draw), then by how long ago they presented. Each stands for their oldest waiting case.
    2. One `before next meeting` goes to the front, behind those who go first by right: that of
       the member who stands foremost, `recent_urgent` left out. The others count as `soon`.
    3. `soon` passes the one routine case just ahead, and a routine case is passed by one at most.
    4. Everybody's later cases follow lap by lap, then the cases of members who are not coming.
    """
    cases = _by_member(waiting)
    ordered = [s for s in sorted(standings, key=_standing) if s.member_id in cases]
    coming = [s for s in ordered if s.coming]
    laps: list[list[Place]] = [[] for _ in range(max(map(len, cases.values()), default=0))]
    for rank, standing in enumerate(coming):
        for lap, case in enumerate(cases[standing.member_id]):
            laps[lap].append(_place(standing, case, rank, lap))
    if laps:
        urgency = {case.case_id: case.urgency for own in cases.values() for case in own}
        laps[0] = _with_urgency(laps[0], urgency, recent_urgent)
    absent = [
        replace(_place(standing, case, len(coming) + n, lap), why=Why.NOT_COMING)
        for n, standing in enumerate(s for s in ordered if not s.coming)
        for lap, case in enumerate(cases[standing.member_id])
    ]
    return [place for lap in laps for place in lap] + absent


def agenda(places: Sequence[Place], minutes: int) -> tuple[list[Place], int]:
    """The cases of a meeting with so much case time, and the minutes left over.

    Cases are taken from the front while they fit; the first that does not ends it, so that no
    short case slips past a long one. The very first is always taken: a case that became too long
    when the settings changed gets the whole meeting instead of blocking the queue.
    """
    taken: list[Place] = []
    left = minutes
    for place in (place for place in places if place.on_offer):
        if taken and place.minutes > left:
            break
        taken.append(place)
        left = max(0, left - place.minutes)
    return taken, left


def goes_first_next(places: Sequence[Place], heard: Collection[int]) -> int | None:
    """The member who goes first at the next meeting whatever is urgent, after one has been held.

    `places` is the queue as it was before the meeting, `heard` the members who presented. That
    right is for who is next in line now and

    1. stood first and was not heard, or
    2. was passed by a `soon` that was heard, or
    3. was overtaken in a meeting that itself began with somebody going first by right.

    The first rule alone keeps nobody from being overtaken at every meeting just before they
    would stand first; with the other two an oldest case waits for at most twice as many
    presentations as there are members, its own included.
    """
    line = sorted((place for place in places if place.on_offer), key=lambda place: place.rank)
    following = next((place for place in line if place.member_id not in heard), None)
    if following is None:
        return None
    overtaking = [p for p in line if p.rank > following.rank and p.member_id in heard]
    by_right = line[0].why is Why.GOES_FIRST
    passed = any(place.why is Why.SOON for place in overtaking)
    if following.rank == 0 or passed or (by_right and overtaking):
        return following.member_id
    return None


def swap_places(standings: Iterable[Standing], one: int, other: int) -> list[Standing]:
    """The standings for one meeting in which two members have exchanged their places.

    Nothing is kept of it afterwards: who was heard goes to the back like everybody, and the other
    has their own standing again, so giving a place away costs a member one meeting at most.
    """
    before = {standing.member_id: standing for standing in standings}
    if one not in before or other not in before:
        return list(before.values())
    partner = {one: before[other], other: before[one]}
    return [
        replace(own, draw=p.draw, last_presented=p.last_presented, goes_first=p.goes_first)
        if (p := partner.get(own.member_id))
        else own
        for own in before.values()
    ]


def urgent_lately(uses: Iterable[tuple[int, int]], meeting: int) -> frozenset[int]:
    """The members who may not take the front at this meeting.

    `uses` are the member and the number of the meeting where a `before next meeting` was heard.
    """
    return frozenset(
        member for member, used in uses if meeting - MEETINGS_PER_URGENT < used < meeting
    )


def _standing(standing: Standing) -> tuple[bool, tuple[int, int], float, int]:
    never = (-1, -1)
    return (
        not standing.goes_first,
        standing.last_presented or never,
        standing.draw,
        standing.member_id,
    )


def _by_member(waiting: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    cases: dict[int, list[Waiting]] = {}
    for case in sorted(waiting, key=lambda case: (case.created, case.case_id)):
        cases.setdefault(case.member_id, []).append(case)
    return cases


def _place(standing: Standing, case: Waiting, rank: int, lap: int) -> Place:
    if lap:
        why = Why.BEHIND_OWN
    elif standing.goes_first:
        why = Why.GOES_FIRST
    else:
        why = Why.LAST_PRESENTED if standing.last_presented else Why.NEVER_PRESENTED
    last = standing.last_presented
    return Place(case.case_id, case.member_id, case.minutes, why, rank, lap, last)


def _with_urgency(
    line: Sequence[Place], urgency: dict[int, Urgency], recent_urgent: Collection[int]
) -> list[Place]:
    """Everybody's first cases, those that are urgent moved as far as they may."""
    first = [place for place in line if place.why is Why.GOES_FIRST]
    rest = [place for place in line if place.why is not Why.GOES_FIRST]
    urgent = next(
        (
            place
            for place in rest
            if urgency[place.case_id] == "before next meeting"
            and place.member_id not in recent_urgent
        ),
        None,
    )
    if urgent is not None:
        rest.remove(urgent)
        first.append(replace(urgent, why=Why.BEFORE_NEXT))
    return first + _soon_passes(rest, urgency)


def _soon_passes(line: Sequence[Place], urgency: dict[int, Urgency]) -> list[Place]:
    """The line after each case that cannot wait has passed the routine case just ahead of it."""
    moved = list(line)
    for n in range(1, len(line)):
        ahead, own = line[n - 1], line[n]
        if urgency[own.case_id] != "routine" and urgency[ahead.case_id] == "routine":
            moved[n - 1], moved[n] = replace(own, why=Why.SOON), ahead
    return moved
