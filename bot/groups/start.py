"""Starting a group: a channel becomes its home, and its card goes up there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from bot.chat.commands import Commands
from bot.chat.dates import WEEKDAYS, read_date, read_time
from bot.chat.options import Between, Grammar, Most, Suggest
from bot.chat.replies import Answer, Reply
from bot.chat.zones import local_date, read_zone
from bot.context import Context, MustReach
from bot.errors import Conflict
from bot.groups import rules, texts
from bot.groups.card import further_forms
from bot.groups.home import check_home, take_back, vacate
from bot.groups.membership import become_member, card_key
from bot.groups.moving import fresh_action, offer_move
from bot.identity import keep_person
from bot.schedule.coming import series_of
from bot.schedule.series import Every, Series, first_date, starts_at
from bot.store.outbox import Draft
from bot.store.tables import Group

COMMANDS = Commands()

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""A day of the week as it is chosen from a list."""

FIRST_FORM = ("name", "every", "weekday", "time", "zone")
MORE = ("first", "place", "minutes", "size", "quorum")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new group shall be like, as it was typed."""

    name: str
    every: Every
    weekday: Weekday
    time: str
    zone: str
    first: str = ""
    place: str = ""
    minutes: int = 90
    size: int = 6
    quorum: int | None = None

    def typed(self) -> dict[str, str]:
        """The options again, as a button carries them."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def number_of(weekday: str) -> int:
    """The day of the week as a number, 0 for Monday."""
    return WEEKDAYS.index(weekday.capitalize())


async def before_form(ctx: Context, given: Mapping[str, str]) -> Reply | None:
    """What is said instead of opening a form that would be filled in for nothing."""
    await check_home(ctx)
    return await offer_move(ctx, given)


@COMMANDS.command(
    "group start",
    title="Start a group",
    writes=True,
    needs="space",
    form=FIRST_FORM,
    more=(MORE,),
    probes=True,
    instead=before_form,
)
async def start(
    ctx: Context,
    name: Annotated[str, "what the group is called", Most(80)],
    every: Annotated[Every, "week, 2 weeks, 4 weeks, or 1st to 4th or last weekday of the month"],
    weekday: Annotated[Weekday, "monday to sunday"],
    time: Annotated[str, "when it begins, such as 18:30", Most(20), Grammar("time")],
    zone: Annotated[
        str,
        "the group's time zone, such as Europe/Berlin",
        Suggest("zone"),
        Most(64),
        Grammar("zone"),
    ],
    first: Annotated[
        str, "the first date, such as 2026-03-10; else the next such day", Grammar("date")
    ] = "",
    place: Annotated[str, "a voice channel or an https link", Most(400), Grammar("place")] = "",
    minutes: Annotated[int, "how long a meeting lasts, 30 to 240", Between(30, 240)] = 90,
    size: Annotated[int, "how many people at most, 2 to 12", Between(2, 12)] = 6,
    quorum: Annotated[int | None, "how few are enough to meet, 2 to size", Between(2, 12)] = None,
) -> Answer:
    """Start a group: this channel becomes its home"""
    wanted = Wanted(name, every, weekday, time, zone, first, place, minutes, size, quorum)
    await check_home(ctx)
    return await offer_move(ctx, wanted.typed()) or await _begin(ctx, wanted)


@COMMANDS.action("group.fresh", needs="space", form=True)
async def begin_anew(ctx: Context, carried: str) -> Answer:
    """Start a new group although one of the person's own could move here."""
    given = ctx.drafts.read(carried)
    command = ctx.commands.commands["group start"]
    if not command.missing(given):
        return await begin_from_form(ctx, carried, {})
    left = {name: value for name, value in given.items() if name not in FIRST_FORM}
    return command.as_form(fresh_action(ctx, left), given)


@COMMANDS.action("group.afresh", writes=False, needs="space", form=True)
async def write_anew(ctx: Context, carried: str, token: str) -> Answer:
    """Open the form of the new group once more with what was written in it."""
    command = ctx.commands.commands["group start"]
    return command.as_form(fresh_action(ctx, ctx.drafts.read(carried)), ctx.drafts.read(token))


@COMMANDS.submission(
    "group.fresh",
    needs="space",
    takes=tuple(COMMANDS.commands["group start"].option(name) for name in FIRST_FORM),
    again="group.afresh",
)
async def begin_from_form(ctx: Context, carried: str, values: dict[str, str]) -> Answer:
    """Start the new group with what was written."""
    given = ctx.drafts.read(carried) | values
    read: dict[str, Any] = ctx.commands.commands["group start"].read(given)
    await check_home(ctx)
    return await _begin(ctx, Wanted(**read))


async def _begin(ctx: Context, wanted: Wanted) -> Reply:
    """Write the group down with its first member, plan its meetings and put its card up."""
    was_new = inspect(ctx.space).transient, inspect(ctx.person).transient
    person = await keep_person(ctx)
    vacated = await vacate(ctx)
    group = _group(ctx, wanted)
    ctx.session.add(group)
    try:
        await ctx.session.flush()
    except IntegrityError as error:
        raise Conflict(texts.FASTER) from error
    ctx.found_group, ctx.found_member = group, None
    await become_member(ctx, None)
    await ctx.replan()
    await ctx.enqueue(Draft(card_key(group), "group", ctx.now))
    undo = take_back(group.id, person if was_new[1] else None, was_new[0], vacated)
    ctx.must_reach = MustReach(card_key(group), texts.CANNOT_POST, undo)
    first = starts_at(series_of(group), group.first)
    return Reply(
        texts.started(group, first, rules.airtime(group.size, group.case_minutes)),
        buttons=further_forms(ctx),
    )


def _group(ctx: Context, wanted: Wanted) -> Group:
    """The group as wanted, or a `UsageError` for what cannot be."""
    quorum = min(3, wanted.size) if wanted.quorum is None else wanted.quorum
    rules.check_size(wanted.size, quorum, members=1)
    series = _series(ctx, wanted)
    return Group(
        space_id=ctx.space.id,
        channel=ctx.request.channel,
        name=wanted.name,
        every=series.every,
        weekday=series.weekday,
        time=series.time,
        zone=series.zone,
        first=series.first,
        minutes=wanted.minutes,
        place=rules.read_place(wanted.place) if wanted.place else None,
        size=wanted.size,
        quorum=quorum,
        state="active",
        revision=1,
        seed=ctx.rng.getrandbits(31),
        created_at=ctx.now,
    )


def _series(ctx: Context, wanted: Wanted) -> Series:
    zone, wall = read_zone(wanted.zone), read_time(wanted.time, "time")
    day, today = number_of(wanted.weekday), local_date(ctx.now, zone)
    series = Series(wanted.every, day, wall, zone, first_date(wanted.every, day, today))
    if not wanted.first:
        return series
    first = rules.read_first(series, read_date(wanted.first, ctx.today, "first"), ctx.now)
    return Series(wanted.every, day, wall, zone, first)
