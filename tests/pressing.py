"""A speaking round on the card that a group presses, seen from each platform in the same way."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Post
from tests import test_discord_conversation as discord
from tests import test_slack_conversation as slack
from tests.fakes.discord import Message as OnTheirDiscord
from tests.fakes.slack import Message as OnTheirSlack


class Pressed(ABC):
    """The card of a running round, and what its presses came to."""

    database: Database

    @abstractmethod
    async def press(self, number: int, label: str) -> None:
        """Somebody presses a button that stands there, and it is answered."""

    @abstractmethod
    async def press_action(self, number: int, action: str) -> None:
        """Somebody presses what stood there a moment ago; its answer is not waited for."""

    @abstractmethod
    async def press_copy(self, number: int, label: str) -> None:
        """Somebody has the card shown to them alone, and presses that."""

    @abstractmethod
    async def says(self, words: str) -> None:
        """Wait until the card says this."""

    @abstractmethod
    def close(self, *, dropped: bool = False) -> None:
        """The next press cannot be answered in place, or it can and nobody is told."""

    @abstractmethod
    def hold(self) -> asyncio.Event:
        """The next answer in place arrives when the event is set."""

    @property
    @abstractmethod
    def is_held(self) -> bool:
        """Whether that answer is on its way by now, its words made."""

    async def on_its_way(self) -> None:
        """Wait until it is."""
        async with asyncio.timeout(10):
            while not self.is_held:
                await asyncio.sleep(0.005)

    @property
    @abstractmethod
    def ways(self) -> tuple[int, int]:
        """How often it was put in place, and how often it was edited."""

    @property
    @abstractmethod
    def times(self) -> list[float]:
        """When it changed, in seconds."""

    @property
    @abstractmethod
    def first(self) -> str:
        """How the card names whoever has the floor at the beginning."""

    async def post(self) -> Post:
        """The card in the outbox."""
        async with self.database.reading() as session:
            post = await session.scalar(
                select(Post).where(Post.kind == "round"), execution_options=ACROSS_GROUPS
            )
        assert post is not None
        return post

    async def stepped(self, version: int) -> None:
        """Wait until the round has come to this version of its card."""
        async with asyncio.timeout(10):
            while (await self.post()).version < version:
                await asyncio.sleep(0.005)

    async def settled(self) -> Post:
        """Wait until the outbox has written down that the card is up to date."""
        async with asyncio.timeout(10):
            while True:
                post = await self.post()
                if post.state == "sent" and post.claimed_by is None:
                    return post
                await asyncio.sleep(0.02)


class OnDiscord(Pressed):
    """The card on Discord."""

    def __init__(self, table: discord.Table, card: OnTheirDiscord) -> None:
        self._table, self.card, self.database = table, card, table.app.database

    async def press(self, number: int, label: str) -> None:
        await self._table.fake.press(self._table.people[number], self.card, label)

    async def press_action(self, number: int, action: str) -> None:
        await self._table.fake.send_press_id(self._table.people[number], self.card, action)

    async def press_copy(self, number: int, label: str) -> None:
        who, table = self._table.people[number], self._table.fake.table
        seen = await self._table.fake.slash(who, "turn list", channel=table)
        await self._table.fake.press(who, seen, label)

    async def says(self, words: str) -> None:
        await self._table.holds(self.card, words)

    def close(self, *, dropped: bool = False) -> None:
        how: dict[str, object] = {"status": 404, "code": 10062}
        self._table.fake.fail("POST", "/callback$", accept=dropped, drop=dropped, **how)

    def hold(self) -> asyncio.Event:
        fault = self._table.fake.fail("POST", "/callback$", until=asyncio.Event())
        assert fault.until is not None
        return fault.until

    @property
    def is_held(self) -> bool:
        return self.ways[0] > 0

    @property
    def ways(self) -> tuple[int, int]:
        asked = self._table.fake.state.requests
        placed = [b for _, path, b in asked if path.endswith("/callback") and _is_update(b)]
        edits = [path for verb, path, _ in asked if verb == "PATCH" and self.card.id in path]
        return len(placed), len(edits)

    @property
    def times(self) -> list[float]:
        return [at.timestamp() for at, _ in self.card.changes]

    @property
    def first(self) -> str:
        return self._table.people[0].mention


def _is_update(body: object) -> bool:
    return isinstance(body, dict) and body["type"] == 7


class OnSlack(Pressed):
    """The card on Slack."""

    def __init__(self, table: slack.Table, card: OnTheirSlack, database: Database) -> None:
        self._table, self.card, self.database = table, card, database

    async def press(self, number: int, label: str) -> None:
        await self._table.fake.press(self._table.people[number], self.card, label)

    async def press_action(self, number: int, action: str) -> None:
        who = self._table.people[number]
        words = {"type": "plain_text", "text": "Next"}
        button = {"action_id": f"0:{action}", "value": action, "text": words}
        payload = self._table.fake.click(who, self.card, button)
        await self._table.fake.send("interactive", payload, who)

    async def press_copy(self, number: int, label: str) -> None:
        who = self._table.people[number]
        seen = await self._table.say(who, "/turn list")
        assert seen.reply is not None
        await self._table.fake.press(who, seen.reply, label)

    async def says(self, words: str) -> None:
        await self._table.fake.until(lambda: words in self.card.shown)

    def close(self, *, dropped: bool = False) -> None:
        if dropped:
            self._table.fake.drop_after("response_url")
        else:
            self._table.fake.break_down("response_url", status=404)

    def hold(self) -> asyncio.Event:
        self._table.fake.hold_back("response_url")
        return self._table.fake.faults.released

    @property
    def is_held(self) -> bool:
        return not self._table.fake.faults.are_waiting("response_url")

    @property
    def ways(self) -> tuple[int, int]:
        updates = [call for call in self._table.fake.calls if call.method == "chat.update"]
        edits = sum(call.args["ts"] == self.card.ts for call in updates)
        return len(self._table.fake.replaced), edits

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.card.changes]

    @property
    def first(self) -> str:
        return "@person0"


@asynccontextmanager
async def a_round_on(platform: str, database: Database, people: int = 3) -> AsyncIterator[Pressed]:
    """A round that runs on the platform, in the order in which people joined."""
    if platform == "discord":
        async with discord.at_the_table(people) as t:
            card = await t.start()
            for who in t.people[1:]:
                await t.fake.press(who, card, "Join")
            await t.fake.slash(
                t.people[0], "turn start", {"order": "as joined"}, channel=t.fake.table
            )
            shown = await t.fake.message(t.fake.table, "has the floor")
            yield OnDiscord(t, shown)
        return
    async with slack.at_the_table(database, people) as table:
        await table.start()
        await table.say(table.people[0], "/turn start order: as joined")
        yield OnSlack(table, await table.card("has the floor"), database)
