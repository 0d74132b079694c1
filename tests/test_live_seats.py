"""Who facilitates a case: asked in private, taken by anybody, named by whoever presents."""

from __future__ import annotations

from sqlalchemy import update

from bot.store.database import Database
from bot.store.tables import Member, Person
from tests.live_table import (
    a_meeting,
    at_the_first_case,
    before_the_meeting,
    card,
    labels,
    members,
    on_to,
    state,
)
from tests.table import Table, posted

EVERYBODY = ("ana", "ben", "chloe", "dana")
ASK = "Would you facilitate this case?"


def asked(table: Table) -> list[str]:
    """Who reads in private that the next case has a seat for them."""
    return [
        name
        for name in EVERYBODY
        if any(ASK in str(message.reply.text) for message in table.standing(f"@{name}"))
    ]


def first_presenter(table: Table) -> str:
    """Who presents the first case."""
    return "ana" if "@ana, 30 min" in card(table) else "ben"


async def test_one_who_does_not_present_is_asked_and_the_next_if_they_decline(
    database: Database,
) -> None:
    table = await at_the_first_case(database, *EVERYBODY)
    (first,) = asked(table)
    presenter = first_presenter(table)
    assert first != presenter
    assert "Nobody facilitates this case yet" in card(table)

    assert "somebody else is asked" in await table.press(first, "Decline")

    (second,) = set(asked(table)) - {first}
    assert second not in (first, presenter)
    assert "You facilitate" in await table.press(second, "Take it")
    assert f"@{second} facilitates this case." in card(table)
    assert "Take it" not in labels(table)


async def test_whoever_facilitates_gets_a_line_in_each_phase_and_none_of_an_old_one(
    database: Database,
) -> None:
    table = await at_the_first_case(database, *EVERYBODY)
    (name,) = asked(table)
    await table.press(name, "Take it")
    seen = len(table.stage.seen)

    await table.press("chloe", "Open")
    await on_to(table, "Consultation")

    lines = [text for text in posted(table.stage.seen[seen:], f"@{name}") if "For you, " in text]
    assert len(lines) == len(set(lines)) >= 2
    assert lines[-1].startswith("For you, Consultation: ")
    assert "For you, Consultation: " in await table.say(name, "meeting now")
    for other in set(EVERYBODY) - {name}:
        assert not [text for text in posted(table.stage.seen, f"@{other}") if "For you, " in text]
        assert "For you, " not in await table.say(other, "meeting now")


async def test_the_presenter_names_somebody_and_nobody_else_can(sqlite_database: Database) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    presenter = first_presenter(table)
    (before,) = asked(table)
    other = next(
        name for name in ("chloe", "dana", "ana", "ben") if name not in (presenter, before)
    )

    assert "named by whoever presents" in await table.say("chloe", f"meeting facilitator @{other}")
    answer = await table.say(presenter, f"meeting facilitator @{presenter}")
    assert "does not facilitate it as well" in answer
    assert f"You have named @{other}" in await table.say(presenter, f"meeting facilitator @{other}")

    assert asked(table) == [other]
    assert any("seat is settled" in str(m.reply.text) for m in table.standing(f"@{before}"))
    await table.press(other, "Take it")
    assert f"@{other} facilitates this case." in card(table)


async def test_a_newcomer_and_whoever_wants_no_private_messages_are_not_asked(
    sqlite_database: Database,
) -> None:
    table = await before_the_meeting(sqlite_database, *EVERYBODY)
    async with sqlite_database.writing() as session:
        await session.execute(update(Person).where(Person.ref == "dana").values(private=False))

    await table.press("chloe", "Begin")
    names = {member.id: name for name, member in (await members(sqlite_database)).items()}
    kept = await state(sqlite_database)
    assert kept is not None
    assert names[kept.asking[0].member or 0] != "dana"

    for name in EVERYBODY:
        await table.press(name, "Decline")
    assert "dana" not in asked(table)
    # Nobody is left to be asked, and still anybody can.
    await table.say("chloe", "meeting step step: next phase")
    assert "You facilitate" in await table.press("dana", "Take it")


async def test_when_the_facilitator_is_gone_any_member_takes_the_seat(database: Database) -> None:
    table = await at_the_first_case(database, *EVERYBODY)
    (name,) = asked(table)
    await table.press(name, "Take it")
    await table.press("chloe", "Open")
    presenter = first_presenter(table)
    other = next(one for one in ("dana", "chloe") if one != name)

    await table.say(name, "group leave")

    assert "Nobody facilitates this case yet" in card(table)
    assert "does not facilitate it as well" in await table.press(presenter, "Take it")
    assert "You facilitate" in await table.press(other, "Take it")
    assert f"@{other} facilitates this case." in card(table)


async def test_the_next_case_asks_somebody_else_late_and_a_standby_case_asks_anew(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY, more="Spare minutes: 30")
    (first,) = asked(table)
    second_presenter = "ana" if first_presenter(table) == "ben" else "ben"
    await table.press(first, "Take it")
    await table.press("chloe", "Open")
    assert len(await offers(sqlite_database)) == 1

    await on_to(table, "Close")
    assert (await offers(sqlite_database))[-1] not in (first, second_presenter)

    await table.say("chloe", "meeting step step: next phase")
    await table.say(second_presenter, "meeting step step: leave")
    await table.press("dana", "Standby case")

    kept = await state(sqlite_database)
    assert kept is not None
    assert kept.segment is not None
    assert kept.asking[-1].case_id == kept.segment.case_id
    assert (await offers(sqlite_database))[-1] not in ("chloe", second_presenter)


async def offers(database: Database) -> list[str]:
    """Who holds or is asked for a seat, case by case."""
    kept = await state(database)
    assert kept is not None
    names = {member.id: name for name, member in (await members(database)).items()}
    held = {s.case_id: s.facilitator for s in kept.segments}
    seats = [asking.member or held.get(asking.case_id) for asking in kept.asking]
    return [names[seat] for seat in seats if seat is not None]


async def test_who_has_facilitated_a_case_is_asked_last_next_time(
    sqlite_database: Database,
) -> None:
    table = await a_meeting(sqlite_database, *EVERYBODY)
    (name,) = asked(table)
    await table.press(name, "Take it")
    for _ in range(14):
        await table.say("dana", "meeting step step: next phase")

    kept: dict[str, Member] = await members(sqlite_database)
    assert kept[name].facilitated_in == 1


async def test_when_who_presents_is_forgotten_the_meeting_goes_on_to_what_comes_next(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    presenter = first_presenter(table)
    await table.press("chloe", "Open")
    await on_to(table, "Telling")

    await table.say(presenter, "my forget")
    await table.press(presenter, "Forget me")

    assert "Open" in labels(table)
    assert first_presenter(table) != presenter
    assert f"@{presenter}" not in card(table)
    await table.say("chloe", "turn back")
    assert "Arrival" in card(table)


async def test_come_back_no_longer_says_the_title_once_that_is_gone(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, *EVERYBODY)
    (name,) = asked(table)
    other = next(one for one in ("dana", "chloe") if one != name)
    await table.press(name, "Take it")
    await table.press(other, "I may know this person")
    await table.press("ana", "Open")
    await table.press("ana", "Agenda")
    await table.press("ana", "Done")
    assert any("you can come back" in text for text in posted(table.stage.seen, f"@{other}"))
    await table.press("ana", "End")
    await table.press("ana", "Not reached")
    seen = len(table.stage.seen)

    await table.wait(days=45)

    edited = [s.text for s in table.stage.seen[seen:] if s.kind == "edit" and s.private]
    assert any(text.endswith(" is over.") for text in edited)
