"""A scene for delivery: groups with posts, a clock, and a messenger that records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.replies import Reply, Text
from bot.context import Composed, Composing, Later
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.outbox import Draft, Sent, Target, enqueue
from bot.store.tables import Group, Post, Space
from scheduler.deliver import Delivery
from scheduler.tries import Setting

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def step(self, **ahead: float) -> datetime:
        """Move it ahead."""
        self.now += timedelta(**ahead)
        return self.now


def running_clock() -> Callable[[], datetime]:
    """A clock that begins at noon and runs."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    return lambda: NOON + timedelta(seconds=loop.time() - began)


@dataclass
class Recorder:
    """A messenger that keeps what it is given; `before` may fail or hold a send."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    edits: list[tuple[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    before: Callable[[str], Awaitable[None]] | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Keep a new message."""
        self.times.append(asyncio.get_running_loop().time())
        if self.before is not None:
            await self.before(key)
        self.sent.append((target.person or target.channel, key, str(reply.text)))
        await self._tell()
        return Sent(target.channel, f"message-{len(self.sent)}")

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """Keep an edit."""
        self.times.append(asyncio.get_running_loop().time())
        if self.before is not None:
            await self.before(sent.message)
        self.edits.append((sent.message, str(reply.text)))
        await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until what was recorded meets a condition."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(met)

    @property
    def keys(self) -> list[str]:
        """The keys of what was sent, in order."""
        return [key for _, key, _ in self.sent]


@dataclass
class Scene:
    """A database with groups, what they are told, and who delivers it."""

    database: Database
    clock: Callable[[], datetime]
    messenger: Recorder = field(default_factory=Recorder)
    commands: Commands = field(default_factory=Commands)
    words: dict[str, str] = field(default_factory=dict)
    later: dict[str, datetime] = field(default_factory=dict)
    composed: list[str] = field(default_factory=list)
    seed: int = 0
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Declare the one kind of post there is here: `note`."""
        self.commands.post("note")(self._compose)

    async def _compose(self, about: Composing) -> Composed:
        key = about.post.key
        self.composed.append(key)
        self.happened.set()
        words = self.words.get(key, f"{about.group.name}: {key}")
        if words == "broken":
            raise RuntimeError("these words cannot be made")
        if words == "nothing":
            return None
        if key in self.later and about.now < self.later[key]:
            return Later(self.later[key])
        return Reply(Text("{words}", words=words))

    def setting(self) -> Setting:
        """A setting of its own name: each delivery of a test is another process."""
        self.seed += 1
        return Setting(
            self.database,
            self.commands,
            {"console": self.messenger},
            self.clock,
            Random(self.seed),
            at=lambda point: self.happened.set(),
        )

    async def until(self, met: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something that happens in a delivery meets a condition."""
        async with asyncio.timeout(20):
            while True:
                self.happened.clear()
                if await met():
                    return
                await self.happened.wait()

    async def until_composed(self, key: str) -> None:
        """Wait until the words of a post were made."""

        async def made() -> bool:
            return key in self.composed

        await self.until(made)

    async def until_state(self, key: str, state: str) -> Post:
        """Wait until a post was recorded so and is in nobody's hands."""

        async def reached() -> bool:
            post = await self.post(key)
            return post.state == state and post.claimed_by is None

        await self.until(reached)
        return await self.post(key)

    def delivery(self, setting: Setting | None = None) -> Delivery:
        """Somebody who delivers, without pace."""
        return Delivery(setting or self.setting())

    async def group(self, number: int = 1, platform: str = "console") -> Group:
        """The group with this number, started if it was not there."""
        async with self.database.writing() as session:
            found = await session.get(Group, number, execution_options=ACROSS_GROUPS)
            if found is not None:
                return found
            space = Space(platform=platform, ref=f"space-{number}")
            session.add(space)
            await session.flush()
            group = a_group(number, space.id)
            session.add(group)
            return group

    async def write(
        self, *keys: str, due: datetime = NOON, number: int = 1, **more: object
    ) -> None:
        """Write posts for a group."""
        group = await self.group(number)
        async with self.database.writing() as session:
            drafts = [Draft(key, "note", due, **more) for key in keys]  # type: ignore[arg-type]
            await enqueue(session, group, *drafts)

    async def post(self, key: str) -> Post:
        """The post with this key as it stands."""
        return (await self.posts([key]))[0]

    async def posts(self, keys: Iterable[str]) -> list[Post]:
        """The posts with these keys as they stand."""
        async with self.database.reading() as session:
            found = await session.scalars(
                select(Post).where(Post.key.in_(list(keys))).order_by(Post.id),
                execution_options=ACROSS_GROUPS,
            )
            return list(found)


def a_group(number: int, space: int) -> Group:
    """A group that meets every week."""
    return Group(
        id=number,
        space_id=space,
        channel=f"channel-{number}",
        name=f"Group {number}",
        every="week",
        weekday=1,
        time=time(18),
        zone="UTC",
        first=date(2026, 3, 3),
        seed=number,
        created_at=NOON,
    )
