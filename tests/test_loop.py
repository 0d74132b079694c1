"""The metronome beats on, and a tick writes what comes and clears what is old."""

import asyncio
import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import ACROSS_GROUPS, Database
from bot.store.outbox import Draft, enqueue
from bot.store.tables import Post, Seen
from scheduler.loop import Metronome
from scheduler.tick import WINDOW, Plan, Ticking
from tests.posting import NOON, Clock, Scene, running_clock


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database, Clock())


async def test_a_tick_that_fails_is_logged_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticks: list[datetime] = []
    enough = asyncio.Event()

    async def tick(now: datetime) -> None:
        ticks.append(now)
        if len(ticks) == 1:
            raise RuntimeError("database is locked")
        enough.set()

    nudges: list[int] = []
    metronome = Metronome(tick, lambda: nudges.append(1), running_clock(), seconds=0.05)
    task = asyncio.create_task(metronome.run())
    async with asyncio.timeout(10):
        await enough.wait()
    assert metronome.age() < 5
    task.cancel()
    await asyncio.wait([task])

    assert nudges
    assert "a tick failed" in caplog.text


async def test_a_metronome_that_dies_silently_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    ticks: list[datetime] = []
    again = asyncio.Event()

    async def tick(now: datetime) -> None:
        ticks.append(now)
        if len(ticks) == 1:
            # What a failing job store does to APScheduler 3: no timer is set ever again.
            vars(metronome)["_scheduler"]._stop_timer()
            vars(metronome)["_scheduler"]._start_timer = lambda seconds: None
        else:
            again.set()

    metronome = Metronome(tick, lambda: None, running_clock(), seconds=0.05)
    task = asyncio.create_task(metronome.run())
    async with asyncio.timeout(10):
        await again.wait()
    task.cancel()
    await asyncio.wait([task])

    told = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert "silent" in told[0]


async def test_a_slow_tick_is_not_begun_twice() -> None:
    running, most = 0, 0
    ended = asyncio.Event()

    async def tick(now: datetime) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2)
        running -= 1
        ended.set()

    metronome = Metronome(tick, lambda: None, running_clock(), seconds=0.02)
    task = asyncio.create_task(metronome.run())
    async with asyncio.timeout(10):
        await ended.wait()
    task.cancel()
    await asyncio.wait([task])

    assert most == 1


async def test_a_tick_writes_what_comes_until_all_is_written_and_wakes_delivery(
    scene: Scene,
) -> None:
    group = await scene.group()
    woken: list[int] = []
    left = ["c", "b", "a"]

    async def plan(session: AsyncSession, now: datetime) -> bool:
        if not left:
            return False
        await enqueue(session, group, Draft(left.pop(), "note", now))
        return True

    await Ticking(scene.database, [plan], lambda: woken.append(1)).tick(NOON)

    assert [post.key for post in await scene.posts("abc")] == ["a", "b", "c"]
    assert len(woken) == 3


async def test_a_tick_with_nothing_to_write_writes_nothing(scene: Scene) -> None:
    planned: list[datetime] = []

    async def plan(session: AsyncSession, now: datetime) -> None:
        planned.append(now)

    async def due(session: AsyncSession, now: datetime) -> list[Plan]:
        return [plan] if now >= NOON else []

    ticking = Ticking(scene.database, [plan], due=due)
    await ticking.tick(NOON - timedelta(seconds=1))
    await ticking.tick(NOON)

    assert planned == [NOON]


async def test_a_plan_that_fails_does_not_keep_the_others_from_theirs(scene: Scene) -> None:
    group = await scene.group()

    async def fail(session: AsyncSession, now: datetime) -> None:
        raise RuntimeError("this plan fails")

    async def write(session: AsyncSession, now: datetime) -> None:
        await enqueue(session, group, Draft("written", "note", now))

    with pytest.raises(RuntimeError, match="this plan fails"):
        await Ticking(scene.database, [fail, write]).tick(NOON)

    assert (await scene.post("written")).state == "open"


async def test_requests_are_remembered_for_two_days(scene: Scene) -> None:
    async with scene.database.writing() as session:
        for hours in (1, 47, 49, 500):
            session.add(Seen(key=f"{hours} hours ago", at=NOON - timedelta(hours=hours)))

    await Ticking(scene.database, []).tick(NOON)

    async with scene.database.reading() as session:
        kept = set(await session.scalars(select(Seen.key)))
    assert kept == {"1 hours ago", "47 hours ago"}


async def test_finished_posts_are_cleared_after_ninety_days_little_by_little(scene: Scene) -> None:
    old, young = NOON - timedelta(days=91), NOON - timedelta(days=89)
    await scene.write("open and old", due=old)
    await scene.write(*(f"old-{n}" for n in range(WINDOW)), due=old)
    await scene.write("young", due=young)
    await finish(scene, "open and old")
    async with scene.database.writing() as session:
        lasting = await count(session)
        await session.execute(insert(Post).values(**a_card(old)))
    ticking = Ticking(scene.database, [], lasting=frozenset({"card"}))

    for _ in range(4):
        await ticking.clear(NOON)

    async with scene.database.reading() as session:
        keys = await session.scalars(
            select(Post.key).order_by(Post.key), execution_options=ACROSS_GROUPS
        )
        assert set(keys) == {"open and old", "young", "the group's card"}
    assert lasting == WINDOW + 2


async def finish(scene: Scene, but: str) -> None:
    """Mark all posts but one as sent."""
    async with scene.database.writing() as session:
        for post in await session.scalars(
            select(Post).where(Post.key != but), execution_options=ACROSS_GROUPS
        ):
            post.state = "sent"


async def count(session: AsyncSession) -> int:
    """How many posts there are."""
    found = await session.scalar(
        select(func.count()).select_from(Post), execution_options=ACROSS_GROUPS
    )
    return found or 0


def a_card(due: datetime) -> dict[str, object]:
    """A card that lives as long as its group."""
    return {
        "space_id": 1,
        "group_id": 1,
        "key": "the group's card",
        "kind": "card",
        "due_at": due,
        "try_at": due,
        "state": "sent",
        "version": 1,
        "attempts": 0,
        "doubled": False,
    }
