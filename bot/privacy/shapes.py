"""Whether a word that no list knows is ordinary: made of known parts, or misspelled."""

from __future__ import annotations

import re

from bot.privacy.cues import FUNCTION, word_set
from bot.privacy.words import Is, Words

_BEFORE = tuple(
    word_set(
        "un re non co over under out anti hyper hypo inter intra multi neuro para post pre"
        " pseudo psycho"
        " self semi sub super trans ultra mid mis dis counter bio micro macro mono poly auto"
        " cyber eco ex"
        " socio tele therapy meta de im in"
    )
)
_AFTER = tuple(
    word_set(
        "s es ed d ing er ers ly y ish ness less ful able ible ism isms ist ists ize izes ized"
        " izing ise"
        " ised ises ising ization isation ity ive al ally phobia phobic like wise ward hood"
        " ship dom ette"
        " iatric iatrics ian ant ants ent ents ure ures age ages ate ates ated ating ic ical"
        " ology ological"
        " ologist aholic athon proof worthy ie ies iest ier in"
    )
)
_BRAND = re.compile(
    r"(?!(?:Mc|Mac|De|Di|Da|Du|La|Le|Ja|Ka|Ke|Ra|Ta|Sha|Van|Von|Fitz|O|D|St)[A-Z'])[A-Z][a-z]+[A-Z]"
)
_DRAWN = re.compile(r"(.)\1\1")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


_LEARNED = re.compile(
    r".{3,}(?:tion|tions|sion|sions|osity|ality|ivity|ility|ments?|ness|ology|ologist|isms?"
    r"|ists?|ings?|tive|tives|ical|ically"
    r"|ous|ously|able|ably|less|ized?|izing|ising|phobia|phobic|ance|ence|ences|ancy|ency|esque"
    r"|athy|osis|itis|aemia|emia|gram|graphy|ly|ed|azine|apine|idone|oxetine|azepam|olol|statin"
    r"|mycin|cillin|prazole|omas?|uria|opia|algia|plasia|trophy|plegia|paresis|phagia|rrh[eo]ea"
    r"|ectomy|otomy|oscopy|genic|lepsy|pnea|thymia|phrenia|mania|lalia|praxia|gnosia|mnesia|tonia"
    r"|somnia|ungen|ung|therapie|psychologie|antrag|abend|modell|kasse|schein|krankenstand"
    r"|kinesia|esthesia|ology|metry|tropic|phoric|phoria|cidal|cide|gogue|drome)$"
)


_DONE = re.compile(
    r"-(?:\w{3,}ed|led|style|type|like|speak|oriented|free|only|adjacent|wide|heavy)$"
)


def is_ordinary(word: str, words: Words) -> bool:
    """Whether it is made of words that are known."""
    if len(word) > 40:
        return True
    if "-" in word and words.of(word.rsplit("-", 1)[1]) & Is.WORD and _DONE.search(word):
        return True
    if "-" in word or "'" in word:
        parts = [part for part in word.replace("'", "-").split("-") if part]
        return all(
            len(part) < 3 or part in _BEFORE or _plainly(part, words) or _has_stem(part, words)
            for part in parts
        )
    if len(word) > 6 and _LEARNED.match(word):
        return True
    return _has_stem(word, words) or _is_compound(word, words)


def is_author_misspelled(word: str, words: Words) -> bool:
    """Whether two letters in another order, or one not doubled, make it an author or a test."""
    if len(word) < 7:
        return False
    cuts = [(word[:place], word[place:]) for place in range(len(word) - 1)]
    near = {left + right[1] + right[0] + right[2:] for left, right in cuts}
    near |= {left + right[1:] for left, right in cuts if right[0] == right[1]}
    return not (near.isdisjoint(words.authors) and near.isdisjoint(words.methods))


def is_misspelled(word: str, words: Words) -> bool:
    """Whether one letter more, less, or in another place makes it a known word."""
    if 2 < len(word) < 5:
        return any(
            word[:place] + word[place + 1] + word[place] + word[place + 2 :] in FUNCTION
            for place in range(len(word) - 1)
        )
    if not 5 <= len(word) <= 40:
        return False
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    near = [left + right[1:] for left, right in cuts if right]
    near += [left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1]
    if any(words.of(one) & Is.WORD for one in near):
        return True
    more = (left + letter + right for left, right in cuts for letter in _LETTERS)
    other = (left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS)
    return any(words.of(one) & Is.WORD for one in more) or (
        len(word) > 6 and any(words.of(one) & Is.WORD for one in other)
    )


def _plainly(word: str, words: Words) -> bool:
    return bool(words.of(word) & Is.WORD) or word in words.allowed


def _has_stem(word: str, words: Words) -> bool:
    for ending in _AFTER:
        stem = word.removesuffix(ending)
        if (
            len(stem) >= 4
            and stem != word
            and (_plainly(stem, words) or _plainly(stem + "e", words))
        ):
            return True
        if len(stem) >= 4 and stem != word and stem[-1] == stem[-2] and _plainly(stem[:-1], words):
            return True
    return any(
        word.startswith(start)
        and len(word) - len(start) >= 4
        and _plainly(word[len(start) :], words)
        for start in _BEFORE
    )


def _is_compound(word: str, words: Words) -> bool:
    return any(
        words.of(word[:place]) & words.of(word[place:]) & Is.WORD
        for place in range(4, len(word) - 3)
    )


def is_brand(text: str) -> bool:
    """Capitals inside or in front, as in "GamStop", "EHRs"; "McKay" and "DeShawn" are people."""
    return _BRAND.match(text) is not None or (text[:2].isupper() and len(text) < 8)


def is_run(low: str) -> bool:
    """Letters that are no word at all, like "Mmmm" or "Pfft"."""
    if _DRAWN.search(low):
        return True
    return len(set(low)) == 1 or not re.search(r"[aeiouy]", low)
