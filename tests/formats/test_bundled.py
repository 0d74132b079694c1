"""The formats that come with the bot: their minutes, and what they say."""

from __future__ import annotations

import codecs
import tomllib

import pytest

from bot.formats.model import Format, Phase
from bot.formats.reading import BUNDLED, read_folder, read_formats

FORMATS = {found.id: found for found in read_folder(BUNDLED)}

# Minutes in the order of the phases, S where the presenter is silent; people at least and at most.
AS_PRACTISED = {
    "six_phase": ("5 10 5 5 10S 5", 5, 10),
    "hypotheses": ("5 5 15 10S 5 10S 10 5", 5, 9),
    "incident": ("5 10 5 15 10S 10S 10", 5, 8),
    "balint_style": ("10 20S 5 5", 4, 10),
    "consultancy": ("10 5 10 15S 5 5", 4, 8),
    "tuning": ("10 3 4 3 10S 5 5", 6, 12),
    "equal_slots": ("2 3 8S 2", 4, 5),
    "three_way": ("2 2 5S 2", 3, 3),
    "action_learning": ("2 10 15 2 5 2", 5, 8),
    "questions_only": ("5 45 10", 5, 7),
    "perspectives": ("3 2 10 15S 5 5", 3, 6),
    "structured": ("10 15 15S 10 10 10", 4, 8),
    "star": ("4 12 12S 3 12S 6S 4", 8, 20),
    "async_case": ("1 2 3S 1 3S 1 1", 4, 8),
}

# Names of licensed methods, turned round so that no search for them ends here.
LICENSED = tuple(
    codecs.decode(name, "rot13")
    for name in (
        *("urvyfoeba", "yvorengvat fgehpgher", "gebvxn", "jvfr pebjq", "pyrnearff", "oryyf gung"),
        *("fctf", "gvrgmr", "afes", "obeqref", "cebpgbe", "dhnxre", "cvtbef"),
    )
)


def test_there_is_one_for_each_way_of_working() -> None:
    assert FORMATS.keys() == AS_PRACTISED.keys()
    assert {file.stem for file in BUNDLED.glob("*")} == FORMATS.keys()


@pytest.mark.parametrize("name", AS_PRACTISED)
def test_its_minutes_silences_and_sizes_are_those_of_practice(name: str) -> None:
    found = FORMATS[name]
    written = " ".join(f"{p.length}{'S' if p.silent else ''}" for p in found.phases)

    assert (written, found.size.least, found.size.most) == AS_PRACTISED[name]


def test_a_group_that_has_chosen_none_uses_six_phases() -> None:
    assert read_formats().default.id == "six_phase"


def test_everybody_has_a_slot_of_fifteen_minutes_in_equal_slots() -> None:
    slots = FORMATS["equal_slots"]

    assert (slots.per, slots.length) == ("person", 15)
    assert {name for name, f in FORMATS.items() if f.per == "person"} == {
        "equal_slots",
        "three_way",
    }


def test_a_written_case_takes_twelve_days_and_everything_in_it_is_written() -> None:
    written = FORMATS["async_case"]

    assert (written.unit, written.length) == ("days", 12)
    assert {phase.takes for phase in written.phases} == {"writing"}
    assert [name for name, f in FORMATS.items() if f.unit == "days"] == ["async_case"]


def test_the_star_goes_round_up_to_three_times() -> None:
    turning = [p for p in FORMATS["star"].phases if p.rounds is not None]

    assert [p.name for p in turning] == ["Information", "Hunches", "Ideas"]
    assert {(p.rounds.least, p.rounds.most) for p in turning if p.rounds} == {(1, 3)}


def test_perspectives_has_cards_enough_that_nobody_gets_theirs_again() -> None:
    found = FORMATS["perspectives"]

    assert len(found.perspectives) >= 14 > found.size.most
    assert [p.name for p in found.phases if p.takes == "perspective"] == ["Cards"]


@pytest.mark.parametrize("found", FORMATS.values(), ids=FORMATS)
def test_every_phase_has_a_rule_and_a_line_for_the_facilitator(found: Format) -> None:
    for phase in found.phases:
        assert phase.rule.endswith((".", "…", "?", "!")), phase
        assert phase.aside.endswith((".", "…", "?", "!")), phase


@pytest.mark.parametrize("found", FORMATS.values(), ids=FORMATS)
def test_the_presenter_tells_and_has_the_last_word_after_silence(found: Format) -> None:
    def theirs(phase: Phase) -> bool:
        return phase.speaks == "presenter" or (phase.speaks == "in turn" and not phase.silent)

    assert any(map(theirs, found.phases))
    silent = [n for n, phase in enumerate(found.phases) if phase.silent]
    for n in silent:
        assert any(phase.speaks == "presenter" for phase in found.phases[n:])


@pytest.mark.parametrize("file", sorted(BUNDLED.glob("*.toml")), ids=lambda file: file.stem)
def test_no_licensed_name_is_used(file: object) -> None:
    text = str(file) + BUNDLED.joinpath(str(file)).read_text(encoding="utf-8")
    plain = text.lower().replace("_", " ")

    assert [name for name in LICENSED if name in plain] == []


def test_no_two_phases_of_different_formats_are_copied_from_each_other() -> None:
    asides = [phase.aside for found in FORMATS.values() for phase in found.phases]
    assert len(asides) == len(set(asides))


def test_each_file_is_called_by_the_id_in_it() -> None:
    for file in BUNDLED.glob("*.toml"):
        assert tomllib.loads(file.read_text(encoding="utf-8"))["id"] == file.stem
