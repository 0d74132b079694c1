"""A copy of a running SQLite database, and the way back from it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, NullPool, create_engine, update
from sqlalchemy.dialects.sqlite import insert

from bot.ops.errors import OperatorError
from bot.ops.lock import only_one
from bot.store.restored import RESTORED, RESTORED_AT
from bot.store.tables import Fact, Post


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    expired: int
    aside: Path | None
    """Where the database that was there before is now."""


def back_up(database: Path, target: Path) -> int:
    """Copy the database, also of a running bot, to a new file; give the copy's size in bytes."""
    if not database.is_file():
        raise OperatorError(f"there is no database {database}")
    with _new_file(target) as draft:
        _copy(database, draft)
        _check(draft)
        _publish(draft, target)
    return target.stat().st_size


def restore(source: Path, database: Path, now: datetime, known: frozenset[str]) -> Restored:
    """Put a backup in the database's place.

    1. Nobody may be using the database: its lock is held until the end.
    2. The backup is copied to a new file; the copy must be sound and of a schema we know.
    3. In the copy, posts that are overdue now expire: after the backup they may have been sent.
    4. The database that was there is put aside, and the copy takes its name.
    """
    if not source.is_file():
        raise OperatorError(f"there is no backup {source}")
    if source.resolve() == database.resolve():
        raise OperatorError(f"{source} is the database itself: choose a backup")
    database.parent.mkdir(parents=True, exist_ok=True)
    with only_one(database), _new_file(database.with_name(f"{database.name}.restoring")) as draft:
        _copy(source, draft)
        _check(draft)
        _check_schema(draft, source, known)
        expired = _expire_overdue(draft, now)
        aside = _put_aside(database, now)
        _publish(draft, database)
    return Restored(expired, aside)


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A draft beside the target, for its owner's eyes only, gone at the end whatever happens."""
    if target.exists():
        raise OperatorError(f"{target} is there already: choose another name")
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise OperatorError(f"cannot write {draft}: {error.strerror}") from None
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _copy(source: Path, draft: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(_address(source, "ro"), uri=True)) as old,
            closing(sqlite3.connect(_address(draft, "rw"), uri=True)) as new,
        ):
            old.backup(new)
            # One file that can be carried away, without a log beside it.
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise OperatorError(f"{source} cannot be copied: {error}") from None


def _check(path: Path) -> None:
    with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(3)
        except sqlite3.DatabaseError as error:
            raise OperatorError(f"the copy is damaged: {error}") from None
    if found != ["ok"] or orphans:
        detail = "; ".join(found if found != ["ok"] else [f"orphans in {o[0]}" for o in orphans])
        raise OperatorError(f"the copy is damaged and was not kept: {detail}")


def _check_schema(path: Path, source: Path, known: frozenset[str]) -> None:
    with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            row = None
    if row is None:
        raise OperatorError(f"{source} is no backup of Rounds")
    if row[0] not in known:
        raise OperatorError(
            f"{source} has the schema {row[0]}, newer than this program: "
            "install the newer version of Rounds first"
        )


def _expire_overdue(path: Path, now: datetime) -> int:
    """Let what may have been said expire; a message already there is still kept up to date."""
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    fact = insert(Fact).values(name=RESTORED_AT, value=now.isoformat())
    with engine.begin() as connection:
        connection.execute(
            fact.on_conflict_do_update(
                index_elements=[Fact.name], set_={"value": fact.excluded.value}
            )
        )
        return connection.execute(
            update(Post)
            .where(Post.state == "open", Post.message.is_(None), Post.due_at <= now)
            .values(state="expired", reason=RESTORED, claimed_by=None)
        ).rowcount


def _put_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise OperatorError(f"{aside} is there already: move it away first")
    database.rename(aside)
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _publish(draft: Path, target: Path) -> None:
    """Give the draft its name, safe on the disk first; never over a file that is there."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    try:
        # Takes the name, also against somebody who does the same at this moment.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise OperatorError(f"{target} is there already: choose another name") from None
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.resolve()))}?mode={mode}"
