"""The steps of a running meeting: what is pressed on its card, and the same typed.

Of all presses of a step on one version of the card the first takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from bot.chat.commands import Commands
from bot.chat.replies import Answer, OnCard, Refusal, Reply, Text
from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.live import card, texts
from bot.live.clock import more_time, pause, resume
from bot.live.following import go_on
from bot.live.kept import Kept, find_live, pressed_key
from bot.live.people import join, leave, lower_hand, raise_hand
from bot.live.private_texts import SITTING_OUT
from bot.live.rules import ask, back, call_next_hand, is_free, next_step, on, pass_floor
from bot.live.showing import read_shown, show, stamp
from bot.live.state import LiveState, clock_ends, sits_out

COMMANDS = Commands()

MORE = 5
"""Minutes that More time gives."""

Move = Callable[[LiveState, datetime], LiveState]


def _more(state: LiveState, now: datetime) -> LiveState:
    return more_time(state, MORE, now)


MOVES: Mapping[str, tuple[Move, Text]] = {
    "next": (next_step, texts.ALL_OVER),
    "on": (on, texts.ALL_OVER),
    "back": (back, texts.NOTHING_BEFORE),
    "more": (_more, texts.NO_CLOCK),
    "pause": (pause, texts.PAUSED_ALREADY),
    "resume": (resume, texts.RUNS_ALREADY),
    "pass": (pass_floor, texts.NOTHING_TO_PASS),
    "ask": (ask, texts.NOBODY_ASKS),
    "call": (call_next_hand, texts.NO_MORE_HANDS),
}
"""The steps of the card, each with what is said where it changes nothing."""

Step: TypeAlias = Literal[
    "next",
    "next phase",
    "back",
    "more time",
    "pause",
    "go on",
    "pass",
    "asked",
    "next hand",
    "raise hand",
    "join",
    "leave",
]

TYPED = {
    "next phase": "on",
    "more time": "more",
    "go on": "resume",
    "asked": "ask",
    "next hand": "call",
}
"""What typed steps are called in the ids of buttons, where that is something else."""


@COMMANDS.command("meeting now", writes=False)
async def now(ctx: Context) -> Answer:
    """Where the running meeting is, with its buttons"""
    return await show(ctx, await running(ctx, lock=False))


@COMMANDS.command("meeting step", title="The running meeting", writes=True, form=("step",))
async def step(
    ctx: Context, step: Annotated[Step, "What to press on the meeting's card"]
) -> Answer:
    """Press a button of the running meeting's card"""
    return await typed_step(ctx, TYPED.get(step, step))


async def typed_step(ctx: Context, word: str) -> Answer:
    """A typed step acts on the meeting as it is now."""
    kept = await running(ctx)
    if word == "join":
        return await _join(ctx, kept)
    if word == "leave":
        return await _leave(ctx, kept)
    if word == "raise hand":
        return await _hand(ctx, kept)
    if stopped := _stopped(ctx, kept):
        return stopped
    after = await _move(ctx, kept, word)
    shown = await read_shown(ctx, after)
    return Reply(texts.stepped(card.now(shown)))


async def turn(ctx: Context, word: str) -> Answer:
    """What `/turn …` does while a meeting runs and no speaking round of its own does."""
    if ctx.group.live_id is None:
        return None
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=word != "list")
    if kept is None:
        return None
    return await show(ctx, kept) if word == "list" else await typed_step(ctx, word)


@COMMANDS.action("live.step")
async def press_step(ctx: Context, meeting: int, version: int, word: str) -> Answer:
    """A press acts on the version it was made on, or says what has happened since."""
    kept = await pressed(ctx, meeting)
    if word not in MOVES:
        raise Conflict(texts.OUTDATED)
    if stopped := _stopped(ctx, kept):
        return stopped
    if version != kept.state.version:
        return await outdated(ctx, kept, word, just_now=version == kept.state.version - 1)
    after = await _move(ctx, kept, word)
    if after.state.finished:
        return _asks_to_end(ctx, after)
    key = pressed_key(kept, after)
    return OnCard(key) if key is not None else None


@COMMANDS.action("live.up")
async def press_up(ctx: Context, meeting: int, ends: int, word: str) -> Answer:
    """More time, or on, asked at the end of a phase: that holds while the phase is the same."""
    kept = await pressed(ctx, meeting)
    if stopped := _stopped(ctx, kept):
        return stopped
    clock = clock_ends(kept.state)
    if clock is None or stamp(kept, clock) != ends or word not in ("more", "on"):
        return await outdated(ctx, kept, word, just_now=True)
    after = await _move(ctx, kept, word)
    return _asks_to_end(ctx, after) if after.state.finished else None


@COMMANDS.action("live.join")
async def press_join(ctx: Context, meeting: int) -> Answer:
    """Join at the end: that holds on any version of the card."""
    return await _join(ctx, await pressed(ctx, meeting))


@COMMANDS.action("live.leave")
async def press_leave(ctx: Context, meeting: int) -> Answer:
    """Leave the meeting before its end."""
    return await _leave(ctx, await pressed(ctx, meeting))


@COMMANDS.action("live.hand")
async def press_hand(ctx: Context, meeting: int) -> Answer:
    """Raise one's hand, or take it down again; whoever was not there yet is now."""
    return await _hand(ctx, await pressed(ctx, meeting))


async def running(ctx: Context, *, lock: bool = True) -> Kept:
    """The meeting that runs."""
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=lock)
    if kept is None:
        raise NotFound(texts.NOT_BEGUN)
    return kept


async def pressed(ctx: Context, meeting: int, *, lock: bool = True) -> Kept:
    """The meeting of a card that was pressed, unless that is over."""
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=lock)
    if kept is None or kept.meeting.id != meeting:
        raise Conflict(texts.OTHER_MEETING)
    return kept


async def outdated(ctx: Context, kept: Kept, word: str, *, just_now: bool) -> Answer:
    """A card that is no longer current: who was faster, or where the meeting is now.

    Whoever made the last step themselves has only pressed twice if it was by the same word.
    """
    other_step = kept.by == ctx.member.id and kept.state.word != word
    if not just_now or other_step:
        return Refusal(await show(ctx, kept, texts.OUTDATED))
    shown = await read_shown(ctx, kept)
    by = shown.people.get(kept.by or 0)
    raise Conflict(texts.faster(by, ctx.member.id, card.now(shown)))


async def _move(ctx: Context, kept: Kept, word: str) -> Kept:
    move, otherwise = MOVES[word]
    state = move(kept.state, ctx.now)
    if state == kept.state:
        raise Conflict(otherwise)
    return await kept_by(ctx, kept, state, word)


async def kept_by(ctx: Context, kept: Kept, state: LiveState, word: str | None = None) -> Kept:
    """Write a state that whoever asks has brought about; a step of the card counts as theirs."""
    by = kept.by
    if state.version != kept.state.version:
        by, state = ctx.member.id, replace(state, word=word)
    return await go_on(ctx.session, ctx.group, kept, state, (by, ctx.now), ctx.formats)


async def _join(ctx: Context, kept: Kept) -> Reply:
    """Put the person at the end of the order."""
    if ctx.member.id in kept.state.present:
        return Reply(texts.HERE_ALREADY)
    await kept_by(ctx, kept, join(kept.state, ctx.member.id))
    return Reply(texts.JOINED)


async def _leave(ctx: Context, kept: Kept) -> Reply:
    if ctx.member.id not in kept.state.present:
        raise Conflict(texts.NOT_HERE)
    await kept_by(ctx, kept, leave(kept.state, ctx.member.id))
    return Reply(texts.LEFT, buttons=(ctx.button("Join", "live.join", kept.meeting.id),))


async def _hand(ctx: Context, kept: Kept) -> Reply:
    state, member = join(kept.state, ctx.member.id), ctx.member.id
    if member in state.hands:
        await kept_by(ctx, kept, lower_hand(state, member))
        return Reply(texts.HAND_DOWN)
    raised = raise_hand(state, member)
    if raised == state:
        raise Conflict(_why_no_hand(state, member))
    await kept_by(ctx, kept, raised)
    return Reply(texts.HAND_UP)


def _why_no_hand(state: LiveState, member: int) -> Text:
    if not is_free(state):
        return texts.NO_HANDS
    holds = state.floor is not None and state.floor.holder == member
    return texts.YOU_SPEAK if holds else texts.NO_HAND_FOR_YOU


def _stopped(ctx: Context, kept: Kept) -> Refusal | None:
    """Who is not in the meeting changes nothing in it, nor who sits out the case that is open."""
    if ctx.member.id not in kept.state.present:
        return _not_here(ctx, kept)
    return Refusal(Reply(SITTING_OUT)) if sits_out(kept.state, ctx.member.id) else None


def _not_here(ctx: Context, kept: Kept) -> Refusal:
    join_ = ctx.button("Join", "live.join", kept.meeting.id, style="primary")
    return Refusal(Reply(texts.NOT_HERE, buttons=(join_,)))


def _asks_to_end(ctx: Context, kept: Kept) -> Reply:
    end = ctx.button("End", "meeting.end", kept.meeting.id, style="primary")
    return Reply(texts.ALL_OVER, buttons=(end,))
