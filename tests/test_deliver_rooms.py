"""Posts that are said in a room: it is made first and written down, then filled and spoken in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.chat.replies import Reply, Text
from bot.context import Composed, Composing, InRoom
from bot.store.database import Database
from bot.store.outbox import Room, Sent, Target, refresh
from bot.store.tables import Post
from tests.posting import NOON, Clock, Recorder, Scene


@dataclass
class WithRooms(Recorder):
    """A messenger of a platform that has rooms."""

    steps: list[str] = field(default_factory=list)

    async def enter(self, target: Target) -> str:
        """Make the room, or note who is let in."""
        assert target.room is not None
        self.steps.append(" ".join(target.room.people) if target.room.ref else "made")
        return target.room.ref or "a-room"

    async def send(self, target: Target, reply: Reply, key: str) -> Sent:
        """Keep a message of a room."""
        assert target.room is not None
        assert target.room.ref is not None
        return await super().send(replace(target, channel=target.room.ref), reply, key)

    async def put_away(self, target: Target) -> None:
        """Note that it was put away."""
        self.steps.append("put away")


def in_a_room(scene: Scene, words: list[str]) -> None:
    """Let the posts of a scene be said in a room; without words left it is over."""

    async def compose(say: Composing) -> Composed:
        over = not words
        said = Text("{words}", words="over" if over else words[0])
        return InRoom(Reply(said), Room("K7QX", say.post.channel, ("ana", "ben"), over=over))

    scene.commands.composers["note"] = compose


async def test_a_room_is_made_once_then_filled_and_let_go_of_when_it_is_over(
    database: Database,
) -> None:
    messenger, words = WithRooms(), ["hello"]
    scene = Scene(database, Clock(), messenger)
    in_a_room(scene, words)
    await scene.write("card")
    assert await scene.delivery().deliver_due(NOON) == 1
    assert messenger.steps == ["made", "ana ben"]
    assert (await scene.post("card")).channel == "a-room"
    assert [said for _, _, said in messenger.sent] == ["hello"]

    words.clear()
    group = await scene.group()
    async with database.writing() as session:
        await refresh(session, group, NOON, Post.key == "card")
    await scene.delivery().deliver_due(NOON)
    post = await scene.post("card")
    assert messenger.steps == ["made", "ana ben", "ana ben", "put away"]
    assert (messenger.edits[0][1], post.message, post.state) == ("over", None, "sent")


async def test_a_platform_without_rooms_gives_the_post_up_at_once(
    sqlite_database: Database,
) -> None:
    scene = Scene(sqlite_database, Clock())
    in_a_room(scene, ["hello"])
    await scene.write("card")
    assert await scene.delivery().deliver_due(NOON) == 0
    post = await scene.post("card")
    assert (post.state, post.reason, scene.messenger.sent) == ("dead", "no_rooms", [])
