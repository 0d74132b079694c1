"""Every sentence a person reads when a member is gone, or the group has lost its home."""

from __future__ import annotations

from datetime import datetime

from bot.chat.replies import (
    Bold,
    CommandName,
    Mention,
    Moment,
    Text,
)
from bot.store.tables import Group

REMOVE_YOURSELF = Text("To go yourself, use {leave}.", leave=CommandName("group leave"))


def no_such_member(ref: str) -> Text:
    """Nobody of that name is in the group."""
    return Text("{who} is not a member of this group.", who=Mention(ref))


def still_here(ref: str) -> Text:
    """The person was about lately: they are not for others to remove."""
    return Text(
        "{who} has been about lately, so that is not for others to decide. I remove only members "
        "who have left here, or who were silent for three meetings in a row.",
        who=Mention(ref),
    )


def proposed_already(ref: str, at: datetime) -> Text:
    """The same was asked before and is waiting."""
    return Text(
        "That is asked already: {who} leaves the group {at}, unless somebody objects.",
        who=Mention(ref),
        at=Moment(at),
    )


def proposed(ref: str, at: datetime) -> Text:
    """The removal is announced and waits for objections."""
    return Text(
        "I told the group, and {who} in private where they allow it. If nobody objects, {who} "
        "leaves the group {at}.",
        who=Mention(ref),
        at=Moment(at),
    )


def removal(ref: str, why: str, at: datetime) -> Text:
    """What everybody is told about a removal that waits for objections."""
    return Text(
        "{who} " + why + ". To free the place, {who} leaves the group {at}, unless {who} or "
        "anybody else objects.",
        who=Mention(ref),
        at=Moment(at),
    )


LEFT_HERE = "does not seem to be here any more"
SILENT = "has not been heard of for three meetings"


def removal_private(group: Group, at: datetime) -> Text:
    """What the member is told: how to stay, and that coming back is easy."""
    return Text(
        "{name} has not heard from you for a while. To free the place, you leave the group {at}. "
        "Press Object and you simply stay. You can join again at any time, too.",
        name=Bold(group.name),
        at=Moment(at),
    )


def stays(ref: str) -> Text:
    """Somebody objected; nobody is told who."""
    return Text("There was an objection: {who} stays in the group.", who=Mention(ref))


def settled(ref: str) -> Text:
    """The member is about again, or has left by themselves."""
    return Text(
        "That is settled: {who} is about again, or has left already.",
        who=Mention(ref),
    )


def removed(ref: str) -> Text:
    """The week is over without an objection."""
    return Text(
        "{who} is no longer a member, and can come back with Join at any time.", who=Mention(ref)
    )


OBJECTED = Text("Noted: they stay in the group. Nobody is told who objected.")
OBJECTED_SELF = Text("Good to have you here: you stay in the group.")
OBJECTED_ALREADY = Text("Somebody objected already: they stay.")
REMOVAL_OVER = Text("That is settled already.")

WHY_GONE = {
    "channel_gone": "its channel no longer exists",
    "channel_not_found": "its channel no longer exists for me",
    "is_archived": "its channel was archived",
    "not_in_channel": "I am no longer in its channel",
    "no_access": "I can no longer see its channel",
    "missing_scope": "I may not post in its channel until I am installed anew",
    "no_permission": "I may no longer post in its channel",
    "guild_gone": "I was removed from the server",
    "space_gone": "I was removed",
    "token_revoked": "my access was taken back",
}
"""Why a group is paused, by the reasons that the platforms give."""


def gone(group: Group, reason: str | None) -> Text:
    """What each member is told once when the group's home is gone."""
    return Text(
        "{name} is paused: "
        + WHY_GONE.get(reason or "", "I cannot post in its channel any more")
        + ". Nothing is lost. Type {start} in another channel, "
        "and I offer to move the group there.",
        name=Bold(group.name),
        start=CommandName("group start"),
    )
