"""Checks a request's body against Discord's published OpenAPI file, where that file is at hand."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "discord_openapi.json"
URN = "urn:discord"


@functools.cache
def _document() -> dict[str, Any] | None:
    if not SPEC.exists():
        return None
    document: dict[str, Any] = json.loads(SPEC.read_text())
    # The service takes ids as numbers too, and the library sends them so.
    document["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    return document


def available() -> bool:
    """Whether bodies are checked against the published file at all."""
    return _document() is not None


@functools.cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    document = _document()
    assert document is not None
    paths = sorted(document["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in paths]


@functools.cache
def _validator(method: str, template: str) -> Draft202012Validator | None:
    document = _document()
    assert document is not None
    operation = document["paths"][template].get(method)
    if operation is None or "requestBody" not in operation:
        return None
    pointer = "/".join(
        part.replace("~", "~0").replace("/", "~1")
        for part in ("paths", template, method, "requestBody", "content", "application/json")
    )
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(URN, resource)
    return Draft202012Validator({"$ref": f"{URN}#/{pointer}/schema"}, registry=registry)


def complaints(method: str, path: str, body: Any) -> list[str]:
    """What the published file has against this request; empty when it is fine or unknown here."""
    if not available():
        return []
    template = next((t for pattern, t in _templates() if pattern.match(path)), None)
    if template is None:
        return [f"{method} {path} is not in the published API"]
    validator = _validator(method.lower(), template)
    if validator is None:
        return []
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]
