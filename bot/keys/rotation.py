"""Replacing the master key: every data key is wrapped anew, and a kill half-way loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.keys.masters import MasterError
from bot.keys.ring import Keyring, unwrap, wrap
from bot.keys.sealing import fingerprint

AT_ONCE = 200
"""Keys wrapped anew in one transaction."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did."""

    keys: int
    resumed: bool


async def rotate(ring: Keyring, at: Callable[[str], None]) -> Rotated:
    """Replace the master key; `at` is called at the points between which it may be killed.

    1. The new key is there before anything needs it: in its file, or in everybody's settings.
    2. From one moment on, new data keys are wrapped with it; who still has the old one is told.
    3. Page by page the others are wrapped anew. Until then both master keys are needed.
    4. When nothing is wrapped with the old one it is forgotten, and the new one takes its place.
    """
    await ring.open()
    new = ring.masters.next()
    name = fingerprint(new)
    ring.masters.known[name] = new
    known = await ring.store.masters()
    resumed = known.get(name) == "current"
    if not resumed and "retiring" in known.values():
        raise MasterError("another replacement is not finished: its new key is needed first")
    await ring.store.begin_master(name)
    at("begun")
    old = [one for one in await ring.store.masters() if one != name]
    count = 0
    for one in old:
        count += await _wrap_all(ring, one, name, at)
    ring.masters.settle()
    return Rotated(count, resumed)


async def _wrap_all(ring: Keyring, old: str, new: str, at: Callable[[str], None]) -> int:
    count = 0
    keys = {name: ring.masters.find(name) for name in (old, new)}
    was, becomes = keys[old], keys[new]
    if was is None or becomes is None:
        raise MasterError("one of the two master keys is not here")
    while not await ring.store.end_master(old):
        page = await ring.store.wrapped_with(old, "", AT_ONCE)
        await ring.store.wrap_anew(
            old, new, [(n, wrap(becomes, n, unwrap(was, n, wrapped))) for n, wrapped in page]
        )
        count += len(page)
        at("rewrapped")
    return count


async def count_unopened(ring: Keyring) -> tuple[int, int]:
    """How many keys there are, and how many of them their master key does not open."""
    await ring.open()
    total = damaged = 0
    for master in await ring.store.masters():
        key, after = ring.masters.find(master), ""
        while page := await ring.store.wrapped_with(master, after, AT_ONCE):
            after = page[-1].id
            total += len(page)
            damaged += sum(not _opens(key, name, wrapped) for name, wrapped in page)
    return total, damaged


def _opens(master: bytes | None, name: str, wrapped: bytes) -> bool:
    try:
        return master is not None and bool(unwrap(master, name, wrapped))
    except MasterError:
        return False
