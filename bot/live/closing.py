"""What is written as a meeting closes: a take-away for oneself, and a presenter's intention."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.options import Most
from bot.chat.replies import Answer, Button, Reply
from bot.context import Context
from bot.errors import NotAllowed, NotFound
from bot.live import closing_texts as texts
from bot.live.carried import Carried, read, read_takeaways, remove, write
from bot.live.commands import kept_by
from bot.live.falling_away import without_follow_ups
from bot.live.kept import card_key, find_live, presenters, read_items
from bot.live.planning import refit
from bot.store.live_tables import Intention, TakeAway
from bot.store.tables import Meeting

COMMANDS = Commands()

SHOWN = 5
"""So many take-aways are shown at a time."""


@COMMANDS.command(
    "case intention",
    title="Your intention",
    writes=True,
    form=("intention",),
    intro=texts.INTENTION_INTRO,
)
async def intention(
    ctx: Context,
    intention: Annotated[str, "what you will do or try until then", Most(300, lines=True)] = "",
) -> Answer:
    """After presenting: what you will do; it opens the next meeting"""
    meeting = await _last(ctx)
    if ctx.member.id not in await _presenters(ctx, meeting):
        raise NotAllowed(texts.NOT_PRESENTED)
    if not intention:
        return await _form(ctx, Intention, meeting, "intention")
    words = " ".join(intention.split())
    await write(ctx.session, Intention, meeting, ctx.member, words)
    await ctx.refresh(card_key(meeting.id))
    take_back = ctx.button("Take it back", "live.unintend", meeting.id)
    return Reply(texts.INTENDED, buttons=(_edit(ctx, "case intention"), take_back))


@COMMANDS.action("live.unintend")
async def unintend(ctx: Context, meeting: int) -> Answer:
    """Delete an intention."""
    removed = await _remove(ctx, Intention, meeting)
    await ctx.refresh(card_key(meeting))
    await _leave_out_follow_ups(ctx)
    return Reply(texts.TAKEN_BACK if removed else texts.NOTHING_THERE)


async def _leave_out_follow_ups(ctx: Context) -> None:
    """Where the next meeting runs already and nothing else was intended, the cases get the time."""
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is None:
        return
    state = await without_follow_ups(ctx.session, ctx.group, kept.meeting, kept.state, ctx.now)
    if state != kept.state:
        await kept_by(ctx, kept, refit(ctx, kept, state))


@COMMANDS.command(
    "meeting takeaway",
    title="Your take-away",
    writes=True,
    form=("note",),
    intro=texts.TAKEAWAY_INTRO,
)
async def takeaway(
    ctx: Context,
    note: Annotated[str, "a line or two, for your eyes only", Most(500, lines=True)] = "",
) -> Answer:
    """Note what you take away from this meeting, for yourself alone"""
    meeting = await _last(ctx)
    if not note:
        return await _form(ctx, TakeAway, meeting, "note")
    await write(ctx.session, TakeAway, meeting, ctx.member, note)
    delete = ctx.button("Delete", "live.forget", meeting.id)
    return Reply(texts.KEPT_FOR_YOU, buttons=(_edit(ctx, "meeting takeaway"), delete))


@COMMANDS.action("live.forget")
async def forget(ctx: Context, meeting: int) -> Answer:
    """Delete one's take-away from one meeting."""
    removed = await _remove(ctx, TakeAway, meeting)
    return Reply(texts.DELETED if removed else texts.NOTHING_THERE)


@COMMANDS.command("my takeaways", writes=False)
async def takeaways(ctx: Context) -> Answer:
    """Read what you took away from past meetings; nobody else can"""
    return await _takeaways(ctx, 0)


@COMMANDS.action("live.takeaways", writes=False)
async def more_takeaways(ctx: Context, skip: int) -> Answer:
    """Older take-aways."""
    return await _takeaways(ctx, skip)


@COMMANDS.action("live.forget-all", writes=False)
async def ask_to_forget(ctx: Context) -> Answer:
    """Ask before everything is gone: it cannot be undone."""
    yes = ctx.button("Delete them", "live.forget-them", style="danger")
    return Reply(texts.DELETE_ALL, buttons=(yes,))


@COMMANDS.action("live.forget-them")
async def forget_all(ctx: Context) -> Answer:
    """Delete all of one's take-aways in this group."""
    removed = await remove(ctx.session, TakeAway, ctx.member)
    return Reply(texts.all_deleted(removed) if removed else texts.NOTHING_THERE)


async def _takeaways(ctx: Context, skip: int) -> Reply:
    found = await read_takeaways(ctx.session, ctx.member, skip, SHOWN + 1)
    write_one = ctx.command_button("Take-away", "meeting takeaway")
    if not found:
        return Reply(texts.NO_TAKEAWAYS)
    older = ctx.button("Older", "live.takeaways", skip + SHOWN)
    return Reply(
        texts.takeaways(found[:SHOWN]),
        title=texts.TAKEAWAYS,
        buttons=(
            write_one,
            *((older,) if len(found) > SHOWN else ()),
            ctx.button("Delete all", "live.forget-all"),
        ),
    )


async def _form(ctx: Context, kind: Carried, meeting: Meeting, option: str) -> Answer:
    """The form, with what was written before."""
    before = await read(ctx.session, kind, meeting, ctx.member)
    ctx.may_stay(before)
    command = "case intention" if kind is Intention else "meeting takeaway"
    return ctx.form(command, {option: before})


def _edit(ctx: Context, command: str) -> Button:
    return ctx.command_button("Edit", command)


async def _remove(ctx: Context, kind: Carried, number: int) -> int:
    found = await ctx.session.scalars(
        select(Meeting).where(Meeting.group_id == ctx.group.id, Meeting.id == number)
    )
    meeting = found.one_or_none()
    return await remove(ctx.session, kind, ctx.member, meeting) if meeting else 0


async def _last(ctx: Context) -> Meeting:
    """The meeting that runs, else the last one held."""
    found = await ctx.session.scalars(
        select(Meeting).where(
            Meeting.group_id == ctx.group.id,
            Meeting.number == ctx.group.held,
            Meeting.state.in_(("begun", "ended")),
        )
    )
    meeting = found.one_or_none()
    if meeting is None:
        raise NotFound(texts.NONE_HELD)
    return meeting


async def _presenters(ctx: Context, meeting: Meeting) -> set[int]:
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=False)
    if kept is not None and kept.meeting.id == meeting.id:
        return presenters(kept.items, kept.state)
    return presenters(await read_items(ctx.session, ctx.group, meeting), None)
