"""Words on Slack: each span as rich text, as mrkdwn for notifications, or plainly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from functools import singledispatchmethod
from typing import Any

from bot.chat.replies import (
    Bold,
    ChannelMention,
    CommandName,
    Link,
    Mention,
    Moment,
    Span,
    Text,
    plain,
)

Json = dict[str, Any]

FORMATS = {
    "full": ("{date_long_pretty} at {time}", "%Y-%m-%d %H:%M UTC"),
    "date": ("{date_long_pretty}", "%Y-%m-%d"),
    "time": ("{time}", "%H:%M UTC"),
    "left": ("{time}", "%H:%M UTC"),
}
PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
PLAIN = re.compile(r"[\t\n -~]*")
"""Words without any letter that would have to be looked at: nearly all there are."""
SPECIAL = re.compile(r"[&<>*_~`]")
TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of the words around them."""


@dataclass(frozen=True)
class Wording:
    """How words are written in one place: the commands' prefix, and who may be pinged.

    Where `pinged` is None a mention reaches nobody else (a private answer) and shows as one;
    elsewhere people who are not in it stand there by name.
    """

    prefix: str = ""
    pinged: Collection[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def mentions(self, ref: str) -> bool:
        """Whether this person is shown as a mention."""
        return PERSON.fullmatch(ref) is not None and (self.pinged is None or ref in self.pinged)

    def name(self, ref: str) -> str:
        """A person in plain words."""
        return "@" + clean(self.names.get(ref, ref))

    @singledispatchmethod
    def element(self, span: object) -> Json:
        """One span of words as an element of rich text."""
        return styled(clean(str(span)))

    @element.register
    def _(self, span: Mention) -> Json:
        if self.mentions(span.ref):
            return {"type": "user", "user_id": span.ref}
        return styled(self.name(span.ref))

    @element.register
    def _(self, span: ChannelMention) -> Json:
        if CHANNEL.fullmatch(span.ref):
            return {"type": "channel", "channel_id": span.ref}
        return styled("#" + clean(span.ref))

    @element.register
    def _(self, span: Moment) -> Json:
        shown, fallback = _moment(span)
        stamp = int(span.at.timestamp())
        return {"type": "date", "timestamp": stamp, "format": shown, "fallback": fallback}

    @element.register
    def _(self, span: Bold) -> Json:
        return styled(clean(span.text), "bold")

    @element.register
    def _(self, span: CommandName) -> Json:
        return styled(f"/{self.prefix}{span.name}", "code")

    @element.register
    def _(self, span: Link) -> Json:
        return {"type": "link", "url": span.url}

    def markup(self, span: Span) -> str:
        """One span of words as mrkdwn, for notifications."""
        match span:
            case Mention(ref):
                return f"<@{ref}>" if self.mentions(ref) else escape(self.name(ref))
            case ChannelMention(ref) if CHANNEL.fullmatch(ref):
                return f"<#{ref}>"
            case Moment():
                shown, fallback = _moment(span)
                return f"<!date^{int(span.at.timestamp())}^{shown}|{fallback}>"
            case CommandName(name):
                return f"/{self.prefix}{name}"
            case Bold(text):
                return escape(clean(text))
            case Link(url):
                return f"<{_entities(url)}>"
            case _:
                return escape(clean(str(span)))

    def plainly(self, text: Text, zone: str) -> str:
        """Words where Slack shows no markup at all, such as beside the field of a form."""

        def show(span: Span) -> str:
            if isinstance(span, Mention):
                return self.name(span.ref)
            return plain(Text("{span}", span=span), zone, f"/{self.prefix}")

        return clean(text.render(show))


def clean(words: str) -> str:
    """Words without control characters and without those that turn the direction around."""
    if PLAIN.fullmatch(words):
        return words
    return "".join(
        letter
        for letter in words
        if letter in "\n\t"
        or (letter not in TURNING and unicodedata.category(letter) not in ("Cc", "Cs"))
    )


def escape(words: str) -> str:
    """Words that mrkdwn reads as words: no mention, no link, no format.

    It has no escape for its formatting characters; word joiners beside them keep them from pairing.
    """
    if not SPECIAL.search(words):
        return words
    return re.sub(r"([*_~`])", "\u2060\\1\u2060", _entities(words))


def _entities(words: str) -> str:
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = words.replace(letter, entity)
    return words


def shortened(words: str, most: int) -> str:
    """Words cut to what fits."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def mentions_in(text: Text) -> Iterator[Mention]:
    """The people a text mentions."""
    for _, span in text.values:
        if isinstance(span, Mention):
            yield span
        elif isinstance(span, Text):
            yield from mentions_in(span)


def styled(words: str, style: str | None = None) -> Json:
    """Words as an element of rich text."""
    made: Json = {"type": "text", "text": words}
    return made if style is None else made | {"style": {style: True}}


def _moment(span: Moment) -> tuple[str, str]:
    shown, fallback = FORMATS[span.style]
    return shown, span.at.astimezone(UTC).strftime(fallback)
