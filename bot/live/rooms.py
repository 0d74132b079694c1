"""Where a case runs: in the group's channel, or in a private room that only some of it see.

Each opening of a case has a new room, so that whoever sits it out since has never been in it.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.live.kept import ROOM, Kept, room_key
from bot.live.state import LiveState, open_case
from bot.store.outbox import Room
from bot.store.tables import Group, Post

IN_ROOMS = "thread"
"""The setting of a group whose cases run in rooms."""


def placed(state: LiveState, before: LiveState, group: Group) -> LiveState:
    """The state with a new room where a case has just opened, and without one where none is.

    A case goes on where it runs, whatever the group decides meanwhile.
    """
    here = open_case(state)
    if here is not None and here == open_case(before):
        return state
    if here is None or group.room != IN_ROOMS:
        return replace(state, room=None)
    return with_new_room(state)


def with_new_room(state: LiveState) -> LiveState:
    """The state with the next room."""
    return replace(state, room=state.rooms + 1, rooms=state.rooms + 1)


async def find_room(session: AsyncSession, group: Group, kept: Kept) -> Room | None:
    """The room of the open case for what is said there besides its card, once it is there."""
    if kept.state.room is None:
        return None
    asked = select(Post.channel).where(
        Post.group_id == group.id, Post.key == room_key(kept.meeting.id, kept.state.room)
    )
    ref = await session.scalar(asked)
    return None if ref is None else Room("", ref)


async def stands_in_old_room(
    session: AsyncSession, group: Group, post: Post, current: int | None
) -> bool:
    """Whether a message is in a room that is over, where nothing can be edited any more."""
    of_room = select(Post.subject).where(
        Post.group_id == group.id,
        Post.meeting_id == post.meeting_id,
        Post.kind == ROOM,
        Post.channel == post.channel,
    )
    number = await session.scalar(of_room)
    return number is not None and number != current
