"""A group's settings as plain data: what a change keeps, what a form is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from bot.chat.dates import WEEKDAYS
from bot.chat.zones import local_date
from bot.groups import texts
from bot.store.tables import Group

COLUMNS = (
    "name",
    "every",
    "weekday",
    "time",
    "zone",
    "first",
    "minutes",
    "place",
    "size",
    "quorum",
    "call_lead",
    "agenda_lead",
    "reminder_lead",
    "keep",
    "room",
)


def snapshot(group: Group) -> dict[str, Any]:
    """The settings as JSON can hold them."""
    kept = {name: getattr(group, name) for name in COLUMNS}
    return kept | {"time": group.time.isoformat(), "first": group.first.isoformat()}


def restore(group: Group, kept: Mapping[str, Any]) -> None:
    """Put the settings back as they were kept."""
    for name in COLUMNS:
        # What was written down before there was such a setting says nothing of it.
        if name in kept:
            setattr(group, name, kept[name])
    group.time = time.fromisoformat(kept["time"])
    group.first = date.fromisoformat(kept["first"])


def as_typed(group: Group, now: datetime) -> dict[str, str]:
    """The settings as a person would type them; a first date only while it is to come."""
    coming = group.first >= local_date(now, group.zone)
    return {
        "name": group.name,
        "every": group.every,
        "weekday": WEEKDAYS[group.weekday].lower(),
        "time": f"{group.time:%H:%M}",
        "zone": group.zone,
        "first": group.first.isoformat() if coming else "",
        "place": group.place or "none",
        "minutes": str(group.minutes),
        "size": str(group.size),
        "quorum": str(group.quorum),
        "call": texts.written_lead(group.call_lead) if group.call_lead else texts.BY_RHYTHM,
        "agenda": texts.written_lead(group.agenda_lead),
        "reminder": texts.written_lead(group.reminder_lead),
        "keep": str(group.keep),
        "room": group.room,
    }
