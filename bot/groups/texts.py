"""Every sentence a person reads about a group itself: what it is like, how it starts and moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.chat.dates import WEEKDAYS
from bot.chat.replies import (
    Bold,
    CommandName,
    Moment,
    Span,
    Text,
    counted,
    lines,
    listed,
    sentences,
)
from bot.schedule.coming import Next, series_of
from bot.schedule.series import ORDINALS, Series, call_lead
from bot.schedule.texts import spot
from bot.store.tables import KEEP_DAYS, Group


def rhythm(series: Series) -> Text:
    """When a group meets: `every 2 weeks on Tuesday at 18:30 (Europe/Berlin)`."""
    day = WEEKDAYS[series.weekday]
    if series.every == "week":
        which = f"every {day}"
    elif series.every in ORDINALS or series.every == "last":
        which = f"every {series.every} {day} of the month"
    else:
        which = f"every {series.every} on {day}"
    return Text(
        "{which} at {time} ({zone})",
        which=Text(which),
        time=Text(f"{series.time:%H:%M}"),
        zone=series.zone,
    )


BY_RHYTHM = "by rhythm"
"""What is typed for a call for cases 7 days before, or 3 where meetings are close."""


def place(kept: str) -> Span:
    """Where a group meets, as something to press where that is possible."""
    return spot(kept) if kept else Text("not set")


def meets_in(kept: str) -> Text:
    """Where to go when the meeting begins."""
    return Text("Place: {place}", place=place(kept))


def written_lead(seconds: int) -> str:
    """How long before, as it is typed: `7 days`, `24 hours`, `90 minutes`."""
    for unit, length, least in (("day", 86_400, 2), ("hour", 3600, 1), ("minute", 60, 0)):
        if seconds % length == 0 and seconds >= least * length:
            number = seconds // length
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds // 60} minutes"


def described(kept: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """A group's settings in words, from their written form."""
    series = Series(
        kept["every"],
        kept["weekday"],
        time.fromisoformat(kept["time"]),
        kept["zone"],
        date.fromisoformat(kept["first"]),
    )
    by_rhythm = kept["call_lead"] is None
    call = int(call_lead(series).total_seconds()) if by_rhythm else kept["call_lead"]
    return [
        ("Name", Text("{name}", name=kept["name"])),
        ("Meets", rhythm(series)),
        ("Length", counted(kept["minutes"], "minute")),
        ("Place", Text("{place}", place=place(kept["place"]))),
        ("Size", Text("up to {people}", people=counted(kept["size"], "person", "people"))),
        ("Quorum", Text("{n}", n=kept["quorum"])),
        ("Call for cases", _before(call)),
        ("Agenda", _before(kept["agenda_lead"])),
        ("Reminder", _before(kept["reminder_lead"])),
        ("Titles and questions", _kept(kept.get("keep", KEEP_DAYS))),
        ("Cases of a meeting", _runs_in(kept.get("room", "channel"))),
    ]


def _runs_in(room: str) -> Text:
    if room == "thread":
        return Text("each in a private thread of those who take part")
    return Text("in the channel")


def _kept(days: int) -> Text:
    if not days:
        return Text("gone once a case was heard")
    return Text("gone {days} after a case was heard", days=counted(days, "day"))


def _before(seconds: int) -> Text:
    return Text("{lead} before", lead=Text(written_lead(seconds)))


def airtime(size: int, minutes: int, smaller: int, more: int) -> Text:
    """What a larger group costs everybody in it."""
    return Text(
        "With {size} people there are about {minutes} minutes of airtime for each in a meeting; "
        "with {smaller} it would be {more}.",
        size=size,
        minutes=minutes,
        smaller=smaller,
        more=more,
    )


CANNOT_POST = Text(
    "I cannot post in this channel, so I started nothing. Please let me in (in Slack: type /invite "
    "and my name; in Discord: allow me to view this channel and to send messages), then try again."
)

CANNOT_MOVE = Text(
    "I cannot post in this channel, so the group was not moved. Please let me in (in Slack: type "
    "/invite and my name; in Discord: allow me to view this channel and to send messages), then "
    "try again."
)

FASTER = Text(
    "Somebody started a group here at this very moment. {join} makes you a member of it.",
    join=CommandName("group join"),
)

NO_CHANNEL = Text("Please ask me that in the channel where the group is to meet.")


def taken(group: Group, *, member: bool) -> Text:
    """The channel is the home of a group already."""
    if group.state == "paused" and member:
        return Text(
            "This channel is the home of {name} already, which is paused. {resume} wakes it up.",
            name=Bold(group.name),
            resume=CommandName("group resume"),
        )
    what = "{show} shows it" if member else "{join} makes you a member, {show} shows it"
    return Text(
        "This channel is the home of {name} already: " + what + ". "
        "For another group please use another channel.",
        name=Bold(group.name),
        join=CommandName("group join"),
        show=CommandName("group show"),
    )


def started(group: Group, first: datetime, size_costs: Text | None) -> Text:
    """The group is there: what happens next, and that nobody leads it."""
    return lines(
        Text("{name} is started: it meets {rhythm}.", name=Bold(group.name), rhythm=_rhythm(group)),
        Text("First meeting: {at}.", at=Moment(first)),
        Text(
            "Its card is in the channel now; whoever presses Join there is a member. You are one "
            "too, with the same say as everybody."
        ),
        size_costs,
    )


def _rhythm(group: Group) -> Text:
    return rhythm(series_of(group))


def first_past(_series: Series, wanted: date, nearest: date) -> Text:
    """The first date is over."""
    return Text(
        "{wanted} is in the past. The next date that fits is {nearest}.",
        wanted=written_day(wanted),
        nearest=written_day(nearest),
    )


def first_unfit(series: Series, wanted: date, nearest: date) -> Text:
    """The first date does not belong to the rhythm."""
    day = WEEKDAYS[series.weekday]
    monthly = series.every in ORDINALS or series.every == "last"
    what = f"the {series.every} {day} of a month" if monthly else f"a {day}"
    return Text(
        "{wanted} is not {what}. The nearest date that is: {nearest}.",
        wanted=written_day(wanted),
        what=Text(what),
        nearest=written_day(nearest),
    )


def written_day(day: date) -> Text:
    """A date as words and as it is typed: `Tuesday 2026-03-10`."""
    return Text(f"{day:%A} {day.isoformat()}")


NO_ROOMS = Text(
    "A case can run in a private thread on Discord only: here every thread is seen by the whole "
    "channel. So room stays channel."
)

PLACE_UNREAD = Text(
    "Place is a voice channel such as #consultation, an address that begins with https:// "
    "(at most 300 characters), or none."
)


def too_small(members: int) -> Text:
    """The size is below the number of members."""
    return Text(
        "There are {members}, so the size is {n} at least.",
        members=counted(members, "member"),
        n=members,
    )


def quorum_too_large(size: int) -> Text:
    """More people are asked for than there are places."""
    return Text("Quorum is a number from 2 to the size of the group, which is {size}.", size=size)


def lead_order(later: str, earlier: str, limit: int) -> Text:
    """A prompt would come before the one that leads up to it."""
    return Text(
        "{later} must come after {earlier}, so it is less than {limit} before the meeting.",
        later=Text(later.capitalize()),
        earlier=Text(earlier),
        limit=Text(written_lead(limit)),
    )


def offer_move(groups: Sequence[Group]) -> Text:
    """A group of the person's has lost its home."""
    names = listed([Bold(group.name) for group in groups])
    return Text(
        "{names} cannot meet in the old channel any more. I can move what you have (members, "
        "cases, order) to this channel, or start a new group here.",
        names=names,
    )


def moved(group: Group, next_at: Next) -> Text:
    """The group lives here now."""
    return sentences(
        Text("{name} lives in this channel now, with everything it had.", name=Bold(group.name)),
        next_meeting(next_at),
    )


NOT_LOST = Text(
    "That group has a home, so there is nothing to move. {show} in its channel shows it.",
    show=CommandName("group show"),
)


def next_meeting(at: Next) -> Text:
    """The next date."""
    if at is None:
        return Text("No meeting is planned at the moment.")
    if at == "running":
        return Text("A meeting is running now.")
    if at == "due":
        return Text("It is time for the meeting; any member can begin it.")
    return Text("Next meeting: {at}.", at=Moment(at))
