"""What an operator types besides `run`: check, migrate, backup, restore, keys."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.keeping.again import Forgetting, erase_again
from bot.ops import backup, keys, logs, migrate
from bot.ops.check import TokenTest, check, exit_status
from bot.ops.errors import OperatorError
from bot.ops.lock import only_one
from bot.ops.schema import program_schema
from bot.store.database import Database


def alone(config: Config) -> AbstractContextManager[None]:
    """Hold the database's file, if it is one, for this process."""
    file = config.database.sqlite_file
    return only_one(file) if file else nullcontext()


async def check_all(
    config: Config, path: Path | None, now: datetime, online: Mapping[str, TokenTest]
) -> int:
    """Say whether everything is in order, each finding as it comes; give the exit status."""
    findings = []
    async for finding in check(config, path, program_schema(), now, online):
        print(finding)
        findings.append(finding)
    return exit_status(findings)


def migrate_database(config: Config) -> None:
    """Bring the database up to date."""
    # A database that refuses a step quotes the row it refuses.
    logs.set_up(config.log.level, sys.stderr)
    with alone(config):
        did = asyncio.run(migrate.migrate(config.database.url))
    print("The database is up to date." + ("" if did else " There was nothing to do."))


def back_up(config: Config, file: Path) -> None:
    """Copy the database to a new file."""
    size = backup.back_up(_sqlite_file(config), file)
    print(f"{file}: {size} bytes, integrity checked.")


def restore(config: Config, file: Path, now: datetime, forgetting: Forgetting) -> None:
    """Put a backup in the database's place; whoever was erased since is erased again."""
    target = _sqlite_file(config)
    done = backup.restore(file, target, now, program_schema().known)
    with only_one(target):
        forgotten = asyncio.run(_erase_again(config, now, forgetting))
    print(f"Restored. {done.expired} posts that were due meanwhile will not be sent again.")
    if forgotten:
        print(f"{forgotten} who were erased after the backup are erased again.")
    if done.aside is not None:
        print(f"What was there before is in {done.aside}.")


def _sqlite_file(config: Config) -> Path:
    file = config.database.sqlite_file
    if file is None:
        raise OperatorError("backup and restore are for SQLite; for PostgreSQL use pg_dump.")
    return file


async def _erase_again(config: Config, now: datetime, forgetting: Forgetting) -> int:
    await migrate.migrate(config.database.url)
    ring = keys.keyring(config)
    database = Database(config.database.url, ring)
    try:
        await keys.make_ready(database)
        return await erase_again(database, forgetting, now)
    finally:
        await database.close()
        await ring.close()


def check_keys(config: Config) -> int:
    """Say whether the keys are in order; give the exit status."""
    in_order, words = asyncio.run(keys.describe(config))
    print(words)
    return 0 if in_order else 1


def rotate_keys(config: Config, at: Callable[[str], None]) -> None:
    """Replace the master key."""
    logs.set_up(config.log.level, sys.stderr)
    done = asyncio.run(keys.replace_master(keys.keyring(config), at))
    print(keys.told(done, config))
