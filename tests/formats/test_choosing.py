"""Which format is suggested, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats.choosing import suggest
from bot.formats.fitting import fit
from bot.formats.model import Formats
from bot.formats.reading import read_formats

FORMATS = read_formats()


@pytest.mark.parametrize(
    ("present", "minutes", "name", "why"),
    [
        (
            *(6, 38, "six_phase"),
            "Six phases, because 6 of you are here and 38 minutes are left. "
            "It takes 40 minutes, and can be shortened.",
        ),
        (
            *(6, 60, "six_phase"),
            "Six phases, because 6 of you are here and 60 minutes are left. It takes 40 minutes.",
        ),
        (
            *(4, 60, "equal_slots"),
            "Equal slots, because 4 of you are here and 60 minutes are left. "
            "Each of you gets 15 minutes.",
        ),
        (
            *(3, 33, "three_way"),
            "Three-way, because 3 of you are here and 33 minutes are left. "
            "Each of you gets 11 minutes.",
        ),
        (
            *(12, 60, "star"),
            "Star, because 12 of you are here and 60 minutes are left. It takes 53 minutes.",
        ),
        (
            *(25, 60, "star"),
            "Star, because 25 of you are here and 60 minutes are left. "
            "It is meant for 8 to 20 people, and comes nearest.",
        ),
        (
            *(6, 40, "six_phase"),
            "Six phases, because 6 of you are here and 40 minutes are left. It takes 40 minutes.",
        ),
        (
            *(6, 10, "equal_slots"),
            "Equal slots, because 6 of you are here and 10 minutes are left. "
            "It is meant for 4 to 5 people, and comes nearest. One of you can present.",
        ),
        (
            *(6, 1, "three_way"),
            "1 minute is left, and even the shortest format, Three-way, needs 5. "
            "Better keep talking, and move the case to the next meeting.",
        ),
    ],
)
def test_a_format_is_suggested_by_who_is_here_and_the_time_left(
    present: int, minutes: int, name: str, why: str
) -> None:
    found, said = suggest(FORMATS, present, minutes)

    assert (found.id, str(said)) == (name, why)


@pytest.mark.parametrize(
    ("minutes", "why"),
    [
        (38, " and it is short: 11 minutes for each. "),
        (14, " and it is short: 7 minutes for each. "),
        (8, " and it is short. There is time for one of you. "),
    ],
)
def test_two_get_a_short_format_or_keep_talking(minutes: int, why: str) -> None:
    found, said = suggest(FORMATS, 2, minutes)

    assert found.id == "three_way"
    assert str(said) == (
        f"Three-way, because only two of you are here{why}"
        "Or simply keep talking, and move the case to the next meeting."
    )


@pytest.mark.parametrize("present", [0, 1])
def test_somebody_alone_is_told_so(present: int) -> None:
    found, said = suggest(FORMATS, present, 60)

    assert found.id == "three_way"
    assert str(said) == (
        "Nobody else is here yet. Once somebody comes, Three-way is short. "
        "Or move the case to the next meeting."
    )


def test_the_shortest_format_need_not_be_one_for_each() -> None:
    (six,) = (found for found in FORMATS if found.id == "six_phase")
    _, said = suggest(Formats((six,)), 2, 60)

    assert str(said).startswith("Six phases, because only two of you are here and it is short. Or")


@given(st.integers(0, 60), st.integers(-5, 300))
def test_a_suggestion_can_be_followed_whenever_there_is_time_for_one(
    present: int, minutes: int
) -> None:
    found, why = suggest(FORMATS, present, minutes)

    assert found.unit == "minutes"
    assert found.name in str(why)
    if minutes >= min(f.least for f in FORMATS):
        assert sum(fitted.length for fitted in fit(found, minutes)) == minutes


@given(st.integers(3, 20), st.integers(30, 300))
def test_whoever_has_half_an_hour_gets_a_format_of_their_size(present: int, minutes: int) -> None:
    found, _ = suggest(FORMATS, present, minutes)

    assert present in found.size
