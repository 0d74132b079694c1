"""The hours in which a person is left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.zones import instant
from bot.store.tables import Group, Person


def quiet_until(person: Person | None, group: Group, now: datetime) -> datetime | None:
    """When the person's quiet hours end, if they are in them now.

    Read in their own zone, else in the one the platform knows, else in the group's.
    """
    if person is None or person.quiet_from is None or person.quiet_to is None:
        return None
    zone = person.zone or person.platform_zone or group.zone
    local = now.astimezone(ZoneInfo(zone))
    start, end, time = person.quiet_from, person.quiet_to, local.time()
    over_midnight = start > end
    inside = (time >= start or time < end) if over_midnight else start <= time < end
    if not inside:
        return None
    day = local.date()
    if over_midnight and time >= start:
        day += timedelta(days=1)
    return instant(day, end, zone)
