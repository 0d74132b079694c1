"""What can go wrong on demand, and the pace Slack holds its callers to."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class Fault:
    """One thing that goes wrong with the next calls of a method."""

    kind: str
    error: str = ""
    status: int = 200
    retry_after: str | None = None
    channel: str | None = None
    times: int = 1


class Faults:
    """The faults asked for, taken one call at a time."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = defaultdict(list)
        self.released = asyncio.Event()

    def add(self, method: str, fault: Fault) -> None:
        """Let the next calls of `method` go wrong this way."""
        self._waiting[method].append(fault)

    def are_waiting(self, method: str) -> bool:
        """Whether a call of `method` is still to go wrong."""
        return bool(self._waiting[method])

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The fault that meets this call, if any."""
        for fault in self._waiting[method]:
            if fault.channel in (None, channel):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting[method].remove(fault)
                return fault
        return None


class Pace:
    """About one message a second in a channel, and so many a minute in the workspace."""

    def __init__(self, clock: Callable[[], float], gap: float, per_minute: int) -> None:
        self._clock, self._gap, self._per_minute = clock, gap, per_minute
        self._last: dict[str, float] = {}
        self._minute: deque[float] = deque()

    def refuse(self, channel: str) -> int | None:
        """Seconds to wait, where this message comes too soon."""
        now = self._clock()
        while self._minute and self._minute[0] <= now - 60:
            self._minute.popleft()
        if len(self._minute) >= self._per_minute:
            return max(1, round(self._minute[0] + 60 - now))
        # A hair of tolerance: the wire's jitter is not the caller's fault.
        if now - self._last.get(channel, float("-inf")) < self._gap * 0.9:
            return max(1, round(self._gap))
        self._last[channel] = now
        self._minute.append(now)
        return None


def too_many(retry_after: str | None) -> web.Response:
    """The answer 429."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def cut(request: web.Request) -> None:
    """Drop the connection under a caller, without a word."""
    if request.transport is not None:
        request.transport.abort()
