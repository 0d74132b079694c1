"""Every sentence a person reads about their own settings, absence and groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from bot.chat.replies import (
    Bold,
    ChannelMention,
    CommandName,
    Moment,
    Reply,
    Text,
    counted,
    lines,
    listed,
    sentences,
)
from bot.store.tables import Group, Meeting, Member, Person

ALWAYS_NOTICED = Text("Leave empty what should stay as it is.")


def settings_intro(own: str | None, zone: str, from_platform: bool) -> Text:
    """What stands above the form: which zone holds now, and where it comes from."""
    if own is not None:
        return ALWAYS_NOTICED
    source = "your profile" if from_platform else "your group"
    return sentences(
        Text("Times are in {zone} for you now, taken from {source}.", zone=zone, source=source),
        ALWAYS_NOTICED,
    )


def written_quiet(person: Person) -> str:
    """Quiet hours as they are typed: `21:00-08:00`, or `off`."""
    if person.quiet_from is None or person.quiet_to is None:
        return "off"
    return f"{person.quiet_from:%H:%M}-{person.quiet_to:%H:%M}"


def settings_saved(person: Person, zone: str) -> Reply:
    """What holds now, and how to change it again."""
    return Reply(
        lines(
            Text("Saved. Your times are in {zone}.", zone=zone),
            _quiet(person.quiet_from, person.quiet_to, person.private),
            Text("{again} changes it at any time.", again=CommandName("my settings")),
        )
    )


def _quiet(begin: time | None, end: time | None, private: bool) -> Text:
    if not private:
        return Text(
            "I send you no reminders in private. Only what somebody asks you alone, "
            "such as a swap, still comes there."
        )
    if begin is None or end is None:
        return Text("I remind you in private at any hour.")
    return Text(
        "I remind you in private, but not from {begin} to {end}: that waits until {end}.",
        begin=f"{begin:%H:%M}",
        end=f"{end:%H:%M}",
    )


NO_GROUPS = Text(
    "You are in no group here yet. {join} in a group's channel makes you a member, "
    "{start} begins a new group.",
    join=CommandName("group join"),
    start=CommandName("group start"),
)

NOT_MEMBER = Text(
    "You are in no group here, so there is nothing to be away from. {join} makes you a member.",
    join=CommandName("group join"),
)

NOT_AWAY = Text(
    "You are not marked as away. {away} with a date does that.", away=CommandName("my away")
)


def in_the_past(today: date) -> Text:
    """The date given for coming back is over."""
    return Text(
        "That date is in the past. I expected the day you are back, after {today}; "
        "back ends an absence now.",
        today=today.isoformat(),
    )


def too_long(most: int) -> Text:
    """The absence given is longer than anybody means."""
    return Text("I can note an absence of at most {most} days.", most=most)


def away_noted(back: date, missed: Sequence[Meeting], reopened: Sequence[Meeting]) -> Reply:
    """They are away: what was answered for them, and how to come back sooner."""
    return Reply(
        sentences(
            Text("Noted: you are away, and back on {day}.", day=_day(back)),
            _on("I answered not going for you: {dates}.", missed),
            _on("Your answer is open again for {dates}.", reopened),
            Text(
                "You keep your place and your cases. Back sooner? {away} until: back",
                away=CommandName("my away"),
            ),
        )
    )


def _on(template: str, meetings: Sequence[Meeting]) -> Text | None:
    if not meetings:
        return None
    return Text(template, dates=listed([Moment(meeting.starts_at) for meeting in meetings]))


def welcome_back(reopened: Sequence[Meeting]) -> Reply:
    """The absence is over: which answers were taken back."""
    if not reopened:
        return Reply(Text("Welcome back. You are no longer marked as away."))
    return Reply(
        Text(
            "Welcome back. I took back my not going for {dates}; say whether you come with {rsvp}.",
            dates=listed([Moment(meeting.starts_at) for meeting in reopened]),
            rsvp=CommandName("meeting rsvp"),
        )
    )


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def my_groups(mine: Sequence[tuple[Member, Group, Meeting | None]], today: date) -> Reply:
    """A line for each group: where it meets and when next."""
    return Reply(
        lines(*(_group(member, group, meeting, today) for member, group, meeting in mine)),
        title=Text("{groups} of yours", groups=counted(len(mine), "group")),
    )


def _group(member: Member, group: Group, meeting: Meeting | None, today: date) -> Text:
    return sentences(
        Text("{name} in {channel}:", name=Bold(group.name), channel=ChannelMention(group.channel)),
        _next(group, meeting),
        _standing(member, today),
    )


def _next(group: Group, meeting: Meeting | None) -> Text:
    if group.state == "paused":
        return Text("paused.")
    if meeting is None:
        return Text("no meeting is planned yet.")
    if meeting.state == "begun":
        return Text("meeting now.")
    return Text("next meeting {at}.", at=Moment(meeting.starts_at))


def _standing(member: Member, today: date) -> Text | None:
    if member.state == "waiting":
        return Text("You are on its waiting list.")
    if member.away_until is not None and today < member.away_until:
        return Text("You are away, and back on {day}.", day=_day(member.away_until))
    return None
