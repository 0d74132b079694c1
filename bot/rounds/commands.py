"""The commands about the bot itself; none of them changes anything."""

from __future__ import annotations

from typing import Annotated

from bot.chat.commands import Commands
from bot.chat.options import Grammar, Most, Suggest
from bot.chat.replies import Answer, Choice
from bot.context import Context
from bot.rounds import texts
from bot.rounds.help import explain, suggest_commands
from bot.rounds.panel import first_level, second_level
from bot.rounds.status import tell_status

COMMANDS = Commands()


@COMMANDS.command("rounds help", writes=False, needs="nothing")
async def help_(
    ctx: Context,
    command: Annotated[
        str,
        "a command to explain, such as case or case add",
        Most(60),
        Suggest("command"),
        Grammar("command"),
    ] = "",
) -> Answer:
    """What I can do: all commands, those of one kind, or one in detail."""
    return explain(ctx.commands, command)


@COMMANDS.command("rounds panel", writes=False, needs="nothing")
async def panel(ctx: Context) -> Answer:
    """Buttons for everything that can be typed; only you see them."""
    return first_level(ctx)


@COMMANDS.command("rounds status", writes=False)
async def status(ctx: Context) -> Answer:
    """What I will do next in your group, and when."""
    return await tell_status(ctx)


@COMMANDS.command("rounds about", writes=False, needs="nothing")
async def about(_ctx: Context) -> Answer:
    """What I store, for how long, and what does not belong here."""
    return texts.ABOUT


@COMMANDS.action("rounds.panel", writes=False, needs="nothing")
async def show_panel(ctx: Context) -> Answer:
    """The first level of the panel."""
    return first_level(ctx)


@COMMANDS.action("rounds.root", writes=False, needs="nothing")
async def show_root(ctx: Context, root: str) -> Answer:
    """The commands of one root."""
    return second_level(ctx, root)


@COMMANDS.suggest("command")
async def commands(ctx: Context, text: str) -> list[Choice]:
    """Commands for what was typed so far."""
    return suggest_commands(ctx.commands, text)
