"""Everything that is kept about one person, found by what the tables say, and nothing of others."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import ACROSS_GROUPS
from bot.store.sealed import Sealed
from bot.store.tables import Group, Member, Person, Post, Table

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table, as plain data."""

INNER = frozenset({"id", "uid", "key_id", "draw", "line", "seed"})
"""Columns that say nothing about anybody, or that hold the order of a whole group."""

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet would carry out."""


async def read_about(session: AsyncSession, person: Person) -> Rows:
    """All rows that are about this person; others are not named in them."""
    found = await session.execute(
        select(Member, Group)
        .join(Group, Group.id == Member.group_id)
        .where(Member.person_id == person.id)
        .order_by(Member.id),
        execution_options=ACROSS_GROUPS,
    )
    places = found.all()
    groups = {group.id: group.name for _, group in places}
    mine = frozenset(member.id for member, _ in places)
    about = {"people": [_shown(person, mine, groups)]}
    about["members"] = [_shown(member, mine, groups) for member, _ in places]
    for table, names in _tables_about_members():
        columns = [getattr(table, name) for name in names]
        rows = await session.scalars(
            select(table).where(or_(*(column.in_(mine) for column in columns))).order_by(table.id),
            execution_options=ACROSS_GROUPS,
        )
        about[table.__tablename__] = [_shown(row, mine, groups) for row in rows]
    to_me = select(Post).where(Post.space_id == person.space_id, Post.person == person.ref)
    posts = await session.scalars(to_me.order_by(Post.id), execution_options=ACROSS_GROUPS)
    about["posts"] = [_shown(row, mine, groups) for row in posts]
    return about


def _tables_about_members() -> Iterator[tuple[type[Table], list[str]]]:
    """Every table that refers to members, with the columns that do."""
    for mapper in sorted(Table.registry.mappers, key=lambda one: str(one.class_.__name__)):
        names = [
            column.key
            for column in mapper.local_table.columns
            if any(key.column is Member.__table__.c.id for key in column.foreign_keys)
        ]
        if names:
            yield mapper.class_, names


def _shown(row: Table, mine: frozenset[int], groups: Mapping[int, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column in type(row).__table__.columns:
        name, value = column.key, getattr(row, column.key)
        if name in INNER or name.endswith("_sealed"):
            continue
        if name == "group_id":
            shown["group"] = groups.get(value, "")
        elif any(key.column is Member.__table__.c.id for key in column.foreign_keys):
            shown[name.removesuffix("_id")] = _who(value, mine)
        elif not column.foreign_keys and not _of_all(row, value, mine):
            shown[name] = _plain(value)
    if isinstance(row, Sealed) and getattr(row, "member_id", None) in mine:
        shown |= {one.name: getattr(row, one.name) for one in row.contents}
    return shown


def _of_all(row: Table, value: Any, mine: frozenset[int]) -> bool:
    """Whether a value is about a whole group: in a meeting's state are the secrets of others."""
    return isinstance(value, dict | list) and getattr(row, "member_id", None) not in mine


def _who(member: int | None, mine: frozenset[int]) -> str | None:
    """Whether it is they themselves; who else it is is nothing about them."""
    if member is None:
        return None
    return "you" if member in mine else "another member"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def as_json(about: Rows) -> str:
    """The rows as JSON that people can read."""
    return json.dumps({name: rows for name, rows in about.items() if rows}, indent=1)


def as_csv(about: Rows) -> str:
    """The rows as CSV, a line for each value; nothing in it is a formula."""
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    written.writerow(("table", "row", "what", "value"))
    for table, rows in about.items():
        for number, row in enumerate(rows, start=1):
            for name, value in row.items():
                written.writerow((table, number, name, as_cell(value)))
    return out.getvalue()


def as_cell(value: Any) -> str:
    """A value as a cell that a spreadsheet shows and never carries out."""
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(RUN) else words
