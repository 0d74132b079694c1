"""Saying that a case was presented, when the group did it without the bot."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import texts
from bot.cases.following import follow_queue
from bot.cases.peace import in_peace
from bot.changes import note_change, take_undo
from bot.chat.commands import Commands
from bot.chat.options import Grammar, Suggest
from bot.chat.replies import Answer, Choice, Reply
from bot.context import Composed, Composing, Context
from bot.errors import Conflict
from bot.queue.finding import get_waiting, suggest, which_case
from bot.queue.presenting import (
    Remembered,
    mark_presented_now,
    take_back_presented,
)
from bot.queue.texts import no_longer_waiting
from bot.store.outbox import Draft
from bot.store.tables import Case, Change, Group, Member

COMMANDS = Commands()

KIND = "presented"
"""The kind of change that says that a case was presented."""


@COMMANDS.command("case done", writes=True)
async def done(
    ctx: Context,
    case: Annotated[
        str, "the code of the case that was presented", Suggest("case"), Grammar("code")
    ] = "",
) -> Answer:
    """Mark a case as presented, yours or another's."""
    if not case:
        return await which_case(ctx, "case done", texts.WHICH_DONE, own=False)
    found, owner = await get_waiting(ctx, case)
    before = await mark_presented_now(ctx.session, ctx.group, found, owner)
    if before is None:
        raise Conflict(no_longer_waiting(found), option="case")
    change = await _remember(ctx, found, before, Remembered.of(owner))
    if owner.id != ctx.member.id:
        await ctx.enqueue(
            Draft(f"presented:{change.id}", "presented", ctx.now, None, change.id, owner.ref)
        )
    await follow_queue(ctx)
    undo = ctx.button("Undo", "case.undone", change.id)
    return Reply(texts.done(found, owner, ctx.member), buttons=(undo,))


async def _remember(ctx: Context, case: Case, before: Remembered, since: Remembered) -> Change:
    return await note_change(ctx, KIND, asdict(before), {"case": case.id, "since": asdict(since)})


@COMMANDS.action("case.undone")
async def undone(ctx: Context, number: int) -> Answer:
    """Let a case wait again that was marked as presented."""
    found = await _find(ctx.session, ctx.group, number)
    if found is None:
        raise Conflict(texts.NOT_THERE)
    change, case, owner = found
    won = await take_undo(ctx, change)
    remembered = Remembered(**change.before), Remembered(**change.after["since"])
    if not won or not await take_back_presented(ctx.session, ctx.group, case, owner, remembered):
        raise Conflict(texts.waits_again(case))
    await ctx.refresh(f"presented:{change.id}")
    await follow_queue(ctx)
    return Reply(texts.not_done(case))


@COMMANDS.post("presented")
async def presented(say: Composing) -> Composed:
    """Tell a case's owner that somebody else marked it as presented."""
    found = await _find(say.session, say.group, say.post.subject)
    if found is None:
        return None
    change, case, _owner = found
    if change.undone_at is not None:
        return Reply(texts.not_done(case)) if say.post.message else None
    by = await say.session.scalar(
        select(Member).where(Member.group_id == say.group.id, Member.id == change.by_id)
    )
    undo = say.button("Undo", "case.undone", change.id)
    return in_peace(say) or Reply(texts.done_by(case, by), buttons=(undo,))


async def _find(
    session: AsyncSession, group: Group, number: int | None
) -> tuple[Change, Case, Member] | None:
    """The change with this number, the case it marked and its owner."""
    change = await session.scalar(
        select(Change).where(Change.group_id == group.id, Change.id == number, Change.kind == KIND)
    )
    if change is None:
        return None
    row = await session.execute(
        select(Case, Member)
        .join(Member, Member.id == Case.member_id)
        .where(Case.group_id == group.id, Case.id == change.after["case"])
    )
    found = row.one_or_none()
    return None if found is None else (change, found[0], found[1])


@COMMANDS.suggest("case")
async def cases(ctx: Context, text: str) -> list[Choice]:
    """All cases that wait."""
    return await suggest(ctx, text, own=False)
