"""What was done to a whole group at once: written down, announced, and undone by anybody.

A feature registers for each kind of change how it is undone and how it is told. A change can be
undone while nothing else was changed since: as long as the group's revision is the one it made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import CommandName, Mention, Reply, Span, Text, lines
from bot.context import Composed, Composing, Context
from bot.errors import Conflict
from bot.store.outbox import Draft, changed
from bot.store.tables import Change, Group, Member

COMMANDS = Commands()

Undo = Callable[[Context, Change], Awaitable[None]]
"""Puts things back as the change's `before` says; revision and announcement follow."""

Say = Callable[[Composing, Change, Span], Awaitable[Text]]
"""Tells the group what was done; it is handed whoever did it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of change is undone and told."""

    undo: Undo
    say: Say


KINDS: dict[str, Kind] = {}
"""What the features have registered."""


def register(kind: str, undo: Undo, say: Say) -> None:
    """Let changes of this kind be announced and undone."""
    if kind in KINDS:
        raise ValueError(f"changes of the kind {kind!r} are registered twice")
    KINDS[kind] = Kind(undo, say)


def announcement(change: int) -> str:
    """The key of the post that tells the group of a change, by the change's number."""
    return f"change:{change}"


async def record_change(
    ctx: Context, kind: str, before: dict[str, Any], after: dict[str, Any]
) -> Change:
    """Write down what was just done to the group, and announce it with Undo.

    `before` and `after` hold what plain JSON can: dates and times as ISO text, instants too.
    """
    ctx.group.revision += 1
    change = await note_change(ctx, kind, before, after)
    await ctx.enqueue(Draft(announcement(change.id), "changed", ctx.now, subject=change.id))
    return change


async def note_change(
    ctx: Context, kind: str, before: dict[str, Any], after: dict[str, Any]
) -> Change:
    """Write down what was just done, so that it can be undone; nobody is told."""
    change = Change(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        key_id=ctx.group.key_id,
        kind=kind,
        by_id=ctx.member.id,
        before=before,
        after=after,
        revision=ctx.group.revision,
        made_at=ctx.now,
    )
    ctx.session.add(change)
    await ctx.session.flush()
    return change


async def take_undo(ctx: Context, change: Change) -> bool:
    """Note that the change is undone; say whether nobody was faster."""
    won = await ctx.session.execute(
        update(Change)
        .where(Change.group_id == ctx.group.id, Change.id == change.id, Change.undone_at.is_(None))
        .values(undone_at=ctx.now, undone_by_id=ctx.member.id)
    )
    return bool(changed(won))


async def find_change(session: AsyncSession, group: Group, number: int | None) -> Change | None:
    """The group's change with this number."""
    found = select(Change).where(Change.group_id == group.id, Change.id == number)
    return (await session.scalars(found)).one_or_none()


async def named(session: AsyncSession, group: Group, member: int | None) -> Span:
    """Who did something, as a mention; somebody whose row is gone stays unnamed."""
    found = select(Member.ref).where(Member.group_id == group.id, Member.id == member)
    ref = await session.scalar(found)
    return Text("somebody") if ref is None else Mention(ref)


@COMMANDS.action("change.undo")
async def undo(ctx: Context, number: int) -> Reply:
    """Put things back as they were before a change."""
    change = await find_change(ctx.session, ctx.group, number)
    if change is None:
        raise Conflict(NOT_THERE)
    if change.undone_at is not None:
        who = await named(ctx.session, ctx.group, change.undone_by_id)
        raise Conflict(Text("{who} has undone that already.", who=who))
    if change.revision != ctx.group.revision:
        raise Conflict(SUPERSEDED)
    if not await take_undo(ctx, change):
        raise Conflict(Text("Somebody was faster: it is undone already."))
    ctx.group.revision += 1
    size = ctx.group.size
    await KINDS[change.kind].undo(ctx, change)
    if ctx.group.size < size:
        await _check_room(ctx)
    await ctx.refresh(announcement(change.id))
    return Reply(UNDONE)


async def _check_room(ctx: Context) -> None:
    """Others may have joined since: nobody loses their place because something is undone."""
    found = select(func.count()).where(Member.group_id == ctx.group.id, Member.state == "active")
    members = await ctx.session.scalar(found) or 0
    if members > ctx.group.size:
        raise Conflict(too_full(members, ctx.group.size))


@COMMANDS.post("changed")
async def announce(say: Composing) -> Composed:
    """Tell the group what was changed, by whom, and how it can be undone."""
    change = await find_change(say.session, say.group, say.post.subject)
    if change is None:
        return None
    by = await named(say.session, say.group, change.by_id)
    words = await KINDS[change.kind].say(say, change, by)
    if change.undone_at is not None:
        who = await named(say.session, say.group, change.undone_by_id)
        return Reply(lines(words, Text("Undone by {who}: all is as it was before.", who=who)))
    if change.revision != say.group.revision:
        return Reply(words)
    return Reply(words, buttons=(say.button("Undo", "change.undo", change.id),))


NOT_THERE = Text("I no longer have that change, so it cannot be undone.")


def too_full(members: int, size: int) -> Text:
    """The group would be smaller than the number of its members."""
    return Text(
        "There are {members} members now, so the group cannot go back to {size} places.",
        members=members,
        size=size,
    )


SUPERSEDED = Text(
    "Something else was changed since, so that cannot simply be undone. {show} says how things "
    "are now; {settings} changes them.",
    show=CommandName("group show"),
    settings=CommandName("group settings"),
)

UNDONE = Text("Undone: all is as it was before. The announcement says so too.")
