"""What the bot writes about its own work: one line an event, ids only, never what people wrote."""

import logging
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

CLAMPED = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "discord",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
)
"""Below WARNING these write out requests, statements and messages with all that is in them."""

OURS = ("bot", "adapters", "scheduler")
WORDY = ("slack_bolt", "slack_sdk")
"""These put what they stumbled on into their words themselves: of theirs only the place is told."""

LONGEST = 500
UNSAFE = (
    "--unsafe-debug: from here on this log may hold what people wrote, their names, and the "
    "tokens of requests. Use it on a test server, and delete the log afterwards."
)


def set_up(level: str, stream: TextIO, *, unsafe: bool = False) -> None:
    """Send our events of this level, and the libraries' warnings, to the stream.

    `unsafe` lets the libraries say all they have, and says so.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine(unsafe=unsafe))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel("DEBUG" if unsafe else level.upper())
    for name in CLAMPED:
        logging.getLogger(name).setLevel(logging.DEBUG if unsafe else logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _told
    if unsafe:
        logging.getLogger(__name__).warning(UNSAFE)


def _told(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """The last word on an error that ends the program: its way, like any other's."""
    logging.getLogger(__name__).critical("stopped by an error of our own", exc_info=error)


class OneLine(logging.Formatter):
    """Time in UTC, level, source, words; of an error its type and its way, not its message.

    The message of an exception often quotes the value it stumbled on, which may be something that
    a person wrote; so may the line breaks and the length of whatever else is written.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, *, unsafe: bool = False) -> None:
        """`unsafe` writes out whatever libraries say."""
        super().__init__()
        self._unsafe = unsafe

    def format(self, record: logging.LogRecord) -> str:
        """The whole event on one line."""
        words = f"{record.levelname.lower()} {record.name}: {self._words(record)}"
        if record.exc_info and record.exc_info[1]:
            words += f" [{_way(record.exc_info[1])}]"
        line = "".join(char if char.isprintable() else " " for char in words)
        return f"{self.formatTime(record)} {line}"

    def _words(self, record: logging.LogRecord) -> str:
        if self._unsafe or record.name.split(".")[0] in OURS:
            return record.getMessage()
        return _guarded(record)[:LONGEST]


def _guarded(record: logging.LogRecord) -> str:
    """A library's own words, without what it puts in; numbers may stay."""
    if record.name == "py.warnings":
        # "file.py:7: SomeWarning: words", and the line of code.
        return ":".join(record.getMessage().split(":", 3)[:3])
    if record.name.split(".")[0] in WORDY or (record.exc_info and record.exc_info[1]):
        kind = "an error" if record.levelno >= logging.ERROR else "a warning"
        return f"{kind} at {Path(record.pathname).name}:{record.lineno}"
    given = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(x if isinstance(x, int | float) else "…" for x in given)
    except (TypeError, ValueError):
        return str(record.msg)


def _way(error: BaseException) -> str:
    """The error's type and where it passed, its causes first."""
    seen: list[str] = []
    link: BaseException | None = error
    while link is not None and len(seen) < 5:
        seen.append(f"{type(link).__name__} {_places(link.__traceback__)}".strip())
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return " caused ".join(reversed(seen))


def _places(trace: TracebackType | None) -> str:
    """The last places in our own code, and where it ended in a library's."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    kept = [frame for frame in frames if frame in ours[-4:] or frame in frames[-2:]]
    return " > ".join(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in kept
    )
