"""The fair order: who presents next, and how long anybody can have to wait."""

from __future__ import annotations

from dataclasses import replace

from bot.queue.order import (
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
