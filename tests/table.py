"""A table to sit at: a group of people with the real bot, for conversations in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from adapters.console.grammar import HOME
from adapters.console.stage import Message, Seen, Stage
from bot.app import App
from bot.queue.finding import CONFIRM
from bot.store.database import Database

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning in Berlin, nine o'clock there."""

WEEKLY = (
    "/group start name: Tuesday circle every: {every} weekday: tuesday time: 18:30 "
    "zone: Europe/Berlin"
)


class Table:
    """Says what people do in a few words, and what they saw because of it."""

    def __init__(self, stage: Stage) -> None:
        """Sit down at a stage."""
        self.stage = stage

    async def say(self, person: str, typed: str, channel: str = HOME) -> str:
        """Type a command without its slash; give the private answer.

        A case of theirs people confirm at once.
        """
        seen = await self.stage.act(person, f"/{typed}", channel)
        if typed.startswith("case add") and any(CONFIRM in one.buttons for one in seen):
            seen = await self.stage.act(person, f'press "{CONFIRM}"')
        return _private(person, seen)

    async def press(self, person: str, label: str) -> str:
        """Press the newest button with this label; give the private answer."""
        return _private(person, await self.stage.act(person, f'press "{label}"'))

    async def submit(self, person: str, **values: str) -> str:
        """Send the open form with these fields; give the private answer."""
        pairs = ",".join(f'"{name.capitalize()}"="{value}"' for name, value in values.items())
        return _private(person, await self.stage.act(person, f"submit {pairs}".strip()))

    async def wait(self, **by: float) -> list[Seen]:
        """Let time pass, as in `wait(days=7)`; give all that was posted meanwhile."""
        return await self.stage.step(timedelta(**by))

    async def until(self, moment: datetime) -> list[Seen]:
        """Let time pass until a moment."""
        return await self.stage.step(moment - self.stage.now)

    def standing(self, to: str = f"#{HOME}") -> list[Message]:
        """The messages that stand in a channel, or with a person (`@ana`), as they read now."""
        return [message for message in self.stage.messages if message.to == to]


def posted(seen: list[Seen], to: str = f"#{HOME}") -> list[str]:
    """What was posted to a channel or a person, as text."""
    return [one.text for one in seen if one.to == to and one.kind == "post"]


def _private(person: str, seen: list[Seen]) -> str:
    return "\n".join(
        one.text for one in seen if one.to == f"@{person}" and one.kind in ("reply", "form")
    )


async def a_table(
    database: Database, *people: str, every: str = "2 weeks", now: datetime = MONDAY
) -> Table:
    """A group that the first person has started and the others have joined."""
    table = Table(Stage(App(database, Random(1)), now, "Europe/Berlin"))
    for number, person in enumerate(people):
        if number == 0:
            await table.say(person, WEEKLY.format(every=every).removeprefix("/"))
        else:
            await table.press(person, "Join")
    return table
