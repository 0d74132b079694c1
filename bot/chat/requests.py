"""Who asked what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

PersonRef = NewType("PersonRef", str)
"""A person as an option's value: the platform's own reference, without its markup."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a person asked; every reference is the platform's own and opaque to the bot."""

    id: str
    """The platform's own id of this request: the same request delivered twice has one effect."""
    platform: str
    space: str | None
    """Discord guild or Slack workspace; `None` in a Discord private message."""
    channel: str | None
    """Where it was asked; a thread counts as its parent channel."""
    person: str
    now: datetime
    zone: str | None = None
    """The person's IANA zone where the platform knows it."""
    may_post: bool | None = None
    """Whether the bot may post in `channel`, where the platform says so beforehand."""
    message: str | None = None
    """The message that was pressed, where another can be shown in its place."""
    vouched: bool = True
    """Whether the platform has said that the person belongs to the space; if not, members only."""
