"""Removing a member who is gone: a week in which anybody can object, then the place is free."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Reply
from bot.chat.requests import PersonRef
from bot.context import Composed, Composing, Context, Events, Later
from bot.errors import Conflict, NotAllowed, NotFound
from bot.groups import removal_texts as texts
from bot.groups.membership import part
from bot.groups.proposals import find_due
from bot.schedule.quiet import quiet_until
from bot.store.outbox import Draft, changed, find_post, refresh
from bot.store.tables import Group, Member, Post, Proposal

COMMANDS = Commands()

OBJECTIONS = timedelta(days=7)
"""How long anybody can object."""

AGAIN = timedelta(days=1)
"""When to look again where a removal cannot be carried out yet."""

SILENT = 3
"""After so many held meetings without a word somebody counts as gone."""


def is_gone(member: Member) -> bool:
    """Whether others may ask to remove this member."""
    return member.gone or member.silent >= SILENT


def _announced(proposal: Proposal) -> str:
    return f"proposal:{proposal.id}"


@COMMANDS.command("group remove", title="Remove a member", writes=True, form=("member",))
async def remove(ctx: Context, member: Annotated[PersonRef, "the member who is gone"]) -> Reply:
    """Free the place of somebody who is gone: after 7 days, if nobody objects"""
    target = await _find(ctx, member)
    if target.id == ctx.member.id:
        raise NotAllowed(texts.REMOVE_YOURSELF)
    if not is_gone(target):
        raise NotAllowed(texts.still_here(target.ref))
    pending = await _open_proposal(ctx.session, ctx.group, target)
    if pending is not None:
        raise Conflict(texts.proposed_already(target.ref, pending.effective_at))
    proposal = Proposal(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        kind="remove",
        by_id=ctx.member.id,
        member_id=target.id,
        state="open",
        effective_at=ctx.now + OBJECTIONS,
    )
    ctx.session.add(proposal)
    await ctx.session.flush()
    key = _announced(proposal)
    await ctx.enqueue(
        Draft(key, "removal", ctx.now, subject=proposal.id),
        Draft(f"{key}:private", "removal", ctx.now, subject=proposal.id, person=target.ref),
    )
    return Reply(texts.proposed(target.ref, proposal.effective_at))


async def _find(ctx: Context, ref: str) -> Member:
    found = await ctx.session.scalars(
        select(Member).where(
            Member.group_id == ctx.group.id, Member.ref == ref, Member.state == "active"
        )
    )
    member = found.one_or_none()
    if member is None:
        raise NotFound(texts.no_such_member(ref), option="member")
    return member


async def _open_proposal(session: AsyncSession, group: Group, member: Member) -> Proposal | None:
    found = await session.scalars(
        select(Proposal).where(
            Proposal.group_id == group.id,
            Proposal.member_id == member.id,
            Proposal.state == "open",
        )
    )
    return found.first()


@COMMANDS.action("proposal.object")
async def object_to(ctx: Context, number: int) -> Reply:
    """Object to a removal: they stay."""
    found = await ctx.session.scalars(
        select(Proposal).where(Proposal.group_id == ctx.group.id, Proposal.id == number)
    )
    proposal = found.one_or_none()
    if proposal is None:
        raise Conflict(texts.REMOVAL_OVER)
    won = await ctx.session.execute(
        update(Proposal)
        .where(
            Proposal.group_id == ctx.group.id,
            Proposal.id == proposal.id,
            Proposal.state == "open",
        )
        .values(state="objected")
    )
    if not changed(won):
        objected = proposal.state == "objected"
        raise Conflict(texts.OBJECTED_ALREADY if objected else texts.REMOVAL_OVER)
    await _refresh(ctx.session, ctx.group, proposal, ctx.now)
    if proposal.member_id != ctx.member.id:
        return Reply(texts.OBJECTED)
    ctx.member.silent, ctx.member.gone = 0, False
    return Reply(texts.OBJECTED_SELF)


async def _refresh(session: AsyncSession, group: Group, proposal: Proposal, now: datetime) -> None:
    await refresh(session, group, now, Post.kind == "removal", Post.subject == proposal.id)


@COMMANDS.post("removal")
async def announce(say: Composing) -> Composed:
    """Tell the group, and the member in private, that a place is to become free."""
    row = await say.session.execute(
        select(Proposal, Member)
        .join(Member, Member.id == Proposal.member_id)
        .where(
            Proposal.group_id == say.group.id,
            Member.group_id == say.group.id,
            Proposal.id == say.post.subject,
        )
    )
    found = row.one_or_none()
    if found is None:
        return None
    proposal, member = found
    if proposal.state != "open":
        return _outcome(say, proposal, member)
    if say.post.person is not None and (say.person is None or not say.person.private):
        return None
    if say.post.person is None:
        why = texts.LEFT_HERE if member.gone else texts.SILENT
        words = texts.removal(member.ref, why, proposal.effective_at)
    elif (quiet := quiet_until(say.person, say.group, say.now)) and quiet < proposal.effective_at:
        return Later(quiet)
    else:
        words = texts.removal_private(say.group, proposal.effective_at)
    return Reply(words, buttons=(say.button("Object", "proposal.object", proposal.id),))


def _outcome(say: Composing, proposal: Proposal, member: Member) -> Composed:
    if say.post.message is None:
        return None
    if proposal.state == "carried":
        return Reply(texts.removed(member.ref))
    return Reply(
        texts.stays(member.ref) if proposal.state == "objected" else texts.settled(member.ref)
    )


async def carry_out_proposals(session: AsyncSession, now: datetime, events: Events) -> None:
    """Carry out what nobody objected to in time; for the scheduler's tick."""
    for proposal, group in await find_due(session, "remove", now, 50):
        await _carry_out(session, group, proposal, events, now)


NEXT_PROPOSAL = (
    select(Proposal.effective_at)
    .where(Proposal.state == "open")
    .order_by(Proposal.effective_at)
    .limit(1)
)
"""When the next removal is due."""


async def _carry_out(
    session: AsyncSession, group: Group, proposal: Proposal, events: Events, now: datetime
) -> None:
    """Remove the member, unless nobody could read that they would be, or they are about again."""
    post = await find_post(session, group, _announced(proposal))
    unread = post is None or post.message is None
    if group.state != "active" or (unread and post is not None and post.state == "open"):
        proposal.effective_at = now + AGAIN
        return
    if unread:
        # Nobody can read it, and nobody can any more: it may be asked anew.
        proposal.state = "over"
        return
    found = await session.scalars(
        select(Member).where(Member.group_id == group.id, Member.id == proposal.member_id)
    )
    member = found.one()
    if member.state == "active" and is_gone(member):
        proposal.state = "carried"
        await part(session, group, member, events, now)
    else:
        proposal.state = "over"
    await session.flush()
    await _refresh(session, group, proposal, now)
