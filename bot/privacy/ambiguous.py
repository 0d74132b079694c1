"""Words that are names as well, and what is allowed but somebody here: what around them decides."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.around import (
    aged,
    by_role,
    by_what_follows,
    goes_about,
    introduced,
    is_told,
    talked_about,
)
from bot.privacy.authors import lives_here
from bot.privacy.rows import LIKELY, Verdict, among_terms
from bot.privacy.tokens import Sentence
from bot.privacy.words import NAMES, Is

_WEEKDAYS = cues.word_set("monday tuesday wednesday thursday friday saturday sunday")
_ARTICLES = cues.DETERMINERS - cues.AT - {"and", "or", "as", "is", "was", "if"}
_MEANT = re.compile(r"[;,.:] (?:she|he|her|his)\b", re.I)


def named_though_allowed(said: Sentence, place: int) -> bool:
    """A theorist's or another allowed word, but as the name of somebody here."""
    token = said.tokens[place]
    human = token.flags & (Is.EITHER | NAMES)
    if token.low in cues.FUNCTION and by_role(said, place) and _does(said, place):
        return bool(human)
    if token.low in cues.FUNCTION:
        return token.cap and bool(human) and (introduced(said, place) or aged(said, place))
    if not (token.cap or human):
        return False
    if introduced(said, place):
        return bool(human) or token.cap
    if token.low in _WEEKDAYS:
        return False
    if token.low in said.words.authors and not human:
        return lives_here(said, place)
    before = said.before(place)
    met = (
        before is not None
        and not _among_authors(said, place)
        and before.low in cues.SEEING | {"with", "told", "asked"}
        and (token.cap or (said.quiet and before.low in cues.SEEING))
        and not (token.flags & Is.VIRTUE and not token.cap)
    )
    meant = token.cap and not token.opens and _MEANT.match(said.text, token.end) is not None
    return bool(human) and (
        met or meant or by_role(said, place) or by_what_follows(said, place, strictly=True)
    )


def _does(said: Sentence, place: int) -> bool:
    """Whether a verb for one other person follows: "my client may keeps asking"."""
    following = said.tokens[place + 1 : place + 2]
    return any(one.low.endswith("s") and one.low in cues.SAYING for one in following)


def _among_authors(said: Sentence, place: int) -> bool:
    """Whether an author is named right before, as in "like Freud with Dora"."""
    near = said.tokens[max(0, place - 4) : place]
    return any(one.allowed and one.low in said.words.authors for one in near)


def word_as_name(said: Sentence, place: int) -> Verdict | None:
    """An everyday word: a name only if something around it says so."""
    token = said.tokens[place]
    if token.low in cues.FAMILY:
        return None
    if not token.flags & Is.EITHER:
        return LIKELY if _after_a_relative(said, place) else None
    if token.flags & Is.VIRTUE and said.text[token.end : token.end + 1] == ":":
        return None
    heard = _heard_as_a_name(said, place)
    return LIKELY if heard or (not said.quiet and _stands_alone(said, place)) else None


def _after_a_relative(said: Sentence, place: int) -> bool:
    """Any word with a capital after "her sister": a name, though no list has it."""
    token = said.tokens[place]
    before = said.before(place)
    lone = token.cap and not said.quiet and not token.opens and token.low not in cues.FUNCTION
    return (
        lone
        and before is not None
        and not before.cap
        and before.low not in cues.CLIENTS
        and by_role(said, place)
    )


def _heard_as_a_name(said: Sentence, place: int) -> bool:
    """Whether what stands before or after it is said of people."""
    token = said.tokens[place]
    virtue, helper = token.flags & Is.VIRTUE, token.flags & Is.HELPER
    related = by_role(said, place) and not helper
    if token.low in cues.ROLES and not token.cap:
        return is_told(said, place)
    if not token.cap and not said.quiet:
        return related and not virtue
    if related or by_what_follows(said, place, strictly=bool(virtue) or not token.cap):
        return True
    if is_told(said, place):
        return True
    if said.quiet and not virtue and (talked_about(said, place) or goes_about(said, place)):
        return True
    before = said.tokens[place - 1].low if place and token.gap == " " else ""
    return before in cues.SEEING | cues.GREETINGS and not helper and (token.cap or not virtue)


def _stands_alone(said: Sentence, place: int) -> bool:
    """Whether it has a capital that neither a sentence, an article nor a row of terms gives it."""
    token = said.tokens[place]
    if not token.cap or token.opens or token.shout:
        return False
    before = said.tokens[place - 1].low if place and token.gap == " " else ""
    return before not in _ARTICLES and not among_terms(said, place)
