"""What became of a try to deliver a post, and writing it down."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from sqlalchemy import Update, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import DeliveryError
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Sent, changed
from bot.store.tables import Post

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
MOST_TRIES = 25
"""With waits of at most ten minutes this outlives an outage of about two hours."""

OnGone = Callable[[AsyncSession, Post, DeliveryError, datetime], Awaitable[None]]
"""Called, in a transaction of its own, after a post was given up because its reader, channel or
space is gone (`error.scope`)."""


async def leave_as_it_is(_s: AsyncSession, _p: Post, _e: DeliveryError, _now: datetime) -> None:
    """An `OnGone` for where nobody needs to be told."""


@dataclass
class Counts:
    """What deliveries came to since the start, for whoever watches."""

    sent: int = 0
    edited: int = 0
    expired: int = 0
    postponed: int = 0
    retried: int = 0
    limited: int = 0
    dead: int = 0
    doubled: int = 0
    """Posts that may have arrived twice."""


@dataclass(frozen=True, slots=True)
class Result:
    """One try's end: what to write if the post still is what it was, and what otherwise."""

    post: Post
    kind: str
    values: dict[str, Any]
    otherwise: dict[str, Any]
    error: DeliveryError | None = None
    gone: DeliveryError | None = None

    @property
    def arrived(self) -> bool:
        """Whether its readers have it."""
        return self.kind in ("sent", "edited")


def arrived(post: Post, sent: Sent, now: datetime, rest: timedelta) -> Result:
    """It was sent or edited; if it has changed meanwhile the newest state is still to come.

    The next edit comes when the message has stood like this for as long as `rest`.
    """
    where: dict[str, Any] = {"channel": sent.channel, "message": sent.message, "attempts": 0}
    where["sent_at"] = post.sent_at if post.message else now
    where["try_at"] = now + rest if post.message else now
    return Result(
        post,
        "edited" if post.message else "sent",
        where | {"state": "sent", "reason": None},
        where | {"state": "open"},
    )


def opened(post: Post, sent: Sent, now: datetime) -> Result:
    """The room for it is there: it is written down first, and the message sent after that."""
    values = {"channel": sent.channel, "try_at": now, "attempts": 0}
    return Result(post, "opened", values, values)


def closed(post: Post) -> Result:
    """Its room was put away with it: it is let go of, since nothing there can be edited."""
    values = {"state": "sent", "reason": "room over", "message": None, "attempts": 0}
    return Result(post, "edited", values, values)


def unwanted(post: Post, reason: str, now: datetime) -> Result:
    """Nobody needs it any more; a message that is already there stays as it is."""
    state = "sent" if post.message else "expired"
    return Result(post, "expired", {"state": state, "reason": reason}, {"try_at": now})


def postponed(post: Post, at: datetime, now: datetime) -> Result:
    """Its reader is not to be disturbed before `at`."""
    return Result(post, "postponed", {"try_at": at}, {"try_at": now})


def not_shown(post: Post, error: DeliveryError, now: datetime, rest: timedelta) -> Result:
    """It could not be put where it was pressed: it is edited, at once if it surely is not there."""
    values = {"try_at": now if error.permanent else now + rest}
    return Result(post, "postponed", values, values, error=error)


def failed(post: Post, error: DeliveryError, now: datetime, rng: Random) -> Result:
    """It could not be sent: tried again later, or given up with a reason."""
    if error.permanent and error.scope == "message":
        values: dict[str, Any] = {"state": "sent", "reason": error.reason, "message": None}
        return Result(post, "gone", values, values, error=error)
    if error.permanent:
        values = {"state": "dead", "reason": error.reason}
        return Result(post, "dead", values, values, gone=error, error=error)
    tries = post.attempts + 1
    doubled = {"doubled": True} if error.reason == "timeout" and not post.message else {}
    if tries >= MOST_TRIES:
        values = {"state": "dead", "reason": error.reason, "attempts": tries}
        return Result(post, "dead", values, values, error=error)
    again = doubled | {"try_at": now + wait(tries, error.retry_after, rng), "attempts": tries}
    return Result(post, "retried", again | {"reason": error.reason}, again, error=error)


def wait(tries: int, retry_after: timedelta | None, rng: Random) -> timedelta:
    """How long to wait after so many tries: doubling, spread out evenly, and as long as asked."""
    most = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 20)))
    spread = timedelta(milliseconds=100) + most * rng.random()
    return spread if retry_after is None else retry_after + min(spread, FIRST_WAIT)


Written = Literal["recorded", "changed", "lost"]
"""Whether the post was still what it was, has changed meanwhile, or is another deliverer's."""


async def write_down(session: AsyncSession, me: str, result: Result) -> Written:
    """Record a result; the newest state of the post wins."""
    post = result.post
    ours = update(Post).where(Post.id == post.id, Post.claimed_by == me)
    unchanged = ours.where(Post.version == post.version, Post.state == "open")
    if await _update(session, unchanged, result.values):
        return "recorded"
    return "changed" if await _update(session, ours, result.otherwise) else "lost"


async def _update(session: AsyncSession, statement: Update, values: dict[str, Any]) -> bool:
    written = await session.execute(
        statement.values(claimed_by=None, **values),
        execution_options={**ACROSS_GROUPS, "synchronize_session": False},
    )
    return changed(written) == 1


def tell(result: Result, counts: Counts) -> None:
    """Count a result, and log what an operator should know, by ids alone."""
    setattr(counts, _COUNTED[result.kind], getattr(counts, _COUNTED[result.kind]) + 1)
    post, error = result.post, result.error
    name = f"post {post.id} ({post.kind}, group {post.group_id})"
    if result.values.get("doubled"):
        counts.doubled += 1
        log.warning("%s: no answer in time; it may arrive twice", name)
    if result.kind == "dead" and error is not None and not error.permanent:
        log.error(
            "%s could not be sent in %s tries (%s) and is given up. See whether the platform is "
            "reachable with `rounds check --online`; a defect in the program is in the log above.",
            name,
            MOST_TRIES,
            error.reason,
        )
    elif result.kind == "dead" and error is not None:
        log.error(
            "%s cannot be sent (%s, %s): see that the bot is still invited there and its token "
            "valid, with `rounds check --online`; it is not tried again.",
            name,
            error.reason,
            error.scope,
        )
    elif error is not None:
        log.info("%s: %s, %s", name, result.kind, error.reason)


_COUNTED = {
    "sent": "sent",
    "edited": "edited",
    "expired": "expired",
    "gone": "expired",
    "postponed": "postponed",
    "opened": "postponed",
    "retried": "retried",
    "dead": "dead",
}
