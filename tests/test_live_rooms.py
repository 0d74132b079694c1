"""Cases that run in private threads of a Discord channel, without whoever sits them out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.console.grammar import Deed, Press
from adapters.discord.messenger import DiscordMessenger
from bot.store.database import Database
from scheduler.deliver import Delivery
from tests.fakes.discord import Channel, Message
from tests.parity.on_discord import OnDiscord, on_discord_as
from tests.table import a_table
from tests.test_deliver_once import Killed, kill_at

QUESTION = "Where am I blind?"
FIVE = ("ana", "ben", "chloe", "dina", "eli")
PREPARED = (
    "at 2026-03-02 09:00 Europe/Berlin",
    "ana: /group start name: Monday circle every: 2 weeks weekday: monday time: 10:00 "
    "zone: Europe/Berlin first: 2026-03-02",
    *(f'{name}: press "Join"' for name in FIVE[1:]),
    "ben: /group settings room: thread",
    f"ben: /case add title: An ending minutes: 20 question: {QUESTION}",
    'ben: press "It is de-identified"',
    *(f"{name}: /meeting rsvp answer: going" for name in ("ana", "ben", "eli")),
    "+1h",
    'ana: press "Begin"',
    "ana: /meeting step step: next phase",
    'eli: press "I may know this person"',
)
"""Ben's case waits to be opened; eli sits it out; chloe and dina are not there yet."""


class Looked(OnDiscord):
    """The bot on a Discord where what stands in channels and threads is looked at directly."""

    def look(self) -> None:
        """Nothing is noted."""


@asynccontextmanager
async def a_case_that_waits(database: Database) -> AsyncIterator[OnDiscord]:
    async with on_discord_as(Looked, database) as played:
        await played.carry_out(PREPARED)
        yield played


def names(thread: Channel) -> set[str]:
    return {user.name for user in thread.inside.values()}


def standing(played: OnDiscord, channel: Channel) -> list[Message]:
    return played.fake.messages(channel)


def live_card(played: OnDiscord) -> Message:
    """The card of the meeting in the group's channel."""
    return next(m for m in standing(played, played.channel("table")) if "We have begun" in m.text)


def thread(played: OnDiscord) -> Channel:
    """The newest private thread."""
    return played.fake.threads()[-1]


async def test_a_case_runs_in_a_thread_of_its_own_without_whoever_sits_it_out(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        fake, table = played.fake, played.channel("table")
        assert fake.threads() == []
        await played.carry_out(['ana: press "Open"'])

        room = thread(played)
        [card] = standing(played, room)
        assert (room.parent, room.invitable, names(room)) == (table, False, {"ana", "ben"})
        assert f"An ending (**{room.name}**)" in live_card(played).text
        assert QUESTION in card.text
        assert "runs in a private thread" in live_card(played).text
        assert not any(QUESTION in text for m in standing(played, table) for _, text in m.changes)

        edits = len(card.changes), len(live_card(played).changes)
        await played.carry_out(['ben: press "Next"'])
        assert (len(card.changes), len(live_card(played).changes)) == (edits[0] + 1, edits[1])

        seen = await fake.press(played.person("eli"), live_card(played), "Show me")
        assert "You sit this case out" in seen.text
        await played.carry_out(['chloe: press "Join"'])
        assert names(room) == {"ana", "ben", "chloe"}
        # Who joins and whose arrival is overtaken by a press is let in all the same.
        await fake.press(played.person("dina"), live_card(played), "Join")
        await played.act(Deed("ben", "table", Press("Next")))
        await fake.until(lambda: "dina" in names(room), "dina to be let in")

        while not room.archived:
            await played.carry_out(["+2s", "ana: /meeting step step: next phase"])
        assert room.locked
        assert card.text.startswith("This case is over")
        assert card.buttons == []
        assert "Close" in live_card(played).text
        assert any("you can come back" in m.text for m in fake.dms(played.person("eli")))
        assert names(room) == {"ana", "ben", "chloe", "dina"}


async def test_who_sets_it_and_who_sits_out_read_what_cannot_be_hidden(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        fake, eli, table = played.fake, played.person("eli"), played.channel("table")
        seen = await fake.slash(eli, "group show", channel=table)
        assert "Cases of a meeting: each in a private thread" in seen.text
        await played.carry_out(['eli: press "Undo"'])
        seen = await fake.slash(eli, "group settings", {"room": "channel"}, channel=table)
        assert "manage threads" not in seen.text
        seen = await fake.slash(eli, "group settings", {"room": "thread"}, channel=table)
        assert "manage threads on this server can look in" in seen.text
        await played.settle()
        assert "each in a private thread" in standing(played, table)[-1].text

        seen = await fake.press(eli, live_card(played), "I may know this person")
        assert "in a private thread without you" in seen.text
        assert "sees who is not" in seen.text


async def test_time_is_up_where_the_case_runs(sqlite_database: Database) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.carry_out(['ana: press "Open"', "+15m"])

        asked = standing(played, thread(played))[-1]
        assert "More time" in asked.buttons
        await played.carry_out(['ben: press "More time"', "+2s"])
        assert "went on" in asked.text
        await played.carry_out(["+20m", 'ana: press "Back"', 'ana: press "Back"', "+2s"])
        assert thread(played).archived
        assert "Open" in live_card(played).buttons


async def test_a_case_that_is_gone_back_to_gets_a_new_thread(sqlite_database: Database) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.carry_out(['ana: press "Open"', 'ana: press "Back"', "+2s"])
        await played.carry_out(['ana: press "I may know this person"', "+2s"])
        await played.carry_out(['ana: press "Undo"', 'ana: press "Open"'])

        old, new = played.fake.threads()
        assert (old.archived, new.archived, old.name) == (True, False, new.name)
        assert QUESTION in standing(played, new)[0].text


async def test_a_meeting_that_ends_in_the_middle_of_a_case_puts_its_thread_away(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        played.channel("table").lacking.add("manage_threads")
        await played.carry_out(['ana: press "Open"', 'ana: press "End"', 'ana: press "Done"'])
        await played.carry_out(["+2s"])

        assert (thread(played).archived, thread(played).locked) == (True, False)


@pytest.mark.parametrize("lacking", ["create_private_threads", "send_in_threads"])
async def test_without_permission_a_case_runs_in_the_channel_and_the_group_is_told_once(
    sqlite_database: Database, lacking: str
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        table = played.channel("table")
        table.lacking.add(lacking)
        await played.carry_out(['ana: press "Open"', "+2s"])

        assert QUESTION in live_card(played).text
        await played.carry_out(['ana: press "Back"', "+2s", 'ana: press "Open"', "+2s"])
        assert QUESTION in live_card(played).text
        told = [m.text for m in standing(played, table) if "could not open a private" in m.text]
        assert len(told) == 1

        await played.carry_out(['ana: press "Next"', "+2s"])
        assert "phase 2 of" in live_card(played).text


async def test_whoever_leaves_the_meeting_is_taken_out_also_by_a_bot_that_was_restarted(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.carry_out(['ana: press "Open"', 'chloe: press "Join"', "+2s"])
        await played.carry_out(["chloe: /meeting step step: leave", "+2s"])
        assert names(thread(played)) == {"ana", "ben"}

        await played.carry_out(['chloe: press "Join"', "+2s"])
        bot = played.messengers["discord"]
        assert isinstance(bot, DiscordMessenger)
        played.messengers["discord"] = DiscordMessenger(bot._client, {})
        await played.carry_out(["chloe: /meeting step step: leave", "+2s"])
        assert names(thread(played)) == {"ana", "ben"}


async def test_a_thread_that_somebody_archives_is_taken_out_again(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.carry_out(['ana: press "Open"', "+2s"])
        thread(played).archived = True
        await played.carry_out(["ben: /meeting step step: next phase", "+2s"])

        [room] = played.fake.threads()
        assert not room.archived
        assert "phase 2 of" in standing(played, room)[0].text


async def test_a_thread_that_somebody_deletes_gets_a_successor(sqlite_database: Database) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.carry_out(['ana: press "Open"'])
        await played.fake.delete_channel(thread(played))
        assert played.fake.threads() == []

        await played.carry_out(["+2s", "ben: /meeting step step: next phase", "+2s"])

        assert names(thread(played)) == {"ana", "ben"}
        assert "phase 2 of" in standing(played, thread(played))[0].text
        assert QUESTION not in live_card(played).text


async def test_a_bot_that_dies_before_it_knows_its_thread_leaves_an_empty_one(
    sqlite_database: Database,
) -> None:
    async with a_case_that_waits(sqlite_database) as played:
        await played.act(Deed("ana", "table", Press("Open")))
        setting = replace(played.setting, at=kill_at("opened"))
        with pytest.raises(Killed):
            await Delivery(setting).deliver_due(played.time.at)
        await played.carry_out(["+2m"])

        left, used = played.fake.threads()
        assert (names(left), standing(played, left)) == (set(), [])
        assert names(used) == {"ana", "ben"}
        assert len(standing(played, used)) == 1


async def test_where_there_are_no_private_threads_the_setting_is_refused(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    answer = await table.say("ana", "group settings room: thread")
    assert "on Discord only" in answer
    assert "already" in await table.say("ana", "group settings room: channel")
