"""A case in writing as it is kept: read with what belongs to it, and written by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict
from bot.formats.model import Phase
from bot.store.outbox import changed
from bot.store.tables import Case, Group, Member
from bot.store.written_tables import Contribution, WrittenCase
from bot.written.rules import from_data


@dataclass(frozen=True)
class Kept:
    """A case in writing as it was read, with the case itself and who presents it."""

    row: WrittenCase
    case: Case
    presenter: Member

    @property
    def id(self) -> int:
        """Its number."""
        return self.row.id

    @property
    def phases(self) -> tuple[Phase, ...]:
        """All its phases."""
        return from_data(self.row.phases)

    @property
    def phase(self) -> Phase:
        """The phase it is in."""
        return self.phases[self.row.phase]

    @property
    def following(self) -> Phase | None:
        """The phase after that."""
        after = self.phases[self.row.phase + 1 :]
        return after[0] if after else None

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked through."""
        return self.row.state == "open"


def card_key(row: WrittenCase) -> str:
    """The key of the card that counts now: each step has one of its own."""
    return f"written:{row.id}:{row.version}"


async def find_written(
    session: AsyncSession, group: Group, number: int | None, *, lock: bool = False
) -> Kept | None:
    """The group's case in writing with this number."""
    return await _find(session, group, WrittenCase.id == (number or 0), lock)


async def find_running(session: AsyncSession, group: Group, *, lock: bool = False) -> Kept | None:
    """The one case that the group is working through in writing."""
    return await _find(session, group, WrittenCase.state == "open", lock)


async def _find(
    session: AsyncSession, group: Group, which: ColumnElement[bool], lock: bool
) -> Kept | None:
    found = (
        select(WrittenCase, Case, Member)
        .join(Case, Case.id == WrittenCase.case_id)
        .join(Member, Member.id == WrittenCase.member_id)
        .where(WrittenCase.group_id == group.id, which)
    )
    if lock:
        found = found.with_for_update(of=WrittenCase)
    row = (await session.execute(found)).one_or_none()
    return None if row is None else Kept(*row)


async def step(session: AsyncSession, group: Group, row: WrittenCase, **values: Any) -> None:
    """Write the next state over the one that was read; a `Conflict` if that is no longer there."""
    result = await session.execute(
        update(WrittenCase)
        .where(
            WrittenCase.group_id == group.id,
            WrittenCase.id == row.id,
            WrittenCase.version == row.version,
            WrittenCase.state == row.state,
        )
        .values(version=row.version + 1, **values)
    )
    if not changed(result):
        raise Conflict


async def turn_case(
    session: AsyncSession, group: Group, case: Case, before: str, after: str
) -> bool:
    """Change the state of the case itself, if it still is what was believed."""
    result = await session.execute(
        update(Case)
        .where(Case.group_id == group.id, Case.id == case.id, Case.state == before)
        .values(state=after)
    )
    return changed(result) == 1


async def read_contributions(
    session: AsyncSession, group: Group, number: int
) -> Sequence[Contribution]:
    """All that was written for a case, phase by phase, each in the order of writing."""
    found = await session.scalars(
        select(Contribution)
        .where(Contribution.group_id == group.id, Contribution.written_id == number)
        .order_by(Contribution.phase, Contribution.id)
    )
    return found.all()


async def find_contribution(
    session: AsyncSession, group: Group, number: int
) -> Contribution | None:
    """The contribution with this number."""
    found: Contribution | None = await session.scalar(
        select(Contribution).where(Contribution.group_id == group.id, Contribution.id == number)
    )
    return found


async def who_has_written(session: AsyncSession, group: Group, kept: Kept) -> set[int]:
    """The members who have written in the phase it is in."""
    found = await session.scalars(
        select(Contribution.member_id).where(
            Contribution.group_id == group.id,
            Contribution.written_id == kept.id,
            Contribution.phase == kept.row.phase,
        )
    )
    return set(found)


async def read_refs(session: AsyncSession, group: Group) -> dict[int, str]:
    """How each member is named, those who have left included, in the order of joining."""
    rows = await session.execute(
        select(Member.id, Member.ref)
        .where(Member.group_id == group.id)
        .order_by(Member.joined_at, Member.id)
    )
    return dict(rows.all())
