"""The card of a case in the room it runs in: opened, kept up to date, put away.

A room's first step makes it and writes down where it is; the next one says the card there. A
process that dies between making a room and writing it down leaves one behind that holds nobody
and nothing, and that the platform puts away by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Reply
from bot.context import Composed, Composing, InRoom
from bot.live import texts
from bot.live.card import card
from bot.live.kept import ROOM, TIME_UP, find_live, find_meeting, keep, room_key
from bot.live.rooms import IN_ROOMS, with_new_room
from bot.live.showing import read_shown
from bot.live.shown import Shown
from bot.store.outbox import Draft, Room, enqueue, refresh
from bot.store.tables import Group, Post

COMMANDS = Commands()


@COMMANDS.post(ROOM)
async def say_in_room(say: Composing) -> Composed:
    """The whole card for those who take part; once the case is over, that it is."""
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    ref = say.post.channel
    if kept is None or kept.state.room != say.post.subject:
        return InRoom(Reply(texts.ROOM_OVER), Room("", ref, over=True)) if ref else None
    shown = await read_shown(say, kept)
    item = kept.item(shown.case_id)
    name = item.case.code if item else str(say.post.subject)
    people = _refs(shown, invited=True)
    return InRoom(card(shown, say.button), Room(name, ref, people, _refs(shown, invited=False)))


def _refs(shown: Shown, *, invited: bool) -> tuple[str, ...]:
    """Who is there and does not sit the case out, or everybody else of the group."""
    out = shown.state.segment.recused if shown.state.segment else frozenset[int]()
    inside = set(shown.state.present) - out
    return tuple(m.ref for m in shown.people.values() if (m.id in inside) == invited)


async def on_lost(session: AsyncSession, post: Post, now: datetime) -> None:
    """A room cannot be had: the case runs in the channel; one that was there gets a successor."""
    group = await session.get_one(Group, post.group_id, with_for_update=True)
    kept = await find_live(session, group, now)
    if kept is None or kept.state.room is None or kept.meeting.id != post.meeting_id:
        return
    if post.kind == TIME_UP:
        await refresh(session, group, now, Post.key == room_key(post.meeting_id, kept.state.room))
    elif post.subject == kept.state.room:
        # Where its card has stood there somebody took it away; else I may not have one.
        stood = post.message is not None
        state = with_new_room(kept.state) if stood else replace(kept.state, room=None)
        await keep(session, group, kept, state, (kept.by, now))
        if not stood:
            key = f"group:{group.id}:no-room:{group.revision}"
            await enqueue(session, group, Draft(key, "no-room", now, kept.meeting.id))


@COMMANDS.post("no-room")
async def tell_refused(say: Composing) -> Composed:
    """Tell the group once that its cases run in the channel although it has chosen otherwise."""
    return Reply(texts.NO_ROOM) if say.group.room == IN_ROOMS else None
