"""How a case of an agenda is named wherever people read it."""

from __future__ import annotations

from bot.chat.replies import Bold, Mention, Text
from bot.queue.reading import Place


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
