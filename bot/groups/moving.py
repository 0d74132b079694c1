"""Moving a group to another channel when its own is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands, action_id
from bot.chat.replies import Button, Reply
from bot.context import Context, MustReach
from bot.errors import Conflict, NotAllowed
from bot.groups import rules, texts
from bot.groups.card import next_at
from bot.groups.home import find_home, pause_again, reopen, vacate
from bot.groups.membership import card_key, count_members
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import Draft
from bot.store.tables import Group, Member, Post

COMMANDS = Commands()


async def offer_move(ctx: Context, given: Mapping[str, str]) -> Reply | None:
    """Offer to move the person's groups here that can no longer meet where they were."""
    lost = await _lost_groups(ctx)
    if not lost:
        return None
    single = len(lost) == 1
    moves = [
        Button(
            "Move it here" if single else f"Move {group.name[:40]} here",
            action_id("group.move", group.id),
            "primary",
        )
        for group in lost
    ]
    anew = Button("Start a new one", fresh_action(ctx, given))
    return Reply(texts.offer_move(lost), buttons=(*moves, anew))


async def _lost_groups(ctx: Context) -> list[Group]:
    if inspect(ctx.space).transient or inspect(ctx.person).transient:
        return []
    mine = (
        select(Group)
        .join(Member, Member.group_id == Group.id)
        .where(
            Group.space_id == ctx.space.id,
            Group.state == "paused",
            Member.person_id == ctx.person.id,
            Member.state == "active",
        )
        .order_by(Group.id)
        .execution_options(**ACROSS_GROUPS)
    )
    found = (await ctx.session.scalars(mine)).all()
    return [group for group in found if rules.home_is_gone(group.state, group.paused_why)][:4]


def fresh_action(ctx: Context, given: Mapping[str, str]) -> str:
    """The action that starts a new group although one could move here."""
    start = action_id("group.fresh", 0)
    return f"{start}:{ctx.drafts.carry(100 - len(start) - 1, dict(given))}"


@COMMANDS.action("group.move")
async def move(ctx: Context) -> Reply:
    """Let the group live in the channel where this was pressed, with all it has."""
    group = ctx.group
    if ctx.request.channel is None or ctx.request.space is None:
        raise NotAllowed(texts.NO_CHANNEL)
    if not rules.home_is_gone(group.state, group.paused_why):
        raise Conflict(texts.NOT_LOST)
    if ctx.request.may_post is False:
        raise NotAllowed(texts.CANNOT_MOVE)
    vacated = await _make_room(ctx)
    old = group.id, group.channel, group.paused_why, group.revision
    group.channel = ctx.request.channel
    group.revision += 1
    await wake(ctx)
    await _forget_messages(ctx)
    await put_card_up(ctx)
    ctx.must_reach = MustReach(card_key(group), texts.CANNOT_MOVE, _back_to(*old, vacated))
    return Reply(texts.moved(group, await next_at(ctx.session, group, ctx.now)))


async def _make_room(ctx: Context) -> int | None:
    """Refuse a channel where another group lives, unless everybody has left that one."""
    other = await find_home(ctx)
    if other is None or other.id == ctx.group.id:
        return None
    if await count_members(ctx.session, other):
        raise Conflict(texts.taken(other, member=False))
    return await vacate(ctx)


async def wake(ctx: Context) -> None:
    """Let a paused group go on, in a space that can be reached again."""
    ctx.group.state, ctx.group.paused_why = "active", None
    await ctx.session.flush()
    await ctx.replan()


async def _forget_messages(ctx: Context) -> None:
    """Let go of the messages in the old channel: they are beyond reach for good.

    Planning has just opened those about coming meetings, to be edited: without a message to edit
    they are said again here, where they are still of use.
    """
    group = ctx.group
    await ctx.session.execute(
        update(Post)
        .where(Post.group_id == group.id, Post.person.is_(None), Post.message.is_not(None))
        .values(message=None, channel=None)
        .execution_options(synchronize_session=False)
    )


async def put_card_up(ctx: Context) -> None:
    """Post the card anew, whatever became of the old one."""
    group = ctx.group
    await ctx.session.execute(
        delete(Post)
        .where(Post.group_id == group.id, Post.key == card_key(group))
        .execution_options(synchronize_session=False)
    )
    await ctx.enqueue(Draft(card_key(group), "group", ctx.now))


def _back_to(
    number: int, channel: str, why: str | None, revision: int, vacated: int | None
) -> Callable[[AsyncSession], Awaitable[None]]:
    """What takes the move back when the card could not be posted in the new channel."""

    async def undo(session: AsyncSession) -> None:
        group = await session.get(Group, number)
        if group is not None:
            group.channel = channel
            await pause_again(session, group, why, revision)
        await reopen(session, vacated)

    return undo
