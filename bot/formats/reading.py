"""Reading format files: the bundled ones and an operator's own, with every mistake at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from bot.config import ConfigError, Problem
from bot.formats.checks import check, default_least
from bot.formats.mistakes import explain, placed, without_echoes
from bot.formats.model import DEFAULT, Format, Formats, Perspective, Phase, Range
from bot.formats.schema import FormatSection, PhaseSection

__all__ = [
    "BUNDLED",
    "Format",
    "Formats",
    "Perspective",
    "Phase",
    "bundled_formats",
    "read_folder",
    "read_format",
    "read_formats",
]

BUNDLED = Path(__file__).parent / "bundled"


def read_format(text: str, source: str) -> Format:
    """The format in this text; `source` names its file in the `ConfigError` of a broken one."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_not_toml(text, source, error)]) from None
    mistakes = list(check(values))
    section = None
    try:
        section = FormatSection.model_validate(values)
    except ValidationError as error:
        mistakes += [(detail["loc"], explain(detail)) for detail in error.errors(include_url=False)]
    if mistakes or section is None:
        told = without_echoes(mistakes)
        raise ConfigError(sorted(placed(text, source, told), key=_by_line))
    return _format(section)


def read_folder(path: Path) -> list[Format]:
    """All formats of a folder, in the order of their files; one broken file refuses them all."""
    formats: list[tuple[Path, Format]] = []
    problems: list[Problem] = []
    for file in _files(path):
        try:
            formats.append((file, read_format(_text(file), str(file))))
        except ConfigError as error:
            problems += error.problems
    problems += _twins(formats)
    if problems:
        raise ConfigError(problems)
    return [found for _, found in formats]


def read_formats(extra: Path | None = None) -> Formats:
    """The bundled formats and those of an operator's folder.

    An own format with the id of a bundled one takes its place: that is how a bundled format is
    put into a group's own words or minutes. A name can stand only once, or nobody could tell
    which of the two they choose.
    """
    own = read_folder(extra) if extra is not None else []
    kept = {found.id: found for found in read_folder(BUNDLED)}
    names = {found.name.casefold(): found for found in kept.values()}
    replaced = {found.id for found in own}
    problems = [
        Problem(found.id, f"the name {found.name!r} is that of the bundled {taken.id}", str(extra))
        for found in own
        if (taken := names.get(found.name.casefold())) and taken.id not in replaced
    ]
    if problems:
        raise ConfigError(problems)
    kept |= {found.id: found for found in own}
    return Formats((kept.pop(DEFAULT), *sorted(kept.values(), key=lambda f: f.name.casefold())))


@cache
def bundled_formats() -> Formats:
    """The bundled formats, read once."""
    return read_formats()


def _files(folder: Path) -> list[Path]:
    try:
        # Names with a dot in front are what editors and file systems leave lying about.
        files = sorted(
            file
            for file in folder.iterdir()
            if file.suffix.lower() == ".toml" and not file.name.startswith(".")
        )
    except OSError as error:
        message = f"the formats' folder cannot be read: {error.strerror}"
        raise ConfigError([Problem("", message, str(folder))]) from None
    if not files:
        message = "holds no format: each is a file of its own whose name ends in .toml"
        raise ConfigError([Problem("", message, str(folder))])
    return files


def _text(file: Path) -> str:
    try:
        # Some editors write a mark in front of UTF-8, which TOML does not know.
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        message = "is not UTF-8 text"
    raise ConfigError([Problem("", message, str(file))])


def _not_toml(text: str, source: str, error: ValueError | RecursionError) -> Problem:
    words = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    words, _, where = words.removesuffix(")").partition(" (at ")
    found = re.match(r"line (\d+)", where)
    line = found[1] if found else len(text.splitlines()) if where else None
    place = f"{source}:{line}" if line else source
    return Problem("", f"is not valid TOML: {words}", place)


def _by_line(problem: Problem) -> int:
    line = problem.place.rpartition(":")[2]
    return int(line) if line.isdigit() else 0


def _twins(formats: Sequence[tuple[Path, Format]]) -> Iterator[Problem]:
    """Files of one folder that could not be told apart."""
    ids: dict[str, Path] = {}
    names: dict[str, Path] = {}
    for file, found in formats:
        earlier = ids.setdefault(found.id, file)
        namesake = names.setdefault(found.name.casefold(), file)
        if earlier != file:
            yield Problem("id", f"{found.id} is the id of {earlier.name} already", str(file))
        elif namesake != file:
            said = f"{found.name!r} is the name of {namesake.name} already"
            yield Problem("name", said, str(file))


def _format(section: FormatSection) -> Format:
    return Format(
        id=section.id,
        name=section.name,
        summary=section.summary,
        size=Range(section.size.least, section.size.most),
        unit=section.unit,
        per=section.per,
        phases=tuple(_phase(phase) for phase in section.phases),
        perspectives=tuple(Perspective(card.name, card.line) for card in section.perspectives),
    )


def _phase(section: PhaseSection) -> Phase:
    length = section.days or section.minutes or 0
    rounds = section.rounds
    return Phase(
        name=section.name,
        length=length,
        least=section.least or default_least(length),
        speaks=section.speaks,
        rule=section.rule,
        aside=section.aside or "",
        silent=section.silent,
        takes="writing" if section.days else section.takes,
        rounds=Range(rounds.least, rounds.most) if rounds else None,
    )
