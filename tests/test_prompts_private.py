"""What a person is told in private, and the hours in which they are left in peace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from adapters.console.stage import Seen
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Person, Post
from tests.table import Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def ahead(database: Database, *people: str) -> Table:
    table = await a_table(database, *people)
    await table.until(SECOND - 2 * DAY)
    return table


def asked(seen: list[Seen], name: str) -> list[datetime]:
    """When somebody was asked in private whether they come."""
    return [
        one.at
        for one in seen
        if one.to == f"@{name}" and one.kind == "post" and "Will you be there?" in one.text
    ]


async def expired(database: Database, kind: str, person: str) -> list[str | None]:
    """Why posts of this kind to a person were not sent."""
    async with database.reading() as session:
        found = await session.scalars(
            select(Post.reason)
            .where(Post.kind == kind, Post.person == person, Post.state == "expired")
            .execution_options(**ACROSS_GROUPS)
        )
        return list(found)


async def test_only_those_who_have_not_answered_are_asked_in_private(database: Database) -> None:
    table = await ahead(database, "ana", "ben", "chloe", "dana")
    await table.press("ana", "Going")
    await table.press("ben", "Late")
    await table.press("chloe", "Not going")

    seen = await table.until(SECOND)

    assert asked(seen, "dana") == [SECOND - HOUR]
    assert [asked(seen, name) for name in ("ana", "ben", "chloe")] == [[], [], []]
    card = next(one for one in seen if one.to == "@dana")
    assert card.private
    assert card.buttons == ["Going", "Late", "Not going"]
    assert "Tuesday circle meets on Tue 17 Mar 2026, 18:30" in card.text
    assert "late" not in card.text


async def test_who_has_left_and_joined_again_is_asked_too(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "group leave")
    await table.say("ben", "group join")

    assert asked(await table.until(SECOND), "ben") == [SECOND - HOUR]


async def test_the_private_card_answers_too(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.until(SECOND - HOUR)

    assert "You are going" in await table.press("ben", "Going")
    assert "Going: @ben" in (await table.say("ana", "meeting next")) + str(
        table.stage.seen[-1].fields
    ).replace("Going (1)", "Going")


async def test_who_does_not_want_private_words_gets_none(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings private: off")
    await table.until(FIRST + DAY)

    seen = await table.until(SECOND)

    assert not [one for one in seen if one.to == "@ben"]
    assert asked(seen, "ana")


async def test_who_is_away_is_not_asked(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my away until: 2026-03-20")

    seen = await table.until(SECOND)

    assert asked(seen, "ben") == []


async def test_quiet_hours_in_ones_own_zone_put_it_off_to_their_end(
    sqlite_database: Database,
) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings quiet: 17:00-18:10")

    seen = await table.until(SECOND)

    assert asked(seen, "ben") == [SECOND - 20 * MINUTE]
    text = next(one.text for one in seen if one.to == "@ben")
    assert "late" not in text


async def test_quiet_hours_that_end_after_the_start_let_it_expire(
    sqlite_database: Database,
) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings quiet: 17:00-18:30")

    seen = await table.until(SECOND + 3 * HOUR)

    assert asked(seen, "ben") == []
    assert "too late to be of use" in await expired(sqlite_database, "nudge", "ben")


async def test_quiet_hours_are_read_in_the_persons_own_zone_first(
    sqlite_database: Database,
) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings zone: Asia/Tokyo")

    # An hour before is 01:30 in Tokyo.
    assert asked(await table.until(SECOND + HOUR), "ben") == []


async def test_without_ones_own_zone_the_platforms_holds(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await _set_zones(sqlite_database, "ben", zone=None, platform_zone="Asia/Tokyo")

    assert asked(await table.until(SECOND + HOUR), "ben") == []


async def test_without_either_the_groups_zone_holds(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ana", "group settings zone: Asia/Tokyo")
    for name in ("ana", "ben"):
        await _set_zones(sqlite_database, name, zone=None, platform_zone=None)

    # 18:30 in Tokyo, an hour earlier is no quiet hour there, though it is in New York.
    tokyo = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
    assert asked(await table.until(tokyo), "ben") == [tokyo - HOUR]


async def test_quiet_hours_can_be_switched_off(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings zone: Asia/Tokyo quiet: off")

    assert asked(await table.until(SECOND), "ben") == [SECOND - HOUR]


async def test_a_meeting_begun_early_needs_nobody_to_be_asked(sqlite_database: Database) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.say("ben", "my settings quiet: 17:00-18:20")
    await table.until(SECOND - 15 * MINUTE)
    await table.say("ana", "meeting begin")

    assert asked(await table.until(SECOND), "ben") == []


async def test_a_private_question_follows_what_becomes_of_the_meeting(
    sqlite_database: Database,
) -> None:
    table = await ahead(sqlite_database, "ana", "ben")
    await table.until(SECOND - HOUR)

    await table.say("ana", "meeting skip 2026-03-17")
    (card,) = [one for one in table.standing("@ben") if "Will you be" not in str(one.reply.text)][
        -1:
    ]
    assert "is skipped" in str(card.reply.text)
    assert card.reply.buttons == ()

    await table.press("ana", "Undo")
    assert "Will you be there?" in str(card.reply.text)
    assert len(card.reply.buttons) == 3


async def test_who_is_named_for_a_role_is_told_and_can_decline(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe", "dana")
    await table.until(FIRST + DAY)

    seen = await table.until(SECOND - 7 * DAY)

    told = {one.to: one for one in seen if one.private}
    assert len(told) == 2
    facilitator = next(to for to, one in told.items() if "facilitator" in one.text)
    name = facilitator.removeprefix("@")
    assert told[facilitator].buttons == ["Decline"]
    before = len(table.stage.seen)
    answer = await table.press(name, "Decline")
    assert "That is fine: @" in answer
    new = posted(table.stage.seen[before:], answer.split("@")[1].join("@ ").split()[0])
    assert "It is your turn as facilitator" in new[0]
    standing = table.standing(facilitator)[-2]
    assert "no role at that meeting any more" in str(standing.reply.text)


async def test_who_is_named_in_the_night_hears_of_it_in_the_morning(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    for name in ("ana", "ben"):
        await table.say(name, "my settings quiet: 18:00-08:00")
    await table.until(FIRST + DAY)

    seen = await table.until(SECOND - 6 * DAY)

    morning = (SECOND - 6 * DAY).replace(hour=7, minute=0)
    told = [one for one in seen if one.private and "It is your turn" in one.text]
    assert [one.at for one in told] == [morning, morning]


async def test_who_was_named_is_told_although_the_meeting_moved_in_the_night(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    for name in ("ana", "ben"):
        await table.say(name, "my settings quiet: 18:00-08:00")
    await table.until(SECOND - 7 * DAY + HOUR)
    await table.say("ana", "meeting move date: 2026-03-17 to: 2026-03-18")

    seen = await table.until(SECOND - 6 * DAY)

    told = [one for one in seen if one.private and "It is your turn" in one.text]
    assert len(told) == 2
    assert all("Wed 18 Mar" in one.text for one in told)


async def _set_zones(database: Database, name: str, **zones: str | None) -> None:
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.ref == name).values(**zones))
