"""The fair order: who presents next, and how long anybody can have to wait."""

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
    swap_places,
    urgent_lately,
)

ANA, BEN, CAI, DEE = 1, 2, 3, 4
URGENCIES: tuple[Urgency, ...] = ("routine", "soon", "before next meeting")

STANDINGS = [
    Standing(ANA, 0.9, (3, 0)),
    Standing(BEN, 0.8, (3, 1)),
    Standing(CAI, 0.7, (4, 0)),
    Standing(DEE, 0.6, (5, 0)),
]


def case(member: int, urgency: Urgency = "routine", minutes: int = 20, nth: int = 0) -> Waiting:
    """A case of a member; `nth` is its age among their own."""
    return Waiting(member * 10 + nth, member, minutes, urgency, nth)


def members(places: list[Place]) -> list[int]:
    return [place.member_id for place in places]


# --- one queue ---------------------------------------------------------------------------------


def test_who_presented_longest_ago_comes_first_and_a_meeting_keeps_its_order() -> None:
    found = queue_order(reversed(STANDINGS), [case(m) for m in (DEE, CAI, BEN, ANA)])

    assert members(found) == [ANA, BEN, CAI, DEE]
    assert [place.rank for place in found] == [0, 1, 2, 3]
    assert {place.why for place in found} == {Why.LAST_PRESENTED}


def test_who_never_presented_comes_before_all_by_the_draw() -> None:
    newcomers = [Standing(7, 0.5), Standing(8, 0.4)]

    found = queue_order([*STANDINGS, *newcomers], [case(ANA), case(7), case(8)])

    assert members(found) == [8, 7, ANA]
    assert [place.why for place in found] == [
        Why.NEVER_PRESENTED,
        Why.NEVER_PRESENTED,
        Why.LAST_PRESENTED,
    ]


def test_a_member_stands_for_their_oldest_case_and_the_others_come_after_everybody() -> None:
    urgent = case(ANA, "before next meeting", nth=1)

    found = queue_order(STANDINGS, [urgent, case(ANA), case(DEE), case(ANA, nth=2)])

    assert [place.case_id for place in found] == [10, 40, 11, 12]
    assert [place.why for place in found][2:] == [Why.BEHIND_OWN, Why.BEHIND_OWN]
    assert [place.lap for place in found] == [0, 0, 1, 2]


def test_soon_passes_the_one_routine_case_just_ahead() -> None:
    found = queue_order(STANDINGS, [case(ANA), case(BEN), case(CAI, "soon"), case(DEE)])

    assert members(found) == [ANA, CAI, BEN, DEE]
    assert found[1].why is Why.SOON


def test_a_routine_case_is_passed_by_one_soon_at_most() -> None:
    soon = [case(m, "soon") for m in (BEN, CAI, DEE)]

    found = queue_order(STANDINGS, [case(ANA), *soon])

    assert members(found) == [BEN, ANA, CAI, DEE]
    assert [place.why is Why.SOON for place in found] == [True, False, False, False]


def test_before_next_meeting_goes_to_the_front_one_a_meeting() -> None:
    urgent = [case(m, "before next meeting") for m in (CAI, DEE)]

    found = queue_order(STANDINGS, [case(ANA), case(BEN), *urgent])

    assert members(found) == [CAI, ANA, DEE, BEN]
    assert [found[0].why, found[2].why] == [Why.BEFORE_NEXT, Why.SOON]


def test_before_next_meeting_takes_the_front_once_in_four_meetings() -> None:
    uses = [(DEE, 5)]
    waiting = [case(ANA), case(BEN), case(DEE, "before next meeting")]

    fronts = [
        queue_order(STANDINGS, waiting, urgent_lately(uses, meeting))[0].member_id
        for meeting in range(6, 11)
    ]

    assert fronts == [ANA, ANA, ANA, DEE, DEE]


def test_who_stood_first_and_was_not_heard_goes_first_whatever_is_urgent() -> None:
    before = queue_order(STANDINGS, [case(ANA), case(BEN), case(DEE, "before next meeting")])
    first = goes_first_next(before, {DEE})
    standings = [replace(s, goes_first=s.member_id == first) for s in STANDINGS]

    after = queue_order(standings, [case(ANA), case(BEN, "soon"), case(CAI, "before next meeting")])

    assert first == ANA
    assert members(after) == [ANA, CAI, BEN]
    assert after[0].why is Why.GOES_FIRST


def test_who_was_passed_by_a_soon_goes_first_next_time() -> None:
    places = queue_order(STANDINGS, [case(ANA), case(BEN), case(CAI, "soon"), case(DEE)])

    assert members(agenda(places, 40)[0]) == [ANA, CAI]
    assert goes_first_next(places, {ANA, CAI}) == BEN
    assert goes_first_next(places, {ANA, BEN}) is None


def test_nobody_gets_a_right_when_the_order_was_kept_or_everybody_was_heard() -> None:
    places = queue_order(STANDINGS, [case(ANA), case(BEN), case(CAI)])

    assert goes_first_next(places, {ANA}) is None
    assert goes_first_next(places, {ANA, BEN, CAI}) is None
    assert goes_first_next([], set()) is None


def test_who_is_not_coming_keeps_their_place_in_the_order_but_is_not_on_the_agenda() -> None:
    standings = [replace(s, coming=s.member_id != ANA) for s in STANDINGS]

    found = queue_order(standings, [case(ANA, "before next meeting"), case(BEN), case(DEE)])

    assert members(found) == [BEN, DEE, ANA]
    assert found[2].why is Why.NOT_COMING
    assert members(agenda(found, 60)[0]) == [BEN, DEE]
    assert goes_first_next(found, {DEE}) == BEN


# --- one meeting -------------------------------------------------------------------------------


def test_a_meeting_stops_at_the_first_case_that_does_not_fit() -> None:
    waiting = [case(ANA, minutes=30), case(BEN, minutes=40), case(CAI, minutes=10)]

    taken, left = agenda(queue_order(STANDINGS, waiting), 60)

    assert members(taken) == [ANA]
    assert left == 30


def test_a_member_is_heard_once_a_meeting_and_time_left_over_is_not_filled() -> None:
    taken, left = agenda(queue_order(STANDINGS, [case(ANA), case(ANA, nth=1)]), 60)

    assert [place.case_id for place in taken] == [10]
    assert left == 40


def test_a_case_that_became_too_long_gets_the_whole_meeting_and_blocks_nobody() -> None:
    waiting = [case(ANA, minutes=90), case(BEN, minutes=10)]

    taken, left = agenda(queue_order(STANDINGS, waiting), 60)

    assert members(taken) == [ANA]
    assert left == 0


def test_two_members_who_swap_exchange_their_places_for_one_meeting() -> None:
    waiting = [case(ANA), case(BEN), case(DEE)]

    swapped = queue_order(swap_places(STANDINGS, ANA, DEE), waiting)
    heard = [replace(s, last_presented=(6, 0)) if s.member_id == DEE else s for s in STANDINGS]

    assert members(swapped) == [DEE, BEN, ANA]
    assert members(queue_order(heard, waiting)) == [ANA, BEN, DEE]


def test_a_swap_with_somebody_who_left_changes_nothing() -> None:
    assert swap_places(STANDINGS, ANA, 99) == STANDINGS


def test_an_empty_queue_has_an_empty_agenda() -> None:
    assert queue_order(STANDINGS, []) == []
    assert agenda([], 60) == ([], 60)


# --- many meetings -----------------------------------------------------------------------------

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
        heard = members(taken)
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
    heard = members(taken)
    if 0 in heard:
        return heard.index(0) + 1, None
    front = next((p.member_id for p in taken if p.why is Why.BEFORE_NEXT), -1)
    following = (*(m for m in order if m not in heard), *heard)
    by_right = goes_first_next(places, heard)
    assert by_right in (None, following[0])
    lately = (*recent, front)[-(MEETINGS_PER_URGENT - 1) :]
    return number, (following, by_right is not None, lately)
