"""Killed at the worst moments the program loses nothing, and says nothing twice on Discord."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.ops.migrate import migrate
from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Post
from tests.databases import keyed
from tests.whole.process import PATIENCE, House, Process
from tests.whole.sides import START, OnDiscord, OnSlack, Side, both_sides, promised

CARD = "Members"


def house_of(folder: Path, sides: Sequence[Side]) -> House:
    """A folder in which only these platforms have their tokens."""
    discord = next((side.fake for side in sides if isinstance(side, OnDiscord)), None)
    slack = next((side.fake for side in sides if isinstance(side, OnSlack)), None)
    return House(folder, discord, slack)


def _url(house: House) -> str:
    return house.url.replace("sqlite:///", "sqlite+aiosqlite:///")


async def start_unsaid(house: House, sides: Sequence[Side]) -> None:
    """Groups are started, and nothing of it was said yet when the program went down."""
    await migrate(_url(house))
    database = keyed(_url(house), house.folder)
    try:
        app = App(database, Random(1))
        for side in sides:
            answer = await app.command(_request(side), "group start", START)
            assert isinstance(answer, Reply), answer
    finally:
        await database.close()


def _request(side: Side) -> Request:
    now = datetime.now(UTC)
    if isinstance(side, OnDiscord):
        table = side.fake.table
        assert table.guild is not None
        return Request("1", "discord", table.guild.id, table.id, side.ana.id, now, may_post=True)
    assert isinstance(side, OnSlack)
    return Request("1", "slack", side.fake.team, side.channel, side.ana, now)


async def posts_of(house: House) -> list[Post]:
    """All that was ever to be said."""
    database = keyed(_url(house), house.folder)
    try:
        async with database.reading() as session:
            found = await session.scalars(select(Post), execution_options=ACROSS_GROUPS)
            return list(found)
    finally:
        await database.close()


async def all_said(house: House) -> None:
    """Wait until nothing that is due waits to be said."""
    async with asyncio.timeout(PATIENCE):
        while any(
            post.state == "open" and post.due_at <= datetime.now(UTC)
            for post in await posts_of(house)
        ):
            await asyncio.sleep(0.05)


async def killed_at(point: str, house: House, sides: Sequence[Side]) -> None:
    """Run it until it dies at the named point."""
    acting: list[asyncio.Task[bool]] = []
    async with house.running({"ROUNDS_FAILPOINT": point}) as process:
        if point == "committed":
            await process.ready()
            await all_said(house)
            acting = [asyncio.create_task(side.change(40)) for side in sides]
        assert await process.ended() == -signal.SIGKILL, process.said
    for task in acting:
        task.cancel()


@pytest.mark.parametrize(
    ("point", "platforms"),
    [
        ("committed", ("discord", "slack")),
        ("claimed", ("discord", "slack")),
        ("sent", ("discord",)),
        ("sent", ("slack",)),
        ("recorded", ("discord", "slack")),
    ],
)
async def test_a_crash_loses_nothing_and_doubles_only_what_slack_cannot_tell(
    point: str, platforms: tuple[str, ...], tmp_path: Path
) -> None:
    async with both_sides() as both:
        sides = [side for side in both if side.platform in platforms]
        house = house_of(tmp_path, sides)
        await start_unsaid(house, sides)
        await killed_at(point, house, sides)
        async with house.running() as process:
            await process.ready()
            await asyncio.gather(*(side.says(CARD) for side in sides))
            if point == "committed":
                await _said_once_of_those_kept(house, sides)
            await all_said(house)
            process.stop()
            assert await process.ended() == 0
        _check(point, sides, await posts_of(house))


async def _said_once_of_those_kept(house: House, sides: Sequence[Side]) -> None:
    """The one change that was committed before the end is told to its group."""
    kept = [post for post in await posts_of(house) if post.kind == "changed"]
    assert kept
    words = promised(40)
    while sum(side.times_said(words) for side in sides) < len(kept):
        await asyncio.sleep(0.05)
    assert sum(side.times_said(words) for side in sides) == len(kept)


def _check(point: str, sides: Sequence[Side], posts: Sequence[Post]) -> None:
    cards = {str(post.channel): post for post in posts if post.kind == "group"}
    assert [card.state for card in cards.values()] == ["sent"] * len(sides)
    for side in sides:
        card = cards[side.place]
        # What may have arrived twice is counted, whether or not it did.
        most = 1 + (side.platform == "slack" and card.doubled)
        assert 1 <= side.times_said(CARD) <= most
    if point == "sent":
        assert (side.times_said(CARD), card.doubled) == (most, True)


@pytest.mark.parametrize("point", ["claimed", "sent"])
async def test_a_crash_on_postgresql_loses_nothing_and_says_nothing_twice_on_discord(
    point: str, tmp_path: Path, bare_postgresql_url: str
) -> None:
    async with both_sides() as (discord, _):
        house = House(tmp_path, discord.fake, url=bare_postgresql_url)
        await start_unsaid(house, [discord])
        await killed_at(point, house, [discord])
        (left,) = [post for post in await posts_of(house) if post.claimed_by]
        # Another process may be alive: what the dead one held is left alone for a minute.
        assert left.try_at > datetime.now(UTC)
        async with house.running() as process:
            await process.ready()
            held = {post.claimed_by for post in await posts_of(house) if post.id == left.id}
            assert held == {left.claimed_by}
            await _a_minute_later(house)
            await discord.says(CARD)
            await all_said(house)
            process.stop()
            assert await process.ended() == 0
        _check(point, [discord], await posts_of(house))


async def _a_minute_later(house: House) -> None:
    """The leases of whoever died are over."""
    database = keyed(_url(house), house.folder)
    try:
        async with database.writing() as session:
            held = update(Post).where(Post.claimed_by.is_not(None)).values(try_at=datetime.now(UTC))
            await session.execute(held, execution_options=ACROSS_GROUPS)
    finally:
        await database.close()


async def test_kills_at_any_moment_break_no_promise(tmp_path: Path) -> None:
    rng = Random(20261123)
    async with both_sides() as sides:
        house = house_of(tmp_path, sides)
        await start_unsaid(house, sides)
        promises: dict[Side, list[int]] = {side: [] for side in sides}
        numbers = iter(range(31, 240))
        for _ in range(6):
            async with house.running() as process:
                await _live(process, sides, promises, numbers, rng)
        async with house.running() as process:
            await process.ready()
            for side in sides:
                for number in promises[side]:
                    await side.says(promised(number))
            await all_said(house)
            process.stop()
            assert await process.ended() == 0
        _sound(house)
        _kept(sides, promises, await posts_of(house))


async def _live(
    process: Process,
    sides: Sequence[Side],
    promises: dict[Side, list[int]],
    numbers: Iterator[int],
    rng: Random,
) -> None:
    """People change things and are told of it, until the power goes."""

    async def act(side: Side) -> None:
        while True:
            number = next(numbers)
            if await side.change(number):
                promises[side].append(number)
                await side.says(promised(number))

    async def wait_for(met: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not met():
                for task in acting:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.02)

    kept, asked = {side: len(promises[side]) for side in sides}, sum(s.asked for s in sides)
    acting = [asyncio.create_task(act(side)) for side in sides]
    if rng.random() < 0.6:
        await wait_for(lambda: all(len(promises[side]) > kept[side] for side in sides))
    else:
        await wait_for(lambda: sum(s.asked for s in sides) > asked)
    # The moment is what is drawn here: there is nothing more to wait for.
    await asyncio.wait(acting, timeout=rng.uniform(0.0, 0.6))
    process.kill()
    for task in acting:
        task.cancel()
    await asyncio.wait(acting)


def _sound(house: House) -> None:
    with sqlite3.connect(house.file) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def _kept(sides: Sequence[Side], promises: dict[Side, list[int]], posts: Sequence[Post]) -> None:
    """Every promise was kept, and whatever was committed was said, once or counted as twice."""
    assert all(promises.values())
    changes = [post for post in posts if post.kind == "changed"]
    assert {post.state for post in posts if post.due_at <= datetime.now(UTC)} <= {"sent", "expired"}
    told = {side: [side.times_said(promised(n)) for n in range(31, 240)] for side in sides}
    assert sum(1 for counts in told.values() for count in counts if count) == len(changes)
    for side in sides:
        most = 1 if side.platform == "discord" else 2
        assert max(told[side]) <= most
    twice = sum(count - 1 for counts in told.values() for count in counts if count)
    assert twice <= sum(post.doubled for post in changes)
