"""Pausing a group and waking it up: at once, told to all, and undone by anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.changes import announcement, record_change, register
from bot.chat.commands import Commands
from bot.chat.replies import Reply, Span, Text
from bot.context import Composing, Context, MustReach
from bot.errors import Conflict
from bot.groups import change_texts, rules
from bot.groups.card import next_at
from bot.groups.closing_texts import TOO_LATE
from bot.groups.home import pause_again
from bot.groups.membership import refresh_card
from bot.groups.moving import put_card_up, wake
from bot.store.tables import Change, Group, Post

COMMANDS = Commands()


@COMMANDS.command("group pause", writes=True)
async def pause(ctx: Context) -> Reply:
    """Pause the group: no meetings and no prompts until somebody resumes it"""
    if ctx.group.state == "paused":
        raise Conflict(change_texts.PAUSED_ALREADY)
    await _pause(ctx)
    await record_change(ctx, "pause", {}, {})
    return Reply(change_texts.PAUSED)


@COMMANDS.command("group resume", writes=True)
async def resume(ctx: Context) -> Reply:
    """Let a paused group go on"""
    group = ctx.group
    if group.state != "paused":
        raise Conflict(change_texts.NOT_PAUSED)
    if group.paused_why == rules.CLOSING:
        raise Conflict(TOO_LATE)
    why, revision = group.paused_why, group.revision
    lost = rules.home_is_gone(group.state, why)
    await wake(ctx)
    await (put_card_up(ctx) if lost else refresh_card(ctx.session, group, ctx.now))
    change = await record_change(ctx, "resume", {}, {})
    if lost:
        undo = _paused_again(group.id, why, revision, change.id)
        ctx.must_reach = MustReach(announcement(change.id), change_texts.CANNOT_RESUME, undo)
    return Reply(change_texts.resumed(await next_at(ctx.session, group, ctx.now)))


async def _pause(ctx: Context) -> None:
    ctx.group.state, ctx.group.paused_why = "paused", "asked"
    await ctx.session.flush()
    await ctx.replan()
    await refresh_card(ctx.session, ctx.group, ctx.now)


async def _resume(ctx: Context) -> None:
    await wake(ctx)
    await refresh_card(ctx.session, ctx.group, ctx.now)


def _paused_again(
    number: int, why: str | None, revision: int, change: int
) -> Callable[[AsyncSession], Awaitable[None]]:
    """What pauses a group again whose channel still cannot be reached."""

    async def undo(session: AsyncSession) -> None:
        group = await session.get(Group, number)
        if group is None:
            return
        for table, row in ((Post, Post.key == announcement(change)), (Change, Change.id == change)):
            await session.execute(delete(table).where(table.group_id == group.id, row))
        await pause_again(session, group, why, revision)

    return undo


async def _undo_pause(ctx: Context, _change: Change) -> None:
    await _resume(ctx)


async def _undo_resume(ctx: Context, _change: Change) -> None:
    await _pause(ctx)


async def _say_paused(_say: Composing, _change: Change, by: Span) -> Text:
    return change_texts.told_paused(by)


async def _say_resumed(say: Composing, _change: Change, by: Span) -> Text:
    return change_texts.told_resumed(by, await next_at(say.session, say.group, say.now))


register("pause", _undo_pause, _say_paused)
register("resume", _undo_resume, _say_resumed)
