"""One workspace on a free port: its people, channels, messages, and the server before them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.slack.checks import message_problems
from tests.fakes.slack.faults import Fault, Faults, Pace, cut
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.state import Channel, Json, Message, User, View
from tests.fakes.slack.web import BOT, Call, WebApi

LEAST_SCOPES = ("commands", "chat:write", "im:write", "users:read")
TRIGGER_LIFE = 3.0
RESPONSE_LIFE, RESPONSE_USES = 30 * 60.0, 5


class Workspace:
    """The state of a Slack workspace and the three doors to it."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        scopes: tuple[str, ...] = LEAST_SCOPES,
        ack_deadline: float = 3.0,
    ) -> None:
        self.clock, self.scopes, self.ack_deadline = clock, scopes, ack_deadline
        self.team = "T0HOME"
        self.last_stamp = 0
        self.bot_token, self.app_token = "xoxb-fake", "xapp-fake"
        self.signing_secret = "fake-signing-secret"
        self.http_url: str | None = None
        self.token_error: str | None = None
        self.problems: list[str] = []
        self.users: dict[str, User] = {BOT: User(BOT, "rounds", is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.all_messages: list[Message] = []
        self.private: list[Message] = []
        self.replaced: list[tuple[Message, Json]] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.faults = Faults()
        self.pace: Pace | None = None
        self.api, self.sockets = WebApi(self), Sockets(self)
        self._triggers: dict[str, tuple[str, float]] = {}
        self._responses: dict[str, tuple[str, str, float, Message | None]] = {}
        self._uses: dict[str, int] = {}
        self._counter = 0
        self._change = asyncio.Event()
        self._server: TestServer | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/{method}", self.api.handle)
        app.router.add_get("/api/{method}", self.api.handle)
        app.router.add_get("/link", self.sockets.handle)
        app.router.add_post("/respond/{id}", self._respond)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        assert self._server is not None
        self.faults.released.set()
        for socket in list(self.sockets.open):
            await socket.close()
        await self._server.close()
        if kind is None and self.problems:
            raise AssertionError("Slack would have refused: " + "; ".join(self.problems))

    @property
    def port(self) -> int:
        """The port the server got."""
        assert self._server is not None
        assert self._server.port is not None
        return self._server.port

    @property
    def api_url(self) -> str:
        """What the setting `slack.api_url` is to be."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API so far."""
        return self.api.calls

    def complain(self, problem: str) -> None:
        """Note what Slack would refuse; the test fails for it at its end."""
        self.problems.append(problem)

    def add_user(self, name: str, **rest: Any) -> str:
        """A person; their id."""
        user = User(f"U{name.upper()}", name, **rest)
        self.users[user.id] = user
        return user.id

    def add_channel(self, name: str, *members: str, bot: bool = True, private: bool = False) -> str:
        """A channel with these people in it; its id."""
        everybody = {*members, BOT} if bot else set(members)
        channel = Channel(f"C{name.upper()}", name, everybody, private=private)
        self.channels[channel.id] = channel
        return channel.id

    def dm_of(self, user: str) -> Channel:
        """The private channel between the bot and one person."""
        return self.channels.setdefault(
            f"D{user[1:]}", Channel(f"D{user[1:]}", "", {user, BOT}, dm_with=user)
        )

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel, oldest first."""
        return [message for message in self.all_messages if message.channel == channel]

    def dms(self, user: str) -> list[Message]:
        """What the bot wrote to one person."""
        return self.messages(self.dm_of(user).id)

    def find_message(self, channel: str, ts: str) -> Message | None:
        """The message with this stamp, if there is one."""
        return next((found for found in self.messages(channel) if found.ts == ts), None)

    def fail(self, method: str, error: str, *, times: int = 1, channel: str | None = None) -> None:
        """Let the next calls answer `ok: false` with this error."""
        self.faults.add(method, Fault("error", error=error, times=times, channel=channel))

    def break_down(self, method: str, *, status: int = 500, times: int = 1) -> None:
        """Let the next calls answer with an HTTP error and no JSON."""
        self.faults.add(method, Fault("http", status=status, times=times))

    def slow_down(self, method: str, retry_after: str | None, *, times: int = 1) -> None:
        """Let the next calls answer 429."""
        self.faults.add(method, Fault("ratelimited", retry_after=retry_after, times=times))

    def drop_after(self, method: str, *, times: int = 1) -> None:
        """Let the next calls take effect and the connection die before the answer."""
        self.faults.add(method, Fault("drop", times=times))

    def hang(self, method: str, *, times: int = 1) -> None:
        """Let the next calls never answer."""
        self.faults.add(method, Fault("hang", times=times))

    def hold_back(self, method: str) -> None:
        """Let the next call take effect when the faults are released, and not before."""
        self.faults.add(method, Fault("hold"))

    def keep_pace(self, *, gap: float = 1.0, per_minute: int = 300) -> None:
        """From now on answer 429 to whoever posts faster than Slack allows."""
        self.pace = Pace(self.clock, gap, per_minute)

    def next_id(self, prefix: str) -> str:
        """An id nobody had."""
        self._counter += 1
        return f"{prefix}{self._counter:08d}"

    def next_ts(self) -> str:
        """The stamp of the next message."""
        self._counter += 1
        return f"1764000000.{self._counter:06d}"

    def trigger(self, user: str) -> str:
        """A trigger id, good once and for three seconds."""
        found = self.next_id("trigger.")
        self._triggers[found] = (user, self.clock() + TRIGGER_LIFE)
        return found

    def use_trigger(self, trigger: str) -> str | None:
        """Whose trigger it is, or nobody's when it is spent or too old."""
        user, expires = self._triggers.pop(trigger, ("", float("-inf")))
        return user if self.clock() < expires else None

    def response_url(self, user: str, channel: str, original: Message | None = None) -> str:
        """An address for five answers within half an hour, to what was done on this message."""
        found = self.next_id("response")
        self._responses[found] = (user, channel, self.clock() + RESPONSE_LIFE, original)
        return f"http://127.0.0.1:{self.port}/respond/{found}"

    def spend(self, response_url: str) -> None:
        """Make an address worthless before its time."""
        self._uses[response_url.rsplit("/", 1)[1]] = RESPONSE_USES

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        fault = self.faults.take("response_url", None)
        if fault is not None and fault.kind in ("hang", "hold"):
            await self.faults.released.wait()
        if fault is not None and fault.kind not in ("drop", "hold"):
            return web.Response(status=fault.status or 500)
        user, channel, expires, original = self._responses.get(name, ("", "", float("-inf"), None))
        self._uses[name] = self._uses.get(name, 0) + 1
        if self.clock() >= expires or self._uses[name] > RESPONSE_USES:
            error = "used_url" if self._uses[name] > RESPONSE_USES else "expired_url"
            return web.json_response({"ok": False, "error": error}, status=404)
        body = await request.json()
        if body.get("replace_original") is True:
            answer = self.replace(original, body)
        else:
            self.show_privately(user, channel, body, str(request.url))
            answer = web.Response(text="ok")
        if fault is not None and fault.kind == "drop":
            cut(request)
        return answer

    def replace(self, original: Message | None, body: Json) -> web.Response:
        """Put other words where the person pressed; everybody sees them who saw the old ones."""
        if original is None:
            self.complain("replace_original on an address that belongs to no message")
            return web.json_response({"ok": False, "error": "no_original"}, status=404)
        if original not in (*self.all_messages, *self.private):
            return web.json_response({"ok": False, "error": "message_not_found"}, status=404)
        problems = message_problems(body)
        if body.get("response_type", "in_channel") == "ephemeral" and original.to is None:
            problems.append("replace_original of a public message with a private one")
        for problem in problems:
            self.complain(f"a message replaced: {problem}")
        if problems:
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        original.become(body, self.clock())
        self.replaced.append((original, body))
        self.changed()
        return web.Response(text="ok")

    def show_privately(
        self, user: str, channel: str, body: Json, response_url: str | None = None
    ) -> Message:
        """What one person alone then sees; an in_channel answer is a message for all."""
        for problem in message_problems(body):
            self.complain(f"private answer: {problem}")
        text, blocks = body.get("text", ""), body.get("blocks") or []
        message = Message(self.next_ts(), channel, text, blocks, user, response_url, raw=body)
        public = body.get("response_type") == "in_channel"
        (self.all_messages if public else self.private).append(message)
        self.changed()
        return message

    def view_payload(self, view: View) -> Json:
        """A view as Slack sends it to the bot."""
        empty = {"callback_id": "", "private_metadata": ""}
        return {**empty, **view.body, "id": view.id, "hash": view.hash, "team_id": self.team}

    def changed(self) -> None:
        """Wake whoever waits for something to be so."""
        self._change.set()

    async def until(self, condition: Callable[[], object], *, seconds: float = 10.0) -> None:
        """Wait for a condition; it is looked at whenever something happened here."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._change.clear()
                await self._change.wait()
