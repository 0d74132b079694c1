"""Private words about cases keep to the hours in which a person is left in peace."""

from datetime import UTC, datetime, time

from sqlalchemy import select

from bot.chat.replies import Reply
from bot.context import Later
from bot.speech import Spoken, Unwanted, speak
from bot.store.database import Database
from bot.store.tables import Person
from tests.case_circle import a_queue, brings
from tests.circle import Circle, words

NIGHT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


async def at_night(database: Database) -> Circle:
    """Ana and ben wait with a case each; it is ten in the evening, and all want peace."""
    circle = await a_queue(database)
    for name in ("ana", "ben"):
        await brings(circle, name, f"From {name[0]}")
    async with database.writing() as session:
        for person in await session.scalars(select(Person)):
            person.quiet_from, person.quiet_to = time(21), time(8)
    circle.now = NIGHT
    return circle


async def said(circle: Circle, kind: str) -> Spoken | Unwanted | Later:
    """What becomes of the newest post of this kind now."""
    post = (await circle.posts(kind))[-1]
    async with circle.database.reading() as session:
        return await speak(circle.app.commands, session, post, circle.now, circle.app.formats)


async def test_an_offer_to_swap_waits_for_the_morning(sqlite_database: Database) -> None:
    circle = await at_night(sqlite_database)
    await circle.say("ben", "/case swap @ana")

    assert await said(circle, "swap") == Later(MORNING)

    circle.now = MORNING
    assert "exchange places" in words(await circle.card("swap"))


async def test_what_became_of_a_swap_waits_for_the_morning(sqlite_database: Database) -> None:
    circle = await at_night(sqlite_database)
    await circle.say("ben", "/case swap @ana")
    circle.now = MORNING
    offer = await circle.card("swap")
    circle.now = NIGHT

    agreed = await circle.press("ana", offer, "Agree")
    assert await said(circle, "swap-answer") == Later(MORNING)

    await circle.press("ana", agreed, "Undo")
    assert await said(circle, "swap-over") == Later(MORNING)


async def test_that_a_case_was_marked_as_presented_waits_for_the_morning(
    sqlite_database: Database,
) -> None:
    circle = await at_night(sqlite_database)
    code = await brings(circle, "ana", "Another")

    await circle.say("ben", f"/case done {code}")

    assert await said(circle, "presented") == Later(MORNING)


async def test_what_was_sent_is_kept_true_at_any_hour(sqlite_database: Database) -> None:
    circle = await at_night(sqlite_database)
    answer = await circle.say("ben", "/case swap @ana")
    await circle.mark_sent()
    assert isinstance(answer, Reply)

    await circle.press("ben", answer, "Take it back")

    spoken = await said(circle, "swap")
    assert isinstance(spoken, Spoken)
