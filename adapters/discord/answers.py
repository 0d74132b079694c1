"""Giving people their answers: always in private, at once where possible, never lost."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

import discord

from adapters.discord import render
from adapters.discord.errors import ALREADY_ANSWERED, FAILURES, code_of, delivering
from adapters.discord.messenger import nonce, said
from bot.chat.replies import Answer, Form, OnCard, Refusal, Reply
from bot.errors import DeliveryError

log = logging.getLogger(__name__)

Asked = discord.Interaction[Any]
ANSWER_TIMEOUT = 10.0


class Drawing(discord.ui.Modal):
    """A form that was drawn already; the library keeps no record of it."""

    def __init__(self, drawn: render.Json) -> None:
        """Hold the form; stopped at once, since it is routed by its id alone."""
        super().__init__(title=drawn["title"], custom_id=drawn["custom_id"])
        self._drawn = drawn
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        """The form as it is sent."""
        return self._drawn


class Answers:
    """Shows one person what their request led to."""

    def __init__(self, client: discord.Client, ids: render.Ids) -> None:
        """`ids` makes commands clickable in the answers."""
        self._client, self._ids = client, ids

    async def wait(self, asked: Asked) -> None:
        """Ask for more time: the person alone sees that their answer is coming."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                await asked.response.defer(ephemeral=True, thinking=True)
        except FAILURES as error:
            log.warning("request %s could not be deferred: %s", asked.id, code_of(error))

    async def give(self, asked: Asked, answer: Answer) -> None:
        """Show the answer; where the request's own way is closed, write to the person."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                await self._show(asked, answer)
        except FAILURES as error:
            log.warning("request %s was not answered in place: %s", asked.id, code_of(error))
            if code_of(error) == ALREADY_ANSWERED:
                await self._complete(asked, answer)
            else:
                await self._write(asked, answer)

    async def _complete(self, asked: Asked, answer: Answer) -> None:
        """Another process on this token was first, perhaps only to say that an answer is coming."""
        if not isinstance(answer, Reply):
            return
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                await asked.edit_original_response(**self._said(answer))
        except FAILURES as error:
            log.warning("request %s was answered elsewhere: %s", asked.id, code_of(error))

    async def _show(self, asked: Asked, answer: Answer) -> None:
        waiting = asked.response.is_done()
        if answer is None:
            await self._show_nothing(asked, waiting)
        elif isinstance(answer, OnCard):
            if answer.show is None or not await answer.show(partial(self._replace, asked)):
                await self._show_nothing(asked, asked.response.is_done())
        elif isinstance(answer, Form):
            await asked.response.send_modal(Drawing(render.modal(answer, self._ids)))
        elif waiting:
            await asked.edit_original_response(**self._said(answer))
        else:
            await asked.response.send_message(ephemeral=True, **self._said(answer))

    async def _replace(self, asked: Asked, reply: Reply) -> None:
        """Put a card in the place of the message that was pressed."""
        with delivering(private=False):
            if asked.response.is_done():
                raise DeliveryError("asked for more time", permanent=True)
            await asked.response.edit_message(**said(render.message(reply, self._ids)))

    async def _show_nothing(self, asked: Asked, waiting: bool) -> None:
        """A card shows the outcome by itself; a typed command must be answered all the same."""
        if asked.type is discord.InteractionType.application_command and not waiting:
            await asked.response.defer(ephemeral=True)
            waiting = True
        if waiting:
            await asked.delete_original_response()
        else:
            await asked.response.defer()

    async def _write(self, asked: Asked, answer: Answer) -> None:
        if not isinstance(answer, Reply | Refusal):
            return
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                place = await self._client.create_dm(asked.user)
                await place.send(nonce=nonce(f"answer:{asked.id}"), **self._said(answer))
        except FAILURES as error:
            log.warning("request %s could not be answered at all: %s", asked.id, code_of(error))

    def _said(self, answer: Reply | Refusal) -> Any:
        reply = answer.reply if isinstance(answer, Refusal) else answer
        return said(render.message(reply, self._ids, pings=False))
