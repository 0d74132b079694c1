"""What Slack would refuse: blocks and views held against its published schemas and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

Json = dict[str, Any]

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
LABELS = {"button": ("text", 75), "header": ("text", 150), "input": ("label", 2000)}
ELEMENTS = {"actions": 25, "context": 10}
IN_MESSAGES = {"section", "header", "actions", "context", "divider", "image", "rich_text"}
IN_VIEWS = IN_MESSAGES | {"input"}


@cache
def _schema(name: str) -> Json | None:
    path = SPECS / f"slacktypes.{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


@cache
def schemas_present() -> bool:
    """Whether Slack's schemas lie beside the repository; without them only the limits are held."""
    return _schema("Blocks") is not None and _schema("Modal") is not None


@cache
def _validators() -> dict[str, Draft7Validator]:
    """A validator for each type of block and of element."""
    schema = _schema("Blocks")
    if schema is None:
        return {}
    found = {}
    for name, definition in schema["definitions"].items():
        kind = definition.get("properties", {}).get("type", {}).get("const")
        if kind:
            found[kind] = Draft7Validator(
                {"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]}
            )
    return found


@cache
def _view_validator(name: str) -> Draft7Validator | None:
    schema = _schema(name)
    return Draft7Validator(schema) if schema is not None else None


def message_problems(body: Json) -> list[str]:
    """Everything Slack would hold against this message."""
    found = []
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        found.append("no_text")
    if blocks and not text:
        found.append("a message with blocks has no top-level text")
    if len(text) > 40_000:
        found.append("msg_too_long")
    if len(blocks) > 50:
        found.append(f"{len(blocks)} blocks in a message, 50 allowed")
    return found + list(_all_blocks(blocks, IN_MESSAGES))


def view_problems(view: Json) -> list[str]:
    """Everything Slack would hold against this modal or home."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"a view of type {kind!r}"]
    blocks = view.get("blocks") or []
    found = [f"{len(blocks)} blocks in a view"] if not 1 <= len(blocks) <= 100 else []
    for name, limit in (("private_metadata", 3000), ("callback_id", 255)):
        if len(view.get(name, "")) > limit:
            found.append(f"{name} over {limit}")
    for name in ("title", "submit", "close"):
        if name in view:
            found += _text(view[name], f"view {name}", 24, plain=True)
    if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
        found.append("a modal with inputs has no submit")
    validator = _view_validator(kind.capitalize())
    if validator is not None:
        # The blocks are held against the schema of their own kind below: that tells more.
        found += [_short(error.message) for error in validator.iter_errors(view | {"blocks": []})]
    return found + list(_all_blocks(blocks, IN_VIEWS))


def _all_blocks(blocks: list[Json], allowed: set[str]) -> Iterator[str]:
    yield from _repeated("block_id", (block.get("block_id") for block in blocks))
    for number, block in enumerate(blocks):
        for problem in _block(block, allowed):
            yield f"block {number} ({block.get('type')}): {problem}"


def _block(block: Json, allowed: set[str]) -> Iterator[str]:
    kind = str(block.get("type"))
    if kind not in allowed:
        yield "not allowed here"
        return
    # The buttons of a row are held against the schema of their own kind: that is much faster.
    yield from _against_schema(kind, block | {"elements": []} if kind == "actions" else block)
    if len(block.get("block_id", "")) > 255:
        yield "block_id over 255"
    if kind == "section":
        yield from _section(block)
    elif kind == "header":
        yield from _text(block.get("text"), "header", 150, plain=True)
    elif kind in ELEMENTS:
        yield from _elements(block, ELEMENTS[kind])
    elif kind == "input":
        yield from _input(block)
    elif kind == "rich_text":
        yield from _rich_text(block)


def _against_schema(kind: str, part: Json) -> Iterator[str]:
    validator = _validators().get(kind)
    if validator is not None:
        yield from (_short(error.message) for error in validator.iter_errors(part))
    elif schemas_present():
        yield f"{kind!r} is no type Slack knows"


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "a section with neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], "section", 3000)
    fields = block.get("fields", [])
    if "fields" in block and not 1 <= len(fields) <= 10:
        yield f"{len(fields)} fields"
    for field in fields:
        yield from _text(field, "field", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _rich_text(block: Json) -> Iterator[str]:
    elements = [e for section in block["elements"] for e in section.get("elements", [])]
    if not elements:
        yield "rich text without anything in it"
    if any(e["type"] == "text" and not e["text"] for e in elements):
        yield "an empty text element"
    # Slack names no limit for rich text; it is held to that of a section.
    if sum(len(e.get("text", "")) for e in elements) > 3000:
        yield "rich text over 3000"
    for element in elements:
        ref = element.get("user_id") or element.get("channel_id") or "U1A"
        if not re.fullmatch(r"[UWCGD][A-Z0-9]{2,}", ref):
            yield f"{ref!r} is no id"


def _elements(block: Json, limit: int) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= limit:
        yield f"{len(elements)} elements, 1 to {limit} allowed"
    yield from _repeated("action_id", (element.get("action_id") for element in elements))
    for element in elements:
        yield from _against_schema(str(element.get("type")), element)
        if element.get("type") in ("mrkdwn", "plain_text"):
            yield from _text(element, "context", 3000)
        else:
            yield from _element(element)


def _input(block: Json) -> Iterator[str]:
    yield from _text(block.get("label"), "label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], "hint", 2000, plain=True)
    element = block.get("element", {})
    yield from _element(element)
    limit = element.get("max_length", 3000)
    if element.get("type") == "plain_text_input":
        if not 1 <= limit <= 3000:
            yield f"max_length {limit}"
        if len(element.get("initial_value", "")) > limit:
            yield "initial_value over max_length"


def _element(element: Json) -> Iterator[str]:
    if len(element.get("action_id", "")) > 255:
        yield "action_id over 255"
    if len(element.get("value", "")) > 2000:
        yield "value over 2000"
    if "placeholder" in element:
        yield from _text(element["placeholder"], "placeholder", 150, plain=True)
    if element.get("type") == "button":
        yield from _text(element.get("text"), "button", 75, plain=True)
        if len(element.get("accessibility_label", "")) > 75:
            yield "accessibility_label over 75"
        if len(element.get("url", "")) > 3000:
            yield "url over 3000"
        if not element.get("action_id"):
            yield "a button without action_id"
    if "options" in element:
        yield from _options(element)


def _options(element: Json) -> Iterator[str]:
    options = element["options"]
    most = 10 if element["type"] in ("radio_buttons", "checkboxes") else 100
    if not 1 <= len(options) <= most:
        yield f"{len(options)} options, 1 to {most} allowed"
    for option in options:
        yield from _text(option.get("text"), "option", 75)
        if not 1 <= len(option.get("value", "")) <= 150:
            yield "option value not 1 to 150 long"
    initial = element.get("initial_option")
    if initial is not None and initial not in options:
        yield "initial_option is none of the options"


def _text(value: Any, where: str, limit: int, *, plain: bool = False) -> list[str]:
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
        return [f"{where} has no text object"]
    if plain and value["type"] != "plain_text":
        return [f"{where} must be plain_text"]
    size = len(value.get("text", ""))
    return [] if 1 <= size <= limit else [f"{where} is {size} long, 1 to {limit} allowed"]


def _repeated(what: str, values: Iterable[str | None]) -> Iterator[str]:
    seen: set[str] = set()
    for value in values:
        if value is not None and value in seen:
            yield f"{what} {value} twice"
        seen.add(value or "")


def _short(message: str) -> str:
    return message if len(message) < 300 else message[:300] + "…"
