"""A plain text cut into words that know how they are written and what they are known as."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from bot.privacy.cues import SHORT_TITLES
from bot.privacy.things import things
from bot.privacy.words import Is, Words

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_ENDS = re.compile(r"[.!?\n\r\"(\[•>:\x1a]")


@dataclass(slots=True)
class Token:
    """One word; `low` is in small letters and without a possessive 's."""

    text: str
    low: str
    start: int
    end: int
    flags: int
    gap: str
    """What stands between it and the word before."""
    opens: bool
    """Whether it is the first word of a sentence."""
    owns: bool = False
    """Whether it has a possessive 's."""
    allowed: bool = False
    foreign: bool = False
    """Whether it was typed with an accent or another letter that English has not."""

    @property
    def cap(self) -> bool:
        """Written with a capital, the rest small."""
        return self.text[0].isupper() and not (len(self.text) > 1 and self.text.isupper())

    @property
    def shout(self) -> bool:
        """Written in capitals only."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def joined(self) -> bool:
        """Nothing but a blank stands before it."""
        return self.gap in (" ", "  ", "\n")


@dataclass(slots=True)
class Sentence:
    """All words of one text with the text."""

    text: str
    tokens: list[Token]
    words: Words
    quiet: bool
    """Whether capitals mean nothing here: it was typed without any, or in nothing else."""
    loud: bool = False
    """Whether most of it was typed in capitals."""
    starts: list[int] = field(default_factory=list)
    things: frozenset[str] = frozenset()
    """What things are called in it, and nobody."""
    invented: frozenset[str] = frozenset()
    """The words before a lone A, as in "client A"."""

    def at(self, start: int) -> int:
        """Which word is the first one from this place on."""
        return bisect_left(self.starts, start)

    def before(self, place: int) -> Token | None:
        """The word before this one, if there is one."""
        return self.tokens[place - 1] if place else None

    def after(self, place: int) -> Token | None:
        """The word after this one, if there is one."""
        return self.tokens[place + 1] if place + 1 < len(self.tokens) else None

    def between(self, start: int, end: int) -> list[Token]:
        """The words that begin between these places."""
        return self.tokens[self.at(start) : self.at(end)]


def sentence(text: str, words: Words, accents: frozenset[int] = frozenset()) -> Sentence:
    """The text cut into words."""
    tokens: list[Token] = []
    last = 0
    for found in _WORD.finditer(text):
        token = _token(found, text[last : found.start()], tokens, words)
        tokens.append(token)
        last = found.end()
    _allow(tokens, words)
    for token in tokens if accents else ():
        token.foreign = not accents.isdisjoint(range(token.start, token.end))
    caps = sum(_is_chosen(token) for token in tokens)
    shouts = sum(token.shout and len(token.text) > 3 for token in tokens)
    loud = shouts > len(tokens) / 3 and caps < shouts
    starts = [token.start for token in tokens]
    quiet = caps == 0 or loud
    return Sentence(text, tokens, words, quiet, loud, starts, things(text), _invented(tokens))


def _is_chosen(token: Token) -> bool:
    """Whether its capital was meant: a phone gives one to the head of each sentence by itself."""
    return token.text[0].isalpha() and token.cap and token.text != "I" and not token.opens


def _invented(tokens: list[Token]) -> frozenset[str]:
    pairs = pairwise(tokens)
    return frozenset(one.low for one, after in pairs if after.text == "A" and after.gap == " ")


def _token(found: re.Match[str], gap: str, before: list[Token], words: Words) -> Token:
    text, end, owns = found.group(), found.end(), False
    for ending in ("'s", "'S"):
        if text.endswith(ending) and len(text) > 2:
            text, end, owns = text[:-2], end - 2, True
    low = text.lower()
    title = bool(before) and gap.startswith(".") and before[-1].low in SHORT_TITLES
    initial = (
        bool(before)
        and gap.startswith(".")
        and before[-1].text.isalpha()
        and len(before[-1].text) == 1
        and "\n" not in gap
    )
    opens = not before or (_ENDS.search(gap) is not None and not title and not initial)
    return Token(text, low, found.start(), end, words.of(low), gap, opens, owns)


def _allow(tokens: list[Token], words: Words) -> None:
    """Mark what is on the list of what is allowed, longest expressions first."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        for phrase in words.phrases.get(token.low, ()):
            last = place + len(phrase)
            heard = tokens[place:last]
            if tuple(one.low for one in heard) == phrase and _written_like_one(heard):
                for one in heard:
                    one.allowed = True
                place = last - 1
                break
        else:
            full = token.low + "'s" if token.owns else ""
            somebody = token.flags & Is.PEOPLE and (token.cap or len(token.text) > 3)
            token.allowed = not somebody and (token.low in words.allowed or full in words.allowed)
        place += 1


def _written_like_one(heard: list[Token]) -> bool:
    return all(len(one.gap) <= 2 and not one.opens for one in heard[1:])
