"""Open names: which stretches of text name a person, place or organisation that no list knows.

In: tokens of a sentence and flags from the knowledge. Out: spans with PER, LOC or ORG.
A greedy averaged perceptron (Collins 2002) over surface features, trained by `training/names.py`; without its
weights nothing is found. Must not know which real thing a name means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from communique.compiling import fold

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
SCALE = 100


class OpenName(NamedTuple):
    """Tokens [first, last) name something of a type; `margin` is how clearly (higher is surer)."""

    first: int
    last: int
    type: str
    margin: float


@lru_cache(maxsize=1)
def first_names() -> Mapping[str, str]:
    """First names of many languages with their sex: m, f, u (both or unknown)."""
    content: Mapping[str, str] = json.loads((files("communique") / "data" / "first_names.json").read_text("utf-8"))
    return content


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Sequence[int]]:
    """Feature → weight per tag; empty where no model is shipped."""
    resource = files("communique") / "data" / "names.json"
    if not resource.is_file():
        return {}
    content: Mapping[str, Sequence[int]] = json.loads(resource.read_text("utf-8"))["weights"]
    return content


@lru_cache(maxsize=65_536)
def shape(word: str) -> str:
    """Letters as X or x, digits as d, runs shortened.

    >>> shape("McDonald"), shape("US"), shape("G20")
    ('XxXx', 'XX', 'Xdd')
    """
    out = ""
    for c in word[:24]:
        s = "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c
        if not (out.endswith(s) and (s == "x" or out.endswith(s * 2))):
            out += s
    return out


def may_name(word: str) -> bool:
    """Whether a token can begin a name: it starts with a capital letter or has one inside."""
    return word[:1].isupper() or (len(word) > 1 and any(c.isupper() for c in word))


def features(words: Sequence[str], flags: Sequence[str], i: int, previous: str, language: str) -> list[str]:
    """The features of one token; `flags` says what the knowledge takes each token for."""
    word = words[i]
    before = words[i - 1] if i else "^"
    after = words[i + 1] if i + 1 < len(words) else "$"
    before2 = words[i - 2] if i > 1 else "^"
    after2 = words[i + 2] if i + 2 < len(words) else "$"
    flag, flag_before = flags[i], flags[i - 1] if i else "^"
    flag_after = flags[i + 1] if i + 1 < len(words) else "$"
    form = shape(word)
    low = word.lower()
    return [
        "b" + language,
        "w" + word,
        "s4" + low[-4:],
        "s3" + low[-3:],
        "p4" + low[:4],
        "f" + form + language,
        "<" + before,
        ">" + after,
        "<<" + before2 + " " + before,
        ">>" + after + " " + after2,
        "t" + previous,
        "tw" + previous + low,
        "tf" + previous + form + flag,
        "k" + flag + form,
        "kb" + flag_before + flag,
        "ka" + flag + flag_after,
        "tk" + previous + flag,
        "fb" + shape(before) + form,
        "fa" + form + shape(after),
        "<s" + before.lower()[-3:] + form,
        ">s" + after.lower()[-3:] + form,
        "st" + ("1" if i == 0 else "0") + form + language,
        "k3" + flag_before + flag + flag_after,
    ]


def _scores(feats: Sequence[str], table: Mapping[str, Sequence[int]]) -> list[int]:
    total = [0] * len(TAGS)
    for feature in feats:
        row = table.get(feature)
        if row is not None:
            for tag in range(0, len(row), 2):
                total[row[tag]] += row[tag + 1]
    return total


def tag_sentence(words: Sequence[str], flags: Sequence[str], language: str) -> list[tuple[str, float]]:
    """A tag and its margin over the next best for every token, left to right."""
    table = weights()
    out: list[tuple[str, float]] = []
    previous = "O"
    for i, word in enumerate(words):
        if not table or not (may_name(word) or (previous != "O" and i + 1 < len(words) and _bridges(words, i))):
            previous = "O"
            out.append(("O", 0.0))
            continue
        total = _scores(features(words, flags, i, previous, language), table)
        for n, tag in enumerate(TAGS):
            if tag[0] == "I" and previous[2:] != tag[2:]:
                total[n] = -(10**9)
        best = max(range(len(TAGS)), key=total.__getitem__)
        second = max(t for n, t in enumerate(total) if n != best)
        previous = TAGS[best]
        out.append((previous, (total[best] - second) / SCALE))
    return out


def _bridges(words: Sequence[str], i: int) -> bool:
    """A small word, hyphen or number inside a name: 'bin', '-', 'of', '&'."""
    if words[i] in "-–/&.'" or words[i].isdigit():
        return True
    return len(words[i]) <= 4 and (may_name(words[i + 1]) or words[i + 1] in "-–'")


def open_names(words: Sequence[str], flags: Sequence[str], language: str) -> list[OpenName]:
    """The names in one sentence, as token ranges.

    Shapes: `words` and `flags` are equally long; ranges are half-open indices into them.
    """
    found: list[OpenName] = []
    start, kind, margin = -1, "", 0.0
    for i, (tag, clear) in enumerate([*tag_sentence(words, flags, language), ("O", 0.0)]):
        if start >= 0 and not (tag[0] == "I" and tag[2:] == kind):
            found.append(_trimmed(words, OpenName(start, i, kind, margin)))
            start = -1
        if tag[0] == "B":
            start, kind, margin = i, tag[2:], clear
        elif tag[0] == "I":
            margin = min(margin, clear)
    return [n for n in found if n.last > n.first]


def _trimmed(words: Sequence[str], name: OpenName) -> OpenName:
    last = name.last
    while last > name.first and not any(c.isalnum() for c in words[last - 1]) and words[last - 1] != ".":
        last -= 1
    return name._replace(last=last)


def folded_first_name(word: str) -> str | None:
    """The sex of a first name, or None when the word is none."""
    return first_names().get(fold(word))
