"""Playing a transcript: lines in, what each person sees out, as prose or as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from random import Random

from adapters.console.grammar import Deed, SetClock, Step, TranscriptError, read_line
from adapters.console.stage import PLATFORM, Seen, Stage
from bot.app import App
from bot.chat.replies import Moment, plain_moment
from bot.formats.model import Formats
from bot.keys.ring import Keyring
from bot.ops.keys import keys_beside, make_ready
from bot.ops.lock import only_one
from bot.ops.migrate import migrate
from bot.store.database import Database

WIDTH = 92
Write = Callable[[str], None]


class Player:
    """Plays the lines of a transcript on a stage and writes what appears."""

    def __init__(
        self, stage: Stage, write: Write, *, as_json: bool = False, narrated: bool = False
    ) -> None:
        """`write` takes one line of output at a time; `narrated` shows the comments as well."""
        self.stage = stage
        self._narrated = narrated
        self._write = write
        self._as_json = as_json
        self._started = False
        self._shown: datetime | None = None

    async def play_line(self, line: str) -> list[Seen]:
        """Play one line and write what appears because of it."""
        read = read_line(line)
        seen: list[Seen] = []
        match read:
            case None:
                self._narrate(line.strip())
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

    def _narrate(self, comment: str) -> None:
        if self._narrated and comment:
            words = comment.removeprefix("#").strip()
            self._write("\n" + "\n".join(textwrap.wrap(words, WIDTH)))

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


HEADINGS = {
    "reply": "only {to} sees",
    "post": "{to}",
    "edit": "{to}, edited",
    "form": "a form for {to}",
}


def as_prose(seen: Seen) -> list[str]:
    """What appeared, for a person to read; of an edit only what is new."""
    who = HEADINGS[seen.kind].format(to=seen.to)
    if seen.kind == "post" and seen.private:
        who += ", in private"
    if seen.before is None:
        return [f"  {who}", *_body(seen)]
    old = _body(replace(seen, said=seen.before, before=None))
    new = [line for line in _body(seen) if line not in old]
    return [f"  {who}", *new] if new else [f"  {who}: some of it is gone"]


def _body(seen: Seen) -> list[str]:
    written: list[str] = []
    for paragraph in seen.text.splitlines():
        written += _wrapped(paragraph)
    for field in seen.fields:
        value = field["value"] or ("________" if seen.kind == "form" else "")
        first, *rest = value.splitlines() or [""]
        if rest:
            written += _wrapped(f"{field['name']}:")
            written += [line for part in (first, *rest) for line in _wrapped(part, "  ")]
        else:
            written += _wrapped(f"{field['name']}: {first}")
    if seen.buttons:
        written += ["  │ " + "  ".join(f"[{label}]" for label in seen.buttons)]
    return written


def _wrapped(paragraph: str, indent: str = "") -> list[str]:
    edge = f"  │ {indent}"
    return textwrap.wrap(paragraph, WIDTH, initial_indent=edge, subsequent_indent=edge) or ["  │"]


def typed_lines() -> Iterator[str]:
    """Lines from standard input, with a prompt where somebody types them."""
    by_hand = sys.stdin.isatty()
    while True:
        if by_hand:
            print("rounds> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def first_month() -> list[str]:
    """The transcript of the demonstration."""
    return (files("adapters.console") / "first_month.txt").read_text("utf-8").splitlines()


@dataclass(frozen=True, slots=True)
class Props:
    """What a stage is set up with: a file to keep everything in, and formats of one's own."""

    keep_in: Path | None = None
    formats: Formats | None = None


BARE = Props()


async def play(
    lines: Iterable[str],
    now: datetime,
    props: Props = BARE,
    *,
    as_json: bool = False,
    pause: float | None = None,
) -> int:
    """Play a transcript from its first line to its last; give the exit status.

    Somebody who types by hand may try a line again; a file ends at the first one unknown. With a
    pause between the lines, in seconds, it is a performance: its comments are shown too.
    """
    by_hand = sys.stdin.isatty() and not isinstance(lines, list)
    async with open_stage(props.keep_in, now, props.formats) as stage:
        write = partial(print, flush=True)
        player = Player(stage, write, as_json=as_json, narrated=pause is not None)
        for number, line in enumerate(lines, start=1):
            try:
                await player.play_line(line)
            except TranscriptError as error:
                print(f"line {number}: {error}", file=sys.stderr)
                if not by_hand:
                    return 2
            await asyncio.sleep(pause or 0)
    return 0


@asynccontextmanager
async def open_stage(
    keep_in: Path | None, now: datetime, formats: Formats | None = None
) -> AsyncIterator[Stage]:
    """A stage on a database in memory, or in a file that is made and brought up to date."""
    url = "sqlite+aiosqlite://" + (f"/{keep_in}" if keep_in else "")
    async with AsyncExitStack() as stack:
        if keep_in is not None:
            stack.enter_context(only_one(keep_in))
            await migrate(url)
        ring = keys_beside(keep_in) if keep_in else Keyring.in_memory()
        database = Database(url, ring)
        stack.push_async_callback(database.close)
        stack.push_async_callback(ring.close)
        if keep_in is None:
            await database.create()
        else:
            await make_ready(database)
        # Chance is seeded: a transcript plays the same every time.
        app = App(database, Random(1), formats=formats)
        yield Stage(app, now.replace(microsecond=0))
