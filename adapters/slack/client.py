"""Rounds on Slack: one listener for each kind of payload; commit first, then acknowledge."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import asked as ask
from adapters.slack import render
from adapters.slack.answers import Answers
from adapters.slack.asked import Asked, Json
from adapters.slack.doors import HttpDoor, SocketDoor, reach
from adapters.slack.errors import DEAD_TOKEN, code_of
from adapters.slack.messenger import SlackMessenger
from adapters.slack.profiles import Profiles
from adapters.slack.tokens import BOT
from adapters.slack.words import Wording, mentions_in, shortened
from bot.app import App
from bot.chat.commands import LONGEST_ACTION
from bot.chat.replies import Answer, Form, OnCard, Refusal, Reply, Text
from bot.chat.requests import Request
from bot.settings import SlackConfig

ANYTHING = re.compile(r"(?s).*")
SOON = 2.0
"""Seconds after which a request is acknowledged unanswered; Slack gives it three."""
SHOWN = 0.7
"""Seconds the acknowledgement waits for an answer that travels apart from it."""
LAST_WORK = 5.0
OUTSIDER = Text("I am here for the people of this workspace only.")
PANEL = "rounds panel"

Gone = Callable[[str, str | None], Awaitable[None]]
"""Told that a workspace (or one channel of it) is no longer there for the bot."""


class Slack:
    """The adapter: an async context in which Slack's people can ask and posts can be sent."""

    def __init__(
        self,
        config: SlackConfig,
        app: App,
        clock: Callable[[], datetime],
        *,
        gone: Gone | None = None,
        pace: float = 5.0,
    ) -> None:
        self._config, self._app, self._clock = config, app, clock
        self._gone, self._pace = gone, pace
        self._wording = Wording(prefix=config.prefix)
        self._work: set[asyncio.Task[Any]] = set()
        self._closed = asyncio.Event()
        self._library_log = logging.getLogger("slack_bolt.library")

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=30))
        try:
            await self._start()
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed.set()
        await self.door.close()
        if self._work:
            await asyncio.wait(set(self._work), timeout=LAST_WORK)
        for task in self._work:
            task.cancel()
        await self._session.close()

    async def serve(self) -> None:
        """Listen until closed."""
        await self._closed.wait()

    async def is_connected(self) -> bool:
        """Whether Slack can reach us now."""
        return await self.door.is_open()

    async def _start(self) -> None:
        bolt = self._bolt()
        client = bolt.client
        self.team = str((await reach(BOT, client.auth_test))["team_id"])
        await self._app.back("slack", self.team)
        self._profiles = Profiles(client, self.team, self._clock)
        self.messenger = SlackMessenger(client, self._profiles, self._wording)
        said = self.messenger.said
        self._answers = Answers(client, self._session, self._wording, said, self._reopen)
        self.door = self._door(bolt)
        await self.door.open()

    def _bolt(self) -> AsyncApp:
        client = AsyncWebClient(
            _secret(self._config.bot_token),
            base_url=self._config.api_url,
            session=self._session,
            retry_handlers=[],
            logger=self._library_log,
        )
        # It warns of a token in the environment; it is the same one, and given with the client.
        self._library_log.setLevel(logging.ERROR)
        bolt = AsyncApp(
            client=client,
            signing_secret=_secret(self._config.signing_secret),
            process_before_response=True,
            logger=self._library_log,
            name="rounds",
        )
        # Below this level it logs whole payloads, and of whoever asks without the secret as well.
        self._library_log.setLevel(logging.WARNING)
        bolt.command(ANYTHING)(self._command)
        bolt.action(ANYTHING)(self._click)
        bolt.view_submission(ANYTHING)(self._submission)
        bolt.event(ANYTHING)(self._event)
        # Whatever else comes is acknowledged, or Slack shows an error and sends it again.
        bolt.shortcut(ANYTHING)(_nothing)
        bolt.view_closed(ANYTHING)(_nothing)
        bolt.options(ANYTHING)(_nothing)
        return bolt

    def _door(self, bolt: AsyncApp) -> SocketDoor | HttpDoor:
        if self._config.mode == "http":
            secret = _secret(self._config.signing_secret)
            return HttpDoor(bolt, secret, self._config.host, self._config.port)
        token = _secret(self._config.app_token)
        return SocketDoor(bolt, token, self._library_log, self._pace)

    async def _command(self, ack: AsyncAck, body: Json) -> None:
        asked = ask.command(body)
        root = str(body["command"]).removeprefix("/").removeprefix(self._config.prefix)
        text = ask.readable(str(body.get("text") or ""))
        ready, answer = await self._soon(
            asked, lambda request: self._app.typed(request, root, text)
        )
        if not ready or answer is None:
            await ack()
        elif isinstance(answer, Form | OnCard):
            await self._show(asked, answer)
            await ack()
        else:
            await ack(self._answers.message(_reply(answer)))

    async def _click(self, ack: AsyncAck, body: Json) -> None:
        asked = ask.click(body)
        ready, answer = await self._soon(
            asked, lambda request: self._app.press(request, asked.action)
        )
        if ready:
            await self._show(asked, answer)
        await ack()

    async def _submission(self, ack: AsyncAck, body: Json) -> None:
        asked, values = ask.submission(body), ask.written(body["view"])
        ready, answer = await self._soon(
            asked, lambda request: self._app.submit(request, asked.action, values)
        )
        if not ready or answer is None:
            await ack()
        elif isinstance(answer, Form):
            view = render.form(answer, self._wording, asked.metadata(answer.action))
            await ack(response_action="update", view=view)
        elif isinstance(answer, Refusal) and (at := _field_at_fault(answer, list(values))):
            words = await self._beside_field(asked, answer.reply.text)
            await ack(response_action="errors", errors={at: words})
        elif asked.in_window and not isinstance(answer, OnCard):
            view = self._answers.window(asked, _reply(answer))
            await ack(response_action="update", view=view)
        else:
            await self._show(asked, answer)
            await ack()

    async def _event(self, body: Json, client: AsyncWebClient) -> None:
        about = body["event"]
        match about["type"]:
            case "app_home_opened" if about.get("tab", "home") == "home":
                await self._publish_home(ask.event(body))
            case "app_uninstalled" | "tokens_revoked" if self._gone and await _is_dead(client):
                await self._gone(self.team, None)
            case "channel_archive" | "channel_deleted" | "channel_left" if self._gone:
                await self._gone(self.team, str(about["channel"]))

    async def _publish_home(self, asked: Asked) -> None:
        if PANEL not in self._app.commands.commands:
            return
        ready, answer = await self._soon(
            asked, lambda request: self._app.command(request, PANEL, {})
        )
        if ready and isinstance(answer, Reply | Refusal):
            view = render.home(_reply(answer), self._wording)
            await self._answers.publish(asked.user, view)

    async def _soon(
        self, asked: Asked, carry_out: Callable[[Request], Awaitable[Answer]]
    ) -> tuple[bool, Answer]:
        """The answer, if it is there in time; a late one is given by itself."""
        work = self._track(self._carried_out(asked, carry_out))
        await asyncio.wait({work}, timeout=SOON)
        if work.done():
            return True, work.result()
        self._track(self._give_late(asked, work))
        return False, None

    async def _carried_out(
        self, asked: Asked, carry_out: Callable[[Request], Awaitable[Answer]]
    ) -> Answer:
        profile = await self._profiles.get(asked.user)
        if asked.team not in (self.team, "") or profile.belongs is False:
            return Refusal(Reply(OUTSIDER))
        request = Request(
            id=asked.id,
            platform="slack",
            space=self.team,
            channel=asked.place,
            person=asked.user,
            now=self._clock(),
            zone=profile.zone,
            message=asked.message or None,
            vouched=profile.belongs is True,
        )
        return await carry_out(request)

    async def _give_late(self, asked: Asked, work: asyncio.Task[Answer]) -> None:
        await self._answers.give(asked, await work)

    async def _show(self, asked: Asked, answer: Answer) -> None:
        showing = self._track(self._answers.give(asked, answer))
        await asyncio.wait({showing}, timeout=SHOWN)

    async def _beside_field(self, asked: Asked, text: Text) -> str:
        """What is wrong, where Slack shows plain words only."""
        zone = (await self._profiles.get(asked.user)).zone or "UTC"
        names = await self._profiles.names(mention.ref for mention in mentions_in(text))
        return shortened(replace(self._wording, names=names).plainly(text, zone), render.HINT)

    def _reopen(self, form: Form, pressed: str) -> str:
        """The action that opens a form again, with what stands in it."""
        verb, _, rest = form.action.partition(":")
        if verb != "form":
            return pressed
        group, command, carried = (rest + ":").split(":")[:3]
        filled = {given.name: given.value for given in form.inputs if given.value}
        known = self._app.drafts.read(carried)
        start, at = f"edit:{group}:{command}:", f":{form.inputs[0].name}"
        room = LONGEST_ACTION - len(start) - len(at)
        return start + self._app.drafts.carry(room, known | filled) + at

    def _track(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task


async def _nothing(ack: AsyncAck) -> None:
    await ack()


async def _is_dead(client: AsyncWebClient) -> bool:
    """Whether the token is really gone: the news may be older than a new installation."""
    try:
        await client.auth_test()
    except SlackApiError as error:
        return DEAD_TOKEN.fullmatch(code_of(error)) is not None
    return False


def _reply(answer: Reply | Refusal) -> Reply:
    return answer.reply if isinstance(answer, Refusal) else answer


def _field_at_fault(refusal: Refusal, fields: list[str]) -> str | None:
    """The field that shows what is wrong; where none is meant the first one does."""
    if refusal.option in fields:
        return refusal.option
    return fields[0] if fields and not refusal.reply.buttons else None


def _secret(token: Any) -> str:
    return str(token.get_secret_value()) if token is not None else ""
