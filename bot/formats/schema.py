"""What may stand in a format file: every key with its type, its limits and what it means."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.chat.plainwords import read_words
from bot.errors import UsageError
from bot.formats.model import Per, Speaks, Takes, Unit

MINUTES = 240
"""The longest a format may take: the longest meeting there is."""

DAYS = 20
"""The longest a case may take in writing."""

PHASES = 20
PEOPLE = 50


def _words(most: int) -> BeforeValidator:
    """One line of plain words; more than `most` characters do not fit on a card."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value  # The type beneath says so.
        try:
            words = read_words(value, "it", most)
        except UsageError as error:
            raise ValueError(str(error).removeprefix("It ").rstrip(".")) from None
        if not words:
            raise ValueError("is empty")
        return words

    return BeforeValidator(check)


Name = Annotated[str, _words(40)]
Summary = Annotated[str, _words(120)]
Rule = Annotated[str, _words(120)]
Aside = Annotated[str, _words(160)]
People = Annotated[int, Field(ge=1, le=PEOPLE)]
Times = Annotated[int, Field(ge=1, le=10)]
Minutes = Annotated[int, Field(ge=1, le=MINUTES)]
Days = Annotated[int, Field(ge=1, le=DAYS)]


class Section(BaseModel):
    """What all parts of a file share: nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class SizeSection(Section):
    """How many people a format is for."""

    least: People
    most: People


class RoundsSection(Section):
    """How often the turn goes round."""

    least: Times
    most: Times


class PhaseSection(Section):
    """One `[[phases]]`."""

    name: Name = Field(description="what the phase is called, up to 40 characters")
    minutes: Minutes | None = Field(
        None,
        description=f"how long it takes, a whole number from 1 to {MINUTES}",
    )
    days: Days | None = Field(
        None, description=f'with `unit = "days"`, instead of `minutes`: from 1 to {DAYS}'
    )
    least: Annotated[int, Field(ge=1)] | None = Field(
        None,
        description="the shortest it may become when time is short; left out: half its length, "
        "at least 1",
    )
    speaks: Speaks = Field(
        description='who speaks: `"presenter"`, `"in turn"` (everybody, one after the other), '
        '`"freely"` (everybody) or `"nobody"`'
    )
    silent: bool = Field(
        False,
        description="`true`: the presenter only listens and is left out of the order; some later "
        "phase must then be the presenter's, who has the last word",
    )
    takes: Takes = Field(
        "",
        description='`"question"`: one question and one follow-up each, in turn; '
        '`"perspective"`: as it begins, a card is dealt to everybody privately; `"writing"`: '
        "people write, which is what every phase of days does anyway",
    )
    rounds: RoundsSection | None = Field(
        None,
        description="how often the turn goes round in a phase that is spoken in turn, such as "
        "`{ least = 1, most = 3 }` (up to 10); left out: once",
    )
    rule: Rule = Field(
        description="the one line that everybody sees while it runs, up to 120 characters"
    )
    aside: Aside | None = Field(
        None,
        description="a private line for the facilitator as it begins, up to 160 characters; may "
        "be left out",
    )


class PerspectiveSection(Section):
    """One `[[perspectives]]`."""

    name: Name = Field(description="whom or what to speak as, up to 40 characters")
    line: Rule = Field(description="what to do with it, up to 120 characters")


class FormatSection(Section):
    """A whole file."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")] = Field(
        description="a short name for the machine: up to 30 of a-z, 0-9 and _, a letter first"
    )
    name: Name = Field(description="what people call it, up to 40 characters")
    summary: Summary = Field(description="one sentence: what it is good for, up to 120 characters")
    size: SizeSection = Field(
        description="how many people it is for, the presenter included, such as "
        f"`{{ least = 4, most = 8 }}` (up to {PEOPLE})"
    )
    unit: Unit = Field(
        "minutes", description='`"minutes"` for a meeting, `"days"` for a case in writing'
    )
    per: Per = Field(
        "case",
        description='`"case"`: gone through once; `"person"`: once for each of those present',
    )
    phases: Annotated[list[PhaseSection], Field(min_length=1, max_length=PHASES)] = Field(
        description=f"one or more, up to {PHASES}"
    )
    perspectives: Annotated[list[PerspectiveSection], Field(max_length=60)] = Field(
        default=[],
        description="cards, only where a phase takes them: at least one more than `size.most`",
    )


Values = dict[str, Any]
"""A file as TOML gives it, before anything has been checked."""
