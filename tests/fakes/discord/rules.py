"""The limits that Discord enforces and its OpenAPI file does not state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.world import Json

NAME = re.compile(r"^[-_'\w]{1,32}$")
EMBED_TEXTS = {"title": 256, "description": 4096}


def size(text: str | None) -> int:
    """A text's length in UTF-16 units: the strictest way in which it could be counted."""
    return len((text or "").encode("utf-16-le", "surrogatepass")) // 2


def message_faults(body: Json, *, editing: bool = False) -> list[str]:
    """Everything wrong with a message somebody wants to post or edit."""
    faults = _too_long("content", body.get("content"), 2000)
    embeds = body.get("embeds") or []
    faults += [fault for embed in embeds for fault in _embed_faults(embed)]
    if sum(_embed_size(embed) for embed in embeds) > 6000:
        faults.append("embeds: more than 6000 characters in all")
    faults += _component_faults(body.get("components") or [])
    faults += _mention_faults(body.get("allowed_mentions"))
    nonce = body.get("nonce")
    faults += _too_long("nonce", str(nonce) if nonce is not None else None, 25)
    empty = not (body.get("content") or embeds or body.get("components"))
    if empty and not editing:
        faults.append("cannot send an empty message")
    return faults


def _too_long(what: str, text: str | None, limit: int) -> list[str]:
    return [f"{what}: {size(text)} of at most {limit}"] if size(text) > limit else []


def _blank_or_long(what: str, text: str | None, limit: int) -> list[str]:
    return _too_long(what, text, limit) if (text or "").strip() else [f"{what}: is required"]


def _embed_faults(embed: Json) -> Iterator[str]:
    for key, limit in EMBED_TEXTS.items():
        yield from _too_long(f"embed.{key}", embed.get(key), limit)
    yield from _too_long("embed.footer", (embed.get("footer") or {}).get("text"), 2048)
    yield from _too_long("embed.author", (embed.get("author") or {}).get("name"), 256)
    rows = embed.get("fields") or []
    if len(rows) > 25:
        yield f"embed.fields: {len(rows)} of at most 25"
    for row in rows:
        yield from _blank_or_long("embed.field.name", row.get("name"), 256)
        yield from _blank_or_long("embed.field.value", row.get("value"), 1024)


def _embed_size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [row.get(key) for row in embed.get("fields") or [] for key in ("name", "value")]
    return sum(size(text) for text in texts)


def _component_faults(rows: list[Json]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"components: {len(rows)} rows of at most 5"
    ids: list[str] = []
    for row in rows:
        parts = row.get("components") or []
        if row.get("type") != 1 or not 1 <= len(parts) <= 5:
            yield f"components: a row needs type 1 and 1 to 5 parts, not {len(parts)}"
        if len(parts) > 1 and any(part["type"] != 2 for part in parts):
            yield "components: a select needs a row of its own"
        for part in parts:
            yield from _part_faults(part)
            ids += [part["custom_id"]] if part.get("custom_id") else []
    if len(ids) != len(set(ids)):
        yield f"components: custom_id used twice in {ids}"


def _part_faults(part: Json) -> Iterator[str]:
    yield from _too_long("custom_id", part.get("custom_id"), 100)
    if part["type"] == 2:
        yield from _blank_or_long("button.label", part.get("label"), 80)
        if (part.get("style") == 5) == bool(part.get("custom_id")):
            yield "button: a link has a url and no custom_id, all others have a custom_id"
    elif part["type"] == 3:
        yield from _select_faults(part)
    else:
        yield f"components: type {part['type']} is not known here"


def _select_faults(part: Json) -> Iterator[str]:
    options = part.get("options") or []
    if not 1 <= len(options) <= 25:
        yield f"select.options: {len(options)}, expected 1 to 25"
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield f"select.options: a value is used twice in {values}"
    for option in options:
        for key in ("label", "value"):
            yield from _blank_or_long(f"select.{key}", option.get(key), 100)
        yield from _too_long("select.description", option.get("description"), 100)
    yield from _too_long("select.placeholder", part.get("placeholder"), 150)


def _mention_faults(allowed: Json | None) -> Iterator[str]:
    for kind in ("users", "roles"):
        named = (allowed or {}).get(kind) or []
        if named and kind in (allowed or {}).get("parse", ()):
            yield f"allowed_mentions: parse {kind} and a list of {kind} exclude each other"
        if len(named) > 100:
            yield f"allowed_mentions.{kind}: {len(named)} of at most 100"


def modal_faults(data: Json) -> list[str]:
    """Everything wrong with a form."""
    faults = _blank_or_long("modal.title", data.get("title"), 45)
    faults += _blank_or_long("modal.custom_id", data.get("custom_id"), 100)
    labels = data.get("components") or []
    # The published file allows 40; the clients hold 5.
    if not 1 <= len(labels) <= 5:
        faults.append(f"modal.components: {len(labels)}, expected 1 to 5")
    ids = [label["component"].get("custom_id") for label in labels if label.get("component")]
    if len(ids) != len(set(ids)):
        faults.append(f"modal: custom_id used twice in {ids}")
    for label in labels:
        faults += _label_faults(label)
    return faults


def _label_faults(label: Json) -> Iterator[str]:
    part = label.get("component") or {}
    if label.get("type") == 10:
        yield from _blank_or_long("text", label.get("content"), 4000)
        return
    if label.get("type") != 18 or part.get("type") not in (3, 4, 5):
        yield f"modal: expected a label around a text input or a select, not {label}"
        return
    yield from _blank_or_long("label", label.get("label"), 45)
    yield from _too_long("label.description", label.get("description"), 100)
    yield from _too_long("custom_id", part.get("custom_id"), 100)
    if part["type"] == 3:
        yield from _select_faults(part)
        return
    yield from _too_long(
        "input.placeholder", part.get("placeholder"), 100 + 50 * (part["type"] == 5)
    )
    yield from _too_long("input.value", part.get("value"), part.get("max_length") or 4000)


def command_faults(commands: list[Json]) -> list[str]:
    """Everything wrong with a declaration of commands."""
    faults = [] if len(commands) <= 100 else [f"{len(commands)} commands of at most 100"]
    names = [command["name"] for command in commands]
    if len(names) != len(set(names)):
        faults.append(f"a command is declared twice in {names}")
    for command in commands:
        faults += _declared_faults(command)
        if _whole(command) > 8000:
            faults.append(f"/{command['name']}: more than 8000 characters in all")
    return faults


def _whole(part: Json) -> int:
    own = size(part.get("name")) + size(part.get("description"))
    choices = sum(size(c["name"]) + size(str(c["value"])) for c in part.get("choices") or [])
    return own + choices + sum(_whole(option) for option in part.get("options") or [])


def _declared_faults(part: Json, depth: int = 0) -> Iterator[str]:
    name = part.get("name", "")
    if not NAME.match(name) or name != name.lower():
        yield f"{name!r} is no name for a command or option"
    yield from _blank_or_long(f"{name}.description", part.get("description"), 100)
    options = part.get("options") or []
    kinds = [option.get("type") for option in options]
    if len(options) > 25:
        yield f"{name}: {len(options)} options of at most 25"
    if any(kind in (1, 2) for kind in kinds) and any(kind not in (1, 2) for kind in kinds):
        yield f"{name}: sub-commands and options do not mix"
    if depth > 1 and any(kind in (1, 2) for kind in kinds):
        yield f"{name}: sub-commands nested too deep"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{name}: required options come first"
    yield from _choice_faults(name, part)
    for option in options:
        yield from _declared_faults(option, depth + 1)


def _choice_faults(name: str, part: Json) -> Iterator[str]:
    choices: list[dict[str, Any]] = part.get("choices") or []
    if choices and part.get("autocomplete"):
        yield f"{name}: choices and autocomplete exclude each other"
    yield from choice_faults(choices, name)


def choice_faults(choices: list[Json], name: str = "autocomplete") -> Iterator[str]:
    """Everything wrong with a list of choices."""
    if len(choices) > 25:
        yield f"{name}: {len(choices)} choices of at most 25"
    for choice in choices:
        yield from _blank_or_long(f"{name}.choice.name", choice.get("name"), 100)
        yield from _too_long(f"{name}.choice.value", str(choice.get("value")), 100)
