"""One bot at a time on one SQLite file: a lock beside it that even a kill lets go of."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.ops.errors import OperatorError


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the database for this process, or say in one line who has it."""
    path = lock_path(database)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OperatorError(f"cannot write {path}: {error.strerror}") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 32).decode("ascii", "replace").strip()
            raise OperatorError(_in_use(database, owner)) from None
        except OSError as error:
            raise OperatorError(f"cannot lock {path}: {error.strerror}") from None
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        # The file stays: removing it could take it away from under whoever waits for it.
        os.close(handle)


def lock_path(database: Path) -> Path:
    """The lock's file; the same one whichever way the database is named."""
    real = database.resolve()
    return real.with_name(f"{real.name}.lock")


def _in_use(database: Path, owner: str) -> str:
    who = f"process {owner}" if owner else "another process"
    return (
        f"{database} is in use by {who}: stop that one first, or give this one a database of its "
        "own (database.url)"
    )
