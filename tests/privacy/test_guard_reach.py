"""The guard keeps what it promises on labelled shares of many kinds."""

from __future__ import annotations

from pathlib import Path

from bench.labelled import measured, read
from bot.privacy.guard import Tier, find, spans

HERE = Path(__file__).parent
SHARES = read(HERE / "shares.jsonl")
FRESH = read(HERE / "fresh_shares.jsonl")
PROSE = read(HERE / "prose.jsonl")


def test_it_finds_what_it_must_and_leaves_the_rest_alone() -> None:
    score = measured(spans, SHARES)
    assert score.with_some > 200
    assert score.clean > 150
    assert score.recall >= 95
    assert score.names >= 93
    assert score.leaks <= 6
    assert score.alarms <= 4


def test_it_hardly_ever_blocks_a_clean_text() -> None:
    score = measured(
        lambda text: [(one.start, one.end, "") for one in find(text) if one.tier is Tier.BLOCK],
        SHARES,
    )
    assert score.alarms <= 1


def test_it_finds_people_towns_and_employers_of_many_countries() -> None:
    score = measured(spans, FRESH)
    assert score.with_some > 150
    assert score.recall >= 95
    assert score.names >= 93
    assert score.leaks <= 6


def test_it_lets_colleagues_talk_about_their_work() -> None:
    words = sum(len(share.text.split()) for share in PROSE)
    alarms = [found for share in PROSE for found in find(share.text)]
    assert words > 4_000
    assert 1000 * len(alarms) / words <= 1.5
    assert measured(spans, PROSE).alarms <= 8
    sure = [share for share in PROSE if any(one.tier is Tier.BLOCK for one in find(share.text))]
    assert 100 * len(sure) / len(PROSE) <= 3
