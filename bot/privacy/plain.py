"""The text as a reader sees it, with a map back to what was typed.

Markup, invisible characters, accents and letters that only look Latin are gone or made plain, so
that the rules see one spelling. Every place of the plain text knows where it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LABELS = (
    "client|partner|mother|father|parent|sister|brother|sibling|son|daughter|child|relative|friend"
    "|colleague|clinician|person|town|street|address|place|postcode|workplace|organisation|date"
    "|time of year|90 or older|phone|fax|e-mail|number|link|file|handle|detail"
)
"""What may stand in a placeholder."""
PLACEHOLDER = re.compile(rf"\[(?:{LABELS})(?: \d{{4}})?(?: #\d{{1,4}})?\]")
MASK = "\x1a"
"""Stands for what is no text: a mention, an emoji, a placeholder."""

_MASKED = re.compile(
    r"<(?:@[!&]?[\w|.-]{1,60}|#\w{1,40}(?:\|[^>\n]{0,80})?|!\w{1,40}(?:\|[^>\n]{0,80})?"
    r"|a?:\w{1,40}:\d{1,25}|t:\d{1,20}(?::\w)?)>"
    r"|(?<![\w:]):(?=[a-z_+-])[\w+-]{2,40}:(?![\w:])|" + PLACEHOLDER.pattern
)
_MARKUP = re.compile(r"\*+|\|\||~~|`+|(?<![^\W_])_+(?=\w)|(?<=[^\W_])_+(?!\w)")
_SPACED = re.compile(r"(?<![\w.])(?:[A-Za-z]([ .\-_]))(?:[A-Za-z]\1){2,40}[A-Za-z](?![\w])")

_EXTRA = {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "′": "'", "‛": "'", "ʻ": "'", "“": '"', "”": '"'}
_EXTRA |= {"„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-"}
_EXTRA |= {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th"}
_EXTRA |= {"Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ı": "i", "ə": "e"}
_EXTRA |= {"•": "\n", "·": ".", "․": ".", "…": "...", "@": "@"}
_LOOKALIKE = dict(
    zip(
        "АВЕКМНОРСТУХЅІЈаеорсухѕіјԁһԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονικρυτ",
        "ABEKMHOPCTYXSIJaeopcyxsijdhqwlABEZHIKMNOPTYXaovikput",
        strict=True,
    )
)
_LOOKS_LATIN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text; `starts` and `ends` say where each of its characters stands in the original."""

    text: str
    starts: list[int] | range
    ends: list[int] | range
    accents: frozenset[int] = frozenset()
    """Where a letter had an accent, or was none of the English ones."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same piece in the original text."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text made plain."""
    if text.isascii() and not _needs_work(text):
        return Plain(text, range(len(text)), range(1, len(text) + 1))
    return _unspaced(_unmarked(text))


def _needs_work(text: str) -> bool:
    return (
        any(char in text for char in "*|~`<_[:")
        or not text.replace("\n", " ").replace("\t", " ").isprintable()
        or _SPACED.search(text) is not None
    )


def _unmarked(text: str) -> Plain:
    """Without markup and invisible characters, every letter in its plain form."""
    dropped = bytearray(len(text))
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    accents: set[int] = set()
    for found in _MASKED.finditer(text):
        dropped[found.start() : found.end()] = b"\x02" * (found.end() - found.start())
        dropped[found.start()] = 3
    for found in _MARKUP.finditer(text):
        for place in range(found.start(), found.end()):
            dropped[place] = dropped[place] or 1
    latin = _latin_letters(text) if not text.isascii() else {}
    for place, char in enumerate(text):
        state = dropped[place]
        if state == 3:
            plainer = MASK
        elif state:
            continue
        else:
            plainer = latin.get(place) or (char if " " <= char <= "~" else _plain_char(char))
            if char > "\x7f" and place not in latin and plainer.isalpha() and char < "\uff00":
                accents.add(len(chars))
        for one in plainer:
            chars.append(one)
            starts.append(place)
            ends.append(place + 1)
    return Plain("".join(chars), starts, ends, frozenset(accents))


def _plain_char(char: str) -> str:
    if char in "\n\t":
        return char
    if char in _EXTRA:
        return _EXTRA[char]
    if unicodedata.category(char) in ("Cf", "Mn", "Me", "Cs"):
        return ""
    if char < " " or char.isspace() or char == "\x7f":
        return "\n" if char in "\r\u2028\u2029\x0b\x0c" else " "
    split = unicodedata.normalize("NFKD", char)
    return "".join(_EXTRA.get(one, one) for one in split if not unicodedata.combining(one))


def _latin_letters(text: str) -> dict[int, str]:
    """Where letters of other scripts stand for Latin ones, in a mixed word or in all of it."""
    found: dict[int, str] = {}
    for word in _LOOKS_LATIN.finditer(text):
        letters = word.group()
        if letters.isascii():
            continue
        strange = [place for place, char in enumerate(letters) if char in _LOOKALIKE]
        latin = sum(char.isascii() for char in letters)
        if strange and (latin or len(strange) == len(letters)):
            found |= {word.start() + place: _LOOKALIKE[letters[place]] for place in strange}
    return found


def _unspaced(said: Plain) -> Plain:
    """Words that were typed with something between all their letters, put together."""
    cut: set[int] = set()
    for found in _SPACED.finditer(said.text):
        cut |= set(range(found.start() + 1, found.end(), 2))
    if not cut:
        return said
    keep = [place for place in range(len(said.text)) if place not in cut]
    return Plain(
        "".join(said.text[place] for place in keep),
        [said.starts[place] for place in keep],
        [said.ends[place] for place in keep],
        frozenset(new for new, place in enumerate(keep) if place in said.accents),
    )
