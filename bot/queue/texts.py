"""How cases are named wherever people read of them, and what is said where one is not found."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import Bold, CommandName, Mention, Text, lines, sentences
from bot.queue.reading import Agenda, Place
from bot.store.tables import Case, Member

HOW_IT_WENT = {
    "unconfirmed": "is not in the queue until you say that it is de-identified",
    "dropped": "is withdrawn already",
    "writing": "is being worked through in writing",
    "done": "was presented already",
    "withdrawn": "is withdrawn already",
}
"""What has become of a case that waits no longer."""

NOT_SHOWN = "Only you see {case}. “It is de-identified” brings it into the queue."

EMPTY = Text(
    "Nobody waits in the queue. A case needs a title and no more: {add}.",
    add=CommandName("case add"),
)

NONE_OF_MINE = Text(
    "You have no case in the queue. {add} takes a title and no more.",
    add=CommandName("case add"),
)


def titled(case: Case) -> Text:
    """Title and code; the code alone once the title is no longer kept."""
    code = Bold(case.code)
    return (
        Text("{title} ({code})", title=case.title, code=code)
        if case.title
        else Text("{code}", code=code)
    )


def case_line(number: int, place: Place) -> Text:
    """One case of an agenda: presenter, minutes and title, never the question."""
    return Text(
        "{number}. {who}, {minutes} min: {case}",
        number=number,
        who=Mention(place.member.ref),
        minutes=place.minutes,
        case=titled(place.case),
    )


def agenda_lines(planned: Agenda) -> Text:
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


def quoted(case: Case) -> Text:
    """The title of a case; once that is no longer kept, its code."""
    return Text("“{title}”", title=case.title) if case.title else Text("{code}", code=case.code)


def named(case: Case) -> Text:
    """A case as it is spoken of; once its title is no longer kept, by its code alone."""
    if not case.title:
        return Text("{code}", code=case.code)
    return Text("“{title}” ({code})", title=case.title, code=case.code)


def not_shown(cases: Sequence[Case]) -> Text | None:
    """What an author has written and not yet let into the queue."""
    if not cases:
        return None
    return lines(*(Text(NOT_SHOWN, case=named(case)) for case in cases))


def no_such_case(code: str, own: Sequence[Case]) -> Text:
    """The code is nobody's: say which ones there are."""
    return sentences(
        Text("I know no case called {code} here.", code=code[:20]),
        Text("Yours: {codes}.", codes=Text(", ".join(case.code for case in own))) if own else None,
        Text("{queue} shows them all.", queue=CommandName("case queue")),
    )


def not_yours(case: Case, owner: Member) -> Text:
    """Somebody else's case."""
    return Text(
        "{case} is {who}'s case; only {who} can change or withdraw it.",
        case=named(case),
        who=Mention(owner.ref),
    )


def no_longer_waiting(case: Case) -> Text:
    """The case is out of the queue already."""
    how = HOW_IT_WENT.get(case.state, "waits no longer")
    return Text("{case} " + how + ".", case=named(case))
