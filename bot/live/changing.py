"""What is still to come in a running meeting: cases added, dropped, and put in another order."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Reply, Text, at, lines
from bot.context import Context
from bot.queue.reading import read_agenda
from bot.queue.texts import agenda_lines
from bot.schedule.asking import current

COMMANDS = Commands()


@COMMANDS.command("meeting agenda", writes=False)
async def show_agenda(ctx: Context) -> Answer:
    """Show what the next meeting hears"""
    meeting = await current(ctx)
    planned = await read_agenda(ctx.session, ctx.group, meeting)
    return Reply(
        lines(Text("{when}", when=at(meeting.starts_at)), agenda_lines(planned)),
        title=Text("Agenda"),
        buttons=(ctx.command_button("Add a case", "case add", "primary"),),
    )
