"""The next date of a series, of a new one and of one that began ten years ago."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time

from bench.measure import Line, interleaved, percentile, ratio
from bot.schedule.series import EVERY, Every, Series, next_date, starts_at

TODAY = date(2026, 3, 10)
AT_ONCE = 100


async def next_occurrence() -> list[Line]:
    """All rhythms in turns, in a zone with summer time."""
    slowest, oldest = 0.0, 0.0
    for every in EVERY:
        works = {
            "new": _next(every, date(2026, 3, 3)),
            "old": _next(every, date(2016, 3, 1)),
        }
        taken = await interleaved(works, 200)
        slowest = max(slowest, percentile(taken["old"] + taken["new"], 0.99) / AT_ONCE * 1e3)
        oldest = max(oldest, ratio(taken["old"], taken["new"]))
    return [
        Line("next occurrence of any series, with its instant, p99", slowest, 1, " ms"),
        Line("next occurrence, begun ten years ago / this month", oldest, 1.1),
    ]


def _next(every: Every, first: date) -> Callable[[], Awaitable[object]]:
    series = Series(every, 1, time(18, 30), "Europe/Berlin", first)

    async def work() -> None:
        for _ in range(AT_ONCE):
            starts_at(series, next_date(series, TODAY))

    return work
