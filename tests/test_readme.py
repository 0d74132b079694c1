"""The README and its picture: what they say is what the bot does today."""

from __future__ import annotations

import re
import shlex

import pytest

from adapters.console.client import Player, open_stage
from bot.__main__ import main
from docs import commands, picture

ROOT = commands.README.parent
README = commands.README.read_text("utf-8")
OUT_OF_DATE = "is out of date: run `make docs`"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", README, re.DOTALL | re.MULTILINE)


def _typed(program: str) -> list[list[str]]:
    """What the README has people type after this word, comments left out."""
    lines = (line.strip() for block in _blocks("sh") for line in block.splitlines())
    words = [shlex.split(line, comments=True) for line in lines]
    return [rest for first, *rest in filter(None, words) if first == program]


def test_the_table_of_commands_is_what_the_bot_declares() -> None:
    assert commands.with_table(README) == README, f"README.md {OUT_OF_DATE}"


async def test_the_picture_shows_what_the_bot_says() -> None:
    drawn = await picture.drawn()

    assert picture.FILE.read_text("utf-8") == drawn, f"its picture {OUT_OF_DATE}"


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    drawn = picture.FILE.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?:|<script|<image|<foreignObject|@import|@font-face", drawn)


def test_every_file_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)#\s]+)\)|src=\"([^\"]+)\"", README)
    local = [name for pair in linked for name in pair if name and "://" not in name]

    assert "CONTRIBUTING.md" in local
    assert [name for name in local if not (ROOT / name).exists()] == []


def test_every_heading_the_readme_points_to_is_there() -> None:
    pointed = set(re.findall(r"\]\(#([^)]+)\)", README))
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)

    assert pointed <= {heading.lower().replace(" ", "-") for heading in headings}


async def test_the_transcript_in_the_readme_plays_to_its_end() -> None:
    (transcript,) = _blocks("text")
    written: list[str] = []

    async with open_stage(None, picture.BEGINNING) as stage:
        player = Player(stage, written.append)
        for line in transcript.splitlines():
            await player.play_line(line)

    assert "has the floor" in "\n".join(written)
    assert "There is no button" not in "\n".join(written)


@pytest.mark.parametrize("typed", _typed(".venv/bin/rounds"), ids=" ".join)
def test_every_command_line_in_the_readme_is_known(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*typed, "--help"])

    assert ended.value.code == 0
    assert "usage: rounds" in capsys.readouterr().out


def test_every_make_target_in_the_readme_is_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"`?make ([a-z]+)", "\n".join(re.findall(r"`[^`]+`", README)))
    typed = [rest[0] for rest in _typed("make")]

    assert typed[:2] == ["demo", "test"]
    assert {*named, *typed} <= set(targets)
