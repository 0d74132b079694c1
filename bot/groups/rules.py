"""What a group may be like: values in, values out, or a `UsageError` saying what would fit."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import takewhile
from urllib.parse import urlsplit

from bot.chat.replies import Text
from bot.chat.zones import local_date
from bot.errors import UsageError
from bot.groups import texts
from bot.schedule.series import (
    WEEKS,
    Series,
    call_lead,
    first_date,
    occurrences,
    starts_at,
)

AIRY = 6
"""Up to this size everybody gets enough airtime; above it the answer says what size costs."""

WITH_ROOMS = frozenset({"discord"})
"""The platforms on which a bot can open a private room in a channel."""

LONGEST_LINK = 300
NO_PLACE = frozenset({"none", "no", "-", "nowhere"})
CHANNEL = re.compile(r"(?:<#([A-Za-z0-9_-]{1,64})(?:\|[^<>]*)?>|#([A-Za-z0-9_-]{1,64}))")
CLOSING = "closing"
"""Why a group is paused while it is being erased."""

OWN_REASONS = ("asked", "empty", CLOSING)
"""Reasons of a pause that are the members' own; any other one means that the home is gone."""


def read_first(series: Series, wanted: date, now: datetime) -> date:
    """The first date as wanted, unless it is past or none of the series: then the nearest."""
    nearest = nearest_date(series, wanted, now)
    if wanted == nearest:
        return wanted
    problem = texts.first_past if starts_at(series, wanted) <= now else texts.first_unfit
    raise UsageError(problem(series, wanted, nearest), option="first")


def nearest_date(series: Series, wanted: date, now: datetime) -> date:
    """The nearest date a series of this rhythm could begin on, not in the past.

    Every second or fourth week can begin in any week: the first date anchors it.
    """
    around = max(wanted, local_date(now, series.zone))
    every = "week" if series.every in WEEKS else series.every
    free = Series(every, series.weekday, series.time, series.zone, around - timedelta(days=80))
    until = around + timedelta(days=80)
    near = takewhile(lambda day: day < until, occurrences(free, around - timedelta(days=40)))
    fitting = (day for day in near if starts_at(series, day) > now)
    return min(fitting, key=lambda day: (abs(day - wanted), day))


def following_first(series: Series, day: date, now: datetime) -> date:
    """Where a series begins that replaces one whose first date was `day`."""
    today = local_date(now, series.zone)
    after = max(today, day - timedelta(days=1))
    return first_date(series.every, series.weekday, after)


def read_place(typed: str) -> str | None:
    """A voice channel as `#ref`, an https address, or `None` for no place."""
    if typed.lower() in NO_PLACE:
        return None
    channel = CHANNEL.fullmatch(typed)
    if channel is not None:
        return "#" + (channel[1] or channel[2])
    link = typed[1:-1].partition("|")[0] if typed[:1] == "<" and typed[-1:] == ">" else typed
    if not is_link(link):
        raise UsageError(texts.PLACE_UNREAD, option="place")
    return link


def is_link(link: str) -> bool:
    """Whether it is an https address that can be shown as one."""
    if len(link) > LONGEST_LINK or re.search(r"[\s<>\"'`|\\]", link):
        return False
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc


def check_size(size: int, quorum: int, members: int) -> None:
    """A quorum that can be reached, and a place for everybody who is there."""
    if size < members:
        raise UsageError(texts.too_small(members), option="size")
    if quorum > size:
        raise UsageError(texts.quorum_too_large(size), option="quorum")


def check_room(room: str, platform: str) -> None:
    """Cases run in rooms of their own only where the platform has such."""
    if room != "channel" and platform not in WITH_ROOMS:
        raise UsageError(texts.NO_ROOMS, option="room")


def check_leads(series: Series, call: int | None, agenda: int, reminder: int) -> None:
    """Each prompt comes before the next: cases are called for, then the agenda, then reminded."""
    called = call if call is not None else int(call_lead(series).total_seconds())
    if agenda >= called:
        raise UsageError(texts.lead_order("agenda", "call", called), option="agenda")
    if reminder >= agenda:
        raise UsageError(texts.lead_order("reminder", "agenda", agenda), option="reminder")


def airtime(size: int, case_minutes: int) -> Text | None:
    """What a size above six costs everybody, in minutes."""
    if size <= AIRY:
        return None
    return texts.airtime(size, case_minutes // size, AIRY, case_minutes // AIRY)


def home_is_gone(state: str, paused_why: str | None) -> bool:
    """Whether a group is paused because it can no longer be reached at home."""
    return state == "paused" and paused_why not in OWN_REASONS
