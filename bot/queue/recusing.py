"""Who sits out which case because they may know the person: kept from everybody else."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.live_tables import Recusal
from bot.store.outbox import insert_once
from bot.store.tables import Case, Group, Member
from bot.store.written_tables import WrittenCase


async def mark(session: AsyncSession, group: Group, case: Case, member: Member) -> bool:
    """Note that a member sits out a case; say whether that was not known."""
    return await insert_once(
        session,
        Recusal,
        space_id=group.space_id,
        group_id=group.id,
        case_id=case.id,
        member_id=member.id,
    )


async def unmark(session: AsyncSession, group: Group, case: Case, member: Member) -> None:
    """A member takes part in a case after all."""
    await session.execute(
        delete(Recusal).where(
            Recusal.group_id == group.id,
            Recusal.case_id == case.id,
            Recusal.member_id == member.id,
        )
    )


async def read_marks(session: AsyncSession, group: Group) -> Mapping[int, frozenset[int]]:
    """Who sits out, by case."""
    marks: dict[int, frozenset[int]] = {}
    for case_id, member_id in await session.execute(MARKS, {"of_group": group.id}):
        marks[case_id] = marks.get(case_id, frozenset()) | {member_id}
    return marks


MARKS = select(Recusal.case_id, Recusal.member_id).where(Recusal.group_id == bindparam("of_group"))


async def marked_by(session: AsyncSession, group: Group, member: Member) -> frozenset[int]:
    """The cases that a member sits out: what is asked in them is not shown to them."""
    marks = await read_marks(session, group)
    return frozenset(case_id for case_id, members in marks.items() if member.id in members)


async def forget_marks_of_heard_cases(session: AsyncSession, group: Group) -> None:
    """Who sat out a case is nobody's business once it was heard; call it when the next begins.

    Not sooner: that a case was heard can be taken back. What was written about one can be read
    as long as it is kept, and so long it is kept from them.
    """
    read = select(WrittenCase.case_id).where(WrittenCase.group_id == group.id)
    heard = select(Case.id).where(
        Case.group_id == group.id,
        Case.state == "done",
        Case.key_id.is_(None) | Case.id.not_in(read),
    )
    await session.execute(
        delete(Recusal).where(Recusal.group_id == group.id, Recusal.case_id.in_(heard))
    )


async def forget_marks_of(session: AsyncSession, group: Group, member: Member) -> None:
    """A member leaves the group, and what they marked goes with them."""
    await session.execute(
        delete(Recusal).where(Recusal.group_id == group.id, Recusal.member_id == member.id)
    )
