"""The log as an operator reads it, kept for a test."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.ops.logs import CLAMPED, OURS, set_up


@contextmanager
def log_of(level: str = "debug") -> Iterator[io.StringIO]:
    """What the log holds; the logging of the tests themselves is put back afterwards."""
    root, hook, stream = logging.getLogger(), sys.excepthook, io.StringIO()
    loggers = [logging.getLogger(name) for name in (*OURS, *CLAMPED)]
    before = root.handlers[:], root.level, [logger.level for logger in loggers]
    set_up(level, stream)
    try:
        yield stream
    finally:
        sys.excepthook = hook
        logging.captureWarnings(False)
        root.handlers[:], level_of_root, levels = before
        root.setLevel(level_of_root)
        for logger, old in zip(loggers, levels, strict=True):
            logger.setLevel(old)
