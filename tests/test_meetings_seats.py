"""Who facilitates and who records, from the call to the meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.queue.finding import CONFIRM
from bot.store.database import Database
from tests.table import Table, a_table

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(weeks=2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PEOPLE = ("ana", "ben", "chloe", "dana")


async def seats(table: Table, who: str = "ana") -> dict[str, str]:
    """Who has which role, as `/meeting next` says."""
    await table.say(who, "meeting next")
    roles = next(f["value"] for f in table.stage.seen[-1].fields if f["name"] == "Roles")
    named = dict(line.split(": ", 1) for line in roles.splitlines())
    return {role: who.removeprefix("@") for role, who in named.items()}


async def called(database: Database, *people: str) -> Table:
    """A group whose second meeting has just been called for."""
    table = await a_table(database, *(people or PEOPLE))
    await table.until(SECOND - 7 * DAY)
    return table


async def hold(table: Table, at: datetime) -> None:
    """Begin and end the meeting of this moment."""
    await table.until(at)
    await table.press("ana", "Begin")
    await table.press("ana", "End")


async def test_two_different_people_are_named_at_the_call(database: Database) -> None:
    table = await called(database)
    first = await seats(table)

    assert set(first) == {"Facilitator", "Recorder"}
    assert first["Facilitator"] != first["Recorder"]
    told = {one.to for one in table.stage.seen if "It is your turn as" in one.text}
    assert {f"@{name}" for name in first.values()} <= told


async def test_who_declines_a_role_is_replaced_by_the_next(database: Database) -> None:
    table = await called(database)
    before = await seats(table)
    leader = before["Facilitator"]

    await table.press(leader, "Decline")

    after = await seats(table)
    assert after["Facilitator"] not in (leader, "nobody yet")
    assert after["Recorder"] == before["Recorder"]


async def test_who_is_not_going_loses_their_role(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    before = await seats(table)

    await table.press(before["Facilitator"], "Not going")

    assert (await seats(table))["Facilitator"] not in before.values()


async def test_who_goes_away_loses_their_role(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    before = await seats(table)

    await table.say(before["Recorder"], "my away until: 2026-03-25")

    assert (await seats(table))["Recorder"] not in before.values()


async def test_who_becomes_a_presenter_gives_the_role_on(database: Database) -> None:
    table = await called(database)
    before = await seats(table)
    leader = before["Facilitator"]

    await table.say(leader, "case add Stuck")

    after = await seats(table)
    assert after["Facilitator"] not in (leader, "nobody yet")
    call = next(m for m in table.standing() if "We meet on" in str(m.reply.text))
    assert f"Facilitator: @{after['Facilitator']}" in str(call.reply.fields[0].text)


async def test_who_lost_a_role_by_presenting_reads_so_within_a_day(
    sqlite_database: Database,
) -> None:
    table = await called(sqlite_database)
    before = await seats(table)
    leader = before["Facilitator"]
    await table.say(leader, "case add Stuck")
    await table.wait(days=1)

    after = (await seats(table))["Facilitator"]
    told = [m for m in table.standing(f"@{leader}") if "no role at that meeting" in str(m.reply)]
    assert len(told) == 1
    assert any("as facilitator" in str(m.reply.text) for m in table.standing(f"@{after}"))


async def test_roles_are_fixed_a_day_before(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    await table.until(SECOND - DAY)
    before = await seats(table)

    await table.say(before["Facilitator"], "case add Stuck")
    assert (await seats(table))["Facilitator"] == before["Facilitator"]

    # Whoever cannot come after all leaves the seat to whoever takes it.
    await table.press(before["Facilitator"], "Not going")
    assert "nobody yet" in (await seats(table))["Facilitator"]
    agenda = next(m for m in table.standing() if m.reply.title and "Agenda" in str(m.reply.title))
    assert "Take it" in [button.label for button in agenda.reply.buttons]


async def test_any_member_takes_an_empty_seat(database: Database) -> None:
    table = await called(database)
    await table.until(SECOND - DAY)
    before = await seats(table)
    await table.press(before["Recorder"], "Not going")
    free = next(name for name in PEOPLE if name not in before.values())

    assert "You are the recorder" in await table.press(free, "Take it")

    assert (await seats(table))["Recorder"] == free


async def test_any_member_takes_a_seat_from_somebody_and_the_other_is_told(
    sqlite_database: Database,
) -> None:
    table = await called(sqlite_database)
    before = await seats(table)
    free = next(name for name in PEOPLE if name not in before.values())
    await seats(table, free)
    assert table.stage.seen[-1].buttons[-2:] == ["Be facilitator", "Be recorder"]

    assert "You are the facilitator" in await table.press(free, "Be facilitator")

    assert (await seats(table))["Facilitator"] == free
    told = [m for m in table.standing(f"@{before['Facilitator']}") if "no role" in str(m.reply)]
    assert len(told) == 1


async def test_taking_the_other_seat_gives_up_the_first(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    before = await seats(table)
    leader = before["Facilitator"]
    await seats(table, leader)
    assert table.stage.seen[-1].buttons[-2:] == ["Be recorder", "Decline"]

    answer = await table.press(leader, "Be recorder")

    assert "You gave up the other role for it." in answer
    after = await seats(table)
    assert after["Recorder"] == leader
    assert after["Facilitator"] != leader


async def test_taking_ones_own_seat_keeps_it_for_good(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    before = await seats(table)
    free = next(name for name in PEOPLE if name not in before.values())
    await seats(table, free)
    await table.press(free, "Be facilitator")

    await table.say(free, "case add Stuck")

    assert (await seats(table))["Facilitator"] == free


async def test_who_has_no_private_messages_can_decline_all_the_same(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, *PEOPLE)
    for name in PEOPLE:
        await table.say(name, "my settings private: off")
    await table.until(SECOND - 7 * DAY)
    leader = (await seats(table))["Facilitator"]
    await seats(table, leader)

    assert "That is fine" in await table.press(leader, "Decline")

    assert (await seats(table))["Facilitator"] != leader


async def test_a_declined_role_can_be_taken_after_all(sqlite_database: Database) -> None:
    table = await called(sqlite_database)
    leader = (await seats(table))["Facilitator"]
    await table.press(leader, "Decline")
    await seats(table, leader)

    await table.press(leader, "Be facilitator")

    assert (await seats(table))["Facilitator"] == leader


async def test_nobody_is_named_at_their_first_meeting_but_at_the_groups_first(
    sqlite_database: Database,
) -> None:
    table = await called(sqlite_database, "ana", "ben", "chloe")
    for name in ("ana", "ben", "chloe"):
        await table.press(name, "Going")
    await hold(table, SECOND)
    await table.press("zoe", "Join")

    for _ in range(3):
        await table.wait(days=8)
        assert "zoe" not in (await seats(table)).values()
        await table.wait(days=6)


async def test_a_newcomer_may_take_a_seat_themselves(sqlite_database: Database) -> None:
    table = await called(sqlite_database, "ana", "ben", "chloe")
    await hold(table, SECOND)
    await table.press("zoe", "Join")
    await table.wait(days=8)
    await seats(table, "zoe")

    assert "You are the facilitator" in await table.press("zoe", "Be facilitator")


async def test_over_several_meetings_everybody_has_each_role_in_turn(
    database: Database,
) -> None:
    table = await a_table(database, *PEOPLE)
    leaders, recorders = [], []
    for number in range(4):
        # 29 March and 25 October change the clocks; the group meets at 18:30 in Berlin.
        at = SECOND + number * timedelta(weeks=2) - (HOUR if number else timedelta(0))
        await table.until(at - DAY)
        for name in PEOPLE:
            await table.press(name, "Going")
        held = await seats(table)
        leaders.append(held["Facilitator"])
        recorders.append(held["Recorder"])
        await hold(table, at)

    assert sorted(leaders) == sorted(PEOPLE)
    assert sorted(recorders) == sorted(PEOPLE)


async def test_who_brings_a_case_after_being_named_is_told_who_facilitates_instead(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    named = next(m for m in table.standing() if "Call for cases" in str(m.reply.title))
    facilitator = str(named.reply.fields[0].text).split("@")[1].split()[0]

    await table.stage.act(facilitator, "/case add A late thought")
    seen = await table.stage.act(facilitator, f'press "{CONFIRM}"')

    told = [one.to for one in seen if one.private and one.kind in ("post", "edit")]
    assert f"@{facilitator}" in told
    assert len(set(told)) > 1
