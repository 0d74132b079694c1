"""How soon the bot is ready on both platforms, and what it holds while nothing happens."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.measure import Line
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

RUNS = 3
LIBRARIES = (
    "import discord, slack_bolt.app.async_app, slack_sdk.socket_mode.aiohttp, aiosqlite,"
    " sqlalchemy.ext.asyncio, alembic.command, apscheduler.schedulers.asyncio, pydantic_settings"
)
IDLE = 5.0
"""Seconds of doing nothing before the memory is read."""


async def start(folder: Path) -> list[Line]:
    """`rounds run` as a process, a few times; the first one makes its database as well."""
    times, sizes, worked = [], [], []
    async with FakeDiscord(check_bodies=False) as discord, FakeSlack() as slack:
        settings = folder / "config.toml"
        settings.write_text(_settings(folder, discord, slack), "utf-8")
        tokens = {
            "DISCORD_TOKEN": discord.token,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
        imports = []
        for _ in range(RUNS):
            imports.append(await _imports())
            began = perf_counter()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "--config", str(settings), "run"),
                env={**os.environ, **tokens},
                stderr=PIPE,
            )
            await _ready(process)
            times.append(perf_counter() - began)
            worked.append(_processor(process.pid))
            await asyncio.sleep(IDLE)
            sizes.append(_resident(process.pid))
            process.terminate()
            await process.communicate()
    return [
        Line("start to ready, with a new database", times[0], 3, " s", note=_of(worked, imports)),
        Line("start to ready, later", median(times[1:]), 3, " s"),
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


def _of(worked: list[float], imports: list[float]) -> str:
    return (
        f"({worked[0]:.1f} s of processor time; "
        f"the libraries' imports alone, just before: {imports[0]:.1f} s)"
    )


async def _imports() -> float:
    """How long this machine takes at this moment to import the libraries and nothing of ours."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LIBRARIES)
    await process.wait()
    return perf_counter() - began


def _processor(process: int) -> float:
    """What it worked itself: on a busy machine this tells more than the clock."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
