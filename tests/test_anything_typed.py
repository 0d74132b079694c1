"""Whatever people type or platforms hand over is answered in words, and soon."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.replies import Answer, Form, Refusal
from bot.features import COMMANDS
from bot.store.database import Database
from tests.circle import Circle, a_circle, words

SOON = 3.0
"""Seconds a platform gives us."""

STRANGE = ["\0", "\ud800", "\udfff", "👩‍👩‍👧", "\u202e", "é" * 3, "@everyone", "<!here>", "<@U1|x>"]
GRAMMAR = ['"', "“", ":", "=", "~1", "%s", "{x}", "{", "'; --"]
VALUES = ["2026-03-10", "99:99", "tuesday", "+1d", "-1", "9" * 30]
KEYS = [f"{option.name}:" for command in COMMANDS for option in command.options]
PIECES = st.sampled_from([*STRANGE, *GRAMMAR, *VALUES, *KEYS])
TYPED = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Nd", "So"]), max_size=20),
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=8).map(" ".join),
    st.lists(PIECES, max_size=4).map("".join),
)
NAMES = sorted(COMMANDS.commands)
ACTIONS = ["do", "edit", "form", *sorted({*COMMANDS.actions, *COMMANDS.submissions})]
LARGE = 10_000_000


def _well(answer: Answer, asked: object) -> None:
    """Answered in words of ours: no bug, and no database that did not take it."""
    if answer is None or isinstance(answer, Form):
        return
    said = words(answer)
    assert "went wrong" not in said, asked
    assert "busy for a moment" not in said, asked


@pytest.fixture
async def circle(database: Database) -> Circle:
    """A group with all commands, the same for all that is tried in one test."""
    return await a_circle(database, COMMANDS)


fuzzed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=150,
)


@fuzzed
@given(name=st.sampled_from(NAMES), text=TYPED, data=st.data())
async def test_a_command_can_be_given_anything(
    circle: Circle, name: str, text: str, data: st.DataObject
) -> None:
    options = [option.name for option in COMMANDS.commands[name].options]
    given = {option: data.draw(TYPED) for option in options if data.draw(st.booleans())}
    root, _, sub = name.partition(" ")
    _well(await circle.app.typed(circle.request("ana"), root, f"{sub} {text}"), (name, text))
    _well(await circle.app.typed(circle.request("ana"), root, text), (root, text))
    _well(await circle.app.command(circle.request("ana"), name, given), (name, given))
    for option in options:
        await circle.app.suggest(circle.request("ana"), name, option, text)


@fuzzed
@given(
    name=st.one_of(st.sampled_from(ACTIONS), st.text(max_size=8)),
    group=st.sampled_from(["1", "1", "0", "9" * 20, "x"]),
    rest=st.lists(st.one_of(TYPED, st.sampled_from(["1", "9" * 20, *NAMES])), max_size=3),
    values=st.dictionaries(st.sampled_from(["title", "name", "case", "x", "\0"]), TYPED),
)
async def test_a_press_and_a_form_can_carry_anything(
    circle: Circle, name: str, group: str, rest: list[str], values: dict[str, str]
) -> None:
    action = ":".join((name, group, *rest))
    _well(await circle.app.press(circle.request("ana"), action), action)
    _well(await circle.app.submit(circle.request("ana"), action, values), (action, values))


@pytest.mark.parametrize("piece", ["x", "a\u0301\u0327\u0316", "\0", "<!here> ", '"', "title: "])
async def test_ten_megabytes_are_refused_at_once(sqlite_database: Database, piece: str) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    large = piece * (LARGE // len(piece))
    began = process_time()
    answer = await circle.say("ana", f"/case add {large}")
    took = process_time() - began

    assert isinstance(answer, Refusal)
    assert len(words(answer)) < 500
    assert took < SOON
    assert sum(len(kept) for draft in circle.app.drafts.kept for kept in draft.values()) < 10_000
