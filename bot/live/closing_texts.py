"""Every sentence about what people take away from a meeting and mean to do until the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.chat.replies import (
    Bold,
    CommandName,
    Mention,
    Moment,
    Text,
    counted,
    joined,
    lines,
    listed,
)
from bot.store.tables import Member

INTENTION_INTRO = Text(
    "What will you do or try until we meet again? Write the least that serves, and nothing by "
    "which a client could be recognised: no names, dates or places. The group sees it when the "
    "next meeting opens; after that meeting it is deleted."
)
INTENDED = Text(
    "Noted. It opens the next meeting, where everybody sees it, and is deleted after that."
)
TAKEN_BACK = Text(
    "It is deleted. {intention} writes another.", intention=CommandName("case intention")
)
NOT_PRESENTED = Text(
    "That is for those who presented this time. {takeaway} is for everybody.",
    takeaway=CommandName("meeting takeaway"),
)

TAKEAWAY_INTRO = Text(
    "For your eyes only: nobody in the group can read it. Leave out whatever could tell who a "
    "client is."
)
KEPT_FOR_YOU = Text(
    "Kept for your eyes only. {mine} shows it again.", mine=CommandName("my takeaways")
)
DELETED = Text("It is deleted.")
DELETE_ALL = Text("This deletes all your take-aways in this group, for good.")
NOTHING_THERE = Text("There was nothing to delete.")
TAKEAWAYS = Text("What you took away")
NO_TAKEAWAYS = Text(
    "You have noted nothing yet. {takeaway} does, once a meeting has begun; only you can read it.",
    takeaway=CommandName("meeting takeaway"),
)
NONE_HELD = Text("No meeting has been held yet, so there is nothing to note from one.")

LAST_TIME = "Last time's intentions"
KEEPS_A_LINE = Text("{button} keeps a line for your eyes only.", button=Bold("Take-away"))


def all_deleted(number: int) -> Text:
    """Everything is gone."""
    return Text("{takeaways} deleted.", takeaways=counted(number, "take-away is", "take-aways are"))


def takeaways(found: Sequence[tuple[datetime, str]]) -> Text:
    """Somebody's own take-aways, each with its meeting."""
    shown = [
        lines(Text("{when}", when=Moment(starts_at, "date")), Text("{words}", words=words))
        for starts_at, words in found
    ]
    return joined(shown, "\n\n")


def intended(said: Iterable[tuple[Member, str]]) -> Text:
    """Last time's intentions, each with who meant to do it."""
    return lines(*[Text("{who}: {words}", who=Mention(m.ref), words=words) for m, words in said])


def asked(presenters: Sequence[Member]) -> Text | None:
    """Asking those who presented what they will do."""
    if not presenters:
        return None
    return Text(
        "{who}: what will you do until next time? {button} notes it and opens the next meeting.",
        who=listed([Mention(member.ref) for member in presenters]),
        button=Bold("Intention"),
    )
