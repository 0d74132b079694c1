"""One option of a command: its kind, its limits, and how what was typed becomes its value."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.chat.plainwords import read_words
from bot.chat.replies import Input, Text
from bot.chat.requests import PersonRef
from bot.errors import UsageError

Kind = Literal["text", "number", "choice", "person"]


@dataclass(frozen=True, slots=True)
class Most:
    """The longest text an option takes, in characters."""

    characters: int
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """The smallest and the largest number an option takes."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Suggest:
    """The name of the suggestions offered while the option is typed."""

    source: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """A text that is no words of a person's own: what reads it takes nothing else."""

    of: Literal["code", "command", "date", "format", "hours", "lead", "place", "time", "zone"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a command can be given."""

    name: str
    kind: Kind
    description: str
    required: bool
    choices: tuple[str, ...] = ()
    most: int = 200
    lines: bool = False
    between: Between | None = None
    suggest: str | None = None
    grammar: str | None = None
    """What a text is read as; `None` where it is a person's own words."""

    @property
    def is_words(self) -> bool:
        """Whether anything can be written in it, so that the guard must look at it."""
        return self.kind == "text" and self.grammar is None

    def read(self, typed: str) -> object:
        """The option's value, or a `UsageError` that says what was expected."""
        words = read_words(typed, self.name, self.most, lines=self.lines)
        match self.kind:
            case "number":
                return self._number(words)
            case "choice":
                return self._choice(words)
            case "person":
                return self._person(words)
            case _:
                return words

    def _number(self, words: str) -> int:
        limits = self.between or Between(0, 10_000)
        number = int(words) if re.fullmatch(r"-?[0-9]{1,6}", words) else None
        if number is None or not limits.least <= number <= limits.most:
            raise UsageError(
                Text(
                    "{option} is a whole number from {least} to {most}.",
                    option=self.name.capitalize(),
                    least=limits.least,
                    most=limits.most,
                ),
                option=self.name,
            )
        return number

    def _choice(self, words: str) -> str:
        wanted = " ".join(words.lower().split())
        for choice in self.choices:
            if wanted == choice:
                return choice
        raise UsageError(
            Text(
                "{option} is one of: {choices}.",
                option=self.name.capitalize(),
                choices=Text(", ".join(self.choices)),
            ),
            option=self.name,
        )

    def _person(self, words: str) -> PersonRef:
        if not re.fullmatch(r"@[^\s@]{1,80}", words):
            raise UsageError(
                Text("{option} is a person, such as @ana.", option=self.name.capitalize()),
                option=self.name,
            )
        return PersonRef(words[1:])

    def as_input(self, given: str) -> Input:
        """The option as a field of a form, filled with what was given."""
        kind: Literal["line", "paragraph", "choice", "person"] = "line"
        if self.kind == "choice":
            kind = "choice"
        elif self.kind == "person":
            kind = "person"
        elif self.lines:
            kind = "paragraph"
        return Input(
            name=self.name,
            label=self.name.capitalize(),
            kind=kind,
            value=given,
            hint=self.description,
            required=self.required,
            most=self.most,
            choices=self.choices,
        )


def parameters(handler: Callable[..., Any]) -> list[inspect.Parameter]:
    """What a handler takes besides its context."""
    return list(inspect.signature(handler).parameters.values())[1:]


def read_options(handler: Callable[..., Any]) -> tuple[Option, ...]:
    """The options that a handler's signature declares."""
    hints = get_type_hints(handler, include_extras=True)
    return tuple(_option(parameter, hints[parameter.name]) for parameter in parameters(handler))


def _option(parameter: inspect.Parameter, hint: Any) -> Option:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"the option {parameter.name!r} has no description")
    bare, description, *marks = get_args(hint)
    bare = _without_none(bare)
    most = next((m for m in marks if isinstance(m, Most)), Most(200))
    kinds: dict[Any, Kind] = {str: "text", int: "number", PersonRef: "person"}
    choices = get_args(bare) if get_origin(bare) is Literal else ()
    return Option(
        name=parameter.name.rstrip("_"),
        kind="choice" if choices else kinds[bare],
        description=description,
        required=parameter.default is inspect.Parameter.empty,
        choices=choices,
        most=most.characters,
        lines=most.lines,
        between=next((m for m in marks if isinstance(m, Between)), None),
        suggest=next((m.source for m in marks if isinstance(m, Suggest)), None),
        grammar=next((m.of for m in marks if isinstance(m, Grammar)), None),
    )


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint
