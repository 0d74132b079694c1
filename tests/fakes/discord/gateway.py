"""The gateway websocket: identify, heartbeat, events, resuming what was missed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json, member_payload

PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
GUILDS = 1


@dataclass(eq=False)
class Session:
    """One identified bot; its events are kept so that it can resume."""

    id: str
    intents: int
    socket: web.WebSocketResponse | None
    events: list[Json] = field(default_factory=list)
    alive: bool = True
    ready: bool = False


class Gateway:
    """Accepts connections and tells every session what happens."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.url = ""
        self.sessions: list[Session] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.identified = self.resumed = self.heartbeats = 0
        self.heartbeat_ms = 41_250
        self.acknowledge = True
        self.resumable = True

    def live(self) -> list[Session]:
        """The sessions that hear events at this moment."""
        heard = [s for s in self.sessions if s.ready and s.socket is not None]
        return [s for s in heard if s.socket is not None and not s.socket.closed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO until somebody hangs up."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            session = await self._frame(socket, json.loads(frame.data), session)
        self._closed(socket, session)
        return socket

    def _closed(self, socket: web.WebSocketResponse, session: Session | None) -> None:
        if session is not None and session.socket is socket:
            session.socket = None
            # The client ends its session by closing with 1000 or 1001; else it may resume.
            ended = socket in self.sockets and socket.close_code in (1000, 1001)
            session.alive = session.alive and not ended
        self.state.changes.happened()

    async def _frame(
        self, socket: web.WebSocketResponse, frame: Json, session: Session | None
    ) -> Session | None:
        op = frame["op"]
        if op == 1:
            self.heartbeats += 1
            if self.acknowledge:
                await socket.send_json({"op": 11})
        elif op == 2:
            session = await self._identify(socket, frame["d"])
        elif op == 6:
            session = await self._resume(socket, frame["d"])
        elif op not in (3, 4, 8):
            await socket.close(code=4001, message=b"Unknown opcode")
        self.state.changes.happened()
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        if data["token"] != self.state.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if data["intents"] & PRIVILEGED:
            self.state.problems.append(f"privileged intents asked for: {data['intents']}")
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        session = Session(self.state.new_id(), data["intents"], socket)
        self.sessions.append(session)
        self.identified += 1
        ready = {
            "v": 10,
            "user": self.state.bot.payload(),
            "guilds": [{"id": g, "unavailable": True} for g in self._present()],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self.state.app_id, "flags": 0},
        }
        await self._send(session, "READY", ready)
        for guild in self._present():
            await self._send(session, "GUILD_CREATE", self.guild_payload(guild))
        session.ready = True
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        session = next((s for s in self.sessions if s.id == data["session_id"]), None)
        if session is None or not session.alive or not self.resumable:
            await socket.send_json({"op": 9, "d": False})
            return None
        session.socket = socket
        missed = [event for event in session.events if event["s"] > data["seq"]]
        for event in missed:
            await socket.send_json(event)
        self.resumed += 1
        await self._send(session, "RESUMED", {"_trace": []})
        return session

    def _present(self) -> list[str]:
        return [guild.id for guild in self.state.guilds.values() if guild.present]

    def guild_payload(self, guild_id: str) -> Json:
        """The whole guild, as GUILD_CREATE tells it."""
        guild = self.state.guilds[guild_id]
        inside = [c for c in self.state.channels.values() if c.guild is guild]
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": next(iter(guild.members), self.state.bot.id),
            "roles": [
                {"id": guild.id, "name": "@everyone", "permissions": "0", "position": 0}
                | {"color": 0, "hoist": False, "managed": False, "mentionable": False}
            ],
            "emojis": [],
            "features": [],
            "channels": [c.payload() for c in inside if c.parent is None],
            "threads": [c.payload() for c in inside if c.parent is not None],
            "members": [member_payload(self.state.bot.payload())],
            "member_count": len(guild.members) + 1,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "preferred_locale": "en-US",
            "afk_timeout": 300,
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "stickers": [],
        }

    async def tell(self, event: str, data: Json, *, needs: int = 0) -> None:
        """Tell every session that asked for it, and keep it for those who come back."""
        for session in [s for s in self.sessions if s.alive]:
            if session.intents & needs == needs:
                await self._send(session, event, data)

    async def _send(self, session: Session, event: str, data: Json) -> None:
        frame = {"op": 0, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(frame)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(frame)

    async def drop(self, code: int = 4000, *, resumable: bool = True) -> None:
        """Hang up on everybody."""
        self.resumable = resumable
        dropped, self.sockets = [s for s in self.sockets if not s.closed], []
        for socket in dropped:
            await socket.close(code=code)

    async def invalidate(self) -> None:
        """Tell every live session that it is no longer valid."""
        for session in self.live():
            session.alive = False
            assert session.socket is not None
            await session.socket.send_json({"op": 9, "d": False})
