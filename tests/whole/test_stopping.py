"""Told to stop while Slack has a message but has not said so yet."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.web import WebApi
from tests.whole.process import House, Process, at_most
from tests.whole.sides import OnSlack, both_sides
from tests.whole.test_crashes import CARD, all_said, posts_of, start_unsaid


class SlowApi(WebApi):
    """Takes a message at once, and says so only when the gate opens."""

    def __init__(self, fake: FakeSlack) -> None:
        super().__init__(fake)
        self.gate = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        answer = await super().handle(request)
        if request.match_info["method"] == "chat.postMessage":
            await self.gate.wait()
        return answer


@pytest.mark.parametrize("answers", [True, False], ids=["late", "never"])
async def test_a_message_on_its_way_is_waited_for_but_not_for_ever(
    answers: bool, tmp_path: Path
) -> None:
    fake = FakeSlack()
    fake.api = api = SlowApi(fake)
    async with fake:
        slack = OnSlack(fake)
        house = House(tmp_path, slack=fake)
        await start_unsaid(house, [slack])
        async with house.running() as process:
            await slack.says(CARD)
            await _stop(process, api, answers=answers)
        (card,) = [post for post in await posts_of(house) if post.kind == "group"]
        assert card.state == ("sent" if answers else "open")
        api.gate.set()
        async with house.running() as process:
            await process.ready()
            await all_said(house)
        # Nobody can know of the one that was never acknowledged: it is sent again, and counted.
        assert slack.times_said(CARD) == (1 if answers else 2)
        (card,) = [post for post in await posts_of(house) if post.kind == "group"]
        assert card.doubled is not answers


async def _stop(process: Process, api: SlowApi, *, answers: bool) -> None:
    began = time.monotonic()
    process.stop()
    await process.says("stopping")
    if answers:
        # Slack takes its time, and is given it.
        early, _ = await asyncio.wait({asyncio.create_task(process.ended())}, timeout=1)
        assert not early
        api.gate.set()
    assert await process.ended() == 0, process.said
    assert time.monotonic() - began < at_most(10)


async def test_it_can_be_stopped_while_slack_is_away_and_serves_discord_meanwhile(
    tmp_path: Path,
) -> None:
    async with both_sides() as (discord, slack):
        slack.fake.break_down("auth.test", status=503, times=1_000)
        house = House(tmp_path, discord.fake, slack.fake)
        async with house.running() as process:
            await process.says("Slack does not answer")
            assert "is started" in await discord.start()
            await discord.says(CARD)
            await _is_alive_and_names_slack(process)
            began = time.monotonic()
            process.stop()
            assert await process.ended() == 0, process.said
            assert time.monotonic() - began < at_most(10)


async def _is_alive_and_names_slack(process: Process) -> None:
    """A supervisor leaves it alone, and reads what is missing."""
    await process.says("health is on")
    ready = next(line for line in process.said if "health is on" in line).split()[-1]
    async with aiohttp.ClientSession() as client:
        async with client.get(ready.replace("readyz", "livez")) as answer:
            assert answer.status == 200
        async with client.get(ready) as answer:
            assert answer.status == 503
            assert (await answer.json())["reasons"] == ["slack is not connected"]
