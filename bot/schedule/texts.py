"""How the place of a meeting is named, and what is said where there is no such meeting."""

from __future__ import annotations

from bot.chat.replies import ChannelMention, CommandName, Link, Text

NO_MEETING = Text(
    "No meeting is planned. {show} says whether the group is paused.",
    show=CommandName("group show"),
)
PAUSED = Text(
    "The group is paused, so no meeting takes place. {resume} lets it go on.",
    resume=CommandName("group resume"),
)
OTHER_MEETING = Text(
    "That meeting is no longer planned. {next} shows the next one.",
    next=CommandName("meeting next"),
)


def spot(kept: str) -> ChannelMention | Link:
    """A voice channel or an address, as something to press."""
    return ChannelMention(kept[1:]) if kept.startswith("#") else Link(kept)
