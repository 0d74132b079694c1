"""`rounds console`: a transcript from a file or standard input, as a process where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

ROOT = Path(__file__).parent.parent

STORY = """\
# One group, a few lines.
at 2026-03-02 09:00 Europe/Berlin

ana: /group start name: Tuesday circle every: week weekday: tuesday time: 18:30 zone: Europe/Berlin
ben: press "Join"
+1d
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Here and now a folder of its own, where no settings lie about."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def console(*arguments: str, typed: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it in a folder of its own, where no settings lie about."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "console", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )


def test_a_transcript_is_played_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")

    done = console("story.txt", "--json", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert seen[0]["text"].startswith("Tuesday circle")
    assert [one["to"] for one in seen if one["kind"] == "reply"] == ["@ana", "@ben"]
    assert list(tmp_path.iterdir()) == [tmp_path / "story.txt"]


def test_a_transcript_is_read_from_standard_input_and_kept_in_a_file(tmp_path: Path) -> None:
    first = console("--db", "kept.db", typed=STORY, folder=tmp_path)
    assert first.returncode == 0
    assert first.stderr.startswith("made a master key, kept-master.key beside")
    assert len(first.stderr.splitlines()) == 1
    assert "> ben: press" in first.stdout
    assert "rounds>" not in first.stdout

    later = "at 2026-03-03 10:00 Europe/Berlin\nben: /meeting next\n"
    again = console("--db", "kept.db", "--json", typed=later, folder=tmp_path)
    assert "Next meeting of Tuesday circle" in again.stdout


def test_an_unknown_line_ends_it_with_its_number_and_what_was_expected(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = folder / "story.txt"
    story.write_text(STORY + "ben says hello\nana: /group show\n", "utf-8")

    status = main(["console", str(story)])

    printed, errors = capsys.readouterr()
    assert status == 2
    assert errors.startswith("line 7: expected a comment")
    assert '`ana: press "Join"`' in errors
    assert len(errors.splitlines()) == 1
    assert "/group show" not in printed


def test_a_second_clock_is_refused_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = folder / "story.txt"
    story.write_text(STORY + "at 2026-03-05 09:00 Europe/Berlin\n", "utf-8")

    assert main(["console", str(story)]) == 2
    assert capsys.readouterr().err.startswith("line 7: the clock is set once")


def test_a_file_that_is_not_there_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = folder / "nothing.txt"

    assert main(["console", str(missing)]) == 2
    assert capsys.readouterr().err.startswith(f"{missing} cannot be read")
