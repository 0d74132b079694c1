"""The keys as an operator meets them: opened at the start, checked, replaced."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bot.config import Config
from bot.keys.masters import MasterError, Masters
from bot.keys.ring import TOGETHER, Keyring
from bot.keys.rotation import Rotated, count_unopened, rotate
from bot.keys.store import KeyStore
from bot.ops.errors import OperatorError
from bot.ops.schema import name_of
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.plain import seal_plain
from bot.store.sealed import sealed_tables
from bot.store.unusable import UNUSABLE

log = logging.getLogger(__name__)

STORE = "rounds-keys.db"
MASTER = "rounds-master.key"


def store_file(config: Config) -> Path | None:
    """The key store's file, if it is one: beside the database, unless another is set."""
    if config.keys.url:
        return None
    database = config.database.sqlite_file
    beside = Path(STORE) if database is None else database.with_name(STORE)
    return Path(config.keys.file) if config.keys.file else beside


def master_file(config: Config) -> Path:
    """Where the master key is, or is made, when it is not set."""
    file = store_file(config)
    return Path(MASTER) if file is None else file.with_name(MASTER)


def keyring(config: Config) -> Keyring:
    """The keys as the settings say; nothing is opened or made yet."""
    file = store_file(config)
    url = config.keys.url or f"sqlite+aiosqlite:///{file}"
    if url == config.database.url:
        raise OperatorError("keys.url is the database itself: backups would hold the keys")
    given, following = config.keys.master, config.keys.next
    masters = Masters(
        given.get_secret_value() if given else None,
        following.get_secret_value() if following else None,
        master_file(config),
    )
    return Keyring(KeyStore(url), masters)


def keys_beside(file: Path) -> Keyring:
    """The keys of a database in a file that nobody has configured."""
    store = KeyStore(f"sqlite+aiosqlite:///{file.with_name(f'{file.stem}-keys.db')}")
    return Keyring(store, Masters(file=file.with_name(f"{file.stem}-master.key")))


@asynccontextmanager
async def told_in_one_line() -> AsyncIterator[None]:
    """Let what is wrong with the keys be told as what the operator can put right."""
    try:
        yield
    except MasterError as error:
        raise OperatorError(str(error)) from None
    except UNUSABLE as error:
        raise OperatorError(
            f"the key store cannot be used ({name_of(error)}): check keys.file and keys.url"
        ) from error


async def open_keys(database: Database) -> None:
    """Make the database's keys ready, or say what is wrong with them."""
    async with told_in_one_line():
        ring = database.keys
        assert ring is not None
        if await ring.store.is_empty() and await _has_sealed(database):
            raise OperatorError(
                f"the key store {ring.store.url} is empty, but the database holds what its keys "
                "open: put the key store back, or set keys.file or keys.url to where it is"
            )
        await ring.open()


async def make_ready(database: Database) -> None:
    """Have the keys at hand, and everything sealed that an earlier program has left open."""
    try:
        await open_keys(database)
        rows = await seal_plain(database)
    except BaseException:
        await database.close()
        if database.keys is not None:
            await database.keys.close()
        raise
    if rows:
        log.info("sealed the contents of %s rows", rows)


async def _has_sealed(database: Database) -> bool:
    async with database.reading() as session:
        for table in sealed_tables():
            one = select(table.key_id).where(table.key_id.is_not(None)).limit(1)
            if await session.scalar(one, execution_options=ACROSS_GROUPS) is not None:
                return True
    return False


async def replace_master(ring: Keyring, at: Callable[[str], None]) -> Rotated:
    """Replace the master key, or finish what was begun."""
    async with told_in_one_line():
        try:
            done = await rotate(ring, at)
            await ring.store.sweep()
            return done
        finally:
            await ring.close()


def _is_missing(file: Path | None) -> bool:
    return file is not None and not file.exists()


def told(done: Rotated, config: Config) -> str:
    """What an operator reads after the master key was replaced."""
    how = "finished what was begun earlier: " if done.resumed else ""
    then = (
        "now set ROUNDS_MASTER_KEY to the new key everywhere, and unset ROUNDS_MASTER_KEY_NEXT"
        if config.keys.master
        else f"the new one is in {master_file(config)}: keep a copy of it apart from the backups"
    )
    return f"The master key is replaced: {how}{done.keys} keys are wrapped anew; {then}."


async def describe(config: Config) -> tuple[bool, str]:
    """Whether the keys are in order, in a line."""
    ring = keyring(config)
    database = Database(config.database.url, ring)
    try:
        if _is_missing(store_file(config)):
            return True, "no key store yet: `rounds run` makes it"
        async with told_in_one_line():
            return await _describe(database, ring)
    except OperatorError as error:
        return False, str(error)
    finally:
        await database.close()
        await ring.close()


async def _describe(database: Database, ring: Keyring) -> tuple[bool, str]:
    total, damaged = await count_unopened(ring)
    known = await ring.store.masters()
    words = f"{total} keys under the master key {' and '.join(known)}"
    if damaged:
        return False, f"{words}; {damaged} of them do not open: put the key store back"
    if "retiring" in known.values():
        return False, f"{words}: its replacement is not finished, run `rounds keys rotate`"
    orphans = await count_orphans(database, ring)
    return True, words + (f"; contents without a key: {orphans}" if orphans else "")


async def count_orphans(database: Database, ring: Keyring) -> int:
    """How many rows name a key that is not there: as where an old backup was put back."""
    there, missing = await ring.store.names(), 0
    async with database.reading() as session:
        for table in sealed_tables():
            used = select(table.key_id).where(table.key_id.is_not(None))
            for name in await session.scalars(used, execution_options=ACROSS_GROUPS):
                missing += not there.issuperset((name or "").split(TOGETHER))
    return missing
