"""Private threads of a channel, in which a case runs that not everybody takes part in."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import discord

from adapters.discord.errors import code_of
from bot.store.outbox import Room, Target

log = logging.getLogger(__name__)

Change = Callable[[int, int], Awaitable[None]]
"""Lets one person into a thread, or out of it."""

PRIVATE: Literal[12] = 12
A_DAY: Literal[1440] = 1440
"""Minutes without a word after which Discord archives a thread by itself: longer than any case,
and all that becomes of one whose making was not written down."""

WAYS_OUT: tuple[dict[str, Any], ...] = ({"locked": True, "archived": True}, {"archived": True})
"""How a thread is put away: the second is left to whoever may not manage threads."""

MOST_KNOWN = 1_000
"""Threads of which it is known who is inside."""


class Threads:
    """Makes threads, lets people in and out one by one, and puts threads away."""

    def __init__(self, client: discord.Client) -> None:
        """Know nobody to be in a thread yet; letting somebody in twice does no harm."""
        self._client = client
        self._inside: dict[str, set[str]] = {}

    async def enter(self, target: Target) -> str:
        """Make the thread where there is none, or let in and out who is to be; give its id."""
        room = target.room
        assert room is not None
        if room.ref is None:
            made = await self._client.http.start_thread_without_message(
                int(target.channel),
                name=room.name,
                auto_archive_duration=A_DAY,
                type=PRIVATE,
                invitable=False,
            )
            self._inside[str(made["id"])] = set()
            return str(made["id"])
        if room.people:
            await self._let_in_and_out(room.ref, room)
        while len(self._inside) > MOST_KNOWN:
            del self._inside[next(iter(self._inside))]
        return room.ref

    async def _let_in_and_out(self, thread: str, room: Room) -> None:
        """Only whom somebody is known to have let in, or who may have been, is let out."""
        inside = self._inside.setdefault(thread, set(room.others))
        for person in inside - set(room.people):
            await self._change(self._client.http.remove_user_from_thread, thread, person)
            inside.discard(person)
        for person in room.people:
            if person not in inside:
                await self._change(self._client.http.add_user_to_thread, thread, person)
                inside.add(person)

    async def _change(self, change: Change, thread: str, person: str) -> None:
        """Whoever cannot be let in keeps nobody else out: they have the card shown in private."""
        try:
            await change(int(thread), int(person))
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("who is in thread %s could not be changed: %s", thread, code_of(error))

    async def reopen(self, thread: str) -> None:
        """Take a thread out of the archive, where somebody has put it while it is needed."""
        await self._client.http.edit_channel(int(thread), archived=False)

    async def put_away(self, target: Target) -> None:
        """Lock and archive; without the permission to lock, at least archive where that is allowed.

        What cannot be archived now, Discord archives after a day.
        """
        room = target.room
        assert room is not None
        assert room.ref is not None
        self._inside.pop(room.ref, None)
        for how in WAYS_OUT:
            try:
                await self._client.http.edit_channel(int(room.ref), **how)
            except discord.Forbidden as error:
                log.info("thread %s refuses %s: %s", room.ref, " and ".join(how), code_of(error))
            else:
                return
