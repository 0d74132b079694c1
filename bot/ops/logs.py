"""What the bot writes about its own work: one line an event, ids only, never what people wrote."""

import logging
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
LONGEST = 500


def set_up(level: str, stream: TextIO) -> None:
    """Send our events of this level, and the libraries' warnings, to the stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name in CLAMPED:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


class OneLine(logging.Formatter):
    """Time in UTC, level, source, words; of an error its type and its way, not its message.

    The message of an exception often quotes the value it stumbled on, which may be something that
    a person wrote; so may the line breaks and the length of whatever else is written.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The whole event on one line."""
        words = f"{record.levelname.lower()} {record.name}: {self._words(record)}"
        if record.exc_info and record.exc_info[1]:
            words += f" [{_way(record.exc_info[1])}]"
        line = "".join(char if char.isprintable() else " " for char in words)
        return f"{self.formatTime(record)} {line}"

    def _words(self, record: logging.LogRecord) -> str:
        if record.name.split(".")[0] in OURS:
            return record.getMessage()
        return _guarded(record)[:LONGEST]


def _guarded(record: logging.LogRecord) -> str:
    """A library's own words, without what it puts in of an error's message."""
    if record.exc_info and record.exc_info[1]:
        return f"an error at {Path(record.pathname).name}:{record.lineno}"
    return record.getMessage()


def _way(error: BaseException) -> str:
    """The error's type and where it passed, its causes first."""
    seen: list[str] = []
    link: BaseException | None = error
    while link is not None and len(seen) < 5:
        seen.append(f"{type(link).__name__} {_places(link.__traceback__)}".strip())
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return " caused ".join(reversed(seen))


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-6:]
    return " > ".join(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in frames
    )
