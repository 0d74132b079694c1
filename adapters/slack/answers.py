"""Where an answer goes: a private message, a window, or, when all else fails, a direct message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import ClientError, ClientPayloadError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import render
from adapters.slack.asked import Asked
from adapters.slack.errors import code_of, delivery_error
from adapters.slack.words import Wording
from bot.chat.replies import Answer, Button, Form, OnCard, Refusal, Reply, Text
from bot.errors import DeliveryError

log = logging.getLogger(__name__)

CALL_TIMEOUT = 15.0
SLOW_FORM = Text("That took Slack too long, so the form did not open. Your words are kept.")


class Answers:
    """Gives answers over the Web API, each where its asker will see it."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: ClientSession,
        wording: Wording,
        said: Callable[[Reply], Awaitable[dict[str, Any]]],
        reopen: Callable[[Form, str], str],
    ) -> None:
        self._client, self._session, self.wording = client, session, wording
        self._said, self._reopen = said, reopen

    async def give(self, asked: Asked, answer: Answer) -> None:
        """Show the answer to whoever asked, and to nobody else."""
        if isinstance(answer, Form):
            if not await self._open(asked, answer):
                await self._whisper(asked, self._instead(asked, answer))
        elif isinstance(answer, OnCard):
            if answer.show is not None:
                await answer.show(partial(self._replace, asked))
        elif answer is not None:
            reply = answer.reply if isinstance(answer, Refusal) else answer
            if not (asked.in_window and await self._in_window(asked, reply)):
                await self._whisper(asked, reply)

    async def _open(self, asked: Asked, form: Form) -> bool:
        view = render.form(form, self.wording, asked.metadata(form.action))
        call = self._client.views_push if asked.view else self._client.views_open
        return await _went("form", call(trigger_id=asked.trigger, view=view))

    def _instead(self, asked: Asked, form: Form) -> Reply:
        """What is said when a form came too late: a button that opens it again."""
        again = Button("Open the form", self._reopen(form, asked.action), "primary")
        return Reply(SLOW_FORM, buttons=(again,))

    async def publish(self, user: str, view: dict[str, Any]) -> None:
        """Show a person's Home tab."""
        await _went("home", self._client.views_publish(user_id=user, view=view))

    def message(self, reply: Reply) -> dict[str, Any]:
        """The reply as a private message."""
        return {"response_type": "ephemeral", **render.message(reply, self.wording)}

    def window(self, asked: Asked, reply: Reply) -> dict[str, Any]:
        """The reply as a window."""
        return render.modal(reply, self.wording, asked.metadata(""))

    async def _in_window(self, asked: Asked, reply: Reply) -> bool:
        view = self.window(asked, reply)
        if asked.view:
            return await _went("window", self._client.views_update(view_id=asked.view, view=view))
        return await _went("window", self._client.views_open(trigger_id=asked.trigger, view=view))

    async def _whisper(self, asked: Asked, reply: Reply) -> None:
        body = self.message(reply)
        if asked.response_url and await _went("reply", self._respond(asked.response_url, body)):
            return
        said = {"text": body["text"], "blocks": body["blocks"]}
        if asked.place is not None and await _went(
            "ephemeral",
            self._client.chat_postEphemeral(channel=asked.place, user=asked.user, **said),
        ):
            return
        await _went("direct message", self._direct(asked.user, said))

    async def _replace(self, asked: Asked, reply: Reply) -> None:
        """Put a card in the place of the message that was pressed."""
        body = await self._said(reply)
        shown = {"replace_original": True, "text": body["text"], "blocks": body["blocks"]}
        webhook = AsyncWebhookClient(asked.response_url, session=self._session, retry_handlers=[])
        try:
            answer = await webhook.send_dict(shown)
        except (ClientError, TimeoutError) as error:
            raise delivery_error(error, private=False) from error
        if answer.status_code != 200:
            refused = answer.status_code < 500
            raise DeliveryError(f"http_{answer.status_code}", permanent=refused)

    async def _respond(self, url: str, body: dict[str, Any]) -> None:
        webhook = AsyncWebhookClient(url, session=self._session, retry_handlers=[])
        answer = await webhook.send_dict(body | {"replace_original": False})
        if answer.status_code != 200:
            raise ClientPayloadError(f"http_{answer.status_code}")

    async def _direct(self, user: str, said: dict[str, Any]) -> None:
        opened = await self._client.conversations_open(users=user)
        await self._client.chat_postMessage(channel=opened["channel"]["id"], **said)


async def _went(what: str, call: Awaitable[object]) -> bool:
    """Whether a call went through; why not is logged, the next way is tried."""
    try:
        async with asyncio.timeout(CALL_TIMEOUT):
            await call
    except (SlackApiError, ClientError, TimeoutError) as error:
        log.warning("%s not given: %s", what, code_of(error))
        return False
    return True
