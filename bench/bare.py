"""The least a bot can do on each library: one command, one durable transaction, one answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import discord
import yarl
from discord import app_commands
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bench.measure import BEGAN
from bot.store.database import Database
from bot.store.tables import Fact, Seen
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

NUMBERS = count()


async def transaction(database: Database) -> None:
    """One select, one insert, one update, committed durably."""
    async with database.writing() as session:
        fact = (await session.scalars(select(Fact).where(Fact.name == "bare"))).one_or_none()
        if fact is None:
            fact = Fact(name="bare", value="0")
            session.add(fact)
        number = next(NUMBERS)
        fact.value = str(number)
        session.add(Seen(key=f"bare:{number}", at=BEGAN))


@asynccontextmanager
async def bare_slack(fake: FakeSlack, database: Database) -> AsyncIterator[None]:
    """Bolt with one listener."""
    client = AsyncWebClient(fake.bot_token, base_url=fake.api_url)
    bolt = AsyncApp(client=client, process_before_response=True)

    @bolt.command("/case")
    async def case(ack: Any) -> None:
        await transaction(database)
        await ack("Noted.")

    handler = AsyncSocketModeHandler(bolt, fake.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]
    if client.session is not None:
        await client.session.close()


@asynccontextmanager
async def bare_discord(fake: FakeDiscord, database: Database) -> AsyncIterator[None]:
    """discord.py with one command."""
    client = discord.Client(intents=discord.Intents(guilds=True), max_messages=None)
    tree = app_commands.CommandTree(client)
    case = app_commands.Group(name="case", description="Cases")

    @case.command(name="add", description="Bring a case")
    async def add(asked: discord.Interaction, title: str) -> None:
        await transaction(database)
        await asked.response.send_message("Noted.", ephemeral=True)

    tree.add_command(case)
    discord.http.Route.BASE = fake.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)
    await client.login(fake.token)
    await tree.sync()
    task = asyncio.create_task(client.connect())
    await fake.connected()
    yield
    await client.close()
    await asyncio.wait([task])
