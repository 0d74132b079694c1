"""What Discord's refusals mean: for the outbox, for the operator, for the log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.errors import DeliveryError

TRANSPORT = (aiohttp.ClientError, TimeoutError, OSError)
FAILURES = (discord.HTTPException, discord.RateLimited, *TRANSPORT)
"""Everything a call to Discord can end with."""

CALL_TIMEOUT = 15.0
ALREADY_ANSWERED = 40060
UNKNOWN_MESSAGE = 10008
ARCHIVED = 50083
GONE_FOR_GOOD = {
    10004: ("guild_gone", "space"),
    10003: ("channel_gone", "channel"),
    50001: ("no_access", "channel"),
    50013: ("no_permission", "channel"),
    ARCHIVED: ("thread_archived", "channel"),
    50007: ("dm_closed", "person"),
    50278: ("no_common_server", "person"),
    10013: ("person_gone", "person"),
    50033: ("person_gone", "person"),
    UNKNOWN_MESSAGE: ("message_gone", "message"),
}
PATIENCE = 60.0


@contextmanager
def delivering(*, private: bool, room: bool = False) -> Iterator[None]:
    """Let every way in which a call can fail become the outbox's one kind of error."""
    try:
        yield
    except FAILURES as error:
        raise delivery_error(error, private=private, room=room) from error


def delivery_error(error: Exception, *, private: bool, room: bool = False) -> DeliveryError:
    """What the outbox makes of a call that failed; `room` says that it was about a thread."""
    if isinstance(error, discord.RateLimited):
        return _wait(error.retry_after)
    if not isinstance(error, discord.HTTPException):
        reason = "timeout" if isinstance(error, TimeoutError) else "unreachable"
        return DeliveryError(reason, permanent=False)
    if error.status == 429:
        return _wait(_retry_after(error))
    if error.status >= 500:
        return DeliveryError(f"http_{error.status}", permanent=False)
    if error.status == 401:
        # The operator will bring a right token; until then nothing is lost.
        return DeliveryError("token_refused", permanent=False)
    reason, scope = GONE_FOR_GOOD.get(error.code, (f"refused_{error.code}", ""))
    scope = scope or ("channel" if error.status in (403, 404) else "message")
    if private and scope == "channel":
        scope = "person"
    if room and scope != "space":
        scope = "room"
    return DeliveryError(reason, permanent=True, scope=scope)


def code_of(error: Exception) -> int:
    """Discord's own number for what went wrong, 0 where there is none."""
    return error.code if isinstance(error, discord.HTTPException) else 0


def _wait(seconds: float) -> DeliveryError:
    wait = timedelta(seconds=max(1.0, min(seconds, 3600.0)))
    return DeliveryError("rate_limited", permanent=False, retry_after=wait)


def _retry_after(error: discord.HTTPException) -> float:
    told = error.response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else PATIENCE


def limited() -> asyncio.Timeout:
    """The time one call may take; the library alone would wait for five minutes."""
    return asyncio.timeout(CALL_TIMEOUT)
