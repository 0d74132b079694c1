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
from bot.store.tables import Case, Group, Meeting, Member, Person, Post, Table

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table, as plain data."""

Names = Mapping[str, Mapping[int, str]]
"""What `group_id`, `case_id` and `meeting_id` refer to, in words."""

INNER = frozenset({"id", "uid", "key_id", "draw", "line", "seed"})
"""Columns that say nothing about anybody, or that hold the order of a whole group."""

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet would carry out."""


async def read_about(session: AsyncSession, person: Person) -> Rows:
    """All that is kept about this person, what is empty left out; others are not named in it."""
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
    names = await _names(session, groups)
    about = {"people": [_shown(person, mine, names)]}
    about["members"] = [_shown(member, mine, names) for member, _ in places]
    for table, keys in tables_about_members():
        columns = [getattr(table, key) for key in keys]
        rows = await session.scalars(
            select(table).where(or_(*(column.in_(mine) for column in columns))).order_by(table.id),
            execution_options=ACROSS_GROUPS,
        )
        about[table.__tablename__] = [_shown(row, mine, names) for row in rows]
    to_me = select(Post).where(Post.space_id == person.space_id, Post.person == person.ref)
    posts = await session.scalars(to_me.order_by(Post.id), execution_options=ACROSS_GROUPS)
    about["posts"] = _in_short(posts.all(), groups)
    return about


async def _names(session: AsyncSession, groups: Mapping[int, str]) -> Names:
    """What rows refer to, in words: a group by its name, a case by its code, a meeting by its day.

    So an answer says to which meeting it is, and a mark which case it is about.
    """
    cases = select(Case.id, Case.code).where(Case.group_id.in_(groups))
    days = select(Meeting.id, Meeting.day).where(Meeting.group_id.in_(groups))
    found = {"group": dict(groups)}
    for name, statement in (("case", cases), ("meeting", days)):
        rows = await session.execute(statement, execution_options=ACROSS_GROUPS)
        found[name] = {number: str(_plain(value)) for number, value in rows.all()}
    return found


def _in_short(posts: Sequence[Post], groups: Mapping[int, str]) -> list[dict[str, Any]]:
    """Private messages by group, kind and state: how many, when, and where they stand.

    How often each was tried, and by which process, says nothing about whom it is for.
    """
    alike: dict[tuple[int, str, str], list[Post]] = {}
    for post in posts:
        alike.setdefault((post.group_id, post.kind, post.state), []).append(post)
    short = []
    for (group, kind, state), some in alike.items():
        times = [post.sent_at or post.due_at for post in some]
        row = {
            "kind": kind,
            "state": state,
            "how_many": len(some),
            "first": _plain(min(times)),
            "last": _plain(max(times)),
            "channel": " ".join(sorted({post.channel for post in some if post.channel})),
            "messages": " ".join(post.message for post in some if post.message),
            "group": groups.get(group, ""),
        }
        short.append({name: value for name, value in row.items() if value})
    return short


def tables_about_members() -> Iterator[tuple[type[Table], list[str]]]:
    """Every table that refers to members, with the columns that do."""
    for mapper in sorted(Table.registry.mappers, key=lambda one: str(one.class_.__name__)):
        names = [
            column.key
            for column in mapper.local_table.columns
            if any(key.column is Member.__table__.c.id for key in column.foreign_keys)
        ]
        if names:
            yield mapper.class_, names


def _shown(row: Table, mine: frozenset[int], names: Names) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column in type(row).__table__.columns:
        name, value = column.key, getattr(row, column.key)
        if name in INNER or name.endswith("_sealed") or value is None:
            continue
        if (known := names.get(name.removesuffix("_id"))) is not None and name.endswith("_id"):
            shown[name.removesuffix("_id")] = known.get(value, "")
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


def _who(member: int, mine: frozenset[int]) -> str:
    """Whether it is they themselves; who else it is is nothing about them."""
    return "you" if member in mine else "another member"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def as_json(about: Rows) -> str:
    """The rows as JSON that people can read, each in a line of its own."""
    tables = [
        f"{json.dumps(name)}: [\n"
        + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        + "\n]"
        for name, rows in about.items()
        if rows
    ]
    return "{\n" + ",\n".join(tables) + "\n}"


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
