"""Every sentence about cases that a person reads."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import CommandName, Mention, Moment, Text, counted, lines, sentences
from bot.queue.order import Why, urgent_lately
from bot.queue.reading import Coming, Place, case_time, cut_agenda
from bot.queue.texts import HOW_IT_WENT, named
from bot.store.tables import Case, Group, Member

INTRO = Text(
    "Write the least that serves, and nothing by which a client could be recognised: "
    "no names, dates or places."
)

CRISIS = Text(
    "This queue is no crisis line. If it cannot wait, consult now: your supervisor, the "
    "colleague on call, a legal or ethics line, or the emergency services."
)


ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def ordinal(place: int) -> Text:
    """A place in words, counted from 0: `third`."""
    return Text(ORDINALS[place]) if place < len(ORDINALS) else Text("{n}th", n=place + 1)


def number_word(number: int) -> Text:
    """A small number in words."""
    return Text(NUMBERS[number] if number < len(NUMBERS) else str(number))


def minutes(case: Case) -> Text:
    """How long it wants to be heard, and how urgent it is if it is."""
    long = counted(case.minutes, "minute")
    if case.urgency == "routine":
        return long
    return Text("{long}, {urgency}", long=long, urgency=case.urgency)


def to_confirm(case: Case) -> Text:
    """What an author is asked before anybody sees a case."""
    return lines(
        unseen(case),
        Text(
            "Is it the least that serves, without names, dates and places, and could nobody here "
            "recognise the client? Then it goes into the queue."
        ),
        CRISIS if case.urgency == "before next meeting" else None,
    )


def unseen(case: Case) -> Text:
    """A case that its author alone sees, with its question."""
    return lines(
        Text("{case}, {minutes}. Nobody sees it yet.", case=named(case), minutes=minutes(case)),
        Text("Your question: {question}", question=case.question) if case.question else None,
    )


def added(group: Group, case: Case, coming: Coming) -> Text:
    """The answer to a case that has just been queued."""
    return lines(
        Text("{case} is in the queue: {minutes}.", case=named(case), minutes=minutes(case)),
        where_it_stands(group, case, coming),
        _urgency(case, coming),
        Text(
            "Your question is shown when the case opens, and before that in private to members "
            "who ask for it."
        )
        if case.question
        else None,
        Text(
            "Change your mind? {withdraw} case: {code} takes it back.",
            withdraw=CommandName("case withdraw"),
            code=case.code,
        ),
    )


def edited(group: Group, case: Case, coming: Coming) -> Text:
    """The answer to a change of a case."""
    return lines(
        Text("Saved: {case}, {minutes}.", case=named(case), minutes=minutes(case)),
        where_it_stands(group, case, coming),
        _urgency(case, coming),
    )


def where_it_stands(group: Group, case: Case, coming: Coming) -> Text:
    """Which place a case has, and what that means for the coming meeting."""
    place = find_place(case, coming.places)
    if group.state == "paused":
        paused = Text("The group is paused; your case keeps its place until you meet again.")
    else:
        paused = None
    if place is None:
        return sentences(Text("It is not in the queue."), paused)
    return sentences(_standing(place, coming), paused or _chance(place, coming))


def find_place(case: Case, places: Sequence[Place]) -> Place | None:
    """The case's place in the queue."""
    return next((place for place in places if place.case.id == case.id), None)


def _standing(place: Place, coming: Coming) -> Text:
    if place.ordered.lap:
        return Text("You stand in the queue with your oldest case; this one comes after it.")
    if place.why is Why.NOT_COMING:
        return Text("You are not coming to the next meeting, so it waits and keeps its place.")
    before = [p for p in coming.places if p.on_offer].index(place)
    if before == 0:
        return Text("You are first; nobody goes before you.")
    return Text(
        "You are {place}; {many} before you.",
        place=ordinal(before),
        many=Text("one goes") if before == 1 else Text("{n} go", n=number_word(before)),
    )


def _chance(place: Place, coming: Coming) -> Text | None:
    meeting = coming.meeting
    if not place.on_offer or meeting is None:
        return None
    if coming.running:
        return Text("The agenda of the meeting that is running stays as it is.")
    when = Moment(meeting.starts_at)
    if place in cut_agenda(coming.places, case_time(meeting)).places:
        return Text("That is on the agenda of {when}, as it looks now.", when=when)
    return Text("The time of {when} is taken by those before you, as it looks now.", when=when)


def _urgency(case: Case, coming: Coming) -> Text | None:
    """What `before next meeting` never goes without."""
    if case.urgency != "before next meeting":
        return None
    place = find_place(case, coming.places)
    return sentences(_front(place, coming) if place is not None else None, CRISIS)


def _front(place: Place, coming: Coming) -> Text | None:
    """Why an urgent case does not go to the front, where it does not."""
    used = [] if place.member.urgent_in is None else [(place.member.id, place.member.urgent_in)]
    if urgent_lately(used, coming.number):
        return Text(
            "You had an urgent case at the front within the last four meetings, and that is once "
            "in four; this one counts as soon."
        )
    if not place.on_offer or place.why in (Why.BEFORE_NEXT, Why.GOES_FIRST):
        return None
    return Text(
        "Another urgent case has the front of this meeting, and there is one a meeting; yours "
        "counts as soon."
    )


def withdrawn(case: Case) -> Text:
    """A case is out of the queue."""
    return Text("{case} is withdrawn. Undo puts it back to where it was.", case=named(case))


def back_again(group: Group, case: Case, coming: Coming) -> Text:
    """A withdrawn case waits again."""
    return lines(
        Text("{case} is back in the queue.", case=named(case)),
        where_it_stands(group, case, coming),
    )


def done(case: Case, owner: Member, me: Member) -> Text:
    """A case counts as presented."""
    if owner.id == me.id:
        return Text("{case} counts as presented. Thank you for bringing it.", case=named(case))
    return Text(
        "{case} counts as presented, and {who} is told so in private.",
        case=named(case),
        who=Mention(owner.ref),
    )


def done_by(case: Case, by: Member | None) -> Text:
    """What the owner of a case is told when somebody else marked it as presented."""
    return Text(
        "{who} has marked your case {case} as presented. If it was not, Undo puts it back.",
        who=Mention(by.ref) if by else Text("Somebody"),
        case=named(case),
    )


def not_done(case: Case) -> Text:
    """A case that was marked as presented waits again."""
    return Text("{case} waits again, and the order is as it was before.", case=named(case))


def which(verb: str) -> Text:
    """Several cases could be meant."""
    return Text("Which case do you want to " + verb + "?")


WHICH_DONE = Text("Which case was presented?")


def too_many(most: int) -> Text:
    """More cases than a queue can bear."""
    return Text(
        "You have {most} cases in the queue already. Withdraw one that can go, and add this again.",
        most=most,
    )


def too_long(most: int) -> Text:
    """More minutes than a meeting has for cases."""
    return Text(
        "Minutes is a whole number from 10 to {most}: that is what a meeting of this group has "
        "for cases.",
        most=most,
    )


NO_CODE = Text("I could not find a free code for your case. Please try again.")

SAT_OUT = Text("You sit this case out, so I keep its question from you.")
NO_QUESTIONS = Text("Nobody has written a question yet.")

NOT_THERE = Text("I no longer have that, so it cannot be undone.")


def not_withdrawn(case: Case) -> Text:
    """There is nothing to undo."""
    how = "is in the queue already" if case.state == "waiting" else HOW_IT_WENT[case.state]
    return Text("{case} " + how + ".", case=named(case))


def waits_again(case: Case) -> Text:
    """Somebody else was faster with Undo, or the case is out of the queue for another reason."""
    return Text(
        "That is undone already; {queue} shows {case}.",
        queue=CommandName("case queue"),
        case=named(case),
    )
