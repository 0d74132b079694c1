"""Names that people give to things: "she named her anxiety Kevin" names nobody."""

from __future__ import annotations

import re

_THING = (
    r"(?:anxiety|depression|ocd|panic|anger|worry|eating disorder|addiction|illness|pain|tumou?r"
    r"|inner critic|critic|voice|part|bully|monster|demon|blanket|plant|cactus|fern|tree|car|van"
    r"|boat|bike|vacuum|roomba|teddy|doll|bear|toy|puppet|pillow|walker|wheelchair|cane|crutch"
    r"|prosthesis|pump|app|bot|chatbot|avatar|character|printer|router|sat ?nav)"
)
_NAMED = (
    re.compile(
        rf"\b{_THING},? (?:(?:is|was|that is|which is) )?(?:called|named) (?P<name>[\w'-]+)", re.I
    ),
    re.compile(
        rf"\b(?:call(?:s|ed|ing)?|nam(?:e|es|ed|ing)|nicknamed) (?:it|(?:his|her|their|the"
        rf"|my) (?:\w+ )?"
        rf"{_THING}) (?P<name>[\w'-]+)",
        re.I,
    ),
)


def things(text: str) -> frozenset[str]:
    """What things are called in this text, in small letters."""
    return frozenset(
        found.group("name").lower() for form in _NAMED for found in form.finditer(text)
    )
