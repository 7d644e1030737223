"""Keys under which all transliterations of one name fall together, and different names stay apart.

In: a name. Out: its key. Must not know who bears the name. The steps: romanise, fold digraphs of German,
English, Kazakh Latin and Cyrillic romanisations, keep the consonant skeleton.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from communique.compiling import fold

PERSON = ("person", "surname")

# Longest first; what different romanisations write for one sound. All sibilants fall together, since 'Schomart',
# 'Jomart' and 'Zhomart', 'Selenskyj' and 'Zelensky' do: a key only proposes, similarity decides (see `similar`).
_SOUNDS = [
    ("schtsch", "S"), ("dzsch", "S"), ("dsch", "S"), ("tsch", "C"), ("shch", "S"), ("dzh", "S"), ("sch", "S"),
    ("zh", "S"), ("sh", "S"), ("ch", "C"), ("kh", "H"), ("gh", "G"), ("dh", "D"), ("ph", "F"), ("th", "T"),
    ("ck", "K"), ("ts", "S"), ("tz", "S"), ("dj", "S"), ("qu", "KW"),
]  # fmt: skip
_SINGLE = {"q": "K", "c": "K", "x": "KS", "w": "V", "v": "V", "j": "S", "y": "S", "s": "S", "z": "S"}
_ENDINGS = (("eff", "ev"), ("ew", "ev"), ("jew", "ev"), ("ow", "ov"), ("off", "ov"))


@lru_cache(maxsize=65_536)
def word_key(word: str) -> str:
    """The key of one word.

    >>> {word_key(w) for w in ["Tokajew", "Tokayev", "Toqaev", "Toqayev", "Токаев", "Tokaev"]}
    {'TKV'}
    >>> word_key("Tokarew")
    'TKRV'
    """
    if not word.isascii():
        from anyascii import anyascii

        word = anyascii(fold(word))
    low = re.sub(r"[^a-z]", "", word.lower())
    for ending, plain in _ENDINGS:
        if low.endswith(ending):
            low = low[: -len(ending)] + plain
            break
    for digraph, sound in _SOUNDS:
        low = low.replace(digraph, sound)
    first_vowel = "A" if low[:1] in "aeiou" and low[:1] else ""
    low = low[:1] + re.sub(r"[jy]", "", low[1:])
    letters = "".join(_SINGLE.get(c, c.upper()) for c in low if c not in "aeiou")
    return first_vowel + re.sub(r"(.)\1+", r"\1", letters)


def name_key(name: str) -> str:
    """The key of a name of several words, in their order; hyphens separate.

    >>> name_key("Kassym-Schomart Tokajew") == name_key("Kassym-Jomart Tokayev") == name_key("Қасым-Жомарт Тоқаев")
    True
    """
    words = re.split(r"[\s\-–.]+", name)
    return " ".join(k for k in (word_key(w) for w in words if w) if k)


def similar(one: str, other: str) -> float:
    """How alike two names with one key look once romanised, 0 to 1."""
    from anyascii import anyascii
    from rapidfuzz.fuzz import ratio

    return float(ratio(anyascii(fold(one)).lower(), anyascii(fold(other)).lower())) / 100


def person_keys(
    surfaces: Mapping[str, Sequence[Sequence[Any]]], only: frozenset[str] | None = None
) -> dict[str, list[list[Any]]]:
    """Key → senses of all persons' names and surnames; with `only`, of the keys that these surfaces have."""
    keys: dict[str, list[list[Any]]] = {}
    wanted = None if only is None else {name_key(s) for s in only if any(f in PERSON for _n, f in surfaces[s])}
    for surface, senses in surfaces.items():
        named = [[n, form] for n, form in senses if form in PERSON]
        if named and (key := name_key(surface)) and (wanted is None or key in wanted):
            slot = keys.setdefault(key, [])
            slot += [sense for sense in named if sense not in slot]
    return keys
