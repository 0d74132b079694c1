"""Rate limits as Discord counts them, and the faults a test asks for."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

INVALID_WINDOW, INVALID_MOST = 600.0, 10_000


@dataclass(frozen=True)
class Limits:
    """What this Discord allows; `per_channel` is (posts, seconds) or None for no such bucket."""

    per_second: int = 50
    per_channel: tuple[int, float] | None = None


@dataclass
class Fault:
    """Something that goes wrong with the next `times` requests that match.

    `accept` lets the request have its effect first; `drop` closes the connection instead of
    answering, `hang` never answers, `until` only holds the request back; otherwise `status` with
    `code` (an API error) is answered.
    `cloudflare` answers as the edge does: no Via header, no JSON.
    """

    method: str
    path: str
    status: int = 500
    code: int = 0
    accept: bool = False
    drop: bool = False
    hang: bool = False
    until: asyncio.Event | None = None
    cloudflare: bool = False
    shared: bool = False
    retry_after: float = 0.05
    times: int = 1

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is one of those that go wrong."""
        return self.times > 0 and method == self.method and bool(re.search(self.path, path))


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer; the content type has no charset, or the library takes it for text."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    whole = {"Content-Type": "application/json", "Via": "1.1 google", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=whole)


def error(status: int, code: int, message: str, **more: Any) -> web.Response:
    """An API error with Discord's own code."""
    return answer({"message": message, "code": code, **more}, status)


def limited(retry_after: float, scope: str, *, everywhere: bool = False) -> web.Response:
    """The 429 that a client is meant to wait for."""
    seconds = round(max(retry_after, 0.001), 3)
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    headers = {"Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": scope}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return answer(body, 429, headers)


def cloudflare() -> web.Response:
    """The edge's own refusal: no Via header, no JSON."""
    return web.Response(status=429, text="<html>error code: 1015</html>", content_type="text/html")


@dataclass
class Traffic:
    """Counts requests, refuses those over a limit, remembers what was answered."""

    limits: Limits
    faults: list[Fault] = field(default_factory=list)
    answered: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    _second: tuple[float, int] = (0.0, 0)
    _channels: dict[str, tuple[float, int]] = field(default_factory=dict)
    _invalid: deque[float] = field(default_factory=deque)

    def fault_for(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, if any; each is used up as often as it says."""
        fault = next((f for f in self.faults if f.matches(method, path)), None)
        if fault is not None:
            fault.times -= 1
        return fault

    def refuse(self, bucket: str | None, exempt: bool) -> web.Response | None:
        """The 429 for a request over a limit."""
        now = asyncio.get_running_loop().time()
        if self.invalid_requests >= INVALID_MOST:
            return cloudflare()
        if not exempt:
            began, count = self._second
            began, count = (began, count) if now - began < 1 else (now, 0)
            self._second = (began, count + 1)
            if count >= self.limits.per_second:
                return limited(began + 1 - now, "global", everywhere=True)
        if bucket is None or self.limits.per_channel is None:
            return None
        most, seconds = self.limits.per_channel
        began, count = self._channels.get(bucket, (now, 0))
        began, count = (began, count) if now - began < seconds else (now, 0)
        self._channels[bucket] = (began, count + 1)
        return limited(began + seconds - now, "user") if count >= most else None

    def headers(self, bucket: str | None) -> dict[str, str]:
        """What the answer tells of the bucket it was counted in."""
        if bucket is None or self.limits.per_channel is None:
            return {}
        most, seconds = self.limits.per_channel
        now = asyncio.get_running_loop().time()
        began, count = self._channels.get(bucket, (now, 0))
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - count)),
            "X-RateLimit-Reset-After": f"{max(0.0, began + seconds - now):.3f}",
            "X-RateLimit-Bucket": "fake-messages",
        }

    def count(self, response: web.StreamResponse) -> None:
        """Keep the books: every answer, and those which lead to a ban."""
        self.answered[response.status] += 1
        shared = response.headers.get("X-RateLimit-Scope") == "shared"
        if response.status in (401, 403) or (response.status == 429 and not shared):
            self._invalid.append(asyncio.get_running_loop().time())

    @property
    def invalid_requests(self) -> int:
        """How many answers of 401, 403 and 429 there were in the last ten minutes."""
        now = asyncio.get_running_loop().time()
        while self._invalid and now - self._invalid[0] > INVALID_WINDOW:
            self._invalid.popleft()
        return len(self._invalid)
