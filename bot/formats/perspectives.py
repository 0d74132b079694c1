"""Dealing perspective cards: no two alike, and never the same to a member twice running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from bot.formats.model import Perspective


def deal(
    cards: Sequence[Perspective],
    members: Iterable[int],
    last: Mapping[int, str],
    rng: Random,
) -> dict[int, Perspective]:
    """A card for each member; `last` has the name of the one that each was dealt before.

    With one card more than members everybody gets one. With fewer, some get none rather than
    one that somebody else has or that they had last time.
    """
    here = list(dict.fromkeys(members))
    order = rng.sample(here, len(here))
    hands = {member: _hand(cards, last.get(member), rng) for member in order}
    held: dict[str, int] = {}
    for member in order:
        _give(member, hands, held, set())
    by_name = {card.name: card for card in cards}
    dealt = {member: by_name[name] for name, member in held.items()}
    return {member: dealt[member] for member in here if member in dealt}


def _hand(cards: Sequence[Perspective], last: str | None, rng: Random) -> list[str]:
    """The cards a member may get, in the order in which they are tried."""
    shuffled = rng.sample([card.name for card in cards], len(cards))
    return [name for name in shuffled if name != last]


def _give(
    member: int, hands: Mapping[int, Sequence[str]], held: dict[str, int], tried: set[str]
) -> bool:
    """Let a member have a card, if need be one whose holder can take another."""
    for name in hands[member]:
        if name in tried:
            continue
        tried.add(name)
        if name not in held or _give(held[name], hands, held, tried):
            held[name] = member
            return True
    return False
