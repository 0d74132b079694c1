"""The port through which posts reach Discord's channels and people."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any, TypedDict

import discord

from adapters.discord import render
from adapters.discord.errors import ARCHIVED, CALL_TIMEOUT, UNKNOWN_MESSAGE, delivering
from adapters.discord.threads import Threads
from bot.chat.replies import Reply
from bot.store.outbox import Sent, Target

DELETED = "0"
"""Stands for a message that was delivered and that somebody deleted since."""


class Said(TypedDict):
    """A message in the library's words."""

    content: str
    embeds: list[discord.Embed]
    view: discord.ui.View
    allowed_mentions: discord.AllowedMentions


class Drawn(discord.ui.View):
    """Buttons that were drawn already; the library keeps no record of them."""

    def __init__(self, rows: list[render.Json]) -> None:
        """Hold the rows; stopped at once, since clicks are routed by their ids alone."""
        super().__init__(timeout=None)
        self._rows = rows
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """The rows as they are sent."""
        return self._rows


def said(body: render.Json) -> Said:
    """A rendered message in the library's words."""
    who = [discord.Object(int(ref)) for ref in body["allowed_mentions"]["users"]]
    return {
        "content": body["content"],
        "embeds": [discord.Embed.from_dict(embed) for embed in body["embeds"]],
        "view": Drawn(body["components"]),
        "allowed_mentions": discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=who
        ),
    }


def nonce(key: str) -> str:
    """The same short text for the same post, by which Discord refuses a double."""
    digest = hashlib.sha256(key.encode()).digest()
    return base64.b32encode(digest).decode()[:25].lower()


class DiscordMessenger:
    """Sends and edits; whom a message pings is said each time."""

    def __init__(
        self, client: discord.Client, ids: render.Ids, call_timeout: float = CALL_TIMEOUT
    ) -> None:
        """`ids` makes commands clickable; it is filled when they were declared."""
        self._client, self._ids, self._timeout = client, ids, call_timeout
        self._rooms = Threads(client)

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Say it in the channel, or to one person in private; the same key says it once."""
        body = render.message(reply, self._ids)
        with delivering(private=target.person is not None, room=target.room is not None):
            async with asyncio.timeout(self._timeout):
                place = await self._place(target)
                try:
                    made = await place.send(nonce=nonce(key), **said(body))
                except discord.NotFound as error:
                    if error.code != UNKNOWN_MESSAGE:
                        raise
                    # Our nonce is known and its message is gone: somebody deleted what we said.
                    return Sent(str(place.id), DELETED)
        return Sent(str(made.channel.id), str(made.id))

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """Make an earlier message say this instead."""
        body = render.message(reply, self._ids)
        elsewhere = target.person is None and sent.channel != target.channel
        with delivering(private=target.person is not None, room=elsewhere):
            async with asyncio.timeout(self._timeout):
                place = self._client.get_partial_messageable(int(sent.channel))
                message = place.get_partial_message(int(sent.message))
                try:
                    await message.edit(**said(body))
                except discord.HTTPException as error:
                    if error.code != ARCHIVED or target.room is None:
                        raise
                    await self._rooms.reopen(sent.channel)
                    await message.edit(**said(body))

    async def _place(self, target: Target) -> discord.PartialMessageable | discord.DMChannel:
        if target.person is not None:
            return await self._client.create_dm(discord.Object(int(target.person)))
        ref = target.room.ref if target.room is not None else None
        return self._client.get_partial_messageable(int(ref or target.channel))

    async def enter(self, target: Target) -> str:
        """See that the target's thread is there, with everybody in it; give its id."""
        with delivering(private=False, room=True):
            async with asyncio.timeout(self._timeout):
                return await self._rooms.enter(target)

    async def put_away(self, target: Target) -> None:
        """Lock and archive the target's thread."""
        with delivering(private=False, room=True):
            async with asyncio.timeout(self._timeout):
                await self._rooms.put_away(target)
