"""A private panel in two levels: a button for each root, then one for each of its commands."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Button, CommandName, Reply, Text, lines
from bot.context import Context
from bot.rounds import texts

LONGEST_LABEL = 38
"""More than this is cut off on a phone."""


def first_level(ctx: Context) -> Reply:
    """A button for each root."""
    buttons = [ctx.button(texts.root_label(r), "rounds.root", r) for r in ctx.commands.roots()]
    return Reply(texts.PANEL, buttons=tuple(buttons))


def second_level(ctx: Context, root: str) -> Reply:
    """A button for each command of one root, and the way back."""
    known = ctx.commands.roots().get(root, [])
    said = [
        Text("{command}: {does}", command=CommandName(c.name), does=Text(c.description))
        for c in known
    ]
    buttons = [ctx.command_button(_label(command), command.name) for command in known]
    return Reply(
        lines(texts.about_root(root), *said),
        title=Text(texts.root_label(root)),
        buttons=(*buttons, _back(ctx)),
    )


def _label(command: Command) -> str:
    """`Case add`: unlike the buttons of cards, so that nobody takes one for the other."""
    return command.name.capitalize()[:LONGEST_LABEL]


def _back(ctx: Context) -> Button:
    return ctx.button("Back to the panel", "rounds.panel", style="primary")
