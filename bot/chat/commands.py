"""A slash command declared once, by the signature of the function that carries it out.

From a declaration come the native command of each platform, the parser, the form, help and the
manifest. Import-time checks hold the tighter limit of both platforms, so that what works on one
works on the other.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, Literal, get_type_hints

from bot.chat.options import Option, parameters, read_options
from bot.chat.replies import FORM_INPUTS, Answer, Choice, CommandName, Form, Text
from bot.errors import UsageError

Handler = Callable[..., Awaitable[Answer]]
Suggester = Callable[..., Awaitable[list[Choice]]]
Needs = Literal["nothing", "space", "group", "member"]
"""What must be there before a request is carried out: the person's membership, at most."""

NAME = re.compile(r"[a-z][a-z-]{0,31}")
LONGEST_DESCRIPTION = 100
LONGEST_TITLE = 24
"""Slack's headings of forms are shorter than Discord's."""
MOST_OPTIONS = 25
LONGEST_ACTION = 100
SLACKS_OWN = frozenset(
    "remind me join leave invite topic who status away dnd open prefs mute kick msg dm".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: what it is called, what it takes, what carries it out."""

    name: str
    description: str
    options: tuple[Option, ...]
    handler: Handler
    writes: bool
    needs: Needs
    form: tuple[str, ...] = ()
    intro: Text | None = None
    probes: bool = False
    """Whether the bot must be able to post before the answer is given."""
    more: tuple[tuple[str, ...], ...] = ()
    """Further forms, for options that have no room in the first."""
    instead: Handler | None = None
    """Asked before the form opens: an answer that is better than the form, or `None`."""
    title: str = ""
    """What its form is headed; its name where nothing better is said."""

    @property
    def root(self) -> str:
        """The slash command itself: `case` of `case add`."""
        return self.name.split(" ")[0]

    @property
    def sub(self) -> str:
        """What follows the root: `add` of `case add`."""
        return self.name.split(" ")[1]

    def option(self, name: str) -> Option:
        """The option called so."""
        for option in self.options:
            if option.name == name:
                return option
        raise UsageError(
            Text(
                "{command} has no option called {name}.",
                command=CommandName(self.name),
                name=name,
            )
        )

    def missing(self, given: Mapping[str, str]) -> tuple[Option, ...]:
        """The required options that were not given."""
        return tuple(o for o in self.options if o.required and not given.get(o.name, "").strip())

    def opens_form(self, given: Mapping[str, str]) -> bool:
        """Whether a form is shown because something required is missing."""
        return bool(self.form) and bool(self.missing(given))

    def may_open_form(self, given: Mapping[str, str]) -> bool:
        """Whether a form may be the answer, so that it must not be deferred.

        Where nothing is required the handler itself opens it, filled with what holds now.
        """
        asks_itself = bool(self.form) and not any(o.required for o in self.options)
        return asks_itself or self.opens_form(given)

    def fields(self, at: str | None = None) -> tuple[str, ...]:
        """The options on the form that holds the option `at`; the first form otherwise."""
        return next((fields for fields in self.more if at in fields), self.form)

    def as_form(self, action: str, given: Mapping[str, str], at: str | None = None) -> Form:
        """The command as the form that holds the option `at`, filled with what was given."""
        inputs = tuple(self.option(name).as_input(given.get(name, "")) for name in self.fields(at))
        return Form(self.title or self.name.capitalize(), action, inputs, self.intro)

    def words(self, given: Mapping[str, str]) -> dict[Option, str]:
        """What was written in words of a person's own, as far as it can be read."""
        return readable_words(self.options, given)

    def read(self, given: Mapping[str, str]) -> dict[str, object]:
        """The typed options as values; empty ones count as not given."""
        values: dict[str, object] = {}
        for name, typed in given.items():
            if typed.strip():
                values[name] = self.option(name).read(typed)
        for option in self.missing(given):
            raise UsageError(
                Text(
                    "{option} is missing: {description}.",
                    option=option.name.capitalize(),
                    description=Text(option.description),
                ),
                option=option.name,
            )
        # A name that is a word of Python's own has an underscore in the handler: `with_`.
        return {name + "_" * iskeyword(name): value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Action:
    """Something pressed: its id, then the group's number, then its own arguments."""

    name: str
    handler: Handler
    arguments: tuple[type, ...]
    writes: bool
    needs: Needs
    form: bool = False
    takes: tuple[Option, ...] = ()
    """Of a submission: the fields of its form; nothing else of it reaches the handler."""
    again: str = ""
    """Of a submission: the action that opens its form again, given its arguments and a draft."""

    def read(self, typed: tuple[str, ...]) -> tuple[object, ...]:
        """The arguments that came with a press; anything odd is an outdated card."""
        if len(typed) != len(self.arguments):
            raise UsageError("That button is from an older message.")
        try:
            return tuple(_argument(*given) for given in zip(self.arguments, typed, strict=True))
        except ValueError as error:
            raise UsageError("That button is from an older message.") from error


def readable_words(options: Iterable[Option], given: Mapping[str, str]) -> dict[Option, str]:
    """What was written in words; what cannot be read is refused before anybody uses it."""
    found: dict[Option, str] = {}
    for option in options:
        typed = given.get(option.name, "")
        if not option.is_words or not typed.strip():
            continue
        try:
            found[option] = str(option.read(typed))
        except UsageError:
            continue
    return found


def is_number(text: str) -> bool:
    """Whether it is a row's number: digits, and not more than a database takes."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _argument(kind: Callable[[str], object], text: str) -> object:
    if not (text.isascii() and text.isprintable()) or (kind is int and not is_number(text)):
        raise ValueError("nothing that a button of ours carries")
    return kind(text)


@dataclass
class Commands:
    """All that can be asked of the bot, declared by its features."""

    commands: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    submissions: dict[str, Action] = field(default_factory=dict)
    suggesters: dict[str, Suggester] = field(default_factory=dict)
    composers: dict[str, Callable[..., Awaitable[Any]]] = field(default_factory=dict)

    def command(
        self,
        name: str,
        *,
        writes: bool,
        needs: Needs = "member",
        form: tuple[str, ...] = (),
        intro: Text | None = None,
        probes: bool = False,
        more: tuple[tuple[str, ...], ...] = (),
        instead: Handler | None = None,
        title: str = "",
    ) -> Callable[[Handler], Handler]:
        """Declare a command: its signature holds the options, its docstring the description."""

        def declare(handler: Handler) -> Handler:
            description = (handler.__doc__ or "").strip().splitlines()[0].rstrip(".")
            made = Command(
                name,
                description,
                read_options(handler),
                handler,
                writes,
                needs,
                form,
                intro,
                probes,
                more,
                instead,
                title,
            )
            _check(made)
            _add(self.commands, name, made)
            return handler

        return declare

    def action(
        self, name: str, *, writes: bool = True, needs: Needs = "member", form: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare what a button does; `form` if pressing it may open a form."""

        def declare(handler: Handler) -> Handler:
            _add(
                self.actions, name, Action(name, handler, _arguments(handler), writes, needs, form)
            )
            return handler

        return declare

    def submission(
        self,
        name: str,
        *,
        takes: tuple[Option, ...],
        again: str = "",
        writes: bool = True,
        needs: Needs = "member",
    ) -> Callable[[Handler], Handler]:
        """Declare what sending a form of a feature's own does; it is given what `takes` names."""

        def declare(handler: Handler) -> Handler:
            arguments = _arguments(handler)[:-1]
            made = Action(name, handler, arguments, writes, needs, takes=takes, again=again)
            _add(self.submissions, name, made)
            return handler

        return declare

    def suggest(self, source: str) -> Callable[[Suggester], Suggester]:
        """Declare the suggestions called `source`."""

        def declare(suggester: Suggester) -> Suggester:
            _add(self.suggesters, source, suggester)
            return suggester

        return declare

    def post(self, kind: str) -> Callable[[Any], Any]:
        """Declare what makes the words of one kind of post."""

        def declare(composer: Any) -> Any:
            _add(self.composers, kind, composer)
            return composer

        return declare

    def __iter__(self) -> Iterator[Command]:
        """All commands, in the order of their declaration."""
        return iter(self.commands.values())

    def word_options(self) -> frozenset[str]:
        """The names of all options that hold words of a person's own."""
        options = [option for command in self for option in command.options]
        options += [option for form in self.submissions.values() for option in form.takes]
        return frozenset(option.name for option in options if option.is_words)

    def roots(self) -> dict[str, list[Command]]:
        """The commands by the slash command they belong to."""
        roots: dict[str, list[Command]] = {}
        for command in self:
            roots.setdefault(command.root, []).append(command)
        return roots

    def include(self, other: Commands) -> None:
        """Take over another feature's declarations."""
        for mine, theirs in (
            (self.commands, other.commands),
            (self.actions, other.actions),
            (self.submissions, other.submissions),
            (self.suggesters, other.suggesters),
            (self.composers, other.composers),
        ):
            for name, declared in theirs.items():
                _add(mine, name, declared)


def action_id(name: str, group: int, *arguments: int | str) -> str:
    """The id of a button: what it does, in which group, with what."""
    made = ":".join([name, str(group), *map(str, arguments)])
    if len(made) > LONGEST_ACTION:
        raise ValueError(f"the action {made!r} is longer than {LONGEST_ACTION} characters")
    return made


def _add(declared: Any, name: str, made: object) -> None:
    if name in declared:
        raise ValueError(f"{name!r} is declared twice")
    declared[name] = made


def _check(command: Command) -> None:
    root, _, sub = command.name.partition(" ")
    for name in (root, sub, *(o.name for o in command.options)):
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} in {command.name!r} is no name for both platforms")
    if root in SLACKS_OWN:
        raise ValueError(f"/{root} belongs to Slack itself")
    for words in (command.description, *(o.description for o in command.options)):
        if not 1 <= len(words) <= LONGEST_DESCRIPTION:
            raise ValueError(
                f"{words!r} in {command.name!r}: 1 to {LONGEST_DESCRIPTION} characters"
            )
    if len(command.title) > LONGEST_TITLE:
        raise ValueError(
            f"{command.title!r} in {command.name!r}: at most {LONGEST_TITLE} characters"
        )
    largest = max(map(len, (command.form, *command.more)))
    if len(command.options) > MOST_OPTIONS or largest > FORM_INPUTS:
        raise ValueError(f"{command.name!r} takes too much")


def _arguments(handler: Handler) -> tuple[type, ...]:
    hints = get_type_hints(handler)
    return tuple(hints[parameter.name] for parameter in parameters(handler))
