"""What the group is told in its channel before a meeting, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from adapters.console.stage import Seen, Stage
from bot.app import App
from bot.store.database import Database
from tests.table import WEEKLY, Table, a_table, posted

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
"""The first meeting of a table: the Tuesday after its Monday, 18:30 in Berlin."""
SECOND = FIRST + timedelta(weeks=2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def second_meeting_ahead(database: Database, *people: str) -> Table:
    """A group that nobody met in yet, the day after its first date."""
    table = await a_table(database, *people)
    await table.until(FIRST + DAY)
    return table


def times(seen: list[Seen], beginning: str) -> list[datetime]:
    """When something that begins with these words was posted in the channel."""
    return [
        one.at
        for one in seen
        if one.to == "#table" and one.kind == "post" and one.text.startswith(beginning)
    ]


async def test_cases_are_called_for_seven_days_before(database: Database) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe")

    seen = await table.until(SECOND - DAY * 2)

    assert times(seen, "Call for cases") == [SECOND - 7 * DAY]
    card = next(one for one in seen if one.text.startswith("Call for cases"))
    assert card.buttons == ["Going", "Late", "Not going", "Add a case"]
    assert "Tue 17 Mar 2026, 18:30" in card.text
    assert "Who brings a case? /case add takes a minute." in card.text
    roles = next(field["value"] for field in card.fields if field["name"] == "Roles")
    assert roles.startswith("Facilitator: @")


async def test_weekly_groups_are_asked_three_days_before(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="week")
    await table.until(FIRST + HOUR)

    seen = await table.until(FIRST + 7 * DAY)

    assert times(seen, "Call for cases") == [FIRST + 7 * DAY - 3 * DAY]


async def test_a_first_meeting_nearer_than_that_is_called_for_at_once(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana")

    calls = [one for one in table.stage.seen if one.text.startswith("Call for cases")]

    assert [one.at for one in calls if one.kind == "post"] == [table.stage.now]
    assert "late" not in calls[0].text


async def test_a_first_meeting_nearer_than_a_day_goes_straight_to_its_agenda(
    sqlite_database: Database,
) -> None:
    table = Table(Stage(App(sqlite_database, Random(1)), FIRST - 8 * HOUR, "Europe/Berlin"))
    await table.say("ana", WEEKLY.format(every="week").removeprefix("/") + " first: 2026-03-03")

    await table.until(FIRST)

    shown = [text for text in posted(table.stage.seen) if not text.startswith("Tuesday circle")]
    assert [text[:10] for text in shown] == ["Agenda: Tu", "We meet at", "Meeting: T"]
    assert "late" not in shown[0]


async def test_the_call_counts_what_is_queued_and_the_time_that_is_free(
    sqlite_database: Database,
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.say("ana", "case add Stuck minutes: 30")

    (call,) = posted(await table.until(SECOND - 7 * DAY))
    assert "1 case is" in call
    assert "46 minutes are free" in call

    await table.say("ben", "case add Ending minutes: 46")
    assert "2 cases are" in table.standing()[-1].reply.text.render(str)


async def test_the_day_before_the_agenda_shows_presenters_minutes_and_titles_but_no_question(
    database: Database,
) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe")
    await table.say("ana", "case add Stuck minutes: 30 question: Where am I blind?")
    await table.say("ben", "case add Ending question: How do I say goodbye?")

    seen = await table.until(SECOND - DAY)

    assert times(seen, "Agenda: Tuesday circle") == [SECOND - DAY]
    card = next(one for one in seen if one.text.startswith("Agenda"))
    cases = next(field["value"] for field in card.fields if field["name"] == "Cases")
    assert "@ana, 30 min: Stuck (" in cases
    assert "@ben, 38 min: Ending (" in cases
    everything = " ".join(str(one.fields) + one.text for one in seen if one.to == "#table")
    assert "blind" not in everything
    assert "goodbye" not in everything


async def test_with_nothing_queued_the_agenda_says_what_groups_do_then(
    sqlite_database: Database,
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")

    seen = await table.until(SECOND - DAY)

    card = next(one for one in seen if one.text.startswith("Agenda"))
    cases = next(field["value"] for field in card.fields if field["name"] == "Cases")
    assert "Nothing is queued yet" in cases
    for word in ("last time", "theme", "short round"):
        assert word in cases
    assert card.buttons == ["Going", "Late", "Not going", "Add a case"]


async def test_a_case_that_comes_after_the_agenda_appears_on_it(sqlite_database: Database) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - DAY)

    await table.say("ben", "case add Ending")

    edits = [one for one in table.stage.seen if one.kind == "edit"]
    assert "Ending" in str(edits[-1].fields)
    assert "Nothing is queued" not in str(edits[-1].fields)


async def test_a_day_before_only_those_who_declined_make_the_meeting_doubtful(
    sqlite_database: Database,
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * DAY)

    card = (await table.until(SECOND - DAY))[-1]
    assert "Keep it" not in card.buttons

    await table.press("ben", "Not going")
    agenda = next(
        one for one in reversed(table.stage.seen) if one.kind == "edit" and "Keep it" in one.buttons
    )
    assert "2 members can come so far, and it takes 3." in agenda.text
    assert agenda.buttons[3:6] == ["Keep it", "Move it", "Skip it"]


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("Keep it", "stays"), ("Skip it", "Skipped")],
)
async def test_the_group_decides_whether_a_doubtful_meeting_takes_place(
    sqlite_database: Database, label: str, outcome: str
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * DAY)
    await table.press("ben", "Not going")
    await table.until(SECOND - DAY)

    assert outcome in await table.press("ana", label)

    shown = table.standing()
    assert not [one for one in shown if "Keep it" in [b.label for b in one.reply.buttons]]
    later = await table.until(SECOND - MINUTE)
    assert "Keep it, move it or skip it" not in str(posted(later))
    kept = [one for one in shown if "We meet although few can come." in str(one.reply.text)]
    assert len(kept) == (label == "Keep it")


async def test_moving_a_doubtful_meeting_opens_the_form_with_its_date(
    sqlite_database: Database,
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND - 2 * DAY)
    await table.press("ben", "Not going")
    await table.until(SECOND - DAY)

    await table.press("ana", "Move it")

    form = table.stage.seen[-1]
    assert form.kind == "form"
    assert form.fields[0] == {"name": "Date", "value": "2026-03-17"}


async def test_an_hour_before_a_short_reminder_names_who_facilitates_and_presents(
    database: Database,
) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe", "dana")
    await table.say("ana", "case add Stuck")
    await table.until(SECOND - 2 * DAY)
    for name in ("ana", "ben", "chloe"):
        await table.press(name, "Going")

    seen = await table.until(SECOND - HOUR)

    assert times(seen, "We meet at 18:30.") == [SECOND - HOUR]
    text = posted(seen)[-1]
    assert "facilitates" in text
    assert "@ana presents." in text
    assert "Keep" not in text
    assert len(text) < 150


async def test_an_hour_before_it_counts_who_said_that_they_come(sqlite_database: Database) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe", "dana")
    await table.until(SECOND - 2 * DAY)
    await table.press("ana", "Going")
    await table.press("ben", "Late")

    seen = await table.until(SECOND - HOUR)
    card = next(one for one in seen if one.text.startswith("We meet at"))
    assert "2 have said" in card.text
    assert "Keep it, move it or skip it?" in card.text
    assert card.buttons[3:] == ["Keep it", "Move it", "Skip it"]

    await table.press("chloe", "Going")
    assert "Keep it" not in table.stage.seen[-1].buttons
    assert "Keep it" not in table.stage.seen[-1].text


async def test_at_the_start_it_says_who_facilitates_who_presents_and_offers_begin(
    database: Database,
) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe")
    await table.say("ana", "case add Stuck")
    await table.say("ben", "case add Ending")

    seen = await table.until(SECOND)

    start = next(one for one in seen if one.at == SECOND and one.kind == "post")
    assert start.text.startswith("Meeting: Tuesday circle")
    assert "@chloe facilitates." in start.text
    assert "@ana and @ben present." in start.text or "@ben and @ana present." in start.text
    assert start.buttons == ["Begin"]
    assert set(start.said.notify) == {"ana", "ben", "chloe"}  # type: ignore[union-attr]


async def test_five_minutes_later_it_asks_who_takes_a_meeting_nobody_has_begun(
    database: Database,
) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe")
    await table.until(SECOND)

    seen = await table.until(SECOND + 5 * MINUTE)
    assert [one.at for one in seen] == [SECOND + 5 * MINUTE]
    assert "Who takes it?" in seen[0].text
    assert seen[0].buttons == ["Take it", "Begin"]

    assert "You are the facilitator" in await table.press("ben", "Take it")
    (card,) = [one.reply for one in table.standing() if "facilitates today" in str(one.reply.text)]
    assert "@ben facilitates" in str(card.text)
    assert [button.label for button in card.buttons] == ["Begin"]


async def test_nobody_is_asked_to_take_a_meeting_that_has_begun(sqlite_database: Database) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND)
    await table.press("ben", "Begin")

    await table.press("ben", "Pause")
    seen = await table.until(SECOND + 10 * MINUTE)

    assert posted(seen) == []


async def test_after_the_end_it_says_when_they_meet_again_and_who_is_next(
    database: Database,
) -> None:
    table = await second_meeting_ahead(database, "ana", "ben", "chloe")
    await table.say("ana", "case add Stuck")
    await table.until(SECOND - DAY)
    await table.say("ben", "case add Ending minutes: 60")
    await table.until(SECOND)
    await table.press("chloe", "Begin")
    await table.wait(minutes=80)
    await table.press("chloe", "End")

    before = len(table.stage.seen)
    await table.press("chloe", "Done")

    after = next(t for t in posted(table.stage.seen[before:]) if t.startswith("Next time"))
    assert "Thank you all." in after
    assert "We meet again on Tue 31 Mar 2026, 18:30" in after
    assert after.endswith("Next to present: @ben. @chloe facilitates, as it looks now.")


async def test_a_meeting_that_nobody_begins_is_told_without_blame(
    sqlite_database: Database,
) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    await table.until(SECOND)

    seen = await table.until(SECOND + 3 * HOUR)

    (after,) = [text for text in posted(seen) if text.startswith("Next time")]
    assert "was not begun" in after
    assert "Tue 31 Mar 2026" in after
    assert times(seen, "Next time") == [SECOND + 90 * MINUTE]


async def test_leads_are_elapsed_hours_where_the_clocks_change(sqlite_database: Database) -> None:
    table = await second_meeting_ahead(sqlite_database, "ana", "ben", "chloe")
    third = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    await table.until(SECOND + DAY)

    seen = await table.until(third)

    assert times(seen, "Call for cases") == [third - 7 * DAY]
    assert times(seen, "Agenda") == [third - DAY]
    assert times(seen, "We meet at 18:30.") == [third - HOUR]
    assert times(seen, "Meeting") == [third]
