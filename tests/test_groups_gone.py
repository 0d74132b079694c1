"""When a group's channel, or the whole space, can no longer be reached."""

from __future__ import annotations

from random import Random

from sqlalchemy import select

from adapters.console.stage import Stage
from bot.app import App
from bot.chat.replies import Reply
from bot.errors import DeliveryError
from bot.groups.gone import space_gone
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.outbox import Sent, Target
from bot.store.tables import Group, Member, Post, Space
from tests.table import MONDAY, WEEKLY, Table, posted


class ClosableStage(Stage):
    """A stage on which channels and people can be out of reach."""

    def __init__(self, database: Database) -> None:
        """Everything is open."""
        super().__init__(App(database, Random(1)), MONDAY, "Europe/Berlin")
        self.closed: dict[str, str] = {}

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Refuse as a platform would."""
        self._check(target)
        return await super().send(target, reply, key)

    async def edit(self, target: Target, sent: Sent, reply: Reply) -> None:
        """Refuse as a platform would."""
        self._check(target)
        await super().edit(target, sent, reply)

    def _check(self, target: Target) -> None:
        to = f"@{target.person}" if target.person else f"#{target.channel}"
        reason = self.closed.get(to)
        if reason is not None:
            scope = "person" if target.person else "channel"
            raise DeliveryError(reason, permanent=True, scope=scope)


async def a_closable_table(database: Database) -> tuple[Table, ClosableStage]:
    """A group of ana and ben on a stage whose channels can close."""
    stage = ClosableStage(database)
    table = Table(stage)
    await table.say("ana", WEEKLY.format(every="week").removeprefix("/"))
    await table.press("ben", "Join")
    return table, stage


async def a_lost_table(database: Database) -> tuple[Table, ClosableStage]:
    """The same after its channel was deleted and the bot has noticed."""
    table, stage = await a_closable_table(database)
    stage.closed["#table"] = "channel_gone"
    await table.wait(days=1, hours=2)
    return table, stage


async def the_group(database: Database) -> Group:
    async with database.reading() as session:
        return (await session.scalars(select(Group).order_by(Group.id))).first() or Group()


async def test_a_deleted_channel_pauses_the_group_and_members_are_told_once(
    database: Database,
) -> None:
    table, stage = await a_closable_table(database)
    stage.closed["#table"] = "channel_gone"

    seen = await table.wait(days=1, hours=2)
    seen += await table.wait(days=20)

    for name in ("ana", "ben"):
        told = [text for text in posted(seen, f"@{name}") if "is paused" in text]
        assert told == [
            "Tuesday circle is paused: its channel no longer exists. Nothing is lost. Type "
            "/group start in another channel, and I offer to move the group there."
        ]
    group = await the_group(database)
    assert (group.state, group.paused_why) == ("paused", "channel_gone")
    async with database.reading() as session:
        still = select(Post.kind).where(Post.state == "open")
        assert (await session.scalars(still, execution_options=ACROSS_GROUPS)).all() == []


async def test_start_elsewhere_offers_to_move_the_group_there(database: Database) -> None:
    table, _ = await a_lost_table(database)

    assert "I can move what you have" in await table.say("ana", "group start", "garden")
    offer = table.standing("@ana")[-1].reply
    assert [button.label for button in offer.buttons] == ["Move it here", "Start a new one"]

    seen = await table.stage.act("ana", 'press "Move it here"', "garden")

    assert any("lives in this channel now" in one.text for one in seen if one.to == "@ana")
    cards = [m.reply for m in table.standing("#garden") if str(m.reply.title) == "Tuesday circle"]
    assert [button.label for button in cards[0].buttons] == ["Join", "Leave"]
    assert str(cards[0].fields[0].text) == "@ana and @ben"
    group = await the_group(database)
    assert (group.channel, group.state) == ("garden", "active")
    assert posted(await table.wait(days=7), "#garden")


async def test_a_group_moves_to_where_another_was_deserted(sqlite_database: Database) -> None:
    table, _ = await a_lost_table(sqlite_database)
    await table.say("zoe", WEEKLY.format(every="week")[1:], "garden")
    await table.say("zoe", "group leave", "garden")
    await table.say("ana", "group start", "garden")

    await table.stage.act("ana", 'press "Move it here"', "garden")

    assert (await the_group(sqlite_database)).channel == "garden"


async def test_a_group_does_not_move_to_where_another_lives(sqlite_database: Database) -> None:
    table, _ = await a_lost_table(sqlite_database)
    await table.say("ana", "group start", "garden")
    await table.say("zoe", WEEKLY.format(every="week")[1:], "garden")

    seen = await table.stage.act("ana", 'press "Move it here"', "garden")

    assert any("home of Tuesday circle already" in one.text for one in seen)
    assert (await the_group(sqlite_database)).channel == "table"


async def test_a_moved_group_is_not_offered_again(sqlite_database: Database) -> None:
    table, _ = await a_lost_table(sqlite_database)
    await table.say("ana", "group start", "garden")
    await table.say("ben", "group start", "attic")
    await table.stage.act("ana", 'press "Move it here"', "garden")

    seen = await table.stage.act("ben", 'press "Move it here"', "attic")

    assert any("nothing to move" in one.text for one in seen)
    assert (await the_group(sqlite_database)).channel == "garden"
    assert await table.say("ben", "group start", "attic") == "Start a group"


async def test_a_new_group_can_be_started_instead(database: Database) -> None:
    table, _ = await a_lost_table(database)
    typed = "group start name: New every: week weekday: friday time: 12:00 zone: UTC"

    assert "start a new group here" in await table.say("ana", typed, "garden")
    seen = await table.stage.act("ana", 'press "Start a new one"', "garden")

    assert any("New is started" in one.text for one in seen)
    assert (await the_group(database)).state == "paused"


async def test_a_new_group_can_be_started_with_the_form(sqlite_database: Database) -> None:
    table, _ = await a_lost_table(sqlite_database)
    await table.say("ana", "group start name: New", "garden")
    await table.stage.act("ana", 'press "Start a new one"', "garden")
    assert table.stage.forms["ana"].inputs[0].value == "New"

    seen = await table.stage.act(
        "ana",
        'submit "Every"="week","Weekday"="friday","Time"="12:00","Zone"="UTC"',
        "garden",
    )

    assert any("New is started" in one.text for one in seen)


async def test_a_stranger_is_offered_nothing(sqlite_database: Database) -> None:
    table, _ = await a_lost_table(sqlite_database)
    assert await table.say("zoe", "group start", "garden") == "Start a group"


async def test_a_move_to_where_the_bot_cannot_post_changes_nothing(database: Database) -> None:
    table, stage = await a_lost_table(database)
    stage.closed["#garden"] = "no_access"
    await table.say("ana", "group start", "garden")

    seen = await table.stage.act("ana", 'press "Move it here"', "garden")

    assert any("the group was not moved" in one.text for one in seen)
    group = await the_group(database)
    assert (group.channel, group.state, group.paused_why) == ("table", "paused", "channel_gone")
    assert [one for one in await table.wait(days=3) if one.kind == "post"] == []


async def test_a_start_where_the_bot_cannot_post_tells_nobody_of_a_loss(
    sqlite_database: Database,
) -> None:
    stage = ClosableStage(sqlite_database)
    stage.closed["#table"] = "no_access"
    table = Table(stage)
    assert "I started nothing" in await table.say("ana", WEEKLY.format(every="week")[1:])
    assert await table.wait(days=3) == []
    assert "is started" in await table.say("ana", WEEKLY.format(every="week")[1:], "garden")


async def test_who_wants_nothing_in_private_is_told_nothing(sqlite_database: Database) -> None:
    table, stage = await a_closable_table(sqlite_database)
    await table.say("ana", "my settings private: off")
    stage.closed["#table"] = "channel_gone"
    seen = await table.wait(days=2)
    assert posted(seen, "@ana") == []
    assert len([text for text in posted(seen, "@ben") if "is paused" in text]) == 1


async def test_a_channel_that_is_back_lets_the_group_go_on(database: Database) -> None:
    table, stage = await a_lost_table(database)
    assert "stays paused" in await table.say("ana", "group resume")
    assert (await the_group(database)).state == "paused"
    assert [one for one in await table.wait(days=3) if one.kind == "post"] == []

    stage.closed.clear()
    assert "The group goes on" in await table.say("ana", "group resume")

    assert (await the_group(database)).state == "active"
    assert posted(await table.wait(days=7))


async def test_a_group_paused_by_its_members_is_not_moved(sqlite_database: Database) -> None:
    table, _ = await a_closable_table(sqlite_database)
    await table.say("ana", "group pause")
    assert await table.say("ana", "group start", "garden") == "Start a group"


async def test_when_the_bot_is_removed_all_groups_of_the_space_pause(database: Database) -> None:
    table, _ = await a_closable_table(database)
    async with database.writing() as session:
        space = (await session.scalars(select(Space))).one()
        await space_gone(session, space, "token_revoked", table.stage.now)

    # A day longer, and everything of it would be erased.
    assert await table.wait(days=6) == []

    assert (await the_group(database)).paused_why == "token_revoked"
    assert "The group goes on" in await table.say("ana", "group resume")
    assert posted(await table.wait(days=9))


async def test_a_person_who_left_the_server_is_noted_and_keeps_their_place(
    sqlite_database: Database,
) -> None:
    table, stage = await a_closable_table(sqlite_database)
    stage.closed["@ben"] = "person_gone"
    await table.wait(days=2)
    async with sqlite_database.reading() as session:
        found = select(Member).where(Member.ref == "ben")
        ben = (await session.scalars(found, execution_options=ACROSS_GROUPS)).one()
    assert (ben.gone, ben.state) == (True, "active")
    assert "If nobody objects" in await table.say("ana", "group remove member: @ben")


async def test_closed_private_messages_make_nobody_gone(sqlite_database: Database) -> None:
    table, stage = await a_closable_table(sqlite_database)
    stage.closed["@ben"] = "dm_closed"
    await table.wait(days=2)
    assert "has been about lately" in await table.say("ana", "group remove member: @ben")
