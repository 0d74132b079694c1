"""A group lives on Slack: the whole bot through the real library, with its posts delivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from adapters.slack.client import Slack
from bot.app import App
from bot.store.database import Database
from bot.store.outbox import REST, Messenger
from scheduler.deliver import Delivery
from scheduler.tries import Setting
from tests.databases import keyed
from tests.fakes.slack import FakeSlack, Message, Seen, View
from tests.fakes.slack.desk import config

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = {
    "Name": "Tuesday table",
    "Every": "2 weeks",
    "Weekday": "tuesday",
    "Time": "18:30",
    "Zone": "Europe/Berlin",
}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database in a file: deliveries end by being cancelled, which one in memory forgets."""
    database = keyed(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    await database.create()
    yield database
    await database.close()


@dataclass
class Table:
    """A channel where a group meets, and the people at it."""

    fake: FakeSlack
    people: list[str]
    channel: str

    async def say(self, person: str, typed: str) -> Seen:
        """Somebody types a command in the channel."""
        command, _, rest = typed.partition(" ")
        return await self.fake.slash(person, command, rest, channel=self.channel)

    async def card(self, words: str) -> Message:
        """The newest message of the channel that says this, as soon as it is there."""

        def said() -> list[Message]:
            return [m for m in self.fake.messages(self.channel) if words in m.shown]

        await self.fake.until(said)
        return said()[-1]

    async def start(self) -> Message:
        """The first of the people starts a group, the others join; give its card."""
        form = await self.say(self.people[0], "/group start size: 12")
        assert form.view is not None
        await self.fake.submit(self.people[0], form.view, FIRST)
        card = await self.card("Members")
        await asyncio.gather(*(self.fake.press(who, card, "Join") for who in self.people[1:]))
        return card


@asynccontextmanager
async def at_the_table(database: Database, people: int = 2) -> AsyncIterator[Table]:
    """The bot on Slack with its deliveries running, and so many people."""
    async with FakeSlack() as fake:
        loop = asyncio.get_running_loop()
        began = loop.time()

        def clock() -> datetime:
            return MONDAY + timedelta(seconds=loop.time() - began)

        app, messengers = App(database, Random(3)), dict[str, Messenger]()
        setting = Setting(database, app.commands, messengers, clock, Random(3), rest=REST)
        delivery = Delivery(setting)
        app.wake, app.touch, app.reach = delivery.wake, delivery.touch, delivery.reach
        app.take = delivery.cards.take
        users = [fake.add_user(f"person{n}") for n in range(people)]
        channel = fake.add_channel("table", *users)
        async with Slack(config(fake), app, clock) as bot:
            messengers["slack"] = bot.messenger
            delivering = asyncio.create_task(delivery.run())
            await fake.until(lambda: fake.sockets.open)
            try:
                yield Table(fake, users, channel)
            finally:
                delivering.cancel()
                await asyncio.wait([delivering])


async def test_a_group_is_started_with_a_form_and_joined_with_a_button(
    database: Database,
) -> None:
    async with at_the_table(database, 3) as t:
        card = await t.start()
        assert card.labels == ["Join", "Leave"]
        await t.fake.until(lambda: "@person2" in card.shown)
        assert (card.pings, card.shouts) == (set(), set())


async def test_a_case_is_brought_with_a_form_and_seen_in_the_queue(
    database: Database,
) -> None:
    async with at_the_table(database) as t:
        ana, ben = t.people
        await t.start()
        form = await t.say(ben, "/case add")
        assert form.view is not None
        seen = await t.fake.submit(ben, form.view, {"Title": "Panic *attacks* <!here>"})
        assert "must not call everybody" in seen.errors["Title"]
        seen = await t.fake.submit(ben, form.view, {"Title": "Panic *attacks*"})
        assert "Panic *attacks*" in seen.text
        assert seen.reply is not None
        await t.fake.press(ben, seen.reply, "It is de-identified")
        assert "Panic *attacks*" in (await t.say(ana, "/case queue")).text


async def test_sixteen_people_press_join_at_once_and_twelve_find_a_seat(
    database: Database,
) -> None:
    async with at_the_table(database, 16) as t:
        t.fake.ack_deadline = 10.0
        card = await t.start()
        await t.fake.until(lambda: "12 of 12" in card.shown)
        answers = [message.shown for message in t.fake.private]
        assert sum("Welcome" in answer for answer in answers) == 11


async def test_sixteen_presses_of_next_on_one_card_move_the_turn_once(
    database: Database,
) -> None:
    async with at_the_table(database, 12) as t:
        t.fake.ack_deadline = 10.0
        await t.start()
        await t.say(t.people[0], "/turn start order: as joined")
        card = await t.card("has the floor")
        button = next(b for b in card.blocks[-1]["elements"] if b["text"]["text"] == "Next")
        payloads = [(who, t.fake.click(who, card, button)) for who in t.people]
        seen = await asyncio.gather(
            *(t.fake.send("interactive", payload, who) for who, payload in payloads)
        )
        assert sum(one.reply is not None for one in seen) == 11
        assert all(
            one.reply.to == who for one, who in zip(seen, t.people, strict=True) if one.reply
        )


async def test_where_the_bot_was_not_invited_nothing_is_started(database: Database) -> None:
    async with at_the_table(database) as t:
        t.fake.channels[t.channel].members.discard("U0BOT")
        form = await t.say(t.people[0], "/group start")
        assert form.view is not None
        seen = await t.fake.submit(t.people[0], form.view, FIRST)
        assert "/invite" in " ".join(seen.errors.values())
        assert "no group" in (await t.say(t.people[0], "/group show")).text


async def test_the_panel_leads_through_windows_to_every_form(database: Database) -> None:
    async with at_the_table(database) as t:
        await t.start()
        home = await t.fake.open_home(t.people[0])
        assert home is not None
        for root in home.labels:
            level = await t.fake.press(t.people[0], home, root)
            assert level.view is not None, root
            view: View = level.view
            for label in view.labels:
                if label != "Back":
                    # Windows are edited in place: a press is made on the level it stands on.
                    again = await t.fake.press(t.people[0], home, root)
                    assert again.view is not None
                    seen = await t.fake.press(t.people[0], again.view, label)
                    assert seen.view is not None, (root, label)
                    assert "went wrong" not in seen.text
                    assert "older message" not in seen.text
