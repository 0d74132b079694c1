"""Freeing the place of somebody who is gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.groups.gone import note_gone
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Group, Member, Post
from tests.table import Table, a_table, posted


async def state_of(database: Database, name: str) -> str | None:
    async with database.reading() as session:
        found = select(Member.state).where(Member.ref == name)
        return await session.scalar(found, execution_options=ACROSS_GROUPS)


async def silence(database: Database, name: str, meetings: int) -> None:
    """Let somebody have been silent for so many meetings."""
    async with database.writing() as session:
        await session.execute(
            update(Member).where(Member.ref == name).values(silent=meetings),
            execution_options=ACROSS_GROUPS,
        )


async def a_table_missing_chloe(database: Database) -> Table:
    """A group in which chloe was silent for three meetings, and ana asks to remove her."""
    table = await a_table(database, "ana", "ben", "chloe", every="4 weeks")
    await silence(database, "chloe", 3)
    assert "If nobody objects, @chloe leaves the group" in await table.say(
        "ana", "group remove member: @chloe"
    )
    return table


def announced(table: Table, to: str = "#table") -> str:
    """What the announcement of a removal says now."""
    texts = [str(message.reply.text) for message in table.standing(to)]
    return [
        text
        for text in texts
        if "leave the group" in text or "leaves the group" in text or "@chloe" in text
    ][-1]


async def test_everybody_is_told_and_so_is_the_member(database: Database) -> None:
    table = await a_table_missing_chloe(database)
    assert announced(table) == (
        "@chloe has not been heard of for three meetings. To free the place, @chloe leaves the "
        "group Mon 9 Mar 2026, 08:00 (UTC), unless @chloe or anybody else objects."
    )
    private = table.standing("@chloe")[-1].reply
    assert "Press Object and you simply stay." in str(private.text)
    assert [button.label for button in private.buttons] == ["Object"]


async def test_after_seven_days_without_objection_the_place_is_free(database: Database) -> None:
    table = await a_table_missing_chloe(database)

    await table.wait(days=6, hours=23)
    assert await state_of(database, "chloe") == "active"
    await table.wait(hours=2)

    assert await state_of(database, "chloe") == "left"
    assert "@chloe is no longer a member" in announced(table)
    assert table.standing()[0].reply.fields[0].name == "Members: 2 of 6"


async def test_the_members_own_objection_ends_it(database: Database) -> None:
    table = await a_table_missing_chloe(database)
    assert "you stay in the group" in await table.press("chloe", "Object")
    assert announced(table) == "There was an objection: @chloe stays in the group."
    await table.wait(days=8)
    assert await state_of(database, "chloe") == "active"
    assert "has been about lately" in await table.say("ana", "group remove member: @chloe")


async def test_anybodys_objection_ends_it_and_nobody_is_named(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    assert "Nobody is told who objected" in await table.press("ben", "Object")
    assert "@ben" not in announced(table)
    assert "Object" not in [b.label for m in table.standing() for b in m.reply.buttons]
    await table.wait(days=8)
    assert await state_of(sqlite_database, "chloe") == "active"


async def test_who_was_about_lately_is_not_for_others_to_remove(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    await silence(sqlite_database, "ben", 2)
    assert "has been about lately" in await table.say("ana", "group remove member: @ben")
    assert "/group leave" in await table.say("ana", "group remove member: @ana")
    assert "@zoe is not a member" in await table.say("ana", "group remove member: @zoe")
    assert "for members of" in await table.say("zoe", "group remove member: @ben")


async def test_asking_twice_is_asking_once(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    assert "asked already" in await table.say("ben", "group remove member: @chloe")


async def test_nobody_is_promised_a_private_message_that_may_not_come(
    sqlite_database: Database,
) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="4 weeks")
    await table.say("chloe", "my settings private: off")
    await silence(sqlite_database, "chloe", 3)

    answer = await table.say("ana", "group remove member: @chloe")

    assert "and @chloe in private where they allow it" in answer
    private = [str(message.reply.text) for message in table.standing("@chloe")]
    assert not any("Press Object" in text for text in private)


async def test_who_left_the_server_can_be_removed(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben")
    async with sqlite_database.writing() as session:
        space = await session.scalar(select(Group.space_id))
        assert space is not None
        await note_gone(session, space, "ben")
    assert "If nobody objects" in await table.say("ana", "group remove member: @ben")
    assert "@ben does not seem to be here any more." in str(table.standing()[-1].reply.text)


async def test_who_is_heard_of_again_meanwhile_stays(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    await silence(sqlite_database, "chloe", 0)
    await table.wait(days=8)
    assert await state_of(sqlite_database, "chloe") == "active"
    assert "@chloe is about again" in announced(table)


async def test_while_the_group_is_paused_nobody_is_removed(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    await table.say("ben", "group pause")
    await table.wait(days=10)
    assert await state_of(sqlite_database, "chloe") == "active"
    await table.say("ben", "group resume")
    await table.wait(days=2)
    assert await state_of(sqlite_database, "chloe") == "left"


async def test_a_removed_member_gives_their_place_to_who_waits(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    await table.say("ana", "group settings size: 3")
    await table.press("dan", "Join")
    await table.press("dan", "Wait for a place")
    seen = await table.stage.step(timedelta(days=7, hours=1))
    assert any("There is a place for you" in text for text in posted(seen, "@dan"))


async def test_a_paused_group_is_told_of_a_removal_all_the_same(sqlite_database: Database) -> None:
    table = await a_table(sqlite_database, "ana", "ben", "chloe", every="4 weeks")
    await silence(sqlite_database, "chloe", 3)
    await table.say("ben", "group pause")

    await table.say("ana", "group remove member: @chloe")

    assert "unless @chloe or anybody else objects" in announced(table)
    assert "you simply stay" in announced(table, "@chloe")
    await table.wait(days=2)
    await table.say("ben", "group resume")
    await table.wait(days=7)
    assert await state_of(sqlite_database, "chloe") == "left"


async def test_who_asks_for_something_meanwhile_is_not_removed(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    await table.say("chloe", "case add title: I am here")
    await table.wait(days=8)
    assert await state_of(sqlite_database, "chloe") == "active"
    told = [str(message.reply.text) for message in table.standing()]
    assert any("@chloe is about again" in text for text in told)


async def test_a_removal_nobody_could_read_can_be_asked_anew(sqlite_database: Database) -> None:
    table = await a_table_missing_chloe(sqlite_database)
    async with sqlite_database.writing() as session:
        lost = update(Post).where(Post.kind == "removal").values(state="expired", message=None)
        await session.execute(lost, execution_options=ACROSS_GROUPS)

    await table.wait(days=8)

    assert await state_of(sqlite_database, "chloe") == "active"
    assert "I told the group" in await table.say("ana", "group remove member: @chloe")
