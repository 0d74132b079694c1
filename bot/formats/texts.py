"""What is said about formats and agendas: why one is suggested, and how the time is shared."""

from __future__ import annotations

from bot.chat.replies import Bold, Span, Text, counted, listed, sentences
from bot.formats.fitting import Agenda
from bot.formats.model import Format


def agenda_line(agenda: Agenda) -> Text:
    """A meeting's time in a line: `90 minutes, 2 cases, 38 minutes each`."""
    length = counted(agenda.minutes, "minute")
    cases = agenda.cases
    if not cases:
        return Text("{length}, no case yet", length=length)
    many = counted(len(cases), "case")
    each = counted(cases[0], "minute")
    if len(cases) == 1:
        return Text("{length}, {many}, {each}", length=length, many=many, each=each)
    if len(set(cases)) == 1:
        return Text("{length}, {many}, {each} each", length=length, many=many, each=each)
    shares: list[Span] = list(cases)
    return Text("{length}, {many} of {s} minutes", length=length, many=many, s=listed(shares))


def too_short(format: Format, needs: int) -> Text:
    """The slot is shorter than the format's phases may become."""
    length = counted(needs, "day" if format.unit == "days" else "minute")
    return Text("{name} needs at least {length}.", name=Bold(format.name), length=length)


def suits(format: Format, present: int, minutes_left: int) -> Text:
    """A format that is made for so many people and so much time."""
    times = format.times(present)
    name, length = Bold(format.name), counted(format.length * times, "minute")
    why = Text(
        "{name}, because {present} of you are here and {left} left.",
        name=name,
        present=present,
        left=_left(minutes_left),
    )
    if times > 1:
        each = counted(minutes_left // times, "minute")
        return sentences(why, Text("Each of you gets {each}.", each=each))
    if minutes_left < format.length:
        return sentences(why, Text("It takes {length}, and can be shortened.", length=length))
    return sentences(why, Text("It takes {length}.", length=length))


def nearest(format: Format, present: int, minutes_left: int) -> Text:
    """No format is for so many people, or the one that is needs more time."""
    many = Text("{n} of you are here", n=present)
    size = Text("{least} to {most}", least=format.size.least, most=format.size.most)
    if format.size.least == format.size.most:
        size = Text("{most}", most=format.size.most)
    made = Text("It is meant for {size} people, and comes nearest.", size=size)
    return sentences(
        Text(
            "{name}, because {many} and {left} left.",
            name=Bold(format.name),
            many=many,
            left=_left(minutes_left),
        ),
        made if present not in format.size else None,
        Text("One of you can present.") if format.per == "person" else None,
    )


def few_here(format: Format, present: int, minutes_left: int) -> Text:
    """One or two have come: something short, or no format at all."""
    move = Text("Or simply keep talking, and move the case to the next meeting.")
    name = Bold(format.name)
    if present < 2:
        alone = Text("Nobody else is here yet. Once somebody comes, {name} is short.", name=name)
        return sentences(alone, Text("Or move the case to the next meeting."))
    short = Text("{name}, because only two of you are here and it is short", name=name)
    if format.per != "person":
        return sentences(Text("{short}.", short=short), move)
    each = min(format.length, minutes_left // present)
    if each < format.least:
        one = Text("{short}. There is time for one of you.", short=short)
        return sentences(one, move)
    minutes = counted(each, "minute")
    return sentences(Text("{short}: {minutes} for each.", short=short, minutes=minutes), move)


def hardly_any_time(format: Format, minutes_left: int) -> Text:
    """Not even the shortest format fits."""
    return sentences(
        Text(
            "{left} left, and even the shortest format, {name}, needs {needs}.",
            left=_left(minutes_left),
            name=Bold(format.name),
            needs=format.least,
        ),
        Text("Better keep talking, and move the case to the next meeting."),
    )


def _left(minutes: int) -> Text:
    return Text("1 minute is" if minutes == 1 else "{n} minutes are", n=minutes)


def ahead(format: Format, possible: int, minutes: int) -> Text:
    """Why a format is suggested for a case to come, while nobody is here yet."""
    return Text(
        "{name}, because {many} and a case has about {minutes}.",
        name=Bold(format.name),
        many=Text("one of you can come" if possible == 1 else "{n} of you can come", n=possible),
        minutes=counted(minutes, "minute"),
    )
