"""The README's picture: a few lines played to the real bot, drawn as a chat on a phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.console.client import Player, open_stage
from adapters.console.stage import Seen
from bot.chat.replies import Moment, plain_moment
from docs.drawing import Sheet

FILE = Path(__file__).parent / "picture.svg"
CHANNEL = "tuesday-circle"
ZONE = "Europe/Berlin"
BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
ASKED = f"ben in #{CHANNEL}: /case add "
TYPED = "An ending that never ends question: How do I say goodbye?"
SCENE = (
    f"at 2026-03-02 09:00 {ZONE}",
    f"ana in #{CHANNEL}: /group start name: Tuesday circle every: 2 weeks weekday: tuesday "
    f"time: 18:30 zone: {ZONE} first: 2026-03-10",
    *(f'{name} in #{CHANNEL}: press "Join"' for name in ("ben", "chloe", "dina", "eli")),
    "+1d10h",
    f"{ASKED}{TYPED}",
    f'ben in #{CHANNEL}: press "It is de-identified"',
    f'chloe in #{CHANNEL}: press "Going"',
    f"ana in #{CHANNEL}: /case add Stuck since the second year minutes: 30",
    f'ana in #{CHANNEL}: press "It is de-identified"',
    f'dina in #{CHANNEL}: press "Late"',
    f'ben in #{CHANNEL}: press "Going"',
)
MEETING = (
    f'ana in #{CHANNEL}: press "Going"',
    "+6d23h30m",
    f'chloe in #{CHANNEL}: press "Begin"',
    f'dina in #{CHANNEL}: press "Join"',
    "+4m",
    f"chloe in #{CHANNEL}: /meeting step step: next phase",
    *(f"chloe in #{CHANNEL}: /meeting step step: next phase" for _ in range(4)),
    "+20m",
    f"chloe in #{CHANNEL}: /meeting step step: next phase",
)
"""Of it the card is shown, as it reads in the end."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that appeared, and what had been typed for it."""

    seen: Seen
    typed: str | None = None


async def drawn() -> str:
    """The picture as the bot speaks today."""
    sheet = Sheet(f"# {CHANNEL}")
    day = ""
    for one in await scene():
        today = plain_moment(Moment(one.seen.at, "date"), ZONE)
        if today != day:
            sheet.day(today)
            day = today
        if one.typed is not None:
            sheet.typed("@ben", one.typed)
        sheet.said(one.seen, plain_moment(Moment(one.seen.at, "time"), ZONE))
    return sheet.svg(
        "Rounds in a group's channel: the call for cases, a private answer, and the card "
        "of a meeting that runs"
    )


async def scene() -> list[Shown]:
    """What is shown of the scene: what the bot posts by itself, and one private answer."""
    shown: list[Shown] = []
    async with open_stage(None, BEGINNING) as stage:
        player = Player(stage, lambda line: None)
        for line in SCENE:
            seen = await player.play_line(line)
            if line.startswith("+"):
                shown += [Shown(one) for one in seen if one.kind == "post" and not one.private]
            elif line.startswith(ASKED):
                shown += [Shown(one, f"/case add {TYPED}") for one in seen if one.kind == "reply"]
        for line in MEETING:
            seen = await player.play_line(line)
        shown += [Shown(one) for one in seen if one.kind == "edit" and one.buttons]
    return [replace(one, seen=replace(one.seen, zone=ZONE)) for one in shown]
