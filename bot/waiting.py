"""Waiting for the end: of a task, of the work, of the program."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of this work, or nothing when the program is told to stop first."""
    waiting, working = asyncio.create_task(stop.wait()), asyncio.create_task(work)
    await asyncio.wait({waiting, working}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
        return None
    return working.result()


async def until_stopped(
    stop: asyncio.Event,
    work: Sequence[asyncio.Task[None]],
    serving: Iterable[Coroutine[Any, Any, None]],
) -> None:
    """Wait for a signal, or for a part that ends by itself: then its error is what is told."""
    waiting = asyncio.create_task(stop.wait())
    listening = [asyncio.create_task(one) for one in serving]
    parts: set[asyncio.Task[Any]] = {waiting, *work, *listening}
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, *listening):
        task.cancel()
    for task in done:
        task.result()


async def let_end(work: Sequence[asyncio.Task[None]]) -> None:
    """End this work, and wait until it has ended."""
    for task in work:
        task.cancel()
    await asyncio.wait(work)
