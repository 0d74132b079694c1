"""What is pressed at the wrong moment, or by the wrong person: a clear answer, nothing changed."""

from __future__ import annotations

from bot.chat.replies import Refusal
from bot.store.database import Database
from tests.case_circle import refused
from tests.live_table import a_meeting, action, labels, press_action, state

STEPS = ("Next", "Back", "More time", "Pause", "Pass")


async def test_who_is_not_there_can_press_no_step_of_the_card(sqlite_database: Database) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    await table.press("ana", "Next")
    before, seen = await state(sqlite_database), len(table.stage.seen)
    assert set(STEPS) <= set(labels(table))

    for label in STEPS:
        assert "nothing was changed. Press Join first" in await table.press("dana", label), label

    assert await state(sqlite_database) == before
    assert {one.to for one in table.stage.seen[seen:]} == {"@dana"}


async def test_a_card_of_a_meeting_that_is_over_says_so_whatever_is_pressed_on_it(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, "ana", "ben")
    await table.press("ana", "Next")
    old = {label: action(table, label) for label in (*STEPS, "Join", "Agenda", "End")}
    for label in ("End", "Not reached", "Not reached"):
        await table.press("ana", label)
    assert await state(sqlite_database) is None
    stood = table.standing()

    for label, pressed in old.items():
        answer = await press_action(table, "ben", pressed)
        assert isinstance(answer, Refusal), label
        assert "meeting next shows the next one" in refused(answer), label

    await table.stage.settle()
    assert table.standing() == stood
    assert await state(sqlite_database) is None
