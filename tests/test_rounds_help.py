"""The bot explains itself: help at every level, a panel, what it does next and what it keeps."""

from __future__ import annotations

from random import Random

import pytest

from adapters.console.stage import Stage
from bot.app import App
from bot.chat.replies import Reply, plain
from bot.features import COMMANDS
from bot.rounds.help import command_table, explain
from bot.rounds.texts import ROOTS, kind_of_post
from bot.store.database import Database
from tests.table import MONDAY, Table, a_table

PEOPLE = ("ana", "ben", "chloe")


def newest(table: Table, person: str) -> tuple[str, list[str]]:
    """The newest private answer: all its words, and its buttons."""
    seen = next(s for s in reversed(table.stage.seen) if s.to == f"@{person}")
    fields = [f"{field['name']}: {field['value']}" for field in seen.fields]
    return "\n".join([seen.text, *fields]), seen.buttons


def written(reply: Reply) -> str:
    return "\n".join(plain(part) for part in (reply.title, reply.text) if part is not None)


async def nobody(database: Database) -> Table:
    """A channel where no group has begun."""
    return Table(Stage(App(database, Random(1)), MONDAY, "Europe/Berlin"))


async def test_help_names_every_command_even_without_a_group(sqlite_database: Database) -> None:
    table = await nobody(sqlite_database)

    await table.say("ana", "rounds help")

    words, _ = newest(table, "ana")
    assert all(f"/{command.name}" in words for command in COMMANDS)
    assert all(label in words for label in ROOTS.values())


@pytest.mark.parametrize("typed", ["case", "/case", "Case", "command: case"])
async def test_help_on_a_root_says_what_each_command_does(
    sqlite_database: Database, typed: str
) -> None:
    table = await nobody(sqlite_database)

    words = await table.say("ana", f"rounds help {typed}")

    assert words.startswith("Cases\n")
    for command in COMMANDS.roots()["case"]:
        assert f"/{command.name}: {command.description}" in words


@pytest.mark.parametrize("typed", ["case add", "/case add", "command: case  ADD"])
async def test_help_on_a_command_says_what_it_takes(sqlite_database: Database, typed: str) -> None:
    table = await nobody(sqlite_database)

    words = await table.say("ana", f"rounds help {typed}")

    assert words.startswith("/case add\n")
    assert "title: " in words
    assert "Needed." in words
    assert "One of: routine, soon, before next meeting." in words
    assert "it opens a form" in words


def test_every_command_has_help() -> None:
    for command in COMMANDS:
        words = written(explain(COMMANDS, command.name))

        assert words.startswith(f"/{command.name}\n{command.description}.")
        assert all(f"{option.name}: " in words for option in command.options)


async def test_help_on_something_unknown_offers_the_nearest(sqlite_database: Database) -> None:
    table = await nobody(sqlite_database)

    words = await table.say("ana", "rounds help case ad")

    assert "I know no command /case ad." in words
    assert "/case add" in words


@pytest.mark.parametrize("typed", ["", " wrong", " nothing: of this"])
async def test_every_root_typed_wrongly_says_what_follows_it(
    sqlite_database: Database, typed: str
) -> None:
    table = await nobody(sqlite_database)

    for root, known in COMMANDS.roots().items():
        words = await table.say("ana", f"{root}{typed}")

        assert f"/{root} is followed by one of: " in words
        assert all(command.sub in words for command in known)
        assert "/rounds help" in words


async def test_commands_are_suggested_to_anybody(sqlite_database: Database) -> None:
    table = await nobody(sqlite_database)

    async def suggested(text: str) -> list[str]:
        request = table.stage._request("ana", "table")
        found = await table.stage.app.suggest(request, "rounds help", "command", text)
        return [choice.value for choice in found]

    assert (await suggested("cas"))[:2] == ["case", "case add"]
    assert "my settings" in await suggested("sett")
    assert len(await suggested("")) == 25
    assert await suggested("zzz") == []


async def test_the_panel_leads_to_every_command_by_pressing(sqlite_database: Database) -> None:
    table = await nobody(sqlite_database)
    await table.say("ana", "rounds panel")
    assert newest(table, "ana")[1] == list(ROOTS.values())

    for root, label in ROOTS.items():
        await table.press("ana", label)
        words, buttons = newest(table, "ana")
        known = COMMANDS.roots()[root]
        assert buttons == [*(c.name.capitalize() for c in known), "Back to the panel"]
        assert all(f"/{c.name}: {c.description}" in words for c in known)
        assert all(len(button) <= 38 for button in buttons)
        await table.press("ana", "Back to the panel")
        assert newest(table, "ana")[1] == list(ROOTS.values())


async def test_a_button_of_the_panel_does_what_typing_does(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, *PEOPLE)
    await table.say("ana", "rounds panel")
    await table.press("ana", "Cases")

    form = await table.press("ana", "Case add")

    assert "Bring a case" in form
    assert "title" in table.stage.forms["ana"].inputs[0].name
    await table.press("ana", "Me")
    assert "Tuesday circle" in await table.press("ana", "My groups")


async def test_the_panel_is_for_one_person_only(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, *PEOPLE)
    before = len(table.standing())

    await table.say("ana", "rounds panel")
    await table.press("ana", "Turns")

    assert len(table.standing()) == before
    assert "no button" in await table.press("ben", "Turn start")


async def test_status_tells_what_is_said_next_and_when(database: Database) -> None:
    table = await a_table(database, *PEOPLE)

    words = await table.say("ben", "rounds status")

    assert words.startswith("Tuesday circle is active. The next meeting is Tue 3 Mar 2026, 18:30")
    told = [line for line in words.splitlines() if line.startswith("• ")]
    assert told[0] == "• Mon 2 Mar 2026, 18:30 (Europe/Berlin): agenda"
    assert "• Tue 3 Mar 2026, 17:30 (Europe/Berlin): reminder in the channel" in told
    assert sum("private reminder to whoever has not answered" in line for line in told) <= 2
    assert 4 <= len(told) <= 8
    assert "• Tue 3 Mar 2026, 18:35 (Europe/Berlin): who takes it? (if nobody has begun)" in told


async def test_status_while_meeting_says_so(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, *PEOPLE)
    await table.wait(days=1, hours=9.5)
    await table.say("ana", "meeting begin")

    words = await table.say("ana", "rounds status")

    assert "A meeting is running." in words
    assert "18:35 (Europe/Berlin): end of the phase (if nobody has gone on)" in words
    assert "who takes it?" not in words


async def test_status_of_a_paused_group_says_why(database: Database) -> None:
    table = await a_table(database, *PEOPLE)
    await table.say("ana", "group pause")

    words = await table.say("ben", "rounds status")

    assert words == (
        "Tuesday circle is paused: a member paused it. It goes on when somebody types "
        "/group resume. Until then I say nothing."
    )


async def test_status_is_for_members(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, *PEOPLE)

    assert "for members of Tuesday circle" in await table.say("zoe", "rounds status")
    assert "no group of yours" in await table.say("zoe", "rounds status", channel="elsewhere")


async def test_about_says_what_is_kept_and_what_does_not_belong_here(
    sqlite_database: Database,
) -> None:
    table = await nobody(sqlite_database)

    await table.say("zoe", "rounds about")

    words, _ = newest(table, "zoe")
    for said in (
        "Nothing here is a health record",
        "BAA",
        "I erase nothing else by myself",
        "My logs",
    ):
        assert said in words
    assert "emergency services" in words


def test_posts_that_nobody_named_are_called_messages() -> None:
    assert kind_of_post("changed", private=False) == "message in the channel"
    assert kind_of_post("seat", private=True) == "private message to you"


def test_the_table_of_commands_has_a_row_for_each() -> None:
    table = command_table(COMMANDS)

    rows = table.splitlines()
    assert len(rows) == 2 + len(COMMANDS.commands)
    assert all(row.count(" | ") == 2 for row in rows)
    assert any(
        row.startswith("| `/my away` | `until:` | Say until when you are away") for row in rows
    )
    assert any(row.startswith("| `/rounds help` | `[command:]` | ") for row in rows)
