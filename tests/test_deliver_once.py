"""Each post is delivered once, however many deliver and whenever they die."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.outbox import LEASE, cancel, refresh
from bot.store.tables import Post
from scheduler.deliver import Delivery
from tests.databases import keyed
from tests.posting import NOON, Clock, Scene


class Killed(BaseException):
    """The process ended here."""


def kill_at(point: str) -> Callable[[str], None]:
    """A failpoint at which the process ends."""

    def at(name: str) -> None:
        if name == point:
            raise Killed(name)

    return at


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database, Clock())


async def test_what_is_due_is_sent_in_order_and_nothing_else(scene: Scene) -> None:
    await scene.write("later", due=NOON + timedelta(seconds=1))
    await scene.write("second", due=NOON)
    await scene.write("first", due=NOON - timedelta(seconds=1))

    assert await scene.delivery().deliver_due(NOON) == 2
    assert scene.messenger.keys == ["first", "second"]
    first = await scene.post("first")
    assert (first.state, first.message, first.channel) == ("sent", "message-1", "channel-1")
    assert first.claimed_by is None
    assert (await scene.post("later")).state == "open"


async def test_two_deliveries_on_one_database_send_each_post_once(scene: Scene) -> None:
    keys = [f"post-{n:03}" for n in range(120)]
    await scene.write(*keys)

    counts = await asyncio.gather(*(scene.delivery().deliver_due(NOON) for _ in range(3)))

    assert sum(counts) == 120
    assert sorted(scene.messenger.keys) == keys


async def test_two_processes_on_one_file_send_each_post_once(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}"
    databases = [keyed(url), keyed(url)]
    await databases[0].create()
    one = Scene(databases[0], Clock())
    other = Scene(databases[1], Clock(), one.messenger, seed=100)
    keys = [f"post-{n:03}" for n in range(120)]
    await one.write(*keys)

    counts = await asyncio.gather(
        *(scene.delivery().deliver_due(NOON) for scene in (one, other, one, other))
    )

    assert sum(counts) == 120
    assert sorted(one.messenger.keys) == keys
    for database in databases:
        await database.close()


async def test_a_process_that_died_before_sending_is_late_not_silent(scene: Scene) -> None:
    clock = scene.clock
    assert isinstance(clock, Clock)
    await scene.write("call")
    with pytest.raises(Killed):
        await scene.delivery(replace(scene.setting(), at=kill_at("claimed"))).deliver_due(NOON)

    next_one = scene.delivery()
    assert await next_one.deliver_due(clock.step(seconds=30)) == 0
    assert await next_one.deliver_due(NOON + LEASE) == 1
    assert scene.messenger.keys == ["call"]


async def test_a_process_that_died_after_sending_is_counted_as_a_possible_double(
    scene: Scene,
) -> None:
    await scene.write("call")
    with pytest.raises(Killed):
        await scene.delivery(replace(scene.setting(), at=kill_at("sent"))).deliver_due(NOON)

    next_one = scene.delivery()
    await next_one.deliver_due(NOON + LEASE)

    assert scene.messenger.keys == ["call", "call"]
    assert (await scene.post("call")).doubled
    assert next_one.counts.doubled == 1


async def test_a_process_that_died_after_recording_has_done_its_work(scene: Scene) -> None:
    await scene.write("call")
    with pytest.raises(Killed):
        await scene.delivery(replace(scene.setting(), at=kill_at("recorded"))).deliver_due(NOON)

    assert await scene.delivery().deliver_due(NOON + 2 * LEASE) == 0
    post = await scene.post("call")
    assert (post.state, post.doubled) == ("sent", False)


async def test_the_only_process_takes_over_at_once_what_a_dead_one_held(scene: Scene) -> None:
    await scene.write("call")
    await scene.write("ahead", due=NOON + timedelta(seconds=5))
    with pytest.raises(Killed):
        await scene.delivery(replace(scene.setting(), at=kill_at("claimed"))).deliver_due(NOON)

    next_one = scene.delivery()
    await next_one.take_over()

    assert await next_one.deliver_due(NOON) == 1
    assert scene.messenger.keys == ["call"]


async def test_a_post_that_changes_while_it_is_sent_is_edited_to_the_newest_state(
    scene: Scene,
) -> None:
    await scene.write("card")
    scene.words["card"] = "old"
    group = await scene.group()

    async def press(key: str) -> None:
        if scene.words["card"] == "new":
            return
        scene.words["card"] = "new"
        async with scene.database.writing() as session:
            await refresh(session, group, NOON, Post.key == "card")

    scene.messenger.before = press
    await scene.delivery().deliver_due(NOON)

    assert scene.messenger.sent == [("channel-1", "card", "old")]
    assert scene.messenger.edits == [("message-1", "new")]
    post = await scene.post("card")
    assert (post.state, post.version, post.claimed_by) == ("sent", 2, None)


async def test_a_post_cancelled_while_it_is_claimed_is_not_sent(scene: Scene) -> None:
    await scene.write("one", "two")
    group = await scene.group()

    async def cancel_the_other(key: str) -> None:
        async with scene.database.writing() as session:
            await cancel(session, group, "moved", Post.key == "two")

    scene.messenger.before = cancel_the_other
    await scene.delivery().deliver_due(NOON)

    assert scene.messenger.keys == ["one"]
    assert (await scene.post("two")).reason == "moved"


async def test_a_late_result_of_somebody_overtaken_changes_nothing(scene: Scene) -> None:
    await scene.write("call")
    slow, fast = scene.delivery(), scene.delivery()
    others: list[Delivery] = [fast]

    async def overtake(key: str) -> None:
        while others:
            await others.pop().deliver_due(NOON + LEASE)

    scene.messenger.before = overtake
    await slow.deliver_due(NOON)

    post = await scene.post("call")
    assert (post.state, post.message) == ("sent", "message-1")
    assert slow.counts.doubled == 1
