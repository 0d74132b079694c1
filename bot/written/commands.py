"""Opening a case in writing, moving it on, taking a step or the whole case back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.options import Grammar, Most, Suggest
from bot.chat.replies import Answer, Choice, Refusal, Reply, Text
from bot.context import Context
from bot.errors import Conflict, NotAllowed, NotFound
from bot.formats.choosing import choices, find_named
from bot.formats.model import Format
from bot.queue.finding import choose_from, find_own, get_own_waiting, which_of
from bot.queue.presenting import refresh_queue
from bot.queue.recusing import marked_by
from bot.queue.texts import NONE_OF_MINE, no_longer_waiting
from bot.store.outbox import Draft, insert_once
from bot.store.tables import AgendaItem, Case, Member
from bot.store.written_tables import WrittenCase
from bot.written import texts
from bot.written.composers import shown
from bot.written.kept import Kept, card_key, find_running, find_written, turn_case
from bot.written.rules import as_data, days_later, first_nudge, last_moment, phase_end
from bot.written.stepping import CARD, forward, stop, take_back

COMMANDS = Commands()

USUAL = "async_case"
"""The format of a case in writing for which none was chosen."""


@COMMANDS.command("case write", writes=True)
async def write(
    ctx: Context,
    case: Annotated[
        str, "the code of your case, such as KXRT", Suggest("case-to-write"), Grammar("code")
    ] = "",
    format: Annotated[
        str, "a format in days, by its name", Suggest("days-format"), Most(60), Grammar("format")
    ] = "",
) -> Answer:
    """Work through a case of yours in writing, over days; or see the one that is open"""
    running = await find_running(ctx.session, ctx.group)
    if running is not None:
        again = await _shown(ctx, running, texts.RUNNING if case else None)
        return Refusal(again) if case else again
    if ctx.group.state == "paused":
        raise Conflict(texts.PAUSED)
    chosen = _get_format(ctx, format)
    if not case:
        return which_of(ctx, await _get_to_write(ctx), "case write", texts.WHICH)
    return await _open(ctx, await get_own_waiting(ctx, case), chosen)


@COMMANDS.suggest("case-to-write")
async def cases(ctx: Context, text: str) -> list[Choice]:
    """One's own cases that can be worked through in writing."""
    return choose_from(await _find_to_write(ctx), text)


async def _find_to_write(ctx: Context) -> list[Case]:
    """Those that wait, but for what the meeting that runs is to hear."""
    own = [case for case in await find_own(ctx) if case.state == "waiting"]
    taken = await _on_agenda(ctx, own)
    return [case for case in own if case.id not in taken]


async def _get_to_write(ctx: Context) -> list[Case]:
    if found := await _find_to_write(ctx):
        return found
    own = await find_own(ctx)
    if any(case.state == "waiting" for case in own):
        raise Conflict(texts.ON_AGENDA)
    raise Conflict(no_longer_waiting(own[0])) if own else NotFound(NONE_OF_MINE)


@COMMANDS.suggest("days-format")
async def formats(ctx: Context, text: str) -> list[Choice]:
    """The formats in days, each with what it is good for."""
    return choices(_in_days(ctx), text)


def _in_days(ctx: Context) -> list[Format]:
    found = [found for found in ctx.formats if found.unit == "days"]
    return sorted(found, key=lambda one: one.id != USUAL)


def _get_format(ctx: Context, typed: str) -> Format:
    known = _in_days(ctx)
    if not known:
        raise NotFound(texts.NONE_IN_DAYS)
    found = find_named(known, typed) if typed else known[0]
    if found is None:
        raise NotFound(texts.no_such_format(typed, known), option="format")
    return found


async def _open(ctx: Context, case: Case, format: Format) -> Answer:
    if await _on_agenda(ctx, [case]):
        raise Conflict(texts.ON_AGENDA, option="case")
    if not await turn_case(ctx.session, ctx.group, case, "waiting", "writing"):
        raise Conflict(no_longer_waiting(case), option="case")
    last = last_moment(ctx.now, ctx.group.zone)
    ends = phase_end(ctx.now, format.phases[0], last, ctx.group.zone)
    made = await insert_once(
        ctx.session,
        WrittenCase,
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        case_id=case.id,
        member_id=ctx.member.id,
        phases=as_data(format),
        by_id=ctx.member.id,
        state="open",
        began_at=ctx.now,
        ends_at=ends,
        last_at=last,
        nudge_at=first_nudge(ctx.now, ends),
    )
    kept = await find_running(ctx.session, ctx.group)
    if not made or kept is None:
        raise Conflict(texts.ANOTHER_RUNS)
    await ctx.enqueue(Draft(card_key(kept.row), CARD, ctx.now, subject=kept.id))
    await refresh_queue(ctx.session, ctx.group, ctx.now)
    until = days_later(ctx.now, format.length, ctx.group.zone)
    return Reply(
        texts.started(case, format, until),
        buttons=(
            ctx.button("Write", "written.write", kept.id, kept.row.version, style="primary"),
            ctx.button("Take it back", "written.stop", kept.id),
        ),
    )


async def _on_agenda(ctx: Context, cases: Iterable[Case]) -> frozenset[int]:
    """Which of these the meeting that runs is to hear."""
    found = await ctx.session.scalars(
        select(AgendaItem.case_id).where(
            AgendaItem.group_id == ctx.group.id,
            AgendaItem.meeting_id == (ctx.group.live_id or 0),
            AgendaItem.case_id.in_([case.id for case in cases]),
            AgendaItem.outcome.is_(None),
        )
    )
    return frozenset(found)


@COMMANDS.action("written.show", writes=False)
async def show(ctx: Context, number: int) -> Answer:
    """The card that counts now, for somebody who pressed an older one."""
    return await _shown(ctx, await get_open(ctx, number))


@COMMANDS.action("written.next")
async def press_next(ctx: Context, number: int, version: int) -> Answer:
    """On to the next phase: any member may."""
    kept = await _current(ctx, number, version, "next")
    if isinstance(kept, Refusal):
        return kept
    if not kept.is_open:
        raise Conflict(texts.OVER)
    await forward(ctx.session, ctx.group, kept, ctx.member.id, ctx.now)
    return None


@COMMANDS.action("written.back")
async def press_back(ctx: Context, number: int, version: int) -> Answer:
    """Back to the phase before, or into a case that is over."""
    kept = await _current(ctx, number, version, "back")
    if isinstance(kept, Refusal):
        return kept
    await take_back(ctx.session, ctx.group, kept, ctx.member.id, ctx.now)
    return None


@COMMANDS.action("written.stop")
async def press_stop(ctx: Context, number: int) -> Answer:
    """The presenter takes the case back."""
    kept = await get_open(ctx, number, lock=True)
    if kept.presenter.id != ctx.member.id:
        raise NotAllowed(texts.NOT_YOURS)
    await stop(ctx.session, ctx.group, kept, ctx.now)
    return Reply(texts.STOPPED)


async def check_takes_part(ctx: Context, kept: Kept) -> None:
    """Whoever sits a case out is shown nothing of it, in writing either."""
    if kept.case.id in await marked_by(ctx.session, ctx.group, ctx.member):
        raise Conflict(texts.SITTING_OUT)


async def get_open(ctx: Context, number: int, *, lock: bool = False) -> Kept:
    """The case with this number, while it is being worked through."""
    kept = await find_written(ctx.session, ctx.group, number, lock=lock)
    if kept is None or not kept.is_open:
        raise Conflict(texts.OVER)
    return kept


async def _current(ctx: Context, number: int, version: int, word: str) -> Kept | Refusal:
    """The case as it was on the card that was pressed, or what has happened since."""
    if ctx.group.state == "paused":
        raise Conflict(texts.PAUSED)
    kept = await find_written(ctx.session, ctx.group, number, lock=True)
    if kept is None:
        raise Conflict(texts.OVER)
    await check_takes_part(ctx, kept)
    if version == kept.row.version:
        return kept
    by = kept.row.by_id
    # Whoever made the last step themselves has only pressed twice if it was by the same word.
    other_step = by == ctx.member.id and kept.row.word != word
    if version == kept.row.version - 1 and not other_step:
        ref = await ctx.session.scalar(
            select(Member.ref).where(Member.group_id == ctx.group.id, Member.id == by)
        )
        raise Conflict(texts.faster(ref, kept, mine=by == ctx.member.id))
    if not kept.is_open:
        raise Conflict(texts.OVER)
    return Refusal(await _shown(ctx, kept, texts.OUTDATED))


async def _shown(ctx: Context, kept: Kept, before: Text | None = None) -> Reply:
    """The card for one person; whoever presents the case can take it back there."""
    await check_takes_part(ctx, kept)
    card = await shown(ctx, kept, before)
    if kept.presenter.id != ctx.member.id:
        return Reply(card.text, card.title, card.fields, card.buttons)
    stop_it = ctx.button("Take it back", "written.stop", kept.id)
    return Reply(card.text, card.title, card.fields, (*card.buttons, stop_it))
