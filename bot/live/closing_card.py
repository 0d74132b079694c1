"""What the card of a running meeting shows of intentions and take-aways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.replies import Button, Field, Text
from bot.live import closing_texts as texts
from bot.live.carried import read_intentions, who_intends
from bot.live.kept import Kept, presenters
from bot.store.tables import Group, Member


@dataclass(frozen=True, slots=True)
class Close:
    """What was intended last time, while that is asked after; or who is asked as it closes."""

    intended: Sequence[tuple[Member, str]] = ()
    asked: Sequence[Member] = ()
    """Who presented and has not said yet what they will do."""
    closes: bool = False
    had_cases: bool = False


async def read_close(
    session: AsyncSession, group: Group, kept: Kept, people: Mapping[int, Member]
) -> Close | None:
    """Nothing is read but in the two parts of a meeting that it belongs to."""
    segment = kept.state.segment
    if segment is not None and segment.kind == "follow-ups":
        found = await read_intentions(session, group, kept.meeting.id)
        return Close([(people[i.member_id], i.text) for i in found if i.member_id in people])
    if segment is not None and segment.kind != "close":
        return None
    asked = presenters(kept.items, kept.state)
    asked -= await who_intends(session, group, kept.meeting) if asked else set()
    return Close(
        asked=[member for number, member in people.items() if number in asked],
        closes=True,
        had_cases=any(one.case_id is not None for one in kept.state.segments),
    )


def last_time(close: Close | None) -> tuple[Field, ...]:
    """The intentions that open this meeting."""
    said = close.intended if close else ()
    return (Field(texts.LAST_TIME, texts.intended(said)),) if said else ()


def words(close: Close | None) -> Iterable[Text | None]:
    """What can be written down as the meeting closes."""
    if close and close.closes:
        yield texts.KEEPS_A_LINE
        yield texts.asked(close.asked)


def buttons(close: Close | None, button: Callable[..., Button]) -> Iterable[Button]:
    """Writing it down."""
    if close and close.closes:
        yield button("Take-away", "do", "meeting takeaway", "")
        if close.had_cases:
            yield button("Intention", "do", "case intention", "")
