"""Every sentence the bot says unasked around a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import (
    ChannelMention,
    CommandName,
    Field,
    Mention,
    Moment,
    Span,
    Text,
    at,
    counted,
    lines,
    listed,
    sentences,
)
from bot.prompts.facts import Facts
from bot.queue.reading import Agenda
from bot.queue.texts import case_line
from bot.schedule.texts import spot
from bot.store.tables import Group, Meeting, Member

LATE = Text("(This comes late: I was not running when it was due.)")


def late(is_late: bool) -> Text | None:
    """A post that fell due while the bot was down says so."""
    return LATE if is_late else None


def when(meeting: Meeting, group: Group) -> Text:
    """When and where a meeting is."""
    moment = Text("{when}", when=at(meeting.starts_at))
    if not group.place:
        return moment
    place = spot(group.place)
    where = "{moment}, in {place}" if isinstance(place, ChannelMention) else "{moment}, at {place}"
    return Text(where, moment=moment, place=place)


def call(facts: Facts, group: Group) -> Text:
    """Cases are called for."""
    waiting = len(facts.agenda.places)
    return sentences(
        Text("We meet on {when}.", when=when(facts.meeting, group)),
        _so_far(waiting, facts.agenda.minutes_left),
        Text("A small question is welcome too."),
    )


def called(facts: Facts, group: Group) -> Text:
    """The call's card once the agenda is posted."""
    return Text(
        "Cases were called for {when}; the agenda is below.", when=when(facts.meeting, group)
    )


def _so_far(waiting: int, left: int) -> Text:
    if waiting == 0:
        return Text("Who brings a case? {add} takes a minute.", add=CommandName("case add"))
    cases = counted(waiting, "case is", "cases are")
    if left < 10:
        return Text("{cases} on the agenda so far, which fills the time.", cases=cases)
    return Text(
        "{cases} on the agenda so far and {left} minutes are free: {add}.",
        cases=cases,
        left=left,
        add=CommandName("case add"),
    )


def roles(facts: Facts) -> Text:
    """Who facilitates and who records."""
    return lines(
        _role("Facilitator", facts.seats.get("facilitator")),
        _role("Recorder", facts.seats.get("recorder")),
    )


def _role(name: str, member: Member | None) -> Text:
    who: Span = Mention(member.ref) if member else Text("nobody yet, any member can take it")
    return Text("{role}: {who}", role=Text(name), who=who)


def coming(facts: Facts) -> Text:
    """Who has said that they come."""
    parts = [
        _some("Going", facts.attendance.going),
        _some("Late", facts.attendance.late),
        _some("Not going", facts.attendance.declined),
    ]
    said = [part for part in parts if part is not None]
    return lines(*said) if said else Text("Nobody has answered yet.")


def _some(heading: str, members: Sequence[Member]) -> Text | None:
    if not members:
        return None
    return Text(
        "{heading}: {who}",
        heading=Text(heading),
        who=listed([Mention(member.ref) for member in members]),
    )


def agenda(planned: Agenda) -> Text:
    """What is heard: presenter, minutes, title; the question comes when the case opens."""
    cases = [case_line(number, place) for number, place in enumerate(planned.places, start=1)]
    free = None
    if planned.minutes_left >= 10:
        free = Text("{left} minutes are free.", left=planned.minutes_left)
    return lines(*cases, free)


NO_CASES = Text(
    "Nothing is queued yet. A case can still come; otherwise groups often look at what became of "
    "last time's cases, take a theme such as fees or endings, or do a short round in which "
    "everybody brings one small thing."
)


def too_few_left(facts: Facts, group: Group) -> Text:
    """Fewer than the quorum have not declined: what shall happen?"""
    left = facts.attendance.possible
    members = counted(left, "member") if left else Text("Nobody")
    return Text(
        "{members} can come so far, and it takes {quorum}. Keep it, move it or skip it?",
        members=members,
        quorum=group.quorum,
    )


def too_few_said(facts: Facts, group: Group) -> Text:
    """Fewer than the quorum have said that they come: what shall happen?"""
    said = facts.attendance.expected
    members = counted(said, "has", "have") if said else Text("Nobody has")
    return Text(
        "{members} said yes so far, and it takes {quorum}. Keep it, move it or skip it?",
        members=members,
        quorum=group.quorum,
    )


KEPT = Text("We meet although few can come.")


def reminder(facts: Facts, group: Group) -> Text:
    """An hour before."""
    facilitator = facts.seats.get("facilitator")
    return sentences(
        Text("We meet at {time}.", time=Moment(facts.meeting.starts_at, "time")),
        Text("{who} facilitates.", who=Mention(facilitator.ref)) if facilitator else None,
        presenters(facts.agenda),
    )


def presenters(planned: Agenda) -> Text | None:
    """Who presents."""
    if not planned.places:
        return None
    names = [Mention(place.member.ref) for place in planned.places]
    verb = "presents" if len(names) == 1 else "present"
    return Text("{who} {verb}.", who=listed(names), verb=Text(verb))


def nudge(meeting: Meeting, group: Group) -> Text:
    """To a member who has not answered."""
    return Text(
        "{group} meets on {when}. Will you be there?", group=group.name, when=at(meeting.starts_at)
    )


def start(facts: Facts, group: Group) -> Text:
    """The meeting can begin."""
    facilitator = facts.seats.get("facilitator")
    return sentences(
        Text("It is time."),
        Text("{who} facilitates.", who=Mention(facilitator.ref))
        if facilitator
        else Text("Nobody facilitates yet: who takes it?"),
        presenters(facts.agenda)
        or Text("No case is queued; a round for everybody is a good start."),
        Text("Anybody can press Begin."),
    )


STARTED = Text("The meeting has begun.")

UNBEGUN = Text("Nobody has begun yet. Who takes it? Whoever does facilitates today.")


def taken(facilitator: Member) -> Text:
    """Somebody has taken a meeting that nobody had begun."""
    return Text("{who} facilitates today. Anybody can press Begin.", who=Mention(facilitator.ref))


OVERTIME = Text(
    "The planned time is over. When you close, press End and say which cases were heard."
)


def after(meeting: Meeting, coming: Facts | None) -> Text:
    """What comes next: the date, who presents and who facilitates, as it looks now."""
    return sentences(
        Text("Thank you all.")
        if meeting.state == "ended"
        else Text("The meeting was not begun this time; that happens."),
        Text("We meet again on {when}.", when=at(coming.meeting.starts_at))
        if coming
        else Text("No further meeting is planned."),
        _next_roles(coming) if coming else None,
    )


def _next_roles(coming: Facts) -> Text:
    presenter = next(iter(coming.agenda.places), None)
    facilitator = coming.seats.get("facilitator")
    return sentences(
        Text("Next to present: {who}.", who=Mention(presenter.member.ref)) if presenter else None,
        None
        if presenter
        else Text("Nobody has a case queued yet: {add}.", add=CommandName("case add")),
        Text("{who} facilitates, as it looks now.", who=Mention(facilitator.ref))
        if facilitator
        else None,
    )


def seat(meeting: Meeting, group: Group, role: str) -> Text:
    """To a member who was named for a role."""
    duty = {
        "facilitator": "you open, pass the turn round, keep to the question and close",
        "recorder": "you note the ideas, so that the presenter can listen",
    }[role]
    return Text(
        "It is your turn as {role} of {group} on {when}: {duty}. If that does not suit you, press "
        "Decline.",
        role=Text(role),
        group=group.name,
        when=at(meeting.starts_at),
        duty=Text(duty),
    )


NO_LONGER = Text("You have no role at that meeting any more; there is nothing to do.")

OVER = {
    "skipped": "The meeting on {when} is skipped.",
    "moved": "The meeting on {when} was moved.",
    "dropped": "The meeting on {when} is no longer in the group's schedule.",
    "missed": "The meeting on {when} was not begun.",
    "ended": "The meeting on {when} is over.",
}


def over(meeting: Meeting) -> Text:
    """A card whose meeting is no longer to come."""
    return Text(OVER[meeting.state], when=at(meeting.starts_at))


def titled(words: str, group: Group) -> Text:
    """A card's heading."""
    return Text("{words}: {group}", words=Text(words), group=group.name)


def answers_field(facts: Facts) -> Field:
    """Who comes, as a card's field."""
    return Field("Who comes", coming(facts))
