"""Closing a group for good: a week in which any member can object, then all of it is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Reply
from bot.context import Composed, Composing, Context, Later
from bot.errors import Conflict
from bot.groups import closing_texts as texts
from bot.groups.home import expire_open
from bot.groups.proposals import find_due
from bot.groups.rules import CLOSING
from bot.keeping.erasing import erase_group
from bot.keeping.fading import let_go
from bot.schedule.coming import active_members
from bot.schedule.quiet import quiet_until
from bot.store.outbox import Draft, changed, refresh
from bot.store.tables import Case, Group, Post, Proposal

COMMANDS = Commands()

OBJECTIONS = timedelta(days=7)
"""How long any member can object."""

AGAIN = timedelta(days=1)
"""When to look again while nobody can be told."""

EDITED_BY_THEN = timedelta(hours=1)
"""How long messages that showed contents are edited for, before their ids are gone as well."""


@COMMANDS.command("group close", writes=True)
async def close(ctx: Context) -> Reply:
    """Close the group and erase all of it: after 7 days, if no member objects"""
    pending = await _open(ctx.session, ctx.group)
    if pending is not None:
        raise Conflict(texts.proposed_already(pending.effective_at))
    proposal = Proposal(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        kind="close",
        by_id=ctx.member.id,
        state="open",
        effective_at=ctx.now + OBJECTIONS,
    )
    ctx.session.add(proposal)
    await ctx.session.flush()
    key = f"proposal:{proposal.id}"
    await ctx.enqueue(
        Draft(key, "closing", ctx.now, subject=proposal.id),
        *(
            Draft(f"{key}:{one.id}", "closing", ctx.now, subject=proposal.id, person=one.ref)
            for one in await active_members(ctx.session, ctx.group)
        ),
    )
    return Reply(
        texts.proposed(proposal.effective_at),
        buttons=(ctx.button("Keep the group", "closing.object", proposal.id),),
    )


async def _open(session: AsyncSession, group: Group) -> Proposal | None:
    found = await session.scalars(
        select(Proposal).where(
            Proposal.group_id == group.id, Proposal.kind == "close", Proposal.state == "open"
        )
    )
    return found.first()


@COMMANDS.action("closing.object")
async def object_to(ctx: Context, number: int) -> Reply:
    """Object: the group stays."""
    if ctx.group.paused_why == CLOSING:
        raise Conflict(texts.TOO_LATE)
    won = await ctx.session.execute(
        update(Proposal)
        .where(
            Proposal.group_id == ctx.group.id,
            Proposal.id == number,
            Proposal.kind == "close",
            Proposal.state == "open",
        )
        .values(state="objected")
    )
    if not changed(won):
        raise Conflict(texts.SETTLED)
    await _refresh(ctx.session, ctx.group, number, ctx.now)
    return Reply(texts.OBJECTED)


async def _refresh(session: AsyncSession, group: Group, number: int, now: datetime) -> None:
    await refresh(session, group, now, Post.kind == "closing", Post.subject == number)


@COMMANDS.post("closing")
async def announce(say: Composing) -> Composed:
    """Ask the group, and each member in private, whether somebody objects."""
    found = await say.session.scalars(
        select(Proposal).where(Proposal.group_id == say.group.id, Proposal.id == say.post.subject)
    )
    proposal = found.one_or_none()
    if proposal is None:
        return None
    if say.group.paused_why == CLOSING:
        return Reply(texts.CLOSED)
    if proposal.state != "open":
        return Reply(texts.STAYS) if say.post.message is not None else None
    if say.post.person is not None:
        if say.person is None or not say.person.private:
            return None
        quiet = quiet_until(say.person, say.group, say.now)
        if quiet is not None and quiet < proposal.effective_at:
            return Later(quiet)
    return Reply(
        texts.asked(say.group, proposal.effective_at),
        buttons=(say.button("Object", "closing.object", proposal.id),),
    )


async def close_groups(session: AsyncSession, now: datetime) -> None:
    """Close the groups of which nobody objected in time; for the scheduler's tick."""
    for proposal, group in await find_due(session, "close", now, 10):
        if group.paused_why == CLOSING:
            await session.flush()
            session.expunge(proposal)
            await erase_group(session, group, now)
        else:
            await _begin(session, group, proposal, now)


async def _begin(session: AsyncSession, group: Group, proposal: Proposal, now: datetime) -> None:
    """Let all contents go and have the messages edited; the rows follow when that is done."""
    asked = await session.scalars(
        select(Post).where(
            Post.group_id == group.id, Post.kind == "closing", Post.subject == proposal.id
        )
    )
    posts = asked.all()
    if not any(post.message for post in posts):
        if any(post.state == "open" for post in posts):
            proposal.effective_at = now + AGAIN
        else:
            # Nobody could read it, so nobody could object: it may be asked anew.
            proposal.state = "over"
        return
    group.state, group.paused_why, group.revision = "paused", CLOSING, group.revision + 1
    proposal.effective_at = now + EDITED_BY_THEN
    await session.flush()
    await expire_open(session, group, "group closed")
    cases = select(Case.id, Case.group_id, Case.key_id).where(
        Case.group_id == group.id, Case.key_id.is_not(None)
    )
    await let_go(session, (await session.execute(cases)).all(), now)
    await _refresh(session, group, proposal.id, now)
