"""What people do on Discord, read out of its interactions: pure translation, no checks of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import discord

from bot.chat.requests import Request

Json = dict[str, Any]
PERSON, SUBCOMMANDS = 6, (1, 2)
LABEL, USER_SELECT = 18, 5


def request(asked: discord.Interaction[Any], now: datetime) -> Request:
    """Who asked where; a thread counts as its parent."""
    channel: Any = asked.channel
    if isinstance(channel, discord.Thread):
        place: int | None = channel.parent_id
    else:
        place = asked.channel_id
    here = asked.app_permissions
    return Request(
        id=str(asked.id),
        platform="discord",
        space=str(asked.guild_id) if asked.guild_id else None,
        channel=str(place) if place else None,
        person=str(asked.user.id),
        now=now,
        message=str(asked.message.id) if asked.message else None,
        may_post=here.view_channel and here.send_messages if asked.guild_id else None,
    )


def command(data: Json) -> tuple[str, dict[str, str]]:
    """The command's whole name, and its options as the text forms of what was given."""
    path, options = _unfolded(data)
    return path, {option["name"]: _spelled(option) for option in options}


def typing(data: Json) -> tuple[str, str, str]:
    """The command, the option that is being typed, and what stands there so far."""
    path, options = _unfolded(data)
    focused = next(option for option in options if option.get("focused"))
    return path, focused["name"], str(focused["value"])


def _unfolded(data: Json) -> tuple[str, list[Json]]:
    names, options = [data["name"]], data.get("options") or []
    while options and options[0]["type"] in SUBCOMMANDS:
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(names), options


def _spelled(option: Json) -> str:
    return f"@{option['value']}" if option["type"] == PERSON else str(option["value"])


def written(data: Json) -> dict[str, str]:
    """What was written in a form, by the names of its fields."""
    return dict(_fields(data.get("components") or []))


def _fields(components: list[Json]) -> Iterator[tuple[str, str]]:
    for label in components:
        if label["type"] != LABEL:
            continue
        part = label["component"]
        if part["type"] == USER_SELECT:
            yield part["custom_id"], "".join(f"@{ref}" for ref in part["values"][:1])
        else:
            yield part["custom_id"], part.get("value") or "".join(part.get("values", ())[:1])
