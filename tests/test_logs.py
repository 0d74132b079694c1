"""What the bot writes about its work, and what it must never write."""

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ops.logs import CLAMPED, OneLine, set_up

CANARY = "a 46-year-old teacher"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log holds; the logging of the tests themselves is put back afterwards."""
    root = logging.getLogger()
    names = ("bot", "adapters", "scheduler", *CLAMPED)
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in names}
    stream = io.StringIO()
    set_up("debug", stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_an_event_is_one_line_with_its_time_in_utc(written: io.StringIO) -> None:
    logging.getLogger("bot.app").info("command %s in group %s", "case add", 7)

    line = written.getvalue()
    assert line.endswith("Z info bot.app: command case add in group 7\n")
    assert line[10] == "T"


@pytest.mark.parametrize("library", CLAMPED)
def test_libraries_say_nothing_below_a_warning(written: io.StringIO, library: str) -> None:
    logging.getLogger(f"{library}.inner").info("request body: %s", CANARY)
    logging.getLogger(library).debug(CANARY)
    logging.getLogger(f"{library}.inner").warning("connection lost")

    assert CANARY not in written.getvalue()
    assert "connection lost" in written.getvalue()


def test_an_error_shows_its_way_and_not_its_message(written: io.StringIO) -> None:
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError:
        logging.getLogger("bot.app").exception("something went wrong (ref %s)", "7f3a")

    line = written.getvalue()
    assert line.count("\n") == 1
    assert CANARY not in line
    assert "(ref 7f3a) [ValueError tests/test_logs.py:" in line
    assert " caused RuntimeError tests/test_logs.py:" in line


def test_a_library_s_error_shows_where_and_not_what(written: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        logging.getLogger("slack_sdk.socket_mode").exception(f"Failed to process: {error}")

    assert CANARY not in written.getvalue()
    assert "slack_sdk.socket_mode: an error at test_logs.py:" in written.getvalue()


def test_our_own_debug_is_only_written_when_asked_for(written: io.StringIO) -> None:
    set_up("info", written)
    logging.getLogger("scheduler.loop").debug("idle")
    logging.getLogger("scheduler.loop").info("tick: 2 posts")

    assert written.getvalue().count("\n") == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.sampled_from(["bot.app", "discord.gateway"]))
def test_nothing_anybody_writes_makes_a_second_line(words: str, name: str) -> None:
    record = logging.LogRecord(name, logging.WARNING, "x.py", 1, "%s", (words,), None)

    assert len(OneLine().format(record).splitlines()) == 1
