"""Looking at the queue, at one's own cases, and at a question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases import queue_texts, texts
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Button, Reply, Text, lines
from bot.context import Context
from bot.errors import Conflict
from bot.queue.finding import confirm_button, get_case, unconfirmed_cases
from bot.queue.reading import (
    Agenda,
    Coming,
    case_time,
    cut_agenda,
    read_agenda,
    read_coming,
)
from bot.queue.recusing import marked_by
from bot.queue.texts import EMPTY, NONE_OF_MINE, no_longer_waiting, not_shown
from bot.store.tables import Case

COMMANDS = Commands()

MOST_ROWS = 8
"""How many of one's own cases get buttons of their own."""
MOST_CONFIRMED = 5


@COMMANDS.command("case queue", writes=False)
async def queue(ctx: Context) -> Answer:
    """Whose case comes next, and why."""
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    add = ctx.command_button("Add a case", "case add")
    unseen = await unconfirmed_cases(ctx)
    confirm = _confirm_buttons(ctx, unseen)
    if not coming.places:
        return Reply(lines(EMPTY, not_shown(unseen)), buttons=(*confirm, add))
    agenda = await _agenda(ctx, coming)
    buttons = [*confirm, add, ctx.command_button("My cases", "case mine")]
    if any(place.case.question for place in coming.places):
        buttons.append(ctx.button("Show questions", "case.questions"))
    if any(place.member.id != ctx.member.id for place in coming.places):
        buttons.append(ctx.button("I may know someone", "case.recusals"))
    return Reply(
        lines(queue_texts.queue(ctx.group, coming, agenda, ctx.member), not_shown(unseen)),
        title=Text("The case queue of {group}", group=ctx.group.name),
        buttons=tuple(buttons),
    )


async def _agenda(ctx: Context, coming: Coming) -> Agenda:
    if coming.meeting is None or ctx.group.state == "paused":
        return Agenda([], 0)
    if coming.running:
        return await read_agenda(ctx.session, ctx.group, coming.meeting)
    return cut_agenda(coming.places, case_time(coming.meeting))


@COMMANDS.command("case mine", writes=False)
async def mine(ctx: Context) -> Answer:
    """Your own cases, with their questions and their places."""
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    own = [place for place in coming.places if place.member.id == ctx.member.id]
    unseen = await unconfirmed_cases(ctx)
    if not own and not unseen:
        return Reply(NONE_OF_MINE, buttons=(ctx.command_button("Add a case", "case add"),))
    return Reply(
        lines(
            queue_texts.mine(ctx.group, own, coming) if own else None,
            *map(texts.unseen, unseen),
        ),
        title=Text("Your cases in {group}", group=ctx.group.name),
        buttons=(
            *_confirm_buttons(ctx, unseen),
            *_own_buttons(ctx, [*(place.case for place in own), *unseen]),
        ),
    )


def _confirm_buttons(ctx: Context, unseen: Sequence[Case]) -> tuple[Button, ...]:
    alone = len(unseen) == 1
    return tuple(confirm_button(ctx, case, alone=alone) for case in unseen[:MOST_CONFIRMED])


def _own_buttons(ctx: Context, own: list[Case]) -> tuple[Button, ...]:
    cases = own[:MOST_ROWS]
    return tuple(button for case in cases for button in _pair(ctx, case, alone=len(own) == 1))


def _pair(ctx: Context, case: Case, *, alone: bool) -> tuple[Button, Button]:
    name = "" if alone else f" {case.code}"
    return (
        ctx.command_button("Edit" + name, "case edit", case=case.code),
        ctx.button("Withdraw" + name, "case.withdraw", case.code),
    )


@COMMANDS.action("case.question", writes=False)
async def show_question(ctx: Context, code: str) -> Answer:
    """Show a case's question to a member who asks, and to nobody else."""
    case, owner = await get_case(ctx, code)
    if case.state == "withdrawn":
        raise Conflict(no_longer_waiting(case))
    if case.id in await marked_by(ctx.session, ctx.group, ctx.member):
        raise Conflict(texts.SAT_OUT)
    return Reply(queue_texts.question(case, owner))


@COMMANDS.action("case.questions", writes=False)
async def show_questions(ctx: Context) -> Answer:
    """Show the questions of the queue to a member who asks, and to nobody else."""
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    out = await marked_by(ctx.session, ctx.group, ctx.member)
    asked = [p for p in coming.places if p.case.question and p.case.id not in out]
    if not asked:
        return Reply(texts.NO_QUESTIONS)
    return Reply(lines(*(queue_texts.question(place.case, place.member) for place in asked)))
