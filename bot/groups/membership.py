"""Who is in a group: coming, waiting for a place, going."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import Context, Events
from bot.identity import keep_person
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Draft, enqueue, refresh
from bot.store.tables import Group, Member, Person, Post

HELD = timedelta(days=3)
"""How long a place is held for whoever was offered it."""


def card_key(group: Group) -> str:
    """The key of the group's card."""
    return f"group:{group.id}:card"


async def refresh_card(session: AsyncSession, group: Group, now: datetime) -> None:
    """Have the group's card show what is true now."""
    await refresh(session, group, now, Post.key == card_key(group))


async def find_membership(ctx: Context) -> Member | None:
    """The row of the person who asks, whether active, waiting or left."""
    if inspect(ctx.person).transient:
        return None
    found = select(Member).where(Member.group_id == ctx.group.id, Member.person_id == ctx.person.id)
    return (await ctx.session.scalars(found)).one_or_none()


async def count_members(session: AsyncSession, group: Group) -> int:
    """How many places are taken."""
    found = select(func.count()).where(Member.group_id == group.id, Member.state == "active")
    return await session.scalar(found) or 0


async def waiting_list(session: AsyncSession, group: Group) -> list[Member]:
    """Those who wait for a place, the longest first."""
    found = await session.scalars(
        select(Member)
        .where(Member.group_id == group.id, Member.state == "waiting")
        .order_by(Member.joined_at, Member.id)
    )
    return list(found)


async def free_places(session: AsyncSession, group: Group, but: Member | None = None) -> int:
    """Places that are neither taken nor held for somebody else than `but`."""
    held = [m for m in await waiting_list(session, group) if m.offered_at and m is not but]
    return group.size - await count_members(session, group) - len(held)


async def become_member(ctx: Context, row: Member | None) -> Member:
    """Make whoever asks a member.

    Somebody who comes back starts clean, but for when they last presented and served: otherwise
    leaving and joining would be a way to the front of the queue.
    """
    member = row or await _new_row(ctx)
    member.state = "active"
    member.joined_at = ctx.now
    member.draw = ctx.rng.random()
    member.away_until = member.offered_at = None
    member.unheard = member.gone = False
    member.silent = 0
    await ctx.session.flush()
    if ctx.group.state == "paused" and ctx.group.paused_why == "empty":
        ctx.group.state, ctx.group.paused_why = "active", None
        ctx.group.revision += 1
        await ctx.replan()
    await ctx.happened(ctx.events.joined, member)
    ctx.found_member = member
    await refresh_card(ctx.session, ctx.group, ctx.now)
    return member


async def wait_for_place(ctx: Context, row: Member | None) -> Member:
    """Put whoever asks at the end of the waiting list."""
    member = row or await _new_row(ctx)
    member.state = "waiting"
    member.joined_at = ctx.now
    member.offered_at = None
    await ctx.session.flush()
    await offer_places(ctx.session, ctx.group, ctx.now)
    await refresh_card(ctx.session, ctx.group, ctx.now)
    return member


async def _new_row(ctx: Context) -> Member:
    person: Person = await keep_person(ctx)
    member = Member(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        person_id=person.id,
        ref=person.ref,
        joined_at=ctx.now,
        draw=ctx.rng.random(),
    )
    ctx.session.add(member)
    return member


async def part(
    session: AsyncSession, group: Group, member: Member, events: Events, now: datetime
) -> None:
    """Let a member go: every feature passes on what was theirs, and their place is offered."""
    member.state = "left"
    member.away_until = member.offered_at = None
    await session.flush()
    for touch in events.left:
        await touch(session, group, member, now)
    await offer_places(session, group, now)
    if not await count_members(session, group):
        group.state, group.paused_why = "paused", "empty"
        group.revision += 1
    await refresh_card(session, group, now)


async def let_go(
    session: AsyncSession, group: Group, member: Member, events: Events, now: datetime
) -> None:
    """Let a member go, or somebody who waits for a place."""
    if member.state == "active":
        await part(session, group, member, events, now)
    elif member.state == "waiting":
        member.state, member.offered_at = "left", None
        await session.flush()
        await offer_places(session, group, now)
        await refresh_card(session, group, now)


async def offer_places(session: AsyncSession, group: Group, now: datetime) -> None:
    """Offer each free place to whoever has waited longest for one."""
    free = await free_places(session, group)
    waiting = [m for m in await waiting_list(session, group) if m.offered_at is None]
    for member in waiting[: max(0, free)]:
        member.offered_at = now
        key = f"member:{member.id}:place:{now:%Y%m%d%H%M%S}"
        await enqueue(session, group, Draft(key, "place", now, person=member.ref))
    await session.flush()


async def pass_on_places(session: AsyncSession, now: datetime) -> None:
    """Let a place that was not taken in time go to the next in line; for the scheduler's tick."""
    overdue = await session.execute(
        select(Member, Group)
        .join(Group, Group.id == Member.group_id)
        .where(Member.offered_at <= now - HELD)
        .order_by(Member.offered_at)
        .limit(100)
        .with_for_update(skip_locked=True)
        .execution_options(**ACROSS_GROUPS)
    )
    for member, group in overdue.all():
        member.state, member.offered_at = "left", None
        await session.flush()
        if group.state != "closed":
            await offer_places(session, group, now)


FIRST_OFFER = select(func.min(Member.offered_at)).where(Member.offered_at.is_not(None))
"""When the place was offered that is held longest; after `HELD` it goes to the next in line."""
