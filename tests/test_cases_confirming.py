"""A case is seen by its author alone until they have said that it is de-identified."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.keeping.fading import date_contents, fade
from bot.queue.finding import CONFIRM
from bot.store.database import Database
from bot.store.tables import Case
from tests.circle import labels, words
from tests.test_guarding import a_group


async def test_an_unconfirmed_case_is_seen_by_its_author_alone(database: Database) -> None:
    circle = await a_group(database)

    shown = await circle.types("ana", "/case add Stuck question: Why?")

    assert labels(shown) == [CONFIRM, "Edit", "Withdraw"]
    code = words(shown).split("(")[1][:4]
    for typed in ("/case queue", f"/case withdraw {code}", f"/case done {code}", "/meeting agenda"):
        assert "Stuck" not in words(await circle.say("ben", typed)), typed
    for typed in ("/case queue", "/case mine"):
        mine = await circle.say("ana", typed)
        assert "Stuck" in words(mine)
        assert CONFIRM in labels(mine)
    assert "de-identified" in words(await circle.say("ana", f"/case write {code}"))

    added = await circle.press("ana", shown, CONFIRM)
    assert "is in the queue" in words(added)
    assert "Stuck" in words(await circle.say("ben", "/case queue"))
    assert "already" in words(await circle.press("ana", shown, CONFIRM))
    edited = await circle.say("ana", "/case edit title: Still stuck")
    assert "Saved" in words(edited)


async def test_a_case_withdrawn_unseen_comes_back_unseen(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    shown = await circle.types("ana", "/case add Stuck")

    gone = await circle.press("ana", shown, "Withdraw")
    back = await circle.press("ana", gone, "Undo")

    assert CONFIRM in labels(back)
    assert "Stuck" not in words(await circle.say("ben", "/case queue"))


async def test_a_case_that_nobody_confirms_goes_after_a_week_whatever_the_group_keeps(
    database: Database,
) -> None:
    circle = await a_group(database)
    await circle.say("ana", "/group settings keep: 0")
    shown = await circle.types("ana", "/case add Stuck")

    for days, title, state in ((0, "Stuck", "unconfirmed"), (8, "", "dropped")):
        async with database.writing() as session:
            await date_contents(session, circle.now)
            await fade(session, circle.now + timedelta(days=days))
        async with database.reading() as session:
            case = (await session.scalars(select(Case).where(Case.group_id == 1))).one()
            assert (case.title, case.state) == (title, state)

    assert "withdrawn already" in words(await circle.press("ana", shown, CONFIRM))
    assert "no case" in words(await circle.say("ana", "/case mine"))


async def test_a_member_who_leaves_takes_an_unseen_case_along(sqlite_database: Database) -> None:
    circle = await a_group(sqlite_database)
    shown = await circle.types("ana", "/case add Stuck")

    await circle.say("ana", "/group leave")
    await circle.say("ana", "/group join")

    assert "withdrawn already" in words(await circle.press("ana", shown, CONFIRM))
