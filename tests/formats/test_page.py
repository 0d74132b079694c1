"""The page about formats says what is true, and what it says can be done."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.formats.model import Formats
from bot.formats.page import formats_page
from bot.formats.reading import read_format, read_formats
from bot.formats.schema import (
    FormatSection,
    PerspectiveSection,
    PhaseSection,
)
from docs.formats import FILE, page

FORMATS = read_formats()
PAGE = formats_page(FORMATS)


def test_the_examples_on_the_page_load_as_files_of_ones_own(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.toml").write_text(example, encoding="utf-8")
    formats = read_formats(tmp_path)
    found = [formats.find(id) for id in ("one_good_question", "three_seats", "four_days")]

    assert [(f.length, f.unit, len(f.phases)) for f in found if f] == [
        (30, "minutes", 4),
        (15, "minutes", 3),
        (4, "days", 3),
    ]


def test_a_format_written_from_the_tables_alone_loads() -> None:
    found = read_format(
        """
id = "letters"
name = "Letters"
summary = "For a case in writing."
size = { least = 2, most = 4 }
unit = "days"
per = "case"

[[phases]]
name = "The case"
days = 3
least = 1
speaks = "presenter"
takes = "writing"
rule = "The presenter writes."

[[phases]]
name = "Letters to the presenter"
days = 4
speaks = "in turn"
silent = true
rounds = { least = 1, most = 2 }
rule = "One letter each."
aside = "Short ones."

[[phases]]
name = "Answer"
days = 1
speaks = "presenter"
rule = "The presenter writes back."
""",
        "letters.toml",
    )

    assert [phase.least for phase in found.phases] == [1, 2, 1]


def test_the_page_in_the_documentation_is_of_today() -> None:
    assert FILE.read_text("utf-8") == page(), "docs/formats.md is out of date: run `make docs`"


@pytest.mark.parametrize("section", [FormatSection, PhaseSection, PerspectiveSection])
def test_every_line_that_can_be_written_is_explained(section: type[BaseModel]) -> None:
    for name, field in section.model_fields.items():
        assert field.description, name
        assert f"| `{name}` |" in PAGE


def test_every_bundled_format_is_described_with_all_its_phases() -> None:
    for found in FORMATS:
        _, heading, rest = PAGE.partition(f"\n### {found.name}\n")
        described = rest.partition("\n### ")[0]
        assert heading, found.id
        assert all(f"| {phase.name} | {phase.length} |" in described for phase in found.phases)


def test_every_link_on_the_page_leads_to_a_heading() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"(?m)^#+ (.+)$", PAGE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings


def test_an_own_format_with_odd_words_keeps_the_table_whole() -> None:
    first, *others = FORMATS.all
    odd = replace(first, phases=(replace(first.phases[0], rule="this | that"),))
    page = formats_page(Formats((odd, *others)))

    assert "this \\| that" in page
