"""Every sentence of the queue as it is shown, and of one's own cases and questions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.texts import minutes, number_word, where_it_stands
from bot.chat.replies import Bold, Mention, Moment, Text, counted, lines, sentences
from bot.queue.order import Why
from bot.queue.reading import Agenda, Coming, Place
from bot.queue.texts import named
from bot.store.tables import Case, Group, Member


def why(place: Place, number: int) -> Text:
    """One sentence on why a case stands where it stands, before the meeting of this number."""
    if place.swapped_with is not None and place.on_offer:
        return Text("Swapped places with {who}.", who=Mention(place.swapped_with.ref))
    match place.why:
        case Why.NEVER_PRESENTED:
            return Text("Has not presented yet.")
        case Why.LAST_PRESENTED:
            return _last_presented(place, number)
        case Why.SOON:
            return Text("Marked soon, so it passed the one ahead.")
        case Why.BEFORE_NEXT:
            return Text("Marked before next meeting, so it goes to the front.")
        case Why.GOES_FIRST:
            return Text("Was next in line last time and not heard, so goes first.")
        case Why.BEHIND_OWN:
            return Text("Comes after an older case of the same member.")
        case Why.NOT_COMING:
            return Text("Not coming this time; keeps the place.")


def _last_presented(place: Place, number: int) -> Text:
    last = place.ordered.last_presented
    ago = number - last[0] if last else 0
    if ago <= 1:
        return Text("Presented at the last meeting.")
    return Text("Last presented {ago} meetings ago.", ago=number_word(ago))


def queue(group: Group, coming: Coming, agenda: Agenda, me: Member) -> Text:
    """The order and why, who is on the next agenda, and what time is left."""
    on_agenda = {place.case.id for place in agenda.places}
    standing = [place for place in coming.places if place.ordered.lap == 0]
    later = [place for place in coming.places if place.ordered.lap > 0]
    rows = [
        _row(position, place, coming.number, me, place.case.id in on_agenda)
        for position, place in enumerate(standing, start=1)
    ]
    return lines(
        on_next_agenda(group, coming, agenda),
        *rows,
        _later(later),
    )


def _row(position: int, place: Place, number: int, me: Member, on_agenda: bool) -> Text:
    question = place.case.question if place.member.id == me.id else ""
    return lines(
        sentences(
            Text(
                "{position}. {who}: {case}, {minutes}.",
                position=position,
                who=Mention(place.member.ref),
                case=named(place.case),
                minutes=minutes(place.case),
            ),
            Text("{on}.", on=Bold("On the agenda")) if on_agenda else None,
            why(place, number),
        ),
        Text("Your question: {question}", question=question) if question else None,
    )


def _later(places: Sequence[Place]) -> Text | None:
    if not places:
        return None
    return Text(
        "Behind them: {cases} of members who already stand above.",
        cases=counted(len(places), "further case"),
    )


def on_next_agenda(group: Group, coming: Coming, agenda: Agenda) -> Text:
    """What the coming meeting hears and what time it leaves, offered and not filled."""
    if group.state == "paused":
        return Text("The group is paused; the queue waits as it is.")
    if coming.meeting is None:
        return Text("No meeting is planned yet; this is the order.")
    lead = "The meeting now" if coming.running else "The meeting on {when}"
    return sentences(
        Text(
            lead + " hears {cases}.",
            when=Moment(coming.meeting.starts_at),
            cases=counted(len(agenda.places), "case"),
        ),
        _left_over(agenda),
    )


def _left_over(agenda: Agenda) -> Text | None:
    if not agenda.minutes_left:
        return None
    return Text(
        "{minutes} are left over, for whatever you all like to do with them.",
        minutes=counted(agenda.minutes_left, "minute"),
    )


def mine(group: Group, own: Sequence[Place], coming: Coming) -> Text:
    """One's own cases, each with its question and its place."""
    return lines(*(_mine(group, place, coming) for place in own))


def _mine(group: Group, place: Place, coming: Coming) -> Text:
    case = place.case
    return lines(
        sentences(
            Text("{case}, {minutes}.", case=named(case), minutes=minutes(case)),
            where_it_stands(group, case, coming),
        ),
        Text("Your question: {question}", question=case.question) if case.question else None,
    )


def question(case: Case, owner: Member) -> Text:
    """A question, shown in private to a member who asks for it."""
    who = Mention(owner.ref)
    if not case.question:
        return Text("{who} has written no question for {case}.", who=who, case=named(case))
    return Text(
        "{who} asks with {case}: {question}", who=who, case=named(case), question=case.question
    )
