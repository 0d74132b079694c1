"""How the place of a meeting is named wherever people read it."""

from __future__ import annotations

from bot.chat.replies import ChannelMention, Link


def spot(kept: str) -> ChannelMention | Link:
    """A voice channel or an address, as something to press."""
    return ChannelMention(kept[1:]) if kept.startswith("#") else Link(kept)
