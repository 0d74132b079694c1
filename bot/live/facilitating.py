"""Facilitating a case: asked in private, taken by anybody at any time, named by the presenter."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select

from bot.chat.commands import Commands
from bot.chat.options import Grammar
from bot.chat.replies import Answer, Reply
from bot.chat.requests import PersonRef
from bot.context import Composed, Composing, Context
from bot.errors import Conflict
from bot.live import private_texts as texts
from bot.live.commands import kept_by, pressed, running
from bot.live.following import ASIDE, SEAT
from bot.live.kept import Item, Kept, find_meeting
from bot.live.people import facilitator, join
from bot.live.seats import (
    ask_for,
    asking_for,
    can_be_held,
    decline_seat,
    facilitator_of,
    may_take,
    part_of,
    take_seat,
)
from bot.live.state import cases_to_come
from bot.store.tables import Member

COMMANDS = Commands()


@COMMANDS.command("meeting facilitator", title="Who facilitates?", writes=True, form=("who",))
async def name_facilitator(
    ctx: Context,
    who: Annotated[PersonRef, "who shall facilitate your case"],
    case: Annotated[
        str, "the code of your case; the next one if you leave it out", Grammar("code")
    ] = "",
) -> Answer:
    """Name who facilitates your case, before it opens"""
    kept = await running(ctx)
    item = _own_to_come(ctx, kept, case)
    named = await ctx.session.scalar(
        select(Member).where(
            Member.group_id == ctx.group.id, Member.ref == who, Member.state == "active"
        )
    )
    if named is None or named.id not in kept.state.present:
        raise Conflict(texts.NOT_IN_MEETING, option="who")
    if not can_be_held(kept.state, item.case.id, named.id):
        raise Conflict(texts.PRESENTERS, option="who")
    # Whoever cannot take it is passed over without a word: the reason is theirs.
    await kept_by(ctx, kept, ask_for(kept.state, item.case.id, named.id))
    return Reply(texts.named(named))


def _own_to_come(ctx: Context, kept: Kept, code: str) -> Item:
    coming = [item for n in cases_to_come(kept.state) if (item := kept.item(n)) is not None]
    mine = [item for item in coming if item.member.id == ctx.member.id]
    wanted = code.strip().lstrip("#").upper()
    found = next((item for item in mine if wanted in ("", item.case.code)), None)
    if found is None:
        raise Conflict(texts.NOT_YOURS_TO_NAME)
    return found


@COMMANDS.action("live.seat")
async def take(ctx: Context, meeting: int, case: int) -> Answer:
    """Take the seat of a case: whoever was not there yet is now."""
    kept = await pressed(ctx, meeting)
    item, member = kept.item(case), ctx.member.id
    if item is None or part_of(kept.state, case) is None:
        raise Conflict(texts.SEAT_OVER)
    state = join(kept.state, member)
    if not can_be_held(state, case, member):
        raise Conflict(texts.PRESENTERS)
    if not may_take(state, case, member):
        raise Conflict(texts.SITTING_OUT)
    if facilitator_of(kept.state, case) == member:
        return Reply(texts.HELD_ALREADY)
    await kept_by(ctx, kept, take_seat(state, case, member))
    decline = ctx.button("Decline", "live.unseat", meeting, case)
    return Reply(texts.taken(item.case), buttons=(decline,))


@COMMANDS.action("live.unseat")
async def decline(ctx: Context, meeting: int, case: int) -> Answer:
    """Decline the seat of a case, or give it back: somebody else is asked."""
    kept = await pressed(ctx, meeting)
    holders = (asking_for(kept.state, case).member, facilitator_of(kept.state, case))
    if ctx.member.id not in holders:
        raise Conflict(texts.NOT_YOUR_SEAT)
    await kept_by(ctx, kept, decline_seat(kept.state, case, ctx.member.id))
    take_it = ctx.button("Take it", "live.seat", meeting, case)
    return Reply(texts.DECLINED, buttons=(take_it,))


@COMMANDS.post(SEAT)
async def seat(say: Composing) -> Composed:
    """Ask somebody in private whether they facilitate a case."""
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    case_id, member = say.post.subject or 0, say.member.id if say.member else 0
    item = kept.item(case_id) if kept else None
    settled = Reply(texts.SETTLED) if say.post.message is not None else None
    if kept is None or item is None or part_of(kept.state, case_id) is None:
        return settled
    decline = say.button("Decline", "live.unseat", kept.meeting.id, case_id)
    if settled and facilitator_of(kept.state, case_id) == member:
        return Reply(texts.taken(item.case), buttons=(decline,))
    if asking_for(kept.state, case_id).member != member:
        return settled
    if settled is None and not (say.person and say.person.private):
        return None
    take_it = say.button("Take it", "live.seat", kept.meeting.id, case_id, style="primary")
    return Reply(texts.asked(item.case, item.member), buttons=(take_it, decline))


@COMMANDS.post(ASIDE)
async def aside(say: Composing) -> Composed:
    """A line for whoever facilitates, while its phase is the one that runs."""
    if say.post.message is not None or say.late or not (say.person and say.person.private):
        return None
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    fitted = kept.state.fitted if kept and kept.state.running else None
    if kept is None or fitted is None or not fitted.phase.aside or say.member is None:
        return None
    moved_on = not say.post.key.startswith(f"meeting:{kept.meeting.id}:{ASIDE}:{_at(kept)}:")
    if moved_on or facilitator(kept.state) != say.member.id:
        return None
    return Reply(texts.aside(fitted.phase))


def _at(kept: Kept) -> str:
    return ":".join(map(str, kept.state.at))
