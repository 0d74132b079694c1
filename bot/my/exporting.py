"""`/my export`: everything that is kept about a person, in private, in short or as JSON or CSV.

It comes as text in pages. A file would stay on the platform's servers under an address of its
own, and Slack asks for a further permission for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from sqlalchemy import inspect

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Button, Reply, Text
from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.keeping.about import as_csv, as_json, read_about
from bot.my import export_texts as texts

COMMANDS = Commands()

PAGE = 1500
"""Characters that both platforms show whole."""

Written = Literal["json", "csv"]


@COMMANDS.command("my export", writes=False, needs="space")
async def export(
    ctx: Context,
    format: Annotated[
        Literal["json", "csv"] | None, "json or csv for every value; without it a summary"
    ] = None,
) -> Answer:
    """Everything I keep about you, only for you, to read and to copy."""
    return await _page(ctx, format, 1, "") if format else await _in_short(ctx)


@COMMANDS.action("my.export", writes=False, needs="space")
async def page(ctx: Context, written: str, number: int, kept: str) -> Answer:
    """Another page, or the same in another way of writing."""
    if written not in ("json", "csv"):
        return await _in_short(ctx)
    return await _page(ctx, "csv" if written == "csv" else "json", number, kept)


async def _in_short(ctx: Context) -> Reply:
    """What anybody can read; every single value is a press away."""
    _check_known(ctx)
    said = texts.in_short(await read_about(ctx.session, ctx.person))
    buttons = tuple(ctx.button(f"As {way.upper()}", "my.export", way, 1, "new") for way in WAYS)
    return Reply(texts.EVERY_VALUE, title=texts.TITLE, fields=said, buttons=buttons)


WAYS: tuple[Written, ...] = ("json", "csv")


def _check_known(ctx: Context) -> None:
    if inspect(ctx.person).transient:
        raise NotFound(texts.NOTHING_KEPT)


async def _page(ctx: Context, written: Written, number: int, kept: str) -> Reply:
    _check_known(ctx)
    whole, kept = await _whole(ctx, written, kept)
    pages = cut(whole)
    if not 1 <= number <= len(pages):
        raise Conflict(texts.NO_SUCH_PAGE)
    return Reply(
        Text("{shown}", shown=pages[number - 1]),
        title=texts.page_title(written, number, len(pages)),
        buttons=tuple(_buttons(ctx, written, (number, len(pages)), kept)),
    )


def cut(whole: str) -> list[str]:
    """The pages of a text: whole lines, where a line is not longer than a page."""
    pages = [""]
    for line in whole.splitlines(keepends=True):
        if pages[-1] and len(pages[-1]) + len(line) > PAGE:
            pages.append("")
        pages[-1] += line
        while len(pages[-1]) > PAGE:
            pages[-1:] = [pages[-1][:PAGE], pages[-1][PAGE:]]
    return pages


async def _whole(ctx: Context, written: Written, kept: str) -> tuple[str, str]:
    """What was begun to be shown, lest it change from page to page, or what is so now."""
    begun = ctx.drafts.read(kept) if kept.startswith("~") else {}
    if begun.get("person") == ctx.person.ref and begun.get("written") == written:
        return begun["whole"], kept
    about = await read_about(ctx.session, ctx.person)
    whole = as_csv(about) if written == "csv" else as_json(about)
    begun = {"person": ctx.person.ref, "written": written, "whole": whole}
    return whole, ctx.drafts.keep(begun, longest=None)


def _buttons(ctx: Context, written: Written, at: tuple[int, int], kept: str) -> list[Button]:
    number, pages = at
    other = "csv" if written == "json" else "json"
    buttons = [
        ctx.button(f"As {other.upper()}", "my.export", other, 1, "new"),
        ctx.button("In short", "my.export", "short", 1, "new"),
    ]
    if number < pages:
        again = ctx.button("Next page", "my.export", written, number + 1, kept, style="primary")
        buttons.insert(0, again)
    return buttons
