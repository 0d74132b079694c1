"""Every sentence about meetings that is answered in private."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.replies import (
    CommandName,
    Mention,
    Moment,
    Text,
    at,
    lines,
    listed,
    sentences,
)
from bot.schedule.attendance import Attendance
from bot.schedule.coming import ends_at
from bot.schedule.texts import NO_MEETING, spot
from bot.store.tables import Group, Meeting, Member

NO_DATE_TWICE = Text("There is a meeting on that date already; please pick another.")
IN_THE_PAST = Text("That is in the past; please pick a date that is to come.")

ANSWERED = {
    "going": "You are going on {when}. You can change that at any time.",
    "late": "You are coming late on {when}. The others know and can start without you.",
    "not going": "You are not going on {when}. Thank you for saying so: the others can plan.",
}


def answered(meeting: Meeting, answer: str) -> Text:
    """What a member said about a meeting."""
    return Text(ANSWERED[answer], when=at(meeting.starts_at))


def place(group: Group) -> Text | None:
    """Where the group meets."""
    if not group.place:
        return None
    return Text("Where: {place}", place=spot(group.place))


def who_comes(attendance: Attendance) -> Text:
    """Who said what, without judging."""
    parts = [
        _group_of("Going", attendance.going),
        _group_of("Late", attendance.late),
        _group_of("Not going", attendance.declined),
        _group_of("No answer yet", attendance.silent),
    ]
    return lines(*[part for part in parts if part is not None])


def _group_of(heading: str, members: Sequence[Member]) -> Text | None:
    if not members:
        return None
    return Text(
        "{heading} ({n}): {who}",
        heading=Text(heading),
        n=len(members),
        who=listed([Mention(member.ref) for member in members]),
    )


def seat(role: str, member: Member | None) -> Text:
    """Who has a role."""
    if member is None:
        return Text("{role}: nobody yet", role=Text(role.capitalize()))
    return Text("{role}: {who}", role=Text(role.capitalize()), who=Mention(member.ref))


def listed_meetings(group: Group, meetings: Sequence[Meeting]) -> Text:
    """The coming meetings."""
    return lines(*[_listed_meeting(group, meeting) for meeting in meetings])


def _listed_meeting(group: Group, meeting: Meeting) -> Text:
    word = {"skipped": "skipped", "begun": "running now"}.get(meeting.state)
    moved = word is None and not meeting.by_series
    return Text(
        "{when}{note}",
        when=at(meeting.starts_at),
        note=Text(f" ({word})" if word else " (moved)" if moved else ""),
    )


def skipped(meeting: Meeting) -> Text:
    """A meeting was skipped."""
    return Text(
        "Skipped: {when}. The group has been told and can undo it.", when=at(meeting.starts_at)
    )


def moved(meeting: Meeting) -> Text:
    """A meeting was moved."""
    return Text(
        "Moved to {when}. The group has been told and can undo it. Everybody is asked anew "
        "whether they can come.",
        when=at(meeting.starts_at),
    )


def taken(role: str, meeting: Meeting, other: str | None) -> Text:
    """A member took a role."""
    return sentences(
        Text(
            "You are the {role} on {when}. Thank you.", role=Text(role), when=at(meeting.starts_at)
        ),
        Text("You gave up the other role for it.") if other else None,
    )


def already_yours(role: str) -> Text:
    """The role is one's own already."""
    return Text("You are the {role} already.", role=Text(role))


def declined(role: str, other: Member | None) -> Text:
    """A member gave a role back; another one has it, or nobody yet."""
    if other is not None:
        return Text("That is fine: {who} is {role} now.", who=Mention(other.ref), role=Text(role))
    return Text(
        "That is fine. Nobody is {role} now; any member can take it with {next}.",
        role=Text(role),
        next=CommandName("meeting next"),
    )


def kept(meeting: Meeting) -> Text:
    """The meeting stays although few are coming."""
    return Text("The meeting on {when} stays, and its card says so.", when=at(meeting.starts_at))


def ends(meeting: Meeting) -> Moment:
    """When the meeting is planned to end, as a time."""
    return Moment(ends_at(meeting), "time")


TOO_FAR = Text("That is more than a year away; please pick a nearer date.")
SAME_TIME = Text("The meeting is at that time already.")


def no_meeting_on(day: date, coming: Sequence[Meeting]) -> Text:
    """There is no meeting on that date, but there are others."""
    if not coming:
        return NO_MEETING
    return Text(
        "There is no meeting on {day}. The next ones are on {days}.",
        day=f"{day:%A} {day}",
        days=listed([f"{meeting.day}" for meeting in coming]),
    )
