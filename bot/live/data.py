"""A running meeting as plain JSON values: after a restart it goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from bot.live.state import LiveState

_STATE = TypeAdapter(LiveState)


def as_data(state: LiveState) -> dict[str, Any]:
    """The state as plain JSON values."""
    data: dict[str, Any] = _STATE.dump_python(state, mode="json")
    return data


def from_data(data: Mapping[str, Any]) -> LiveState:
    """The state that `as_data` wrote."""
    return _STATE.validate_python(data)
