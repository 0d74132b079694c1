"""What cannot be sent to somebody in private is offered where they can press for it.

Some people let nobody write to them. Then the group's channel says only that there is something
for them; what it is they alone see, after pressing Show me.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.chat.commands import Commands
from bot.chat.replies import Mention, Reply, Text
from bot.context import Composed, Composing, Context, Later
from bot.errors import Conflict, NotAllowed
from bot.store.outbox import Draft, enqueue
from bot.store.tables import Group, Member, Post

COMMANDS = Commands()

CLOSED = "dm_closed"
"""An adapter's reason for a private message that its reader does not let in."""

IN_SIGHT = frozenset({"nudge", "seat"})
"""What the meeting's cards say as well: offered once for a meeting, since each offer names somebody
before all, who may have left long ago. What another person waits for is always offered."""

UNOFFERED = frozenset({"aside", "case-over", "written-nudge"})
"""What is never offered: it stands in private on the running meeting or on the card in the channel
as well, and an offer would tell everybody who sits out a case, or has not written.
"""

NOT_YOURS = Text("That is for somebody else.")
NO_LONGER = Text("That is no longer of use; there is nothing you have missed.")


async def offer(session: AsyncSession, post: Post, now: datetime) -> None:
    """Say in the group's channel that there is something for the person."""
    if post.kind in UNOFFERED:
        return
    group = await session.get_one(Group, post.group_id)
    if post.kind in IN_SIGHT and await _was_offered(session, group, post):
        return
    await enqueue(
        session,
        group,
        Draft(
            f"show:{post.id}",
            "show",
            now,
            meeting_id=post.meeting_id,
            subject=post.id,
            expires_at=post.expires_at,
        ),
    )


async def _was_offered(session: AsyncSession, group: Group, post: Post) -> bool:
    """Whether the channel has named this person before because of the same meeting."""
    private = aliased(Post)
    found = await session.scalars(
        select(Post.id)
        .join(private, private.id == Post.subject)
        .where(
            Post.group_id == group.id,
            private.group_id == group.id,
            Post.kind == "show",
            Post.meeting_id == post.meeting_id,
            private.person == post.person,
        )
    )
    return found.first() is not None


@COMMANDS.post("show")
async def show(say: Composing) -> Composed:
    """Who has something to look at, and the button that shows it."""
    post = await _find(say.session, say.group, say.post.subject)
    if post is None or post.person is None:
        return None
    return Reply(
        Text("I have something for {who}.", who=Mention(post.person)),
        buttons=(say.button("Show me", "post.show", post.id, style="primary"),),
        notify=(post.person,),
    )


@COMMANDS.action("post.show", writes=False, needs="group")
async def press_show(ctx: Context, number: int) -> Reply:
    """Show the private words to whom they are for."""
    post = await _find(ctx.session, ctx.group, number)
    if post is None:
        raise Conflict(NO_LONGER)
    if post.person != ctx.request.person:
        raise NotAllowed(NOT_YOURS)
    # Who waits for a place is no member yet, and is written to all the same.
    member = await ctx.session.scalar(
        select(Member).where(
            Member.group_id == ctx.group.id, Member.ref == post.person, Member.state != "left"
        )
    )
    if member is None:
        raise Conflict(NO_LONGER)
    said = (ctx.session, post, ctx.group, ctx.space, ctx.now, ctx.formats)
    say = Composing(*said, member, ctx.person)
    composer = ctx.commands.composers[post.kind]
    composed = await composer(say)
    if isinstance(composed, Later):
        # Quiet hours are for what comes unasked; this was asked for.
        composed = await composer(replace(say, now=composed.at))
    if not isinstance(composed, Reply):
        raise Conflict(NO_LONGER)
    return composed


async def _find(session: AsyncSession, group: Group, number: int | None) -> Post | None:
    found = select(Post).where(Post.group_id == group.id, Post.id == (number or 0))
    return (await session.scalars(found)).one_or_none()
