"""Leaving people in peace who are told in private of what others did."""

from __future__ import annotations

from bot.context import Composing, Later
from bot.schedule.quiet import quiet_until


def in_peace(say: Composing) -> Later | None:
    """When the person may be written to, if not now; what was sent is kept true at any hour."""
    until = quiet_until(say.person, say.group, say.now)
    return None if until is None or say.post.message else Later(until)
