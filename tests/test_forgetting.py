"""What is kept about me is shown to me alone, and gone when I ask, from backups too."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.features import COMMANDS, forget_again
from bot.keeping.about import as_cell, as_csv, tables_about_members
from bot.keeping.again import erase_again
from bot.keys.masters import Masters
from bot.keys.ring import Keyring
from bot.keys.store import KeyStore
from bot.my.export_texts import BESIDES
from bot.my.exporting import PAGE, cut
from bot.ops.backup import back_up
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Case, Member, Person, Post, Table
from tests.circle import a_circle, words
from tests.live_table import at_the_first_case
from tests.table import Table as Seated
from tests.table import a_table
from tests.test_meetings_running import two_cases


@asynccontextmanager
async def in_files(folder: Path, name: str = "rounds.db") -> AsyncIterator[Database]:
    """A bot's database in a file, with the key store of the folder."""
    store = KeyStore(f"sqlite+aiosqlite:///{folder / 'rounds-keys.db'}")
    ring = Keyring(store, Masters(file=folder / "rounds-master.key"))
    database = Database(f"sqlite+aiosqlite:///{folder / name}", ring)
    await database.create()
    try:
        yield database
    finally:
        await database.close()
        await ring.close()


async def everywhere(database: Database) -> str:
    """All rows of all tables, as text."""
    async with database.reading() as session:
        found = []
        for table in Table.metadata.sorted_tables:
            rows = await session.execute(select(table), execution_options=ACROSS_GROUPS)
            found += [f"{table.name}: {row}" for row in rows]
    return "\n".join(found)


async def titles(database: Database) -> list[str]:
    async with database.reading() as session:
        found = await session.scalars(
            select(Case).order_by(Case.id), execution_options=ACROSS_GROUPS
        )
        return [case.title for case in found]


async def exported(table: Seated, person: str, written: str = "json") -> str:
    """All pages of what somebody is shown about themselves."""
    whole, answer = "", await table.say(person, f"my export format: {written}")
    while True:
        head, _, page = answer.partition("\n")
        assert head.startswith("All that I keep about you")
        whole += page
        here, pages = head.rsplit("page ", 1)[1].split(" of ")
        if here == pages:
            return whole
        answer = await table.press(person, "Next page")


async def test_i_am_shown_all_that_is_about_me_and_nothing_of_others(database: Database) -> None:
    table = await two_cases(database)
    await table.say("ben", "my settings zone: Asia/Kolkata")
    await table.press("chloe", "Begin")

    mine = json.loads(await exported(table, "ana"))

    assert [case["title"] for case in mine["cases"]] == ["Stuck"]
    assert mine["cases"][0]["question"] == "Where am I blind?"
    assert [place["group"] for place in mine["members"]] == ["Tuesday circle"]
    said = json.dumps(mine)
    for other in ("ben", "chloe", "Ending", "goodbye", "Kolkata"):
        assert other not in said
    assert "Kolkata" in await exported(table, "ben")


async def test_what_is_kept_about_me_is_summed_up_in_plain_words_on_one_page(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben", "chloe", "dana")
    await table.press("dana", "I may know this person")
    await table.say("dana", "my settings zone: Asia/Kolkata quiet: 21:00-08:00 private: off")
    await table.say("ana", "my export")
    mine = words(table.standing("@ana")[-1].reply)
    await table.say("dana", "my export")
    shown = table.standing("@dana")[-1].reply

    assert "“Stuck” (" in mine
    assert "waiting." in mine
    assert "Where am I blind?" not in mine
    danas = words(shown)
    for said in (
        "Your time zone: Asia/Kolkata. No private messages from 21:00 to 08:00.",
        "Private reminders are off.",
        "Tuesday circle: member since",
        "1 case that you sit out (nobody else sees that)",
        "1 meeting in which you had a role",
        "to come",
    ):
        assert said in danas, danas
    # As a clinician reads it on a phone: one screen or two, and no word of the program's.
    assert len(danas) < 1200
    assert re.search(r"[a-z]_[a-z]|null|None|true|false|\{", danas + mine) is None
    assert [button.label for button in shown.buttons] == ["As JSON", "As CSV"]
    await table.press("dana", "As JSON")
    await table.press("dana", "In short")
    assert words(table.standing("@dana")[-1].reply) == danas


async def test_the_summary_has_a_word_for_every_table_that_is_about_somebody() -> None:
    about = {table.__tablename__ for table, _ in tables_about_members()}
    assert about - {"cases"} == set(BESIDES)


async def test_how_a_message_was_delivered_takes_no_page(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.wait(days=60)

    whole = await exported(table, "ana")

    # Every message is counted and can be found, and all of it is on two pages.
    posts = json.loads(whole)["posts"]
    assert await private_messages(sqlite_database, "ana") == sum(row["how_many"] for row in posts)
    assert all(row.get("messages") for row in posts if row["state"] == "sent")
    assert "claimed_by" not in whole
    assert len(cut(whole)) <= 2


async def private_messages(database: Database, person: str) -> int:
    async with database.reading() as session:
        to_them = select(func.count()).where(Post.person == person)
        return await session.scalar(to_them, execution_options=ACROSS_GROUPS) or 0


@given(st.text(alphabet=st.sampled_from("ab\n"), max_size=4_000))
def test_pages_put_together_are_the_whole(whole: str) -> None:
    pages = cut(whole)
    assert "".join(pages) == whole
    assert all(len(page) <= PAGE for page in pages)


async def test_the_table_for_a_spreadsheet_holds_no_formula(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "case add title: =HYPERLINK(1) question: +SUM(A1)")

    rows = list(csv.reader(io.StringIO(await exported(table, "ana", "csv"))))

    cells = {row[2]: row[3] for row in rows if row[0] == "cases"}
    assert (cells["title"], cells["question"]) == ("'=HYPERLINK(1)", "'+SUM(A1)")
    assert rows[0] == ["table", "row", "what", "value"]


@given(st.text() | st.sampled_from(["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"]))
def test_no_cell_begins_with_what_a_spreadsheet_carries_out(written: str) -> None:
    assert not as_cell(written).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    rows = list(csv.reader(io.StringIO(as_csv({"cases": [{"title": written}]}), newline="")))
    assert rows[1][3] == as_cell(written)


async def test_a_stranger_is_told_that_nothing_is_kept(sqlite_database: Database) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)

    assert "nothing about you" in words(await circle.say("zoe", "/my export"))
    assert "nothing to forget" in words(await circle.say("zoe", "/my forget"))


async def test_asked_once_and_then_nothing_of_me_is_left(database: Database) -> None:
    table = await two_cases(database)
    await table.press("chloe", "Begin")
    await table.press("ana", "Done")
    await table.wait(minutes=5)
    assert "It cannot be undone" in await table.say("ana", "my forget")
    assert "ana" in await everywhere(database)

    assert "I have forgotten you" in await table.press("ana", "Forget me")
    await table.wait(minutes=5)

    assert "ana" not in await everywhere(database)
    assert await titles(database) == ["Ending"]
    cards = [message.reply for message in table.standing()]
    assert "Stuck" not in str([(card.text, card.fields) for card in cards])
    # The others go on, and the meeting can be ended.
    assert "Ending" in await table.say("ben", "case queue")
    await table.press("chloe", "End")
    assert "keep nothing about you" in await table.say("ana", "my export")


async def test_what_was_to_be_sent_to_me_is_not(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe")
    await table.wait(days=1)
    await table.say("ana", "my forget")
    await table.press("ana", "Forget me")
    before = len(table.standing("@ana"))

    await table.wait(days=60)

    assert len(table.standing("@ana")) == before
    async with sqlite_database.reading() as session:
        to_ana = select(func.count()).where(Post.person == "ana")
        assert await session.scalar(to_ana, execution_options=ACROSS_GROUPS) == 0


async def test_a_backup_that_is_put_back_forgets_me_again(tmp_path: Path) -> None:
    async with in_files(tmp_path) as database:
        table = await a_table(database, "ana", "ben", "chloe")
        await table.say("ana", "case add Stuck")
        await table.say("ben", "case add Ending")
        back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
        await table.wait(days=1)
        await table.say("ana", "my forget")
        await table.press("ana", "Forget me")
        now = table.stage.now
    shutil.copy(tmp_path / "monday.backup", tmp_path / "restored.db")

    async with in_files(tmp_path, "restored.db") as restored:
        # Her words are unreadable in every copy, whatever is done to her rows.
        assert await titles(restored) == ["", "Ending"]
        assert "ana" in await everywhere(restored)

        assert await erase_again(restored, forget_again, now + timedelta(days=1)) == 1

        assert "'ana'" not in await everywhere(restored)
        assert await titles(restored) == ["Ending"]
        assert await erase_again(restored, forget_again, now + timedelta(days=2)) == 0


async def test_who_joined_anew_is_left_alone_and_begins_clean(tmp_path: Path) -> None:
    async with in_files(tmp_path) as database:
        table = await a_table(database, "ana", "ben", "chloe")
        await table.say("ana", "my settings zone: Asia/Kolkata")
        await table.say("ana", "case add Stuck")
        await table.wait(days=1)
        await table.say("ana", "my forget")
        await table.press("ana", "Forget me")
        await table.wait(hours=1)
        await table.say("ana", "group join")
        await table.say("ana", "case add Anew")

        assert "Kolkata" not in await exported(table, "ana")
        assert await erase_again(database, forget_again, table.stage.now) == 0
        assert await titles(database) == ["Anew"]
        async with database.reading() as session:
            person = (await session.scalars(select(Person).where(Person.ref == "ana"))).one()
            assert person.since == table.stage.now


async def test_the_ledger_names_nobody_and_lies_in_no_backup(tmp_path: Path) -> None:
    async with in_files(tmp_path) as database:
        table = await a_table(database, "anamirta", "ben")
        await table.say("anamirta", "my forget")
        await table.press("anamirta", "Forget me")
        assert database.keys is not None
        ledger = await database.keys.store.erasures()
        back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")

    assert len(ledger) == 1
    (mark,) = ledger
    assert mark.encode() not in (tmp_path / "monday.backup").read_bytes()
    for file in tmp_path.glob("rounds-keys.db*"):
        assert b"anamirta" not in file.read_bytes()


async def test_one_who_was_asked_by_another_press_stays(sqlite_database: Database) -> None:
    """The button of one person erases whoever presses it, and nobody else."""
    table = await a_table(sqlite_database, "ana", "ben")
    await table.say("ana", "my forget")
    await table.say("ben", "my forget")
    await table.press("ben", "Forget me")

    async with sqlite_database.reading() as session:
        left = await session.scalars(select(Member.ref), execution_options=ACROSS_GROUPS)
        assert left.all() == ["ana"]


@pytest.mark.parametrize("person", ["ana"])
async def test_the_last_of_a_group_can_be_forgotten(person: str, sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, person)
    await table.say(person, "my forget")
    assert "forgotten" in await table.press(person, "Forget me")
    assert "Nobody is a member" in str([m.reply.text for m in table.standing()])


async def test_nobody_is_shown_who_sits_out_a_case_as_something_about_themselves(
    sqlite_database: Database,
) -> None:
    table = await at_the_first_case(sqlite_database, "ana", "ben", "chloe", "dana")
    await table.press("dana", "I may know this person")
    await table.say("chloe", "meeting step step: next phase")

    said = await exported(table, "chloe")

    assert '"live_meetings"' in said
    assert "recused" not in said
    assert "recusals" in await exported(table, "dana")
