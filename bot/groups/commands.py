"""All that can be asked about a group, put together."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.groups import card, closing, gone, members, moving, pauses, removal, settings, start

COMMANDS = Commands()
for part in (start, members, card, settings, pauses, removal, closing, moving, gone):
    COMMANDS.include(part.COMMANDS)
