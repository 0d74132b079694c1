"""Changing how a group is set up: at once, told to all, and undone by anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeAlias

from bot.changes import record_change, register
from bot.chat.commands import Commands
from bot.chat.dates import read_date, read_lead, read_time
from bot.chat.options import Between, Grammar, Most, Suggest
from bot.chat.replies import Answer, Form, Reply, Span, Text, lines
from bot.chat.zones import read_zone
from bot.context import Composing, Context
from bot.groups import change_texts, rules, texts
from bot.groups.card import next_at
from bot.groups.described import as_typed, restore, snapshot
from bot.groups.membership import count_members, offer_places, refresh_card
from bot.groups.start import FIRST_FORM, MORE, Weekday, number_of
from bot.keeping.fading import keep_longer
from bot.schedule.coming import series_of
from bot.schedule.series import Every, Series
from bot.store.tables import Change, Group

COMMANDS = Commands()

Room: TypeAlias = Literal["channel", "thread"]

LEADS = ("call", "agenda", "reminder", "keep", "room")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be different, as it was typed; what is empty stays."""

    name: str = ""
    every: Every | None = None
    weekday: Weekday | None = None
    time: str = ""
    zone: str = ""
    first: str = ""
    place: str = ""
    minutes: int | None = None
    size: int | None = None
    quorum: int | None = None
    call: str = ""
    agenda: str = ""
    reminder: str = ""
    keep: int | None = None
    room: Room | None = None


@COMMANDS.command(
    "group settings",
    title="Group settings",
    writes=True,
    form=FIRST_FORM,
    more=(MORE, LEADS),
)
async def settings(
    ctx: Context,
    name: Annotated[str, "what the group is called", Most(80)] = "",
    every: Annotated[
        Every | None, "week, 2 weeks, 4 weeks, or 1st to 4th or last weekday of the month"
    ] = None,
    weekday: Annotated[Weekday | None, "monday to sunday"] = None,
    time: Annotated[str, "when it begins, such as 18:30", Most(20), Grammar("time")] = "",
    zone: Annotated[
        str,
        "the group's time zone, such as Europe/Berlin",
        Suggest("zone"),
        Most(64),
        Grammar("zone"),
    ] = "",
    first: Annotated[
        str, "the date a new rhythm begins with, such as 2026-03-10", Grammar("date")
    ] = "",
    place: Annotated[
        str, "a voice channel, an https link, or none", Most(400), Grammar("place")
    ] = "",
    minutes: Annotated[int | None, "how long a meeting lasts, 30 to 240", Between(30, 240)] = None,
    size: Annotated[int | None, "how many people at most, 2 to 12", Between(2, 12)] = None,
    quorum: Annotated[int | None, "how few are enough to meet, 2 to size", Between(2, 12)] = None,
    call: Annotated[
        str, "how long before I call for cases: 7 days, or by rhythm", Most(20), Grammar("lead")
    ] = "",
    agenda: Annotated[
        str, "how long before I post the agenda, such as 24 hours", Most(20), Grammar("lead")
    ] = "",
    reminder: Annotated[
        str, "how long before I remind everybody, such as 1 hour", Most(20), Grammar("lead")
    ] = "",
    keep: Annotated[
        int | None,
        "days I keep titles once a case was heard, 0 to 90",
        Between(0, 90),
    ] = None,
    room: Annotated[
        Room | None, "where a meeting's cases run: this channel, or a private thread (Discord only)"
    ] = None,
) -> Answer:
    """Change how the group is set up; I tell everybody, with Undo"""
    wanted = Wanted(
        name,
        every,
        weekday,
        time,
        zone,
        first,
        place,
        minutes,
        size,
        quorum,
        call,
        agenda,
        reminder,
        keep,
        room,
    )
    if wanted == Wanted():
        return filled_form(ctx, FIRST_FORM[0])
    return await _change(ctx, wanted)


@COMMANDS.action("group.form", writes=False, form=True)
async def open_form(ctx: Context, at: str) -> Answer:
    """Open the form of the settings that holds one option, filled with what is set now."""
    return filled_form(ctx, at)


def filled_form(ctx: Context, at: str) -> Form:
    """A form of the settings, filled; a form without all of them leaves the others alone."""
    command = ctx.commands.commands["group settings"]
    typed = as_typed(ctx.group, ctx.now)
    values = {name: typed[name] for name in command.fields(at)}
    ctx.may_stay(ctx.group.name)
    form = ctx.form("group settings", values, at)
    return replace(
        form,
        inputs=tuple(replace(i, required=i.name != "first") for i in form.inputs),
    )


async def _change(ctx: Context, wanted: Wanted) -> Reply:
    group = ctx.group
    before = snapshot(group)
    await _set_up(ctx, wanted)
    _set_rhythm(ctx, wanted)
    _set_leads(group, wanted)
    if wanted.keep is not None:
        group.keep = wanted.keep
    if wanted.room is not None:
        rules.check_room(wanted.room, ctx.space.platform)
        group.room = wanted.room
    after = snapshot(group)
    if before == after:
        return Reply(change_texts.UNCHANGED)
    await record_change(ctx, "settings", before, after)
    await keep_longer(ctx.session, group, group.keep - before["keep"])
    await _follow(ctx)
    larger = group.size > before["size"] or group.minutes != before["minutes"]
    costs = rules.airtime(group.size, group.case_minutes) if larger else None
    hides = change_texts.IN_THREADS if after["room"] != before["room"] == "channel" else None
    return Reply(lines(change_texts.SAVED, costs, hides))


async def _set_up(ctx: Context, wanted: Wanted) -> None:
    """Name, place, length, size and quorum."""
    group = ctx.group
    group.name = wanted.name or group.name
    if wanted.place:
        group.place = rules.read_place(wanted.place)
    group.minutes = wanted.minutes or group.minutes
    size, quorum = wanted.size or group.size, wanted.quorum or group.quorum
    if wanted.size is not None and wanted.size != group.size:
        if wanted.quorum is None:
            quorum = min(quorum, size)
        rules.check_size(size, quorum, await count_members(ctx.session, group))
    else:
        rules.check_size(size, quorum, 0)
    group.size, group.quorum = size, quorum


def _set_rhythm(ctx: Context, wanted: Wanted) -> None:
    """When the group meets; another day or rhythm begins with its next date, unless one is said."""
    group, old = ctx.group, series_of(ctx.group)
    series = Series(
        wanted.every or old.every,
        old.weekday if wanted.weekday is None else number_of(wanted.weekday),
        read_time(wanted.time, "time") if wanted.time else old.time,
        read_zone(wanted.zone) if wanted.zone else old.zone,
        old.first,
    )
    first = read_date(wanted.first, ctx.today, "first") if wanted.first else old.first
    if first != old.first:
        first = rules.read_first(series, first, ctx.now)
    elif (series.every, series.weekday) != (old.every, old.weekday):
        first = rules.following_first(series, old.first, ctx.now)
    group.every, group.weekday, group.time = series.every, series.weekday, series.time
    group.zone, group.first = series.zone, first


def _set_leads(group: Group, wanted: Wanted) -> None:
    """When I call for cases, post the agenda and remind."""
    if wanted.call == texts.BY_RHYTHM:
        group.call_lead = None
    elif wanted.call:
        group.call_lead = _seconds(wanted.call, "call")
    if wanted.agenda:
        group.agenda_lead = _seconds(wanted.agenda, "agenda")
    if wanted.reminder:
        group.reminder_lead = _seconds(wanted.reminder, "reminder")
    rules.check_leads(series_of(group), group.call_lead, group.agenda_lead, group.reminder_lead)


def _seconds(typed: str, option: str) -> int:
    return int(read_lead(typed, option).total_seconds())


async def _follow(ctx: Context) -> None:
    """Let the meetings, the places and the card follow."""
    await ctx.session.flush()
    await ctx.replan()
    await offer_places(ctx.session, ctx.group, ctx.now)
    await refresh_card(ctx.session, ctx.group, ctx.now)


async def _undo(ctx: Context, change: Change) -> None:
    kept = ctx.group.keep
    restore(ctx.group, change.before)
    await keep_longer(ctx.session, ctx.group, ctx.group.keep - kept)
    await _follow(ctx)


async def _say(say: Composing, change: Change, by: Span) -> Text:
    words = change_texts.changed(by, change.before, change.after)
    if not change_texts.moves_meetings(change.before, change.after):
        return words
    coming = await next_at(say.session, say.group, say.now)
    return lines(words, None if coming is None else texts.next_meeting(coming))


register("settings", _undo, _say)
