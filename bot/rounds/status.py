"""What the bot will do next and when, read from what is waiting to be said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.chat.replies import Bold, Moment, Reply, Text, lines
from bot.context import Context
from bot.rounds import texts
from bot.store.tables import Meeting, Post

MOST_SHOWN = 8
"""Posts: enough for a meeting, few enough for a phone."""

Coming = tuple[str, bool, datetime]
"""A post's kind, whether it is private, and when it is due."""


async def tell_status(ctx: Context) -> Reply:
    """Whether the group is active, its next meeting, and what is said when."""
    group = ctx.group
    if group.state == "paused":
        return Reply(texts.paused(group.name, group.paused_why))
    return Reply(
        lines(
            Text("{name} is active. {next}", name=Bold(group.name), next=await _meeting(ctx)),
            *_next_posts(await _coming(ctx), ctx.now),
        )
    )


async def _meeting(ctx: Context) -> Text:
    if ctx.group.live_id is not None:
        return Text("A meeting is running.")
    found = await ctx.session.scalar(
        select(Meeting.starts_at)
        .where(
            Meeting.group_id == ctx.group.id,
            Meeting.state == "planned",
            Meeting.starts_at > ctx.now,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )
    if found is None:
        return Text("No meeting is planned yet.")
    return Text("The next meeting is {at}.", at=Moment(found))


async def _coming(ctx: Context) -> list[Coming]:
    """What is not sent yet, each kind once a meeting; of private posts not whom they are for."""
    due = func.min(Post.due_at).label("due")
    private = Post.person.is_not(None).label("private")
    rows = await ctx.session.execute(
        select(Post.kind, private, due)
        .where(
            Post.group_id == ctx.group.id,
            Post.state == "open",
            Post.message.is_(None),
            or_(Post.kind != "unbegun", Post.meeting_id != (ctx.group.live_id or 0)),
            or_(
                Post.person.is_(None),
                Post.person == ctx.request.person,
                Post.kind.in_(texts.KINDS),
            ),
        )
        .group_by(Post.kind, private, Post.meeting_id)
        .order_by(due)
        .limit(MOST_SHOWN)
    )
    return [(kind, bool(is_private), at) for kind, is_private, at in rows]


def _next_posts(coming: Sequence[Coming], now: datetime) -> list[Text]:
    if not coming:
        return [Text("Nothing is waiting to be said.")]
    said = [
        Text(
            "• {at}: {what}",
            at=Moment(at) if at > now else Text("in a moment"),
            what=Text(texts.kind_of_post(kind, private)),
        )
        for kind, private, at in coming
    ]
    return [Text("What I say next:"), *said]
