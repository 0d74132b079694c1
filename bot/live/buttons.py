"""What can be pressed on the card of a running meeting."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.replies import Button
from bot.live import closing_card
from bot.live.people import facilitator
from bot.live.rules import QUESTIONS, is_free, questions
from bot.live.shown import MakeButton, Shown, has_seat
from bot.live.state import LiveState

STEPS = {
    "Open": "next",
    "Next": "next",
    "Back": "back",
    "More time": "more",
    "Pause": "pause",
    "Go on": "resume",
    "Pass": "pass",
    "Asked": "ask",
    "Next hand": "call",
}
"""The buttons that are steps of the card, and what their ids say."""


def buttons(shown: Shown, button: MakeButton) -> Iterable[Button]:
    """All of them, the next step first."""
    state, meeting = shown.state, shown.kept.meeting.id
    for label in _steps(state):
        style = "primary" if label in ("Next", "Open") else "secondary"
        yield button(label, "live.step", meeting, state.version, STEPS[label], style=style)
    if is_free(state):
        yield button("Raise hand", "live.hand", meeting)
    if state.segment is not None and state.segment.kind == "talk":
        yield button("Start a round", "do", "turn start", "")
    yield from closing_card.buttons(shown.close, button)
    yield from _around(shown, button)
    if shown.standby:
        yield button("Standby case", "live.standby", meeting, shown.case_id or 0)
    if shown.advice is not None and shown.advice[0].id != _format_id(state):
        use = (meeting, shown.case_id or 0, shown.advice[0].id)
        yield button(f"Use {shown.advice[0].name}", "live.format", *use)
    yield button("Join", "live.join", meeting)
    if not state.finished:
        yield button("Agenda", "live.agenda", meeting)
    yield button("End", "meeting.end", meeting, style="primary" if state.finished else "secondary")


def _around(shown: Shown, button: MakeButton) -> Iterable[Button]:
    """What is there for a case: its seat, stepping out before it opens, one's own card."""
    state, meeting, case_id = shown.state, shown.kept.meeting.id, shown.case_id
    item = shown.kept.item(case_id)
    if item is None:
        return
    if has_seat(shown) and facilitator(state) is None:
        yield button("Take it", "live.seat", meeting, item.case.id)
    if not state.opened:
        yield button("I may know this person", "case.recuse", item.case.code)
        yield button("Name a facilitator", "do", "meeting facilitator", "")
    elif any(dealt.case_id == case_id for dealt in state.dealt):
        yield button("My card", "live.mine", meeting)


def _steps(state: LiveState) -> Iterable[str]:
    fitted, holder = state.fitted, state.floor.holder if state.floor else None
    if not state.finished:
        yield "Next" if state.opened else "Open"
    if state.before:
        yield "Back"
    if fitted is None or not state.opened:
        return
    yield "More time"
    yield "Go on" if state.paused else "Pause"
    if holder is not None:
        yield "Pass"
        if fitted.phase.takes == "question" and questions(state, holder) < QUESTIONS:
            yield "Asked"
    elif state.hands:
        yield "Next hand"


def _format_id(state: LiveState) -> str | None:
    return state.segment.format_id if state.segment else None
