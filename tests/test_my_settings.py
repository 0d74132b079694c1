"""People say in which zone and when they are to be reached."""

from datetime import time

import pytest
from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.replies import Form, Refusal
from bot.my.commands import COMMANDS as MY
from bot.store.database import Database
from bot.store.tables import Person
from tests.circle import PLATFORM, SPACE, Circle, a_circle, filled, labels, words

COMMANDS = Commands()
COMMANDS.include(MY)


async def person(circle: Circle, name: str) -> Person | None:
    async with circle.database.reading() as session:
        return (await session.scalars(select(Person).where(Person.ref == name))).one_or_none()


async def test_settings_are_kept_and_told_back(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)

    answer = await circle.say("ana", "/my settings zone: america/new_york quiet: 22-7 private: on")

    assert "America/New_York" in words(answer)
    assert "not from 22:00 to 07:00" in words(answer)
    kept = await person(circle, "ana")
    assert kept is not None
    assert (kept.zone, kept.quiet_from, kept.quiet_to) == ("America/New_York", time(22), time(7))


async def test_without_options_a_form_opens_with_what_holds_now(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    await circle.say("ana", "/my settings quiet: off private: off")

    form = await circle.say("ana", "/my settings")

    assert filled(form) == {"zone": "", "quiet": "off", "private": "off"}
    assert isinstance(form, Form)
    assert "UTC" in str(form.intro)


async def test_a_stranger_to_the_bot_sees_the_usual_hours(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    form = await circle.say("zoe", "/my settings", channel="elsewhere")

    assert filled(form) == {"zone": "", "quiet": "21:00-08:00", "private": "on"}
    assert await person(circle, "zoe") is None


async def test_sending_the_form_changes_what_was_written(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    form = await circle.say("zoe", "/my settings", channel="elsewhere")
    assert isinstance(form, Form)

    await circle.app.submit(
        circle.request("zoe", "elsewhere"),
        form.action,
        {"zone": "Asia/Tokyo", "quiet": "off", "private": "off"},
    )

    kept = await person(circle, "zoe")
    assert kept is not None
    assert (kept.zone, kept.quiet_from, kept.private) == ("Asia/Tokyo", None, False)


async def test_an_emptied_form_changes_nothing_and_opens_no_other(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    form = await circle.say("ana", "/my settings")
    assert isinstance(form, Form)

    answer = await circle.app.submit(
        circle.request("ana"), form.action, {"zone": "", "quiet": " ", "private": ""}
    )

    assert words(answer) == "Nothing was changed."
    assert isinstance(await circle.say("ana", "/my settings"), Form)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("zone: Europe/Berlim", "Europe/Berlin"),
        ("quiet: sometimes", "21:00-08:00, or off"),
        ("private: maybe", "on, off"),
        ("zone: Europe/Paris quiet: 9-9", "21:00-08:00"),
    ],
)
async def test_what_cannot_be_read_changes_nothing(
    sqlite_database: Database, typed: str, expected: str
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    answer = await circle.say("ana", f"/my settings {typed}")

    assert isinstance(answer, Refusal)
    assert expected in words(answer)
    assert labels(answer) == ["Change it"]
    kept = await person(circle, "ana")
    assert kept is not None
    assert kept.zone is None


async def test_zones_are_suggested_to_anybody(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    found = await circle.app.suggest(
        circle.request("zoe", "elsewhere"), "my settings", "zone", "berl"
    )

    assert [choice.value for choice in found] == ["Europe/Berlin"]


async def test_settings_in_private_are_those_of_ones_only_space(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    alone = circle.request("ana")
    alone = type(alone)("dm1", PLATFORM, None, None, "ana", circle.now)

    answer = await circle.app.typed(alone, "my", "settings zone: Europe/Rome")

    assert "Europe/Rome" in words(answer)
    kept = await person(circle, "ana")
    assert kept is not None
    assert kept.zone == "Europe/Rome"
    assert SPACE == "clinic"
