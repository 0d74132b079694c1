"""The app manifest, written from the declared commands: what Slack is told of the bot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.chat.commands import Command, Commands
from bot.settings import SlackConfig

SCOPES = ("commands", "chat:write", "im:write", "users:read")
"""The least that serves; reading what people write is not among them."""
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
LONGEST_HINT, LONGEST_DESCRIPTION = 1000, 2000


def manifest(commands: Commands, config: SlackConfig, url: str | None = None) -> dict[str, Any]:
    """The manifest; `url` is where Slack reaches the bot when it does not use Socket Mode."""
    socket = config.mode == "socket"
    address = {} if socket or url is None else {"request_url": url}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Rounds",
            "description": "Runs a leaderless peer consultation group: cases, turns, meetings.",
            "background_color": "#2f5d62",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Rounds", "always_online": True},
            "slash_commands": [
                _slash_command(f"/{config.prefix}{root}", declared, None if socket else url)
                for root, declared in commands.roots().items()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def _slash_command(name: str, declared: Iterable[Command], url: str | None) -> dict[str, Any]:
    known = list(declared)
    subs = " | ".join(command.sub for command in known)
    about = "; ".join(f"{command.sub}: {command.description}" for command in known)
    return {
        "command": name,
        "description": _shortened(about, LONGEST_DESCRIPTION),
        "usage_hint": _shortened(subs, LONGEST_HINT),
        # Slack then hands people and channels over as ids.
        "should_escape": True,
        **({} if url is None else {"url": url}),
    }


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
