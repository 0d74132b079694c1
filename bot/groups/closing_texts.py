"""Every sentence a person reads when a group is closed for good."""

from __future__ import annotations

from datetime import datetime

from bot.chat.replies import Bold, Moment, Text, lines
from bot.store.tables import Group


def proposed(at: datetime) -> Text:
    """Everybody is asked now."""
    return Text(
        "I asked everybody, here and in private. If no member objects, I close the group {at} and "
        "erase all of it.",
        at=Moment(at),
    )


def proposed_already(at: datetime) -> Text:
    """The same was asked before and is waiting."""
    return Text(
        "That is asked already: I close the group {at}, unless a member objects.", at=Moment(at)
    )


def asked(group: Group, at: datetime) -> Text:
    """What everybody is told while they can object."""
    return lines(
        Text(
            "{name} is to be closed {at}. Then everything I keep of it is erased: cases, meetings, "
            "members. That cannot be undone.",
            name=Bold(group.name),
            at=Moment(at),
        ),
        Text("If you would rather keep it, press Object: one objection is enough."),
    )


OBJECTED = Text("Noted: the group stays. Nobody is told who objected.")
STAYS = Text("There was an objection: the group stays as it is.")
SETTLED = Text("That is settled already.")
TOO_LATE = Text("The week is over, and the group is being erased.")
CLOSED = Text(
    "Nobody objected, so this group is closed and everything I kept of it is erased. Thank you for "
    "having had me."
)
