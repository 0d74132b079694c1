"""Bringing a case, changing it, taking it back."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import update

from bot.cases import texts
from bot.cases.following import follow_queue
from bot.chat.commands import Commands
from bot.chat.options import Between, Grammar, Most, Suggest
from bot.chat.replies import Answer, Button, Choice, Reply
from bot.context import Context
from bot.errors import Conflict, UsageError
from bot.queue.codes import draw_code
from bot.queue.finding import confirm_button, find_own, get_own, only_case, suggest
from bot.queue.order import Urgency
from bot.queue.texts import no_longer_waiting
from bot.store.outbox import changed, insert_once
from bot.store.sealed import sealed_values
from bot.store.tables import Case

COMMANDS = Commands()

MOST_WAITING = 10
"""How many cases one member may have in the queue: it must stay legible for all."""
MOST_DRAWS = 50
FROM_FORM = "="
"""Ends a case's code in its form: there, what was emptied is meant to be empty."""

FORM = ("title", "question", "urgency", "minutes")

Title = Annotated[str, "what it is about, in a few words", Most(150)]
Question = Annotated[str, "what you would like to ask the group", Most(500, lines=True)]
Urgent = Annotated[Urgency | None, "how soon: routine, soon, before next meeting"]
Minutes = Annotated[
    int | None, "how long you need, from 10 minutes to a meeting's time", Between(10, 226)
]
OwnCase = Annotated[
    str, "the code of your case, such as KXRT", Suggest("own-case"), Grammar("code")
]


@COMMANDS.command("case add", title="Bring a case", writes=True, form=FORM, intro=texts.INTRO)
async def add(
    ctx: Context,
    title: Title,
    question: Question = "",
    urgency: Urgent = "routine",
    minutes: Minutes = None,
) -> Answer:
    """Bring a case into the group's queue."""
    _check_minutes(ctx, minutes)
    code = await _keep(
        ctx,
        title=title,
        question=question,
        urgency=urgency,
        minutes=minutes or max(10, ctx.group.case_minutes // 2),
    )
    own = await find_own(ctx)
    if len(own) > MOST_WAITING:
        raise Conflict(texts.too_many(MOST_WAITING))
    return _to_confirm(ctx, next(case for case in own if case.code == code))


@COMMANDS.action("case.confirm")
async def confirm(ctx: Context, code: str) -> Answer:
    """Let a case into the queue whose author says that nobody can be recognised by it."""
    case = await get_own(ctx, code)
    if not await _turn(ctx, case, "unconfirmed", "waiting"):
        raise Conflict(texts.not_withdrawn(case))
    coming = await follow_queue(ctx)
    return Reply(texts.added(ctx.group, case, coming), buttons=_buttons(ctx, case))


@COMMANDS.command("case edit", title="Change a case", writes=True, form=FORM, intro=texts.INTRO)
async def edit(
    ctx: Context,
    case: OwnCase = "",
    title: Title = "",
    question: Question = "",
    urgency: Urgent = None,
    minutes: Minutes = None,
) -> Answer:
    """Change a case of yours."""
    found = await _own_case(ctx, case, "case edit", "change")
    if isinstance(found, Reply):
        return found
    written = case.endswith(FROM_FORM)
    if not (written or title or question or urgency or minutes):
        ctx.may_stay(found.title, found.question)
        return ctx.form("case edit", _as_typed(found))
    if minutes != found.minutes:
        _check_minutes(ctx, minutes)
    found.title = title or found.title
    found.question = question if written else question or found.question
    found.urgency = urgency or found.urgency
    found.minutes = minutes or found.minutes
    if found.state == "unconfirmed":
        return _to_confirm(ctx, found)
    coming = await follow_queue(ctx)
    return Reply(texts.edited(ctx.group, found, coming), buttons=_buttons(ctx, found))


@COMMANDS.command("case withdraw", writes=True)
async def withdraw(ctx: Context, case: OwnCase = "") -> Answer:
    """Take a case of yours out of the queue."""
    found = await _own_case(ctx, case, "case withdraw", "withdraw")
    return found if isinstance(found, Reply) else await _withdraw(ctx, found)


@COMMANDS.action("case.withdraw")
async def press_withdraw(ctx: Context, code: str) -> Answer:
    """Take the case of this card out of the queue."""
    return await _withdraw(ctx, await _get_own_open(ctx, code))


@COMMANDS.action("case.restore")
async def restore(ctx: Context, code: str) -> Answer:
    """Put a withdrawn case back where it was."""
    case = await get_own(ctx, code)
    if case.title and await _turn(ctx, case, "dropped", "unconfirmed"):
        return _to_confirm(ctx, case)
    if not await _turn(ctx, case, "withdrawn", "waiting"):
        raise Conflict(texts.not_withdrawn(case))
    coming = await follow_queue(ctx)
    return Reply(texts.back_again(ctx.group, case, coming), buttons=_buttons(ctx, case))


@COMMANDS.suggest("own-case")
async def own_cases(ctx: Context, text: str) -> list[Choice]:
    """The person's own cases."""
    return await suggest(ctx, text, own=True)


async def _withdraw(ctx: Context, case: Case) -> Reply:
    for check in ctx.events.withdrawing:
        await check(ctx, case)
    if await _turn(ctx, case, "waiting", "withdrawn"):
        await follow_queue(ctx)
    elif not await _turn(ctx, case, "unconfirmed", "dropped"):
        raise Conflict(no_longer_waiting(case), option="case")
    undo = ctx.button("Undo", "case.restore", case.code)
    return Reply(texts.withdrawn(case), buttons=(undo, ctx.command_button("Queue", "case queue")))


async def _turn(ctx: Context, case: Case, before: str, after: str) -> bool:
    """Change a case's state, if it still is what was believed."""
    result = await ctx.session.execute(
        update(Case)
        .where(Case.group_id == ctx.group.id, Case.id == case.id, Case.state == before)
        .values(state=after)
    )
    return changed(result) == 1


async def _own_case(ctx: Context, typed: str, command: str, verb: str) -> Case | Reply:
    if typed:
        return await _get_own_open(ctx, typed.removesuffix(FROM_FORM))
    return await only_case(ctx, command, texts.which(verb))


async def _get_own_open(ctx: Context, typed: str) -> Case:
    """A case of the person's own that waits, in the queue or for their word."""
    case = await get_own(ctx, typed)
    if case.state not in ("waiting", "unconfirmed"):
        raise Conflict(no_longer_waiting(case), option="case")
    return case


async def _keep(ctx: Context, **what: object) -> str:
    """Write the case down under a code of its own, its contents sealed."""
    whole = {
        "space_id": ctx.group.space_id,
        "group_id": ctx.group.id,
        "member_id": ctx.member.id,
        "state": "unconfirmed",
        "created_at": ctx.now,
        **what,
    }
    row = await sealed_values(ctx.session, Case, whole)
    for _ in range(MOST_DRAWS):
        code = draw_code(ctx.rng)
        if await insert_once(ctx.session, Case, **{**row, "code": code}):
            return code
    raise Conflict(texts.NO_CODE)


def _check_minutes(ctx: Context, minutes: int | None) -> None:
    most = ctx.group.case_minutes
    if minutes is not None and minutes > most:
        raise UsageError(texts.too_long(most), option="minutes")


def _as_typed(case: Case) -> dict[str, str]:
    return {
        "case": case.code + FROM_FORM,
        "title": case.title,
        "question": case.question,
        "urgency": case.urgency,
        "minutes": str(case.minutes),
    }


def _to_confirm(ctx: Context, case: Case) -> Reply:
    """The card that its author alone sees, until they say that it can be shown."""
    edit, withdraw, _ = _buttons(ctx, case)
    return Reply(texts.to_confirm(case), buttons=(confirm_button(ctx, case), edit, withdraw))


def _buttons(ctx: Context, case: Case) -> tuple[Button, ...]:
    return (
        ctx.command_button("Edit", "case edit", case=case.code),
        ctx.button("Withdraw", "case.withdraw", case.code),
        ctx.command_button("Queue", "case queue"),
    )
