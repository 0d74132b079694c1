"""The two ways Slack's payloads come in: Socket Mode, and signed HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import DEAD_TOKEN, code_of
from adapters.slack.tokens import APP, refused
from bot.config import ConfigError

log = logging.getLogger(__name__)

PATH = "/slack/events"
LARGEST_BODY = 1 << 20
SOCKETS = 2
FIRST_CONNECTION = 10.0
CALL_TIMEOUT = 15.0
LAST_WORK = 5.0
GOOD_FOR = 2 * 300
"""Seconds for which a signature may be used: five minutes, by a clock five minutes off at most."""


class _Handler(AsyncSocketModeHandler):
    """The library's handler, which also says what it is busy with."""

    taking: set[asyncio.Task[object]]

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Have a payload dealt with and acknowledged."""
        task = asyncio.current_task()
        assert task is not None
        self.taking.add(task)
        try:
            await super().handle(client, req)
        finally:
            self.taking.discard(task)


class SocketDoor:
    """Socket Mode over two sockets: Slack renews each of them several times a day.

    Both are watched: the library alone can try one expired address for ever.
    """

    def __init__(self, app: AsyncApp, app_token: str, logger: logging.Logger, pace: float) -> None:
        self._app, self._token, self._log, self._pace = app, app_token, logger, pace
        self._clients: list[SocketModeClient] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._taking: set[asyncio.Task[object]] = set()

    async def open(self) -> None:
        """Connect; where Slack is away, go on trying behind the scenes."""
        web = self._app.client
        # The library would try a refused token for ever.
        await reach(APP, lambda: web.apps_connections_open(app_token=self._token))
        self._clients = [self._client() for _ in range(SOCKETS)]
        connecting = [
            asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
            for client in self._clients
        ]
        self._tasks = [*connecting, asyncio.create_task(self._watch())]
        await asyncio.wait(
            connecting, timeout=FIRST_CONNECTION, return_when=asyncio.FIRST_COMPLETED
        )

    def _client(self) -> SocketModeClient:
        handler = _Handler(
            self._app,
            self._token,
            logger=self._log,
            web_client=self._app.client,
            ping_interval=self._pace,
        )
        handler.taking = self._taking
        return handler.client

    async def is_open(self) -> bool:
        """Whether a socket is there and answers."""
        return any([await client.is_connected() for client in self._clients])

    async def close(self) -> None:
        """Take nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._taking:
            # What was asked is answered and acknowledged before the sockets go.
            await asyncio.wait(set(self._taking), timeout=LAST_WORK)
        for client in self._clients:
            await client.close()  # type: ignore[no-untyped-call]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._pace)
            for client in self._clients:
                if not await client.is_connected():
                    # Its address may have expired; without one it asks for a new one.
                    client.wss_uri = None


class HttpDoor:
    """An HTTP server that lets in what carries Slack's signature, once, and nothing else."""

    def __init__(self, app: AsyncApp, secret: str, host: str, port: int) -> None:
        self._app, self._host, self._asked_port = app, host, port
        self._verifier = SignatureVerifier(secret)
        self._let_in: dict[str, int] = {}
        server = web.Application(client_max_size=LARGEST_BODY)
        server.router.add_post(PATH, self._take)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=LAST_WORK)

    @property
    def port(self) -> int:
        """The port it got."""
        return int(self._runner.addresses[0][1])

    async def open(self) -> None:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._asked_port).start()

    async def is_open(self) -> bool:
        """Whether it listens."""
        return bool(self._runner.addresses)

    async def close(self) -> None:
        """Take nothing more."""
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = _body(await request.read())
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        # The library answers 500 to a stamp that is no number and to a signature beyond ASCII.
        readable = stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and signature.isascii()
        if body is None or not readable or not self._verifier.is_valid(body, stamp, signature):
            return web.Response(status=401)
        if signature in self._let_in:
            # What was answered before, answered again, would be told to whoever recorded it.
            return web.Response(status=401)
        self._note(signature, int(stamp))
        answer = await self._app.async_dispatch(
            AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        )
        if answer.status != 200:
            # Slack may send it again, should it do so within the same second.
            self._let_in.pop(signature, None)
        return await to_aiohttp_response(answer)

    def _note(self, signature: str, stamp: int) -> None:
        """Remember what was let in for as long as it would be let in again."""
        self._let_in[signature] = stamp
        while stamp - self._let_in[oldest := next(iter(self._let_in))] > GOOD_FOR:
            del self._let_in[oldest]


def _body(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


async def reach(key: str, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Ask with a token until Slack answers; a refused token is an error of the configuration."""
    wait = 1.0
    while True:
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                return await call()
        except (SlackApiError, ClientError, TimeoutError) as error:
            code = code_of(error)
            if DEAD_TOKEN.fullmatch(code):
                raise ConfigError([refused(key, code)]) from error
            log.warning("Slack does not answer (%s); trying again", code)
        await asyncio.sleep(wait)
        wait = min(wait * 2, 60.0)
