"""How a case of an agenda is named wherever people read it."""

from __future__ import annotations

from bot.chat.replies import Bold, Mention, Text, lines
from bot.queue.reading import Agenda, Place


def case_line(number: int, place: Place) -> Text:
    """One case of an agenda: presenter, minutes and title, never the question."""
    return Text(
        "{number}. {who}, {minutes} min: {title} ({code})",
        number=number,
        who=Mention(place.member.ref),
        minutes=place.minutes,
        title=place.case.title,
        code=Bold(place.case.code),
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
