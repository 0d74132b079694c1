"""A press is on its card at once, a moment is kept, and no card is edited twice in a second."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from adapters.discord.client import Discord
from adapters.slack.client import Slack
from bench.answers import UncheckedSlack, seated
from bench.circles import Home, add_circles, with_keys
from bench.measure import BEGAN, Line, percentile, running_clock
from bot.app import App
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.floor import start_round
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.outbox import REST, Draft, Messenger, Sent, Target, enqueue
from bot.store.tables import Group, Member, Post
from bot.turns.kept import add_round, card_key
from scheduler.collector import spare_the_loop
from scheduler.deliver import Delivery
from scheduler.pacing import DISCORD, Pace, slack
from scheduler.tries import Setting
from tests.discord_running import settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack.desk import config

CARDS, PEOPLE = 20, 50
PRESSES = 15
"""Presses of each card, one after the other and a little more than a second apart."""
MEETINGS = 200
FIRST, BETWEEN = timedelta(seconds=8), timedelta(milliseconds=100)
"""When the first planned moment is, and how far apart the others are."""
STORMED, STORM = 4, 60
"""So many cards are pressed twenty times a second, so many times each."""


class Side(ABC):
    """One platform as this part needs it; cards go by their number."""

    people: Sequence[Any]
    cards: list[Any]

    @abstractmethod
    def now(self) -> float:
        """The platform's time in seconds."""

    @abstractmethod
    def changes(self, card: Any) -> list[float]:
        """When a card came to say something else."""

    @abstractmethod
    def next_action(self, card: Any) -> str:
        """What pressing Next, or Back where there is no Next, stands for on the card now."""

    @abstractmethod
    async def press(self, number: int, who: int, action: str) -> None:
        """A member presses; done when the bot has answered."""

    @abstractmethod
    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for something to be so on the platform."""


class OnDiscord(Side):
    """Cards on Discord."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.people = [fake.person(f"p{number}") for number in range(PEOPLE)]
        self.channels = [fake.new_channel(f"c{number}") for number in range(CARDS)]

    def now(self) -> float:
        return self.fake.state.clock.now().timestamp()

    def changes(self, card: Any) -> list[float]:
        return [at.timestamp() for at, _ in card.changes]

    def next_action(self, card: Any) -> str:
        return str(next(iter(card.parts(2)))["custom_id"])

    async def press(self, number: int, who: int, action: str) -> None:
        made = await self.fake.send_press_id(self.people[who], self.cards[number], action)
        await self.fake.until(lambda: made.first is not None, "an answer")

    async def until(self, ready: Callable[[], bool]) -> None:
        await self.fake.until(ready, "something on Discord", 60)


class OnSlack(Side):
    """Cards on Slack."""

    def __init__(self, fake: UncheckedSlack) -> None:
        self.fake = fake
        self.people = [fake.add_user(f"p{number}") for number in range(PEOPLE)]
        self.channels = [
            fake.add_channel(f"c{number}", *self.people[number::CARDS]) for number in range(CARDS)
        ]

    def now(self) -> float:
        return self.fake.clock()

    def changes(self, card: Any) -> list[float]:
        return [at for at, _ in card.changes]

    def next_action(self, card: Any) -> str:
        return str(card.blocks[-1]["elements"][0]["value"])

    async def press(self, number: int, who: int, action: str) -> None:
        button = {"action_id": f"0:{action}", "value": action, "text": {"text": "Next"}}
        payload = self.fake.click(self.people[who], self.cards[number], button)
        seen = await self.fake.send("interactive", payload, self.people[who])
        assert seen.failed is None, seen.failed

    async def until(self, ready: Callable[[], bool]) -> None:
        await self.fake.until(ready, seconds=60)


class Moments:
    """A platform of its own on which meetings run and posts have their moments."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.late: list[float] = []
        self.over = asyncio.Event()

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Note how long after its moment a post was handed over."""
        due = BEGAN + FIRST + BETWEEN * int(target.channel)
        self.late.append((self._clock() - due).total_seconds())
        if len(self.late) == MEETINGS:
            self.over.set()
        return Sent(target.channel, key)

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """No edits are expected here."""


async def live(folder: Path) -> list[Line]:
    """Both platforms, one after the other."""
    spare_the_loop()
    async with on_discord(folder) as (side, moments, app):
        lines = await _measured("Discord", side, moments, app)
    async with on_slack(folder) as (side, moments, app):
        return [*lines, *await _measured("Slack", side, moments, app)]


@asynccontextmanager
async def on_discord(folder: Path) -> AsyncIterator[tuple[Side, Moments, App]]:
    """The bot on Discord, with groups in twenty channels and two hundred elsewhere."""
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeDiscord(check_bodies=False))
        side = OnDiscord(fake)
        circles = seated([c.id for c in side.channels], [p.id for p in side.people])
        home = Home("discord", fake.guild.id, circles)
        app, clock = await _app(stack, folder / "discord.db", home)
        bot = await stack.enter_async_context(Discord(settings(fake), app, clock))
        await fake.connected()
        moments = await _deliver(stack, app, clock, ("discord", bot.messenger, DISCORD))
        await _start(app, home, clock)
        side.cards = [await fake.message(channel, "the floor") for channel in side.channels]
        yield side, moments, app


@asynccontextmanager
async def on_slack(folder: Path) -> AsyncIterator[tuple[Side, Moments, App]]:
    """The same on Slack."""
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(UncheckedSlack())
        side = OnSlack(fake)
        home = Home("slack", fake.team, seated(side.channels, side.people))
        app, clock = await _app(stack, folder / "slack.db", home)
        bot = await stack.enter_async_context(Slack(config(fake), app, clock))
        await fake.until(lambda: fake.sockets.open)
        moments = await _deliver(stack, app, clock, ("slack", bot.messenger, slack(300)))
        await _start(app, home, clock)
        await side.until(lambda: len(fake.all_messages) == CARDS)
        side.cards = [fake.messages(channel)[0] for channel in side.channels]
        yield side, moments, app


async def _app(stack: AsyncExitStack, path: Path, home: Home) -> tuple[App, Callable[[], datetime]]:
    database = with_keys(path)
    stack.push_async_callback(database.close)
    await database.create()
    starts = BEGAN + timedelta(days=6)
    await add_circles(database, home, BEGAN, starts)
    circle = [f"person-{number}" for number in range(5)]
    elsewhere = {str(number): circle for number in range(MEETINGS)}
    await add_circles(database, Home("bench", "space", elsewhere), BEGAN, starts)
    await _plan(database)
    return App(database, Random(1)), running_clock()


async def _plan(database: Database) -> None:
    """A round runs in each of two hundred meetings, and something is said of it at a moment."""
    async with database.writing() as session:
        groups = await session.scalars(
            select(Group).where(Group.channel.in_([str(n) for n in range(MEETINGS)])),
            execution_options=ACROSS_GROUPS,
        )
        for group in list(groups):
            members = await session.scalars(select(Member.id).where(Member.group_id == group.id))
            ids = list(members)
            number = await add_round(session, group, start_round(ids), ids[0], BEGAN)
            moment = BEGAN + FIRST + BETWEEN * int(group.channel)
            await enqueue(session, group, Draft(card_key(number), "round", moment, subject=number))


async def _deliver(
    stack: AsyncExitStack,
    app: App,
    clock: Callable[[], datetime],
    to: tuple[str, Messenger, Pace],
) -> Moments:
    platform, messenger, pace = to
    moments = Moments(clock)
    messengers: dict[str, Messenger] = {platform: messenger, "bench": moments}
    setting = Setting(app.database, app.commands, messengers, clock, Random(2), rest=REST)
    delivery = Delivery(setting, {platform: pace})
    app.wake, app.touch = delivery.wake, delivery.touch
    app.take = delivery.cards.take
    task = asyncio.create_task(delivery.run())
    stack.push_async_callback(asyncio.wait, [task])
    stack.callback(task.cancel)
    return moments


async def _start(app: App, home: Home, clock: Callable[[], datetime]) -> None:
    """A round begins in every channel, and its card is there."""
    for channel, circle in home.circles.items():
        request = Request(channel, home.platform, home.space, channel, circle[0], clock())
        answer = await app.command(request, "turn start", {"order": "as joined"})
        assert isinstance(answer, Reply), answer
    await _recorded(app, home.platform)


async def _recorded(app: App, platform: str) -> None:
    """Wait until the cards of this platform are what the outbox says they are."""
    waiting = (
        select(func.count())
        .select_from(Post)
        .where(Post.kind == "round", Post.due_at < BEGAN + FIRST, Post.state == "open")
    )
    while True:
        async with app.database.reading() as session:
            if not await session.scalar(waiting, execution_options=ACROSS_GROUPS):
                return
        await asyncio.sleep(0.05)


async def _measured(name: str, side: Side, moments: Moments, app: App) -> list[Line]:
    rng = Random(3)
    pressing = [_pressed(side, number, Random(rng.random())) for number in range(CARDS)]
    took = [one * 1e3 for times in await asyncio.gather(*pressing) for one in times]
    async with asyncio.timeout(60):
        await moments.over.wait()
    await asyncio.gather(*(_stormed(side, number) for number in range(STORMED)))
    often = max(_most_in_a_second(side.changes(card)) for card in side.cards)
    late = [one * 1e3 for one in moments.late]
    note = f"(p50 {percentile(took, 0.5):.0f} ms, longest {max(took):.0f} ms)"
    return [
        Line(
            f"a press on {name} until its card shows it, p99",
            percentile(took, 0.99),
            300,
            " ms",
            note=note,
        ),
        Line(f"edits of one card on {name} in a second", often, 1),
        Line("a planned post after its moment meanwhile, p99", percentile(late, 0.99), 1000, " ms"),
        Line("the same, the latest of 200", max(late), 1000, " ms"),
        Line("planned posts before their moment", sum(one < 0 for one in late), 0),
    ]


async def _pressed(side: Side, number: int, rng: Random) -> list[float]:
    """The members press in turn, each time a card has rested; seconds until it showed that."""
    card, took, last = side.cards[number], [], side.now() + rng.random() - 1
    for step in range(PRESSES):
        await asyncio.sleep(max(0.0, last + 1.05 + rng.random() / 2 - side.now()))
        seen, began = len(side.changes(card)), side.now()
        who = number + CARDS * (step % 2)
        action = _stepping(side.next_action(card), step)
        pressed = asyncio.create_task(side.press(number, who, action))
        await side.until(lambda seen=seen: len(side.changes(card)) > seen)  # type: ignore[misc]
        last = side.changes(card)[-1]
        took.append(last - began)
        await pressed
    return took


async def _stormed(side: Side, number: int) -> None:
    """One card is pressed twenty times a second, and shows the last press in the end."""
    card, first = side.cards[number], side.next_action(side.cards[number])
    start, _, version = first.rpartition(":")
    for step in range(STORM):
        began = side.now()
        action = _stepping(f"{start}:{int(version) + step}", PRESSES + step)
        await side.press(number, number + CARDS * (step % 2), action)
        await asyncio.sleep(max(0.0, began + 0.05 - side.now()))
    newest = f":{int(version) + STORM}"
    await side.until(lambda: side.next_action(card).endswith(newest))


def _stepping(action: str, step: int) -> str:
    """Next and Back by turns, so that a round never ends."""
    return f"turn.{'back' if step % 2 else 'next'}:{action.partition(':')[2]}"


def _most_in_a_second(times: Sequence[float]) -> int:
    return max(sum(at <= other < at + 1 for other in times) for at in times)
