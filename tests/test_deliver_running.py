"""Delivery as a process runs it: on the instant, with the newest words, and stopped cleanly."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import DeliveryError
from bot.store.outbox import refresh
from bot.store.tables import Post
from scheduler.deliver import Delivery
from scheduler.pacing import Pace
from tests.databases import keyed
from tests.posting import NOON, Scene, running_clock
from tests.test_deliver_rooms import WithRooms, in_a_room


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    in_memory = database_url == "sqlite+aiosqlite://"
    database = keyed(database_url + f"/{tmp_path / 'r.db'}" if in_memory else database_url)
    if in_memory:
        await database.create()
    yield Scene(database, running_clock())
    await database.close()


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[Delivery]:
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_posts_leave_at_the_instant_they_are_due(scene: Scene) -> None:
    due = scene.clock() + timedelta(seconds=1)
    await scene.write(*(f"post-{n}" for n in range(30)), due=due)

    async with running(scene.delivery()):
        await scene.messenger.until(lambda: len(scene.messenger.sent) == 30)

        loop = asyncio.get_running_loop()
        instant = loop.time() + (due - scene.clock()).total_seconds()
        assert all(instant <= time < instant + 0.5 for time in scene.messenger.times)
        assert len(scene.composed) == 30


async def test_a_post_written_now_is_sent_at_once_when_delivery_is_woken(scene: Scene) -> None:
    async with running(scene.delivery()) as delivery:
        await scene.write("asleep", due=NOON)
        delivery.wake()
        await scene.messenger.until(lambda: scene.messenger.keys == ["asleep"])
        assert (await scene.until_state("asleep", "sent")).message == "message-1"


async def test_what_is_said_in_a_room_follows_as_soon_as_the_room_is_there(scene: Scene) -> None:
    scene.messenger = rooms = WithRooms()
    in_a_room(scene, ["hello"])
    async with running(scene.delivery()) as delivery:
        await scene.write("card", due=NOON)
        delivery.wake()
        await scene.messenger.until(lambda: scene.messenger.keys == ["card"])
        assert (await scene.until_state("card", "sent")).channel == "a-room"
        assert rooms.steps == ["made", "ana ben"]


async def test_words_made_ahead_are_made_again_when_the_group_was_touched(scene: Scene) -> None:
    await scene.write("call", due=scene.clock() + timedelta(seconds=1))

    async with running(scene.delivery()) as delivery:
        await scene.until_composed("call")
        scene.words["call"] = "what is true now"
        delivery.touch(1)
        await scene.messenger.until(lambda: bool(scene.messenger.sent))

    assert scene.messenger.sent[0][2] == "what is true now"


async def test_words_made_ahead_are_made_again_when_the_post_was_refreshed(scene: Scene) -> None:
    await scene.write("call", due=scene.clock() + timedelta(seconds=1))
    group = await scene.group()

    async with running(scene.delivery()):
        await scene.until_composed("call")
        scene.words["call"] = "what is true now"
        async with scene.database.writing() as session:
            await refresh(session, group, scene.clock(), Post.key == "call")
        await scene.messenger.until(lambda: bool(scene.messenger.sent))

    assert scene.messenger.sent[0][2] == "what is true now"


async def test_a_card_pressed_often_is_edited_once_a_second_and_ends_on_the_newest_state(
    scene: Scene,
) -> None:
    await scene.write("card")
    group = await scene.group()
    async with running(scene.delivery()) as delivery:
        await scene.messenger.until(lambda: len(scene.messenger.sent) == 1)
        for press in range(20):
            scene.words["card"] = f"press {press}"
            async with scene.database.writing() as session:
                await refresh(session, group, scene.clock(), Post.key == "card")
            delivery.touch(1)
            delivery.wake()
            await asyncio.sleep(0.02)
        await scene.messenger.until(lambda: ("message-1", "press 19") in scene.messenger.edits)
        await scene.until_state("card", "sent")

    times = scene.messenger.times
    assert len(scene.messenger.edits) <= times[-1] - times[0] + 2


async def test_two_processes_that_run_send_each_post_once(scene: Scene) -> None:
    due = scene.clock() + timedelta(seconds=1)
    keys = [f"post-{n:03}" for n in range(100)]
    async with running(scene.delivery()) as one, running(scene.delivery()) as other:
        await scene.write(*keys, due=due)
        one.wake()
        other.wake()
        await scene.messenger.until(lambda: len(scene.messenger.sent) >= 100)

    assert sorted(scene.messenger.keys) == keys


async def test_a_pace_that_is_refused_slows_down_and_nothing_is_lost(scene: Scene) -> None:
    refusals = ["post-3", "post-7"]

    async def refuse(key: str) -> None:
        if key in refusals:
            refusals.remove(key)
            wait = timedelta(seconds=0.2)
            raise DeliveryError("ratelimited", permanent=False, retry_after=wait)

    scene.messenger.before = refuse
    await scene.write(*(f"post-{n}" for n in range(20)))
    delivery = Delivery(scene.setting(), {"console": Pace(between=0.005)})
    async with running(delivery):
        await scene.messenger.until(lambda: len(scene.messenger.sent) == 20)

    assert len(set(scene.messenger.keys)) == 20
    assert delivery.counts.limited == 2


async def test_a_process_told_to_stop_ends_its_sends_and_gives_back_the_rest(scene: Scene) -> None:
    began, end = asyncio.Event(), asyncio.Event()

    async def hold(key: str) -> None:
        began.set()
        await end.wait()

    scene.messenger.before = hold
    await scene.write("under way")
    await scene.write("waiting", due=scene.clock() + timedelta(seconds=5))
    task = asyncio.create_task(scene.delivery().run())
    await began.wait()
    await scene.until_composed("waiting")

    task.cancel()
    asyncio.get_running_loop().call_later(0.05, end.set)
    with pytest.raises(asyncio.CancelledError):
        await task

    sent, waiting = await scene.posts(["under way", "waiting"])
    assert (sent.state, sent.claimed_by) == ("sent", None)
    assert (waiting.state, waiting.claimed_by, waiting.try_at) == ("open", None, waiting.due_at)


async def test_a_person_reached_by_name_is_reached_while_delivery_runs(scene: Scene) -> None:
    async with running(scene.delivery()) as delivery:
        await scene.write("start", due=scene.clock())
        delivery.wake()
        assert await delivery.reach("start")

    assert scene.messenger.keys == ["start"]


async def test_what_was_sent_while_the_database_was_locked_is_not_sent_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "locked.db"
    database = keyed(f"sqlite+aiosqlite:///{path}")
    await database.create()
    scene = Scene(database, running_clock())
    other = sqlite3.connect(path, isolation_level=None)

    async def lock(key: str) -> None:
        if key == "first":
            other.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(2.5, other.execute, "ROLLBACK")

    scene.messenger.before = lock
    await scene.write("first")
    async with running(scene.delivery()) as delivery:
        await scene.until_state("first", "sent")
        await scene.write("second")
        delivery.wake()
        await scene.until_state("second", "sent")

    assert scene.messenger.keys == ["first", "second"]
    assert delivery.counts.doubled == 0
    other.close()
    await database.close()
