"""Settings and pauses: done at once, told to all, undone by anybody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.console.stage import PLATFORM, SPACE
from bot.chat.replies import Refusal, Reply
from bot.chat.requests import Request
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Change, Group
from tests.table import Table, a_table, posted


async def the_group(database: Database) -> Group:
    async with database.reading() as session:
        return (await session.scalars(select(Group))).one()


async def press(table: Table, person: str, action: str) -> str:
    """Press a button that may no longer stand anywhere; give the private answer."""
    request = Request(f"{person} {action}", PLATFORM, SPACE, "table", person, table.stage.now)
    answer = await table.stage.app.press(request, action)
    assert isinstance(answer, (Reply, Refusal)), answer
    return str((answer.reply if isinstance(answer, Refusal) else answer).text)


def told(table: Table) -> list[str]:
    """The announcements of changes that stand in the channel, as they read now."""
    texts = [str(message.reply.text) for message in table.standing()]
    return [text for text in texts if text.startswith("@") and " the group" in text]


def undo_button(table: Table) -> str:
    """What the newest Undo does."""
    buttons = [button for message in table.standing() for button in message.reply.buttons]
    return [button.action for button in buttons if button.label == "Undo"][-1]


async def test_a_change_acts_at_once_and_everybody_is_told_with_undo(database: Database) -> None:
    table = await a_table(database, "ana", "ben")

    answer = await table.say("ben", "group settings minutes: 75 place: #voice")

    assert "Saved. I told the group" in answer
    assert told(table)[-1].splitlines() == [
        "@ben changed the group's settings.",
        "Length: 75 minutes, was: 90 minutes",
        "Place: #voice, was: not set",
    ]
    assert (await the_group(database)).minutes == 75


async def test_anybody_can_undo_it_once(database: Database) -> None:
    table = await a_table(database, "ana", "ben", "chloe")
    await table.say("ana", "group settings minutes: 75 weekday: thursday")
    before = undo_button(table)

    assert "Undone" in await table.press("ben", "Undo")

    assert told(table)[-1].endswith("Undone by @ben: all is as it was before.")
    group = await the_group(database)
    assert (group.minutes, group.weekday) == (90, 1)
    assert "Next meeting: Tue 3 Mar" in str(table.standing()[0].reply.text)
    assert "@ben has undone that already" in await press(table, "chloe", before)
    assert (await the_group(database)).revision == group.revision


async def test_undo_stands_only_while_nothing_else_was_changed(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "group settings minutes: 75")
    first = undo_button(table)
    await table.say("ana", "group settings size: 5")

    assert "Something else was changed since" in await press(table, "ben", first)

    group = await the_group(database)
    assert (group.minutes, group.size) == (75, 5)
    assert "Undone" in await table.press("ben", "Undo")
    assert (await the_group(database)).size == 6


async def test_a_stranger_cannot_undo(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    await table.say("ana", "group settings minutes: 75")
    assert "for members of Tuesday circle" in await table.press("zoe", "Undo")
    assert (await the_group(sqlite_database)).minutes == 75


async def test_another_weekday_moves_the_meetings(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "group settings weekday: thursday time: 7 pm")

    assert told(table)[-1].splitlines()[1:] == [
        "Meets: every 2 weeks on Thursday at 19:00 (Europe/Berlin), "
        "was: every 2 weeks on Tuesday at 18:30 (Europe/Berlin)",
        "Next meeting: Thu 5 Mar 2026, 18:00 (UTC).",
    ]
    assert "Next meeting: Thu 5 Mar 2026" in str(table.standing()[0].reply.text)


async def test_without_options_the_form_shows_what_is_set(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    await table.say("ana", "group settings")
    form = table.stage.forms["ana"]
    assert {i.name: i.value for i in form.inputs} == {
        "name": "Tuesday circle",
        "every": "2 weeks",
        "weekday": "tuesday",
        "time": "18:30",
        "zone": "Europe/Berlin",
    }
    assert "nothing was changed" in await table.submit("ana")
    assert told(table) == []


async def test_a_first_date_moves_the_rhythm(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    await table.say("ana", "group settings first: 2026-03-10")
    assert told(table)[-1].splitlines()[1:] == [
        "First date: Tuesday 2026-03-10",
        "Next meeting: Tue 10 Mar 2026, 17:30 (UTC).",
    ]


async def test_leads_are_read_as_people_type_them(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")
    await table.say("ana", "group settings call: 5 days agenda: 36 hours reminder: 90 minutes")
    group = await the_group(sqlite_database)
    leads = group.call_lead, group.agenda_lead, group.reminder_lead
    assert leads == (5 * 86_400, 36 * 3600, 5400)
    await table.say("ana", "group settings call: by rhythm")
    assert (await the_group(sqlite_database)).call_lead is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("size: 1", "from 2 to 12"),
        ("size: 2", "There are 3 members, so the size is 3 at least."),
        ("quorum: 7", "2 to the size of the group, which is 6"),
        ("zone: Mars/Phobos", "no time zone"),
        ("every: fortnight", "one of: week, 2 weeks"),
        ("first: 2026-03-11", "not a Tuesday"),
        ("first: 2026-02-24", "in the past"),
        ("agenda: 8 days", "less than 7 days"),
        ("reminder: 2 days", "less than 24 hours"),
        ("call: soonish", "I expected a length"),
        ("name: " + "x" * 81, "at most 80"),
        ("place: ftp://example.org", "begins with https://"),
    ],
)
async def test_what_cannot_be_changes_nothing(
    sqlite_database: Database, typed: str, expected: str
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    assert expected in await table.say("ana", f"group settings {typed}")
    assert (await the_group(sqlite_database)).revision == 1
    assert told(table) == []


async def test_a_smaller_group_needs_fewer_to_meet(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group settings size: 2")
    assert (await the_group(sqlite_database)).quorum == 2


async def test_a_pause_is_told_and_nothing_is_prompted(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")

    assert "The group is paused." in await table.say("ben", "group pause")

    assert told(table)[-1].startswith("@ben paused the group")
    assert "Paused: I prompt for nothing" in str(table.standing()[0].reply.text)
    assert posted(await table.wait(days=30)) == []
    assert "paused already" in await table.say("ana", "group pause")


async def test_a_paused_group_goes_on_with_its_next_date(database: Database) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ben", "group pause")
    await table.wait(days=20)

    assert "The group goes on" in await table.say("ana", "group resume")

    assert told(table)[-1] == "@ana woke the group up. Next meeting: Tue 31 Mar 2026, 16:30 (UTC)."
    assert "Next meeting: Tue 31 Mar" in str(table.standing()[0].reply.text)
    assert posted(await table.wait(days=8))
    assert "not paused" in await table.say("ana", "group resume")


async def test_a_pause_can_be_undone_and_so_can_that(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group pause")
    assert "Undone" in await table.press("ben", "Undo")
    assert (await the_group(sqlite_database)).state == "active"
    assert posted(await table.wait(days=1))

    await table.say("ana", "group pause")
    await table.say("ana", "group resume")
    await table.press("ben", "Undo")
    assert (await the_group(sqlite_database)).state == "paused"


async def test_a_change_remembers_who_made_and_who_undid_it(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "group settings minutes: 75")
    await table.press("ben", "Undo")
    async with sqlite_database.reading() as session:
        change = (await session.scalars(select(Change), execution_options=ACROSS_GROUPS)).one()
    assert change.by_id != change.undone_by_id
    assert change.undone_at == table.stage.now


@pytest.mark.parametrize(
    "action", ["change.undo:1:99", "change.undo:1:x", "proposal.object:1:99", "change.undo:1"]
)
async def test_a_button_of_an_older_card_changes_nothing(
    sqlite_database: Database, action: str
) -> None:
    table = await a_table(sqlite_database, "ana")
    await press(table, "ana", action)
    assert (await the_group(sqlite_database)).revision == 1


async def test_an_earlier_time_that_is_over_today_holds_from_the_next_date_on(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", every="week")
    await table.wait(days=1, hours=8)

    await table.say("ben", "group settings time: 16:00")

    assert "Next meeting: Tue 10 Mar 2026, 15:00 (UTC)" in str(table.standing()[-1].reply.text)
    assert "Tue 10 Mar 2026, 16:00" in (await table.say("ana", "meeting list")).splitlines()[1]
    await table.press("ana", "Undo")
    assert "Tue 3 Mar 2026, 18:30" in (await table.say("ana", "meeting list")).splitlines()[1]
    seen = await table.wait(hours=2)
    assert any("It is time." in text for text in posted(seen))


async def test_a_larger_size_is_not_undone_once_others_have_its_places(
    database: Database,
) -> None:
    table = await a_table(database, "ana", "ben")
    await table.say("ana", "group settings size: 2")
    await table.say("ana", "group settings size: 3")
    await table.press("chloe", "Join")

    assert "There are 3 members" in await table.press("ben", "Undo")

    assert (await the_group(database)).size == 3
    await table.say("chloe", "group leave")
    assert "Undone" in await table.press("ben", "Undo")
    assert (await the_group(database)).size == 2
