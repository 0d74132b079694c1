"""Rounds on Discord: connect, declare the commands, and route everything people do by its id."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Self

import discord
import yarl
from discord.app_commands import Choice as Suggestion
from sqlalchemy import select

from adapters.discord import asked as ask
from adapters.discord import render
from adapters.discord.answers import Answers, Asked
from adapters.discord.declare import declaration, fingerprint
from adapters.discord.errors import FAILURES, code_of
from adapters.discord.install import refused
from adapters.discord.messenger import DiscordMessenger
from bot.app import HAD_ALREADY, App
from bot.chat.replies import Answer, CommandName, Refusal, Reply, Text
from bot.config import ConfigError
from bot.ops.errors import OperatorError
from bot.settings import DiscordConfig
from bot.store.outbox import insert_once
from bot.store.tables import Fact

log = logging.getLogger(__name__)

SOON = 1.5
"""Seconds after which a request that opens no form asks for more time; Discord gives it three."""
LAST_WORK = 5.0
LONGEST_WAIT = 30.0
LONGEST_SUGGESTION = 100

RENAMED = Text(
    "That command has changed since your Discord learned it. {help} says what there is now.",
    help=CommandName("rounds help"),
)

NO_PERSON = Text("I am here for people only.")

Back = Callable[[str], None]
"""Told the space that the bot is in."""

Gone = Callable[[str, str | None], Awaitable[None]]
"""Told that a server (or one channel of it) is no longer there for the bot."""


class Discord:
    """The adapter: an async context in which Discord's people can ask and posts can be sent."""

    def __init__(
        self,
        config: DiscordConfig,
        app: App,
        clock: Callable[[], datetime],
        *,
        gone: Gone | None = None,
        soon: float = SOON,
    ) -> None:
        """`soon` is how long a request may take before it asks for more time."""
        self._config, self._app, self._clock = config, app, clock
        self._soon = soon
        self._ids: dict[str, str] = {}
        self._work: set[asyncio.Task[Any]] = set()
        self._client = _Client(self.answer, gone, self._is_back)
        self._answers = Answers(self._client, self._ids)
        self.messenger = DiscordMessenger(self._client, self._ids)

    async def __aenter__(self) -> Self:
        """Log in, declare the commands where they changed, and begin to listen."""
        discord.http.Route.BASE = self._config.api_url.rstrip("/")
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._config.gateway_url)
        token = self._config.token.get_secret_value() if self._config.token else ""
        try:
            await self._log_in(token)
            await self._declare()
        except BaseException:
            await self._client.close()
            raise
        self._listening = asyncio.create_task(self._client.connect())
        return self

    async def _log_in(self, token: str) -> None:
        try:
            await self._client.login(token)
        except discord.LoginFailure as error:
            raise ConfigError([refused()]) from error
        except FAILURES as error:
            why = f"{type(error).__name__} {code_of(error) or ''}".strip()
            words = f"Discord does not answer at {self._config.api_url} ({why}). Try again later."
            raise OperatorError(words) from error

    async def __aexit__(self, *_: object) -> None:
        """Stop listening, finish what was begun, close."""
        if self._work:
            await asyncio.wait(set(self._work), timeout=LAST_WORK)
        await self._client.close()
        await asyncio.wait({self._listening})
        for task in self._work:
            task.cancel()

    async def serve(self) -> None:
        """Listen until closed; raises when Discord will not have us any more."""
        try:
            await asyncio.shield(self._listening)
        except discord.ConnectionClosed as error:
            if error.code == 4004:
                raise ConfigError([refused()]) from error
            raise

    async def is_connected(self) -> bool:
        """Whether Discord can reach us now."""
        socket: discord.gateway.DiscordWebSocket | None = self._client.ws
        return socket is not None and socket.open and socket.session_id is not None

    def answer(self, asked: Asked) -> None:
        """Take on one thing somebody did; a task of ours, so that it can be waited for."""
        self._take_on(self._answer(asked))

    def _is_back(self, guild: str) -> None:
        self._take_on(self._app.back("discord", guild))

    def _take_on(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an answer could not be made", exc_info=error)

    async def _answer(self, asked: Asked) -> None:
        if asked.user.bot:
            if asked.type is not discord.InteractionType.autocomplete:
                await self._answers.give(asked, Refusal(Reply(NO_PERSON)))
            return
        request, data = ask.request(asked, self._clock()), dict[str, Any](asked.data or {})
        match asked.type:
            case discord.InteractionType.application_command:
                name, given = ask.command(data)
                command = self._app.commands.commands.get(name)
                if command is None:
                    await self._answers.give(asked, Refusal(Reply(RENAMED)))
                    return
                carry_out = self._app.command(request, name, given)
                await self._give(asked, carry_out, command.may_open_form(given))
            case discord.InteractionType.component:
                action = str(data["custom_id"])
                opens_form = self._app.may_open_form(action)
                await self._give(asked, self._app.press(request, action), opens_form)
            case discord.InteractionType.modal_submit:
                action, values = str(data["custom_id"]), ask.written(data)
                await self._give(asked, self._app.submit(request, action, values), False)
            case discord.InteractionType.autocomplete:
                await self._suggest(asked, data)

    async def _give(
        self, asked: Asked, carry_out: Coroutine[Any, Any, Answer], opens_form: bool
    ) -> None:
        """Answer directly; only where it takes long and opens no form, say that it is coming."""
        work = asyncio.create_task(carry_out)
        if not opens_form:
            ready, _ = await asyncio.wait({work}, timeout=self._soon)
            if not ready:
                await self._answers.wait(asked)
        answer = await work
        if answer != HAD_ALREADY:
            # What is told twice is answered by whoever carries it out, here or elsewhere.
            await self._answers.give(asked, answer)

    async def _suggest(self, asked: Asked, data: dict[str, Any]) -> None:
        name, option, text = ask.typing(data)
        found = await self._app.suggest(ask.request(asked, self._clock()), name, option, text)
        shown = [
            Suggestion(name=render.cut(render.clean(c.label), LONGEST_SUGGESTION), value=c.value)
            for c in found
            if c.label and 0 < render.size(c.value) <= LONGEST_SUGGESTION
        ]
        try:
            await asked.response.autocomplete(shown[:25])
        except FAILURES as error:
            # Who types on has asked again by now.
            log.info("suggestions came too late: %s", code_of(error))

    async def _declare(self) -> None:
        """Register the commands if they changed since they were registered last.

        What cannot be registered today (there is a limit a day) is tried at the next start.
        """
        declared = declaration(self._app.commands)
        name, mark = f"discord_commands:{self._client.application_id}", fingerprint(declared)
        known = json.loads(await self._recall(name) or "{}")
        if known.get("mark") != mark:
            try:
                made = await self._client.http.bulk_upsert_global_commands(
                    self._client.application_id or 0, declared
                )
            except FAILURES as error:
                log.warning("the commands could not be registered: %s", code_of(error))
            else:
                known = {"mark": mark, "ids": {c["name"]: str(c["id"]) for c in made}}
                await self._remember(name, json.dumps(known))
        self._ids.update(known.get("ids", {}))

    async def _recall(self, name: str) -> str | None:
        async with self._app.database.reading() as session:
            return await session.scalar(select(Fact.value).where(Fact.name == name))

    async def _remember(self, name: str, value: str) -> None:
        async with self._app.database.writing() as session:
            if not await insert_once(session, Fact, name=name, value=value):
                fact = (await session.scalars(select(Fact).where(Fact.name == name))).one()
                fact.value = value


class _Client(discord.Client):
    """The library's client, which keeps nothing that people wrote and asks for no privilege."""

    def __init__(self, answer: Callable[[Asked], None], gone: Gone | None, back: Back) -> None:
        # Nothing is heard or spoken here: the libraries for voice are not missed.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_WAIT,
        )
        self._take, self._gone, self._back = answer, gone, back

    async def on_interaction(self, asked: Asked) -> None:
        self._take(asked)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hear of each server that the bot is in; the library would not wait for such work."""
        if event in ("guild_join", "guild_available"):
            self._back(str(args[0].id))
        super().dispatch(event, *args, **kwargs)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        if self._gone is not None:
            await self._gone(str(guild.id), None)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        if self._gone is not None:
            await self._gone(str(channel.guild.id), str(channel.id))
