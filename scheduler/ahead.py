"""Delivery as a process runs it: claimed ahead, words ready, handed over at the due instant."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush

from sqlalchemy.exc import SQLAlchemyError

from bot.store.outbox import LEASE
from scheduler.claims import Asked, Claim, claim, next_try, release, renew
from scheduler.outlets import Outlet, wait_for
from scheduler.pacing import Pace
from scheduler.results import Result
from scheduler.tries import Ready, Tries

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Posts whose words are made in one go: between two goes a more urgent one gets its turn."""
MOST_HELD = 2_000
"""Posts of one platform in our hands at most: the others wait in the database."""
FRESH = timedelta(milliseconds=300)
"""Words made so recently are not checked again when they are handed over."""
GATHERING = 0.03
"""Seconds in which results gather before they are written down, so that people's own writing
need not wait for each of them."""
BURST = 20
"""So many results within that time are a burst."""
MOST_GATHERINGS = 10
LONGEST_PAUSE = 30.0
SHORTEST_PAUSE = 0.02
RENEWAL = 20.0
LAST_SENDS = 4.0
"""Seconds that sends under way are given to end when the process stops."""


class Ahead:
    """Claims posts ahead of their time, and lets them out the moment they are due."""

    def __init__(self, tries: Tries, paces: Mapping[str, Pace], look_ahead: timedelta) -> None:
        """Hold nothing yet."""
        self.tries = tries
        self.woken = asyncio.Event()
        self.named: set[str] = set()
        """Keys that are being delivered by name and so are not claimed here."""
        self._paces = paces
        self._look_ahead = look_ahead
        self._held: dict[int, tuple[str, datetime]] = {}
        self._claims: list[tuple[datetime, int, Claim]] = []
        self._ready: list[tuple[datetime, int, Ready]] = []
        self._ready_changed = asyncio.Event()
        self._outlets: dict[tuple[str, str], Outlet] = {}
        self._results: list[Result] = []
        self._has_results = asyncio.Event()
        self._recording: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Deliver until cancelled; then let sends end, record them, and give back the rest."""
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._prepare, self._hand_over, self._record, self._keep):
                    group.create_task(work())
                self._group = group
        finally:
            await self._stop()

    async def _stop(self) -> None:
        sending = [task for outlet in self._outlets.values() for task in outlet.close()]
        if sending:
            _, late = await asyncio.wait(sending, timeout=LAST_SENDS)
            for task in late:
                # Its post stays claimed: nobody can say whether it arrived.
                self._let_go([int(task.get_name())])
                task.cancel()
        if self._recording is not None:
            await self._recording
        await self._record_all()
        self._let_go([result.post.id for result in self._results])
        if self._held:
            async with self.tries.setting.database.writing() as session:
                await release(session, self.tries.me, self._now(), list(self._held))

    def _now(self) -> datetime:
        return self.tries.setting.clock()

    async def _prepare(self) -> None:
        """Claim what is due soon and make its words, the most urgent first."""
        while True:
            try:
                if self.woken.is_set() or not self._claims:
                    self.woken.clear()
                    pause = await self._pause()
                    if pause <= 0:
                        await self._claim()
                if self._claims:
                    await self._make_some()
                else:
                    await wait_for(self.woken, max(SHORTEST_PAUSE, pause))
            except (SQLAlchemyError, OSError) as error:
                log.warning("delivery cannot reach the database: %s", type(error).__name__)
                await asyncio.sleep(1.0)

    async def _claim(self) -> None:
        platforms = self._with_room()
        if not platforms:
            return
        now = self._now()
        asked = Asked(now, now + self._look_ahead, platforms, frozenset(self.named))
        async with self.tries.setting.database.writing() as session:
            claims = await claim(session, self.tries.me, asked)
        # What is in our hands already stays there, even if its lease was over for a moment.
        new = [one for one in claims if one.id not in self._held]
        self.tries.claimed(new)
        for one in new:
            self._held[one.id] = (one.platform, one.due)
            heappush(self._claims, (one.due, one.id, one))

    def _with_room(self) -> frozenset[str]:
        count = dict.fromkeys(self.tries.setting.messengers, 0)
        for platform, _ in self._held.values():
            count[platform] += 1
        return frozenset(name for name, held in count.items() if held < MOST_HELD)

    async def _make_some(self) -> None:
        count = min(AT_ONCE, len(self._claims))
        claims = [heappop(self._claims)[2] for _ in range(count)]
        try:
            ready = await self.tries.make(claims, self._now())
        except (SQLAlchemyError, OSError):
            self._make_again(claims)
            raise
        self._let_go({claim.id for claim in claims} - {one.claim.id for one in ready})
        for one in ready:
            heappush(self._ready, (one.claim.due, one.claim.id, one))
        self._ready_changed.set()

    async def _pause(self) -> float:
        """How long nothing needs to be claimed."""
        platforms = self._with_room()
        if not platforms:
            return 0.5
        async with self.tries.setting.database.reading() as session:
            upcoming = await next_try(session, self.tries.me, platforms)
        if upcoming is None:
            return LONGEST_PAUSE
        at, held = upcoming
        ahead = timedelta() if held else self._look_ahead
        return min(LONGEST_PAUSE, (at - ahead - self._now()).total_seconds())

    async def _hand_over(self) -> None:
        """Give posts to the senders at the instant they are due."""
        while True:
            self._ready_changed.clear()
            now, due = self._now(), list[Ready]()
            while self._ready and self._ready[0][0] <= now:
                due.append(heappop(self._ready)[2])
            try:
                await self._let_out(due, now)
            except (SQLAlchemyError, OSError) as error:
                log.warning("delivery cannot reach the database: %s", type(error).__name__)
                for one in due:
                    heappush(self._ready, (one.claim.due, one.claim.id, one))
                await wait_for(self._ready_changed, 0.2)
            pause = (self._ready[0][0] - self._now()).total_seconds() if self._ready else None
            await wait_for(self._ready_changed, pause)

    async def _let_out(self, due: list[Ready], now: datetime) -> None:
        fresh = [one for one in due if self._is_fresh(one, now)]
        self._put(fresh)
        older = [one for one in due if not self._is_fresh(one, now)]
        if not older:
            return
        good, again = await self.tries.check(older, now)
        self._put(good)
        self._make_again(again)
        kept = {one.claim.id for one in good} | {claim.id for claim in again}
        self._let_go({one.claim.id for one in older} - kept)

    def _is_fresh(self, one: Ready, now: datetime) -> bool:
        return now - one.checked < FRESH and not self.tries.is_stale(one)

    def _put(self, ready: Iterable[Ready]) -> None:
        for one in ready:
            self._outlet(one).put(one)

    def _make_again(self, claims: Iterable[Claim]) -> None:
        for one in claims:
            heappush(self._claims, (one.due, one.id, one))
        self.woken.set()

    def _outlet(self, ready: Ready) -> Outlet:
        platform = ready.spoken.platform
        pace = self._paces.get(platform, UNPACED)
        key = (platform, ready.spoken.target.space if pace.per_space else "")
        if key not in self._outlets:
            outlet = self._outlets[key] = Outlet(self.tries, pace, self._ended)
            self._group.create_task(outlet.run())
        return self._outlets[key]

    def _ended(self, ready: Ready, result: Result | None) -> None:
        """A post has left an outlet: with a result, or because it is no longer ours."""
        if result is None:
            self._let_go([ready.claim.id])
        else:
            self._results.append(result)
            self._has_results.set()

    async def _record(self) -> None:
        """Write results down as they come, all that have gathered at once."""
        while True:
            await self._has_results.wait()
            await self._gather()
            # What was sent is written down even if the process is told to stop just now.
            self._recording = asyncio.create_task(self._record_all())
            await asyncio.shield(self._recording)
            if self._results and not self._has_results.is_set():
                await wait_for(self._has_results, 1.0)
                self._has_results.set()

    async def _gather(self) -> None:
        """Let results gather; while a burst of posts leaves, that goes first."""
        for _ in range(MOST_GATHERINGS):
            before = len(self._results)
            await asyncio.sleep(GATHERING)
            if len(self._results) - before < BURST:
                return

    async def _record_all(self) -> None:
        self._has_results.clear()
        results, self._results = self._results, []
        if not results:
            return
        try:
            again = await self.tries.record(results)
        except (SQLAlchemyError, OSError) as error:
            # What was sent must not be forgotten: it would be sent once more.
            log.error(
                "what became of %s posts cannot be written down (%s); if the process ends before "
                "it can, they go out twice: see whether the database's disk is full or locked",
                len(results),
                type(error).__name__,
            )
            self._results = results + self._results
            return
        self._let_go([one.post.id for one in results])
        if again:
            self.woken.set()

    def _let_go(self, ids: Iterable[int]) -> None:
        for number in ids:
            self._held.pop(number, None)

    async def _keep(self) -> None:
        """Renew the leases of what waits for its turn."""
        while True:
            await asyncio.sleep(RENEWAL)
            ids, now = list(self._held), self._now()
            latest = max((due for _, due in self._held.values()), default=now)
            for start in range(0, len(ids), 500):
                try:
                    async with self.tries.setting.database.writing() as session:
                        until = max(now, latest) + LEASE
                        await renew(session, self.tries.me, until, ids[start : start + 500])
                except (SQLAlchemyError, OSError) as error:
                    log.warning("leases were not renewed: %s", type(error).__name__)


UNPACED = Pace(between=0.0)
