"""The guard keeps what it promises on labelled shares of many kinds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bench.labelled import Share, measured, read
from bot.privacy.guard import Identifier, Tier, find

HERE = Path(__file__).parent
SHARES = read(HERE / "shares.jsonl")
FRESH = read(HERE / "fresh_shares.jsonl")
PEERS = read(HERE / "peer_shares.jsonl")
UNSEEN = read(HERE / "unseen_shares.jsonl")
"""No rule and no list was ever mended on these: whoever does so takes their worth away."""
PROSE = read(HERE / "prose.jsonl")
UNSEEN_PROSE = read(HERE / "unseen_prose.jsonl")
"""As above."""


@pytest.mark.parametrize(
    ("shares", "flagged"), [(SHARES, 4), (PEERS, 5), (UNSEEN, 8)], ids=["own", "peers", "unseen"]
)
def test_it_finds_what_it_must_and_leaves_the_rest_alone(
    shares: list[Share], flagged: float
) -> None:
    score = measured(_all, shares)
    assert score.with_some > 190
    assert score.clean > 120
    assert score.recall >= 95
    assert score.names >= 93
    assert score.leaks <= 6
    assert score.alarms <= flagged


@pytest.mark.parametrize(
    ("shares", "blocked"), [(SHARES, 1), (PEERS, 3), (UNSEEN, 3)], ids=["own", "peers", "unseen"]
)
def test_it_hardly_ever_blocks_a_clean_text(shares: list[Share], blocked: float) -> None:
    assert measured(_sure, shares).alarms <= blocked


def test_it_finds_people_towns_and_employers_of_many_countries() -> None:
    score = measured(_all, FRESH)
    assert score.with_some > 150
    assert score.recall >= 95
    assert score.names >= 93
    assert score.leaks <= 6


@pytest.mark.parametrize(
    ("prose", "alarms"), [(PROSE, 1.0), (UNSEEN_PROSE, 0.5)], ids=["own", "unseen"]
)
def test_it_lets_colleagues_talk_about_their_work(prose: list[Share], alarms: float) -> None:
    words = sum(len(share.text.split()) for share in prose)
    assert words > 7_000
    assert 1000 * sum(len(_looked_at(share.text)) for share in prose) / words <= alarms
    assert measured(_all, prose).alarms <= 4
    assert measured(_sure, prose).alarms <= 3


@cache
def _looked_at(text: str) -> list[Identifier]:
    """What is found; once for all tests, since it is the slow part."""
    return find(text)


def _all(text: str) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.kind.value) for one in _looked_at(text)]


def _sure(text: str) -> list[tuple[int, int, str]]:
    """What it lets nobody keep."""
    return [
        found
        for found, one in zip(_all(text), _looked_at(text), strict=True)
        if one.tier is Tier.BLOCK
    ]
