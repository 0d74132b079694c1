"""People acting on the console: what each of them sees, and how time passes for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from adapters.console.client import Player
from adapters.console.grammar import TranscriptError
from adapters.console.stage import Stage
from bot.app import App
from bot.store.database import Database
from tests.databases import in_memory
from tests.table import MONDAY, WEEKLY, a_table

FIRST = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
OTHER = "/group start name: Other circle every: week weekday: friday time: 12:00 zone: Asia/Tokyo"


class Heard:
    """A transcript that is played, and what was printed because of it."""

    def __init__(self, database: Database, *, as_json: bool = True) -> None:
        """Begin at some time of the machine's clock."""
        self.stage = Stage(App(database, Random(1)), datetime(2030, 1, 1, tzinfo=UTC))
        self.printed: list[str] = []
        self._player = Player(self.stage, self.printed.append, as_json=as_json)

    async def play(self, *lines: str) -> list[dict[str, object]]:
        """Play lines; give what they printed as JSON."""
        before = len(self.printed)
        for line in lines:
            await self._player.play_line(line)
        return [json.loads(line) for line in self.printed[before:]]


async def begun(database: Database) -> Heard:
    heard = Heard(database)
    await heard.play(
        "# a month", "", "at 2026-03-02 09:00 Europe/Berlin", f"ana: {WEEKLY.format(every='week')}"
    )
    return heard


async def test_everything_that_appears_is_one_object_a_line(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)

    for line in heard.printed:
        assert set(json.loads(line)) == {
            *("at", "platform", "to", "kind", "private", "text", "buttons", "fields")
        }
        assert "\n" not in line
    first = json.loads(heard.printed[0])
    assert first["at"] == "2026-03-02T08:00:00Z"
    assert first["platform"] == "console"
    assert (first["to"], first["kind"], first["private"]) == ("#table", "post", False)
    assert first["buttons"] == ["Join", "Leave"]
    reply = next(one for one in map(json.loads, heard.printed) if one["kind"] == "reply")
    assert (reply["to"], reply["private"]) == ("@ana", True)


async def test_replies_posts_edits_and_forms_are_told_apart(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)

    seen = await heard.play('ben: press "Join"', "ben: /case add", 'ben: submit "Title"="Stuck"')

    assert {one["kind"] for one in seen} == {"reply", "edit", "form"}
    form = next(one for one in seen if one["kind"] == "form")
    assert (form["to"], form["private"]) == ("@ben", True)
    assert isinstance(form["fields"], list)
    assert [field["name"] for field in form["fields"]] == [
        *("Title", "Question", "Urgency", "Minutes"),
    ]


async def test_times_are_told_in_the_groups_zone(sqlite_database: Database) -> None:
    heard = Heard(sqlite_database)
    await heard.play("at 2026-03-02 09:00 America/New_York", f"ana in #other: {OTHER}")

    assert "Fri 6 Mar 2026, 12:00 (Asia/Tokyo)" in "".join(heard.printed)


async def test_the_clock_is_set_once_and_first(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)

    with pytest.raises(TranscriptError, match="the clock is set once"):
        await heard.play("at 2026-03-02 10:00 Europe/Berlin")


async def test_the_clock_is_not_set_after_time_has_passed(sqlite_database: Database) -> None:
    heard = Heard(sqlite_database)
    await heard.play("+1h")

    with pytest.raises(TranscriptError, match="the clock is set once"):
        await heard.play("at 2026-03-02 10:00 Europe/Berlin")


async def test_people_are_in_the_clocks_zone_until_they_say_otherwise(
    sqlite_database: Database,
) -> None:
    heard = Heard(sqlite_database)
    await heard.play("at 2026-03-02 09:00 Pacific/Auckland", f"ana: {WEEKLY.format(every='week')}")

    (reply,) = await heard.play("ana: /my settings")
    assert "Pacific/Auckland" in json.dumps(reply)


async def test_time_stops_at_each_due_moment_so_that_nothing_is_late(
    sqlite_database: Database,
) -> None:
    heard = await begun(sqlite_database)

    seen = await heard.play("+30d")

    posts = [one for one in seen if one["kind"] == "post" and one["to"] == "#table"]
    assert len({one["at"] for one in posts}) > 15
    assert "late" not in "".join(str(one["text"]) for one in posts).replace("later", "")
    assert [one["at"] for one in posts] == sorted(str(one["at"]) for one in posts)
    starts = [one["at"] for one in posts if str(one["text"]).startswith("Meeting")]
    assert starts[:4] == [
        *("2026-03-03T17:30:00Z", "2026-03-10T17:30:00Z", "2026-03-17T17:30:00Z"),
        "2026-03-24T17:30:00Z",
    ]
    assert starts[4] == "2026-03-31T16:30:00Z"


async def test_many_small_steps_show_the_same_as_one_large(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)
    once = await heard.play("+36h")
    async with in_memory() as other:
        alike = await begun(other)
        often = [one for step in ["+7h"] * 5 + ["+1h"] for one in await alike.play(step)]

    assert once == often


async def test_a_press_takes_the_newest_such_button_one_can_see(
    sqlite_database: Database,
) -> None:
    heard = await begun(sqlite_database)
    await heard.play('ben: press "Join"', "ana: /meeting next", "ana: /case add Stuck")
    await heard.play("ben: /case add Ending", "ana: /case add Third")

    (form, *_) = await heard.play('ana: press "Edit"')
    assert "Third" in json.dumps(form)
    (form, *_) = await heard.play('ben: press "Edit"')
    assert "Ending" in json.dumps(form)


async def test_a_press_of_what_is_not_there_says_so(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)

    (reply,) = await heard.play('ben: press "Withdraw"')

    assert reply["to"] == "@ben"
    assert "no button Withdraw" in str(reply["text"])


async def test_a_form_keeps_what_was_filled_in_where_nothing_else_is_written(
    sqlite_database: Database,
) -> None:
    heard = await begun(sqlite_database)
    await heard.play("ana: /case add title: Stuck question: Why? minutes: 30")
    await heard.play('ana: press "Edit"', 'ana: submit "Minutes"="20"')

    (reply,) = await heard.play("ana: /case mine")

    shown = json.dumps(reply)
    for words in ("Stuck", "Why?", "20"):
        assert words in shown


async def test_a_field_a_form_does_not_have_is_named(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)
    await heard.play("ana: /case add")

    with pytest.raises(TranscriptError, match="no field 'Titel'; expected one of: Title, Question"):
        await heard.play('ana: submit "Titel"="Stuck"')


async def test_a_form_that_was_refused_is_still_open(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)
    await heard.play("ana: /case add")

    (refused,) = await heard.play('ana: submit "Title"="Stuck","Minutes"="7"')
    assert "10" in str(refused["text"])
    replies = await heard.play('ana: submit "Title"="Stuck","Minutes"="20"')
    assert "Nobody sees it yet" in str(replies[-1]["text"] if len(replies) == 1 else replies)

    (none,) = await heard.play("ana: submit")
    assert "no form open" in str(none["text"])


async def test_somebody_in_another_channel_is_asked_about_their_only_group(
    sqlite_database: Database,
) -> None:
    heard = await begun(sqlite_database)

    (reply,) = await heard.play("ana in #elsewhere: /meeting next")

    assert "Next meeting of Tuesday circle" in str(reply["text"])


async def test_somebody_in_several_groups_chooses(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)
    await heard.play(f"ana in #other: {OTHER}", 'ana: press "Start a new group"')
    (other,) = await heard.play("ana in #other: /meeting next")
    assert "Other circle" in str(other["text"])

    (choice,) = await heard.play("ana in #elsewhere: /meeting next")
    assert choice["buttons"] == ["Tuesday circle", "Other circle"]
    (reply,) = await heard.play('ana: press "Other circle"')
    assert "Next meeting of Other circle" in str(reply["text"])


async def test_somebody_without_a_group_is_told_how_to_begin(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)

    (reply,) = await heard.play("zoe in #elsewhere: /meeting next")

    assert "/group start" in str(reply["text"])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/case add title: A title: B", "title is given twice"),
        ('/case add title: "A" and more', "After a closing quote"),
        ('/case add "A', "opened and not closed"),
        ("/case sing", "followed by one of: add"),
        ("/cases add", "I know no /cases"),
        ("/case", "followed by one of"),
    ],
)
async def test_a_command_that_cannot_be_read_is_answered_not_refused(
    sqlite_database: Database, typed: str, words: str
) -> None:
    heard = await begun(sqlite_database)

    (reply,) = await heard.play(f"ana: {typed}")

    assert words in str(reply["text"])


async def test_a_colon_inside_a_value_is_text(sqlite_database: Database) -> None:
    heard = await begun(sqlite_database)
    line = 'ana: /case add Trust: who keeps it? question: "how: minutes: 20?" urgency:soon'
    await heard.play(line)

    (reply,) = await heard.play("ana: /case mine")

    assert "Trust: who keeps it?" in json.dumps(reply)
    assert "how: minutes: 20?" in json.dumps(reply)


async def test_for_people_it_reads_as_a_conversation(sqlite_database: Database) -> None:
    heard = Heard(sqlite_database, as_json=False)
    await heard._player.play_line("at 2026-03-02 09:00 Europe/Berlin")
    await heard._player.play_line(f"ana: {WEEKLY.format(every='week')}")
    printed = "\n".join(heard.printed)

    assert "── Mon 2 Mar 2026, 09:00 (Europe/Berlin) ──" in printed
    assert "> ana: /group start" in printed
    assert "only @ana sees" in printed
    assert "[Join]  [Leave]" in printed
    assert max(map(len, heard.printed)) <= 160


async def test_a_table_begins_on_its_monday(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana")

    assert table.stage.now == MONDAY
    await table.until(FIRST)
    assert table.stage.now - MONDAY == timedelta(hours=33, minutes=30)
