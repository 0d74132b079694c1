"""Writing, changing and reading contributions: by form, and for members' eyes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from bot.chat.commands import Commands, action_id
from bot.chat.options import Option
from bot.chat.replies import Answer, Button, Form, Input, Refusal, Reply, Text, lines
from bot.context import Context
from bot.errors import Conflict, NotAllowed, UsageError
from bot.store.sealed import key_of
from bot.store.written_tables import Contribution
from bot.written import texts
from bot.written.commands import check_takes_part, get_open
from bot.written.composers import shown
from bot.written.kept import (
    Kept,
    find_contribution,
    find_written,
    read_contributions,
    read_refs,
)
from bot.written.rules import may_write, pages
from bot.written.stepping import refresh_card

COMMANDS = Commands()

MOST = 1500
"""Characters of one contribution: three or four paragraphs, which fit on a page everywhere."""

TEXT = Option("text", "text", "", required=True, most=MOST, lines=True)
"""The field of a contribution's form."""

EACH = 10
"""Contributions of one member in one phase."""


@COMMANDS.action("written.write", writes=False, form=True)
async def press_write(ctx: Context, number: int, version: int) -> Answer:
    """Open the form, for whoever writes in this phase."""
    kept = await get_open(ctx, number)
    await check_takes_part(ctx, kept)
    if not may_write(kept.phase, presents=kept.presenter.id == ctx.member.id):
        raise NotAllowed(texts.not_now(kept))
    if version != kept.row.version:
        return Refusal(await shown(ctx, kept, texts.OUTDATED))
    return _form(ctx, kept, kept.row.phase, "")


@COMMANDS.action("written.again", writes=False, form=True)
async def press_again(ctx: Context, number: int, phase: int, token: str) -> Answer:
    """Open the form once more with what was written in it."""
    kept = await get_open(ctx, number)
    return _form(ctx, kept, _in(kept, phase), ctx.drafts.read(token).get("text", ""))


def _in(kept: Kept, phase: int) -> int:
    return max(0, min(phase, len(kept.phases) - 1))


def _form(ctx: Context, kept: Kept, phase: int, value: str) -> Form:
    there = kept.phases[phase]
    action = action_id("written.keep", ctx.group.id, kept.id, phase)
    field = _field(value, required=True)
    return Form(there.name, action, (field,), _intro(there.rule, texts.WHAT_NOT))


def _field(value: str, *, required: bool) -> Input:
    return Input("text", "Text", "paragraph", value, required=required, most=MOST)


def _intro(rule: str, more: Text) -> Text:
    return lines(Text("{rule}", rule=rule), more)


@COMMANDS.submission("written.keep", takes=(TEXT,), again="written.again")
async def keep(ctx: Context, number: int, phase: int, values: Mapping[str, str]) -> Answer:
    """Keep what was written, in the phase whose form it is, even if that has just ended."""
    kept = await find_written(ctx.session, ctx.group, number)
    text = values["text"]
    if kept is None or not kept.is_open:
        raise Conflict(texts.too_late(text))
    await check_takes_part(ctx, kept)
    phase = _in(kept, phase)
    if not may_write(kept.phases[phase], presents=kept.presenter.id == ctx.member.id):
        raise NotAllowed(texts.not_now(kept))
    if not text:
        raise UsageError(texts.EMPTY, option="text")
    if await _count(ctx, kept, phase) >= EACH:
        raise Conflict(texts.TOO_MANY)
    made = Contribution(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        written_id=kept.id,
        case_id=kept.case.id,
        member_id=ctx.member.id,
        phase=phase,
        # It opens as long as both are there: the case, and whoever wrote it.
        key_id=f"{await key_of(ctx.session, kept.case)}+{await key_of(ctx.session, ctx.member)}",
        written_at=ctx.now,
    )
    made.text = text
    ctx.session.add(made)
    await ctx.session.flush()
    await refresh_card(ctx.session, ctx.group, kept, ctx.now)
    change = ctx.button("Change it", "written.change", made.id)
    return Reply(texts.KEPT, buttons=(change, ctx.button(*_newest(kept))))


def _newest(kept: Kept) -> tuple[str, str, int, int]:
    return "Read", "written.read", kept.id, texts.LAST_PAGE


async def _count(ctx: Context, kept: Kept, phase: int) -> int:
    found = select(func.count()).where(
        Contribution.group_id == ctx.group.id,
        Contribution.written_id == kept.id,
        Contribution.phase == phase,
        Contribution.member_id == ctx.member.id,
    )
    return await ctx.session.scalar(found) or 0


@COMMANDS.action("written.change", writes=False, form=True)
async def press_change(ctx: Context, number: int) -> Answer:
    """Open what one wrote, to change it or to take it back."""
    one, kept = await _own(ctx, number)
    ctx.may_stay(one.text)
    return _changing(ctx, one, kept, one.text)


@COMMANDS.action("written.rewrite", writes=False, form=True)
async def press_rewrite(ctx: Context, number: int, token: str) -> Answer:
    """Open it once more with what was to become of it."""
    one, kept = await _own(ctx, number)
    return _changing(ctx, one, kept, ctx.drafts.read(token).get("text", one.text))


def _changing(ctx: Context, one: Contribution, kept: Kept, value: str) -> Form:
    action = action_id("written.change", ctx.group.id, one.id)
    intro = _intro(kept.phases[one.phase].rule, texts.EMPTY_IT)
    return Form("Change it", action, (_field(value, required=False),), intro)


@COMMANDS.submission("written.change", takes=(TEXT,), again="written.rewrite")
async def change(ctx: Context, number: int, values: Mapping[str, str]) -> Answer:
    """Keep it as it is written now; emptied, it is gone, also when the case is over."""
    one, kept = await _own(ctx, number)
    text = values["text"]
    if text and not kept.is_open:
        raise Conflict(texts.too_late(text))
    if text:
        one.text = text
    else:
        await ctx.session.delete(one)
    await refresh_card(ctx.session, ctx.group, kept, ctx.now)
    return Reply(texts.CHANGED if text else texts.TAKEN_BACK)


async def _own(ctx: Context, number: int) -> tuple[Contribution, Kept]:
    one = await find_contribution(ctx.session, ctx.group, number)
    kept = await find_written(ctx.session, ctx.group, one.written_id) if one else None
    if one is None or kept is None:
        raise Conflict(texts.GONE)
    if one.member_id != ctx.member.id:
        raise NotAllowed(texts.NOT_WRITTEN_BY_YOU)
    return one, kept


@COMMANDS.action("written.read", writes=False)
async def read(ctx: Context, number: int, page: int) -> Answer:
    """What was written, page by page, the newest first; only who presses sees it."""
    kept = await find_written(ctx.session, ctx.group, number)
    if kept is None:
        raise Conflict(texts.GONE)
    await check_takes_part(ctx, kept)
    written = await read_contributions(ctx.session, ctx.group, kept.id)
    all_ = pages([(one.phase, len(one.text)) for one in written])
    if not all_:
        return Reply(texts.nothing_to_read(kept), title=_title(kept), buttons=_more(ctx, kept))
    page = max(0, min(page, len(all_) - 1))
    shown_here = [(n + 1, written[n]) for n in all_[page]]
    place = Text("page {n} of {all}", n=page + 1, all=len(all_))
    names = await read_refs(ctx.session, ctx.group)
    turns = ((page - 1, "Earlier", page > 0), (page + 1, "Later", page + 1 < len(all_)))
    turning = [ctx.button(name, "written.read", kept.id, n) for n, name, there in turns if there]
    return Reply(
        texts.page(kept, shown_here, place, names),
        title=_title(kept),
        buttons=(*turning, *_more(ctx, kept), *_own_ones(ctx, shown_here)),
    )


def _title(kept: Kept) -> Text:
    return Text("{case}", case=kept.case.title)


def _more(ctx: Context, kept: Kept) -> tuple[Button, ...]:
    """To write oneself, where one may."""
    presents = kept.presenter.id == ctx.member.id
    if not kept.is_open or not may_write(kept.phase, presents=presents):
        return ()
    return (ctx.button("Write", "written.write", kept.id, kept.row.version, style="primary"),)


def _own_ones(ctx: Context, page: Iterable[tuple[int, Contribution]]) -> tuple[Button, ...]:
    """A button for each contribution of one's own on the page."""
    return tuple(
        ctx.button(f"Change {n}", "written.change", one.id)
        for n, one in page
        if one.member_id == ctx.member.id
    )[:EACH]
