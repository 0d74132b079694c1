"""Making the words of a post at the moment it is sent, if it is still wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Reply
from bot.context import Composing, InRoom, Later
from bot.formats.model import Formats
from bot.keeping.fading import IN_WRITING, OF_CASES
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Sent, Target
from bot.store.tables import Group, Member, Person, Post, Space

PROMPTS = frozenset(
    {"call", "agenda", "reminder", "nudge", "seat", "start", "unbegun", "overtime", "written-nudge"}
)
"""What a paused group does not get; what is said because somebody did something still comes.

What comes next waits for the end of a meeting that runs, by which the group may have resumed.
"""


SHOWING = OF_CASES | IN_WRITING
"""Kinds of private message that are edited even when their reader has left: the title of a case
does not stay with them longer than with the others."""


@dataclass(frozen=True)
class Spoken:
    """A post with its words, ready to send: `sent` where it is an edit of an earlier message."""

    platform: str
    target: Target
    reply: Reply
    sent: Sent | None


@dataclass(frozen=True)
class Unwanted:
    """A post that is no longer wanted, and why."""

    reason: str


async def speak(
    commands: Commands,
    session: AsyncSession,
    post: Post,
    now: datetime,
    formats: Formats,
) -> Spoken | Unwanted | Later:
    """What a post says now: words, a better time, or that nobody wants it any more."""
    row = (
        await session.execute(
            select(Group, Space, Person, Member)
            .join(Space, Space.id == Group.space_id)
            .outerjoin(Person, and_(Person.space_id == Space.id, Person.ref == post.person))
            .outerjoin(Member, and_(Member.group_id == Group.id, Member.person_id == Person.id))
            .where(Group.id == post.group_id)
            .execution_options(**ACROSS_GROUPS)
        )
    ).one_or_none()
    if row is None:
        return Unwanted("group gone")
    group, space, person, member = row
    reason = _unwanted(post, group, space, member, now)
    if reason is not None:
        return Unwanted(reason)
    composing = Composing(session, post, group, space, now, formats, member, person)
    composed = await commands.composers[post.kind](composing)
    if composed is None:
        return Unwanted("no longer wanted")
    if isinstance(composed, Later):
        return composed
    sent = Sent(post.channel, post.message) if post.channel and post.message else None
    room = composed.room if isinstance(composed, InRoom) else None
    reply = composed.reply if isinstance(composed, InRoom) else composed
    target = Target(space.ref, group.channel, post.person, group.zone, room)
    return Spoken(space.platform, target, reply, sent)


def _unwanted(
    post: Post, group: Group, space: Space, member: Member | None, now: datetime
) -> str | None:
    if group.state == "closed":
        return "group closed"
    if space.gone_at is not None:
        return "space gone"
    if group.state == "paused" and post.kind in PROMPTS:
        return "group paused"
    if post.message is None and post.expires_at is not None and now >= post.expires_at:
        return "too late to be of use"
    edited_all_the_same = post.message is not None and post.kind in SHOWING
    gone = member is None or member.state == "left"
    if post.person is not None and gone and not edited_all_the_same:
        return "no longer a member"
    return None
