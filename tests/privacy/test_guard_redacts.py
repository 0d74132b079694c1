"""What is left after redacting passes the guard itself, whatever was typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.guard import find, redact

ROOT = Path(__file__).parents[2]
PIECES = (
    *("my client Tunde", " said ", "Mr. Stone", "3/22/2019", "on May 5", "555-0142", "J.M.", ", "),
    *(
        ". ",
        "\n",
        "**",
        "||",
        "[client]",
        "[",
        "]",
        "@heron_9",
        "a at b dot com",
        "12 Elm St",
        "'s",
    ),
    *("born 1931", "four five six oh", "IMG_4411.jpg", " in Elko", "her sister Guadalupe", "Will"),
    *("client q", "\u200b", "<@U1>", "<http://a.com|b>", "MRN 12345", "the mayor's wife", " (26)"),
)
LONG = (
    *("a", "1 ", "A. ", "-", "a-", "a.", "(", "@", "1.", "_", "Zorblat ", "case number is ", "<"),
    *("may 1 ", "five ", "Lincoln High ", "in the ", "\0", "\U0001f600", "\u200b", "\u0438", "["),
    *("Mr. ", "the only big ", "Aa-", "Aa ", "A'a-", "Aa.", "Aa&", "Client B "),
)


def test_the_same_name_gets_the_same_placeholder() -> None:
    text = "My client Tunde and her husband Piotr moved to Elko on May 5, 2021. Tunde called Piotr."
    assert redact(text, find(text)) == (
        "My client [client] and her husband [partner] moved to [town] on [date 2021]."
        " [client] called [partner]."
    )


def test_what_is_kept_on_purpose_stays() -> None:
    text = "I asked Zorblat to call 212-555-0187."
    number = [one for one in find(text) if text[one.start].isdigit()]
    assert redact(text, number) == "I asked Zorblat to call [phone]."


def test_an_address_becomes_a_street_and_leaves_the_full_stop() -> None:
    text = "Invoices go to 27 Thistle Rise. She hates that."
    assert redact(text, find(text)) == "Invoices go to [street]. She hates that."


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=14).map("".join))
def test_the_suggestion_passes_the_guard_itself(text: str) -> None:
    assert find(redact(text, find(text))) == []


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    last = 0
    for one in find(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end


@pytest.mark.parametrize("piece", LONG)
def test_a_long_text_takes_no_more_than_its_share(piece: str) -> None:
    assert _seconds((piece * 20_000)[:20_000]) < 1.5, "it is not linear: a tenth of this is usual"


def test_a_very_long_text_is_looked_at_in_bounded_time() -> None:
    assert _seconds(("".join(LONG) * 8_000)[:80_000]) < 12


def _seconds(text: str) -> float:
    began = process_time()
    find(text)
    return process_time() - began


def test_nothing_is_loaded_before_the_first_text() -> None:
    code = (
        "import bot.privacy.guard as guard, bot.privacy.words as words\n"
        "before = words.load.cache_info().currsize\n"
        "guard.load()\n"
        "print(before, words.load.cache_info().currsize)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["0", "1"]


def test_the_lists_are_small_and_name_where_they_come_from() -> None:
    lists = ROOT / "bot/privacy/lists"
    assert (lists / "words.marisa").stat().st_size < 1_000_000
    notice = (lists / "NOTICE").read_text("utf-8")
    wanted = (lists / "requirements.txt").read_text("utf-8").splitlines()
    names = [line.split("==")[0] for line in wanted if "==" in line]
    assert [name for name in names if name not in notice.lower()] == []


def test_every_share_can_be_redacted() -> None:
    shares = (ROOT / "tests/privacy/shares.jsonl").read_text("utf-8").splitlines()
    for line in shares[::5]:
        text = json.loads(line)["text"]
        assert find(redact(text, find(text))) == []
