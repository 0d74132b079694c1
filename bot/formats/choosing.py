"""Finding the format that is meant or in force, and suggesting one by who is here, saying why."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from bot.chat.replies import Choice, Text
from bot.formats import texts
from bot.formats.model import DEFAULT, Format, Formats


def suggest(formats: Formats, present: int, minutes_left: int) -> tuple[Format, Text]:
    """A format to work with now, the presenter counted among those present.

    1. For one or two, the shortest.
    2. Of those that are for so many people and can be fitted to the time: the default format,
       or else the one that has to be stretched or shortened least.
    3. Of those that can be fitted to the time at all: the one whose size is nearest.
    4. If none can, the shortest, saying that even that is too long.
    """
    spoken = [found for found in formats if found.unit == "minutes"]
    minutes = max(0, minutes_left)
    in_time = [found for found in spoken if found.least <= minutes]
    if not in_time:
        quickest = min(spoken, key=lambda found: (found.least, found.id))
        return quickest, texts.hardly_any_time(quickest, minutes)
    if present <= 2:
        return _few(in_time, present, minutes)
    fitting = [f for f in in_time if present in f.size and f.least * f.times(present) <= minutes]
    for found in fitting:
        if found.id == DEFAULT:
            return found, texts.suits(found, present, minutes)
    if fitting:
        best = min(fitting, key=lambda f: (_strain(f.length * f.times(present), minutes), f.id))
        return best, texts.suits(best, present, minutes)
    near = min(in_time, key=lambda f: (f.size.distance(present), _strain(f.length, minutes), f.id))
    return near, texts.nearest(near, present, minutes)


def _few(in_time: list[Format], present: int, minutes: int) -> tuple[Format, Text]:
    shortest = min(in_time, key=lambda found: (found.length, found.id))
    return shortest, texts.few_here(shortest, present, minutes)


def _strain(length: int, minutes: int) -> Fraction:
    """By what factor a length must be stretched or shortened; 1 is not at all."""
    return Fraction(max(length, minutes), max(1, min(length, minutes)))


def in_force(formats: Formats, *ids: str | None) -> Format:
    """The first of these that was chosen and is still there for meetings, else the default one."""
    found = (formats.find(id) for id in ids if id is not None)
    return next((one for one in found if one and one.unit == "minutes"), formats.default)


def choices(formats: Iterable[Format], typed: str) -> list[Choice]:
    """What could be meant while a format is being typed, each with what it is good for."""
    wanted = typed.strip().casefold()
    return [
        Choice(found.id, f"{found.name} — {found.summary}"[:100])
        for found in formats
        if wanted in f"{found.id} {found.name} — {found.summary}".casefold()
    ][:25]


def find_named(formats: Iterable[Format], typed: str) -> Format | None:
    """The format somebody means: by its id, its name, or how one of them begins."""
    wanted = _plain(typed)
    spelled = [(_plain(name), found) for found in formats for name in (found.id, found.name)]
    exact = [found for name, found in spelled if name == wanted]
    begun = {found.id: found for name, found in spelled if wanted and name.startswith(wanted)}
    if exact:
        return exact[0]
    return next(iter(begun.values())) if len(begun) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
