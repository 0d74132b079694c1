"""What the other words of a text say about one: the same name again, rows of names or of terms."""

from __future__ import annotations

from bot.privacy import cues
from bot.privacy.identifier import Tier
from bot.privacy.tokens import Sentence, Token
from bot.privacy.words import NAMES, Is

Verdict = tuple[Tier, str]
LIKELY: Verdict = (Tier.ASK, "could be a name")


def spread(said: Sentence, verdicts: dict[int, Verdict]) -> None:
    """What is a name once is a name wherever it stands again."""
    known = {said.tokens[place].low: verdict for place, verdict in verdicts.items()}
    for place, token in enumerate(said.tokens):
        verdict = known.get(token.low)
        human = token.cap and token.flags & (NAMES | Is.EITHER)
        if verdict is None or place in verdicts or (token.allowed and not human):
            continue
        written = token.cap and not (token.opens and token.low in cues.FUNCTION)
        alike = said.quiet and token.flags & Is.EITHER
        if not token.flags & (Is.WORD | Is.EITHER) or written or token.owns or alike:
            verdicts[place] = verdict


def in_rows(said: Sentence, verdicts: dict[int, Verdict]) -> None:
    """What could be a name and stands in a row with one: "Julius and India"."""
    for place, token in enumerate(said.tokens):
        if place in verdicts or not token.cap or not _fits_a_row(token):
            continue
        for other in (place - 1, place - 2, place + 1, place + 2):
            if other in verdicts and said.tokens[other].cap and _is_row(said, place, other):
                verdicts[place] = LIKELY
                break


def _fits_a_row(token: Token) -> bool:
    if token.flags & (NAMES | Is.EITHER):
        return True
    free = not token.allowed and not token.opens and len(token.low) > 2
    return free and token.low not in cues.FUNCTION | cues.ROLES


def _is_row(said: Sentence, place: int, other: int) -> bool:
    first, second = sorted((place, other))
    between = said.text[said.tokens[first].end : said.tokens[second].start]
    return between in (", ", " and ", " & ", ", and ", " or ", "/")


def among_terms(said: Sentence, place: int) -> bool:
    """In a row of everyday words with capitals, as in "Death, Freedom, Isolation"."""
    for beside in (place - 1, place + 1):
        other = said.tokens[beside] if 0 <= beside < len(said.tokens) else None
        if other is None or not other.cap or other.flags & (NAMES | Is.EITHER):
            continue
        gap = said.tokens[max(place, beside)].gap
        if gap == ", " and other.flags & Is.WORD and other.low not in cues.FUNCTION:
            return True
    return False
