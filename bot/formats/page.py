"""A page on how to write a format, and on all those that are bundled, from the data itself.

`make docs` writes it to docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.formats.model import Format, Formats, Phase
from bot.formats.schema import (
    DAYS,
    MINUTES,
    FormatSection,
    PerspectiveSection,
    PhaseSection,
)

HERE = Path(__file__).parent

INTRO = """\
# Formats

A format is a way to work through a case: its phases, how long each takes, who speaks and the one
rule that holds meanwhile. Every format is a small text file, so you can write one yourself, or put
a bundled one into your own words and minutes. You need no programming for it.

This page is made from the formats themselves.
"""

WRITING = """\
## Write your own

1. Copy this example into a new file whose name ends in `.toml`, for instance
   `one_good_question.toml`. Save it as UTF-8 text.
2. Change what you like. The tables below say what every line may hold.
3. Put it into a folder of your own, name that folder in the bot's settings (`config.toml`), and
   let `rounds check` read it. It names the line of every mistake.
4. Start the bot again. `/meeting format` shows your format among the others.

The lines in `config.toml`:

```ini
[formats]
folder = "/home/rounds/formats"
```

A whole format:

```toml
{example}```

What stands between `"quotation marks"` is words; numbers, `true` and `false` stand without them.
Write words as one line; a quotation mark within them is written `\\"`. Lines about the whole format
come first; each `[[phases]]` begins the next phase, in the order in which they happen. Within a
phase the order of lines does not matter.

### With cards

A phase can deal a card to everybody, privately, from which to listen or speak. It takes
`takes = "perspective"`, and the cards stand at the end, each below a `[[perspectives]]` of its own,
no two with the same name. There must be more cards than people, so that nobody gets theirs again.

```toml
{example_cards}```

### In days, for groups that cannot meet

With `unit = "days"` a case is worked through in writing, and its phases have `days` instead of
`minutes`. `/case write` begins it; its option `format:` takes the name of yours. Everybody reads at
once what is written. In a phase of the presenter's only the presenter writes, in a `silent` one
everybody else, in others everybody. `takes` is left out. A case that has begun keeps its phases,
whatever you change in the file.

```toml
{example_days}```
"""

RULES = f"""\
### What is checked

The bot reads all files when it starts. If anything is wrong, it names every file, line and mistake
at once, ends with exit status 2 and uses none of the folder, so that no meeting runs on half a
format. Besides what the tables say:

- Some phase has `speaks = "presenter"`, and such a phase follows the last silent one: the presenter
  has the last word. The presenter cannot speak in a silent phase.
- A phase that `takes = "question"`, or that has `rounds`, also has `speaks = "in turn"`.
- Where there is a `least` and a `most`, the least is not more than the most. A phase's `least` is
  not more than its `minutes` or `days`, and counts in the same unit.
- All phases together take at most {MINUTES} minutes, or {DAYS} days. With `per = "person"` that
  holds for everybody's time together.
- Words call nobody (no @everyone and the like) and hold no line breaks or hidden characters.
- Two files of a folder share neither an `id` nor a `name`. A file with the `id` of a bundled format
  takes that one's place; with another `id` it needs a name of its own.

### How minutes become yours

A format's minutes are what it takes when there is time for all of it. In a shorter or longer slot
all phases change in proportion, in whole minutes that add up to the slot; none becomes shorter than
its `least`. A slot too short for that is refused, and the bot says how many minutes it needs.
"""


def formats_page(formats: Formats) -> str:
    """The whole page."""
    parts = [
        INTRO,
        _with_examples(WRITING),
        _fields("The whole format", FormatSection),
        _fields("Each `[[phases]]`", PhaseSection),
        _fields("Each `[[perspectives]]`", PerspectiveSection),
        RULES,
        "## The bundled formats\n",
        _overview(formats),
        *(_described(found) for found in formats),
    ]
    return "\n".join(parts)


def _with_examples(text: str) -> str:
    for name in ("example", "example_cards", "example_days"):
        written = (HERE / f"{name}.toml").read_text(encoding="utf-8")
        text = text.replace(f"{{{name}}}", written)
    return text


def _fields(title: str, section: type[BaseModel]) -> str:
    rows = (
        (f"`{name}`", _needed(name, field), field.description or "")
        for name, field in section.model_fields.items()
    )
    return f"### {title}\n\n" + _table(("line", "needed", "what it is"), rows)


def _needed(name: str, field: FieldInfo) -> str:
    if field.is_required():
        return "yes"
    if name in ("minutes", "days"):
        return "one of the two"
    default = field.default
    if isinstance(default, bool):
        return f"no: `{str(default).lower()}`"
    return f'no: `"{default}"`' if isinstance(default, str) and default else "no"


def _overview(formats: Formats) -> str:
    rows = (
        (f"[{found.name}](#{_anchor(found.name)})", f"`{found.id}`", _size(found), *_lengths(found))
        for found in formats
    )
    head = ("format", "id", "people", "takes", "at least")
    return "The first one is used where a group has chosen none.\n\n" + _table(head, rows)


def _described(found: Format) -> str:
    lengths = ("days" if found.unit == "days" else "min", "at least")
    head = ("phase", *lengths, "who speaks", "the rule")
    rows = (
        (phase.name, str(phase.length), str(phase.least), _speaker(phase), phase.rule)
        for phase in found.phases
    )
    text = f"### {found.name}\n\n{found.summary}\n\n{_table(head, rows)}"
    if not found.perspectives:
        return text
    cards = "".join(f"- **{card.name}.** {card.line}\n" for card in found.perspectives)
    return f"{text}\nIts cards:\n\n{cards}"


def _size(found: Format) -> str:
    least, most = found.size.least, found.size.most
    return str(least) if least == most else f"{least} to {most}"


def _lengths(found: Format) -> Iterator[str]:
    unit = "days" if found.unit == "days" else "min"
    each = " each" if found.per == "person" else ""
    for length in (found.length, found.least):
        yield f"{length} {unit}{each}"


def _speaker(phase: Phase) -> str:
    who = {
        "presenter": "the presenter",
        "in turn": "everybody in turn",
        "freely": "everybody",
        "nobody": "nobody",
    }[phase.speaks]
    if phase.takes == "question":
        who += ", one question and one follow-up each"
    if phase.takes == "perspective":
        who += "; cards are dealt"
    if phase.rounds is not None:
        who += f", {phase.rounds.least} to {phase.rounds.most} rounds"
    return f"{who}; the presenter is silent" if phase.silent else who


def _anchor(heading: str) -> str:
    """What a heading is called in a link to it."""
    kept = "".join(c for c in heading.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    marks = tuple("---" for _ in head)
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
        for row in (head, marks, *rows)
    )
