"""A format as an operator writes it, with every mistake that can be made in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ConfigError, Problem
from bot.formats.model import Format, Range
from bot.formats.reading import BUNDLED, read_folder, read_format, read_formats

HEAD = """\
id = "short"
name = "Short one"
summary = "For a small thing."
size = { least = 3, most = 6 }
"""
TELLING = '\n[[phases]]\nname = "Telling"\nminutes = 5\nspeaks = "presenter"\nrule = "Tell it."\n'
TALK = '\n[[phases]]\nname = "Talk"\nminutes = 9\nspeaks = "freely"\nrule = "We talk."\n'
GOOD = HEAD + TALK + TELLING


def complaint(text: str) -> list[str]:
    """What the operator reads about this file, line by line."""
    with pytest.raises(ConfigError) as caught:
        read_format(text, "own.toml")
    assert caught.value.exit_status == 2
    return [str(problem) for problem in caught.value.problems]


def problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with this text, if anything."""
    try:
        read_format(text, "own.toml")
    except ConfigError as error:
        return error.problems
    return ()


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_what_is_left_out_has_its_usual_value() -> None:
    found = read_format(GOOD, "own.toml")

    talk, telling = found.phases
    assert (found.unit, found.per, found.size) == ("minutes", "case", Range(3, 6))
    assert (talk.length, talk.least, telling.least) == (9, 4, 2)
    assert (talk.silent, talk.takes, talk.aside, talk.rounds) == (False, "", "", None)
    assert (found.length, found.least) == (14, 6)


def test_a_phase_of_one_minute_keeps_it() -> None:
    assert read_format(changed("minutes = 5", "minutes = 1"), "").phases[1].least == 1


def test_a_format_of_days_is_written() -> None:
    text = HEAD + 'unit = "days"\n' + (TALK + TELLING).replace("minutes", "days")
    found = read_format(text, "own.toml")

    assert [phase.takes for phase in found.phases] == ["writing", "writing"]
    assert (found.unit, found.length) == ("days", 14)


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = (
        HEAD.replace('"short"', '"Short!"').replace("summary", "sumary")
        + 'unit = "weeks"\n'
        + changed("minutes = 9", 'minutes = "ten"', TALK)
        + changed("minutes = 5", "minutes = 0", TELLING)
        + "silent = true\n"
        + changed("minutes = 9", "minutes = 10_000", TALK)
        + 'silent = "yes"\nspeks = "all"\n'
    )

    assert complaint(text) == [
        "own.toml: summary: is missing",
        "own.toml:1: id: must be up to 30 of a-z, 0-9 and _, with a letter first",
        "own.toml:3: sumary: unknown key; did you mean summary?",
        "own.toml:5: unit: must be 'minutes' or 'days'",
        "own.toml:9: phase 1, minutes: must be a whole number, without quotation marks",
        "own.toml:15: phase 2, minutes: must be at least 1",
        "own.toml:18: phase 2, silent: the presenter cannot both speak and be silent",
        "own.toml:22: phase 3, minutes: must be at most 240",
        "own.toml:25: phase 3, silent: must be true or false, without quotation marks",
        "own.toml:26: phase 3, speks: unknown key; did you mean speaks?",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed("least = 3, most = 6", "least = 6, most = 3"), ":4: size: is the wrong way round"),
        (changed("most = 6", "most = 600"), ":4: size, most: must be at most 50"),
        (changed("{ least = 3, most = 6 }", "3"), ":4: size: must be written as { least"),
        (changed("{ least = 3, most = 6 }", "[3, 6]"), ":4: size: must be written as { least"),
        (changed("most = 6", "msot = 6"), ":4: size, msot: unknown key; did you mean most?"),
        (changed("minutes = 9", "minutes = 7.5"), ":8: phase 1, minutes: must be a whole number"),
        (changed("minutes = 9", "minutes = true"), ":8: phase 1, minutes: must be a whole number"),
        (changed("minutes = 9", "minutes = -1"), ":8: phase 1, minutes: must be at least 1"),
        (changed("minutes = 9\n", ""), ":6: phase 1, minutes: is missing"),
        (changed("minutes = 9", "days = 9"), ":8: phase 1, days: does not go with unit"),
        (changed("minutes = 9", "minutes = 9\nleast = 10"), ":9: phase 1, least: is more than"),
        (changed("minutes = 9", "minutes = 9\nleast = 0"), ":9: phase 1, least: must be at least"),
        (changed('"freely"', '"everybody"'), ":9: phase 1, speaks: must be 'presenter', 'in turn'"),
        (changed('"We talk."', '""'), ":10: phase 1, rule: is empty"),
        (changed('"We talk."', '"  "'), ":10: phase 1, rule: is empty"),
        (changed('"We talk."', "3"), ":10: phase 1, rule: must be words"),
        (changed("We talk.", "x" * 121), ":10: phase 1, rule: is 121 characters long"),
        (changed("Talk", "x" * 41), ":7: phase 1, name: is 41 characters long"),
        (GOOD + f'aside = "{"x" * 161}"\n', ":17: phase 2, aside: is 161 characters long"),
        (changed("a small", "@everyone's"), ":3: summary: must not call everybody"),
        (changed("We talk.", "<!here> now"), ":10: phase 1, rule: must not call everybody"),
        (changed("We talk.", "We\\u0007talk."), ":10: phase 1, rule: holds a control character"),
        (changed("We talk.", "We\\ntalk."), ":10: phase 1, rule: holds a control character"),
        (changed("We talk.", "We \\u202etalk."), ":10: phase 1, rule: holds a hidden character"),
        (changed('"presenter"', '"freely"'), ":6: phases: the presenter never speaks"),
        (GOOD + "\n" + TALK + "silent = true\n", "phase 3, silent: the presenter has the last"),
        (HEAD, ": phases: there are none"),
        (HEAD + "phases = []\n", ":5: phases: there are none"),
        (HEAD + "phases = 3\n", ":5: phases: must be tables of their own"),
        (HEAD + "[phases]\nname = 3\n", ":5: phases: must be tables of their own"),
        (HEAD + TELLING * 21, ":6: phases: are too many: 21, and there can be 20"),
        (GOOD + 'summary = "late"\n', ":17: phase 2, summary: unknown key; it belongs above"),
        (HEAD + 'rule = "x"\n' + TELLING, ":5: rule: unknown key; it belongs below"),
        (GOOD + 'takes = "notes"\n', ":17: phase 2, takes: must be left out, 'question'"),
        (GOOD + 'takes = "question"\n', ':17: phase 2, takes: "question" needs speaks'),
        (GOOD + 'takes = "writing"\n', ':17: phase 2, takes: "writing" needs unit'),
        (GOOD + "rounds = { least = 1, most = 2 }\n", ":17: phase 2, rounds: only goes with"),
        (GOOD + "rounds = { least = 3, most = 2 }\n", ":17: phase 2, rounds: is the wrong way"),
        (GOOD + "[phases.rounds]\nleast = 1\nmots = 2\n", ":19: phase 2, rounds, mots: unknown"),
        (GOOD + 'takes = "perspective"\n', ":17: phase 2, takes: there are no cards"),
        (
            GOOD + '[[perspectives]]\nname = "A"\nline = "B"\n',
            ":17: perspective 1: no phase deals them",
        ),
        ((HEAD + TELLING).replace("5", "240") + TALK, "phases: take 249 minutes together"),
        (
            HEAD + 'per = "person"\n' + TELLING.replace("5", "50"),
            "50 minutes for each of 6 people are 300",
        ),
        (
            HEAD + 'unit = "days"\n' + TELLING.replace("minutes = 5", "days = 11") * 2,
            "phases: take 22 days together; a format may take 20",
        ),
        (
            HEAD + 'unit = "days"\n' + TELLING.replace("minutes", "days") + 'takes = "question"\n',
            ':12: phase 1, takes: with unit = "days" people write',
        ),
        ("id = short", ":1: is not valid TOML"),
        (GOOD + 'name = "again"\n', ":17: is not valid TOML: Cannot overwrite a value"),
        ('id = "', "own.toml:1: is not valid TOML"),
        ("id = " + "[" * 5000, "nested too deeply"),
        ("id = " + "9" * 5000, "is not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    assert any(told in line for line in complaint(text)), complaint(text)


def test_cards_that_are_too_few_or_alike_are_told() -> None:
    cards = '[[perspectives]]\nname = "A child"\nline = "Speak as one."\n' * 2
    lines = complaint(GOOD + 'takes = "perspective"\n' + cards)

    assert lines == [
        "own.toml:18: perspective 1: are too few: 6 people need at least 7, so that nobody gets "
        "theirs again",
        "own.toml:22: perspective 2, name: is on another card already",
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2),
    ).map(repr)
    | st.text(max_size=40),
    st.sampled_from(["id", "size", "phases", "perspectives", "per", "unit", "speaks", "rounds"]),
)
def test_whatever_is_written_the_operator_gets_an_answer(value: str, key: str) -> None:
    for text in (f"{key} = {value}\n", GOOD + f"{key} = {value}\n", value):
        assert all(problem.place.startswith("own.toml") for problem in problems(text))


@pytest.mark.parametrize("file", sorted(BUNDLED.glob("*.toml")), ids=lambda file: file.stem)
def test_a_bundled_format_with_any_line_left_out_never_crashes(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    for n in range(len(lines)):
        left_out = problems("\n".join(lines[:n] + lines[n + 1 :]))
        assert all(problem.place.startswith("own.toml") for problem in left_out)


# --- folders -----------------------------------------------------------------------------------


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_formats(path)
    return [str(problem).replace(str(path) + "/", "") for problem in caught.value.problems]


def ids(formats: list[Format]) -> list[str]:
    return [found.id for found in formats]


def test_a_folder_is_read_in_the_order_of_its_files(tmp_path: Path) -> None:
    second = GOOD.replace("short", "other").replace("Short one", "Other one")
    path = folder(tmp_path, b=GOOD, a=second)
    (path / "notes.txt").write_text("not a format", encoding="utf-8")
    (path / "._a.toml").write_bytes(b"\xff")

    assert ids(read_folder(path)) == ["other", "short"]


def test_an_own_format_stands_beside_the_bundled_ones(tmp_path: Path) -> None:
    formats = read_formats(folder(tmp_path, short=GOOD))

    assert len(formats.all) == len(read_formats().all) + 1
    assert formats.find("short") in formats.all
    assert formats.find("long") is None
    assert formats.default.id == "six_phase"


def test_an_own_format_takes_the_place_of_the_bundled_one_with_its_id(tmp_path: Path) -> None:
    formats = read_formats(folder(tmp_path, own=GOOD.replace('"short"', '"six_phase"')))

    assert formats.default.name == "Short one"
    assert len(formats.all) == len(read_formats().all)


def test_a_bundled_format_that_is_translated_may_keep_its_name(tmp_path: Path) -> None:
    text = GOOD.replace('"short"', '"tuning"').replace("Short one", "Tuning")
    found = read_formats(folder(tmp_path, own=text)).find("tuning")

    assert found is not None
    assert found.length == 14


def test_none_of_a_folder_is_used_when_one_file_is_broken(tmp_path: Path) -> None:
    broken = GOOD.replace("minutes = 9", "minutes = 0")
    path = folder(tmp_path, a=GOOD, b=broken, c="id = \n")

    assert refused(path) == [
        "b.toml:8: phase 1, minutes: must be at least 1",
        "c.toml:1: is not valid TOML: Invalid value",
    ]


def test_two_files_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path, a=GOOD, b=GOOD, c=GOOD.replace('"short"', '"other"'))

    assert refused(path) == [
        "b.toml: id: short is the id of a.toml already",
        "c.toml: name: 'Short one' is the name of a.toml already",
    ]


def test_the_name_of_a_bundled_format_is_taken(tmp_path: Path) -> None:
    (told,) = refused(folder(tmp_path, a=GOOD.replace("Short one", "six Phases")))

    assert told.endswith("short: the name 'six Phases' is that of the bundled six_phase")


def test_a_folder_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "none")[0]
    assert "holds no format" in refused(tmp_path)[0]
    (tmp_path / "a.toml").mkdir()
    assert "a.toml: cannot be read" in refused(tmp_path)[0]


def test_files_of_other_editors_are_read(tmp_path: Path) -> None:
    (tmp_path / "A.TOML").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert ids(read_folder(tmp_path)) == ["short"]
    (tmp_path / "A.TOML").write_bytes(GOOD.encode("utf-16"))
    assert refused(tmp_path) == ["A.TOML: is not UTF-8 text"]
