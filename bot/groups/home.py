"""The channel a group lives in: whether it can be one, and taking back what did not reach it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import ColumnElement, and_, delete, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import Context
from bot.errors import Conflict, NotAllowed
from bot.groups import texts
from bot.groups.membership import count_members
from bot.store.database import ACROSS_GROUPS
from bot.store.tables import NOT_CLOSED, Group, Member, Person, Post, Space


async def check_home(ctx: Context) -> None:
    """Refuse a channel where the bot cannot post, or where a group lives already."""
    if ctx.request.channel is None or ctx.request.space is None:
        raise NotAllowed(texts.NO_CHANNEL)
    if ctx.request.may_post is False:
        raise NotAllowed(texts.CANNOT_POST)
    found = await find_home(ctx)
    if found is not None and await count_members(ctx.session, found):
        raise Conflict(texts.taken(found, member=await _is_member(ctx, found)))


async def find_home(ctx: Context) -> Group | None:
    """The group that lives in the channel where it was asked."""
    if inspect(ctx.space).transient:
        return None
    here = select(Group).where(
        Group.space_id == ctx.space.id,
        Group.channel == ctx.request.channel,
        NOT_CLOSED,
    )
    return (await ctx.session.scalars(here)).one_or_none()


async def _is_member(ctx: Context, group: Group) -> bool:
    if inspect(ctx.person).transient:
        return False
    found = select(Member.id).where(
        Member.group_id == group.id,
        Member.person_id == ctx.person.id,
        Member.state == "active",
    )
    return await ctx.session.scalar(found) is not None


async def vacate(ctx: Context) -> int | None:
    """Close a group in this channel that nobody is in any more; give its number."""
    deserted = await find_home(ctx)
    if deserted is None:
        return None
    if await count_members(ctx.session, deserted):
        # It was not there when the channel was looked at: somebody was faster by a moment.
        raise Conflict(texts.FASTER)
    deserted.state = "closed"
    await ctx.session.flush()
    return deserted.id


def take_back(
    group: int, person: Person | None, space_is_new: bool, vacated: int | None
) -> Callable[[AsyncSession], Awaitable[None]]:
    """What takes a group back whose card could not be posted: nothing of it is kept."""

    async def undo(session: AsyncSession) -> None:
        found = await session.get(Group, group)
        if found is None:
            return
        space = found.space_id
        await session.execute(delete(Group).where(Group.id == group))
        await reopen(session, vacated)
        if person is not None:
            await _forget(session, person.id, space if space_is_new else None)

    return undo


async def _forget(session: AsyncSession, person: int, space: int | None) -> None:
    """Forget a person, and a space, that became known with the group and with nothing else."""
    in_groups = select(Member.id).where(Member.person_id == person).exists()
    await session.execute(
        delete(Person).where(Person.id == person, ~in_groups).execution_options(**ACROSS_GROUPS)
    )
    if space is not None:
        known = select(Person.id).where(Person.space_id == space).exists()
        await session.execute(delete(Space).where(Space.id == space, ~known))


async def reopen(session: AsyncSession, vacated: int | None) -> None:
    """Let a deserted group live on that had made room for one that did not come."""
    if vacated is not None:
        await session.execute(update(Group).where(Group.id == vacated).values(state="paused"))


async def pause_again(session: AsyncSession, group: Group, why: str | None, revision: int) -> None:
    """Pause a group anew that was woken for a channel that cannot be reached.

    What its members are still to be told of the first loss stays; of this one they hear nothing.
    """
    group.state, group.paused_why = "paused", why
    await session.flush()
    heard = and_(Post.kind == "gone", Post.subject <= revision)
    await expire_open(session, group, "channel gone", ~heard)


async def expire_open(
    session: AsyncSession, group: Group, reason: str, *where: ColumnElement[bool]
) -> None:
    """Let what is still to be said in the group's name expire."""
    await session.execute(
        update(Post)
        .where(Post.group_id == group.id, Post.state == "open", *where)
        .values(state="expired", reason=reason, version=Post.version + 1)
        .execution_options(synchronize_session=False)
    )
