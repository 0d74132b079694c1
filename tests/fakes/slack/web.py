"""Slack's Web API: the methods the bot may call, as strict as the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.checks import message_problems, view_problems
from tests.fakes.slack.faults import Fault, cut, too_many
from tests.fakes.slack.state import Channel, Message, View

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import Workspace

Json = dict[str, Any]

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "conversations.members": "channels:read",
    "conversations.list": "channels:read",
    "conversations.history": "channels:history",
    "users.info": "users:read",
    "users.list": "users:read",
}
BOT = "U0BOT"


class SlackError(Exception):
    """An answer `ok: false`."""


@dataclass
class Call:
    """One call of the Web API as it came in."""

    method: str
    args: Json
    at: float
    error: str | None = None


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, fake: Workspace) -> None:
        self.fake = fake
        self.calls: list[Call] = []
        self.methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self.auth_test,
            "chat.postMessage": self.post,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "conversations.open": self.open_conversation,
            "users.info": self.users_info,
            "views.open": self.views_open,
            "views.publish": self.views_publish,
            "views.push": self.views_open,
            "views.update": self.views_update,
            "apps.connections.open": self.connections_open,
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one call: faults first, then who asks, then the method itself."""
        method = request.match_info["method"]
        args = await _arguments(request)
        call = Call(method, args, self.fake.clock())
        self.calls.append(call)
        fault = self.fake.faults.take(method, args.get("channel"))
        if fault is not None and fault.kind != "drop":
            call.error = fault.error or fault.kind
            return await self._faulty(fault)
        try:
            answer = self._answer(method, args, request.headers.get("Authorization", ""))
        except SlackError as error:
            call.error = str(error)
            answer = {"ok": False, "error": call.error}
        except TooSoon as soon:
            call.error = "ratelimited"
            return too_many(str(soon))
        finally:
            self.fake.changed()
        if fault is not None:
            cut(request)
        granted = {"x-oauth-scopes": ",".join(self.fake.scopes)}
        return web.json_response(answer, headers=granted)

    async def _faulty(self, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang":
            await self.fake.faults.released.wait()
        if fault.kind == "ratelimited":
            return too_many(fault.retry_after)
        if fault.kind == "error":
            return web.json_response({"ok": False, "error": fault.error})
        return web.Response(status=fault.status or 500, text="upstream is unwell")

    def _answer(self, method: str, args: Json, authorization: str) -> Json:
        if method not in self.methods and method not in SCOPES:
            self.fake.complain(f"unknown method {method}")
            raise SlackError("unknown_method")
        token = str(args.pop("token", authorization.removeprefix("Bearer ")))
        wanted = self.fake.app_token if method == "apps.connections.open" else self.fake.bot_token
        if token != wanted:
            kinds = {self.fake.app_token, self.fake.bot_token}
            raise SlackError("not_allowed_token_type" if token in kinds else "invalid_auth")
        if self.fake.token_error is not None and method != "apps.connections.open":
            raise SlackError(self.fake.token_error)
        if SCOPES.get(method) not in (None, *self.fake.scopes):
            raise SlackError("missing_scope")
        if method not in self.methods:
            self.fake.complain(f"{method} is beyond what the bot needs")
            raise SlackError("unknown_method")
        return {"ok": True, **self.methods[method](args)}

    def auth_test(self, _: Json) -> Json:
        """Who the token is."""
        return {
            "url": "https://home.slack.com/",
            "team": "Home",
            "team_id": self.fake.team,
            "user": "rounds",
            "user_id": BOT,
            "bot_id": "B0BOT",
            "is_enterprise_install": False,
        }

    def connections_open(self, _: Json) -> Json:
        """A ticket for a socket."""
        return {"url": self.fake.sockets.ticket()}

    def users_info(self, args: Json) -> Json:
        """A profile, with the zone."""
        user = self.fake.users.get(str(args.get("user")))
        if user is None:
            raise SlackError("user_not_found")
        profile = {"display_name": user.name, "real_name": user.name.title()}
        found = {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "deleted": user.deleted,
            "is_bot": user.is_bot,
            "profile": profile,
        }
        zone = {"tz": user.tz} if user.tz is not None else {}
        return {"user": found | zone | user.more}

    def open_conversation(self, args: Json) -> Json:
        """The private channel with one person."""
        user = str(args.get("users", ""))
        person = self.fake.users.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        return {"channel": {"id": self.fake.dm_of(user).id}}

    def post(self, args: Json) -> Json:
        """A message for everybody in the channel."""
        channel = self._channel(args)
        self._check(message_problems(args), "invalid_blocks")
        if self.fake.pace is not None:
            wait = self.fake.pace.refuse(channel.id)
            if wait is not None:
                raise TooSoon(wait)
        message = Message(
            self.fake.next_ts(),
            channel.id,
            args.get("text", ""),
            args.get("blocks") or [],
            raw=args,
        )
        self.fake.all_messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": {"text": message.text}}

    def post_ephemeral(self, args: Json) -> Json:
        """A message one person alone sees, for as long as they stay."""
        channel = self._channel(args)
        user = str(args.get("user"))
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        message = self.fake.show_privately(user, channel.id, args)
        return {"message_ts": message.ts}

    def update(self, args: Json) -> Json:
        """Other words in the place of a message."""
        channel = self._channel(args)
        message = self.fake.find_message(channel.id, str(args.get("ts")))
        if message is None:
            raise SlackError("message_not_found")
        self._check(message_problems(args), "invalid_blocks")
        message.become(args, self.fake.clock())
        return {"channel": channel.id, "ts": message.ts, "text": message.text}

    def views_open(self, args: Json) -> Json:
        """A modal, within three seconds of what the person did."""
        user = self.fake.use_trigger(str(args.get("trigger_id")))
        if user is None:
            raise SlackError("expired_trigger_id")
        body = self._view(args)
        view = View(self.fake.next_id("V"), user, body, self.fake.next_id("h"))
        self.fake.views[view.id] = view
        return {"view": self.fake.view_payload(view)}

    def views_update(self, args: Json) -> Json:
        """Another content for an open modal."""
        view = self.fake.views.get(str(args.get("view_id")))
        if view is None or not view.open:
            raise SlackError("not_found")
        if args.get("hash") not in (None, view.hash):
            raise SlackError("hash_conflict")
        view.body, view.hash = self._view(args), self.fake.next_id("h")
        return {"view": self.fake.view_payload(view)}

    def views_publish(self, args: Json) -> Json:
        """The home of one person."""
        user, body = str(args.get("user_id")), self._view(args)
        if body["type"] != "home":
            raise SlackError("invalid_arguments")
        view = View(self.fake.next_id("V"), user, body, self.fake.next_id("h"))
        self.fake.homes[user] = self.fake.views[view.id] = view
        return {"view": self.fake.view_payload(view)}

    def _view(self, args: Json) -> Json:
        given = args.get("view")
        body: Json = json.loads(given) if isinstance(given, str) else dict(given or {})
        self._check(view_problems(body), "invalid_arguments")
        return body

    def _check(self, problems: list[str], error: str) -> None:
        for problem in problems:
            self.fake.complain(problem)
        if problems:
            raise SlackError(error)

    def _channel(self, args: Json) -> Channel:
        asked = str(args.get("channel"))
        if asked in self.fake.users:
            return self.fake.dm_of(asked)
        channel = self.fake.channels.get(asked)
        if channel is None or (channel.private and BOT not in channel.members):
            raise SlackError("channel_not_found")
        if channel.archived:
            raise SlackError("is_archived")
        if BOT not in channel.members:
            raise SlackError("not_in_channel")
        return channel


class TooSoon(Exception):
    """The caller is too fast; carries the seconds to wait."""


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {str(key): value for key, value in (await request.post()).items()} | dict(request.query)
