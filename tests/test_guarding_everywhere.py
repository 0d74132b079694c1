"""Nothing that people can write in passes without the guard, and nothing they write breaks it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.chat.replies import Form
from bot.features import COMMANDS
from bot.guarding.examining import SHORT
from bot.privacy import guard
from bot.privacy.identifier import Identifier
from bot.store.database import Database
from tests.circle import Circle, labels, words
from tests.table import Table, a_table
from tests.test_forgetting import in_files
from tests.test_guarding import DOUBTFUL, NAMED, a_group


class Noting:
    """The real guard, which remembers what it was shown."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.shown: list[str] = []

    def find(self, text: str) -> list[Identifier]:
        """What is found."""
        self.shown.append(text)
        return guard.find(text)

    redact = staticmethod(guard.redact)
    load = staticmethod(guard.load)


def test_every_text_is_a_person_s_words_unless_it_says_what_it_is_read_as() -> None:
    found = {
        f"{command.name} {option.name}"
        for command in COMMANDS
        for option in command.options
        if option.is_words
    }
    assert found == {
        *("case add title", "case add question", "case edit title", "case edit question"),
        *("case intention intention", "meeting takeaway note"),
        *("group start name", "group settings name"),
    }


@pytest.mark.parametrize("command", [c for c in COMMANDS if any(o.is_words for o in c.options)])
async def test_every_command_s_words_are_looked_at(
    sqlite_database: Database, command: object
) -> None:
    found = COMMANDS.commands[str(getattr(command, "name"))]  # noqa: B009
    circle = await a_group(sqlite_database)
    noting = Noting()
    circle.app = App(sqlite_database, Random(1), guard=noting)
    given = {o.name: f"{NAMED} {o.name}" for o in found.options if o.is_words}
    required = {o.name: (o.choices or ("x",))[0] for o in found.options if o.required}

    answer = await circle.app.command(circle.request("ana"), found.name, required | given)

    assert set(given.values()) <= set(noting.shown)
    assert "could point to somebody" in words(answer)
    form = await circle.press("ana", answer, "Edit")
    assert isinstance(form, Form)
    again = await circle.app.submit(circle.request("ana"), form.action, required | given)
    assert "could point to somebody" in words(again)


@pytest.mark.parametrize("name", sorted(COMMANDS.submissions))
async def test_every_form_of_a_feature_s_own_is_looked_at(
    sqlite_database: Database, name: str
) -> None:
    circle = await a_group(sqlite_database)
    noting = Noting()
    circle.app = App(sqlite_database, Random(1), guard=noting)
    found = COMMANDS.submissions[name]
    values = {option.name: f"{NAMED} {option.name}" for option in found.takes if option.is_words}
    action = ":".join([name, str(circle.group_id), *("1" for _ in found.arguments)])

    answer = await circle.app.submit(circle.request("ana"), action, values)

    assert values
    assert set(values.values()) <= set(noting.shown)
    assert "could point to somebody" in words(answer)
    assert "Edit" in labels(answer)
    assert found.again in COMMANDS.actions
    assert COMMANDS.actions[found.again].form


EVERYWHERE = (
    f"group settings name: The {NAMED} circle",
    f"case add title: {NAMED} question: Why {NAMED}?",
    f"case edit title: {NAMED}",
    f"case edit question: {NAMED}",
    f"case intention {NAMED}",
    f"meeting takeaway {NAMED}",
    *(
        f"{command.name} {option.name}: {NAMED}"
        for command in COMMANDS
        for option in command.options
        if option.kind == "text" and command.name != "rounds help"
    ),
)


async def write_everywhere(table: Table) -> None:
    """Write the name wherever something can be written, and press whatever keeps it."""
    await table.say("ana", "case add A plain one question: Why?")
    for typed in EVERYWHERE:
        await table.say("ana", typed)
        assert "no button" in await table.press("ana", "Keep it")
    for button, values in (("Edit", {"title": NAMED}), ("Edit", {"question": NAMED})):
        await table.say("ana", "case mine")
        await table.press("ana", button)
        assert "could point to somebody" in await table.submit("ana", **values)
    await table.say("ana", "case add A second one")
    await table.say("ana", "case write")
    await table.press("ana", await _code_of(table, "A plain one"))
    for who in ("ana", "ben"):
        await table.press(who, "Write")
        if who in table.stage.forms:
            assert "could point to somebody" in await table.submit(who, text=f"So {NAMED} said")
    await table.wait(days=8)


async def _code_of(table: Table, title: str) -> str:
    """The button that stands for a case."""
    return next(
        button.label
        for message in reversed(table.stage.messages)
        for button in message.reply.buttons
        if title in button.label
    )


async def test_a_name_written_everywhere_is_kept_and_posted_nowhere(tmp_path: Path) -> None:
    async with in_files(tmp_path) as database:
        table = await a_table(database, "ana", "ben", every="week")
        await write_everywhere(table)
        posted = [one.text for one in table.stage.seen if one.kind in ("post", "edit")]
        exported = await table.say("ana", "my export")

    assert len(posted) > 5
    assert "A plain one" in "".join(posted)
    assert "Maria" not in "".join(posted)
    assert "Maria" not in exported


PIECES = st.sampled_from(
    [
        NAMED,
        DOUBTFUL,
        "March 3",
        "@x",
        "<@U1>",
        "\0",
        "\ud800",
        "é" * 3,
        "a@b.co",
        "5" * 9,
        "\u2019s ",
    ]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=120
)
@given(text=st.one_of(st.text(max_size=90), st.lists(PIECES, max_size=9).map(" ".join)))
async def test_no_text_breaks_the_guard(database_of_one: Circle, text: str) -> None:
    answer = await database_of_one.app.command(
        database_of_one.request("ana"), "meeting takeaway", {"note": text}
    )
    said = "" if isinstance(answer, Form) else words(answer)
    assert "I cannot check" not in said
    assert "went wrong" not in said


@pytest.fixture
async def database_of_one(sqlite_database: Database) -> Circle:
    """A group, the same for all that is tried."""
    return await a_group(sqlite_database)


async def test_long_texts_are_looked_at_beside_the_loop(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    long = "My client keeps cancelling. " * (SHORT // 20)
    asked = await circle.say("ana", f"/case add title: Late question: {long} {NAMED}")
    assert "[client]" in words(asked)
