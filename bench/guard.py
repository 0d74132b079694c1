"""How much of what identifies somebody the guard finds, beside two other tools in the same run.

It measures on the project's own labelled shares, or on the files that ROUNDS_LABELLED names
(separated as in PATH), each a line of JSON a text: {"text", "spans": [{"start", "end", "kind"}]}.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.labelled import Guard, Score, Share, Span, measured, read
from bench.measure import Line, percentile
from bot.privacy.guard import Tier, find, load, spans

OWN = [
    Path(__file__).parent.parent / "tests/privacy" / name
    for name in (
        *("shares.jsonl", "fresh_shares.jsonl", "peer_shares.jsonl", "unseen_shares.jsonl"),
        *("prose.jsonl", "unseen_prose.jsonl"),
    )
]
INSTALL = "pip install presidio-analyzer scrubadub"


async def guard(folder: Path) -> list[Line]:
    """The figures of each file, held against what was promised."""
    began = perf_counter()
    load()
    lines = [Line("guard: seconds to load", perf_counter() - began, 0.5, "s")]
    named = os.environ.get("ROUNDS_LABELLED", "")
    for path in [Path(one) for one in named.split(os.pathsep) if one] or OWN:
        lines += _of_file(path)
    return lines


def _of_file(path: Path) -> Iterator[Line]:
    shares = read(path)
    own, sure = measured(spans, shares), measured(_sure, shares)
    print(f"{path.name}: {own.with_some} texts with identifiers, {own.clean} without")
    kinds = (f"{kind} {own.hit[kind]}/{own.asked[kind]}" for kind in sorted(own.asked))
    print(f"  by kind: {', '.join(kinds)}")
    for name, make in (
        ("Presidio, without a language model", _presidio),
        ("scrubadub", _scrubadub),
    ):
        other = make()
        print(f"  {name}: {_told(measured(other, shares)) if other else f'not here; {INSTALL}'}")
    if own.with_some:
        yield Line(f"{path.name}: recall", own.recall, 95, "%", at_least=True)
        yield Line(f"{path.name}: recall of names", own.names, 93, "%", at_least=True)
        yield Line(f"{path.name}: texts with a leak", own.leaks, 6, "%")
    if own.clean:
        yield Line(f"{path.name}: clean texts flagged", own.alarms, 8, "%")
        yield Line(f"{path.name}: clean texts flagged for sure (BLOCK)", sure.alarms, 3, "%")
    if not own.with_some:
        yield Line(f"{path.name}: alarms in 1000 words", _in_thousand(shares), 1.0, "")
    yield Line(f"{path.name}: p50", median(own.seconds) * 1000, 2, "ms")
    yield Line(f"{path.name}: p95", percentile(own.seconds, 0.95) * 1000, 5, "ms")


def _in_thousand(shares: list[Share]) -> float:
    clean = [share.text for share in shares if not (share.must or share.soft)]
    words = sum(len(text.split()) for text in clean)
    return 1000 * sum(len(find(text)) for text in clean) / words


def _told(score: Score) -> str:
    return (
        f"recall {score.recall:.1f} % (names {score.names:.1f} %), texts with a leak"
        f" {score.leaks:.1f} %, clean texts flagged {score.alarms:.1f} %,"
        f" p50 {median(score.seconds) * 1000:.1f} ms"
    )


def _sure(text: str) -> Iterator[Span]:
    return ((one.start, one.end, one.kind.value) for one in find(text) if one.tier is Tier.BLOCK)


def _module(name: str) -> Any:
    """A package that is no dependency of ours, if it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _presidio() -> Guard | None:
    """Presidio with its patterns alone: its language models are downloads of their own."""
    analyzer, engines = _module("presidio_analyzer"), _module("presidio_analyzer.nlp_engine")
    spacy = _module("spacy")
    if not (analyzer and engines and spacy):
        return None
    words_alone = engines.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    words_alone.nlp = {"en": spacy.blank("en")}
    engine = analyzer.AnalyzerEngine(nlp_engine=words_alone, supported_languages=["en"])
    analyze: Callable[..., Any] = engine.analyze
    return lambda text: [
        (one.start, one.end, one.entity_type) for one in analyze(text=text, language="en")
    ]


def _scrubadub() -> Guard | None:
    scrubadub = _module("scrubadub")
    if scrubadub is None:
        return None
    scrubber = scrubadub.Scrubber()
    return lambda text: [(one.beg, one.end, one.type) for one in scrubber.iter_filth(text)]
