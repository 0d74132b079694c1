"""Bringing the bot into a server: the link that invites it, and whether its token is right."""

from __future__ import annotations

import aiohttp
import discord

from bot.config import Problem
from bot.settings import DiscordConfig

KEY = "discord.token"
REFUSED = "Discord refuses it: copy the token of the Bot page of your application"
LEAST = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    create_private_threads=True,
    manage_threads=True,
)
"""The last two are for groups whose cases run in private threads."""


def invite_url(app_id: int | str) -> str:
    """The link that asks for nothing but what the bot needs."""
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(int(app_id), permissions=LEAST, scopes=scopes)


def refused() -> Problem:
    """One line that says which token is wrong and where the right one is found."""
    return Problem(KEY, REFUSED)


async def check_token(config: DiscordConfig) -> list[Problem]:
    """Ask Discord about the token; an empty list means that all is well."""
    found = await find_app_id(config)
    return [found] if isinstance(found, Problem) else []


async def find_app_id(config: DiscordConfig) -> str | Problem:
    """The application's id, for its invitation, or why it cannot be known."""
    token = config.token.get_secret_value() if config.token else ""
    headers = {"Authorization": f"Bot {token}"}
    waiting = aiohttp.ClientTimeout(total=15)
    url = f"{config.api_url.rstrip('/')}/applications/@me"
    try:
        async with (
            aiohttp.ClientSession(timeout=waiting, headers=headers) as session,
            session.get(url) as answer,
        ):
            if answer.status == 401:
                return refused()
            if answer.status != 200:
                return _unanswered(str(answer.status))
            return str((await answer.json(content_type=None))["id"])
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unanswered(type(error).__name__)


def _unanswered(why: str) -> Problem:
    return Problem(KEY, f"could not be checked, Discord does not answer ({why})")
