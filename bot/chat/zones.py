"""Local time: which instant a wall clock shows, and the zone names that people type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from operator import itemgetter
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.replies import Text, listed
from bot.errors import UsageError

UNREAL = frozenset({"Factory", "localtime"})
"""Names of the zone database that are no place: one means unset, one means this very machine."""

ZONES_SHOWN = 25
"""Discord shows at most this many suggestions."""

COMMON = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Athens",
    "Europe/Kyiv",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
)
"""What is suggested before anything was typed."""


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant at which clocks in `zone` show `wall` on `day`.

    A wall time that occurs twice means the first; one that clocks jump over means the first
    instant after the jump.
    """
    tz = _zone(zone)
    local = datetime.combine(day, wall.replace(tzinfo=None, fold=0), tzinfo=tz)
    found = local.astimezone(UTC)
    if found.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    return _end_of_gap(local, tz)


def _end_of_gap(local: datetime, tz: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped over `local`, by bisection.

    Read with the offset from before the jump, a skipped wall time lies after the jump; read with
    the offset from after it, it lies before.
    """
    low = int(local.replace(fold=1).timestamp()) - 1
    high = int(local.timestamp()) + 1
    before = datetime.fromtimestamp(low, tz).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def local_date(at: datetime, zone: str) -> date:
    """The date that a calendar in `zone` shows at this instant."""
    return at.astimezone(_zone(zone)).date()


def local_time(at: datetime, zone: str) -> time:
    """The wall time that a clock in `zone` shows at this instant."""
    return at.astimezone(_zone(zone)).time()


def read_zone(text: str) -> str:
    """The zone a person typed, or a `UsageError` with the nearest names; nothing is guessed."""
    found = _known().get(_key(text))
    if found is not None:
        return found
    near = suggest_zones(text, limit=4)
    if not text.strip():
        problem = Text("I expected a time zone such as {near}.", near=listed(near, "or"))
    elif near:
        problem = Text(
            "I know no time zone {zone}. Did you mean {near}?",
            zone=_short(text),
            near=listed(near, "or"),
        )
    else:
        problem = Text(
            "I know no time zone {zone}. I expected a name such as {near}.",
            zone=_short(text),
            near=listed(COMMON[4:10:5], "or"),
        )
    raise UsageError(problem, option="zone")


def suggest_zones(text: str, limit: int = ZONES_SHOWN) -> list[str]:
    """Zones for what was typed so far, best first: by city, region, country, then by likeness."""
    wanted = _key(text)[:64]
    if not wanted:
        return list(COMMON[:limit])
    ranked = [(rank, p.name) for p in _places() if (rank := p.rank(wanted)) is not None]
    if ranked:
        return [name for _, name in sorted(ranked, key=itemgetter(0))][:limit]
    others = sorted(name for key, name in _known().items() if wanted in key)
    return (others or list(dict.fromkeys(_alike(wanted))))[:limit]


def _alike(wanted: str) -> Iterator[str]:
    """Zones whose city or whole name is spelled nearly so."""
    names: dict[str, str] = {}
    for place in _places():
        for word in (*place.countries, place.name.lower(), place.city):
            names.setdefault(word, place.name)
    for word in get_close_matches(wanted, names, n=ZONES_SHOWN, cutoff=0.72):
        yield names[word]


@dataclass(frozen=True, slots=True)
class _Place:
    """A zone that can be suggested, with the words it is found by."""

    name: str
    city: str
    countries: tuple[str, ...]

    def rank(self, wanted: str) -> int | None:
        """How well it fits what was typed: 0 is best, `None` not at all."""
        name = self.name.lower()
        tests = (
            wanted in (self.city, name) or wanted in self.countries,
            self.city.startswith(wanted),
            name.startswith(wanted),
            any(country.startswith(wanted) for country in self.countries),
            wanted in name,
            any(wanted in country for country in self.countries),
        )
        return next((rank for rank, fits in enumerate(tests) if fits), None)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _known() -> dict[str, str]:
    """Every zone this machine can compute, by its name in small letters."""
    return {name.lower(): name for name in sorted(available_timezones() - UNREAL)}


@cache
def _places() -> tuple[_Place, ...]:
    """The zones in use today, old spellings left out, as the zone database lists them."""
    countries = {code: _key(name) for code, name, *_ in _table("iso3166.tab")}
    found: dict[str, tuple[str, ...]] = {"UTC": ()}
    for code, _, name, *_ in _table("zone.tab"):
        found[name] = (countries[code],)
    return tuple(
        _Place(name, name.rsplit("/", 1)[-1].lower(), within)
        for name, within in found.items()
        if name.lower() in _known()
    )


def _table(name: str) -> Iterator[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if line and line[0] != "#")


def _key(text: str) -> str:
    return "_".join(text.lower().split())


def _short(text: str, most: int = 40) -> str:
    """What was typed, short enough to be quoted in an answer."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1] + "…"
