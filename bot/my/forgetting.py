"""`/my forget`: asks once, then everything about a person is gone, from backups too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Answer, CommandName, Reply, Text, lines
from bot.context import Context, Events
from bot.errors import NotFound
from bot.keeping.erasing import forget
from bot.store.database import ACROSS_GROUPS
from bot.store.tables import Group, Member, Person

COMMANDS = Commands()


@COMMANDS.command("my forget", writes=False, needs="space")
async def ask(ctx: Context) -> Answer:
    """Erase everything about you here; I ask once more first."""
    _check_known(ctx)
    return Reply(SURE, buttons=(ctx.button("Forget me", "my.forget", style="danger"),))


@COMMANDS.action("my.forget", needs="space")
async def forget_me(ctx: Context) -> Answer:
    """Erase everything about whoever presses."""
    _check_known(ctx)
    await leave_all(ctx.session, ctx.person, ctx.events, ctx.now)
    await forget(ctx.session, ctx.space, ctx.person, ctx.now)
    ctx.found_member = None
    return Reply(FORGOTTEN)


def _check_known(ctx: Context) -> None:
    if inspect(ctx.person).transient:
        raise NotFound(NOTHING_KEPT)


async def leave_all(session: AsyncSession, person: Person, events: Events, now: datetime) -> None:
    """Let a person go from every group of the space."""
    found = await session.execute(
        select(Member, Group)
        .join(Group, Group.id == Member.group_id)
        .where(Member.person_id == person.id, Group.state != "closed")
        .order_by(Group.id)
        .with_for_update(of=Group, key_share=True)
        .execution_options(**ACROSS_GROUPS)
    )
    for member, group in found.all():
        for touch in events.gone:
            await touch(session, group, member, now)
    await session.flush()


NOTHING_KEPT = Text("I keep nothing about you here, so there is nothing to forget.")

SURE = lines(
    Text(
        "This takes you out of every group here and erases all that I keep about you: your cases, "
        "answers, roles and settings, in backups too. It cannot be undone."
    ),
    Text(
        "Your groups go on without you. What stands in chat messages stays until somebody deletes "
        "it there. {export} shows you first what I keep.",
        export=CommandName("my export"),
    ),
)

FORGOTTEN = Text(
    "Done: I have forgotten you. Should a backup be put back, I forget you again. You are welcome "
    "back at any time, and begin anew."
)
