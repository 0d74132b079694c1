"""Every sentence a person reads about being a member: joining, waiting, leaving, the card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.chat.replies import (
    Bold,
    ChannelMention,
    CommandName,
    Field,
    Mention,
    Moment,
    Span,
    Text,
    lines,
    listed,
    sentences,
)
from bot.groups.texts import next_meeting
from bot.schedule.coming import Next
from bot.store.tables import Group, Member


def paused(group: Group) -> Text | None:
    """That a group is paused, and what wakes it up."""
    if group.state != "paused":
        return None
    if group.paused_why == "empty":
        return Text("Nobody is a member at the moment. Whoever presses Join wakes the group up.")
    if group.paused_why == "closing":
        return Text("This group is closed, and what I kept of it is being erased.")
    return Text("Paused: I prompt for nothing until {go}.", go=CommandName("group resume"))


def member_field(
    group: Group, members: Sequence[Member], waiting: int, today: date | None = None
) -> Field:
    """The members, and how many wait; who is away only for a member, who gives the date."""
    people = listed([_person(member, today) for member in members])
    queue = Text("Waiting for a place: {n}", n=waiting) if waiting else None
    return Field(
        f"Members: {len(members)} of {group.size}",
        lines(people if members else Text("nobody yet"), queue),
    )


def _person(member: Member, today: date | None) -> Span:
    if today is not None and member.away_until is not None and today < member.away_until:
        back = member.away_until
        return Text(
            "{who} (away, back {day})",
            who=Mention(member.ref),
            day=Text(f"{back:%a} {back.day} {back:%b}"),
        )
    return Mention(member.ref)


def joined(group: Group, next_at: Next) -> Text:
    """They are a member: what comes next."""
    return sentences(
        Text("Welcome to {name}.", name=Bold(group.name)),
        next_meeting(next_at),
        Text(
            "{add} brings a case, {leave} takes you out again.",
            add=CommandName("case add"),
            leave=CommandName("group leave"),
        ),
    )


def member_already(group: Group) -> Text:
    """Join, pressed by a member."""
    return Text("You are a member of {name} already.", name=Bold(group.name))


def full(group: Group, members: int) -> Text:
    """There is no place: what can be done."""
    return Text(
        "{name} is full: {n} of {size} places are taken. I can tell you in private when one is "
        "free.",
        name=Bold(group.name),
        n=members,
        size=group.size,
    )


def waiting(group: Group, position: int) -> Text:
    """They are on the list."""
    return Text(
        "You are on the waiting list of {name}, number {n} in line. I write to you in private when "
        "a place is free; {leave} takes you off the list.",
        name=Bold(group.name),
        n=position,
        leave=CommandName("group leave"),
    )


def place_free(group: Group, until: datetime) -> Text:
    """A place is offered to somebody who waits."""
    return Text(
        "There is a place for you in {name} in {channel}. It is yours until {until}; after that "
        "it goes to the next in line, and Join puts you on the list again.",
        name=Bold(group.name),
        channel=ChannelMention(group.channel),
        until=Moment(until),
    )


def place_taken(group: Group) -> Text:
    """The offered place has gone to somebody else meanwhile."""
    return Text(
        "That place in {name} is taken meanwhile. You keep your place in line, and I write to you "
        "when the next is free.",
        name=Bold(group.name),
    )


NOT_WAITING = Text(
    "You are not on the waiting list any more. {join} asks for a place again.",
    join=CommandName("group join"),
)


def left(group: Group) -> Text:
    """They are out: what that did, and how to come back."""
    return Text(
        "You have left {name}. Your waiting cases are withdrawn, and your turns and roles pass on. "
        "Join on its card, or {join} in its channel, brings you back at any time.",
        name=Bold(group.name),
        join=CommandName("group join"),
    )


LEFT_LAST = Text("You were the last one, so the group sleeps until somebody joins.")


def off_the_list(group: Group) -> Text:
    """They no longer wait for a place."""
    return Text(
        "You are off the waiting list of {name}. {join} puts you on it again.",
        name=Bold(group.name),
        join=CommandName("group join"),
    )


def never_member(group: Group) -> Text:
    """Leave, pressed by somebody who is not in the group."""
    return Text("You are not a member of {name}.", name=Bold(group.name))
