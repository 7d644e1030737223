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

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
SCALE = 20
QUOTES = frozenset("\"„“”»«‘’‚'")


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


@lru_cache(maxsize=16_384)
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


def own_features(word: str, language: str) -> list[str]:
    """The features of a word alone."""
    low, form = word.lower(), shape(word)
    return ["b" + language, "w" + word, "s4" + low[-4:], "s3" + low[-3:], "p4" + low[:4], "f" + form + language]


def side_features(word: str, beside: str, mark: str) -> list[str]:
    """The features of the word before ('<') or behind ('>') and this one's shape."""
    form = shape(word)
    pair = form + shape(beside) if mark == ">" else shape(beside) + form
    return [mark + beside, mark + "s" + beside.lower()[-3:] + form, "f" + ("a" if mark == ">" else "b") + pair]


def context_features(words: Sequence[str], flags: Sequence[str], i: int, previous: str, language: str) -> list[str]:
    """The features that no cache can hold: flags, the tag before, and two words to either side."""
    last = len(words) - 1
    form, low = shape(words[i]), words[i].lower()
    before, after = words[i - 1] if i else "^", words[i + 1] if i < last else "$"
    before2, after2 = words[i - 2] if i > 1 else "^", words[i + 2] if i + 1 < last else "$"
    flag, flag_before, flag_after = flags[i], flags[i - 1] if i else "^", flags[i + 1] if i < last else "$"
    hyphens = ("1" if before == "-" else "0") + ("1" if after == "-" else "0")
    quoted = ("1" if before in QUOTES else "0") + ("1" if after in QUOTES else "0")
    found = [
        "<<" + before2 + " " + before,
        ">>" + after + " " + after2,
        "t" + previous,
        "tw" + previous + low,
        "tf" + previous + form + flag,
        "k" + flag + form,
        "kb" + flag_before + flag,
        "ka" + flag + flag_after,
        "tk" + previous + flag,
        "st" + ("1" if i == 0 else "0") + form + language,
        "k3" + flag_before + flag + flag_after,
        "bk" + before.lower() + flag,
        "tb" + previous + before.lower(),
        "h" + hyphens + flag,
        "q" + quoted,
    ]
    if after == "-" and after2 != "$":
        found.append("ha" + after2.lower()[-4:])
    if before == "-" and i > 1:
        found.append("hb" + before2.lower())
    return found


def features(words: Sequence[str], flags: Sequence[str], i: int, previous: str, language: str) -> list[str]:
    """All features of one token; `flags` says what the knowledge takes each token for."""
    before, after = words[i - 1] if i else "^", words[i + 1] if i + 1 < len(words) else "$"
    sides = side_features(words[i], before, "<") + side_features(words[i], after, ">")
    return own_features(words[i], language) + sides + context_features(words, flags, i, previous, language)


class Tagger:
    """Weights and the sums of what depends on single words, which are kept from sentence to sentence."""

    def __init__(self, table: Mapping[str, Sequence[int]]) -> None:
        self.table = table
        self._own = lru_cache(maxsize=8_192)(self._own_sum)
        self._side = lru_cache(maxsize=16_384)(self._side_sum)

    def _sum(self, total: list[int], feats: Sequence[str]) -> list[int]:
        table = self.table
        for feature in feats:
            row = table.get(feature)
            if row is not None:
                for at in range(0, len(row), 2):
                    total[row[at]] += row[at + 1]
        return total

    def _own_sum(self, word: str, language: str) -> tuple[int, ...]:
        return tuple(self._sum([0] * len(TAGS), own_features(word, language)))

    def _side_sum(self, word: str, beside: str, mark: str) -> tuple[int, ...]:
        return tuple(self._sum([0] * len(TAGS), side_features(word, beside, mark)))

    def scores(self, words: Sequence[str], flags: Sequence[str], i: int, previous: str, language: str) -> list[int]:
        """One sum per tag; a tag that cannot follow the previous one is out of reach."""
        before, after = words[i - 1] if i else "^", words[i + 1] if i + 1 < len(words) else "$"
        parts = (self._own(words[i], language), self._side(words[i], before, "<"), self._side(words[i], after, ">"))
        total = self._sum(
            [sum(p) for p in zip(*parts, strict=True)], context_features(words, flags, i, previous, language)
        )
        for n, tag in enumerate(TAGS):
            if tag[0] == "I" and previous[2:] != tag[2:]:
                total[n] = -(10**9)
        return total

    def tag(self, words: Sequence[str], flags: Sequence[str], language: str) -> list[tuple[str, float]]:
        """A tag and its margin over the next best for every token, left to right."""
        out: list[tuple[str, float]] = []
        previous = "O"
        for i, word in enumerate(words):
            inside = previous != "O" and i + 1 < len(words) and bridges(words, i)
            if not self.table or not (may_name(word) or inside):
                previous = "O"
                out.append(("O", 0.0))
                continue
            total = self.scores(words, flags, i, previous, language)
            ranked = sorted(total)
            previous = TAGS[total.index(ranked[-1])]
            out.append((previous, (ranked[-1] - ranked[-2]) / SCALE))
        return out


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """The tagger with the shipped weights."""
    return Tagger(weights())


def bridges(words: Sequence[str], i: int) -> bool:
    """A small word, hyphen or number inside a name: 'bin', '-', 'of', '&'."""
    if words[i] in "-–/&.'" or words[i].isdigit():
        return True
    return len(words[i]) <= 4 and (may_name(words[i + 1]) or words[i + 1] in "-–'")


def open_names(words: Sequence[str], flags: Sequence[str], language: str, by: Tagger | None = None) -> list[OpenName]:
    """The names in one sentence, as token ranges.

    Shapes: `words` and `flags` are equally long; ranges are half-open indices into them.
    """
    found: list[OpenName] = []
    start, kind, margin = -1, "", 0.0
    for i, (tag, clear) in enumerate([*(by or tagger()).tag(words, flags, language), ("O", 0.0)]):
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
