"""Dealing perspective cards: privately, no two alike, and never the same one twice running."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.formats.model import Formats, Perspective
from bot.formats.perspectives import deal
from bot.live.state import Dealt, LiveState, Segment
from bot.store.tables import Group, Member


def card_of(state: LiveState, formats: Formats, member: int) -> Perspective | None:
    """The card a member holds in the case that runs, while its format still has it."""
    segment = state.segment if state.opened else None
    if segment is None or member in segment.recused:
        return None
    held = {d.name for d in state.dealt if (d.case_id, d.member) == (segment.case_id, member)}
    return next((card for card in cards_of(formats, segment) if card.name in held), None)


def cards_of(formats: Formats, segment: Segment) -> Sequence[Perspective]:
    """The cards of the format that a part of the agenda is worked through in."""
    found = formats.find(segment.format_id or "")
    return found.perspectives if found else ()


def without_card(state: LiveState) -> tuple[int, ...]:
    """Who is to be dealt a card: from the phase of the cards on, those who listen to the case."""
    segment = state.segment if state.opened else None
    if segment is None or not _cards_are_out(segment, state.at[1]):
        return ()
    holders = {dealt.member for dealt in state.dealt if dealt.case_id == segment.case_id}
    there = (m for m in state.present if m not in segment.recused and m != segment.presenter)
    return tuple(member for member in there if member not in holders)


async def deal_cards(
    session: AsyncSession, group: Group, state: LiveState, formats: Formats
) -> LiveState:
    """Deal to whoever has no card yet; a late arrival gets one of the rest."""
    members, segment = without_card(state), state.segment
    if not members or segment is None or segment.case_id is None:
        return state
    out = {dealt.name for dealt in state.dealt if dealt.case_id == segment.case_id}
    rest = [card for card in cards_of(formats, segment) if card.name not in out]
    if not rest:
        return state
    # By the case and by how many are out: the same again if this is done a second time.
    rng = Random(f"{group.seed}:{segment.case_id}:{len(out)}")
    hands = deal(rest, members, await _last(session, group), rng)
    for member, card in hands.items():
        await session.execute(
            update(Member)
            .where(Member.group_id == group.id, Member.id == member)
            .values(last_perspective=card.name)
        )
    dealt = (Dealt(segment.case_id, member, card.name) for member, card in hands.items())
    return replace(state, dealt=(*state.dealt, *dealt))


async def _last(session: AsyncSession, group: Group) -> dict[int, str]:
    rows = await session.execute(
        select(Member.id, Member.last_perspective).where(
            Member.group_id == group.id, Member.last_perspective.is_not(None)
        )
    )
    return {member: name for member, name in rows if name is not None}


def _cards_are_out(segment: Segment, phase: int) -> bool:
    return any(fitted.phase.takes == "perspective" for fitted in segment.phases[: phase + 1])
