"""How soon the bot is ready on both platforms, and what it holds while nothing happens."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from time import perf_counter

from bench.measure import Line
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

RUNS = 3
IDLE = 5.0
"""Seconds of doing nothing before the memory is read."""


async def start(folder: Path) -> list[Line]:
    """`rounds run` as a process, a few times; the first one makes its database as well."""
    times, sizes = [], []
    async with FakeDiscord(check_bodies=False) as discord, FakeSlack() as slack:
        settings = folder / "config.toml"
        settings.write_text(_settings(folder, discord, slack), "utf-8")
        tokens = {
            "DISCORD_TOKEN": discord.token,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
        for _ in range(RUNS):
            began = perf_counter()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "--config", str(settings), "run"),
                env={**os.environ, **tokens},
                stderr=PIPE,
            )
            await _ready(process)
            times.append(perf_counter() - began)
            await asyncio.sleep(IDLE)
            sizes.append(_resident(process.pid))
            process.terminate()
            await process.communicate()
    return [
        Line("start to ready on both platforms, with a new database", times[0], 3, " s"),
        Line("start to ready on both platforms, later", max(times[1:]), 3, " s"),
        Line("idle memory with both platforms", max(sizes), 130, " MiB"),
    ]


def _settings(folder: Path, discord: FakeDiscord, slack: FakeSlack) -> str:
    return "\n".join(
        (
            "[database]",
            f'url = "sqlite:///{folder / "rounds.db"}"',
            "[discord]",
            f'api_url = "{discord.api_url}"',
            f'gateway_url = "{discord.gateway_url}"',
            "[slack]",
            f'api_url = "{slack.api_url}"',
            "[health]",
            "port = 0",
        )
    )


async def _ready(process: Process) -> None:
    assert process.stderr is not None
    said: list[str] = []
    async with asyncio.timeout(60):
        async for line in process.stderr:
            said.append(line.decode())
            if "ready on" in said[-1]:
                return
    raise RuntimeError(f"the bot did not become ready: {''.join(said)}")


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
