"""Roles follow the queue: whoever presents now hands theirs on, and who gets it is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.chat.replies import Answer
from bot.schedule.seats import held_seats, read_seats
from bot.store.database import Database
from bot.store.tables import Group, Meeting
from tests.case_circle import a_queue, brings, remember_group
from tests.circle import Circle


async def named(circle: Circle) -> dict[str, str]:
    """Who has which role as it is written down, which is what the cards show too."""
    names = {number: name for name, number in circle.members.items()}
    async with circle.database.reading() as session:
        group = await session.get_one(Group, circle.group_id)
        found = select(Meeting).where(Meeting.group_id == group.id, Meeting.id == 1)
        meeting = (await session.scalars(found)).one()
        held = held_seats(meeting)
        assert held == await read_seats(session, group, meeting)
    return {role: names[seat.member_id] for role, seat in held.items()}


async def told(circle: Circle) -> list[str | None]:
    """Who was told of a role."""
    return [post.person for post in await circle.posts("seat")]


async def ben_leads_and_is_next(circle: Circle) -> str:
    """Ana presents, ben facilitates and his case would be the next; give the code of ana's."""
    await remember_group(circle, call_lead=int(timedelta(days=14).total_seconds()))
    code = await brings(circle, "ana", "First", "minutes: 60")
    await brings(circle, "ben", "Second", "minutes: 60")
    assert await named(circle) == {"facilitator": "ben", "recorder": "chloe"}
    assert await told(circle) == ["ben", "chloe"]
    return code


async def withdraws(circle: Circle, code: str) -> Answer:
    return await circle.say("ana", f"/case withdraw {code}")


async def is_done(circle: Circle, code: str) -> Answer:
    return await circle.say("chloe", f"/case done {code}")


async def swaps(circle: Circle, _code: str) -> Answer:
    await circle.say("ana", "/case swap @ben")
    return await circle.press("ben", await circle.card("swap"), "Agree")


@pytest.mark.parametrize("how", [withdraws, is_done, swaps])
async def test_who_presents_instead_hands_the_role_on_at_once(
    sqlite_database: Database, how: object
) -> None:
    circle = await a_queue(sqlite_database, "ana", "ben", "chloe", "dana")
    code = await ben_leads_and_is_next(circle)

    assert callable(how)
    await how(circle, code)

    roles = await named(circle)
    assert roles["recorder"] == "chloe"
    assert roles["facilitator"] != "ben"
    assert await told(circle) == ["ben", "chloe", roles["facilitator"]]


async def test_undoing_it_leaves_nobody_with_both_a_case_and_a_role(
    sqlite_database: Database,
) -> None:
    circle = await a_queue(sqlite_database, "ana", "ben", "chloe", "dana")
    code = await ben_leads_and_is_next(circle)
    undone = await is_done(circle, code)

    await circle.press("chloe", undone, "Undo")

    assert "ana" not in (await named(circle)).values()


async def test_an_empty_role_goes_to_who_no_longer_presents(sqlite_database: Database) -> None:
    circle = await a_queue(sqlite_database, "ana", "ben")
    await remember_group(circle, call_lead=int(timedelta(days=14).total_seconds()))
    code = await brings(circle, "ana", "First", "minutes: 60")
    assert await named(circle) == {"facilitator": "ben"}

    await withdraws(circle, code)

    assert await named(circle) == {"facilitator": "ben", "recorder": "ana"}
    assert await told(circle) == ["ben", "ana"]
