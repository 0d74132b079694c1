"""The metronome: APScheduler beats, and a watchdog sees that it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

BEATS_MISSED = 3.0
"""So many intervals without a tick, and the metronome is thought dead."""


class Metronome:
    """Ticks every so many seconds and nudges delivery, for as long as it is run.

    APScheduler 3 can stop without a word while it says that it runs, so it holds nothing that
    could be lost, and is replaced when ticks stay away.
    """

    def __init__(
        self,
        tick: Callable[[datetime], Awaitable[None]],
        nudge: Callable[[], None],
        clock: Callable[[], datetime],
        seconds: float = 10.0,
    ) -> None:
        """Beat every `seconds`: `tick` writes what is due, `nudge` has delivery look again."""
        self._tick, self._nudge, self._clock, self._seconds = tick, nudge, clock, seconds
        self._scheduler: Any = None
        self._ticked_at = self._beat_at = float("-inf")
        self._ticking = False

    def age(self) -> float:
        """Seconds since the last tick ended well."""
        return asyncio.get_running_loop().time() - self._ticked_at

    async def run(self) -> None:
        """Beat until cancelled."""
        self._ticked_at = self._beat_at = asyncio.get_running_loop().time()
        self._start()
        try:
            await self.beat()
            while True:
                await asyncio.sleep(self._seconds)
                self._watch()
        finally:
            self._scheduler.shutdown(wait=False)

    def _start(self) -> None:
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone="UTC",
        )
        for job in (self.beat, self.deliver):
            self._scheduler.add_job(job, IntervalTrigger(seconds=self._seconds, timezone="UTC"))
        self._scheduler.start()

    def _watch(self) -> None:
        silent = asyncio.get_running_loop().time() - self._beat_at
        if silent < BEATS_MISSED * self._seconds:
            return
        log.error(
            "the metronome has been silent for %.0f s and is replaced. If this comes again, see "
            "whether the machine is overloaded, and restart the bot.",
            silent,
        )
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._start()

    async def deliver(self) -> None:
        """Have delivery look again, should it ever have missed that there is something to do."""
        self._nudge()

    async def beat(self) -> None:
        """One tick, unless the one before still runs; a failed one is logged, the next comes."""
        self._beat_at = asyncio.get_running_loop().time()
        if self._ticking:
            return
        self._ticking = True
        try:
            await self._tick(self._clock())
            self._ticked_at = asyncio.get_running_loop().time()
        except Exception:
            log.exception("a tick failed; the next one comes in %s s", self._seconds)
        finally:
            self._ticking = False
