"""Zone names as people type them."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.zones import UNREAL, read_zone, suggest_zones
from bot.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_may_be_typed_in_any_case(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone


@given(st.sampled_from(sorted(available_timezones() - UNREAL)))
def test_every_zone_of_the_database_is_known(zone: str) -> None:
    assert read_zone(zone) == zone


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("berlin", "Europe/Berlin"),
        ("Berln", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("germany", "Europe/Berlin"),
        ("Germny", "Europe/Berlin"),
        ("india", "Asia/Kolkata"),
        ("calcutta", "Asia/Calcutta"),
        ("Europe/Berlni", "Europe/Berlin"),
    ],
)
def test_the_nearest_zone_is_offered_and_never_guessed(typed: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {near}") as refused:
        read_zone(typed)
    assert refused.value.option == "zone"


@pytest.mark.parametrize("typed", ["", "  ", "zzzzz", "localtime", "Factory", "../etc/passwd"])
def test_what_is_no_zone_is_refused_saying_what_was_expected(typed: str) -> None:
    with pytest.raises(UsageError, match=r"such as Europe/|Did you mean"):
        read_zone(typed)


def test_suggestions_begin_with_the_city_that_was_typed() -> None:
    assert suggest_zones("lond")[0] == "Europe/London"
    assert suggest_zones("paris")[0] == "Europe/Paris"
    assert suggest_zones("united states")[0] == "America/New_York"
    assert suggest_zones("tokyo") == ["Asia/Tokyo"]


@given(st.text(), st.integers(1, 25))
def test_suggestions_for_any_text_are_few_and_can_be_taken(typed: str, limit: int) -> None:
    found = suggest_zones(typed, limit)

    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert [read_zone(zone) for zone in found] == found


@given(st.text(max_size=300))
def test_any_text_is_a_zone_or_refused(typed: str) -> None:
    assert _refused(typed) or read_zone(typed)


def _refused(typed: str) -> bool:
    try:
        read_zone(typed)
    except UsageError:
        return True
    return False
