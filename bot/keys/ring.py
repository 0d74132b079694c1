"""The keys at work: handed out, remembered for a while, destroyed."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only

from bot.keys.masters import MasterError, Masters
from bot.keys.sealing import (
    Unopened,
    fingerprint,
    joined,
    marked,
    new_key,
    new_name,
    seal,
    unseal,
)
from bot.keys.store import KeyStore, Retired
from bot.store.unusable import UNUSABLE

log = logging.getLogger(__name__)

MOST_REMEMBERED = 20_000
"""Unwrapped keys kept in memory: what is asked for again and again costs no look-up."""

AT_ONCE = 64
"""Keys that are made in one transaction: a new case does not wait for a second disk."""

TENDED = timedelta(seconds=30)
"""How often it is looked whether the keys in memory were destroyed by somebody else: with ticks
of up to 30 seconds, no key outlives its destruction by more than a minute."""

LEDGER = "ledger"
"""The name of the key that marks who was forgotten; it is never destroyed."""

TOGETHER = "+"
"""Between the names of keys that open something only together."""


class Keyring:
    """Gives keys by name; a name may join several, which then open only together."""

    def __init__(self, store: KeyStore, masters: Masters) -> None:
        """Hold the store and whatever unwraps its keys."""
        self.store = store
        self.masters = masters
        self._unused: list[tuple[str, bytes]] = []
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._open = False
        self._tended_at: datetime | None = None

    @classmethod
    def in_memory(cls) -> Keyring:
        """Keys that are gone with the process, like the database they are for."""
        return cls(KeyStore("sqlite+aiosqlite://"), Masters())

    async def open(self) -> None:
        """Make ready what is new, and refuse a master key that is not this store's."""
        if self._open:
            return
        if await self.store.is_empty():
            # A master key that cannot be used is found out before there is a store for it.
            self.masters.first()
        await self.store.create()
        known = await self.store.masters()
        if not known:
            # Another process may begin at the same moment.
            with suppress(IntegrityError):
                await self.store.begin_master(fingerprint(self.masters.first()))
            known = await self.store.masters()
        missing = [name for name in known if self.masters.find(name) is None]
        if missing:
            await self.close()
            raise MasterError(self._missing(known))
        self._open = True

    def _missing(self, known: dict[str, str]) -> str:
        store, masters = self.store, self.masters
        where = store.url.database if store.is_sqlite else store.url.host
        if "retiring" in known.values():
            return (
                f"the master key of {where} is being replaced and one of the two is not here: "
                "give both (`rounds keys rotate` goes on where it stopped)"
            )
        wrong = "what was given is another one" if masters.load() else "there is none"
        back = "set ROUNDS_MASTER_KEY"
        if masters.given is None and masters.file is not None:
            back += f", or put {masters.file} back from its copy"
        return f"the keys in {where} need the master key {next(iter(known))}, and {wrong}: {back}"

    async def take(self) -> str:
        """The name of a key that nothing uses yet."""
        if not self._unused:
            await self.open()
            await self._make_more()
        name, key = self._unused.pop()
        self._remember(name, key)
        return name

    async def _make_more(self) -> None:
        made = [(new_name(), new_key()) for _ in range(AT_ONCE)]
        try:
            await self._add(made)
        except Retired:
            await self._add(made)
        self._unused += made

    async def _add(self, made: list[tuple[str, bytes]]) -> None:
        known = await self.store.masters()
        current = next(name for name, state in known.items() if state == "current")
        master = self._master(current)
        await self.store.add(current, [(n, wrap(master, n, key)) for n, key in made])

    async def find(self, names: str) -> bytes | None:
        """The key of this name; none when it, or one of those it joins, was destroyed."""
        known = self._kept.get(names)
        if known is not None:
            self._kept.move_to_end(names)
            return known
        found = [await self._fetch(name) for name in names.split(TOGETHER)]
        keys = [key for key in found if key is not None]
        if len(keys) < len(found):
            return None
        key = keys[0] if len(keys) == 1 else joined(keys)
        self._remember(names, key)
        return key

    def find_now(self, names: str) -> bytes | None:
        """The same, for what SQLAlchemy calls while it loads or writes rows."""
        known = self._kept.get(names)
        return known if known is not None else await_only(self.find(names))

    def take_now(self) -> str:
        """A new key's name, for what SQLAlchemy calls while it writes rows."""
        name: str = await_only(self.take())
        return name

    async def _fetch(self, name: str) -> bytes | None:
        await self.open()
        found = await self.store.find(name)
        if found is None:
            return None
        wrapped, master = found
        return unwrap(self._master(master), name, wrapped)

    def _master(self, name: str) -> bytes:
        key = self.masters.find(name)
        if key is None:
            raise MasterError(f"the master key {name} is needed and not here")
        return key

    async def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys, here and in the store."""
        gone = set(names)
        if not gone:
            return
        for kept in [name for name in self._kept if not gone.isdisjoint(name.split(TOGETHER))]:
            del self._kept[kept]
        await self.open()
        await self.store.destroy(gone)

    async def tend(self, now: datetime) -> None:
        """Now and then forget what other processes have destroyed, and have the store swept.

        Nobody who opens something waits for it: it is a tick's, and one statement for 500 keys.
        """
        tended = self._tended_at is not None and now - self._tended_at < TENDED
        if not self._open or self.store.in_memory or tended:
            return
        self._tended_at = now
        try:
            await self._confirm()
            await self.store.sweep()
        except UNUSABLE:
            log.exception(
                "the key store could not be looked through: what other processes destroyed is "
                "remembered until it can. See that it is reachable with `rounds keys check`, and "
                "that the bot owns the table `keys`, which it has to VACUUM"
            )

    async def _confirm(self) -> None:
        known = {name: name.split(TOGETHER) for name in self._kept}
        parts = {part for names in known.values() for part in names}
        there = await self.store.still_there(parts)
        for name, names in known.items():
            if not there.issuperset(names):
                self._kept.pop(name, None)

    async def mark(self, *who: str) -> str:
        """By what the ledger knows somebody, without saying who it is."""
        key = await self.find(LEDGER)
        if key is None:
            # Another process may make it at the same moment.
            with suppress(IntegrityError):
                await self._add([(LEDGER, new_key())])
            key = await self.find(LEDGER)
            assert key is not None
        return marked(key, "erasure", *who)

    async def note_erasure(self, mark: str, at: datetime) -> None:
        """Write down that somebody was forgotten."""
        await self.store.note_erasure(mark, at)

    def _remember(self, name: str, key: bytes) -> None:
        self._kept[name] = key
        if len(self._kept) > MOST_REMEMBERED:
            self._kept.popitem(last=False)

    async def close(self) -> None:
        """Forget the keys and let go of the store."""
        self._kept.clear()
        self._unused.clear()
        await self.store.close()


def wrap(master: bytes, name: str, key: bytes) -> bytes:
    """A data key as the store keeps it; the name is its owner's alone."""
    return seal(master, key, "key", name)


def unwrap(master: bytes, name: str, wrapped: bytes) -> bytes:
    """The data key again."""
    try:
        return unseal(master, wrapped, "key", name)
    except Unopened:
        raise MasterError(f"the key {name} in the key store is damaged") from None
