"""Asking about the coming meetings, saying who comes, taking a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from sqlalchemy import or_, select

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Button, Field, Reply, Text, at, lines
from bot.context import Context
from bot.errors import Conflict, NotFound
from bot.meetings import texts
from bot.queue.reading import read_agenda
from bot.queue.texts import agenda_lines
from bot.schedule.asking import check_not_paused, current, planned
from bot.schedule.attendance import (
    Answered,
    answer,
    keep_rsvp,
    read_answers,
    refresh_cards,
    sort_answers,
)
from bot.schedule.coming import active_members, series_of
from bot.schedule.roles import ROLES, Role, Seat, take
from bot.schedule.seats import held_seats, read_seats, reseat, write_seats
from bot.schedule.series import falls_on
from bot.schedule.texts import NO_MEETING, OTHER_MEETING
from bot.store.outbox import refresh
from bot.store.tables import Meeting, Post

COMMANDS = Commands()

WORDS: dict[str, Answered] = {"going": "going", "late": "late", "not": "not going"}
"""What an RSVP button says in its id."""

AHEAD = 6
"""How many meetings are listed."""


@COMMANDS.command("meeting next", writes=False)
async def next_meeting(ctx: Context) -> Reply:
    """Show the next meeting: when, where, who comes, what is on."""
    meeting = await current(ctx)
    members = await active_members(ctx.session, ctx.group)
    answers = await read_answers(ctx.session, ctx.group, meeting)
    seats = await read_seats(ctx.session, ctx.group, meeting)
    by_id = {member.id: member for member in members}
    holders = [
        texts.seat(role, by_id.get(seats[role].member_id) if role in seats else None)
        for role in ROLES
    ]
    return Reply(
        lines(
            Text("{when}, until {end}", when=at(meeting.starts_at), end=texts.ends(meeting)),
            texts.place(ctx.group),
        ),
        title=Text("Next meeting of {group}", group=ctx.group.name),
        fields=(
            Field("Who comes", texts.who_comes(sort_answers(members, answers, meeting))),
            Field("Roles", lines(*holders)),
            Field("Agenda", agenda_lines(await read_agenda(ctx.session, ctx.group, meeting))),
        ),
        buttons=(*rsvp_buttons(ctx, meeting), *_seat_buttons(ctx, meeting, seats)),
    )


def rsvp_buttons(ctx: Context, meeting: Meeting) -> tuple[Button, ...]:
    """Going, late, not going."""
    return (
        ctx.button("Going", "meeting.rsvp", meeting.id, "going", style="primary"),
        ctx.button("Late", "meeting.rsvp", meeting.id, "late"),
        ctx.button("Not going", "meeting.rsvp", meeting.id, "not"),
    )


def _seat_buttons(ctx: Context, meeting: Meeting, held: Mapping[Role, Seat]) -> tuple[Button, ...]:
    """To take a role oneself, or to give one's own back."""
    mine = next((role for role, seat in held.items() if seat.member_id == ctx.member.id), None)
    take = [
        ctx.button(f"Be {role}", "seat.take", meeting.id, role) for role in ROLES if role != mine
    ]
    decline = ctx.button("Decline", "seat.decline", meeting.id, mine) if mine else None
    return (*take, decline) if decline else tuple(take)


@COMMANDS.command("meeting list", writes=False)
async def list_meetings(ctx: Context) -> Reply:
    """List the coming meetings"""
    if ctx.group.live_id is None:
        check_not_paused(ctx)
    found = await ctx.session.scalars(
        select(Meeting)
        .where(
            Meeting.group_id == ctx.group.id,
            Meeting.state.in_(("planned", "begun", "skipped")),
            or_(Meeting.starts_at > ctx.now, Meeting.state == "begun"),
        )
        .order_by(Meeting.starts_at)
    )
    series = series_of(ctx.group)
    # Nobody misses a date that the group skipped in a rhythm it no longer has.
    meetings = [m for m in found if m.state != "skipped" or falls_on(series, m.day)][:AHEAD]
    if not meetings:
        raise NotFound(NO_MEETING)
    return Reply(
        texts.listed_meetings(ctx.group, meetings),
        title=Text("Coming meetings of {group}", group=ctx.group.name),
    )


@COMMANDS.command("meeting rsvp", title="Will you come?", writes=True, form=("answer",))
async def rsvp(
    ctx: Context,
    answer: Annotated[
        Literal["going", "late", "not going"], "Whether you come to the next meeting"
    ],
) -> Reply:
    """Say whether you come to the next meeting"""
    return await _answer(ctx, await current(ctx), answer)


@COMMANDS.action("meeting.rsvp")
async def press_rsvp(ctx: Context, number: int, word: str) -> Reply:
    """Answer by a button on a card."""
    if word not in WORDS:
        raise Conflict(OTHER_MEETING)
    return await _answer(ctx, await planned(ctx, number), WORDS[word])


async def _answer(ctx: Context, meeting: Meeting, given: Answered) -> Reply:
    await answer(ctx.session, ctx.group, meeting, ctx.member, given)
    await reseat(ctx.session, ctx.group, meeting, ctx.now)
    await refresh_cards(ctx.session, ctx.group, [meeting], ctx.now)
    return Reply(texts.answered(meeting, given))


@COMMANDS.action("meeting.keep")
async def keep(ctx: Context, number: int) -> Reply:
    """Meet although few are coming."""
    meeting = await planned(ctx, number)
    meeting.kept = True
    await refresh_cards(ctx.session, ctx.group, [meeting], ctx.now)
    return Reply(texts.kept(meeting))


@COMMANDS.action("seat.take")
async def take_seat(ctx: Context, number: int, role: str) -> Reply:
    """Take a role oneself: any member can."""
    meeting = await planned(ctx, number)
    if role not in ROLES:
        raise Conflict(OTHER_MEETING)
    wanted: Role = "facilitator" if role == "facilitator" else "recorder"
    held = await read_seats(ctx.session, ctx.group, meeting)
    mine = [r for r, seat in held.items() if seat.member_id == ctx.member.id]
    if wanted in mine and held[wanted].by_choice:
        return Reply(texts.already_yours(role))
    rsvp = await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)
    rsvp.declined_seat = None
    write_seats(meeting, take(held, wanted, ctx.member.id))
    await _show_seats(ctx, meeting)
    other = next((r for r in mine if r != wanted), None)
    return Reply(texts.taken(role, meeting, other))


@COMMANDS.action("seat.decline")
async def decline_seat(ctx: Context, number: int, role: str) -> Answer:
    """Give a role back, before or on the day."""
    meeting = await planned(ctx, number)
    held = await read_seats(ctx.session, ctx.group, meeting)
    seat = next((s for r, s in held.items() if r == role), None)
    if seat is None or seat.member_id != ctx.member.id:
        raise Conflict(Text("That role is not yours any more."))
    (await keep_rsvp(ctx.session, ctx.group, meeting, ctx.member)).declined_seat = role
    if held_seats(meeting):
        write_seats(meeting, {r: s for r, s in held.items() if r != role})
    await ctx.session.flush()
    await reseat(ctx.session, ctx.group, meeting, ctx.now)
    await _show_seats(ctx, meeting)
    now_held = await read_seats(ctx.session, ctx.group, meeting)
    new = next((s.member_id for r, s in now_held.items() if r == role), None)
    members = await active_members(ctx.session, ctx.group)
    return Reply(texts.declined(role, next((m for m in members if m.id == new), None)))


async def _show_seats(ctx: Context, meeting: Meeting) -> None:
    await ctx.session.flush()
    await refresh_cards(ctx.session, ctx.group, [meeting], ctx.now)
    told = (Post.meeting_id == meeting.id, Post.kind.in_(("begun", "seat")))
    await refresh(ctx.session, ctx.group, ctx.now, *told)
