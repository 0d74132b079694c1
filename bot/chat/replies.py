"""What the bot says: words with typed spans, cards with buttons, and forms.

A template is ours; every value put into it is escaped by the renderer, and a plain `str` value
is always treated as something a person typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from string import Formatter
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

FORM_INPUTS = 5
"""A Discord modal holds five components."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, named by the platform's own reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class ChannelMention:
    """A channel, named by the platform's own reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, shown in the zone of whoever reads it."""

    at: datetime
    style: Literal["full", "date", "time", "left"] = "full"
    """`left` is how far away it is, where the platform counts down by itself; else the time."""


@dataclass(frozen=True, slots=True)
class Bold:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class CommandName:
    """A command to type, such as `case add`, written the way the platform writes it."""

    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """An https address that was checked as such."""

    url: str


Span: TypeAlias = "str | int | Mention | ChannelMention | Moment | Bold | CommandName | Link | Text"


@dataclass(frozen=True, init=False, slots=True)
class Text:
    """A template of ours with the values that fill it."""

    template: str
    values: tuple[tuple[str, Span], ...]

    def __init__(self, template: str, /, **values: Span) -> None:
        """Hold the template; every `{name}` in it must have a value."""
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple(values.items()))

    def render(self, show: Callable[[Span], str], ours: Callable[[str], str] = str) -> str:
        """Write the words: `show` writes a value, `ours` the template's own words."""
        values: Mapping[str, Span] = dict(self.values)
        written: list[str] = []
        for literal, name in _parts(self.template):
            written.append(ours(literal))
            if name is not None:
                span = values[name]
                written.append(span.render(show, ours) if isinstance(span, Text) else show(span))
        return "".join(written)

    def __str__(self) -> str:
        """The plain words, times in UTC: for logs' ids, fallbacks and tests."""
        return plain(self)


@lru_cache(4096)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """A template's words, each with the name of the value behind them; there are few templates."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def plain(text: Text, zone: str = "UTC", prefix: str = "/") -> str:
    """The words without markup, times as seen from `zone`."""
    return text.render(lambda span: _plain(span, zone, prefix))


def plain_moment(moment: Moment, zone: str) -> str:
    """A time as a person in `zone` reads it: `Tue 10 Mar 2026, 18:30 (Europe/Berlin)`."""
    local = moment.at.astimezone(ZoneInfo(zone))
    if moment.style in ("time", "left"):
        return f"{local:%H:%M}"
    if moment.style == "date":
        return f"{local:%a} {local.day} {local:%b %Y}"
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def _plain(span: Span, zone: str, prefix: str) -> str:
    match span:
        case Mention(ref):
            return f"@{ref}"
        case ChannelMention(ref):
            return f"#{ref}"
        case Moment():
            return plain_moment(span, zone)
        case Bold(words):
            return words
        case CommandName(name):
            return f"{prefix}{name}"
        case Link(url):
            return url
        case _:
            return str(span)


def joined(texts: Iterable[Text | None], between: str) -> Text:
    """Several texts as one, those that are `None` left out."""
    parts = {f"p{n}": text for n, text in enumerate(t for t in texts if t is not None)}
    return Text(between.join("{" + name + "}" for name in parts), **parts)


def lines(*texts: Text | None) -> Text:
    """Texts below each other."""
    return joined(texts, "\n")


def sentences(*texts: Text | None) -> Text:
    """Texts after each other."""
    return joined(texts, " ")


def listed(spans: Iterable[Span], last: str = "and") -> Text:
    """Spans as people list them: `a, b and c`."""
    parts = {f"p{n}": span for n, span in enumerate(spans)}
    names = ["{" + name + "}" for name in parts]
    if len(names) < 2:
        return Text("".join(names), **parts)
    return Text(", ".join(names[:-1]) + f" {last} " + names[-1], **parts)


def counted(number: int, one: str, many: str | None = None) -> Text:
    """A number with its noun: `1 case`, `2 cases`."""
    return Text("{n} " + (one if number == 1 else many or one + "s"), n=number)


def at(instant: datetime) -> Moment:
    """A full moment from an aware instant."""
    return Moment(instant.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its words and the action it stands for (`case.withdraw:7:42`)."""

    label: str
    action: str
    style: Literal["primary", "secondary", "danger"] = "secondary"


@dataclass(frozen=True, slots=True)
class Field:
    """A small heading with words below it."""

    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says; `notify` holds the references of the people it pings."""

    text: Text
    title: Text | None = None
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form; its `name` is the option it fills."""

    name: str
    label: str
    kind: Literal["line", "paragraph", "choice", "person"] = "line"
    value: str = ""
    hint: str = ""
    required: bool = False
    most: int = 300
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A few fields to fill; sending it runs `action` with what was written."""

    title: str
    action: str
    inputs: tuple[Input, ...]
    intro: Text | None = None

    def __post_init__(self) -> None:
        """A form larger than the smallest platform's is a mistake in the code."""
        if len(self.inputs) + (self.intro is not None) > FORM_INPUTS:
            raise ValueError(f"the form {self.title!r} holds more than {FORM_INPUTS} components")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that changed nothing: why, and which option or form field was at fault."""

    reply: Reply
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion while an option is being typed."""

    value: str
    label: str


Put: TypeAlias = Callable[[Reply], Awaitable[None]]
"""Puts a card where the pressed message stands; raises `DeliveryError` and nothing else."""


@dataclass(frozen=True, slots=True)
class OnCard:
    """The card with this key shows what a press of it came to, at once where it was pressed.

    A handler gives the key and nothing more, after it has had that post refreshed.
    """

    key: str
    show: Callable[[Put], Awaitable[bool]] | None = None
    """Filled in by the App: has the card put where it stands, and says whether it is there."""


Answer: TypeAlias = Reply | Form | Refusal | OnCard | None
"""What a request gets; `None` means that a card of the bot shows the outcome by itself."""
