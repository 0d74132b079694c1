"""A table at which a meeting runs, for tests of what its members press there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot.chat.replies import Answer, Reply
from bot.chat.requests import Request
from bot.live.data import from_data
from bot.live.state import LiveState
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.live_tables import LiveMeeting
from bot.store.tables import Group, Member
from tests.table import Table, a_table

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
END = SECOND + timedelta(minutes=90)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def before_the_meeting(database: Database, *going: str, more: str = "") -> Table:
    """Ana, ben, chloe and dana, two cases of half an hour, and it is time."""
    table = await a_table(database, "ana", "ben", "chloe", "dana")
    await table.until(FIRST + DAY)
    await table.say("ana", "case add Stuck minutes: 30 question: Where am I blind?")
    await table.say("ben", "case add Ending minutes: 30 question: How do I say goodbye?")
    if more:
        await table.say("chloe", f"case add {more}")
    for name in going:
        await table.say(name, "meeting rsvp answer: going")
    await table.until(SECOND)
    return table


async def a_meeting(database: Database, *going: str, more: str = "") -> Table:
    """The same, begun by chloe: those who are going are there, and she."""
    table = await before_the_meeting(database, *going, more=more)
    await table.press("chloe", "Begin")
    return table


async def at_the_first_case(database: Database, *going: str, more: str = "") -> Table:
    """The arrival round is over, and the first case waits to be opened."""
    table = await a_meeting(database, *going, more=more)
    await table.say("chloe", "meeting step step: next phase")
    return table


async def on_to(table: Table, phase: str) -> None:
    """Chloe goes on until a phase of this name runs."""
    for _ in range(12):
        if f"{phase}, phase" in card(table):
            return
        label = "Open" if "Open" in labels(table) else "next phase"
        if label == "Open":
            await table.press("chloe", "Open")
        else:
            await table.say("chloe", "meeting step step: next phase")
    raise AssertionError(f"no phase {phase}: {card(table)}")


def live_card(table: Table) -> Reply:
    """The card of the meeting that stands in the channel."""
    titled = [m.reply for m in table.standing() if str(m.reply.title).startswith("Meeting: ")]
    return next(reply for reply in reversed(titled) if reply.fields or "begun" in str(reply.text))


def card(table: Table) -> str:
    """The words of that card with those of its fields."""
    shown = live_card(table)
    return "\n".join([str(shown.text), *(str(field.text) for field in shown.fields)])


def labels(table: Table) -> list[str]:
    """What can be pressed on it."""
    return [button.label for button in live_card(table).buttons]


def action(table: Table, label: str) -> str:
    """What a button of it stands for."""
    return next(button.action for button in live_card(table).buttons if button.label == label)


async def press_action(table: Table, name: str, action: str) -> Answer:
    """Press a button that may not be shown any more; nothing is delivered meanwhile."""
    request = Request(f"{name}-{action}", "console", "console", "table", name, table.stage.now)
    return await table.stage.app.press(request, action)


async def state(database: Database) -> LiveState | None:
    """Where the meeting is, as it is kept."""
    async with database.reading() as session:
        kept = await session.scalar(select(LiveMeeting.state).execution_options(**ACROSS_GROUPS))
    return None if kept is None else from_data(kept)


async def members(database: Database) -> dict[str, Member]:
    """The members by their names."""
    async with database.reading() as session:
        found = await session.scalars(select(Member).execution_options(**ACROSS_GROUPS))
        return {member.ref: member for member in found}


async def set_format(database: Database, id: str) -> None:
    """Let the group work in this format."""
    async with database.writing() as session:
        await session.execute(update(Group).values(format_id=id))
