"""Joining a group, waiting for a place in it, and leaving it."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.chat.replies import Reply, Text, sentences
from bot.context import Context
from bot.errors import Conflict
from bot.groups import member_texts
from bot.groups.card import next_at
from bot.groups.membership import (
    become_member,
    count_members,
    find_membership,
    free_places,
    offer_places,
    part,
    refresh_card,
    wait_for_place,
    waiting_list,
)
from bot.store.tables import Member

COMMANDS = Commands()


@COMMANDS.command("group join", writes=True, needs="group")
async def join(ctx: Context) -> Reply:
    """Become a member of the group"""
    row = await find_membership(ctx)
    if row is not None and row.state == "active":
        return Reply(member_texts.member_already(ctx.group))
    if row is not None and row.state == "waiting" and row.offered_at is None:
        return Reply(await _in_line(ctx, row))
    if await free_places(ctx.session, ctx.group, but=row) < 1:
        return await _full(ctx)
    return await _welcome(ctx, row)


@COMMANDS.action("group.wait", needs="group")
async def wait(ctx: Context) -> Reply:
    """Wait for a place in a full group; one that became free meanwhile is taken at once."""
    row = await find_membership(ctx)
    if row is not None and row.state == "active":
        return Reply(member_texts.member_already(ctx.group))
    if row is None or row.state != "waiting":
        if await free_places(ctx.session, ctx.group) > 0:
            return await _welcome(ctx, row)
        row = await wait_for_place(ctx, row)
    return Reply(await _in_line(ctx, row))


@COMMANDS.action("group.take", needs="group")
async def take(ctx: Context) -> Reply:
    """Take the place that was offered."""
    row = await find_membership(ctx)
    if row is not None and row.state == "active":
        return Reply(member_texts.member_already(ctx.group))
    if row is None or row.state != "waiting":
        raise Conflict(member_texts.NOT_WAITING)
    if await free_places(ctx.session, ctx.group, but=row) < 1:
        row.offered_at = None
        return Reply(member_texts.place_taken(ctx.group))
    return await _welcome(ctx, row)


@COMMANDS.command("group leave", writes=True, needs="group")
async def leave(ctx: Context) -> Reply:
    """Leave the group; you can come back at any time"""
    row = await find_membership(ctx)
    if row is None or row.state == "left":
        raise Conflict(member_texts.never_member(ctx.group))
    if row.state == "waiting":
        row.state, row.offered_at = "left", None
        await ctx.session.flush()
        await offer_places(ctx.session, ctx.group, ctx.now)
        await refresh_card(ctx.session, ctx.group, ctx.now)
        return Reply(member_texts.off_the_list(ctx.group))
    await part(ctx.session, ctx.group, row, ctx.events, ctx.now)
    ctx.found_member = None
    last = not await count_members(ctx.session, ctx.group)
    return Reply(
        sentences(member_texts.left(ctx.group), member_texts.LEFT_LAST if last else None),
        buttons=(ctx.command_button("Join", "group join"),),
    )


async def _welcome(ctx: Context, row: Member | None) -> Reply:
    await become_member(ctx, row)
    return Reply(member_texts.joined(ctx.group, await next_at(ctx.session, ctx.group, ctx.now)))


async def _in_line(ctx: Context, row: Member) -> Text:
    before = [m for m in await waiting_list(ctx.session, ctx.group) if m.offered_at is None]
    return member_texts.waiting(ctx.group, before.index(row) + 1)


async def _full(ctx: Context) -> Reply:
    return Reply(
        member_texts.full(ctx.group, await count_members(ctx.session, ctx.group)),
        buttons=(ctx.button("Wait for a place", "group.wait", style="primary"),),
    )
