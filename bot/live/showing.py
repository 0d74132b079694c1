"""Showing a running meeting: its card, in the channel and in private, and its time-up posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Button, Reply, Text, lines
from bot.context import Composed, Composing, Context, InRoom
from bot.formats.choosing import suggest
from bot.live import private_texts, texts
from bot.live.card import card, in_room, minutes_of, over
from bot.live.closing_card import read_close
from bot.live.dealing import card_of
from bot.live.kept import TIME_UP, Item, Kept, find_meeting, read_items
from bot.live.people import facilitator
from bot.live.rooms import find_room, stands_in_old_room
from bot.live.shown import Shown
from bot.live.state import clock_ends, sits_out
from bot.queue.reading import read_queue
from bot.schedule.coming import active_members
from bot.store.tables import Group, Meeting

COMMANDS = Commands()

FEW = 2
"""With so few there, something shorter than usual is suggested."""


async def read_shown(say: Context | Composing, kept: Kept) -> Shown:
    """A running meeting with the people its card names, and what helps where many are missing."""
    session, group = say.session, say.group
    people = {item.member.id: item.member for item in kept.items}
    people |= {member.id: member for member in await active_members(session, group)}
    state, segment = kept.state, kept.state.segment
    missing = not state.opened and segment and segment.presenter not in state.present
    standby = bool(missing and await find_queued(session, group, kept))
    few = not state.opened and len(state.present) <= FEW
    advice = suggest(say.formats, len(state.present), minutes_of(segment)) if few else None
    close = await read_close(session, group, kept, people)
    return Shown(group, kept, people, standby, advice, close)


async def find_queued(session: AsyncSession, group: Group, kept: Kept) -> list[Item]:
    """What waits in the queue and could be heard today, in its fair order."""
    known = {segment.case_id for segment in kept.state.segments}
    known |= {item.case.id for item in kept.items if item.outcome is not None}
    places = await read_queue(session, group, kept.meeting)
    waiting = [p for p in places if p.on_offer and p.case.id not in known]
    return [Item(p.case, p.member, None, False) for p in waiting]


async def show(ctx: Context, kept: Kept, before: Text | None = None) -> Reply:
    """The card as it is now, for one person, with what is for them alone."""
    if sits_out(kept.state, ctx.member.id):
        return Reply(private_texts.SITTING_OUT)
    alone = (before, *_alone(ctx, kept))
    shown = card(await read_shown(ctx, kept), ctx.button, lines(*alone) if any(alone) else None)
    state, meeting, more = kept.state, kept.meeting.id, list[Button]()
    if state.floor is not None:
        more.append(ctx.button("Next phase", "live.step", meeting, state.version, "on"))
    if ctx.member.id in state.present:
        more.append(ctx.button("Leave", "live.leave", meeting))
    return replace(shown, buttons=(*shown.buttons, *more))


def _alone(ctx: Context, kept: Kept) -> Iterator[Text]:
    """A facilitator's line, and the card that somebody was dealt."""
    fitted, held = kept.state.fitted, card_of(kept.state, ctx.formats, ctx.member.id)
    guides = kept.state.running and facilitator(kept.state) == ctx.member.id
    if guides and fitted is not None and fitted.phase.aside:
        yield private_texts.aside(fitted.phase)
    if held is not None:
        yield private_texts.perspective(held)


@COMMANDS.post("begun")
async def begun(say: Composing) -> Composed:
    """The card of a running meeting; once it has ended, what became of its cases."""
    meeting = await _meeting(say)
    if meeting is None:
        return None
    kept = await find_meeting(say.session, say.group, meeting.id, say.now)
    if kept is not None:
        shown = await read_shown(say, kept)
        if kept.state.room is not None:
            return in_room(shown, say.button)
        return card(shown, say.button)
    items = await read_items(say.session, say.group, meeting)
    return over(meeting, items)


@COMMANDS.post(TIME_UP)
async def time_up(say: Composing) -> Composed:
    """A phase's time is over: more time, or on? Said once for a phase, and only while it runs."""
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    fitted = kept.state.fitted if kept else None
    if kept is None or fitted is None or clock_ends(kept.state) != say.post.due_at:
        current = kept.state.room if kept else None
        gone = await stands_in_old_room(say.session, say.group, say.post, current)
        return None if gone or say.post.message is None else Reply(texts.WENT_ON)
    phase = (kept.meeting.id, stamp(kept, say.post.due_at))
    reply = Reply(
        texts.time_is_up(fitted.phase.name),
        buttons=(
            say.button("More time", "live.up", *phase, "more"),
            say.button("Next phase", "live.up", *phase, "on", style="primary"),
        ),
    )
    room = await find_room(say.session, say.group, kept)
    return reply if room is None else InRoom(reply, room)


def stamp(kept: Kept, ends: datetime) -> int:
    """The end of a phase in milliseconds, by which a button knows the phase it was made for."""
    begun = kept.meeting.begun_at or ends
    return (ends - begun) // timedelta(milliseconds=1)


async def _meeting(say: Composing) -> Meeting | None:
    found = await say.session.scalars(
        select(Meeting).where(
            Meeting.group_id == say.group.id, Meeting.id == (say.post.meeting_id or 0)
        )
    )
    return found.one_or_none()
