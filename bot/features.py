"""All features together: what can be asked, and which features one event touches, in order."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.context import Context, Events

COMMANDS = Commands()
EVENTS = Events()


async def note_presence(context: Context) -> None:
    """A member who asks for anything while a meeting runs is there."""
