"""Every sentence about what is still to come in a running meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.replies import Bold, CommandName, Mention, Text, lines
from bot.live.kept import Item
from bot.live.state import LiveState
from bot.live.texts import case_line
from bot.store.tables import Case, Member

NOT_WAITING = Text("That case is no longer waiting, or is on today's agenda already.")
NOT_TO_COME = Text("That case has been opened already, or is not on today's agenda any more.")
NO_STANDBY = Text("No other case is waiting. {add} brings one.", add=CommandName("case add"))
CLOSING = Text("The meeting is closing; that case waits for the next one.")


BEING_HEARD = Text(
    "Your case is being heard now, so it stays. If you would rather stop, say so: Next on the "
    "meeting's card leads on."
)
NO_FORMAT = Text("There is no such format for a meeting any more.")


def in_format(case: Case, name: str) -> Text:
    """A case is worked through in another format."""
    return Text("{title} is worked through as {name}.", title=case.title, name=Bold(name))


def dropped(case: Case) -> Text:
    """A case waits for another meeting."""
    return Text("{title} waits for another meeting. Add brings it back.", title=case.title)


def comes_next(case: Case) -> Text:
    """A case is the next one now."""
    return Text("{title} comes next.", title=case.title)


def added(case: Case, member: Member) -> Text:
    """A case of the queue is heard today."""
    return Text(
        "{who} presents {title} today. Drop takes it off again.",
        who=Mention(member.ref),
        title=case.title,
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """What can be changed: the case that is open, those to come, and the front of the queue."""

    now: Item | None
    coming: Sequence[Item]
    queued: Sequence[Item]


def panel(shown: Panel, state: LiveState) -> Text:
    """What a meeting hears now and later, and what waits in the queue."""
    now, coming, queued = shown.now, shown.coming, shown.queued
    return lines(
        Text("Now: {case}", case=case_line(now.case, now.member)) if now else None,
        Text("To come:") if coming else Text("No case is to come."),
        *[_coming(item, state) for item in coming],
        Text("Waiting in the queue:") if queued else None,
        *[case_line(item.case, item.member) for item in queued],
    )


def _coming(item: Item, state: LiveState) -> Text:
    segments = [s for s in state.segments if s.case_id == item.case.id]
    # The part of whoever sits it out counts too: fewer minutes would tell that somebody does.
    times = (1 + (len(segment.without) if n == 0 else 0) for n, segment in enumerate(segments))
    minutes = sum(
        many * fitted.length
        for many, segment in zip(times, segments, strict=True)
        for fitted in segment.phases
    )
    return Text("{case}, {n} min", case=case_line(item.case, item.member), n=minutes)
