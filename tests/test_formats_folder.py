"""An operator's own formats: checked before anything starts, and then there to be chosen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.__main__ import main

OWN = Path(__file__).parent / "formats" / "own"
"""Formats that a reader of docs/formats.md wrote from that page alone."""

BROKEN = """\
id = "short"
name = "Short one"
summary = "For a small thing."
size = { least = 6, most = 3 }

[[phases]]
name = "Talk"
minutes = "ten"
speaks = "loudly"
rule = "We talk."
"""

CALLED = """\
at 2026-03-02 09:00 Europe/Berlin
ana: /group start name: Tuesday circle every: week weekday: tuesday time: 18:30 zone: Europe/Berlin
ana: /meeting format format: three theories
"""


def settings(folder: Path, formats: Path) -> str:
    """The operator's config.toml, naming a folder of formats."""
    file = folder / "config.toml"
    url, quoted = f"sqlite:///{folder / 'rounds.db'}", json.dumps(str(formats))
    file.write_text(
        f'[database]\nurl = "{url}"\n[discord]\ntoken = "abc"\n[formats]\nfolder = {quoted}\n',
        "utf-8",
    )
    file.chmod(0o600)
    return str(file)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """Settings whose folder holds a sound format and two broken ones."""
    folder = tmp_path / "formats"
    shutil.copytree(OWN, folder)
    (folder / "short.toml").write_text(BROKEN, "utf-8")
    (folder / "zany.toml").write_text('id = "zany\n', "utf-8")
    return settings(tmp_path, folder)


MISTAKES = (
    "short.toml:4: size: is the wrong way round: least is 6, most is 3",
    "short.toml:8: phase 1, minutes: must be a whole number, without quotation marks",
    "short.toml:9: phase 1, speaks: must be ",
    "zany.toml:1: is not valid TOML",
)


@pytest.mark.parametrize("command", [["run"], ["console"], ["demo", "--fast"]])
def test_with_a_mistake_nothing_starts_and_every_line_is_named(
    broken: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", broken, *command]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    for mistake in MISTAKES:
        assert mistake in printed.err
    assert not (Path(broken).parent / "rounds.db").exists()


def test_the_check_before_the_first_run_names_every_mistake(
    broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", broken, "check"]) == 1

    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("wrong")]
    assert len(wrong) == len(MISTAKES)
    assert all("formats" in line for line in wrong)
    assert all(any(mistake in line for line in wrong) for mistake in MISTAKES)


def test_a_folder_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = settings(tmp_path, tmp_path / "nowhere")

    assert main(["--config", config, "run"]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert "nowhere" in told
    assert "cannot be read: No such file or directory" in told


def test_a_format_written_from_the_page_alone_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = settings(tmp_path, OWN)
    (tmp_path / "story.txt").write_text(CALLED, "utf-8")

    assert main(["--config", config, "check"]) == 0
    assert f"bundled and from {OWN}" in capsys.readouterr().out
    assert main(["--config", config, "console", str(tmp_path / "story.txt")]) == 0
    assert "ana chose Three theories for the cases to come" in capsys.readouterr().out
