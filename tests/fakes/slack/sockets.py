"""Socket Mode: tickets, connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.faults import cut

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import Workspace

Json = dict[str, Any]


@dataclass
class Envelope:
    """One payload on its way to the bot, and what came back."""

    id: str
    kind: str
    payload: Json
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Json = field(default_factory=dict)
    status: int = 200
    acks: int = 0
    attempts: int = 0
    socket: web.WebSocketResponse | None = None


class Sockets:
    """The websocket end of the fake."""

    def __init__(self, fake: Workspace) -> None:
        self.fake = fake
        self.open: list[web.WebSocketResponse] = []
        self.connected = 0
        self.refused = 0
        self.outage = False
        self.deaf: set[web.WebSocketResponse] = set()
        self.ticket_life = 30.0
        self.waiting: dict[str, Envelope] = {}
        self._tickets: dict[str, float] = {}
        self._requests: dict[web.WebSocketResponse, web.Request] = {}
        self._sent: set[str] = set()
        self._next = 0

    def ticket(self) -> str:
        """The address of a socket, good once and for a short while."""
        ticket = self.fake.next_id("ticket")
        self._tickets[ticket] = self.fake.clock() + self.ticket_life
        return f"ws://127.0.0.1:{self.fake.port}/link?ticket={ticket}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        expires = self._tickets.get(request.query.get("ticket", ""), float("-inf"))
        if self.outage or self.fake.clock() >= expires or len(self.open) >= 10:
            self.refused += 1
            self.fake.changed()
            return web.Response(status=503 if self.outage else 403)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        # A ticket is used up by the connection it opened.
        del self._tickets[request.query["ticket"]]
        self.connected += 1
        self.open.append(socket)
        self._requests[socket] = request
        await socket.send_json({"type": "hello", "num_connections": len(self.open)})
        self.fake.changed()
        for envelope in list(self.waiting.values()):
            if envelope.socket is None:
                await self._send(envelope)
        try:
            async for frame in socket:
                if socket in self.deaf:
                    continue
                if frame.type is WSMsgType.PING:
                    await socket.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(frame.data))
        finally:
            await self._gone(socket)
        return socket

    async def deliver(self, envelope: Envelope) -> None:
        """Send it over one of the sockets, or as soon as there is one."""
        self.waiting[envelope.id] = envelope
        await self._send(envelope)

    async def _send(self, envelope: Envelope) -> None:
        sockets = [one for one in self.open if not one.closed and one not in self.deaf]
        if not sockets:
            envelope.socket = None
            return
        self._next += 1
        envelope.socket = sockets[self._next % len(sockets)]
        frame: Json = {
            "envelope_id": envelope.id,
            "type": envelope.kind,
            "accepts_response_payload": envelope.kind != "events_api",
            "payload": envelope.payload,
        }
        if envelope.kind == "events_api":
            frame |= {"retry_attempt": envelope.attempts, "retry_reason": ""}
            if envelope.attempts:
                frame["retry_reason"] = "timeout"
        envelope.attempts += 1
        self._sent.add(envelope.id)
        # On a dying socket it is lost; when the socket is gone it is sent on another.
        with suppress(ConnectionError):
            await envelope.socket.send_json(frame)

    def _acknowledge(self, frame: Json) -> None:
        name = str(frame.get("envelope_id"))
        if name not in self._sent:
            self.fake.complain(f"an acknowledgement of what was never sent: {frame}")
        envelope = self.waiting.pop(name, None)
        if envelope is None:
            # It was sent again on another socket, and acknowledged there.
            return
        envelope.acks += 1
        envelope.answer = frame.get("payload") or {}
        envelope.acked.set()
        self.fake.changed()

    async def _gone(self, socket: web.WebSocketResponse) -> None:
        self.open.remove(socket)
        del self._requests[socket]
        self.fake.changed()
        for envelope in list(self.waiting.values()):
            if envelope.socket is socket:
                await self._send(envelope)
        self.deaf.discard(socket)

    async def disconnect(self, reason: str = "refresh_requested", only: int | None = None) -> None:
        """Tell connections to go, all or so many, as Slack does several times a day."""
        for socket in self.open[:only]:
            await socket.send_json({"type": "disconnect", "reason": reason})

    def go_deaf(self) -> None:
        """Every connection of now stays open and hears nothing more."""
        self.deaf |= set(self.open)

    def cut(self) -> None:
        """Every connection dies without a word."""
        for request in list(self._requests.values()):
            cut(request)
