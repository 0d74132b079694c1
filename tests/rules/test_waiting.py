"""How long anybody can have to wait, meeting after meeting, under the fair order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queue.order import (
    MEETINGS_PER_URGENT,
    Place,
    Standing,
    Urgency,
    Waiting,
    Why,
    agenda,
    goes_first_next,
    queue_order,
    urgent_lately,
)

URGENCIES: tuple[Urgency, ...] = ("routine", "soon", "before next meeting")


Choose = Callable[[int], Waiting]


@dataclass
class Group:
    """A group in which everybody comes to every meeting and always has a case."""

    standings: list[Standing]
    choose: Choose
    meeting: int = 0
    uses: list[tuple[int, int]] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    waiting: dict[int, Waiting] = field(default_factory=dict)

    def meet(self, minutes: int) -> None:
        """Hold one meeting: the agenda is heard, and who was heard brings the next case."""
        self.meeting += 1
        for standing in self.standings:
            member = standing.member_id
            self.waiting.setdefault(member, self.choose(member))
        recent = urgent_lately(self.uses, self.meeting)
        places = queue_order(self.standings, self.waiting.values(), recent)
        taken, _ = agenda(places, minutes)
        heard = [place.member_id for place in taken]
        first = goes_first_next(places, heard)
        self.uses += [(p.member_id, self.meeting) for p in taken if p.why is Why.BEFORE_NEXT]
        self.standings = [self._after(standing, heard, first) for standing in self.standings]
        self.heard += heard
        for member in heard:
            del self.waiting[member]

    def _after(self, standing: Standing, heard: list[int], first: int | None) -> Standing:
        if standing.member_id in heard:
            presented = (self.meeting, heard.index(standing.member_id))
            return replace(standing, last_presented=presented, goes_first=False)
        return replace(standing, goes_first=standing.goes_first or standing.member_id == first)

    def longest_wait(self) -> int:
        """The most presentations, their own included, from one case of a member to the next."""
        waits = [0]
        for standing in self.standings:
            turns = [-1, *(n for n, m in enumerate(self.heard) if m == standing.member_id)]
            waits += [b - a for a, b in zip(turns, [*turns[1:], len(self.heard)], strict=True)]
        return max(waits)


def newcomers(size: int, rng: random.Random) -> list[Standing]:
    return [Standing(member, rng.random()) for member in range(size)]


@given(st.integers(1, 12), st.randoms(use_true_random=False), st.integers(10, 90))
def test_routine_cases_of_any_length_are_a_strict_round_robin(
    size: int, rng: random.Random, minutes: int
) -> None:
    def bring(member: int) -> Waiting:
        return Waiting(rng.randrange(10**6), member, rng.randint(10, minutes), "routine", 0)

    group = Group(newcomers(size, rng), bring)
    for _ in range(4 * size):
        group.meet(minutes)

    rounds = [group.heard[n : n + size] for n in range(0, len(group.heard) - size + 1, size)]
    assert all(one == rounds[0] for one in rounds)
    assert group.longest_wait() <= size
    counts: Counter[int] = Counter(dict.fromkeys(range(size), 0))
    for member in group.heard:
        counts[member] += 1
        assert max(counts.values()) - min(counts.values()) <= 1


@given(
    st.integers(1, 12), st.randoms(use_true_random=False), st.lists(st.integers(0, 2), max_size=6)
)
def test_with_any_urgency_no_oldest_case_waits_more_than_twice_as_long(
    size: int, rng: random.Random, habits: list[int]
) -> None:
    def bring(member: int) -> Waiting:
        """Some members are always equally urgent, the others as it comes."""
        level = habits[member] if member < len(habits) else rng.randrange(3)
        minutes = rng.choice((10, 10, 20, 60))
        return Waiting(rng.randrange(10**6), member, minutes, URGENCIES[level], 0)

    group = Group(newcomers(size, rng), bring)
    for _ in range(6 * size):
        group.meet(60)

    assert group.longest_wait() <= 2 * size


State = tuple[tuple[int, ...], bool, tuple[int, ...]]
"""The members in order, whether the first goes first by right, who lately took the front."""


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_nobody_can_arrange_urgencies_that_make_somebody_wait_longer(size: int) -> None:
    known: dict[State, int] = {}

    def longest(state: State) -> int:
        if state not in known:
            known[state] = 10**6  # a way round to this state again would be a wait without end
            known[state] = max(
                gone + (longest(after) if after else 0) for gone, after in meetings(state, size)
            )
        return known[state]

    start = (*range(1, size), 0)
    assert longest((start, False, (-1, -1, -1))) <= 2 * size


def meetings(state: State, size: int) -> Iterator[tuple[int, State | None]]:
    """Every meeting that can follow, until member 0 with a routine case has been heard.

    Yields how many presented until then, and the state after it if member 0 still waits.
    """
    order, by_right, recent = state
    standings = [
        Standing(member, 0.0, (1, n), goes_first=by_right and n == 0)
        for n, member in enumerate(order)
    ]
    for urgent in (-1, *(m for m in range(1, size) if m not in recent)):
        others = [m for m in range(1, size) if m != urgent]
        for soon in (set(c) for n in range(size) for c in combinations(others, n)):
            levels = [2 if m == urgent else int(m in soon) for m in range(size)]
            waiting = [Waiting(m, m, 10, URGENCIES[level], 0) for m, level in enumerate(levels)]
            places = queue_order(standings, waiting, recent)
            for number in range(1, size + 1):
                yield held(places, order, recent, number)


def held(
    places: list[Place], order: tuple[int, ...], recent: tuple[int, ...], number: int
) -> tuple[int, State | None]:
    taken, _ = agenda(places, 10 * number)
    heard = [place.member_id for place in taken]
    if 0 in heard:
        return heard.index(0) + 1, None
    front = next((p.member_id for p in taken if p.why is Why.BEFORE_NEXT), -1)
    following = (*(m for m in order if m not in heard), *heard)
    by_right = goes_first_next(places, heard)
    assert by_right in (None, following[0])
    lately = (*recent, front)[-(MEETINGS_PER_URGENT - 1) :]
    return number, (following, by_right is not None, lately)
