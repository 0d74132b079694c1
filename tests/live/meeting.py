"""Phases, agendas and people for meetings that only the rules see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.formats.fitting import FittedPhase
from bot.formats.model import Phase, Speaks, Takes
from bot.live.state import Kind, Segment

ANA, BEN, CAI, DEE, EVA = 1, 2, 3, 4, 5
FIVE = (ANA, BEN, CAI, DEE, EVA)

START = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    """So many minutes into the meeting."""
    return START + timedelta(minutes=minute)


def a_phase(
    name: str, minutes: int, speaks: Speaks, takes: Takes = "", *, rounds: int = 1
) -> FittedPhase:
    """A phase that has its minutes already; the presenter takes part in it."""
    return FittedPhase(Phase(name, minutes, 1, speaks, "A rule.", takes=takes), minutes, rounds)


def a_silent_phase(name: str, minutes: int, speaks: Speaks, *, rounds: int = 1) -> FittedPhase:
    """A phase in which the presenter only listens."""
    return FittedPhase(Phase(name, minutes, 1, speaks, "A rule.", silent=True), minutes, rounds)


def around(kind: Kind, minutes: int) -> Segment:
    """A part of the meeting that belongs to no case: everybody in turn."""
    return Segment(kind, (a_phase(kind, minutes, "in turn"),))


def a_case(case_id: int, presenter: int, *phases: FittedPhase) -> Segment:
    """A case; with no phases given, the presenter tells and the others help."""
    usual = (a_phase("telling", 10, "presenter"), a_silent_phase("helping", 20, "in turn"))
    return Segment("case", phases or usual, case_id, presenter)
