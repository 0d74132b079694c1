"""Refusing a request's body as Discord does."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.fakes.discord.state import State
from tests.fakes.discord.traffic import error

PREFIX = "/api/v10"


async def body_of(request: web.Request) -> Any:
    """What was sent with a request; it can be asked for as often as needed."""
    text = await request.text()
    return json.loads(text) if text else None


def refuse_body(state: State, request: web.Request, faults: list[str]) -> web.Response:
    """Refuse a body as Discord does, and remember it: it fails the test unless it was expected."""
    where = f"{request.method} {request.path.removeprefix(PREFIX)}"
    state.problems.append(f"{where}: {'; '.join(faults)}")
    details: dict[str, Any] = {"_errors": [{"code": "FAKE", "message": f} for f in faults]}
    return error(400, 50035, "Invalid Form Body", errors=details)
