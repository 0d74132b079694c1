"""Changing what is still to come while a meeting runs, from a private panel that anybody has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import delete, update

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Button, Reply, Text, at, lines
from bot.context import Context
from bot.errors import Conflict
from bot.live import agenda_texts as texts
from bot.live.agenda import add_case, drop_case, reorder
from bot.live.commands import kept_by, pressed
from bot.live.kept import Item, Kept, find_live
from bot.live.planning import refit, slot_for
from bot.live.segments import segments_of
from bot.live.showing import find_queued
from bot.live.state import LiveState, cases_to_come, is_to_come
from bot.queue.reading import read_agenda
from bot.queue.recusing import read_marks
from bot.queue.texts import agenda_lines
from bot.schedule.asking import current
from bot.store.outbox import insert_once
from bot.store.tables import AgendaItem, Case, Meeting

COMMANDS = Commands()

OFFERED = 3
"""So many cases of the queue are offered to be added."""

LAST = 1_000
"""A place behind all cases."""


@COMMANDS.command("meeting agenda", writes=False)
async def show_agenda(ctx: Context) -> Answer:
    """Show what the next meeting hears; while one runs, change what is to come"""
    meeting = await current(ctx)
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=False)
    if kept is not None and kept.meeting.id == meeting.id:
        return await _panel(ctx, kept)
    planned = await read_agenda(ctx.session, ctx.group, meeting)
    return Reply(
        lines(Text("{when}", when=at(meeting.starts_at)), agenda_lines(planned)),
        title=Text("Agenda"),
        buttons=(ctx.command_button("Add a case", "case add", "primary"),),
    )


@COMMANDS.action("live.agenda", writes=False)
async def press_agenda(ctx: Context, meeting: int) -> Answer:
    """The panel, from the card."""
    return await _panel(ctx, await pressed(ctx, meeting, lock=False))


@COMMANDS.action("live.add")
async def add(ctx: Context, meeting: int, case: int) -> Answer:
    """Bring a case of the queue into the meeting, as its last."""
    kept = await pressed(ctx, meeting)
    found = next(
        (one for one in await find_queued(ctx.session, ctx.group, kept) if one.case.id == case),
        None,
    )
    if found is None:
        raise Conflict(texts.NOT_WAITING)
    return await _added(ctx, kept, found, LAST)


@COMMANDS.action("live.drop")
async def drop(ctx: Context, meeting: int, case: int) -> Answer:
    """Let a case wait for another meeting; only before it opens."""
    kept = await pressed(ctx, meeting)
    item = _to_come(kept, case)
    state = drop_case(kept.state, case, ctx.now)
    await take_off(ctx, kept.meeting, [case])
    await kept_by(ctx, kept, refit(ctx, kept, state))
    return await _panel(ctx, await pressed(ctx, meeting), texts.dropped(item.case))


@COMMANDS.action("live.first")
async def first(ctx: Context, meeting: int, case: int) -> Answer:
    """Let a case be the next; only before it opens."""
    kept = await pressed(ctx, meeting)
    item = _to_come(kept, case)
    state = reorder(kept.state, [case], ctx.now)
    if state != kept.state:
        await kept_by(ctx, kept, state)
        await _number(ctx, kept, state)
    return await _panel(ctx, await pressed(ctx, meeting), texts.comes_next(item.case))


@COMMANDS.action("live.standby")
async def standby(ctx: Context, meeting: int, case: int) -> Answer:
    """Let the case that is next in the queue take the place of one whose presenter is missing."""
    kept = await pressed(ctx, meeting)
    item = _to_come(kept, case)
    found = next(iter(await find_queued(ctx.session, ctx.group, kept)), None)
    if found is None:
        raise Conflict(texts.NO_STANDBY)
    place = cases_to_come(kept.state).index(item.case.id)
    await take_off(ctx, kept.meeting, [item.case.id])
    return await _added(ctx, kept, found, place, instead_of=item)


@COMMANDS.action("live.format")
async def use_format(ctx: Context, meeting: int, case: int, format_id: str) -> Answer:
    """Work through a case in another format; only before it opens."""
    kept = await pressed(ctx, meeting)
    item, found = _to_come(kept, case), ctx.formats.find(format_id)
    if found is None or found.unit != "minutes":
        raise Conflict(texts.NO_FORMAT)
    item.case.format_id = found.id
    await kept_by(ctx, kept, refit(ctx, kept, kept.state))
    return Reply(texts.in_format(item.case, found.name))


async def check_not_open(ctx: Context, case: Case) -> None:
    """A case that is being heard stays: the group would go on without knowing with what."""
    kept = await find_live(ctx.session, ctx.group, ctx.now, lock=False)
    here = kept.state.segment if kept else None
    if kept is not None and here is not None and here.case_id == case.id and kept.state.opened:
        raise Conflict(texts.BEING_HEARD)


async def follow_format(ctx: Context, case: Case | None) -> None:
    """Let the running meeting follow another format, which a case that has opened does not."""
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is None:
        return
    if case is not None and kept.item(case.id) is not None:
        _to_come(kept, case.id)
    state = refit(ctx, kept, kept.state)
    if state != kept.state:
        await kept_by(ctx, kept, state)


def _to_come(kept: Kept, case: int) -> Item:
    item = kept.item(case)
    if item is None or not is_to_come(kept.state, case):
        raise Conflict(texts.NOT_TO_COME)
    return item


async def _added(
    ctx: Context, kept: Kept, new: Item, place: int, instead_of: Item | None = None
) -> Answer:
    slot = slot_for(ctx, new.case, new.case.minutes, len(kept.state.present))
    marks = await read_marks(ctx.session, ctx.group)
    slot = replace(slot, recused=marks.get(new.case.id, frozenset()))
    state = add_case(kept.state, segments_of(slot, kept.state.present), place, ctx.now)
    if state == kept.state:
        raise Conflict(texts.CLOSING)
    if instead_of is not None:
        state = drop_case(state, instead_of.case.id, ctx.now)
    await insert_once(
        ctx.session,
        AgendaItem,
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        meeting_id=kept.meeting.id,
        case_id=new.case.id,
        member_id=new.member.id,
        position=len(kept.items),
    )
    await kept_by(ctx, kept, refit(ctx, kept, state, new.case))
    after = await pressed(ctx, kept.meeting.id)
    await _number(ctx, after, after.state)
    return await _panel(ctx, after, texts.added(new.case, new.member))


async def take_off(ctx: Context, meeting: Meeting, cases: Sequence[int]) -> None:
    """Take cases off the agenda of a meeting: they wait on in the queue."""
    if cases:
        await ctx.session.execute(
            delete(AgendaItem).where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == meeting.id,
                AgendaItem.case_id.in_(cases),
            )
        )


async def _number(ctx: Context, kept: Kept, state: LiveState) -> None:
    """Write down the order of the cases: it is that in which they are heard and remembered."""
    coming = cases_to_come(state)
    begun = [item.case.id for item in kept.items if item.case.id not in coming]
    for position, case in enumerate((*begun, *coming)):
        await ctx.session.execute(
            update(AgendaItem)
            .where(
                AgendaItem.group_id == ctx.group.id,
                AgendaItem.meeting_id == kept.meeting.id,
                AgendaItem.case_id == case,
            )
            .values(position=position)
            .execution_options(synchronize_session=False)
        )


async def _panel(ctx: Context, kept: Kept, before: Text | None = None) -> Reply:
    """What is to come, with what can be done about it."""
    coming = [item for n in cases_to_come(kept.state) if (item := kept.item(n)) is not None]
    queued = (await find_queued(ctx.session, ctx.group, kept))[:OFFERED]
    now = kept.item(kept.state.segment.case_id) if kept.state.segment else None
    words = texts.Panel(now if now not in coming else None, coming, queued)
    buttons = [*_buttons(ctx, kept.meeting.id, words), ctx.command_button("New case", "case add")]
    return Reply(
        lines(before, texts.panel(words, kept.state)), title=Text("Agenda"), buttons=tuple(buttons)
    )


def _buttons(ctx: Context, meeting: int, panel: texts.Panel) -> Iterator[Button]:
    if panel.now is not None and panel.now.outcome is None:
        heard = (meeting, panel.now.case.id)
        yield ctx.button("Done", "meeting.heard", *heard, "done", style="primary")
        yield ctx.button("Not reached", "meeting.heard", *heard, "not")
    for place, item in enumerate(panel.coming):
        case, code = item.case.id, item.case.code
        if place:
            yield ctx.button(f"{code} next", "live.first", meeting, case)
        yield ctx.button(f"Drop {code}", "live.drop", meeting, case)
        if place == 0 and panel.queued:
            yield ctx.button(f"Standby for {code}", "live.standby", meeting, case)
    for item in panel.coming:
        if item.member.id == ctx.member.id:
            code = item.case.code
            label = f"Facilitator of {code}"
            yield ctx.command_button(label, "meeting facilitator", case=code)
    if any(item.member.id != ctx.member.id for item in (*panel.coming, *panel.queued)):
        yield ctx.button("I may know someone", "case.recusals")
    for item in panel.queued:
        yield ctx.button(f"Add {item.case.code}", "live.add", meeting, item.case.id)
