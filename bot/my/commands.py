"""The commands with which a person says how, when and whether they are to be reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.commands import Commands
from bot.chat.dates import read_date, read_quiet
from bot.chat.options import Grammar, Most, Suggest
from bot.chat.replies import Answer, Choice, Form, Reply
from bot.chat.zones import read_zone, suggest_zones
from bot.context import Context
from bot.errors import NotFound, UsageError
from bot.identity import keep_person
from bot.my import exporting, forgetting, texts
from bot.my.absence import LONGEST, find_memberships, next_meetings, set_absence

COMMANDS = Commands()
for part in (exporting, forgetting):
    COMMANDS.include(part.COMMANDS)

BACK = frozenset({"back", "now", "today", "none", "off"})
"""What ends an absence."""


@COMMANDS.command(
    "my settings",
    title="My settings",
    writes=True,
    needs="space",
    form=("zone", "quiet", "private"),
)
async def settings(
    ctx: Context,
    zone: Annotated[
        str, "your time zone, such as Europe/Berlin", Suggest("zone"), Grammar("zone")
    ] = "",
    quiet: Annotated[
        str, "hours without private messages: 21:00-08:00, or off", Most(60), Grammar("hours")
    ] = "",
    private: Annotated[
        Literal["on", "off"] | None, "whether I may remind you in private: on or off"
    ] = None,
) -> Answer:
    """Your zone, quiet hours, private reminders."""
    if not (zone or quiet or private):
        return _settings_form(ctx)
    person = await keep_person(ctx)
    if zone:
        person.zone = read_zone(zone)
    if quiet:
        person.quiet_from, person.quiet_to = read_quiet(quiet, "quiet") or (None, None)
    if private:
        person.private = private == "on"
    return texts.settings_saved(person, ctx.zone)


def _settings_form(ctx: Context) -> Form:
    """The form filled with what holds now; an own zone only where one was chosen."""
    person = ctx.person
    values = {
        "zone": person.zone or "",
        "quiet": texts.written_quiet(person),
        "private": "on" if person.private else "off",
    }
    from_platform = bool(person.platform_zone or ctx.request.zone)
    intro = texts.settings_intro(person.zone, ctx.zone, from_platform)
    return replace(ctx.form("my settings", values), intro=intro)


@COMMANDS.command("my away", title="I am away", writes=True, needs="space", form=("until",))
async def away(
    ctx: Context,
    until: Annotated[
        str, "the day you are back, such as 2026-03-10; back ends it", Most(60), Grammar("date")
    ],
) -> Answer:
    """Say until when you are away; I answer for you."""
    memberships = await find_memberships(ctx, lock=True)
    if not memberships:
        raise NotFound(texts.NOT_MEMBER)
    today = ctx.today
    back = today if until.strip().lower() in BACK else read_date(until, today, "until")
    if back < today:
        raise UsageError(texts.in_the_past(today), option="until")
    if (back - today).days > LONGEST:
        raise UsageError(texts.too_long(LONGEST), option="until")
    if back > today:
        return texts.away_noted(back, *await set_absence(ctx, memberships, back))
    if not any(member.away_until for member, _ in memberships):
        return Reply(texts.NOT_AWAY)
    return texts.welcome_back((await set_absence(ctx, memberships, None))[1])


@COMMANDS.command("my groups", writes=False, needs="space")
async def groups(ctx: Context) -> Answer:
    """The groups you are in here, and when each meets next."""
    memberships = await find_memberships(ctx)
    if not memberships:
        return Reply(texts.NO_GROUPS)
    coming = await next_meetings(ctx, [group for _, group in memberships])
    return texts.my_groups(
        [(member, group, coming.get(group.id)) for member, group in memberships], ctx.today
    )


@COMMANDS.suggest("zone")
async def zones(_ctx: Context, text: str) -> list[Choice]:
    """Zones for what was typed so far."""
    return [Choice(name, name) for name in suggest_zones(text)]
