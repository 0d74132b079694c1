"""A group lives on Discord: the whole bot through the real library, with its posts delivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from tempfile import TemporaryDirectory

from adapters.discord.client import Discord
from bot.app import App
from bot.store.database import Database
from bot.store.outbox import REST, Messenger
from scheduler.deliver import Delivery
from scheduler.pacing import DISCORD
from scheduler.tries import Setting
from tests.databases import keyed
from tests.discord_running import settings
from tests.fakes.discord import FakeDiscord, Message, User

FIRST = {"Every": "2 weeks", "Weekday": "tuesday", "Time": "18:30", "Zone": "Europe/Berlin"}


@dataclass
class Table:
    """A channel where a group meets, and the people at it."""

    fake: FakeDiscord
    app: App
    people: list[User]

    async def start(self) -> Message:
        """The first of the people starts a group; give its card."""
        ana, table = self.people[0], self.fake.table
        form = await self.fake.slash(
            ana, "group start", {"name": "Tuesday table", "size": 12}, channel=table
        )
        await self.fake.submit(ana, form, FIRST)
        return await self.fake.message(table, "Members")

    async def holds(self, message: Message, words: str) -> None:
        """Wait until a message says this."""
        await self.fake.until(lambda: words in message.text, f"{words!r} in {message.text!r}")


@asynccontextmanager
async def database_file() -> AsyncIterator[Database]:
    """A database in a file: one in memory is gone when a delivery is cancelled."""
    with TemporaryDirectory() as folder:
        database = keyed(f"sqlite+aiosqlite:///{folder}/rounds.db")
        await database.create()
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def at_the_table(people: int = 2) -> AsyncIterator[Table]:
    """The bot on Discord with its deliveries running, and so many people."""
    async with FakeDiscord() as fake, database_file() as database:
        clock, rng = fake.state.clock.now, Random(3)
        app = App(database, rng)
        messengers: dict[str, Messenger] = {}
        delivery = Delivery(
            Setting(database, app.commands, messengers, clock, rng, rest=REST), {"discord": DISCORD}
        )
        app.wake, app.touch, app.reach = delivery.wake, delivery.touch, delivery.reach
        app.take = delivery.cards.take
        async with Discord(settings(fake), app, clock) as bot:
            messengers["discord"] = bot.messenger
            delivering = asyncio.create_task(delivery.run())
            await fake.connected()
            yield Table(fake, app, [fake.person(f"person{n}") for n in range(people)])
            delivering.cancel()
            await asyncio.wait([delivering])


async def test_a_group_is_started_with_a_form_and_joined_with_a_button() -> None:
    async with at_the_table() as t:
        ana, ben = t.people
        card = await t.start()
        assert card.buttons == ["Join", "Leave"]

        seen = await t.fake.press(ben, card, "Join")
        assert "Welcome to **Tuesday table**" in seen.text
        await t.holds(card, f"{ana.mention} and {ben.mention}")
        assert card.pinged == []


async def test_a_case_is_brought_with_a_form_and_seen_in_the_queue() -> None:
    async with at_the_table() as t:
        ana, ben = t.people
        card = await t.start()
        await t.fake.press(ben, card, "Join")

        form = await t.fake.slash(ben, "case add", channel=t.fake.table)
        seen = await t.fake.submit(ben, form, {"Title": "Panic *attacks*"})
        assert "Panic \\*attacks\\*" in seen.text
        await t.fake.press(ben, seen, "It is de-identified")
        queue = await t.fake.slash(ana, "case queue", channel=t.fake.table)
        assert "Panic \\*attacks\\*" in queue.text


async def test_sixteen_people_press_join_at_once_and_twelve_find_a_seat() -> None:
    async with at_the_table(16) as t:
        card = await t.start()
        seen = await asyncio.gather(*(t.fake.press(who, card, "Join") for who in t.people))

        assert all(shown.private for shown in seen)
        assert sum("Welcome" in shown.text for shown in seen) == 11
        await t.holds(card, "12 of 12")


async def test_sixteen_presses_of_next_on_one_card_move_the_turn_once() -> None:
    async with at_the_table(12) as t:
        card = await t.start()
        await asyncio.gather(*(t.fake.press(who, card, "Join") for who in t.people[1:]))
        await t.fake.slash(t.people[0], "turn start", {"order": "as joined"}, channel=t.fake.table)
        round_card = await t.fake.message(t.fake.table, "has the floor")
        before = round_card.snapshot()

        pressed = [await t.fake.send_press(who, before, "Next") for who in t.people]
        await t.fake.until(lambda: all(p.first for p in pressed), "all to be answered")
        told = [p for p in pressed if p.messages]
        assert len(told) == 11
        assert all(m.private_to for p in told for m in p.messages)


async def test_where_the_bot_may_not_post_nothing_is_started() -> None:
    async with at_the_table() as t:
        t.fake.forbid(t.fake.table, 50001)
        form = await t.fake.slash(t.people[0], "group start", channel=t.fake.table)
        seen = (
            await t.fake.submit(t.people[0], form, {"Name": "Tuesday table", **FIRST})
            if form.modal
            else form
        )
        assert "cannot" in seen.text or "can't" in seen.text
        shown = await t.fake.slash(t.people[0], "group show", channel=t.fake.table)
        assert "no group" in shown.text
