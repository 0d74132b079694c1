"""A speaking round: everybody is asked once, in order, on one card that all can press.

Of all presses of Next, Pass, Back and End on one version of the card the first takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Answer, OnCard, Refusal, Reply, Text
from bot.chat.zones import local_date
from bot.context import Composed, Composing, Context
from bot.errors import Conflict, NotFound
from bot.floor import (
    RoundState,
    back,
    end_round,
    join_round,
    leave_round,
    next_turn,
    pass_turn,
    speaking_order,
    start_round,
)
from bot.store.outbox import Draft
from bot.store.tables import Group, Member
from bot.turns import texts
from bot.turns.kept import (
    Kept,
    add_round,
    card_key,
    find_last,
    find_refs,
    find_round,
    find_running,
    find_speakers,
    keep,
)

COMMANDS = Commands()

Move = Callable[[RoundState], RoundState]

MOVES: Mapping[str, Move] = {
    "next": next_turn,
    "pass": pass_turn,
    "back": back,
    "end": end_round,
}
"""The steps of the card, by the word that is pressed or typed for each."""


@COMMANDS.command("turn start", writes=True)
async def start(
    ctx: Context,
    order: Annotated[
        Literal["fair", "as joined"], "fair: who spoke longest ago begins; or as joined"
    ] = "fair",
) -> Answer:
    """Begin a speaking round: everybody is asked once, on a card that all can press."""
    running = await find_running(ctx.session, ctx.group)
    if running is not None:
        return Refusal(await _shown(ctx, running, texts.RUNNING))
    if ctx.group.state == "paused":
        raise Conflict(texts.PAUSED)
    today = local_date(ctx.now, ctx.group.zone)
    speakers = await find_speakers(ctx.session, ctx.group, ctx.member, today)
    state = start_round(speaking_order(order, speakers))
    number = await add_round(ctx.session, ctx.group, state, ctx.member.id, ctx.now)
    await ctx.enqueue(Draft(card_key(number), "round", ctx.now, subject=number))
    return texts.started(len(speakers))


@COMMANDS.command("turn join", writes=True)
async def join(ctx: Context) -> Answer:
    """Join the round that is running, at its end."""
    if in_meeting := await _in_meeting(ctx, "join"):
        return in_meeting
    return await _join(ctx, await _running(ctx)) or Reply(texts.JOINED)


@COMMANDS.command("turn pass", writes=True)
async def pass_(ctx: Context) -> Answer:
    """Not now: whoever has the floor is asked once more at the end."""
    return await _in_meeting(ctx, "pass") or await _typed(ctx, await _running(ctx), "pass")


@COMMANDS.command("turn next", writes=True)
async def next_(ctx: Context) -> Answer:
    """The speaker is done: the floor goes to whoever is next."""
    return await _in_meeting(ctx, "next") or await _typed(ctx, await _running(ctx), "next")


@COMMANDS.command("turn back", writes=True)
async def back_(ctx: Context) -> Answer:
    """Take the last step back, as often as you like."""
    if in_meeting := await _in_meeting(ctx, "back"):
        return in_meeting
    last = await find_last(ctx.session, ctx.group)
    if last is None:
        raise NotFound(texts.NO_ROUND)
    return await _typed(ctx, last, "back")


@COMMANDS.command("turn list", writes=False)
async def list_(ctx: Context) -> Answer:
    """Who has the floor, who comes next, and the buttons."""
    return await _in_meeting(ctx, "list") or await _shown(ctx, await _running(ctx, lock=False))


@COMMANDS.command("turn end", writes=True)
async def end(ctx: Context) -> Answer:
    """Close the round before everybody was asked."""
    return await _typed(ctx, await _running(ctx), "end")


@COMMANDS.action("turn.next")
async def press_next(ctx: Context, round_: int, version: int) -> Answer:
    """The speaker is done."""
    return await _pressed(ctx, round_, version, "next")


@COMMANDS.action("turn.pass")
async def press_pass(ctx: Context, round_: int, version: int) -> Answer:
    """Not now."""
    return await _pressed(ctx, round_, version, "pass")


@COMMANDS.action("turn.back")
async def press_back(ctx: Context, round_: int, version: int) -> Answer:
    """Take the last step back."""
    return await _pressed(ctx, round_, version, "back")


@COMMANDS.action("turn.end")
async def press_end(ctx: Context, round_: int, version: int) -> Answer:
    """Close the round."""
    return await _pressed(ctx, round_, version, "end")


@COMMANDS.action("turn.join")
async def press_join(ctx: Context, round_: int, _version: int) -> Answer:
    """Join at the end: that holds on any version of the card."""
    kept = await _newest(ctx, round_)
    return await _join(ctx, kept) or OnCard(card_key(kept.id))


@COMMANDS.post("round")
async def compose(say: Composing) -> Composed:
    """The card: who has the floor, who comes next; only the one who has it is pinged."""
    kept = await find_round(say.session, say.group, say.post.subject or 0)
    if kept is None or (kept.state.finished and say.post.message is None):
        return None
    refs = await find_refs(say.session, say.group, kept)
    holder = refs.get(kept.state.floor.holder or 0)
    shown = texts.card(kept.id, kept.state, refs, say.button)
    return shown if kept.state.finished or holder is None else replace(shown, notify=(holder,))


async def on_left(session: AsyncSession, group: Group, member: Member, now: datetime) -> None:
    """Whoever leaves gives the floor on, and no Back of an ended round returns it to them."""
    kept = await find_last(session, group)
    if kept is None:
        return
    state = leave_round(kept.state, member.id)
    if state != kept.state:
        by = None if state.version != kept.state.version else kept.by
        await keep(session, group, kept, state, by, now)


async def _in_meeting(ctx: Context, word: str) -> Answer:
    """While a meeting runs and no round of its own does, a typed step is one of the meeting."""
    if ctx.events.turn is None or await find_running(ctx.session, ctx.group, lock=False):
        return None
    return await ctx.events.turn(ctx, word)


async def _running(ctx: Context, *, lock: bool = True) -> Kept:
    kept = await find_running(ctx.session, ctx.group, lock=lock)
    if kept is None:
        raise NotFound(texts.NO_ROUND)
    return kept


async def _newest(ctx: Context, number: int) -> Kept:
    """The round of a card that was pressed, unless a newer one has begun."""
    last = await find_last(ctx.session, ctx.group)
    if last is None:
        raise NotFound(texts.NO_ROUND)
    if last.id != number:
        raise Conflict(texts.NEWER)
    return last


async def _typed(ctx: Context, kept: Kept, word: str) -> Reply:
    """A typed step acts on the round as it is now."""
    after = await _step(ctx, kept, word)
    return texts.stepped(after.state, await find_refs(ctx.session, ctx.group, after))


async def _pressed(ctx: Context, number: int, version: int, word: str) -> Answer:
    """A press acts on the version it was made on, or says what has happened since."""
    kept = await _newest(ctx, number)
    if version == kept.state.version:
        await _step(ctx, kept, word)
        return OnCard(card_key(kept.id))
    # Whoever made the last step themselves has only pressed twice if it was by the same word.
    other_step = kept.by == ctx.member.id and kept.state.word != word
    if version == kept.state.version - 1 and not other_step:
        refs = await find_refs(ctx.session, ctx.group, kept)
        raise Conflict(texts.faster(kept.state, refs, kept.by, ctx.member.id))
    return Refusal(await _shown(ctx, kept, texts.OUTDATED))


async def _step(ctx: Context, kept: Kept, word: str) -> Kept:
    state = MOVES[word](kept.state)
    if state == kept.state:
        raise Conflict(texts.NOTHING_BEFORE if word == "back" else texts.OVER)
    state = replace(state, word=word)
    await keep(ctx.session, ctx.group, kept, state, ctx.member.id, ctx.now)
    return Kept(kept.id, state, ctx.member.id, kept.spoke)


async def _join(ctx: Context, kept: Kept) -> Reply | None:
    """Put the person at the end; `None` once the card shows it."""
    state = join_round(kept.state, ctx.member.id)
    if kept.state.finished:
        raise Conflict(texts.OVER)
    if state == kept.state:
        return texts.there_already(state, ctx.member.id)
    await keep(ctx.session, ctx.group, kept, state, kept.by, ctx.now)
    return None


async def _shown(ctx: Context, kept: Kept, before: Text | None = None) -> Reply:
    """The card as it is now, for one person."""
    refs = await find_refs(ctx.session, ctx.group, kept)
    return texts.card(kept.id, kept.state, refs, ctx.button, before)
