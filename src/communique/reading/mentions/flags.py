"""What the closed knowledge takes each token for, as a letter: the tagger's view of lists.

In: words of a sentence. Out: one flag per word. Must not know tags.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from communique.compiling import fold
from communique.knowledge import Knowledge, Sense
from communique.reading.mentions.names import first_names
from communique.reading.mentions.scan import known_at, office_suffix, vocabulary
from communique.text import SUPPORTED

LONGEST_TOWN = 4
_LETTER = {"state": "s", "igo": "g", "initiative": "i", "city": "c", "organisation": "m", "person": "p"}


def token_flags(words: Sequence[str], language: str, knowledge: Knowledge) -> list[str]:
    """A letter per word (state, body, initiative, city, medium, person, surname, office, organ, adjective …) or '-'."""
    folded = [w if w.isascii() else fold(w) for w in words]
    flags = ["-"] * len(words)
    i = 0
    while i < len(words):
        length, senses = known_at(folded, i, knowledge)
        if length == 0 and (length := town_at(folded, i)):
            flags[i : i + length] = ["t", *["t+"] * (length - 1)]
            i += length
            continue
        if length == 0:
            flags[i] = open_flag(words[i], language)
            i += 1
            continue
        letter = _letter(senses[0])
        for n in range(i, i + length):
            flags[n] = letter if n == i else letter + "+"
        i += length
    return flags


@lru_cache(maxsize=1)
def towns() -> Mapping[str, frozenset[str]]:
    """Names of towns that are no knowledge, by their first word."""
    resource = files("communique") / "data" / "towns.json"
    found: dict[str, set[str]] = {}
    for name in json.loads(resource.read_text("utf-8")) if resource.is_file() else ():
        found.setdefault(name.partition(" ")[0], set()).add(name)
    return {first: frozenset(names) for first, names in found.items()}


def town_at(folded: Sequence[str], i: int) -> int:
    """How many words from `i` name a town; 0 when none do, or when the word alone is a first name."""
    names = towns().get(folded[i])
    if names is None:
        return 0
    for length in range(min(LONGEST_TOWN, len(folded) - i), 1, -1):
        if " ".join(folded[i : i + length]) in names:
            return length
    return int(folded[i] in names and folded[i] not in first_names())


def _letter(sense: Sense) -> str:
    if sense.form in ("adjective", "capital-adjective"):
        return "a"
    if sense.form == "inhabitant":
        return "h"
    return "n" if sense.form == "surname" else _LETTER.get(sense.row.kind, "x")


@lru_cache(maxsize=16_384)
def open_flag(word: str, language: str) -> str:
    """The letter of a word that the knowledge does not have.

    >>> [open_flag(w, "de") for w in ("Minister", "Botschaft", "Helmut", "Haus", "Bananenzölle", "Xyrtal", "geht")]
    ['o', 'r', 'f', 'd', 'c', 'u', '-']
    """
    vocab = vocabulary(language)
    if vocab.form(word) in vocab.offices or (vocab.cased and office_suffix(word, language)):
        return "o"
    if word in vocab.organs:
        return "r"
    if fold(word) in first_names():
        return "f"
    if not word[:1].isupper() or len(word) < 4:
        return "-"
    return "d" if is_ordinary(word, language) else "c" if is_compound(word, language) else "u"


@lru_cache(maxsize=16_384)
def is_compound(word: str, language: str) -> bool:
    """Whether a word ends in an ordinary one ('Aluminiumzölle'): a compound noun, hardly a name."""
    return any(is_ordinary(word[cut:].capitalize(), language) for cut in range(3, len(word) - 4))


@lru_cache(maxsize=16_384)
def is_ordinary(word: str, language: str) -> bool:
    """Whether a word is an ordinary or well-known one, so that an unknown one stands out as a name."""
    import simplemma

    return bool(simplemma.is_known(word, language, low_memory=True)) if language in SUPPORTED else False
