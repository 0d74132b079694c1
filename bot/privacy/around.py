"""What stands around a word and says that it names somebody, or an author whom all may name."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.tokens import Sentence

_AGE_NEXT = re.compile(
    r"(?: (?=\d{1,3}[-\s]?(?:yo\b|y/?o\b|yr|year|[mf]\b))|, ?| ?\(| ?/ ?| is (?:a |an |now )?|"
    r" was (?:a |an )?|, an? |, who'?s | - |: )(?:\d{1,3}(?:[-\s]?(?:yo\b|y/?o\b|y\.o|yrs?\b"
    r"|years?\b|[mf]\b|x\b|\)|,|;))|(?:early|mid|late) (?:teens|twenties|thirties|forties"
    r"|fifties|\d0s)"
    r"|\(?(?:she|he|they)/(?:her|him|them|they))",
    re.I,
)
_NAME_BEFORE = re.compile(
    r"(?:\bnamed(?: him| her| them| the baby| the dog)?|\bnicknamed|\baka|\ba\.k\.a\.?"
    r"|\bgoes by|\bwent by|\bgo by|\bname(?:'s| is| was| of|:)"
    r"|\bname (?:is|was) (?:also )?|\bname as|\bi(?:'ll| will) call (?:him|her|them)"
    r"|\bcall(?:s|ed)? (?:him|her|them|himself|herself)|\bknown as|\bsigned (?:it )?as"
    r"|\banswers to|\bidentif\w+ as|\brenamed|\bchanged (?:it|his name|her name|their name) to"
    r"|\bdeadname|\bused to be called|\bwhose name is)[\s:,\"'(-]{1,3}$",
    re.I,
)
_AND_I = re.compile(r" and (?:i|me)\b(?!'d be)", re.I)
_CITED = re.compile(
    r"(?:'s)?(?: et al\b|,? \(?(?:19|20)\d\d\)| (?:&|and) [A-Z][\w'-]+,? \(?(?:19|20)\d\d\)"
    r"|(?: &| and) colleagues\b| would (?:say|argue|nod|frown|approve|predict)\b| (?:argues"
    r"|writes) )"
)


def introduced(said: Sentence, place: int) -> bool:
    """Whether it is said right before that a name comes."""
    token = said.tokens[place]
    return _NAME_BEFORE.search(said.text, max(0, token.start - 40), token.start) is not None


def by_role(said: Sentence, place: int) -> bool:
    """Whether a word for a relative, a client or another person stands right before it."""
    token = said.tokens[place]
    before = said.tokens[place - 1] if place else None
    if before is None or before.owns or before.low not in cues.ROLES:
        return False
    gaps = (" ", ", ", " (", " - ", ": ", ' "', " '", ",", "  ", " | ", "; ")
    return token.gap in gaps


def by_what_follows(said: Sentence, place: int, *, strictly: bool = False) -> bool:
    """Whether what comes next is said of people only."""
    token = said.tokens[place]
    following = said.tokens[place + 1] if place + 1 < len(said.tokens) else None
    if _AGE_NEXT.match(said.text, token.end):
        return True
    if following is None:
        return False
    if following.gap == token.gap == ", " and following.low in cues.SAYING:
        return True
    if not following.joined:
        return False
    if token.owns:
        return following.low in cues.BELONGINGS
    before = said.tokens[place - 1] if place and not token.opens else None
    if (
        before is not None
        and token.gap == " "
        and before.low in cues.DETERMINERS - {"and", "or", "as", "so", "if", "that"}
    ):
        return False
    if following.low in cues.ADVERBS and place + 2 < len(said.tokens):
        following = said.tokens[place + 2]
    if following.low in cues.SAYING or _AND_I.match(said.text, token.end):
        return True
    return not strictly and following.low in cues.DOING


def cited(said: Sentence, place: int) -> bool:
    """Whether it is an author, a test or a method that is talked about."""
    token = said.tokens[place]
    before = said.tokens[place - 1] if place else None
    following = said.tokens[place + 1] if place + 1 < len(said.tokens) else None
    if before is not None and before.low in cues.CITING and token.gap in (" ", ", "):
        return True
    if following is not None and following.gap == " " and following.low in cues.WORKS:
        return True
    return _CITED.match(said.text, token.end) is not None
