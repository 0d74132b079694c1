"""Where posts leave for one platform or one space, at its pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from scheduler.pacing import Pace, Pacer
from scheduler.results import Result
from scheduler.tries import Ready, Tries

log = logging.getLogger(__name__)

MOST_SENDING = 64
"""Sends under way at once at most."""
OLD = timedelta(seconds=2)
"""Words that waited longer than this for their turn are checked again before they leave."""

Ended = Callable[[Ready, Result | None], None]
"""Told how a post left: its result, or nothing when it was not sent."""


class Outlet:
    """A paced queue and the sends under way from it."""

    def __init__(self, tries: Tries, pace: Pace, ended: Ended) -> None:
        """Start empty."""
        self.pacer = Pacer[Ready](pace)
        self._tries = tries
        self._ended = ended
        self._changed = asyncio.Event()
        self._room = asyncio.Semaphore(MOST_SENDING)
        self._sending: set[asyncio.Task[None]] = set()

    def put(self, ready: Ready) -> None:
        """Take a post that is due."""
        target, post = ready.spoken.target, ready.post
        # A private message has a channel of its own.
        channel = target.channel if target.person is None else f"@{target.person}"
        self.pacer.put(ready, channel, post.id if post.message else None)
        self._changed.set()

    async def run(self) -> None:
        """Let posts leave one by one at the platform's pace."""
        loop = asyncio.get_running_loop()
        while True:
            await self._room.acquire()
            ready = None
            while ready is None:
                self._changed.clear()
                ready, pause = self.pacer.next(loop.time())
                if ready is None:
                    await wait_for(self._changed, pause)
            task = loop.create_task(self._send(ready), name=str(ready.claim.id))
            self._sending.add(task)
            task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._room.release()

    def close(self) -> set[asyncio.Task[None]]:
        """Let nothing more leave; the sends under way."""
        self.pacer.clear()
        return set(self._sending)

    async def _send(self, ready: Ready) -> None:
        newest = await self._renewed(ready)
        if newest is None:
            self._ended(ready, None)
            return
        result = await self._tries.send(newest)
        if result.error is not None and result.error.retry_after is not None:
            after = result.error.retry_after.total_seconds()
            self.pacer.refused(asyncio.get_running_loop().time(), after)
        elif result.arrived:
            self.pacer.went_well()
        self._ended(newest, result)

    async def _renewed(self, ready: Ready) -> Ready | None:
        """The post with words that hold now; `None` when it is no longer to be sent."""
        now = self._tries.setting.clock()
        if now - ready.checked < OLD and not self._tries.is_stale(ready):
            return ready
        try:
            good, again = await self._tries.check([ready], now)
            made = good or await self._tries.make(again, now)
        except (SQLAlchemyError, OSError) as error:
            # Its lease ends by itself and it is tried again then.
            log.warning("post %s waits: %s", ready.post.id, type(error).__name__)
            return None
        return made[0] if made else None


async def wait_for(event: asyncio.Event, seconds: float | None) -> None:
    """Wait for an event, so many seconds at most."""
    if seconds is not None and seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
