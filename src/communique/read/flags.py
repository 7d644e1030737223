"""What the closed knowledge takes each token for, as a letter: the tagger's view of lists.

In: words of a sentence. Out: one flag per word. Must not know tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from communique.compiling import fold
from communique.knowledge import Knowledge
from communique.read.names import first_names
from communique.read.scan import Vocabulary, vocabulary
from communique.text import SUPPORTED

_LETTER = {"state": "s", "igo": "g", "initiative": "i", "city": "c", "organisation": "m", "person": "p"}


def token_flags(words: Sequence[str], language: str, knowledge: Knowledge) -> list[str]:
    """A letter per word: state, igo, initiative, city, media, person, surname, first name, office, organ, adjective, or '-'."""
    vocab = vocabulary(language)
    folded = [w if w.isascii() else fold(w) for w in words]
    flags = ["-"] * len(words)
    i = 0
    while i < len(words):
        length, letter = _known(folded, i, knowledge)
        if length == 0:
            flags[i] = _open_flag(words, folded, i, vocab, language)
            i += 1
            continue
        for n in range(i, i + length):
            flags[n] = letter if n == i else letter + "+"
        i += length
    return flags


def _known(folded: Sequence[str], i: int, knowledge: Knowledge) -> tuple[int, str]:
    for length in range(min(knowledge.longest_from(folded[i]), len(folded) - i), 0, -1):
        senses = knowledge.senses(folded[i] if length == 1 else " ".join(folded[i : i + length]))
        if senses:
            form = senses[0].form
            if form in ("adjective", "inhabitant", "capital-adjective"):
                return length, "a" if form != "inhabitant" else "h"
            return length, "n" if form == "surname" else _LETTER.get(senses[0].row.kind, "x")
    return 0, ""


def _open_flag(words: Sequence[str], folded: Sequence[str], i: int, vocab: Vocabulary, language: str) -> str:
    word = words[i]
    if word in vocab.offices or (not vocab.cased and word.lower() in vocab.offices):
        return "o"
    if vocab.cased and word[:1].isupper() and any(word.lower().endswith(e) for e, _o in vocab.suffixes):
        return "o"
    if word in vocab.organs:
        return "r"
    if folded[i] in first_names():
        return "f"
    if not word[:1].isupper() or len(word) < 4:
        return "-"
    return "d" if is_ordinary(word, language) else "c" if _compound(word, language) else "u"


@lru_cache(maxsize=65_536)
def _compound(word: str, language: str) -> bool:
    """Whether a word ends in an ordinary one ('Aluminiumzölle'): a compound noun, hardly a name."""
    return any(is_ordinary(word[cut:].capitalize(), language) for cut in range(3, len(word) - 4))


@lru_cache(maxsize=65_536)
def is_ordinary(word: str, language: str) -> bool:
    """Whether a word is an ordinary or well-known one, so that an unknown one stands out as a name."""
    import simplemma

    return bool(simplemma.is_known(word, language)) if language in SUPPORTED else False
