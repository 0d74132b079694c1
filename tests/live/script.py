"""A meeting of ninety minutes with two cases and five people, as a transcript of what they press.

It is written from the format alone, without asking the meeting: after each line stands who may
speak then, and who is to be silent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import cycle

from sqlalchemy import select

from bot.formats.fitting import FittedPhase, fit
from bot.formats.model import Format
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.tables import Case

FIVE = ("ana", "ben", "chloe", "dina", "eli")
PRESENTERS = ("dina", "ben")
"""Dina goes first, for her case cannot wait."""

NOBODY: frozenset[str] = frozenset()
EACH = 38
"""The minutes of each of the two cases: what 90 leave for them."""

PREPARED = (
    "at 2026-03-02 09:00 Europe/Berlin",
    "ana: /group start name: Monday circle every: 2 weeks weekday: monday time: 10:00 "
    "zone: Europe/Berlin first: 2026-03-02",
    *(f'{name}: press "Join"' for name in FIVE[1:]),
    "ben: /case add title: An ending that never ends question: How do I say goodbye?",
    'ben: press "It is de-identified"',
    "dina: /case add title: A referral I regret urgency: before next meeting",
    'dina: press "It is de-identified"',
    *(f"{name}: /meeting rsvp answer: going" for name in FIVE),
    "+1h",
)
"""What comes before the meeting."""


@dataclass(frozen=True)
class Line:
    """A line of the transcript, and who may speak and who is silent from then on."""

    text: str
    speak: frozenset[str]
    silent: frozenset[str] = NOBODY
    phase: str = ""


class Script:
    """Writes the lines of a meeting, each of its cases in a format, from Begin to End."""

    def __init__(self, first: Format, second: Format) -> None:
        """The whole meeting."""
        self._who = cycle(FIVE)
        self.lines: list[Line] = []
        self._say('"Begin"', {"ana"}, phase="Arrival")
        self._arrival()
        for presenter, format in zip(PRESENTERS, (first, second), strict=True):
            self._case(format, presenter)
        self._close()

    def _say(
        self,
        press: str,
        speak: Collection[str],
        silent: Collection[str] = NOBODY,
        *,
        by: str | None = None,
        phase: str = "",
    ) -> None:
        named = phase or self.lines[-1].phase
        text = f"{by or next(self._who)}: press {press}"
        self.lines.append(Line(text, frozenset(speak), frozenset(silent), named))

    def _wait(self, seconds: int) -> None:
        last = self.lines[-1]
        if seconds:
            self.lines.append(Line(f"+{seconds}s", last.speak, last.silent, last.phase))

    def _arrival(self) -> None:
        """Chloe passes, and is asked once more at the end."""
        for press, speaks in (
            *(('"Next"', "ben"), ('"Next"', "chloe"), ('"Pass"', "dina")),
            *(('"Next"', "eli"), ('"Next"', "chloe"), ('"Next"', "")),
        ):
            self._wait(40)
            self._say(press, {speaks} - {""})

    def _close(self) -> None:
        """The last round: in the order in which they came."""
        self._say('"Next"', {"ana"}, phase="Close")
        for speaks in (*FIVE[1:], ""):
            self._wait(45)
            self._say('"Next"', {speaks} - {""})
        self._say('"Next"', NOBODY, phase="")
        self._say('"End"', NOBODY)

    def _case(self, format: Format, presenter: str) -> None:
        """It waits to be opened; where it goes round, each has a slot of it."""
        times = format.times(len(FIVE))
        times = times if format.least * times <= EACH else 1
        others = [name for name in FIVE if name != presenter]
        self._say('"Next"', FIVE, phase="waits")
        for n, who in enumerate([presenter, *others][:times]):
            phases = fit(format, max(EACH // times, format.least))
            spoken: set[str] = set()
            for m, fitted in enumerate(phases):
                self._phase(fitted, who, spoken, "Open" if n + m == 0 else "Next")

    def _phase(self, fitted: FittedPhase, presenter: str, spoken: set[str], press: str) -> None:
        phase, seconds = fitted.phase, fitted.length * 60 - 10
        silent = {presenter} if phase.silent else set()
        everybody = set(FIVE) - silent
        match phase.speaks:
            case "nobody":
                self._say(f'"{press}"', NOBODY, set(FIVE), phase=phase.name)
                self._wait(seconds)
            case "presenter":
                self._say(f'"{press}"', {presenter}, phase=phase.name)
                self._wait(seconds)
                spoken.add(presenter)
            case "freely":
                self._say(f'"{press}"', everybody, silent, phase=phase.name)
                self._hand(max(everybody), everybody, silent, seconds)
                spoken.add(max(everybody))
            case "in turn":
                self._in_turn(fitted, presenter, spoken, press)

    def _hand(self, hand: str, everybody: set[str], silent: set[str], seconds: int) -> None:
        """Somebody raises their hand, and is called."""
        self._wait(seconds // 2)
        self._say('"Raise hand"', everybody, silent, by=hand)
        self._say('"Next hand"', {hand}, silent)
        self._wait(seconds // 2)

    def _in_turn(self, fitted: FittedPhase, presenter: str, spoken: set[str], press: str) -> None:
        """Round by round: who has not spoken in this case first, its presenter last."""
        phase, asks = fitted.phase, fitted.phase.takes == "question"
        silent = {presenter} if phase.silent else set()
        answers = {presenter} if asks else set()
        rounds = [self._round(presenter, spoken, fitted) for _ in range(fitted.rounds)]
        turns = [who for order in rounds for who in order]
        each = (fitted.length * 60 - 10) // len(turns)
        for n, who in enumerate(turns):
            self._say(f'"{press}"', {who} | answers, silent, phase=phase.name)
            if asks and n == 0:
                self._say('"Asked"', {who} | answers, silent)
                self._say('"Asked"', answers, silent)
            self._wait(each)
            press = "Next"
        self._say('"Next"', answers, silent)

    def _round(self, presenter: str, spoken: set[str], fitted: FittedPhase) -> list[str]:
        """One round's order; whoever had their turn has spoken in the next."""
        phase = fitted.phase
        out = {presenter} if phase.silent or phase.takes == "question" else set()
        order = [name for name in FIVE if name not in out]
        order.sort(key=lambda name: (name == presenter, name in spoken))
        spoken |= set(order)
        return order


async def choose_formats(database: Database, first: str, second: str) -> None:
    """Let each of the two cases be worked through in its format."""
    async with database.writing() as session:
        found = select(Case).order_by(Case.id)
        cases = (await session.scalars(found, execution_options=ACROSS_GROUPS)).all()
        # Ben's was brought before dina's.
        for case, id in zip(cases, (second, first), strict=True):
            case.format_id = id
