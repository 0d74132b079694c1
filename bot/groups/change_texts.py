"""Every sentence a person reads about settings and pauses, which anybody can undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.chat.replies import (
    CommandName,
    Span,
    Text,
    lines,
    sentences,
)
from bot.groups.texts import described, next_meeting, written_day
from bot.schedule.coming import Next

UNCHANGED = Text("That is how it is already; nothing was changed.")

SAVED = Text("Saved. I told the group in its channel, and anybody can press Undo there.")

IN_THREADS = Text(
    "From the next one on, each case of a meeting runs in a private thread of this channel with "
    "those who take part, and whoever sits it out does not see it. What I cannot hide: whoever may "
    "manage threads on this server can look in, those inside see who is in it, and on a call "
    "everybody hears what is said. Cases in writing stay in the channel."
)

RHYTHM = ("every", "weekday", "time", "zone")
"""The settings that say when a group meets."""


def moves_meetings(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the change is one of when the group meets."""
    return any(before[name] != after[name] for name in (*RHYTHM, "first"))


def changed(by: Span, before: Mapping[str, Any], after: Mapping[str, Any]) -> Text:
    """What is set differently now."""
    old = dict(described(before))
    differs = [
        Text("{label}: {new}, was: {old}", label=Text(label), new=new, old=old[label])
        for label, new in described(after)
        if new != old[label]
    ]
    if before["first"] != after["first"] and all(before[n] == after[n] for n in RHYTHM):
        first = date.fromisoformat(after["first"])
        differs.append(Text("First date: {day}", day=written_day(first)))
    return lines(Text("{by} changed the group's settings.", by=by), *differs)


def told_paused(by: Span) -> Text:
    """The group was paused by a member."""
    return Text(
        "{by} paused the group: no meetings and no prompts until {resume}. Cases and the order "
        "stay as they are.",
        by=by,
        resume=CommandName("group resume"),
    )


def told_resumed(by: Span, next_at: Next) -> Text:
    """The group goes on."""
    return sentences(Text("{by} woke the group up.", by=by), next_meeting(next_at))


PAUSED = Text(
    "The group is paused. I told everybody in its channel; {resume}, or Undo there, wakes it up.",
    resume=CommandName("group resume"),
)

PAUSED_ALREADY = Text(
    "The group is paused already. {go} wakes it up.", go=CommandName("group resume")
)

NOT_PAUSED = Text("The group is not paused.")


def resumed(next_at: Next) -> Text:
    """The group goes on, for whoever asked."""
    return sentences(
        Text("The group goes on. I told everybody in its channel."), next_meeting(next_at)
    )


CANNOT_RESUME = Text(
    "I still cannot post in the group's channel, so it stays paused. Let me in there and try "
    "again, or type {start} in another channel: then I offer to move the group there.",
    start=CommandName("group start"),
)
