"""Taking times fairly: interleaved, many times over, and told as a table."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

BEGAN = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One figure, and what it is held against."""

    what: str
    found: float
    bound: float
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its bound."""
        return self.found >= self.bound if self.at_least else self.found <= self.bound

    def __str__(self) -> str:
        """One line of the table."""
        sign = ">=" if self.at_least else "<="
        verdict = "ok  " if self.holds else "MISS"
        found = f"{self.found:.3g}{self.unit}"
        return (
            f"{verdict} {self.what:<66} {found:>10} {sign} {self.bound:g}{self.unit}  {self.note}"
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def interleaved(
    works: Mapping[str, Callable[[], Awaitable[object]]], times: int
) -> dict[str, list[float]]:
    """Seconds that each piece of work took, one after the other in turns, so that they share
    whatever else the machine does."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for round_ in range(times + 3):
        for name, work in works.items():
            began = perf_counter()
            await work()
            if round_ >= 3:
                taken[name].append(perf_counter() - began)
    return taken


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of what was measured side by side."""
    return median(a / b for a, b in zip(above, below, strict=True))


def running_clock() -> Callable[[], datetime]:
    """A clock that begins at a fixed time and runs."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    return lambda: BEGAN + timedelta(seconds=loop.time() - began)


@asynccontextmanager
async def stalls() -> AsyncIterator[list[float]]:
    """How long the loop did not get round to a timer of a millisecond, each time."""
    found: list[float] = []

    async def watch() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(0.001)
            found.append(perf_counter() - began - 0.001)

    gc.collect()
    task = asyncio.create_task(watch())
    try:
        yield found
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def own_noise(seconds: float = 2.0) -> float:
    """The longest stall of a loop that does nothing: what the machine itself adds."""
    async with stalls() as found:
        await asyncio.sleep(seconds)
    return max(found)
