"""The lines of a transcript, as its grammar has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.console.grammar import (
    Deed,
    Press,
    SetClock,
    Step,
    Submit,
    TranscriptError,
    Type,
    read_line,
)


@pytest.mark.parametrize("line", ["", "   ", "# a comment", "   # one further in", "\t", "\n"])
def test_blank_lines_and_comments_say_nothing(line: str) -> None:
    assert read_line(line) is None


def test_the_clock_is_set_with_a_date_a_time_and_a_zone() -> None:
    read = read_line("at 2026-03-02 09:00 Europe/Berlin")

    assert isinstance(read, SetClock)
    assert read.at == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert read.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "line",
    [
        "at 2026-02-30 09:00 Europe/Berlin",
        "at 2026-03-02 25:00 Europe/Berlin",
        "at 2026-03-02 09:00 Europe/Atlantis",
        "at 2026-03-02 09:00 ../../etc/passwd",
        "at 2026-03-02 09:00 Europe",
        "at 2026-03-02 09:00",
        "at 9 o'clock",
        "at: /case queue",
        "at in #table: /case queue",
    ],
)
def test_a_clock_that_cannot_be_set_says_what_was_expected(line: str) -> None:
    with pytest.raises(TranscriptError, match=r"expected .*at 2026-03-02 09:00 Europe/Berlin"):
        read_line(line)


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("+1d", timedelta(days=1)),
        ("+90m", timedelta(minutes=90)),
        ("+1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("+0s", timedelta(0)),
        ("+2h2h", timedelta(hours=4)),
    ],
)
def test_time_passes_in_days_hours_minutes_and_seconds(line: str, by: timedelta) -> None:
    assert read_line(line) == Step(by)


@pytest.mark.parametrize(
    "line", ["+", "+1", "+d", "+1w", "+ 1d", "+1d 2h", "+-1d", "+1.5h", "+999999999d", "1d"]
)
def test_time_that_cannot_pass_is_an_unknown_line(line: str) -> None:
    with pytest.raises(TranscriptError, match="expected"):
        read_line(line)


def test_more_time_than_a_calendar_holds_is_refused() -> None:
    with pytest.raises(TranscriptError, match="expected"):
        read_line("+999999d999999d999999d999999d")


def test_somebody_types_a_command_at_the_table_unless_a_channel_is_said() -> None:
    assert read_line("ana: /case add Stuck minutes: 30") == Deed(
        "ana", "table", Type("case", "add Stuck minutes: 30")
    )
    assert read_line("ana in #other: /case queue") == Deed("ana", "other", Type("case", "queue"))


@pytest.mark.parametrize("name", ["a", "ana", "ana-2", "a_b", "a" * 32])
def test_names_are_small_letters_digits_dashes_and_underscores(name: str) -> None:
    read = read_line(f"{name} in #{name}: /case queue")

    assert read == Deed(name, name, Type("case", "queue"))


@pytest.mark.parametrize(
    "line",
    [
        "Ana: /case queue",
        "2ana: /case queue",
        "-ana: /case queue",
        "änne: /case queue",
        "an a: /case queue",
        f"{'a' * 33}: /case queue",
        "ana in #Other: /case queue",
        "ana in other: /case queue",
        "ana in #: /case queue",
        "ana in  #other: /case queue",
        "ana:/case queue",
        "ana:  /case queue",
        "ana : /case queue",
        "ana:",
        "ana: ",
        "ana: hello",
        "ana: / case queue",
        "hello",
    ],
)
def test_anything_else_is_unknown(line: str) -> None:
    with pytest.raises(TranscriptError, match="expected"):
        read_line(line)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        (r'ana: press "Join"', "Join"),
        (r'ana: press "Not going"', "Not going"),
        (r'ana: press "say \"hi\""', 'say "hi"'),
        (r'ana: press "a\\b"', r"a\b"),
        (r'ana: press "a\nb"', "a\nb"),
        (r'ana: press "a\\nb"', r"a\nb"),
        ('ana: press "#x: y"', "#x: y"),
    ],
)
def test_a_press_names_a_button_in_quotes(line: str, label: str) -> None:
    assert read_line(line) == Deed("ana", "table", Press(label))


@pytest.mark.parametrize(
    "line",
    [
        "ana: press Join",
        'ana: press "Join',
        'ana: press "Join" now',
        'ana: press "Jo"in"',
        'ana: press  "Join"',
        'ana: press "Join\\"',
        "ana: press",
        'ana: Press "Join"',
    ],
)
def test_a_press_without_a_proper_quote_is_unknown(line: str) -> None:
    with pytest.raises(TranscriptError, match="expected"):
        read_line(line)


def test_a_form_is_sent_with_fields_by_their_labels() -> None:
    assert read_line("ana: submit") == Deed("ana", "table", Submit(()))
    assert read_line(r'ana: submit "Title"="A \"b\", c=d","Question"="x\ny"') == Deed(
        "ana", "table", Submit((("Title", 'A "b", c=d'), ("Question", "x\ny")))
    )
    assert read_line('ana: submit "Title"=""') == Deed("ana", "table", Submit((("Title", ""),)))


@pytest.mark.parametrize(
    "line",
    [
        'ana: submit "Title"',
        'ana: submit "Title"=x',
        'ana: submit Title="x"',
        'ana: submit "Title"="x","Question"',
        'ana: submit "Title"="x" "Question"="y"',
        'ana: submit "Title" = "x"',
        'ana: submit "Title"="x",',
        'ana: submit "Title"="x", "Question"="y"',
    ],
)
def test_a_form_with_loose_ends_is_unknown(line: str) -> None:
    with pytest.raises(TranscriptError, match="expected"):
        read_line(line)


def test_a_field_given_twice_is_named() -> None:
    with pytest.raises(TranscriptError, match="'Title' is given twice"):
        read_line('ana: submit "Title"="x","Title"="y"')
