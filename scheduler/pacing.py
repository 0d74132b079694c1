"""When a post may leave: evenly spaced, so that a platform never has to refuse one.

Pure: the time goes in as seconds of any steady clock. Posts wait here; answers to people do not
pass through here at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

Item = TypeVar("Item")

SLOWER = 1.2
"""How much further apart posts leave after the platform asked to slow down."""
SLOWEST = 16.0
RECOVERY = 0.999
"""What each post that went well takes off that: after about two hundred the pace is back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform takes posts."""

    between: float
    """Seconds between any two posts."""
    in_channel: float = 0.0
    """Seconds between two messages of one channel."""
    on_card: float = 1.0
    """Seconds between two edits of one message."""
    per_space: bool = False
    """Whether each space has a pace of its own."""


DISCORD = Pace(between=1 / 49)
"""Discord takes 50 requests a second of one bot; answers to people do not count."""


def slack(per_minute: int) -> Pace:
    """Slack takes so many messages a minute in one workspace, and about one a second a channel."""
    # A little slower: a second's delay on the wire must not make it one too many in a minute.
    return Pace(between=60 / per_minute * 1.02, in_channel=1.02, per_space=True)


POSTS, EDITS = 0, 1


@dataclass(slots=True)
class _Lane(Generic[Item]):
    """What goes to one channel, or to one message: it rests after each."""

    free_at: float = float("-inf")
    rested: bool = False
    """Its first post and its first edit are on offer."""
    queues: tuple[deque[tuple[int, Item]], deque[tuple[int, Item]]] = field(
        default_factory=lambda: (deque(), deque())
    )


class Pacer(Generic[Item]):
    """A queue that gives out its items at the platform's pace.

    A card people look at is edited before posts that wait, but never twice in a row while one
    does: neither can keep the other from its turn.
    """

    def __init__(self, pace: Pace) -> None:
        """Start with everything free."""
        self._pace = pace
        self._slowness = 1.0
        self._free_at = float("-inf")
        self._turn = EDITS
        self._count = 0
        self._held = 0
        self._lanes: dict[Hashable, _Lane[Item]] = {}
        self._resting: list[tuple[float, int, Hashable]] = []
        self._offers: tuple[list[tuple[int, Hashable]], ...] = ([], [])

    def __len__(self) -> int:
        """How many items wait."""
        return self._held

    @property
    def between(self) -> float:
        """Seconds between two posts at the moment, as learned from refusals."""
        return self._pace.between * self._slowness

    def put(self, item: Item, channel: str, card: int | None) -> None:
        """Queue an item for a channel; `card` is the message it edits, if it is an edit."""
        self._count += 1
        self._held += 1
        name, kind = self._lane_name(channel, card), POSTS if card is None else EDITS
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane()
            self._rest(name, lane)
        lane.queues[kind].append((self._count, item))
        if lane.rested and len(lane.queues[kind]) == 1:
            heappush(self._offers[kind], (self._count, name))

    def _lane_name(self, channel: str, card: int | None) -> Hashable:
        if self._pace.in_channel:
            return channel
        # Without a limit on channels a new message stands alone, and edits by what they edit.
        return ("new", self._count) if card is None else ("card", card)

    def next(self, now: float) -> tuple[Item | None, float | None]:
        """The item that may leave now, or how long to wait; neither when nothing is waiting."""
        if not self._held:
            return None, None
        if now < self._free_at:
            return None, self._free_at - now
        self._wake_lanes(now)
        for kind in (self._turn, 1 - self._turn):
            name = self._first(kind)
            if name is not None:
                return self._take(name, kind, now), None
        return None, self._resting[0][0] - now

    def _rest(self, name: Hashable, lane: _Lane[Item]) -> None:
        lane.rested = False
        self._count += 1
        heappush(self._resting, (lane.free_at, self._count, name))

    def _wake_lanes(self, now: float) -> None:
        """Put what rested lanes hold on offer, and forget the lanes that hold nothing."""
        while self._resting and self._resting[0][0] <= now:
            name = heappop(self._resting)[2]
            lane = self._lanes[name]
            lane.rested = True
            if not any(lane.queues):
                del self._lanes[name]
            for queue, offers in zip(lane.queues, self._offers, strict=True):
                if queue:
                    heappush(offers, (queue[0][0], name))

    def _first(self, kind: int) -> Hashable | None:
        """The lane whose turn it is; an offer that no longer stands is dropped."""
        offers = self._offers[kind]
        while offers:
            number, name = offers[0]
            lane = self._lanes.get(name)
            if lane is not None and lane.rested:
                queue = lane.queues[kind]
                if queue and queue[0][0] == number:
                    return name
            heappop(offers)
        return None

    def _take(self, name: Hashable, kind: int, now: float) -> Item:
        lane = self._lanes[name]
        heappop(self._offers[kind])
        _, item = lane.queues[kind].popleft()
        self._held -= 1
        self._turn = 1 - kind
        # A late wake-up is made up for, by one post at most, so that the pace does not drift.
        self._free_at = max(self._free_at, now - self.between) + self.between
        lane.free_at = now + max(self._pace.in_channel, self._pace.on_card if kind == EDITS else 0)
        self._rest(name, lane)
        return item

    def refused(self, now: float, retry_after: float) -> None:
        """The platform asked to wait: nothing leaves until then, and less often afterwards."""
        self._free_at = max(self._free_at, now + retry_after)
        self._slowness = min(SLOWEST, self._slowness * SLOWER)

    def went_well(self) -> None:
        """One more post was taken: the pace recovers slowly."""
        self._slowness = max(1.0, self._slowness * RECOVERY)

    def clear(self) -> list[Item]:
        """Take everything back that has not left."""
        items = [
            item for lane in self._lanes.values() for queue in lane.queues for _, item in queue
        ]
        self._lanes.clear()
        self._resting.clear()
        for offers in self._offers:
            offers.clear()
        self._held = 0
        return items
