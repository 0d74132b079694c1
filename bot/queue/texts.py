"""How a case of an agenda is named wherever people read it."""

from __future__ import annotations

from bot.chat.replies import Bold, Mention, Text
from bot.queue.reading import Place
from bot.store.tables import Case


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
