"""What the bot writes about its work, and what it must never write."""

import io
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ops.logs import CLAMPED, OneLine, set_up
from tests.logged import log_of

CANARY = "a 46-year-old teacher"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log holds."""
    with log_of("debug") as stream:
        yield stream


def test_an_event_is_one_line_with_its_time_in_utc(written: io.StringIO) -> None:
    logging.getLogger("bot.app").info("command %s in group %s", "case add", 7)

    line = written.getvalue()
    assert line.endswith("Z info bot.app: command case add in group 7\n")
    assert line[10] == "T"


@pytest.mark.parametrize("library", CLAMPED)
def test_libraries_say_nothing_below_a_warning(written: io.StringIO, library: str) -> None:
    logging.getLogger(f"{library}.inner").info("request body: %s", CANARY)
    logging.getLogger(library).debug(CANARY)
    logging.getLogger(f"{library}.inner").warning("connection lost, %s, %.1f s", CANARY, 2)

    assert CANARY not in written.getvalue()
    told = "a warning at test_logs.py:" if "slack" in library else "connection lost, …, 2.0 s"
    assert told in written.getvalue()


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


def test_a_library_that_puts_its_words_together_itself_shows_where_and_not_what(
    written: io.StringIO,
) -> None:
    logging.getLogger("slack_bolt.library").warning(f"Unhandled request ({CANARY})")
    logging.getLogger("slack_sdk.web").error(f"Failed: {CANARY}")
    warnings.showwarning(UserWarning(CANARY), UserWarning, "some.py", 7)

    lines = written.getvalue().splitlines()
    assert CANARY not in written.getvalue()
    assert [line.partition("Z ")[2].partition(".py")[0] for line in lines] == [
        "warning slack_bolt.library: a warning at test_logs",
        "error slack_sdk.web: an error at test_logs",
        "warning py.warnings: some",
    ]


def test_an_error_that_ends_the_program_shows_its_way_and_not_its_message(
    written: io.StringIO,
) -> None:
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)

    assert "stopped by an error of our own [ValueError]" in written.getvalue()
    assert CANARY not in written.getvalue()


def test_unsafe_debug_says_first_what_it_may_write_down(written: io.StringIO) -> None:
    set_up("info", written, unsafe=True)
    logging.getLogger("discord.gateway").debug("heard %s", CANARY)

    first, second = written.getvalue().splitlines()
    assert "may hold what people wrote" in first
    assert CANARY in second


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
