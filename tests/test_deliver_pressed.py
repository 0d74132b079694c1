"""A card shown in answer to a press, when other presses, processes or a crash come between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from bot.chat.replies import Put, Reply
from bot.chat.requests import Request
from bot.errors import DeliveryError
from bot.store.database import Database
from bot.store.outbox import REST, refresh
from bot.store.tables import Post
from scheduler.claims import SHOWING
from scheduler.deliver import Delivery
from scheduler.tries import Setting
from tests.posting import NOON, Clock, Scene

Show = Callable[[Put], Awaitable[bool]]


class Table:
    """A group with one card that stands there, and processes that deliver it."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.scene = Scene(database, self.clock)
        self.shown: list[str] = []

    async def put(self, reply: Reply) -> None:
        self.shown.append(str(reply.text))

    async def refuse(self, reply: Reply) -> None:
        raise DeliveryError("expired", permanent=True)

    def process(self) -> Delivery:
        scene = self.scene
        scene.seed += 1
        to, rng = {"console": scene.messenger}, Random(scene.seed)
        setting = Setting(scene.database, scene.commands, to, self.clock, rng, rest=REST)
        return Delivery(setting)

    async def press(self, by: Delivery, words: str, message: str = "message-1") -> Show | None:
        """Somebody presses and it is committed; what shows the card, if it was taken."""
        self.scene.words["card"] = words
        group, now = await self.scene.group(), self.clock()
        asked = Request(
            words, "console", "space-1", "channel-1", "ana", now, message=message or None
        )
        async with self.scene.database.writing() as session:
            await refresh(session, group, now, Post.key == "card")
            return await by.cards.take(session, group, "card", asked)

    @property
    def edits(self) -> list[str]:
        return [words for _, words in self.scene.messenger.edits]


async def a_table(database: Database) -> tuple[Table, Delivery]:
    table = Table(database)
    await table.scene.write("card")
    process = table.process()
    assert await process.deliver_due(NOON) == 1
    return table, process


async def test_what_was_shown_where_it_was_pressed_is_not_edited(database: Database) -> None:
    table, process = await a_table(database)

    show = await table.press(process, "one")
    assert await process.deliver_due(table.clock()) == 0
    assert show is not None
    assert await show(table.put)

    assert await process.deliver_due(table.clock.step(seconds=20)) == 0
    post = await table.scene.post("card")
    assert (post.state, post.claimed_by, post.version) == ("sent", None, 2)
    assert (table.shown, table.edits) == (["one"], [])


async def test_a_press_while_another_is_being_shown_is_edited_a_second_later(
    database: Database,
) -> None:
    table, process = await a_table(database)
    other = table.process()
    show = await table.press(process, "one")
    assert show is not None

    async def meanwhile(reply: Reply) -> None:
        await table.put(reply)
        assert await table.press(other, "two") is None

    assert await show(meanwhile)
    assert await other.deliver_due(table.clock.step(seconds=0.9)) == 0
    assert await other.deliver_due(table.clock.step(seconds=0.1)) == 1
    assert (table.shown, table.edits) == (["one"], ["two"])


async def test_a_card_that_changed_within_the_last_second_rests(database: Database) -> None:
    table, process = await a_table(database)
    show = await table.press(process, "one")
    assert show is not None
    assert await show(table.put)

    for press in ("two", "three"):
        table.clock.step(seconds=0.3)
        assert await table.press(process, press) is None
    assert await process.deliver_due(table.clock.step(seconds=0.3)) == 0
    assert await process.deliver_due(table.clock.step(seconds=0.1)) == 1
    table.clock.step(seconds=1)
    show = await table.press(process, "four")
    assert show is not None
    assert await show(table.put)

    assert (table.shown, table.edits) == (["one", "four"], ["three"])


async def test_a_way_that_is_refused_leaves_the_card_to_be_edited_at_once(
    database: Database,
) -> None:
    table, process = await a_table(database)
    show = await table.press(process, "one")
    assert show is not None

    assert not await show(table.refuse)

    assert await process.deliver_due(table.clock()) == 1
    assert (table.shown, table.edits) == ([], ["one"])


async def test_a_process_that_dies_before_it_shows_the_card_leaves_it_to_be_edited(
    database: Database,
) -> None:
    table, process = await a_table(database)
    assert await table.press(process, "one") is not None

    other = table.process()
    assert await other.deliver_due(table.clock()) == 0
    assert await other.deliver_due(table.clock.step(seconds=SHOWING.total_seconds())) == 1
    assert table.edits == ["one"]

    table.clock.step(seconds=2)
    assert await table.press(other, "two") is not None
    alone = table.process()
    await alone.take_over()
    assert await alone.deliver_due(table.clock()) == 1
    assert table.edits == ["one", "two"]


async def test_only_a_press_of_the_card_itself_is_shown_in_place(sqlite_database: Database) -> None:
    table, process = await a_table(sqlite_database)

    assert await table.press(process, "one", "a-private-copy") is None
    assert await table.press(process, "two", "") is None

    assert await process.deliver_due(table.clock()) == 1
    assert table.edits == ["two"]


async def test_a_card_whose_edit_failed_is_tried_at_once_when_it_is_pressed(
    sqlite_database: Database,
) -> None:
    table, process = await a_table(sqlite_database)
    table.scene.words["card"] = "broken"
    group = await table.scene.group()
    async with sqlite_database.writing() as session:
        await refresh(session, group, NOON, Post.key == "card")
    assert await process.deliver_due(NOON) == 0
    assert (await table.scene.post("card")).try_at > NOON

    table.clock.step(milliseconds=10)
    await table.press(process, "one")

    assert (await table.scene.post("card")).try_at <= table.clock() + timedelta(seconds=1)
