"""Delivery: posts claimed, put into words, sent and recorded, each once as far as can be known."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.ahead import Ahead
from scheduler.cards import Cards
from scheduler.claims import Asked, Claim, claim, claim_one, release_abandoned, state_of
from scheduler.pacing import Pace
from scheduler.results import Counts, Result
from scheduler.tries import Setting, Tries

LOOK_AHEAD = timedelta(seconds=20)
REACH = 2.0
"""Seconds in which a post delivered by name is waited for: somebody waits for the answer."""


class Delivery:
    """Sends what is due: step by step with `deliver_due`, or by itself with `run`."""

    def __init__(
        self,
        setting: Setting,
        paces: Mapping[str, Pace] | None = None,
        look_ahead: timedelta = LOOK_AHEAD,
    ) -> None:
        """Deliver in this setting; `paces` is how fast each platform takes posts."""
        self._tries = Tries(setting)
        self._setting = setting
        self._ahead = Ahead(self._tries, paces or {}, look_ahead)
        self.cards = Cards(self._tries, self.look)
        self._reaching: set[asyncio.Task[Result | None]] = set()

    @property
    def counts(self) -> Counts:
        """What deliveries came to since the start."""
        return self._tries.counts

    def wake(self) -> None:
        """A transaction that wrote posts was committed: look at once."""
        self._setting.at("committed")
        self.look()

    def look(self) -> None:
        """See whether anything is due, though nothing is known to have happened."""
        self._ahead.woken.set()

    def touch(self, group: int) -> None:
        """Something of this group was changed and committed: its words are made again."""
        self._tries.touch(group)

    async def run(self) -> None:
        """Deliver until cancelled, each post at the instant it is due."""
        await self._ahead.run()

    async def take_over(self) -> None:
        """Make what a dead process held due again; only where no other process is alive."""
        async with self._setting.database.writing() as session:
            await release_abandoned(session, self._tries.me, self._setting.clock())

    async def deliver_due(self, now: datetime) -> int:
        """Send everything that is due at `now`, in order, and say how many arrived."""
        platforms, count = frozenset(self._setting.messengers), 0
        while True:
            async with self._setting.database.writing() as session:
                claims = await claim(session, self._tries.me, Asked(now, now, platforms, most=50))
            if not claims:
                return count
            self._tries.claimed(claims)
            for one in claims:
                result = await self._deliver(one, now, by_name=False)
                count += result is not None and result.arrived

    async def reach(self, key: str) -> bool:
        """Deliver this post now, whenever it is due; `False` only when it certainly cannot arrive.

        A failure that passes leaves it to be tried again, and counts as being on its way.
        """
        self._ahead.named.add(key)
        try:
            async with asyncio.timeout(REACH):
                return await self._reach(key)
        except TimeoutError:
            return True
        finally:
            self._ahead.named.discard(key)

    async def _reach(self, key: str) -> bool:
        while True:
            now = self._setting.clock()
            async with self._setting.database.writing() as session:
                one = await claim_one(session, self._tries.me, now, key)
                state = await state_of(session, key)
            if one is not None:
                break
            if state != "open":
                return state == "sent"
            # Somebody else is sending it at this moment.
            await asyncio.sleep(0.05)
        self._tries.claimed([one])
        task = asyncio.create_task(self._deliver(one, now, by_name=True))
        self._reaching.add(task)
        task.add_done_callback(self._reaching.discard)
        # The send goes on and is recorded even when nobody waits for it any longer.
        result = await asyncio.shield(task)
        return result is not None and (result.arrived or result.kind == "retried")

    async def _deliver(self, one: Claim, now: datetime, *, by_name: bool) -> Result | None:
        for ready in await self._tries.make([one], now):
            result = await self._tries.send(ready)
            if by_name:
                # Whoever asked by name sees to it that nothing stays behind.
                result = replace(result, gone=None)
            await self._tries.record([result])
            return result
        return None
