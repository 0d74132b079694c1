"""When a group can no longer be reached: it pauses, and its members are told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Reply
from bot.context import Composed, Composing, Later
from bot.errors import DeliveryError
from bot.groups import removal_texts, rules
from bot.groups.home import expire_open
from bot.schedule.coming import active_members
from bot.schedule.quiet import quiet_until
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Draft, enqueue
from bot.store.tables import NOT_CLOSED, Group, Member, Post, Space

COMMANDS = Commands()

A_MOMENT = timedelta(minutes=1)
"""How long before members are told: a start or a move that did not get through is undone by then,
and with it what it would have told them."""

LEFT = frozenset({"person_gone", "no_common_server", "user_not_found", "user_disabled"})
"""Reasons of the platforms that mean: this person is no longer in the space."""


async def on_gone(session: AsyncSession, post: Post, error: DeliveryError, now: datetime) -> None:
    """Draw the conclusion from a post whose reader, channel or space is gone for good."""
    if error.scope == "person" and post.person is not None and error.reason in LEFT:
        await note_gone(session, post.space_id, post.person)
    group = await session.get(Group, post.group_id, with_for_update=True)
    space = await session.get(Space, post.space_id)
    if error.scope == "space" and space is not None:
        await space_gone(session, space, error.reason, now)
    elif error.scope == "channel" and group is not None and await _is_at_home(session, post):
        await channel_gone(session, group, error.reason, now)


async def _is_at_home(session: AsyncSession, post: Post) -> bool:
    """Whether it went to the group's channel; a move lets go of messages in the old one."""
    if post.person is not None:
        return False
    stands = select(Post.message).where(Post.group_id == post.group_id, Post.id == post.id)
    return post.message is None or await session.scalar(stands) is not None


async def note_gone(session: AsyncSession, space_id: int, ref: str) -> None:
    """Note that a person is no longer in the space; it makes nobody leave a group."""
    await session.execute(
        update(Member)
        .where(Member.space_id == space_id, Member.ref == ref)
        .values(gone=True)
        .execution_options(synchronize_session=False, **ACROSS_GROUPS)
    )


async def channel_gone(session: AsyncSession, group: Group, reason: str, now: datetime) -> None:
    """Pause a group whose channel cannot be posted in, and tell its members once in private."""
    if not _pause(group, reason):
        return
    await expire_open(session, group, reason)
    told = [
        Draft(
            f"group:{group.id}:gone:{group.revision}:{member.id}",
            "gone",
            now + A_MOMENT,
            subject=group.revision,
            person=member.ref,
        )
        for member in await active_members(session, group)
    ]
    await enqueue(session, group, *told)


async def space_gone(session: AsyncSession, space: Space, reason: str, now: datetime) -> None:
    """Pause all groups of a space that the bot was removed from; nobody there can be told."""
    if space.gone_at is None:
        space.gone_at = now
    groups = await session.scalars(select(Group).where(Group.space_id == space.id, NOT_CLOSED))
    for group in groups.all():
        if _pause(group, reason):
            await expire_open(session, group, reason)


def _pause(group: Group, reason: str) -> bool:
    """Pause it for this reason, unless it is lost, empty or closed already."""
    lost = rules.home_is_gone(group.state, group.paused_why)
    if lost or group.state == "closed" or group.paused_why == "empty":
        return False
    group.state, group.paused_why = "paused", reason
    group.revision += 1
    return True


@COMMANDS.post("gone")
async def tell(say: Composing) -> Composed:
    """Tell a member that the group has lost its home, and what brings it back."""
    group = say.group
    lost = rules.home_is_gone(group.state, group.paused_why)
    if not lost or say.person is None or not say.person.private:
        return None
    quiet = quiet_until(say.person, group, say.now)
    if quiet is not None:
        return Later(quiet)
    return Reply(removal_texts.gone(group, group.paused_why))


async def note_lost(
    session: AsyncSession, platform: str, space: str, channel: str | None, now: datetime
) -> None:
    """Draw the conclusion from a platform's word that a space, or a channel of it, is gone."""
    known = select(Space).where(Space.platform == platform, Space.ref == space)
    found = (await session.scalars(known)).one_or_none()
    if found is None:
        return
    if channel is None:
        await space_gone(session, found, "space_gone", now)
        return
    groups = await session.scalars(
        select(Group).where(Group.space_id == found.id, Group.channel == channel, NOT_CLOSED)
    )
    for group in groups.all():
        await channel_gone(session, group, "channel_gone", now)
