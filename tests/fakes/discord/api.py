"""The REST API, version 10: what the bot may ask, and what it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.fakes.discord import rules, spec
from tests.fakes.discord.calls import InteractionCalls
from tests.fakes.discord.messages import MessageCalls
from tests.fakes.discord.refusals import PREFIX, body_of, refuse_body
from tests.fakes.discord.state import State
from tests.fakes.discord.threads import ThreadCalls
from tests.fakes.discord.traffic import Fault, Traffic, answer, cloudflare, error, limited
from tests.fakes.discord.world import Json, member_payload

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Routes, checks and counts every request before it reaches its handler."""

    def __init__(self, state: State, traffic: Traffic) -> None:
        self.state, self.traffic = state, traffic
        self.closing = asyncio.Event()

    def application(self) -> web.Application:
        """The web application; anything not listed here fails the test that caused it."""
        messages, calls = MessageCalls(self.state), InteractionCalls(self.state)
        threads = ThreadCalls(messages)
        app = web.Application(middlewares=[self._front], client_max_size=1 << 25)
        add = app.router.add_route
        channel = PREFIX + "/channels/{channel}"
        hook = PREFIX + "/webhooks/{app}/{token}"
        add("GET", PREFIX + "/users/@me", self._me)
        add("GET", PREFIX + "/oauth2/applications/@me", self._application)
        add("GET", PREFIX + "/applications/@me", self._application)
        add("GET", PREFIX + "/guilds/{guild}/members/{user}", self._member)
        add("POST", PREFIX + "/users/@me/channels", messages.open_dm)
        add("GET", channel, messages.channel)
        add("PATCH", channel, threads.edit)
        add("POST", channel + "/threads", threads.open)
        add("PUT", channel + "/thread-members/{user}", threads.let_in)
        add("DELETE", channel + "/thread-members/{user}", threads.let_out)
        add("POST", channel + "/messages", messages.create)
        add("GET", channel + "/messages/{message}", messages.read)
        add("PATCH", channel + "/messages/{message}", messages.edit)
        add("DELETE", channel + "/messages/{message}", messages.delete)
        add("GET", PREFIX + "/applications/{app}/commands", self._commands)
        add("PUT", PREFIX + "/applications/{app}/commands", self._declare)
        add("POST", PREFIX + "/interactions/{id}/{token}/callback", calls.callback)
        add("POST", hook, calls.follow_up)
        add("PATCH", hook + "/messages/{message}", calls.edit)
        add("DELETE", hook + "/messages/{message}", calls.delete)
        return app

    @web.middleware
    async def _front(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(PREFIX):
            return await handler(request)
        body = await body_of(request)
        path = request.path.removeprefix(PREFIX)
        self.state.requests.append((request.method, path, body))
        fault = self.traffic.fault_for(request.method, path)
        exempt = path.startswith(("/interactions/", "/webhooks/"))
        bucket = path if request.method == "POST" and path.endswith("/messages") else None
        response: web.StreamResponse | None = None
        if fault is not None and fault.until is not None:
            await fault.until.wait()
            fault = None
        if fault is None:
            response = self.traffic.refuse(bucket, exempt)
        if response is None and (fault is None or fault.accept):
            response = await self._handle(request, handler, path, exempt)
            response.headers.update(self.traffic.headers(bucket))
        if fault is not None:
            response = await self._break(request, fault)
        assert response is not None
        self.traffic.count(response)
        self.state.changes.happened()
        return response

    async def _handle(
        self, request: web.Request, handler: Handler, path: str, exempt: bool
    ) -> web.StreamResponse:
        if not exempt and request.headers.get("Authorization") != f"Bot {self.state.token}":
            return error(401, 0, "401: Unauthorized")
        body = await body_of(request)
        if body is not None and self.state.check_bodies:
            found = spec.complaints(request.method, path, body)
            if found:
                return refuse_body(self.state, request, found)
        try:
            return await handler(request)
        except web.HTTPException as refused:
            self.state.problems.append(f"{request.method} {path}: {refused.status}")
            return error(refused.status, 0, f"{refused.status}: {refused.reason}")

    async def _break(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.hang:
            await self.closing.wait()
        if fault.drop or fault.hang:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        if fault.cloudflare:
            return cloudflare()
        if fault.status == 429:
            scope = "shared" if fault.shared else "user"
            return limited(fault.retry_after, scope)
        return error(fault.status, fault.code, "as the test asked")

    async def _me(self, request: web.Request) -> web.Response:
        return answer(self.state.bot.payload() | {"verified": True, "mfa_enabled": True})

    async def _application(self, request: web.Request) -> web.Response:
        me = self.state.bot
        return answer(
            {
                "id": self.state.app_id,
                "name": "Rounds",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "00",
                "owner": me.payload(),
                "team": None,
                "flags": 0,
                "summary": "",
            }
        )

    async def _member(self, request: web.Request) -> web.Response:
        guild = self.state.guilds.get(request.match_info["guild"])
        if guild is None or not guild.present:
            return error(403, 50001, "Missing Access")
        user = guild.members.get(request.match_info["user"])
        if user is None:
            return error(404, 10007, "Unknown Member")
        return answer(member_payload(user.payload()))

    async def _commands(self, request: web.Request) -> web.Response:
        return answer(self.state.commands)

    async def _declare(self, request: web.Request) -> web.Response:
        declared: list[Json] = await body_of(request)
        faults = rules.command_faults(declared)
        if faults:
            return refuse_body(self.state, request, faults)
        known = {command["name"]: command["id"] for command in self.state.commands}
        fixed = {"application_id": self.state.app_id, "version": "1", "type": 1}
        self.state.commands = [
            {"default_member_permissions": None, "nsfw": False, **fixed, **command}
            | {"id": known.get(command["name"]) or self.state.new_id()}
            for command in declared
        ]
        self.state.syncs += 1
        return answer(self.state.commands)
