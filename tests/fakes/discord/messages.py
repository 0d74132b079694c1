"""Channels and messages over REST: posting with nonces, editing, private channels."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord import pings, rules
from tests.fakes.discord.refusals import body_of, refuse_body
from tests.fakes.discord.state import State
from tests.fakes.discord.traffic import answer, error
from tests.fakes.discord.world import Channel, Json, Message

REASONS = {
    10003: (404, "Unknown Channel"),
    50001: (403, "Missing Access"),
    50013: (403, "Missing Permissions"),
    50083: (400, "Thread is archived"),
}


class MessageCalls:
    """The endpoints below /channels, and the one that opens a private channel."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open the private channel with somebody; that works even when their DMs are closed."""
        body = await body_of(request)
        user = self.state.users.get(str(body["recipient_id"]))
        if user is None or user.bot:
            return error(400, 50033, "Invalid Recipient(s)")
        return answer(self.state.dm_with(user).payload())

    async def channel(self, request: web.Request) -> web.Response:
        """Read one channel."""
        channel = self.reach(request)
        return channel if isinstance(channel, web.Response) else answer(channel.payload())

    async def create(self, request: web.Request) -> web.Response:
        """Post a message, or give back the one that this enforced nonce already made."""
        body: Json = await body_of(request)
        channel = self.reach(request)
        if isinstance(channel, web.Response):
            return channel
        faults = rules.message_faults(body)
        if faults:
            return refuse_body(self.state, request, faults)
        if channel.recipient is not None and channel.recipient.closed_dms:
            return error(403, 50007, "Cannot send messages to this user")
        nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        if nonce is not None and body.get("enforce_nonce"):
            earlier = self.state.remembered(nonce)
            if earlier is not None and earlier.deleted:
                return error(404, 10008, "Unknown Message")
            if earlier is not None:
                return answer(earlier.payload())
        return answer(self._post(channel, body, nonce).payload())

    def _post(self, channel: Channel, body: Json, nonce: str | None) -> Message:
        now = self.state.clock.now()
        message = Message(self.state.new_id(), channel, self.state.bot, now, nonce=nonce)
        fill(message, body)
        self.state.messages[message.id] = message
        if nonce is not None:
            self.state.nonces[nonce] = (message, now)
        return message

    async def read(self, request: web.Request) -> web.Response:
        """Read one message."""
        message = self._find(request)
        return message if isinstance(message, web.Response) else answer(message.payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Edit one's own message; without allowed_mentions its text is parsed with the defaults."""
        body = await body_of(request)
        message = self._find(request)
        if isinstance(message, web.Response):
            return message
        if message.author is not self.state.bot:
            return error(403, 50005, "Cannot edit a message authored by another user")
        faults = rules.message_faults(body, editing=True)
        if faults:
            return refuse_body(self.state, request, faults)
        fill(message, body)
        message.changed(self.state.clock.now())
        return answer(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message."""
        message = self._find(request)
        if isinstance(message, web.Response):
            return message
        message.deleted = True
        return answer(None, 204)

    def _find(self, request: web.Request) -> Message | web.Response:
        channel = self.reach(request)
        if isinstance(channel, web.Response):
            return channel
        message = self.state.messages.get(request.match_info["message"])
        if message is None or message.deleted or message.channel is not channel:
            return error(404, 10008, "Unknown Message")
        return message

    def reach(self, request: web.Request, *, also_archived: bool = False) -> Channel | web.Response:
        """The channel that is asked for, where the bot may do something in it."""
        channel = self.state.channels.get(request.match_info["channel"])
        if channel is None:
            return error(404, 10003, "Unknown Channel")
        code = channel.refuses or (channel.parent.refuses if channel.parent else None)
        if channel.guild is not None and not channel.guild.present:
            code = 50001
        if channel.archived and request.method != "GET" and not also_archived:
            code = 50083
        writes = request.method == "POST" and channel.parent is not None
        if writes and "send_in_threads" in (channel.parent.lacking if channel.parent else ()):
            code = 50013
        if code is None:
            return channel
        status, words = REASONS[code]
        return error(status, code, words)


def fill(message: Message, body: Json, *, parse: tuple[str, ...] = pings.ALL) -> None:
    """Write a checked body into a message and note whom that pings."""
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if "components" in body:
        message.components = body["components"] or []
    message.flags |= body.get("flags") or 0
    allowed = body.get("allowed_mentions")
    if "content" in body:
        message.pings.append(pings.pinged(message.content, allowed, default=parse))
