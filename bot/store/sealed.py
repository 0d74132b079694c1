"""Contents: columns that hold what people wrote, encrypted, and read as plain words.

A class that has some is `Sealed`, and each of them is one declaration: `title = Contents()`. The
words are sealed under the row's own key, or under the one that `key_id` names, and bound to the
row: moved to another row, column, group or space they do not open.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, overload

from sqlalchemy import LargeBinary, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import (
    Mapped,
    QueryContext,
    Session,
    UOWTransaction,
    mapped_column,
    object_session,
)

from bot.keys.ring import Keyring
from bot.keys.sealing import Unopened, new_name, seal, unseal

log = logging.getLogger(__name__)

KEYS = "keys"
"""Under what a session knows its keyring."""

WORDS = "_words"
"""Under what a row keeps its words in memory, once they were asked for."""

KEY = "_key"
"""Under what a row keeps the key that opens them."""

PENDING = b""
"""Stands in the column until the words are sealed, which is before they are sent."""


class NoKeys(Exception):
    """Contents are to be written to a database that was opened without its keys: a mistake."""


Kept = TypeVar("Kept")


class Column(Generic[Kept]):
    """A column of contents; empty where nothing was written or where it is no longer kept."""

    name: str
    empty: Kept

    def __set_name__(self, owner: type, name: str) -> None:
        """Know the attribute's name."""
        self.name = name

    @property
    def column(self) -> str:
        """The mapped column with the sealed bytes."""
        return f"{self.name}_sealed"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Sealed, owner: type) -> Kept: ...
    def __get__(self, row: Sealed | None, owner: type) -> Self | Kept:
        """What was written, opened when it is first asked for: most of what is read is not."""
        if row is None:
            return self
        known: dict[str, Kept] = row.__dict__.setdefault(WORDS, {})
        if self.name not in known:
            known[self.name] = self._open(row)
        return known[self.name]

    def _open(self, row: Sealed) -> Kept:
        known = row.__dict__
        sealed, key = known.get(self.column), known.get(KEY)
        if not sealed or key is None:
            return self.empty
        table = row.__tablename__  # type: ignore[attr-defined]
        try:
            return self.from_bytes(unseal(key, sealed, *_bound(table, known, self.name)))
        except Unopened:
            log.error("the %s of %s %s does not open", self.name, table, known.get("id"))
            return self.empty

    def __set__(self, row: Sealed, written: Kept | None) -> None:
        """Something else, sealed when the row is written."""
        kept = written or self.empty
        if kept != self.__get__(row, type(row)):
            row.__dict__.setdefault(WORDS, {})[self.name] = kept
            setattr(row, self.column, PENDING)

    def as_bytes(self, written: Any) -> bytes:
        """What is sealed."""
        raise NotImplementedError

    def from_bytes(self, opened: bytes) -> Kept:
        """What was sealed."""
        raise NotImplementedError


class Contents(Column[str]):
    """Words."""

    empty = ""

    def as_bytes(self, written: str) -> bytes:
        """The words in UTF-8."""
        return written.encode()

    def from_bytes(self, opened: bytes) -> str:
        """The words."""
        return opened.decode()


class DataContents(Column[dict[str, Any]]):
    """Plain data with words in it, never changed in place."""

    empty: dict[str, Any] = {}  # noqa: RUF012

    def as_bytes(self, written: dict[str, Any]) -> bytes:
        """The data as JSON."""
        return json.dumps(written, separators=(",", ":")).encode()

    def from_bytes(self, opened: bytes) -> dict[str, Any]:
        """The data."""
        data: dict[str, Any] = json.loads(opened)
        return data


class Keyed(Protocol):
    """A row that has a key."""

    key_id: Any


class Sealed:
    """A row with contents."""

    uid: Mapped[str]
    """A random name of the row, which its contents are bound to."""
    key_id: Mapped[str | None]
    """The key that opens them; several, joined by `+`, open only together. `None`: gone."""

    contents: ClassVar[tuple[Column[Any], ...]] = ()
    """What is kept sealed."""

    def __init_subclass__(cls, **more: Any) -> None:
        """Give each of the contents its column."""
        own = [declared for declared in vars(cls).values() if isinstance(declared, Column)]
        cls.contents = (*cls.contents, *own)
        for contents in own:
            setattr(cls, contents.column, mapped_column(LargeBinary, nullable=True))
        super().__init_subclass__(**more)


def _bound(table: str, row: Mapping[str, Any], name: str) -> tuple[object, ...]:
    """What the words of one row belong to."""
    return (table, row.get("space_id"), row.get("group_id"), row["uid"], name)


def blank(table: type[Sealed]) -> dict[str, None]:
    """The values of a row whose contents are gone."""
    return {contents.column: None for contents in table.contents} | {"key_id": None}


async def sealed_values(
    session: AsyncSession, table: type[Sealed], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of a new row, its contents sealed, for an insert that does not go by an object."""
    ring = _ring(session.info)
    row = {"uid": new_name(), **values}
    row["key_id"] = row.get("key_id") or await ring.take()
    key = await ring.find(row["key_id"])
    if key is None:
        raise NoKeys(f"the key of a new row of {table.__name__} is gone already")
    name = table.__tablename__  # type: ignore[attr-defined]
    for contents in table.contents:
        written, bound = row.pop(contents.name, None), _bound(name, row, contents.name)
        row[contents.column] = seal(key, contents.as_bytes(written), *bound) if written else None
    return row


def sealed_tables() -> list[type[Sealed]]:
    """All tables that hold contents."""
    return [table for table in Sealed.__subclasses__() if table.contents]


def ring_of(session: AsyncSession) -> Keyring:
    """The keys of the database that a session works on."""
    return _ring(session.info)


async def key_of(session: AsyncSession, row: Keyed) -> str:
    """The key of a member, or of anything else that has one: made when it is first needed."""
    if row.key_id is None:
        row.key_id = await ring_of(session).take()
        await session.flush()
    name: str = row.key_id
    return name


def _ring(info: Mapping[Any, Any]) -> Keyring:
    ring = info.get(KEYS)
    if not isinstance(ring, Keyring):
        raise NoKeys("this database was opened without its keys")
    return ring


@event.listens_for(Session, "before_flush")
def _seal_pending(session: Session, _flush: UOWTransaction, _only: object) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Sealed):
            _seal_row(session, row)


def _seal_row(session: Session, row: Sealed) -> None:
    row.uid = row.uid or new_name()
    pending = [c for c in row.contents if getattr(row, c.column) == PENDING]
    if not pending:
        return
    ring = _ring(session.info)
    row.key_id = row.key_id or ring.take_now()
    key = ring.find_now(row.key_id)
    if key is None:
        # What was written before is gone; what is written now is not.
        row.key_id = ring.take_now()
        key, pending = ring.find_now(row.key_id), list(row.contents)
    assert key is not None
    for contents in pending:
        written = row.__dict__.get(WORDS, {}).get(contents.name)
        bound = _bound(row.__tablename__, row.__dict__, contents.name)  # type: ignore[attr-defined]
        sealed = seal(key, contents.as_bytes(written), *bound) if written else None
        setattr(row, contents.column, sealed)


@event.listens_for(Sealed, "load", propagate=True)
def _loaded(row: Sealed, context: QueryContext) -> None:
    _find_key(row, context.session.info.get(KEYS))


@event.listens_for(Sealed, "refresh", propagate=True)
def _refreshed(row: Sealed, _context: object, names: Collection[str] | None) -> None:
    sealed = {"key_id", *(contents.column for contents in row.contents)}
    session = object_session(row)
    if session is not None and (names is None or not sealed.isdisjoint(names)):
        _find_key(row, session.info.get(KEYS))


def _find_key(row: Sealed, ring: Keyring | None) -> None:
    """Have the key at hand: it cannot be looked up later, when somebody asks for the words."""
    known = row.__dict__
    name = known.get("key_id")
    known[WORDS] = {}
    known[KEY] = ring.find_now(name) if ring is not None and name is not None else None
