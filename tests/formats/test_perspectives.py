"""Dealing perspective cards."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.formats.model import Perspective
from bot.formats.perspectives import deal
from bot.formats.reading import read_formats

CARDS = [Perspective(f"card {n}", "Speak as one.") for n in range(12)]
SEEDS = st.integers(0, 2**32)
MEMBERS = st.lists(st.integers(1, 50), unique=True, max_size=11)
LAST = st.dictionaries(st.integers(1, 50), st.sampled_from([c.name for c in CARDS] + ["gone"]))


@given(MEMBERS, LAST, SEEDS)
def test_everybody_gets_a_card_no_two_alike_and_not_their_last(
    members: list[int], last: dict[int, str], seed: int
) -> None:
    dealt = deal(CARDS[: len(members) + 1], members, last, Random(seed))

    assert list(dealt) == members
    assert len({card.name for card in dealt.values()}) == len(members)
    assert all(card.name != last.get(member) for member, card in dealt.items())


@given(MEMBERS, LAST, SEEDS, st.integers(0, 11))
def test_with_few_cards_as_many_as_possible_get_one(
    members: list[int], last: dict[int, str], seed: int, many: int
) -> None:
    dealt = deal(CARDS[:many], members, last, Random(seed))

    assert len({card.name for card in dealt.values()}) == len(dealt)
    assert all(card.name != last.get(member) for member, card in dealt.items())
    assert len(dealt) >= min(len(members), max(0, many - 1))


@given(MEMBERS, LAST, SEEDS)
def test_the_same_seed_deals_the_same(members: list[int], last: dict[int, str], seed: int) -> None:
    assert deal(CARDS, members, last, Random(seed)) == deal(CARDS, members, last, Random(seed))


@given(st.integers(2, 8), SEEDS)
def test_nobody_gets_a_card_twice_running_over_many_cases(people: int, seed: int) -> None:
    rng = Random(seed)
    last: dict[int, str] = {}
    for _ in range(10):
        dealt = deal(CARDS[: people + 1], range(people), last, rng)
        assert all(card.name != last.get(member) for member, card in dealt.items())
        last = {member: card.name for member, card in dealt.items()}


def test_every_card_comes_to_everybody_now_and_then() -> None:
    found = read_formats().find("perspectives")
    assert found is not None
    rng = Random(7)
    seen: dict[int, set[str]] = {member: set() for member in range(6)}
    for _ in range(200):
        for member, card in deal(found.perspectives, range(6), {}, rng).items():
            seen[member].add(card.name)

    assert all(len(names) == len(found.perspectives) for names in seen.values())


def test_a_member_named_twice_gets_one_card() -> None:
    assert list(deal(CARDS, [1, 2, 1], {}, Random(1))) == [1, 2]


def test_without_cards_or_members_nothing_is_dealt() -> None:
    assert deal([], [1, 2], {}, Random(1)) == {}
    assert deal(CARDS, [], {}, Random(1)) == {}
    assert deal(CARDS[:1], [1], {1: CARDS[0].name}, Random(1)) == {}
