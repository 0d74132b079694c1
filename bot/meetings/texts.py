"""Every sentence about meetings that is answered in private."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.replies import (
    Bold,
    CommandName,
    Mention,
    Moment,
    Text,
    at,
    counted,
    lines,
    listed,
    sentences,
)
from bot.queue.reading import Agenda, Place
from bot.queue.texts import case_line
from bot.schedule.attendance import Attendance
from bot.schedule.coming import ends_at
from bot.schedule.texts import spot
from bot.store.tables import Group, Meeting, Member

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
NOT_BEGUN = Text("No meeting has begun. {begin} begins one.", begin=CommandName("meeting begin"))
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


def agenda(planned: Agenda) -> Text:
    """What a meeting hears: presenter, minutes and title, never the question."""
    if not planned.places:
        return Text("No case is queued for it yet.")
    heard = [case_line(number, heard) for number, heard in enumerate(planned.places, start=1)]
    return lines(*heard, left_over(planned))


def left_over(planned: Agenda) -> Text | None:
    """The time nobody has asked for."""
    if planned.minutes_left < 10:
        return None
    return Text("{minutes} minutes are free for another case.", minutes=planned.minutes_left)


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


def too_early(meeting: Meeting) -> Text:
    """Begin was pressed long before the meeting."""
    return Text(
        "The next meeting is on {when}; it can be begun from 30 minutes before. "
        "To meet sooner: {move}.",
        when=at(meeting.starts_at),
        move=CommandName("meeting move"),
    )


ALREADY_BEGUN = Text(
    "The meeting has begun already. {end} ends it.", end=CommandName("meeting end")
)


def begun(planned: Agenda) -> Text:
    """The meeting runs now."""
    if not planned.places:
        return Text(
            "The meeting has begun, with no case queued. A round for everybody is a good start: "
            "{turn}.",
            turn=CommandName("turn start"),
        )
    return Text("The meeting has begun with {cases}.", cases=counted(len(planned.places), "case"))


def which_were_heard(open_cases: Sequence[Place]) -> Text:
    """Before a meeting ends: which cases were heard?"""
    first = open_cases[0]
    rest = [case_line(number, place) for number, place in enumerate(open_cases[1:], start=2)]
    return sentences(
        lines(
            Text("Before we close: was this case heard?"),
            case_line(1, first),
            Text("Then:") if rest else None,
            *rest,
        )
    )


ENDED = Text("The meeting is over. Thank you for closing it.")


def marked(code: str, outcome: str) -> Text:
    """Somebody said on the card what became of a case."""
    return Text("{code} is marked as {outcome}.", code=Bold(code), outcome=Text(outcome))


OPEN_AGAIN = Text("That case is open again; the meeting's card shows it.")


def outcome_known(code: str, outcome: str) -> Text:
    """Somebody was faster."""
    return Text("{code} is already marked as {outcome}.", code=Bold(code), outcome=Text(outcome))


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
