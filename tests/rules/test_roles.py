"""Who facilitates and who records."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule.roles import ROLES, Candidate, Role, Seat, choose, seats, take

ANA, BEN, CAI, DEE = 1, 2, 3, 4
GROUP = [
    Candidate(ANA, 0.4, {"facilitator": 2, "recorder": 6}),
    Candidate(BEN, 0.3, {"facilitator": 3, "recorder": 5}),
    Candidate(CAI, 0.2, {"facilitator": 4, "recorder": 4}),
    Candidate(DEE, 0.1, {"facilitator": 5, "recorder": 3}),
]


def with_ana(*reasons: str) -> list[Candidate]:
    """The group after something changed for Ana."""
    flags = {reason: True for reason in reasons if reason != "inactive"}
    ana = replace(GROUP[0], active="inactive" not in reasons, **flags)  # type: ignore[arg-type]
    return [ana, *GROUP[1:]]


def test_who_facilitated_longest_ago_is_next() -> None:
    assert choose("facilitator", GROUP) == ANA
    assert choose("recorder", GROUP) == DEE


def test_who_never_served_comes_first_and_equals_by_the_draw() -> None:
    newcomers = [Candidate(7, 0.9, {}), Candidate(8, 0.5, {"recorder": 1})]

    assert choose("facilitator", [*GROUP, *newcomers]) == 8
    assert choose("recorder", [*GROUP, *newcomers]) == 7


@pytest.mark.parametrize("reason", ["inactive", "away", "declined", "presenting", "first_meeting"])
def test_who_cannot_serve_is_passed_over(reason: str) -> None:
    assert choose("facilitator", with_ana(reason)) == BEN


def test_who_declined_a_role_is_passed_over_for_that_role_only() -> None:
    refused: tuple[Role, ...] = ("facilitator",)
    group = [replace(GROUP[0], refused=refused), *GROUP[1:]]
    held: dict[Role, Seat] = {"facilitator": Seat(ANA), "recorder": Seat(DEE)}

    assert choose("facilitator", group) == BEN
    assert seats(held, group)["facilitator"] == Seat(BEN)
    assert seats(held, group, fixed=True) == {"recorder": Seat(DEE)}
    assert choose("recorder", group[:1]) == ANA


def test_nobody_is_chosen_when_nobody_fits() -> None:
    presenting = [replace(candidate, presenting=True) for candidate in GROUP]

    assert choose("facilitator", presenting) is None
    assert seats({}, presenting) == {}
    assert choose("recorder", []) is None


def test_one_member_alone_gets_one_role() -> None:
    assert seats({}, GROUP[:1]) == {"facilitator": Seat(ANA)}


def test_a_facilitator_who_becomes_presenter_is_replaced_and_the_recorder_stays() -> None:
    held = seats({}, GROUP)

    assert held == {"facilitator": Seat(ANA), "recorder": Seat(DEE)}
    assert seats(held, with_ana("presenting")) == {
        "facilitator": Seat(BEN),
        "recorder": Seat(DEE),
    }


def test_who_took_a_seat_keeps_it_though_they_present() -> None:
    held = take(seats({}, GROUP), "recorder", ANA)

    assert held == {"recorder": Seat(ANA, by_choice=True)}
    assert seats(held, with_ana("presenting")) == {
        "facilitator": Seat(BEN),
        "recorder": Seat(ANA, by_choice=True),
    }
    assert seats(held, with_ana("declined"))["recorder"] == Seat(DEE)


def test_once_fixed_nobody_is_given_a_role_and_a_seat_left_waits_to_be_taken() -> None:
    held = seats({}, GROUP)

    assert seats(held, with_ana("presenting"), fixed=True) == held
    assert seats(held, with_ana("declined"), fixed=True) == {"recorder": Seat(DEE)}
    assert seats(held, GROUP[1:], fixed=True) == {"recorder": Seat(DEE)}


candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 12),
        st.floats(0, 1),
        st.dictionaries(st.sampled_from(ROLES), st.integers(0, 20)),
        *[st.booleans()] * 5,
        st.sets(st.sampled_from(ROLES)),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.member_id,
)
held_seats = st.dictionaries(
    st.sampled_from(ROLES), st.builds(Seat, st.integers(1, 12), st.booleans())
)


@given(held_seats, candidates, st.booleans())
def test_nobody_has_two_roles_and_everybody_with_one_can_come(
    held: dict[Role, Seat], group: list[Candidate], fixed: bool
) -> None:
    found = seats(held, group, fixed=fixed)
    serving = [seat.member_id for seat in found.values()]
    known = {candidate.member_id: candidate for candidate in group}

    assert len(set(serving)) == len(serving)
    assert all(known[member].can_come for member in serving)
    assert all(found[r] == held.get(r) or known[found[r].member_id].fits(r) for r in found)
    assert seats(found, group, fixed=fixed) == found


@given(st.integers(2, 12), st.randoms(use_true_random=False))
def test_roles_go_round_evenly(size: int, rng: random.Random) -> None:
    group = [Candidate(member, rng.random(), {}) for member in range(size)]
    facilitated = []
    for meeting in range(3 * size):
        found = seats({}, group)
        facilitated.append(found["facilitator"].member_id)
        group = [
            replace(
                c,
                served={
                    **c.served,
                    **{r: meeting for r in found if found[r].member_id == c.member_id},
                },
            )
            for c in group
        ]

    assert all(facilitated.count(member) == 3 for member in range(size))
