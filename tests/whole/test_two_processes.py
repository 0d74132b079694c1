"""Two programs on one PostgreSQL, both connected to both platforms: one bot for the people."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Change, Post
from tests.databases import keyed
from tests.whole.process import House
from tests.whole.sides import OnDiscord, OnSlack, Side, both_sides, promised

NUMBERS = range(31, 34)


async def test_two_processes_on_one_database_say_and_do_everything_once(
    tmp_path: Path, bare_postgresql_url: str
) -> None:
    async with both_sides() as (discord, slack):
        house = House(tmp_path, discord.fake, slack.fake, bare_postgresql_url)
        async with house.running() as one, house.running() as other:
            await asyncio.gather(one.ready(), other.ready())
            await _both_listen(discord, slack)
            await asyncio.gather(*(_is_changed_often(side) for side in (discord, slack)))
            await asyncio.gather(_changed_at_once(discord), _changed_at_once(slack))
            for process in (one, other):
                process.stop()
                assert await process.ended() == 0, process.said
        await _everything_is_there_once(house, (discord, slack))


async def _both_listen(discord: OnDiscord, slack: OnSlack) -> None:
    await discord.until(lambda: len(discord.fake.gateway.live()) == 2, "two connections")
    await slack.until(lambda: len(slack.fake.sockets.open) >= 2, "two sockets")


async def _is_changed_often(side: Side) -> None:
    """One after the other: whichever process takes it, Ana is told what she did."""
    assert "is started" in (await side.start())
    await side.says("Members")
    for number in NUMBERS:
        assert await side.change(number), number


async def _changed_at_once(side: Side) -> None:
    more = [number + 100 for number in NUMBERS]
    kept = await asyncio.gather(*(side.change(number) for number in more))
    assert all(kept)
    for number in (*NUMBERS, *more):
        await side.says(promised(number))


async def _everything_is_there_once(house: House, sides: tuple[Side, ...]) -> None:
    for side in sides:
        assert side.times_said("Members") == 1
        for number in (*NUMBERS, *(number + 100 for number in NUMBERS)):
            assert side.times_said(promised(number)) == 1, (side.platform, number)
    database = keyed(house.url, house.folder)
    try:
        async with database.reading() as session:
            changes = await session.scalars(select(Change), execution_options=ACROSS_GROUPS)
            made = Counter((change.group_id, change.after["minutes"]) for change in changes)
            posts = await session.scalars(select(Post), execution_options=ACROSS_GROUPS)
            doubled = [post.key for post in posts if post.doubled]
    finally:
        await database.close()
    assert (len(made), set(made.values())) == (len(sides) * 2 * len(NUMBERS), {1})
    assert doubled == []
