"""What a meeting goes through, built in one place from its cases, their minutes and formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.formats.choosing import suggest
from bot.formats.fitting import Agenda, FittedPhase, fit
from bot.formats.model import Format, Formats, Phase, Speaks
from bot.live import texts
from bot.live.state import Kind, Segment


@dataclass(frozen=True, slots=True)
class CaseSlot:
    """A case with the minutes it gets; `format` is the one that fits them.

    `wanted` is the format that was chosen, where it needs more than the case has.
    """

    case_id: int
    presenter: int
    minutes: int
    format: Format
    wanted: Format | None = None
    facilitator: int | None = None
    recused: frozenset[int] = frozenset()


def fit_format(
    formats: Formats, wanted: Format, minutes: int, present: int
) -> tuple[Format, Format | None]:
    """The format for a slot, and the one that was wanted if that needs more time."""
    if wanted.least <= minutes:
        return wanted, None
    return suggest(formats, present, minutes)[0], wanted


def segments_of(slot: CaseSlot, present: Sequence[int]) -> tuple[Segment, ...]:
    """A case's part of the agenda: once, or once for each person where its format goes round.

    A slot that is too short for any format gets the shortest in the least it can take. Who sits
    it out has no part in it, but the others' minutes do not tell so. Whoever presents in it does
    not facilitate it: a seat taken before there was a turn for them is free again.
    """
    others = [m for m in present if m != slot.presenter]
    times = slot.format.times(len(others) + 1)
    if slot.format.least * times > slot.minutes:
        times = 1
    phases = fit(slot.format, max(slot.minutes // times, slot.format.least))
    whose = [slot.presenter, *others][:times]
    facilitator = None if slot.facilitator in whose else slot.facilitator
    rest = (facilitator, slot.format.id, slot.recused, slot.recused.intersection(whose))
    return tuple(
        Segment("case", phases, slot.case_id, who, *rest)
        for who in whose
        if who not in slot.recused
    )


def plan_segments(
    agenda: Agenda, slots: Sequence[CaseSlot], present: Sequence[int]
) -> tuple[Segment, ...]:
    """The whole meeting: arrival, follow-ups, its cases or free talk, close."""
    middle = [segment for slot in slots for segment in segments_of(slot, present)]
    if not slots:
        middle = [_around("talk", agenda.spare)]
    parts = (
        _around("arrival", agenda.arrival),
        _around("follow-ups", agenda.follow_ups),
        *middle,
        _around("close", agenda.close),
    )
    return tuple(segment for segment in parts if segment.phases)


def _around(kind: Kind, minutes: int) -> Segment:
    """A part that belongs to no case; of no minutes it has no phase, and is left out."""
    if minutes < 1:
        return Segment(kind, ())
    name, rule = texts.AROUND[kind]
    speaks: Speaks = "freely" if kind in ("talk", "follow-ups") else "in turn"
    phase = Phase(name, minutes, 1, speaks, rule)
    return Segment(kind, (FittedPhase(phase, minutes),))
