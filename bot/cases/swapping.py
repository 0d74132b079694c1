"""Two members exchange their places for one meeting; it needs the other's press."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import swap_texts as texts
from bot.cases.following import follow_queue
from bot.cases.peace import in_peace
from bot.chat.commands import Commands
from bot.chat.replies import Answer, Reply
from bot.chat.requests import PersonRef
from bot.context import Composed, Composing, Context
from bot.errors import Conflict, NotAllowed, NotFound, UsageError
from bot.queue.reading import Coming, Place, read_coming
from bot.store.outbox import Draft, changed
from bot.store.tables import Group, Meeting, Member, Swap

COMMANDS = Commands()


@COMMANDS.command("case swap", title="Swap places", writes=True, form=("with",))
async def swap(
    ctx: Context, with_: Annotated[PersonRef, "the member with whom you would exchange places"]
) -> Answer:
    """Ask a member to exchange places in the queue for the next meeting."""
    other = await _get_member(ctx, with_)
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    meeting = _swappable(coming)
    mine, theirs = _own_place(coming, ctx.member), _their_place(coming, other)
    await _refuse_second(ctx, other)
    if texts.ranks(coming.if_swapped(ctx.member, other)) == texts.ranks(coming.places):
        raise Conflict(texts.CHANGES_NOTHING)
    offered = Swap(
        space_id=ctx.group.space_id,
        group_id=ctx.group.id,
        from_id=ctx.member.id,
        to_id=other.id,
        state="offered",
        offered_at=ctx.now,
    )
    ctx.session.add(offered)
    await ctx.session.flush()
    await ctx.enqueue(
        Draft(
            offer_key(offered),
            "swap",
            ctx.now,
            meeting.id,
            offered.id,
            other.ref,
            expires_at=meeting.starts_at,
        )
    )
    take_back = ctx.button("Take it back", "swap.end", offered.id)
    return Reply(texts.asked(coming, mine.member, theirs.member), buttons=(take_back,))


@COMMANDS.action("swap.agree")
async def agree(ctx: Context, number: int) -> Answer:
    """Exchange places as asked."""
    found = await _offered_to_me(ctx, number)
    asker = await _member(ctx.session, ctx.group, found.from_id)
    coming = await read_coming(ctx.session, ctx.group, ctx.now)
    meeting = _swappable(coming)
    if asker is None or asker.state != "active" or await _agreed(ctx, asker, ctx.member):
        raise Conflict(texts.OVER)
    _own_place(coming, ctx.member)
    _their_place(coming, asker)
    await _turn(ctx, found, ("offered",), "agreed")
    await _tell(ctx, found, asker, meeting)
    undo = ctx.button("Undo", "swap.end", found.id)
    return Reply(texts.agreed(coming, ctx.member, asker), buttons=(undo,))


@COMMANDS.action("swap.decline")
async def decline(ctx: Context, number: int) -> Answer:
    """Keep the places as they are."""
    found = await _offered_to_me(ctx, number)
    await _turn(ctx, found, ("offered",), "declined")
    asker = await _member(ctx.session, ctx.group, found.from_id)
    if asker is not None:
        await _tell(ctx, found, asker, None)
    return Reply(texts.DECLINED)


@COMMANDS.action("swap.end")
async def end(ctx: Context, number: int) -> Answer:
    """Take back a swap, offered or agreed: either of the two may."""
    found = await _get_swap(ctx, number)
    if ctx.member.id not in (found.from_id, found.to_id):
        raise NotAllowed(texts.NOT_YOURS)
    agreed = found.state == "agreed"
    if agreed:
        _swappable(await read_coming(ctx.session, ctx.group, ctx.now))
    await _turn(ctx, found, ("offered", "agreed"), "over")
    other = await _member(
        ctx.session, ctx.group, found.to_id if found.from_id == ctx.member.id else found.from_id
    )
    if agreed and other is not None:
        draft = Draft(f"swap:{found.id}:over", "swap-over", ctx.now, None, found.id, other.ref)
        await ctx.enqueue(draft)
    return Reply(texts.TAKEN_BACK)


@COMMANDS.post("swap")
async def offer(say: Composing) -> Composed:
    """Ask a member in private whether they would exchange places."""
    found = await _read_swap(say.session, say.group, say.post.subject)
    asker = await _member(say.session, say.group, found.from_id) if found else None
    if found is None or asker is None:
        return None
    if found.state != "offered":
        return Reply(texts.answered(asker, found.state)) if say.post.message else None
    coming = await read_coming(say.session, say.group, say.now)
    me = say.member
    if (
        me is None
        or coming.meeting is None
        or coming.meeting.id != say.post.meeting_id
        or coming.running
    ):
        return Reply(texts.answered(asker, "over")) if say.post.message else None
    return in_peace(say) or Reply(
        texts.offer(coming, asker, me),
        buttons=(
            say.button("Agree", "swap.agree", found.id, style="primary"),
            say.button("Decline", "swap.decline", found.id),
        ),
    )


@COMMANDS.post("swap-answer")
async def answer(say: Composing) -> Composed:
    """Tell the member who asked what became of it."""
    found = await _read_swap(say.session, say.group, say.post.subject)
    other = await _member(say.session, say.group, found.to_id) if found else None
    if found is None or other is None or found.state not in ("agreed", "declined"):
        return None
    if found.state == "declined":
        return in_peace(say) or Reply(texts.they_declined(other))
    meeting = await _meeting(say.session, say.group, say.post.meeting_id)
    undo = say.button("Undo", "swap.end", found.id)
    return in_peace(say) or Reply(texts.they_agreed(other, meeting), buttons=(undo,))


@COMMANDS.post("swap-over")
async def over(say: Composing) -> Composed:
    """Tell a member that the other took back the swap they had agreed on."""
    found = await _read_swap(say.session, say.group, say.post.subject)
    if found is None or say.member is None:
        return None
    other_id = found.to_id if found.from_id == say.member.id else found.from_id
    other = await _member(say.session, say.group, other_id)
    if other is None:
        return None
    return in_peace(say) or Reply(texts.they_took_back(other))


def offer_key(swap: Swap) -> str:
    """The key of the post that asks for a swap."""
    return f"swap:{swap.id}"


async def _get_member(ctx: Context, ref: str) -> Member:
    found = await ctx.session.scalar(
        select(Member).where(
            Member.group_id == ctx.group.id, Member.ref == ref, Member.state == "active"
        )
    )
    if found is None:
        raise NotFound(texts.no_member(ref), option="with")
    if found.id == ctx.member.id:
        raise UsageError(texts.WITH_ONESELF, option="with")
    return found


def _swappable(coming: Coming) -> Meeting:
    if coming.meeting is None:
        raise Conflict(texts.NO_MEETING)
    if coming.running:
        raise Conflict(texts.RUNNING)
    return coming.meeting


def _own_place(coming: Coming, member: Member) -> Place:
    place = texts.place_of(coming, member.id)
    if place is None:
        raise Conflict(texts.NOTHING_OF_YOURS)
    return place


def _their_place(coming: Coming, member: Member) -> Place:
    place = texts.place_of(coming, member.id)
    if place is None:
        raise Conflict(texts.nothing_of_theirs(member), option="with")
    return place


async def _refuse_second(ctx: Context, other: Member) -> None:
    """One agreed swap a member and meeting, and one open offer between two."""
    if await _agreed(ctx, ctx.member, other):
        raise Conflict(texts.ONE_SWAP)
    both = (ctx.member.id, other.id)
    open_ = await ctx.session.scalar(
        select(Swap).where(
            Swap.group_id == ctx.group.id,
            Swap.state == "offered",
            Swap.from_id.in_(both),
            Swap.to_id.in_(both),
        )
    )
    if open_ is not None and open_.from_id == ctx.member.id:
        raise Conflict(texts.already_asked(other))
    if open_ is not None:
        raise Conflict(texts.asked_you(other))


async def _agreed(ctx: Context, *members: Member) -> bool:
    ids = [member.id for member in members]
    found = select(Swap.id).where(
        Swap.group_id == ctx.group.id,
        Swap.state == "agreed",
        or_(Swap.from_id.in_(ids), Swap.to_id.in_(ids)),
    )
    return await ctx.session.scalar(found.limit(1)) is not None


async def _get_swap(ctx: Context, number: int) -> Swap:
    found = await _read_swap(ctx.session, ctx.group, number)
    if found is None:
        raise NotFound(texts.OVER)
    return found


async def _offered_to_me(ctx: Context, number: int) -> Swap:
    found = await _get_swap(ctx, number)
    if found.to_id != ctx.member.id:
        raise NotAllowed(texts.NOT_YOURS)
    return found


async def _turn(ctx: Context, swap: Swap, before: tuple[str, ...], after: str) -> None:
    """Change a swap's state once; the cards and the post that asked follow."""
    result = await ctx.session.execute(
        update(Swap)
        .where(Swap.group_id == ctx.group.id, Swap.id == swap.id, Swap.state.in_(before))
        .values(state=after)
    )
    if not changed(result):
        raise Conflict(texts.OVER)
    await ctx.refresh(offer_key(swap))
    await follow_queue(ctx)


async def _tell(ctx: Context, swap: Swap, asker: Member, meeting: Meeting | None) -> None:
    """Let the member who asked know the answer."""
    await ctx.enqueue(
        Draft(
            f"swap:{swap.id}:answer",
            "swap-answer",
            ctx.now,
            meeting.id if meeting else None,
            swap.id,
            asker.ref,
        )
    )


async def _read_swap(session: AsyncSession, group: Group, number: int | None) -> Swap | None:
    found = select(Swap).where(Swap.group_id == group.id, Swap.id == number)
    return (await session.scalars(found)).one_or_none()


async def _member(session: AsyncSession, group: Group, number: int) -> Member | None:
    found = select(Member).where(Member.group_id == group.id, Member.id == number)
    return (await session.scalars(found)).one_or_none()


async def _meeting(session: AsyncSession, group: Group, number: int | None) -> Meeting | None:
    found = select(Meeting).where(and_(Meeting.group_id == group.id, Meeting.id == number))
    return (await session.scalars(found)).one_or_none()
