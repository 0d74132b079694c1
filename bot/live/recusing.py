"""Sitting out a case because one may know the person: marked in private, and kept from others."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.options import Grammar, Suggest
from bot.chat.replies import Answer, Button, Reply
from bot.context import Composed, Composing, Context
from bot.errors import Conflict, NotFound
from bot.live import private_texts as texts
from bot.live.commands import kept_by
from bot.live.following import OVER
from bot.live.kept import Kept, find_live, find_meeting
from bot.live.people import recuse, take_part_again
from bot.live.planning import refit
from bot.live.state import LiveState, cases_over, is_to_come
from bot.queue.reading import read_coming
from bot.queue.recusing import mark, marked_by, unmark
from bot.store.tables import Case, Member

COMMANDS = Commands()

MOST_ROWS = 8
"""How many cases get a button each."""


@COMMANDS.command("case recuse", writes=True)
async def sit_out(
    ctx: Context,
    case: Annotated[
        str, "the code of the case; without one you see them", Suggest("case"), Grammar("code")
    ] = "",
) -> Answer:
    """Sit out a case because you may know the person; nobody is told"""
    return await _mark(ctx, case) if case.strip() else await _list(ctx)


@COMMANDS.action("case.recuse")
async def press_sit_out(ctx: Context, code: str) -> Answer:
    """I may know this person."""
    return await _mark(ctx, code)


@COMMANDS.action("case.recusals", writes=False)
async def press_list(ctx: Context) -> Answer:
    """Which cases there are to sit out."""
    return await _list(ctx)


@COMMANDS.action("case.partake")
async def partake(ctx: Context, code: str) -> Answer:
    """Take part after all: only before the case opens, for then they would have missed some."""
    case, _ = await _get(ctx, code)
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is not None and _is_open(kept, case):
        raise Conflict(texts.HEARD_OPENING)
    await unmark(ctx.session, ctx.group, case, ctx.member)
    if kept is not None:
        await _write(ctx, kept, _back_in(ctx, kept, case))
    return Reply(texts.takes_part(case))


def _back_in(ctx: Context, kept: Kept, case: Case) -> LiveState:
    """With them again; where each presents something, they get their part of the time back."""
    state = take_part_again(kept.state, case.id, ctx.member.id)
    found = {s.format_id for s in state.segments if s.case_id == case.id}
    per_person = any(f.id in found and f.per == "person" for f in ctx.formats)
    return refit(ctx, kept, state) if per_person and state != kept.state else state


async def _mark(ctx: Context, code: str) -> Answer:
    case, owner = await _get(ctx, code)
    if owner.id == ctx.member.id:
        raise Conflict(texts.YOUR_OWN, option="case")
    kept = await find_live(ctx.session, ctx.group, ctx.now)
    if kept is not None and _is_open(kept, case):
        leave = ctx.button("Leave", "live.leave", kept.meeting.id)
        return Reply(texts.OPEN_ALREADY, buttons=(leave,))
    await mark(ctx.session, ctx.group, case, ctx.member)
    if kept is not None:
        await _write(ctx, kept, recuse(kept.state, case.id, ctx.member.id))
    undo = ctx.button("Undo", "case.partake", case.code)
    if case.state == "writing":
        return Reply(texts.recused_in_writing(case), buttons=(undo,))
    return Reply(texts.recused(case, ctx.person.private, ctx.group.room), buttons=(undo,))


async def _write(ctx: Context, kept: Kept, state: LiveState) -> None:
    if state != kept.state:
        await kept_by(ctx, kept, state)


def _is_open(kept: Kept, case: Case) -> bool:
    """Whether the meeting has opened the case, and so shown its question."""
    known = any(segment.case_id == case.id for segment in kept.state.segments)
    return known and not is_to_come(kept.state, case.id)


async def _get(ctx: Context, typed: str) -> tuple[Case, Member]:
    first = typed.split()[:1]
    code = first[0].strip("#().,:").upper() if first else ""
    row = (
        await ctx.session.execute(
            select(Case, Member)
            .join(Member, Member.id == Case.member_id)
            .where(Case.group_id == ctx.group.id, Case.code == code)
            .where(Case.state.in_(("waiting", "writing")))
        )
    ).one_or_none()
    if row is None:
        raise NotFound(texts.NO_SUCH_CASE, option="case")
    case, owner = row
    return case, owner


async def _list(ctx: Context) -> Reply:
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    out = await marked_by(ctx.session, ctx.group, ctx.member)
    others = [place for place in coming.places if place.member.id != ctx.member.id][:MOST_ROWS]
    if not others:
        return Reply(texts.NO_CASES)
    return Reply(
        texts.which_to_sit_out((p.case, p.member, p.case.id in out) for p in others),
        buttons=tuple(_button(ctx, p.case, p.case.id in out) for p in others),
    )


def _button(ctx: Context, case: Case, out: bool) -> Button:
    if out:
        return ctx.button(f"Take part in {case.code}", "case.partake", case.code)
    return ctx.button(f"Sit out {case.code}", "case.recuse", case.code)


@COMMANDS.post(OVER)
async def over(say: Composing) -> Composed:
    """Somebody who sat out a case can come back, unless the case was gone back to meanwhile.

    The case itself may be gone with whoever brought it: then only its title is not said, and a
    message that holds it must lose it, whatever its reader wants to be told by now.
    """
    told = say.post.message is not None
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    case_id = say.post.subject or 0
    if kept is not None and case_id not in cases_over(kept.state):
        return Reply(texts.GOES_ON) if told else None
    if not told and (say.person is None or not say.person.private):
        return None
    found = select(Case).where(Case.group_id == say.group.id, Case.id == case_id)
    case = (await say.session.scalars(found)).one_or_none()
    return Reply(texts.over(case))
