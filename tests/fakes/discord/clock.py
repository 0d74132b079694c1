"""The fake's own time, and waiting for something to become true without ever sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


class Clock:
    """Runs with the event loop from a start of its own; a test may move it forward."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._began = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """The instant this Discord believes it is."""
        elapsed = asyncio.get_running_loop().time() - self._began
        return self._start + timedelta(seconds=elapsed)

    def advance(self, by: timedelta) -> None:
        """Let that much time pass at once."""
        self._start += by


class Changes:
    """Tells those who wait that something changed; they look again for themselves."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        """Wake everybody who waits."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, ready: Callable[[], T | None], what: str, within: float = 10.0) -> T:
        """Wait until `ready` answers with something true; fail saying `what` was missing."""
        try:
            async with asyncio.timeout(within):
                while not (found := ready()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
                return found
        except TimeoutError:
            raise AssertionError(f"waited {within} s for {what}") from None
