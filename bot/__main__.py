"""The command line, and the one place where everything meets."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from adapters.console.client import Props, first_month, play, typed_lines
from bot.app import App
from bot.config import Config, load, require_platform
from bot.features import COMMANDS, LASTING, PLANS, due_plans, forget_again, on_gone
from bot.formats.reading import Formats, read_formats
from bot.keeping.again import erase_again
from bot.ops import commands, keys, logs, migrate
from bot.ops.check import TokenTest
from bot.ops.errors import OperatorError
from bot.ops.failpoint import failpoint
from bot.ops.health import Health, serving
from bot.ops.schema import program_schema
from bot.store.database import Database
from bot.store.outbox import REST, Messenger
from bot.waiting import let_end, unless, until_stopped
from scheduler.collector import spare_the_loop
from scheduler.deliver import Delivery
from scheduler.loop import Metronome
from scheduler.pacing import DISCORD
from scheduler.pacing import slack as slack_pace
from scheduler.tick import Ticking
from scheduler.tries import Setting

if TYPE_CHECKING:
    from adapters.discord.client import Discord
    from adapters.slack.client import Slack

log = logging.getLogger("bot")

DEFAULT_FILE = Path("config.toml")
PAUSE = 0.35
"""Seconds between the lines of the demonstration, for a reader's eyes."""


def clock() -> datetime:
    """The time: the only place where a clock is read."""
    return datetime.now(UTC)


def main(arguments: list[str] | None = None) -> int:
    """Carry out what was typed; give the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked) or 0)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; saying so would fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rounds", description="A chat bot for leaderless peer consultation groups."
    )
    parser.add_argument("--config", type=Path, help="the settings (config.toml, if it is there)")
    choice = parser.add_subparsers(required=True, metavar="command")

    def add(
        name: str, run: Callable[[argparse.Namespace], object], words: str
    ) -> argparse.ArgumentParser:
        sub = choice.add_parser(name, help=words, description=words)
        sub.set_defaults(run=run)
        return sub

    run = add("run", _run, "run the bot on the platforms that have their tokens")
    run.add_argument(
        "--unsafe-debug",
        action="store_true",
        help="log all that libraries say, with what people wrote in it: on a test server only",
    )
    console = add("console", _console, "play a transcript, or type one, without any platform")
    console.add_argument("file", nargs="?", type=Path, help="a transcript; else standard input")
    console.add_argument("--json", action="store_true", help="print one object per line")
    console.add_argument("--db", type=Path, help="keep everything in this SQLite file")
    demo = add("demo", _demo, "watch a group of five live through its first month")
    demo.add_argument("--fast", action="store_true", help="without pauses")
    checks = add("check", _check, "say whether everything is in order, and what to do")
    checks.add_argument("--online", action="store_true", help="try the tokens as well")
    add("migrate", _migrate, "bring the database up to date")
    add("manifest", _manifest, "print the Slack app's manifest").add_argument(
        "--url", help="where Slack reaches the bot when it does not use Socket Mode"
    )
    add("invite", _invite, "print the link that invites the Discord bot")
    add("backup", _backup, "copy the database to a new file").add_argument("file", type=Path)
    add("restore", _restore, "put a backup in the database's place").add_argument("file", type=Path)
    do = add("keys", _keys, "check the keys, or replace the master key (rotate)")
    do.add_argument("do", choices=("check", "rotate"))
    return parser


def _config(asked: argparse.Namespace) -> Config:
    return load(_config_path(asked), os.environ)


def _config_path(asked: argparse.Namespace) -> Path | None:
    given: Path | None = asked.config
    return given or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)


def _run(asked: argparse.Namespace) -> None:
    config = _config(asked)
    require_platform(config)
    formats = read_formats(config.formats.path)
    logs.set_up(config.log.level, sys.stderr, unsafe=asked.unsafe_debug)
    with commands.alone(config):
        asyncio.run(_serve(config, formats))


async def _serve(config: Config, formats: Formats) -> None:
    """Run until a signal: posts under way end first, then the requests that were begun."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await migrate.migrate(config.database.url)
    ring = keys.keyring(config)
    database, rng = Database(config.database.url, ring), SystemRandom()
    await keys.make_ready(database)
    await erase_again(database, forget_again, clock())
    app = App(database, rng, formats=formats)
    await app.examining.load()
    messengers: dict[str, Messenger] = {}
    setting = Setting(
        database,
        app.commands,
        messengers,
        clock,
        rng,
        on_gone,
        failpoint(os.environ),
        formats,
        rest=REST,
    )
    paces = {"discord": DISCORD, "slack": slack_pace(config.slack.per_minute)}
    delivery = Delivery(setting, paces)
    app.wake, app.touch, app.reach = delivery.wake, delivery.touch, delivery.reach
    app.take = delivery.cards.take
    ticking = Ticking(database, PLANS, delivery.wake, LASTING, due_plans)
    metronome = Metronome(ticking.tick, delivery.look, clock, config.scheduler.tick_seconds)
    platforms: dict[str, Discord | Slack] = {}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        stack.push_async_callback(ring.close)
        # A supervisor must not end what serves one platform while another is away.
        await _health(config, database, metronome, platforms, stack)
        if database.is_sqlite:
            await delivery.take_over()
        work = [asyncio.create_task(delivery.run()), asyncio.create_task(metronome.run())]
        stack.push_async_callback(let_end, work)

        def connected(name: str, platform: Discord | Slack) -> None:
            platforms[name], messengers[name] = platform, platform.messenger
            delivery.look()

        if not await unless(stop, _connect(config, app, stack, connected)):
            return
        # Posts under way end while their platforms can still say that they arrived.
        stack.push_async_callback(let_end, work)
        spare_the_loop()
        log.info("ready on %s", " and ".join(platforms))
        await until_stopped(stop, work, [one.serve() for one in platforms.values()])
        log.info("stopping")


async def _connect(
    config: Config,
    app: App,
    stack: AsyncExitStack,
    connected: Callable[[str, Discord | Slack], None],
) -> bool:
    """Connect to one platform after the other; each is served at once."""

    async def gone(platform: str, space: str, channel: str | None) -> None:
        await app.gone(platform, space, channel, clock())

    if "discord" in config.platforms:
        from adapters.discord.client import Discord

        discord = Discord(config.discord, app, clock, gone=partial(gone, "discord"))
        connected("discord", await stack.enter_async_context(discord))
    if "slack" in config.platforms:
        from adapters.slack.client import Slack

        slack = Slack(config.slack, app, clock, gone=partial(gone, "slack"))
        connected("slack", await stack.enter_async_context(slack))
    return True


async def _health(
    config: Config,
    database: Database,
    metronome: Metronome,
    platforms: Mapping[str, Discord | Slack],
    stack: AsyncExitStack,
) -> None:
    if not config.health.enabled:
        return

    async def connections() -> Mapping[str, bool]:
        return {
            name: name in platforms and await platforms[name].is_connected()
            for name in config.platforms
        }

    health = Health(database, program_schema(), metronome.age, connections)
    port = await stack.enter_async_context(serving(health, config.health.host, config.health.port))
    log.info("health is on http://%s:%s/readyz", config.health.host, port)


def _props(asked: argparse.Namespace, keep_in: Path | None = None) -> Props:
    return Props(keep_in, read_formats(_config(asked).formats.path))


def _console(asked: argparse.Namespace) -> int:
    source: Iterable[str]
    props = _props(asked, asked.db)
    if asked.file is not None:
        try:
            source = asked.file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            print(f"{asked.file} cannot be read: {error}", file=sys.stderr)
            return 2
    else:
        source = typed_lines()
    return asyncio.run(play(source, clock(), props, as_json=asked.json))


def _demo(asked: argparse.Namespace) -> int:
    pause = 0.0 if asked.fast or not sys.stdout.isatty() else PAUSE
    return asyncio.run(play(first_month(), clock(), _props(asked), pause=pause))


def _check(asked: argparse.Namespace) -> int:
    from adapters.discord.install import check_token
    from adapters.slack.tokens import check_tokens

    config = _config(asked)
    tests: dict[str, TokenTest] = {
        "discord": lambda: check_token(config.discord),
        "slack": lambda: check_tokens(config.slack),
    }
    wanted = {name: tests[name] for name in config.platforms} if asked.online else {}
    return asyncio.run(commands.check_all(config, _config_path(asked), clock(), wanted))


def _migrate(asked: argparse.Namespace) -> None:
    commands.migrate_database(_config(asked))


def _manifest(asked: argparse.Namespace) -> None:
    from adapters.slack.manifest import manifest

    print(json.dumps(manifest(COMMANDS, _config(asked).slack, asked.url), indent=2))


def _invite(asked: argparse.Namespace) -> None:
    config = _config(asked).discord
    if config.token is None:
        raise OperatorError("Set DISCORD_TOKEN first: the link carries the application's id.")
    from adapters.discord.install import find_app_id, invite_url

    found = asyncio.run(find_app_id(config))
    if not isinstance(found, str):
        raise OperatorError(str(found))
    print(invite_url(found))


def _backup(asked: argparse.Namespace) -> None:
    commands.back_up(_config(asked), asked.file)


def _restore(asked: argparse.Namespace) -> None:
    commands.restore(_config(asked), asked.file, clock(), forget_again)


def _keys(asked: argparse.Namespace) -> int:
    if asked.do == "check":
        return commands.check_keys(_config(asked))
    commands.rotate_keys(_config(asked), failpoint(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main())
