"""The conversation on the console, from a transcript in a file, as `rounds console` plays it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from adapters.console.client import Player
from adapters.console.stage import Seen, Stage
from bot.app import App
from bot.chat.replies import Form, Input
from tests.databases import in_memory
from tests.parity.appeared import Appeared, Blank, Play, lines
from tests.parity.played import Given, Time, nothing


async def play_on_console(transcript: Iterable[str], given: Given | None = None) -> Play:
    """Everything that appears on the console."""
    play = Play()
    async with in_memory() as database:
        player = Player(Stage(App(database, Random(1)), Time().at), lambda line: None)
        prepared, arrange = given or ((), nothing)
        for line in prepared:
            _note_all(play, await player.play_line(line))
        await arrange(database)
        for line in transcript:
            _note_all(play, await player.play_line(line))
    return play


def _note_all(play: Play, seen: Iterable[Seen]) -> None:
    for one in seen:
        _note(play, one)


def _note(play: Play, seen: Seen) -> None:
    now = _appeared(seen)
    if seen.before is not None:
        before = _appeared(replace(seen, said=seen.before, before=None))
        if (before.words, before.buttons) == (now.words, now.buttons):
            return
    play.note(now)


def _appeared(seen: Seen) -> Appeared:
    if isinstance(seen.said, Form):
        blanks = tuple(map(_blank, seen.said.inputs))
        return Appeared(seen.to, "form", lines([seen.text]), blanks=blanks)
    fields = [f"{field['name']}\n{field['value']}" for field in seen.fields]
    public = seen.kind in ("post", "edit")
    calls = frozenset(seen.said.notify) if public else frozenset()
    words = lines([seen.text, *fields])
    return Appeared(seen.to, seen.kind, words, tuple(seen.buttons), calls=calls)


def _blank(field: Input) -> Blank:
    return Blank(field.label, field.value, field.hint, field.choices)
