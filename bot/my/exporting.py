"""`/my export`: everything that is kept about a person, in private, as JSON or CSV.

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

COMMANDS = Commands()

PAGE = 1500
"""Characters that both platforms show whole."""

Written = Literal["json", "csv"]


@COMMANDS.command("my export", writes=False, needs="space")
async def export(
    ctx: Context,
    format: Annotated[Literal["json", "csv"], "json to read, csv for a spreadsheet"] = "json",
) -> Answer:
    """Everything I keep about you, only for you, to read and to copy."""
    return await _page(ctx, format, 1, "")


@COMMANDS.action("my.export", writes=False, needs="space")
async def page(ctx: Context, written: str, number: int, kept: str) -> Answer:
    """Another page, or the same in the other way of writing."""
    return await _page(ctx, "csv" if written == "csv" else "json", number, kept)


async def _page(ctx: Context, written: Written, number: int, kept: str) -> Reply:
    if inspect(ctx.person).transient:
        raise NotFound(Text("I keep nothing about you here."))
    whole, kept = await _whole(ctx, written, kept)
    pages = -(-len(whole) // PAGE)
    if not 1 <= number <= pages:
        raise Conflict(Text("There is no such page any more: ask again."))
    shown = whole[(number - 1) * PAGE : number * PAGE]
    return Reply(
        Text("{shown}", shown=shown),
        title=Text(
            "All that I keep about you, as {written}: page {number} of {pages}",
            written=Text(written.upper()),
            number=number,
            pages=pages,
        ),
        buttons=tuple(_buttons(ctx, written, (number, pages), kept)),
    )


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
    buttons = [ctx.button(f"As {other.upper()}", "my.export", other, 1, "new")]
    if number < pages:
        again = ctx.button("Next page", "my.export", written, number + 1, kept, style="primary")
        buttons.insert(0, again)
    return buttons
