"""Initials that stand for somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy import cues
from bot.privacy.identifier import Identifier, Kind, Tier
from bot.privacy.tokens import Sentence
from bot.privacy.words import Is

_DOTTED = re.compile(r"(?<![\w.])[A-Z]\.[ -]?[A-Z]\.(?:[ -]?[A-Z]\.){0,2}(?!\w)")
_DOTTED_SMALL = re.compile(
    r"(?<![\w.])(?!a\.m|p\.m|i\.e|e\.g|p\.s|o\.k|u\.s|u\.k|n\.b|d\.o|p\.o|v\.s|w\.o|c\.f|q\.i"
    r"|b\.i|t\.i|p\.r|d\.v|i\.v|i\.q|s\.i|h\.i)[a-z]\.[a-z]\.(?:[a-z]\.)?(?!\w)"
)
_REGARDING = re.compile(r"(?:^|[.!?\n]\s*)re:? $|\bcase: $", re.I)
_ROW = re.compile(r"(?:, (?:and )?| and | & |/)")
_ROW_BEFORE = re.compile(_ROW.pattern + "$")
_ALLOWED = cues.word_set(
    "U.S. U.K. D.C. L.A. N.Y. U.N. E.U. P.M. A.M. P.O. P.S. E.R. I.V. I.Q."
    " T.V. A.A. N.A. M.D. D.O. B.A. M.A. B.S. M.S. R.N. N.P. P.A."
    " J.D. I.D. V.A. P.C. I.E. E.G. N.B. Q.I. B.I. T.I. P.R. D.V. S.I. H.I. U.S.A. C.B.T."
    " D.B.T. A.C.T. O.C.D. A.D.H.D. P.T.S.D. B.P.D. C.P.S. O.K. G.P. P.T. O.T. H.R. D.A. S.S."
    " I.T. P.D. S.A. D.I.D."
    " A.S.D. G.A.D. M.D.D. E.D. I.O.P. P.H.P. I.E.P. D.S.M. I.C.D. C.P.T. E.M.D.R. I.F.S."
    " F.B.I. C.I.A. I.R.S. D.O.B. S.S.N. V.I.N. A.K.A. R.I.P."
)
_NUMERALS = frozenset(("II", "III", "IV", "VI", "VII"))
_NOT_A_PERSON = frozenset("axyz")
"""Letters that are used for an invented person, as in "client A" or "Mr. X"."""
_AGE = re.compile(
    r"[ ,(]{1,3}\(?\d{1,2}(?:\)|,|;|\s?(?:yo|y/o|yr|year|[mf]\b))|(?: is| was|,) an? \d{1,2}", re.I
)


def initials(said: Sentence) -> Iterator[Identifier]:
    """Initials with dots, and bare capitals where only a person can stand."""
    for form in (_DOTTED, _DOTTED_SMALL):
        for found in form.finditer(said.text):
            if found.group().replace(" ", "").upper() not in _ALLOWED:
                yield Identifier(Kind.NAME, found.start(), found.end(), Tier.ASK, "initials")
    alone = {place for place in range(len(said.tokens)) if _alone(said, place)}
    for place in sorted(alone | _listed(said, alone)):
        token = said.tokens[place]
        yield Identifier(Kind.NAME, token.start, token.end, Tier.ASK, "initials")


def _alone(said: Sentence, place: int) -> bool:
    text = said.tokens[place].text
    return len(text) <= 3 and text.isalpha() and _stands_for_somebody(said, place)


def _listed(said: Sentence, known: set[int]) -> set[int]:
    """Two capitals in a row of initials: "RT, K.L. and AB are siblings"."""
    pairs = [place for place in range(len(said.tokens)) if _is_pair(said, place)]
    if not pairs or said.loud:
        return set()
    dotted = list(_DOTTED.finditer(said.text))
    ends = {said.tokens[place].end for place in known} | {one.end() for one in dotted}
    begins = {said.tokens[place].start for place in known} | {one.start() for one in dotted}
    found: set[int] = set()
    for place in (*pairs, *reversed(pairs)):
        token = said.tokens[place]
        before = _ROW_BEFORE.search(said.text, max(0, token.start - 6), token.start)
        after = _ROW.match(said.text, token.end)
        if (before and before.start() in ends) or (after and after.end() in begins):
            found.add(place)
            ends.add(token.end)
            begins.add(token.start)
    return found


def _is_pair(said: Sentence, place: int) -> bool:
    token = said.tokens[place]
    return len(token.text) == 2 and token.text.isalpha() and token.text.isupper()


def _stands_for_somebody(said: Sentence, place: int) -> bool:
    token = said.tokens[place]
    dotted = (
        said.text[token.end : token.end + 1] == "."
        and said.text[token.end + 1 : token.end + 2] == " "
    )
    if (
        len(token.text) == 1
        and (token.low in _NOT_A_PERSON or token.low == "i")
        and not (dotted and token.low == "a")
    ):
        return False
    if len(token.text) == 1 and (token.allowed or _beside_an_invented_one(said, place)):
        return False
    if len(token.text) > 1 and (not token.text.isupper() or token.text in _NUMERALS):
        return False
    if len(token.text) > 1 and token.allowed:
        return (
            len(token.text) == 2
            and _after_role(said, place)
            and _does_something(said, place, dotted)
        )
    if token.text.islower() and len(token.text) == 1:
        says = token.low in "mrt" and _next(said, place) in cues.SAYING
        return _after_role(said, place) and (token.low not in "sxmtdr" or says)
    if len(token.text) > 1 and said.words.of(token.low) & Is.WORD and said.loud:
        return False
    marked = len(token.text) > 1 or said.text[token.end : token.end + 1] == "."
    if marked and _REGARDING.search(said.text, max(0, token.start - 12), token.start):
        return True
    if _after_role(said, place) or _AGE.match(said.text, token.end):
        return True
    return _does_something(said, place, dotted)


def _beside_an_invented_one(said: Sentence, place: int) -> bool:
    """The B of "client A and client B"."""
    role = said.tokens[place - 1].low if place else ""
    return role in said.invented


def _next(said: Sentence, place: int) -> str:
    return said.tokens[place + 1].low if place + 1 < len(said.tokens) else ""


def _after_role(said: Sentence, place: int) -> bool:
    token = said.tokens[place]
    before = said.before(place)
    if before is None or token.gap not in (" ", ", ", " (", ": ", ". "):
        return False
    if before.low in cues.TITLES | {"dr"} and token.gap in (" ", ". "):
        return token.text.isupper()
    if token.gap == ". " or before.owns:
        return False
    close = (
        cues.CLIENTS
        | cues.FAMILY
        | {"friend", "named", "called", "supervisee", "colleague", "seeing", "treating"}
    )
    return before.low in close and (
        token.text.isupper() or (len(token.text) == 1 and before.low in cues.CLIENTS)
    )


def _does_something(said: Sentence, place: int, dotted: bool) -> bool:
    token = said.tokens[place]
    following = said.after(place)
    if (
        following is None
        or not token.text.isupper()
        or said.loud
        or (token.owns and len(token.text) > 1)
    ):
        return False
    before = said.before(place) if not token.opens else None
    if before is not None and before.low in {
        "the",
        "a",
        "an",
        "my",
        "her",
        "his",
        "no",
        "vitamin",
        "plan",
        "type",
        "grade",
        "hepatitis",
        "cluster",
        "axis",
    }:
        return False
    close = following.gap == " " or (dotted and following.gap == ". ")
    if following.low in cues.SAYING and close and not following.cap:
        return len(token.text) < 3 or dotted
    return (
        dotted
        and len(token.text) == 1
        and token.low not in "abc"
        and following.gap == ". "
        and following.text.islower()
    )
