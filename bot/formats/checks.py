"""What holds between the keys of a format file: lengths, speakers, silence, cards.

They look at the file as it was written, because they must find their mistakes also where other
keys are wrong: whoever wrote it should read about everything at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from bot.formats.schema import DAYS, MINUTES, PEOPLE, Values

Location: TypeAlias = tuple[str | int, ...]
Finding: TypeAlias = tuple[Location, str]
Check: TypeAlias = Callable[[Values, list[Values]], Iterator[Finding]]


def check(values: Values) -> Iterator[Finding]:
    """Everything that is wrong between keys, each with where it is."""
    phases = tables(values, "phases")
    for one in CHECKS:
        yield from one(values, phases)


def tables(values: Values, key: str) -> list[Values]:
    """A list of tables; what is no table counts as an empty one, so that numbers stay right."""
    found = values.get(key)
    return [t if isinstance(t, dict) else {} for t in found] if isinstance(found, list) else []


def default_least(length: int) -> int:
    """The shortest a phase may become where its file does not say."""
    return max(1, length // 2)


def _number(table: Any, key: str) -> int | None:
    value = table.get(key) if isinstance(table, dict) else None
    # TOML's true is a number to Python.
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is(table: Values, key: str, value: object) -> bool:
    return table.get(key) == value


def _sizes(values: Values, phases: list[Values]) -> Iterator[Finding]:
    ranges: list[tuple[Location, Any]] = [(("size",), values.get("size"))]
    ranges += [(("phases", n, "rounds"), phase.get("rounds")) for n, phase in enumerate(phases)]
    for where, table in ranges:
        least, most = _number(table, "least"), _number(table, "most")
        if least is not None and most is not None and least > most:
            yield where, f"is the wrong way round: least is {least}, most is {most}"


def _lengths(values: Values, phases: list[Values]) -> Iterator[Finding]:
    unit, other = ("days", "minutes") if _is(values, "unit", "days") else ("minutes", "days")
    for n, phase in enumerate(phases):
        if other in phase:
            yield ("phases", n, other), f'does not go with unit = "{unit}": write {unit}'
        elif unit not in phase:
            yield ("phases", n, unit), "is missing"
        length, least = _number(phase, unit), _number(phase, "least")
        if length is not None and least is not None and least > length:
            yield ("phases", n, "least"), f"is more than the {length} {unit} of the phase"


def _sum(values: Values, phases: list[Values]) -> Iterator[Finding]:
    unit, most = ("days", DAYS) if _is(values, "unit", "days") else ("minutes", MINUTES)
    lengths = [_number(phase, unit) for phase in phases]
    # A single length beyond the limit is told on its own line already.
    length = sum(n for n in lengths if n is not None and 0 < n <= most)
    if length > most:
        yield ("phases",), f"take {length} {unit} together; a format may take {most}"
    people = _number(values.get("size"), "most") or 1
    each = people if people in range(1, PEOPLE + 1) and _is(values, "per", "person") else 1
    if length <= most < length * each:
        together = f"{length} {unit} for each of {each} people are {length * each}"
        yield ("phases",), f"take too long together: {together}; a format may take {most}"


def _speakers(values: Values, phases: list[Values]) -> Iterator[Finding]:
    for n, phase in enumerate(phases):
        if _is(phase, "silent", True) and _is(phase, "speaks", "presenter"):
            yield ("phases", n, "silent"), "the presenter cannot both speak and be silent"
        if "rounds" in phase and not _is(phase, "speaks", "in turn"):
            yield ("phases", n, "rounds"), 'only goes with speaks = "in turn"'
    theirs = [n for n, phase in enumerate(phases) if _is(phase, "speaks", "presenter")]
    quiet = [n for n, phase in enumerate(phases) if _is(phase, "silent", True)]
    if phases and not theirs and not any(_unreadable(phase) for phase in phases):
        yield ("phases",), 'the presenter never speaks: one phase needs speaks = "presenter"'
    elif theirs and quiet and quiet[-1] > theirs[-1]:
        later = 'add a phase with speaks = "presenter" after it'
        yield ("phases", quiet[-1], "silent"), f"the presenter has the last word: {later}"


def _unreadable(phase: Values) -> bool:
    """Whether its `speaks` is told to be wrong already, and may be meant for the presenter."""
    return phase.get("speaks") not in ("presenter", "in turn", "freely", "nobody")


def _taking(values: Values, phases: list[Values]) -> Iterator[Finding]:
    days = _is(values, "unit", "days")
    for n, phase in enumerate(phases):
        takes = phase.get("takes")
        if takes == "writing" and not days:
            yield ("phases", n, "takes"), '"writing" needs unit = "days"'
        if takes in ("question", "perspective") and days:
            yield ("phases", n, "takes"), 'with unit = "days" people write: leave it out'
        elif takes == "question" and not _is(phase, "speaks", "in turn"):
            yield ("phases", n, "takes"), '"question" needs speaks = "in turn"'


def _cards(values: Values, phases: list[Values]) -> Iterator[Finding]:
    cards = tables(values, "perspectives")
    dealing = [n for n, phase in enumerate(phases) if _is(phase, "takes", "perspective")]
    most = _number(values.get("size"), "most")
    if cards and not dealing:
        yield ("perspectives", 0), 'no phase deals them: one needs takes = "perspective"'
    if dealing and not cards:
        yield ("phases", dealing[0], "takes"), "there are no cards: add [[perspectives]]"
    elif dealing and most is not None and len(cards) <= most:
        enough = f"{most} people need at least {most + 1}, so that nobody gets theirs again"
        yield ("perspectives", 0), f"are too few: {enough}"
    names = [card.get("name") for card in cards]
    twice = {name for name, times in Counter(map(repr, names)).items() if times > 1}
    for n, name in enumerate(names):
        if name is not None and repr(name) in twice and name in names[:n]:
            yield ("perspectives", n, "name"), "is on another card already"


CHECKS: tuple[Check, ...] = (_sizes, _lengths, _sum, _speakers, _taking, _cards)
