"""The port through which posts reach Slack's channels and private conversations."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.errors import code_of, delivery_error
from adapters.slack.profiles import Profiles
from adapters.slack.words import PERSON, Wording, mentions_in
from bot.chat.replies import Reply
from bot.store.outbox import Sent, Target

CALL_TIMEOUT = 15.0


class SlackMessenger:
    """Sends and edits; retries are the outbox's alone, since Slack cannot refuse a double."""

    def __init__(self, client: AsyncWebClient, profiles: Profiles, wording: Wording) -> None:
        self._client, self._profiles, self._wording = client, profiles, wording
        self._private: dict[str, str] = {}

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Say it in the channel, or to one person in private."""
        said = await self.said(reply)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                channel = await self._channel(target)
                answer = await self._client.chat_postMessage(
                    channel=channel, unfurl_links=False, unfurl_media=False, **said
                )
        except (SlackApiError, ClientError, TimeoutError) as error:
            if code_of(error) == "channel_not_found" and target.person is not None:
                self._private.pop(target.person, None)
            raise delivery_error(error, private=target.person is not None) from error
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """Make an earlier message say this instead."""
        said = await self.said(reply)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await self._client.chat_update(channel=sent.channel, ts=sent.message, **said)
        except (SlackApiError, ClientError, TimeoutError) as error:
            raise delivery_error(error, private=target.person is not None) from error

    async def said(self, reply: Reply) -> dict[str, Any]:
        """The reply as a message for everybody, in which only those are pinged who are meant."""
        mentions = (m.ref for text in render.texts_of(reply) for m in mentions_in(text))
        unpinged = {ref for ref in mentions if PERSON.fullmatch(ref)} - set(reply.notify)
        names = await self._profiles.names(unpinged)
        wording = replace(self._wording, pinged=frozenset(reply.notify), names=names)
        return {"link_names": False, **render.message(reply, wording)}

    async def _channel(self, target: Target) -> str:
        if target.person is None:
            return target.channel
        if target.person not in self._private:
            opened = await self._client.conversations_open(users=target.person)
            self._private[target.person] = str(opened["channel"]["id"])
        return self._private[target.person]
