"""What cannot be sent is tried again, given up with a reason, or expires."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import DeliveryError
from bot.store.database import Database
from bot.store.outbox import refresh
from bot.store.tables import Group, Post
from scheduler.results import FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, wait
from tests.posting import NOON, Clock, Scene


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scene(database: Database, clock: Clock) -> Scene:
    return Scene(database, clock)


def refuse(scene: Scene, error: DeliveryError, *keys: str) -> None:
    async def before(key: str) -> None:
        if not keys or key in keys:
            raise error

    scene.messenger.before = before


async def test_a_failure_that_passes_is_tried_again_later(scene: Scene, clock: Clock) -> None:
    await scene.write("call")
    refuse(scene, DeliveryError("http_500", permanent=False))
    delivery = scene.delivery()

    assert await delivery.deliver_due(NOON) == 0
    post = await scene.post("call")
    assert (post.state, post.attempts, post.reason) == ("open", 1, "http_500")
    assert NOON < post.try_at <= NOON + FIRST_WAIT + timedelta(milliseconds=100)

    scene.messenger.before = None
    assert await delivery.deliver_due(clock.step(seconds=3)) == 1
    assert (await scene.post("call")).reason is None


async def test_nothing_is_tried_before_the_platform_allows_it(scene: Scene) -> None:
    await scene.write("call")
    refuse(scene, DeliveryError("ratelimited", permanent=False, retry_after=timedelta(seconds=30)))

    await scene.delivery().deliver_due(NOON)

    assert (await scene.post("call")).try_at >= NOON + timedelta(seconds=30)


@given(st.integers(1, 60), st.integers(0, 2**32), st.none() | st.integers(0, 86_400))
def test_waits_are_spread_and_bounded(tries: int, seed: int, asked: int | None) -> None:
    after = None if asked is None else timedelta(seconds=asked)
    waited = wait(tries, after, Random(seed))

    floor = after or timedelta()
    assert floor < waited <= floor + LONGEST_WAIT + timedelta(milliseconds=100)


async def test_a_post_that_always_fails_is_given_up_and_the_operator_told_what_to_do(
    scene: Scene, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.write("poison", "other")
    scene.words["poison"] = "broken"
    delivery = scene.delivery()
    await delivery.deliver_due(NOON)
    assert scene.messenger.keys == ["other"]

    for _ in range(MOST_TRIES):
        await delivery.deliver_due(clock.step(minutes=11))

    post = await scene.post("poison")
    assert (post.state, post.reason, post.attempts) == ("dead", "RuntimeError", MOST_TRIES)
    told = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert "rounds check --online" in told[-1]


async def test_a_channel_that_is_gone_is_told_to_whoever_pauses_the_group(scene: Scene) -> None:
    gone: list[tuple[str, str]] = []

    async def pause(session: AsyncSession, post: Post, error: DeliveryError, now: datetime) -> None:
        gone.append((post.key, error.scope))
        await session.execute(update(Group).where(Group.id == post.group_id).values(state="paused"))

    await scene.write("call", "agenda")
    refuse(scene, DeliveryError("channel_not_found", permanent=True))
    await scene.delivery(replace(scene.setting(), on_gone=pause)).deliver_due(NOON)

    # What was on its way already is told as well, each once: whoever pauses does it once.
    assert gone[0] == ("call", "channel")
    assert len(gone) == len(set(gone))
    assert {scope for _, scope in gone} == {"channel"}
    assert (await scene.post("call")).state == "dead"
    assert (await scene.group()).state == "paused"


async def test_whoever_cannot_tell_the_group_does_not_stop_the_others(scene: Scene) -> None:
    async def fail(*_about: object) -> None:
        raise RuntimeError("no words")

    await scene.write("lost", "other")
    refuse(scene, DeliveryError("channel_not_found", permanent=True), "lost")
    await scene.delivery(replace(scene.setting(), on_gone=fail)).deliver_due(NOON)

    assert scene.messenger.keys == ["other"]
    assert (await scene.post("lost")).state == "dead"


async def test_a_card_that_somebody_deleted_is_left_alone(scene: Scene) -> None:
    await scene.write("card")
    delivery = scene.delivery()
    await delivery.deliver_due(NOON)
    group = await scene.group()
    refuse(scene, DeliveryError("message_not_found", permanent=True, scope="message"))

    for _ in range(2):
        async with scene.database.writing() as session:
            await refresh(session, group, NOON, Post.key == "card")
        await delivery.deliver_due(NOON)

    post = await scene.post("card")
    assert (post.state, post.message, post.reason) == ("sent", None, "message_not_found")
    assert len(scene.messenger.times) == 2


async def test_a_post_that_is_too_late_to_be_of_use_expires(scene: Scene) -> None:
    await scene.write("reminder", expires_at=NOON)

    assert await scene.delivery().deliver_due(NOON) == 0
    post = await scene.post("reminder")
    assert (post.state, post.reason) == ("expired", "too late to be of use")


async def test_a_post_inside_quiet_hours_comes_at_their_end(scene: Scene, clock: Clock) -> None:
    await scene.write("reminder")
    scene.later["reminder"] = NOON + timedelta(hours=8)
    delivery = scene.delivery()

    assert await delivery.deliver_due(NOON) == 0
    assert (await scene.post("reminder")).try_at == NOON + timedelta(hours=8)
    assert await delivery.deliver_due(clock.step(hours=8)) == 1


async def test_a_card_nobody_needs_edited_stays_as_it_is(scene: Scene) -> None:
    await scene.write("card")
    delivery = scene.delivery()
    await delivery.deliver_due(NOON)
    scene.words["card"] = "nothing"
    group = await scene.group()
    async with scene.database.writing() as session:
        await refresh(session, group, NOON, Post.key == "card")

    await delivery.deliver_due(NOON)

    post = await scene.post("card")
    assert (post.state, post.message) == ("sent", "message-1")


async def test_posts_of_a_platform_that_does_not_run_here_are_left_alone(scene: Scene) -> None:
    await scene.group(2, platform="elsewhere")
    await scene.write("theirs", number=2)
    await scene.write("ours")

    assert await scene.delivery().deliver_due(NOON) == 1
    post = await scene.post("theirs")
    assert (post.state, post.claimed_by) == ("open", None)


async def test_what_is_reached_by_name_is_sent_before_its_time(scene: Scene) -> None:
    await scene.write("start", due=NOON + timedelta(hours=1))

    assert await scene.delivery().reach("start")
    assert scene.messenger.keys == ["start"]
    assert await scene.delivery().reach("start")
    assert len(scene.messenger.keys) == 1


async def test_what_cannot_be_reached_is_said_and_nobody_else_is_told(scene: Scene) -> None:
    told: list[str] = []

    async def tell(_s: AsyncSession, post: Post, _e: DeliveryError, _now: datetime) -> None:
        told.append(post.key)

    await scene.write("start")
    refuse(scene, DeliveryError("not_in_channel", permanent=True))
    delivery = scene.delivery(replace(scene.setting(), on_gone=tell))

    assert not await delivery.reach("start")
    assert not await delivery.reach("start")
    assert told == []


async def test_a_platform_that_stumbles_does_not_undo_what_was_asked(scene: Scene) -> None:
    await scene.write("start")
    refuse(scene, DeliveryError("http_503", permanent=False))

    assert await scene.delivery().reach("start")
