"""The group's card in its channel, and what a member is shown in private."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Commands
from bot.chat.replies import Bold, Button, ChannelMention, Reply, Text, lines
from bot.context import Composed, Composing, Context, Later
from bot.groups import member_texts, texts
from bot.groups.described import snapshot
from bot.groups.membership import HELD, waiting_list
from bot.schedule.coming import Next, active_members, find_current, series_of
from bot.schedule.quiet import quiet_until
from bot.store.tables import Group

COMMANDS = Commands()


async def next_at(session: AsyncSession, group: Group, now: datetime) -> Next:
    """When the group meets next; a meeting that runs counts."""
    if group.state != "active":
        return None
    meeting = await find_current(session, group, now)
    if meeting is None:
        return None
    if meeting.state == "begun":
        return "running"
    return "due" if meeting.starts_at <= now else meeting.starts_at


@COMMANDS.post("group")
async def card(say: Composing) -> Composed:
    """The live card: what the group is, and Join."""
    group = say.group
    members = await active_members(say.session, group)
    waiting = await waiting_list(say.session, group)
    coming = await next_at(say.session, group, say.now)
    return Reply(
        lines(
            Text("We meet {rhythm}.", rhythm=texts.rhythm(series_of(group))),
            member_texts.paused(group) or texts.next_meeting(coming),
            *((texts.meets_in(group.place),) if group.place else ()),
        ),
        title=Text("{name}", name=group.name),
        fields=(member_texts.member_field(group, members, len(waiting)),),
        buttons=(
            say.command_button("Join", "group join", "primary"),
            say.command_button("Leave", "group leave"),
        ),
    )


@COMMANDS.post("place")
async def place(say: Composing) -> Composed:
    """Offer a place to somebody who waits for one."""
    member = say.member
    if member is None or member.state != "waiting" or member.offered_at is None:
        return None
    quiet = quiet_until(say.person, say.group, say.now)
    if quiet is not None:
        return Later(quiet)
    return Reply(
        member_texts.place_free(say.group, member.offered_at + HELD),
        buttons=(
            say.button("Take it", "group.take", style="primary"),
            say.command_button("Leave", "group leave"),
        ),
        notify=(member.ref,),
    )


@COMMANDS.command("group show", writes=False, needs="group")
async def show(ctx: Context) -> Reply:
    """How the group is set up, who is in it, and when it meets next"""
    group = ctx.group
    members = await active_members(ctx.session, group)
    waiting = await waiting_list(ctx.session, group)
    coming = await next_at(ctx.session, group, ctx.now)
    _, *settings = texts.described(snapshot(group))
    return Reply(
        lines(
            Text(
                "{name} lives in {channel}.",
                name=Bold(group.name),
                channel=ChannelMention(group.channel),
            ),
            member_texts.paused(group) or texts.next_meeting(coming),
            *(Text("{label}: {value}", label=Text(name), value=value) for name, value in settings),
        ),
        fields=(member_texts.member_field(group, members, len(waiting), ctx.today),),
        buttons=_ways_on(ctx),
    )


def _ways_on(ctx: Context) -> tuple[Button, ...]:
    if ctx.found_member is None:
        return (ctx.command_button("Join", "group join", "primary"),)
    pause = ("Pause", "group pause") if ctx.group.state == "active" else ("Resume", "group resume")
    return (
        ctx.command_button("Change settings", "group settings"),
        *further_forms(ctx),
        ctx.command_button(*pause),
        ctx.command_button("Leave", "group leave"),
    )


def further_forms(ctx: Context) -> tuple[Button, Button]:
    """The ways to the settings that have no room in the first form."""
    return (
        ctx.button("More settings", "group.form", "place"),
        ctx.button("Reminder times", "group.form", "call"),
    )
