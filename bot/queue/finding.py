"""Finding the case a person means, and refusing what is not theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from bot.chat.replies import Button, Choice, Reply, Text
from bot.context import Context
from bot.errors import Conflict, NotAllowed, NotFound
from bot.queue import texts
from bot.queue.codes import read_code
from bot.store.outbox import spelled
from bot.store.tables import Case, Member

MOST_BUTTONS = 20

UNSEEN = ("unconfirmed", "dropped")
"""States of a case that its author alone knows of."""

CONFIRM = "It is de-identified"


async def waiting_cases(ctx: Context) -> Sequence[Case]:
    """The cases that wait, the oldest first."""
    found = await ctx.session.scalars(
        select(Case)
        .join(Member, Member.id == Case.member_id)
        .where(Case.group_id == ctx.group.id, Case.state == "waiting", Member.state == "active")
        .order_by(Case.id)
    )
    return found.all()


# Built once: every `/case add` asks for them.
_OWN_CASES = (
    select(Case)
    .where(
        Case.group_id == bindparam("of_group"),
        Case.member_id == bindparam("of_member"),
        Case.state.in_(spelled("waiting", "unconfirmed")),
    )
    .order_by(Case.id)
)


async def find_own(ctx: Context) -> Sequence[Case]:
    """The person's own cases that wait, those that only they see included, the oldest first."""
    asked = {"of_group": ctx.group.id, "of_member": ctx.member.id}
    return (await ctx.session.scalars(_OWN_CASES, asked)).all()


async def unconfirmed_cases(ctx: Context) -> Sequence[Case]:
    """The person's cases that nobody else sees yet."""
    found = await ctx.session.scalars(
        select(Case)
        .where(
            Case.group_id == ctx.group.id,
            Case.member_id == ctx.member.id,
            Case.state == "unconfirmed",
        )
        .order_by(Case.id)
    )
    return found.all()


def confirm_button(ctx: Context, case: Case, *, alone: bool = True) -> Button:
    """By which an author lets a case into the queue."""
    label = CONFIRM if alone else f"{CONFIRM}: {case.code}"
    return ctx.button(label, "case.confirm", case.code, style="primary")


async def get_case(ctx: Context, typed: str) -> tuple[Case, Member]:
    """The group's case with this code, and its member."""
    code = read_code(typed)
    row = (
        await ctx.session.execute(
            select(Case, Member)
            .join(Member, Member.id == Case.member_id)
            .where(Case.group_id == ctx.group.id, Case.code == code)
        )
    ).one_or_none()
    if row is None or (row[0].state in UNSEEN and row[1].id != ctx.member.id):
        raise NotFound(texts.no_such_case(code or typed, await find_own(ctx)), option="case")
    case, owner = row
    return case, owner


async def get_waiting(ctx: Context, typed: str) -> tuple[Case, Member]:
    """A case that waits."""
    case, owner = await get_case(ctx, typed)
    if case.state != "waiting":
        raise Conflict(texts.no_longer_waiting(case), option="case")
    return case, owner


async def get_own(ctx: Context, typed: str) -> Case:
    """A case of the person's own, whatever has become of it."""
    case, owner = await get_case(ctx, typed)
    if owner.id != ctx.member.id:
        raise NotAllowed(texts.not_yours(case, owner), option="case")
    return case


async def get_own_waiting(ctx: Context, typed: str) -> Case:
    """A case of the person's own that waits."""
    case = await get_own(ctx, typed)
    if case.state != "waiting":
        raise Conflict(texts.no_longer_waiting(case), option="case")
    return case


async def only_case(ctx: Context, command: str, ask: Text) -> Case | Reply:
    """The person's only case, or a question with a button for each of theirs."""
    cases = await find_own(ctx)
    return cases[0] if len(cases) == 1 else await which_case(ctx, command, ask, own=True)


async def which_case(ctx: Context, command: str, ask: Text, *, own: bool) -> Reply:
    """A question with a button for each case that can be meant."""
    cases = await (find_own(ctx) if own else waiting_cases(ctx))
    if not cases:
        raise NotFound(texts.NONE_OF_MINE if own else texts.EMPTY)
    return which_of(ctx, cases, command, ask)


def which_of(ctx: Context, cases: Iterable[Case], command: str, ask: Text) -> Reply:
    """A question with a button for each of these cases."""
    buttons = (ctx.command_button(_label(case), command, case=case.code) for case in cases)
    return Reply(ask, buttons=tuple(buttons)[:MOST_BUTTONS])


def _label(case: Case) -> str:
    return _spelled(case)[:75]


def _spelled(case: Case) -> str:
    return f"{case.code} — {case.title}" if case.title else case.code


async def suggest(ctx: Context, text: str, *, own: bool) -> list[Choice]:
    """Cases as `code — title`, those that hold what was typed so far."""
    return choose_from(await (find_own(ctx) if own else waiting_cases(ctx)), text)


def choose_from(cases: Iterable[Case], text: str) -> list[Choice]:
    """Those of these cases that hold what was typed so far."""
    wanted = text.strip().casefold()
    return [
        Choice(case.code, _spelled(case)[:100])
        for case in cases
        if wanted in _spelled(case).casefold()
    ][:25]
