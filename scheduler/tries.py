"""One try to deliver: the words made from what is true now, sent, and the outcome recorded."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Put
from bot.context import Later
from bot.errors import DeliveryError
from bot.formats.model import Formats
from bot.formats.reading import bundled_formats
from bot.speech import Spoken, speak
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.outbox import Messenger, Rooms, Sent
from bot.store.tables import Post
from scheduler.claims import Claim, Stamp, stamps
from scheduler.results import (
    Counts,
    OnGone,
    Result,
    arrived,
    closed,
    failed,
    leave_as_it_is,
    not_shown,
    opened,
    postponed,
    tell,
    unwanted,
    write_down,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_SEND = 30.0
"""Seconds after which a send counts as failed: well within the lease."""
LONGEST_SHOW = 3.0
"""Seconds in which a card must be where it was pressed: after that it is edited."""


@dataclass(slots=True)
class Ready:
    """A claimed post with its words, and what they were made from."""

    claim: Claim
    post: Post
    spoken: Spoken
    stamp: Stamp
    made: int
    """The serial number of the last change in this process when they were made."""
    checked: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """What deliveries work with: the database, what can be said, and where."""

    database: Database
    commands: Commands
    messengers: Mapping[str, Messenger]
    clock: Callable[[], datetime]
    rng: Random
    on_gone: OnGone = leave_as_it_is
    at: Callable[[str], None] = lambda point: None
    """Called at the named points between which a process may die."""
    formats: Formats = field(default_factory=bundled_formats)
    """The formats that posts speak of."""
    rest: timedelta = timedelta()
    """How long at least a message stands as it is between two edits."""


class Tries:
    """Makes words, sends and records; which post and when is decided by whoever calls."""

    def __init__(
        self, setting: Setting, me: str | None = None, counts: Counts | None = None
    ) -> None:
        """Deliver under a name of its own, so that its claims are told from others'."""
        self.setting = setting
        self.me = me or f"{setting.rng.getrandbits(64):016x}"
        self.counts = counts or Counts()
        self._serial = 0
        self._touched: dict[int, int] = {}

    def touch(self, group: int) -> None:
        """Something of this group has changed: words made before this are made again."""
        self._serial += 1
        self._touched[group] = self._serial

    def is_stale(self, ready: Ready) -> bool:
        """Whether the group was touched since the words were made."""
        return self._touched.get(ready.post.group_id, 0) > ready.made

    def claimed(self, claims: Sequence[Claim]) -> None:
        """Posts were claimed: count those whose earlier try ended without saying how."""
        doubled = [claim.id for claim in claims if claim.doubled]
        self.counts.doubled += len(doubled)
        if doubled:
            log.warning("posts %s: an earlier try broke off; they may arrive twice", doubled)
        if claims:
            self.setting.at("claimed")

    async def make(self, claims: Iterable[Claim], now: datetime) -> list[Ready]:
        """Make the words of claimed posts; those that are not to be sent are settled at once.

        Each post is composed as of its due time, if that is still ahead.
        """
        waiting, ready, results = deque(claims), list[Ready](), list[Result]()
        while waiting:
            # A composer that fails may leave its transaction unusable: the others get a new one.
            async with self.setting.database.reading() as session:
                await self._make_in(session, waiting, now, (ready, results))
        if results:
            await self.record(results)
        return ready

    async def _make_in(
        self,
        session: AsyncSession,
        waiting: deque[Claim],
        now: datetime,
        made: tuple[list[Ready], list[Result]],
    ) -> None:
        serial = self._serial
        found = await self._read(session, [claim.id for claim in waiting], now)
        while waiting:
            claim = waiting.popleft()
            if claim.id not in found:
                continue
            post, stamp = found[claim.id]
            work = speak(
                self.setting.commands, session, post, max(now, claim.due), self.setting.formats
            )
            spoken = await _outcome(post, work)
            match spoken:
                case Spoken():
                    made[0].append(Ready(claim, post, spoken, stamp, serial, now))
                case Later(at):
                    made[1].append(postponed(post, at, now))
                case DeliveryError():
                    made[1].append(self._failed(post, spoken))
                    return
                case _:
                    made[1].append(unwanted(post, spoken.reason, now))

    async def _read(
        self, session: AsyncSession, ids: Sequence[int], now: datetime
    ) -> dict[int, tuple[Post, Stamp]]:
        """The posts that are still ours, with what their words rest on."""
        rests_on = await stamps(session, self.me, ids, now)
        posts = await session.scalars(
            select(Post).where(Post.id.in_(list(rests_on))), execution_options=ACROSS_GROUPS
        )
        return {post.id: (post, rests_on[post.id]) for post in posts}

    async def check(self, ready: Sequence[Ready], now: datetime) -> tuple[list[Ready], list[Claim]]:
        """Those whose words still hold, by one query, and those whose words must be made again."""
        async with self.setting.database.reading() as session:
            held = await stamps(session, self.me, [one.claim.id for one in ready], now)
        good, again = [], []
        for one in ready:
            stamp = held.get(one.claim.id)
            if stamp is None:
                continue
            if stamp == one.stamp and not self.is_stale(one) and not _over(one.post, now):
                one.checked = now
                good.append(one)
            else:
                again.append(one.claim)
        return good, again

    async def send(self, ready: Ready) -> Result:
        """Hand one post to its platform; what went wrong is part of the result."""
        post, room = ready.post, ready.spoken.target.room
        sent = await _outcome(post, _put(self.setting.messengers, ready))
        if isinstance(sent, DeliveryError):
            return self._failed(post, sent)
        if not sent.message:
            self.setting.at("opened")
            return opened(post, sent, self.setting.clock())
        self.setting.at("sent")
        if room is not None and room.over:
            return closed(post)
        return arrived(post, sent, self.setting.clock(), self.setting.rest)

    async def show(self, ready: Ready, put: Put) -> Result:
        """Have a card put where it was pressed; what went wrong is part of the result."""
        post, sent = ready.post, ready.spoken.sent
        assert sent is not None
        done = await _outcome(post, self._put_in_place(ready, put))
        now, rest = self.setting.clock(), self.setting.rest
        if isinstance(done, DeliveryError):
            return not_shown(post, done, now, rest)
        self.setting.at("shown")
        return arrived(post, sent, now, rest)

    async def _put_in_place(self, ready: Ready, put: Put) -> None:
        """Put the card; who came to its room meanwhile is let in, as with the edit it replaces."""
        spoken = ready.spoken
        await asyncio.wait_for(put(spoken.reply), LONGEST_SHOW)
        if spoken.target.room is not None:
            async with asyncio.timeout(LONGEST_SHOW):
                await _rooms(self.setting.messengers[spoken.platform]).enter(spoken.target)

    async def record(self, results: Sequence[Result]) -> bool:
        """Write results down in one transaction; say whether one of the posts is to go out again.

        It is tried again while the database is away: what was sent must not be forgotten.
        """
        for pause in (0.05, 0.5, 5.0, None):
            try:
                again = await self._record(results)
            except (SQLAlchemyError, OSError) as error:
                if pause is None:
                    raise
                log.warning("results of %s posts wait: %s", len(results), _name(error))
                await asyncio.sleep(pause)
            else:
                self.setting.at("recorded")
                return again
        return False

    async def _record(self, results: Sequence[Result]) -> bool:
        async with self.setting.database.writing() as session:
            written = [await write_down(session, self.me, one) for one in results]
        again = False
        for one, how in zip(results, written, strict=True):
            tell(one, self.counts)
            again |= how == "changed" or one.kind in ("retried", "postponed", "opened")
            if how == "lost":
                self.counts.doubled += one.kind == "sent"
                log.warning("post %s was taken over before its try ended", one.post.id)
            elif one.gone is not None:
                await _outcome(one.post, self._say_gone(one.post, one.gone))
        return again

    async def _say_gone(self, post: Post, error: DeliveryError) -> None:
        async with self.setting.database.writing() as session:
            await self.setting.on_gone(session, post, error, self.setting.clock())

    def _failed(self, post: Post, error: DeliveryError) -> Result:
        if error.retry_after is not None:
            self.counts.limited += 1
        return failed(post, error, self.setting.clock(), self.setting.rng)


async def _put(messengers: Mapping[str, Messenger], ready: Ready) -> Sent:
    spoken = ready.spoken
    messenger, target = messengers[spoken.platform], spoken.target
    async with asyncio.timeout(LONGEST_SEND):
        if target.room is not None:
            ref = await _rooms(messenger).enter(target)
            if target.room.ref is None:
                return Sent(ref, "")
        if spoken.sent is not None:
            await messenger.edit(target, spoken.sent, spoken.reply)
        sent = spoken.sent or await messenger.send(target, spoken.reply, ready.post.key)
        if target.room is not None and target.room.over:
            await _rooms(messenger).put_away(target)
        return sent


def _rooms(messenger: Messenger) -> Rooms:
    if not isinstance(messenger, Rooms):
        raise DeliveryError("no_rooms", permanent=True, scope="room")
    return messenger


async def _outcome(post: Post, work: Awaitable[T]) -> T | DeliveryError:
    """What the work gave; whatever goes wrong is this post's alone and never the others'."""
    try:
        return await work
    except DeliveryError as error:
        return error
    except TimeoutError:
        return DeliveryError("timeout", permanent=False)
    except Exception as error:
        log.exception("post %s (%s, group %s) failed", post.id, post.kind, post.group_id)
        return DeliveryError(_name(error), permanent=False)


def _over(post: Post, now: datetime) -> bool:
    return post.message is None and post.expires_at is not None and now >= post.expires_at


def _name(error: BaseException) -> str:
    return type(error).__name__
