"""`rounds check`: what is in order, and what to do about the rest, a line each."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from sqlalchemy import func, select, text

from bot.config import Config, ConfigError, Problem
from bot.formats.reading import read_formats
from bot.ops.filesystems import SHARED, kind_of
from bot.ops.keys import describe
from bot.ops.schema import Schema, name_of, revision_of
from bot.store.database import Database
from bot.store.tables import Seen
from bot.store.unusable import UNUSABLE
from bot.store.walls import SQL_TO_PUT_UP

Verdict = Literal["ok", "note", "wrong"]
TokenTest = Callable[[], Awaitable[list[Problem]]]
"""Tries a platform's tokens against the platform: no problem when they are accepted."""

DATABASE_SECONDS = 10.0
TOKEN_SECONDS = 20.0
SKEW = timedelta(seconds=10)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.verdict:<5}  {self.what:<13}  {self.words}"


def exit_status(findings: list[Finding]) -> int:
    """0 when the bot can run, 1 when something must be put right first."""
    return int(any(finding.verdict == "wrong" for finding in findings))


async def check(
    config: Config,
    path: Path | None,
    schema: Schema,
    now: datetime,
    online: Mapping[str, TokenTest],
) -> AsyncIterator[Finding]:
    """Look at everything in turn; what needs the network only where a test is given."""
    yield _configuration(config, path)
    yield _platforms(config)
    for finding in _formats(config):
        yield finding
    yield _zones(now)
    yield _program_clock(now)
    file = config.database.sqlite_file
    if file is not None:
        yield _folder(file)
    if file is not None and not file.exists():
        yield Finding("database", "note", f"{file} is not there yet: `rounds run` makes it")
    else:
        for finding in await _database(config, schema, now):
            yield finding
        in_order, words = await describe(config)
        yield Finding("keys", "ok" if in_order else "wrong", words)
    for platform, test in online.items():
        for finding in await _tokens(platform, test):
            yield finding


def _configuration(config: Config, path: Path | None) -> Finding:
    """The configuration was read by whoever calls; what remains is who else can read it."""
    if path is None:
        return Finding("configuration", "ok", "no file: the defaults and the environment hold")
    secrets = config.discord.token or config.slack.bot_token or config.keys.master
    if secrets and os.name == "posix" and path.stat().st_mode & 0o077:
        words = f"others on this machine can read {path}: chmod 600 {path}"
        return Finding("configuration", "note", words)
    return Finding("configuration", "ok", str(path))


def _platforms(config: Config) -> Finding:
    if config.platforms:
        return Finding("platforms", "ok", " and ".join(config.platforms))
    words = "none has its token: set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN"
    return Finding("platforms", "note", words)


def _formats(config: Config) -> list[Finding]:
    """The formats, the operator's own included: with a mistake in one the bot does not start."""
    path = config.formats.path
    try:
        many = len(read_formats(path).all)
    except ConfigError as error:
        return [Finding("formats", "wrong", str(problem)) for problem in error.problems]
    return [Finding("formats", "ok", f"{many}, bundled" + (f" and from {path}" if path else ""))]


def _zones(now: datetime) -> Finding:
    """The zone data comes from a package, whatever the system has; governments change it yearly."""
    release = version("tzdata")
    count = len(available_timezones())
    if count < 400:
        return Finding("zone data", "wrong", "is missing: pip install --force-reinstall tzdata")
    year = int(release.split(".")[0])
    if now.year - year > 1:
        words = f"tzdata {release} is old, meetings may be an hour off: pip install -U tzdata"
        return Finding("zone data", "note", words)
    return Finding("zone data", "ok", f"tzdata {release}, {count} zones")


def _program_clock(now: datetime) -> Finding:
    """A clock that has lost its battery shows a time before this program was installed."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < installed - timedelta(days=1):
        words = f"shows {now:%Y-%m-%d %H:%M} UTC, before this program was installed: set the clock"
        return Finding("clock", "wrong", words)
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _folder(file: Path) -> Finding:
    folder = file.absolute().parent
    if not folder.is_dir():
        return Finding("folder", "wrong", f"{folder} is not there: make it")
    if not os.access(folder, os.W_OK):
        return Finding("folder", "wrong", f"{folder} cannot be written: change its owner or mode")
    kind = kind_of(folder)
    if kind in SHARED:
        words = f"{folder} is a {kind} share, where SQLite gets damaged: use a local disk"
        return Finding("folder", "wrong", words)
    return Finding("folder", "ok", f"{folder} is writable" + (f" ({kind})" if kind else ""))


async def _database(config: Config, schema: Schema, now: datetime) -> list[Finding]:
    database = Database(config.database.url)
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            return [finding async for finding in _inside(database, schema, now)]
    except TimeoutError:
        words = f"no answer within {DATABASE_SECONDS:.0f} seconds: is it running, is the way open?"
    except UNUSABLE as error:
        words = f"{config.database.parsed} cannot be used ({name_of(error)}): check database.url"
    finally:
        await database.close()
    return [Finding("database", "wrong", words)]


async def _inside(database: Database, schema: Schema, now: datetime) -> AsyncIterator[Finding]:
    yield await _reachable(database)
    if database.in_memory:
        return
    problem = schema.problem_with(await revision_of(database))
    yield Finding("migrations", "wrong" if problem else "ok", problem or "up to date")
    if not problem and not database.is_sqlite:
        yield await _wall(database)
    if not problem:
        yield await _database_clock(database, now)


async def _reachable(database: Database) -> Finding:
    async with database.reading() as session:
        if not database.is_sqlite:
            await session.scalar(text("SELECT 1"))
            return Finding("database", "ok", f"{database.url} answers")
        found = await session.scalar(text("PRAGMA quick_check(1)"))
    if found != "ok":
        return Finding("database", "wrong", f"{database.url.database} is damaged: restore a backup")
    return Finding("database", "ok", f"{database.url.database or 'in memory'} is sound")


async def _wall(database: Database) -> Finding:
    """Whether the database keeps spaces apart as well; the bot does so without it, by itself."""
    if database.walled:
        return Finding("walls", "ok", "the database shows a request the rows of its space alone")
    async with database.reading() as session:
        login = await session.scalar(text("SELECT quote_ident(current_user)"))
    todo = SQL_TO_PUT_UP.format(login=login)
    words = f"spaces are kept apart by the bot alone; an administrator may run: {todo}"
    return Finding("walls", "note", f"{words} Then run `rounds migrate`")


async def _database_clock(database: Database, now: datetime) -> Finding:
    """Our clock against the database's, or against the last thing that happened here."""
    async with database.reading() as session:
        last = await session.scalar(select(func.max(Seen.at)))
        theirs = None
        if not database.is_sqlite:
            theirs = await session.scalar(select(func.clock_timestamp()))
    if last and last > now + SKEW:
        words = f"the last request came at {last:%Y-%m-%d %H:%M} UTC, later than now: set the clock"
        return Finding("clock", "wrong", words)
    if theirs and abs(theirs - now) > SKEW:
        words = f"differs from the database's by {abs(theirs - now)}: set both by NTP"
        return Finding("clock", "wrong", words)
    return Finding("clock", "ok", "agrees with the database")


async def _tokens(platform: str, test: TokenTest) -> list[Finding]:
    try:
        async with asyncio.timeout(TOKEN_SECONDS):
            problems = await test()
    except TimeoutError:
        problems = [Problem("", f"no answer within {TOKEN_SECONDS:.0f} seconds")]
    except OSError as error:
        problems = [Problem("", f"cannot be reached ({type(error).__name__})")]
    wrong = [Finding(platform, "wrong", str(problem)) for problem in problems]
    return wrong or [Finding(platform, "ok", "the tokens are accepted")]
