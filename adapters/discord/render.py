"""What Discord is given to show: pure functions from the bot's words to its payloads.

Words stand in the message's content, where mentions and times work, screen readers begin and
notifications come from; only what is too long for it goes into an embed. What a person typed is
escaped letter by letter, and who is pinged is always said explicitly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial, singledispatch
from typing import Any

from bot.chat.replies import (
    Bold,
    Button,
    ChannelMention,
    CommandName,
    Form,
    Input,
    Link,
    Mention,
    Moment,
    Reply,
    Text,
)

Json = dict[str, Any]
Ids = Mapping[str, str]
"""The ids of the declared commands by their root, which make them clickable in a text."""

CONTENT, DESCRIPTION, NAME, VALUE, EMBED = 2000, 4096, 256, 1024, 6000
FIELDS, BUTTONS, IN_A_ROW, LABEL, INPUT = 25, 25, 5, 80, 4000
TITLE = HEADING = 45
HINT = CHOICE = 100
PINGS = 100
STYLES = {"primary": 1, "secondary": 2, "danger": 4}

SNOWFLAKE = re.compile(r"[0-9]{15,20}")
ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~/?=&%+#]+")
MARKUP = re.compile(r"([\\*_~|`\[<]|@(?=everyone|here)|:(?=[\w+-]+:))")
LINE_START = re.compile(r"^(\s*)(?:([-+#>])|([0-9]{1,9})(?=[.)]))", re.M)
PLAIN = re.compile(r"[\n -~]*")
"""Words without any letter that would have to be looked at: nearly all there are."""
TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = frozenset("\u200b\u2060\ufeff\u00ad\u180e") | TURNING
"""Letters nobody sees that split words or turn them around; those that join letters stay."""


def clean(words: str) -> str:
    """Words without control characters and without letters that hide or turn what is read."""
    if PLAIN.fullmatch(words):
        return words
    return "".join(
        letter
        for letter in words.replace("\r\n", "\n").replace("\t", " ")
        if letter == "\n"
        or (letter not in HIDDEN and unicodedata.category(letter) not in ("Cc", "Cs"))
    )


def escape(words: str) -> str:
    """Words that Discord shows as they are: no format, no mention, no command; links still work.

    An address in angle brackets is a link that does not unfold into a picture of its page.
    """
    parts, position = [], 0
    words = clean(words)
    for address in ADDRESS.finditer(words):
        parts += [_escaped(words[position : address.start()]), f"<{address[0]}>"]
        position = address.end()
    return "".join([*parts, _escaped(words[position:])])


def _escaped(words: str) -> str:
    marked = MARKUP.sub(r"\\\1", words)
    return LINE_START.sub(lambda m: m[1] + (f"\\{m[2]}" if m[2] else f"{m[3]}\\"), marked)


@singledispatch
def show(span: object, ids: Ids) -> str:
    """One value of a text; whatever is not known to be ours was typed by a person."""
    return escape(str(span))


@show.register
def _(span: Mention, ids: Ids) -> str:
    return f"<@{span.ref}>" if SNOWFLAKE.fullmatch(span.ref) else escape("@" + span.ref)


@show.register
def _(span: ChannelMention, ids: Ids) -> str:
    return f"<#{span.ref}>" if SNOWFLAKE.fullmatch(span.ref) else escape("#" + span.ref)


@show.register
def _(span: Moment, ids: Ids) -> str:
    stamp = int(span.at.timestamp())
    styles = {"full": f"<t:{stamp}:F> (<t:{stamp}:R>)", "date": f"<t:{stamp}:D>"}
    styles["left"] = f"<t:{stamp}:R>"
    return styles.get(span.style, f"<t:{stamp}:t>")


@show.register
def _(span: Bold, ids: Ids) -> str:
    words = escape(span.text).strip()
    return f"**{words}**" if words else ""


@show.register
def _(span: CommandName, ids: Ids) -> str:
    known = ids.get(span.name.split(" ")[0])
    return f"</{span.name}:{known}>" if known else f"`/{span.name}`"


@show.register
def _(span: Link, ids: Ids) -> str:
    return escape(span.url)


def words(text: Text, ids: Ids) -> str:
    """A whole text as Discord's markdown."""
    return text.render(partial(show, ids=ids), escape)


def _bold(text: str) -> str:
    """A heading; what is bold inside it already needs no marks of its own."""
    plain = re.sub(r"(?<!\\)\*\*", "", text).strip()
    return f"**{plain}**" if plain else ""


def size(text: str) -> int:
    """A text's length in UTF-16 units, the strictest way in which it is counted."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def cut(text: str, most: int) -> str:
    """A text that fits, ending in `…` and never inside a mention, a time or an escape."""
    if size(text) <= most:
        return text
    kept, room = "", most - 3
    for letter in text:
        room -= 1 + (letter > "\uffff")
        if room < 0:
            break
        kept += letter
    kept = re.sub(r"(?<!\\)<[^>]*$", "", kept)
    kept = re.sub(r"(?<!\\)((?:\\\\)*)\\$", r"\1", kept).rstrip()
    if len(re.findall(r"(?<!\\)\*\*", kept)) % 2:
        kept = kept.removesuffix("**") if kept.endswith("**") else kept + "**"
    return kept + "…"


def message(reply: Reply, ids: Ids, *, pings: bool = True) -> Json:
    """A reply as the body of a message; `pings` is for posts: a private answer pings nobody."""
    title = [_bold(words(reply.title, ids))] if reply.title else []
    head = "\n".join(part for part in [*title, words(reply.text, ids)] if part)
    fields = [(_bold(escape(f.name)), words(f.text, ids)) for f in reply.fields]
    notify = [ref for ref in dict.fromkeys(reply.notify) if pings and SNOWFLAKE.fullmatch(ref)]
    notify = notify[:PINGS]
    whole = "\n\n".join([head, *(f"{name}\n{value}" for name, value in fields)]).strip()
    unnamed = " ".join(f"<@{ref}>" for ref in notify if f"<@{ref}>" not in whole)
    content = f"{unnamed}\n{whole}".strip() if unnamed else whole
    body: Json = {"content": content or "…", "embeds": []}
    if size(content) > CONTENT:
        called = " ".join(f"<@{ref}>" for ref in notify)
        body = {"content": cut(called, CONTENT), "embeds": [_embed(head, fields)]}
    body["components"] = list(_rows(reply.buttons))
    body["allowed_mentions"] = {"parse": [], "users": notify}
    return body


def _embed(head: str, fields: Sequence[tuple[str, str]]) -> Json:
    description = cut(head, DESCRIPTION)
    room, rows = EMBED - size(description), []
    for name, value in fields[:FIELDS]:
        row = {"name": cut(name, NAME) or "…", "value": cut(value, VALUE) or "…"}
        room -= size(row["name"]) + size(row["value"])
        if room < 0:
            break
        rows.append({**row, "inline": False})
    return {"description": description, "fields": rows}


def _rows(buttons: Sequence[Button]) -> Iterator[Json]:
    once = list({button.action: button for button in reversed(buttons)}.values())[::-1][:BUTTONS]
    for start in range(0, len(once), IN_A_ROW):
        row = [_button(button) for button in once[start : start + IN_A_ROW]]
        yield {"type": 1, "components": row}


def _button(button: Button) -> Json:
    label = cut(clean(button.label), LABEL).strip() or "…"
    return {
        "type": 2,
        "style": STYLES[button.style],
        "label": label,
        "custom_id": button.action,
    }


def modal(form: Form, ids: Ids) -> Json:
    """A form as a modal, filled with what was given."""
    intro = cut(words(form.intro, ids), INPUT).strip() if form.intro else ""
    return {
        "title": cut(clean(form.title).strip() or "…", TITLE),
        "custom_id": form.action,
        "components": [
            *([{"type": 10, "content": intro}] if intro else []),
            *(_label(asked) for asked in form.inputs),
        ],
    }


def _label(asked: Input) -> Json:
    label: Json = {
        "type": 18,
        "label": cut(asked.label, HEADING),
        "component": {"custom_id": asked.name, "required": asked.required} | _control(asked),
    }
    if asked.hint:
        label["description"] = cut(asked.hint, HINT)
    return label


def _control(asked: Input) -> Json:
    if asked.kind == "choice":
        return {"type": 3, "options": [_choice(c, asked.value) for c in asked.choices]}
    if asked.kind == "person":
        ref = asked.value.removeprefix("@")
        chosen = [{"id": ref, "type": "user"}] if SNOWFLAKE.fullmatch(ref) else []
        return {"type": 5, "default_values": chosen}
    most = min(asked.most, INPUT)
    value = (
        clean(asked.value) if asked.kind == "paragraph" else " ".join(clean(asked.value).split())
    )
    style = 2 if asked.kind == "paragraph" else 1
    return {"type": 4, "style": style, "value": cut(value, most), "max_length": most}


def _choice(choice: str, given: str) -> Json:
    shown = cut(choice, CHOICE)
    return {"label": shown, "value": shown, "default": choice == given.strip().lower()}
