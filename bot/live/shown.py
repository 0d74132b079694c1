"""What the card of a running meeting is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.chat.replies import Button, Text
from bot.formats.model import Format
from bot.live.closing_card import Close
from bot.live.kept import Kept
from bot.live.seats import can_be_held
from bot.live.state import LiveState
from bot.store.tables import Group, Member

MakeButton = Callable[..., Button]
"""How a button that carries its group is made: `Context.button` or `Composing.button`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A running meeting with the people its card names, by their numbers."""

    group: Group
    kept: Kept
    people: Mapping[int, Member]
    standby: bool = False
    """Whether another case could take the place of one whose presenter is missing."""
    advice: tuple[Format, Text] | None = None
    """What the case that waits could be worked through in, where hardly anybody is there."""
    close: Close | None = None
    """What belongs to the first and the last round: intentions and take-aways."""

    @property
    def state(self) -> LiveState:
        """Where the meeting is."""
        return self.kept.state

    @property
    def case_id(self) -> int | None:
        """The case it is at, if it is at one."""
        return self.state.segment.case_id if self.state.segment else None


def has_seat(shown: Shown) -> bool:
    """Whether it is a case that somebody can facilitate; not where each presents something."""
    state, case_id = shown.state, shown.case_id
    return case_id is not None and any(can_be_held(state, case_id, m) for m in state.present)
