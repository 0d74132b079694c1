"""Choosing how cases are worked through: for the whole group, or for one case."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select, update

from bot.changes import find_change, named, note_change, record_change, register, take_undo
from bot.chat.commands import Commands
from bot.chat.options import Grammar, Most, Suggest
from bot.chat.replies import Answer, Button, Choice, Reply, Span, Text
from bot.context import Composed, Composing, Context, Later
from bot.errors import Conflict, NotFound, UsageError
from bot.formats.choosing import choices, find_named, in_force
from bot.formats.model import Format
from bot.meetings import format_texts as texts
from bot.meetings.suggesting import suggested
from bot.queue.finding import get_waiting
from bot.queue.texts import no_longer_waiting
from bot.schedule.quiet import quiet_until
from bot.store.outbox import Draft, changed
from bot.store.tables import Case, Change, Member

COMMANDS = Commands()

A_PAGE = 7
"""Formats shown at once: what fits on a phone, each with its sentence and its button."""

NO_CASE = "-"
"""Stands for a case's code in a button that is about the whole group."""

KIND = "case-format"
"""The kind of change that says how one case shall be worked through."""


@COMMANDS.command("meeting format", writes=True)
async def format_(
    ctx: Context,
    format: Annotated[
        str, "the format to choose, by its name", Suggest("format"), Most(60), Grammar("format")
    ] = "",
    case: Annotated[str, "only for the case with this code", Suggest("case"), Grammar("code")] = "",
) -> Answer:
    """Show the formats a case can be worked through in, or choose one"""
    one = (await get_waiting(ctx, case))[0] if case else None
    if not format:
        return await _panel(ctx, one, 0)
    found = _get_format(ctx, format)
    return await (_choose(ctx, found) if one is None else _choose_for(ctx, found, one))


@COMMANDS.suggest("format")
async def formats(ctx: Context, text: str) -> list[Choice]:
    """The formats of meetings, each with what it is good for."""
    return choices(_spoken(ctx), text)


@COMMANDS.action("meeting.formats", writes=False)
async def turn_page(ctx: Context, page: int, code: str) -> Answer:
    """Show more of the formats."""
    one = None if code == NO_CASE else (await get_waiting(ctx, code))[0]
    return await _panel(ctx, one, page)


def _spoken(ctx: Context) -> list[Format]:
    return [found for found in ctx.formats if found.unit == "minutes"]


def _get_format(ctx: Context, typed: str) -> Format:
    found = find_named(ctx.formats, typed)
    if found is None:
        raise NotFound(texts.no_such_format(typed), option="format")
    if found.unit == "days":
        raise UsageError(texts.takes_days(found), option="format")
    return found


async def _panel(ctx: Context, case: Case | None, page: int) -> Reply:
    """The one in force, the one that is suggested, and a page of all of them to choose from."""
    now = in_force(ctx.formats, case.format_id if case else None, ctx.group.format_id)
    suggestion, why = await suggested(ctx, case)
    all_ = sorted(_spoken(ctx), key=lambda found: found.id != suggestion.id)
    page = max(0, min(page, (len(all_) - 1) // A_PAGE))
    shown = all_[page * A_PAGE : (page + 1) * A_PAGE]
    code = case.code if case else NO_CASE
    turns = ((page - 1, "Back", page > 0), (page + 1, "More formats", all_[-1] not in shown))
    return Reply(
        texts.panel(now, case, why, shown),
        title=Text("Formats"),
        buttons=(
            *(_choice(ctx, found, case, found.id == suggestion.id) for found in shown),
            *(
                ctx.button(name, "meeting.formats", n, code)
                for n, name, is_there in turns
                if is_there
            ),
        ),
    )


def _choice(ctx: Context, found: Format, case: Case | None, first: bool) -> Button:
    given = {"format": found.id} | ({"case": case.code} if case else {})
    style = "primary" if first else "secondary"
    return ctx.command_button(found.name, "meeting format", style, **given)  # type: ignore[arg-type]


async def _choose(ctx: Context, found: Format) -> Reply:
    """For the whole group: at once, told to all, undone by anybody."""
    before = ctx.group.format_id
    if in_force(ctx.formats, before).id == found.id:
        return Reply(texts.in_force_already(found))
    ctx.group.format_id = found.id
    await ctx.reformatted(None)
    await record_change(ctx, "format", {"format": before}, {"format": found.id})
    return Reply(texts.chosen(found))


async def _undo(ctx: Context, change: Change) -> None:
    ctx.group.format_id = change.before["format"]
    await ctx.reformatted(None)


async def _say(say: Composing, change: Change, by: Span) -> Text:
    old, new = (in_force(say.formats, which["format"]) for which in (change.before, change.after))
    return texts.told(by, new, old)


register("format", _undo, _say)


async def _choose_for(ctx: Context, found: Format, case: Case) -> Reply:
    """For one case, by whoever presents it or anybody else, until it opens."""
    before = case.format_id
    if before == found.id:
        return Reply(texts.in_force_already(found))
    if not await _set(ctx, case, found.id):
        raise Conflict(no_longer_waiting(case), option="case")
    change = await note_change(ctx, KIND, {"format": before}, {"format": found.id, "case": case.id})
    owner = await ctx.session.scalar(
        select(Member).where(Member.group_id == ctx.group.id, Member.id == case.member_id)
    )
    theirs = owner is not None and owner.id != ctx.member.id
    if owner is not None and theirs:
        key = f"case-format:{change.id}"
        await ctx.enqueue(Draft(key, KIND, ctx.now, None, change.id, owner.ref))
    undo = ctx.button("Undo", "meeting.format-undo", change.id)
    return Reply(texts.chosen_for(found, case, told=theirs), buttons=(undo,))


async def _set(ctx: Context, case: Case, format: str | None) -> bool:
    result = await ctx.session.execute(
        update(Case)
        .where(Case.group_id == ctx.group.id, Case.id == case.id, Case.state == "waiting")
        .values(format_id=format)
    )
    if not changed(result):
        return False
    await ctx.reformatted(case)
    return True


@COMMANDS.action("meeting.format-undo")
async def undo_for_case(ctx: Context, number: int) -> Answer:
    """Let a case be worked through as it would have been before."""
    change = await find_change(ctx.session, ctx.group, number)
    case = await _case_of(ctx, change)
    if change is None or case is None:
        raise Conflict(texts.NOT_THERE)
    won = await take_undo(ctx, change)
    if not won or case.format_id != change.after["format"]:
        raise Conflict(texts.CHANGED_SINCE)
    if not await _set(ctx, case, change.before["format"]):
        raise Conflict(no_longer_waiting(case))
    await ctx.refresh(f"case-format:{change.id}")
    back = in_force(ctx.formats, change.before["format"], ctx.group.format_id)
    return Reply(texts.as_before(back, case))


async def _case_of(about: Context | Composing, change: Change | None) -> Case | None:
    if change is None or change.kind != KIND:
        return None
    found: Case | None = await about.session.scalar(
        select(Case).where(Case.group_id == about.group.id, Case.id == change.after["case"])
    )
    return found


@COMMANDS.post(KIND)
async def tell_presenter(say: Composing) -> Composed:
    """Tell a presenter in private that somebody chose a format for their case."""
    change = await find_change(say.session, say.group, say.post.subject)
    case = await _case_of(say, change)
    if change is None or case is None:
        return None
    found = in_force(say.formats, change.after["format"])
    if change.undone_at is not None or case.state != "waiting" or case.format_id != found.id:
        now = in_force(say.formats, case.format_id, say.group.format_id)
        return Reply(texts.as_before(now, case)) if say.post.message else None
    until = quiet_until(say.person, say.group, say.now)
    if until is not None and say.post.message is None:
        return Later(until)
    by = await named(say.session, say.group, change.by_id)
    undo = say.button("Undo", "meeting.format-undo", change.id)
    return Reply(texts.told_presenter(by, found, case), buttons=(undo,))
