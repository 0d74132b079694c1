"""The guard keeps what it promises on labelled shares of many kinds."""

from __future__ import annotations

from pathlib import Path

from bench.labelled import measured, read
from bot.privacy.guard import Tier, find, spans

SHARES = read(Path(__file__).parent / "shares.jsonl")


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
