"""`run` as a process of its own, with its settings in a folder."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.whole.zygote import Order

ROOT = Path(__file__).resolve().parents[2]
READY = "ready on"
PATIENCE = 60.0
"""Seconds in which a process on a busy machine does anything at all."""


def at_most(seconds: float) -> float:
    """What takes so long on a machine of one's own takes longer where others work too."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


SETTINGS = """
[database]
url = "{url}"
[discord]
api_url = "{discord_api}"
gateway_url = "{discord_gateway}"
[slack]
api_url = "{slack_api}"
per_minute = 6000
[scheduler]
tick_seconds = 0.2
[health]
port = 0
"""


@dataclass(eq=False)
class Process:
    """The program while it runs, with what it said."""

    pid: int
    _errors: asyncio.StreamReader
    _status: asyncio.StreamReader
    said: list[str] = field(default_factory=list)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        """Listen to it."""
        self._listening = asyncio.create_task(self._listen())
        self._ending = asyncio.create_task(self._status.read())

    @classmethod
    async def ordered(cls, order: Order) -> Process:
        """One that has just been started."""
        (errors, stderr), (told, status) = os.pipe(), os.pipe()
        order.send(Zygote.shared().orders, stderr, status)
        for file in (stderr, status):
            os.close(file)
        heard, ends = await _reader(errors), await _reader(told)
        return cls(int(await ends.readline()), heard, ends)

    async def _listen(self) -> None:
        async for line in self._errors:
            self.said.append(line.decode().rstrip())
            async with self._more:
                self._more.notify_all()
        async with self._more:
            self._more.notify_all()

    async def ready(self) -> None:
        """Wait until it says that it is ready."""
        await self.says(READY)

    async def says(self, words: str) -> None:
        """Wait until it has said this; fail if it ends without it."""

        def heard() -> bool:
            return self._listening.done() or any(words in line for line in self.said)

        async with asyncio.timeout(PATIENCE), self._more:
            await self._more.wait_for(heard)
        assert any(words in line for line in self.said), "\n".join(self.said)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._send(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def _send(self, sign: signal.Signals) -> None:
        if not self._ending.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, sign)

    async def ended(self) -> int:
        """Its exit status, as soon as it has ended."""
        async with asyncio.timeout(PATIENCE):
            status = await asyncio.shield(self._ending)
            await asyncio.shield(self._listening)
        return int(status)


@dataclass
class House:
    """A folder with settings for the fakes that are there."""

    folder: Path
    discord: FakeDiscord | None = None
    slack: FakeSlack | None = None
    url: str = ""

    def __post_init__(self) -> None:
        """Write the settings."""
        self.url = self.url or f"sqlite:///{self.file}"
        nowhere = "127.0.0.1:9"
        discord, slack = self.discord, self.slack
        words = SETTINGS.format(
            url=self.url,
            discord_api=discord.api_url if discord else f"http://{nowhere}",
            discord_gateway=discord.gateway_url if discord else f"ws://{nowhere}",
            slack_api=slack.api_url if slack else f"http://{nowhere}/api/",
        )
        (self.folder / "config.toml").write_text(words)

    @property
    def file(self) -> Path:
        """The database, if it is SQLite's."""
        return self.folder / "rounds.db"

    def tokens(self) -> dict[str, str]:
        """The right tokens of the platforms that are there."""
        tokens = {"DISCORD_TOKEN": self.discord.token} if self.discord else {}
        if self.slack:
            tokens |= {"SLACK_BOT_TOKEN": self.slack.bot_token}
            tokens |= {"SLACK_APP_TOKEN": self.slack.app_token}
        return tokens

    @asynccontextmanager
    async def running(
        self, env: Mapping[str, str] | None = None, *, from_nothing: bool = False
    ) -> AsyncIterator[Process]:
        """`run` it until the end of the block, whatever happens there."""
        env = _environment() | self.tokens() | dict(env or {})
        process = await Process.ordered(Order(["run"], env, str(self.folder), from_nothing))
        try:
            yield process
        finally:
            process.kill()
            await process.ended()

    async def refusal(self, env: Mapping[str, str] | None = None) -> tuple[int, list[str]]:
        """Run it where it cannot run: its exit status, and what it said."""
        async with self.running(env) as process:
            status = await process.ended()
        return status, process.said


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "TOKEN" not in name}
    kept.pop("SLACK_SIGNING_SECRET", None)
    kept.pop("ROUNDS_DATABASE_URL", None)
    return kept | {"PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Zygote:
    """The parent of all processes, with the socket through which they are ordered."""

    orders: socket.socket
    inner: subprocess.Popen[bytes]

    @staticmethod
    @cache
    def shared() -> Zygote:
        """The one of these tests, started when it is wanted first."""
        ours, its = socket.socketpair()
        with its:
            command = (sys.executable, "-m", "tests.whole.zygote", str(its.fileno()))
            env, files = _environment(), [its.fileno()]
            inner = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, cwd=ROOT, env=env, pass_fds=files
            )
        return Zygote(ours, inner)

    @classmethod
    def end_shared(cls) -> None:
        """End it if there is one."""
        if cls.shared.cache_info().currsize:
            zygote = cls.shared()
            zygote.orders.close()
            assert zygote.inner.wait(PATIENCE) == 0
            cls.shared.cache_clear()


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb")
    )
    return reader
