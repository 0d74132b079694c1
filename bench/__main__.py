"""Measure everything, or the parts named on the command line, and print the table."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.answers import case_add
from bench.dates import next_occurrence
from bench.dispatch import dispatch
from bench.due import hand_over
from bench.guard import guard
from bench.idle import idle_tick
from bench.live import live
from bench.measure import Line
from bench.paced import paced
from bench.start import start

Part = Callable[[Path], Awaitable[list[Line]]]

PARTS: dict[str, Part] = {
    "dates": lambda folder: next_occurrence(),
    "idle": idle_tick,
    "due": hand_over,
    "answers": case_add,
    "dispatch": dispatch,
    "start": start,
    "paced": paced,
    "live": live,
    "guard": guard,
}


def main(names: list[str]) -> int:
    """Run the parts and print their lines; status 1 when a bound is missed, 2 for a wrong name."""
    unknown = set(names) - set(PARTS)
    if unknown:
        print(f"There is no {', '.join(unknown)}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.ERROR)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; unloaded is what counts")
    holds = True
    for name in names or PARTS:
        with tempfile.TemporaryDirectory(prefix="rounds-bench-") as folder:
            for line in asyncio.run(_lines(PARTS[name], Path(folder))):
                print(line, flush=True)
                holds &= line.holds
    return 0 if holds else 1


async def _lines(part: Part, folder: Path) -> list[Line]:
    return list(await part(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
