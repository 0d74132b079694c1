"""Playing a transcript: lines in, what each person sees out, as prose or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from adapters.console.grammar import Deed, SetClock, Step, TranscriptError, read_line
from adapters.console.stage import PLATFORM, Seen, Stage
from bot.chat.replies import Moment, plain_moment

WIDTH = 92
Write = Callable[[str], None]


class Player:
    """Plays the lines of a transcript on a stage and writes what appears."""

    def __init__(self, stage: Stage, write: Write, *, as_json: bool = False) -> None:
        """`write` takes one line of output at a time."""
        self.stage = stage
        self._write = write
        self._as_json = as_json
        self._started = False
        self._shown: datetime | None = None

    async def play(self, lines: Iterable[str]) -> None:
        """Play all lines; a line that says nothing known ends it with its number."""
        for number, line in enumerate(lines, start=1):
            try:
                await self.play_line(line)
            except TranscriptError as error:
                raise TranscriptError(f"line {number}: {error}") from error

    async def play_line(self, line: str) -> list[Seen]:
        """Play one line and write what appears because of it."""
        read = read_line(line)
        seen: list[Seen] = []
        match read:
            case None:
                return seen
            case SetClock(at, zone):
                self._set_clock(at, zone)
            case Step(by):
                seen = await self.stage.step(by)
            case Deed(person, channel, action):
                self._say_deed(line)
                seen = await self.stage.act(person, action, channel)
        self._started = True
        for appeared in seen:
            self._show(appeared)
        return seen

    def _set_clock(self, at: datetime, zone: str) -> None:
        if self._started:
            raise TranscriptError("the clock is set once, before anything else; expected `+1d`")
        self.stage.now, self.stage.zone = at.astimezone(UTC), zone

    def _say_deed(self, line: str) -> None:
        if not self._as_json:
            self._say_time(self.stage.now, self.stage.zone)
            self._write(f"\n> {line.strip()}")

    def _show(self, seen: Seen) -> None:
        if self._as_json:
            self._write(json.dumps(as_object(seen), ensure_ascii=False))
            return
        self._say_time(seen.at, seen.zone)
        for line in as_prose(seen):
            self._write(line)

    def _say_time(self, at: datetime, zone: str) -> None:
        if self._shown is None or at != self._shown:
            moment = plain_moment(Moment(at), zone)
            self._write(f"\n── {moment} " + "─" * max(2, WIDTH - len(moment) - 4))
            self._shown = at


def as_object(seen: Seen) -> dict[str, object]:
    """What appeared, for a program to read."""
    return {
        "at": seen.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "platform": PLATFORM,
        "to": seen.to,
        "kind": seen.kind,
        "private": seen.private,
        "text": seen.text,
        "buttons": seen.buttons,
        "fields": seen.fields,
    }


HEADINGS = {"reply": "only {to} sees", "post": "{to}", "edit": "{to}, edited", "form": "form for {to}"}


def as_prose(seen: Seen) -> list[str]:
    """What appeared, for a person to read."""
    who = HEADINGS[seen.kind].format(to=seen.to)
    if seen.kind == "post" and seen.private:
        who += ", in private"
    written = [f"  {who}"]
    for paragraph in seen.text.splitlines():
        written += textwrap.wrap(paragraph, WIDTH - 4, initial_indent="  │ ", subsequent_indent="  │ ") or ["  │"]
    for field in seen.fields:
        empty = "________" if seen.kind == "form" else ""
        written += textwrap.wrap(
            f"{field['name']}: {field['value'] or empty}",
            WIDTH - 4,
            initial_indent="  │ ",
            subsequent_indent="  │   ",
        )
    if seen.buttons:
        written.append("  │ " + "  ".join(f"[{label}]" for label in seen.buttons))
    return written


