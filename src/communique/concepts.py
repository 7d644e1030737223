"""What a sentence is about, as concepts of international politics that are the same in every language.

In: a text and its language. Out: ids of concepts, or keys (concepts, numbers, names), and how alike two sets are.
Must not know documents, records, models or which entity a name means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from communique.errors import KnowledgeError
from communique.naming import name_key
from communique.text import tokenize

DATA = Path(__file__).parent / "data" / "concepts.json"
GAP = -1
"""In a term: any words of the same clause; what follows must end the clause ('nahm … wieder auf')."""
LONGEST_GAP = 14
LEAST_KNOWN = 6
"""Letters of the stem of a compound's known part where the other is unknown ('Vanadium|lieferungen'): shorter stems
stand mostly by chance at the end of a word ('ebenfalls', 'folgenden')."""
LEAST_UNKNOWN = 4
LONGEST_WORD = 60
"""Letters; what is longer is no word, and splitting it would take long."""
NAME, NUMBER = "n:", "#"
SHARED = {NAME: 4.0, NUMBER: 4.0}
"""What a name or number weighs that both sides have."""
ALONE = {NAME: 0.5, NUMBER: 1.5}
"""What it weighs that one side has: in German any unknown noun looks like a name."""
OPPOSED = 0.3
"""What stays of the similarity where one side increases and the other reduces; see tests/test_concepts.py."""
APART = 0.6
"""What stays where both say what is done and it is not the same, or with what, and it is not the same."""
USUAL = 3.0
"""Weight from which on a concept says what a sentence is about ('president' does not)."""

_CLOSING = frozenset(".;!?:,…)–")


class Word(NamedTuple):
    """What one word can be: entries for terms of several words, and its concepts."""

    entries: frozenset[int]
    concepts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The words of one language, ready for look-up."""

    bases: Mapping[str, tuple[int, ...]]
    classes: tuple[frozenset[str], ...]
    entry_class: Sequence[int]
    entry_concept: Sequence[int]
    terms: Mapping[int, Sequence[tuple[int, Sequence[int]]]]
    longest: int
    links: frozenset[str]
    prefixes: frozenset[str]
    clause_end: frozenset[str]
    compounds: bool
    stop: frozenset[str]
    numbers: Mapping[str, Any]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Column:
        """Out of the JSON of one language."""
        bases: dict[str, tuple[int, ...]] = {}
        for number, base in enumerate(raw["bases"]):
            bases[base] = (*bases.get(base, ()), number)
        terms: dict[int, list[tuple[int, Sequence[int]]]] = {}
        for concept, first, *rest in raw["terms"]:
            terms.setdefault(first, []).append((concept, rest))
        classes = tuple(frozenset(c) for c in raw["classes"])
        longest = max(len(e) for c in classes for e in c)
        links, prefixes, clause_end, stop = (frozenset(raw[k]) for k in ("links", "prefixes", "clause_end", "stop"))
        rows = (raw["entry_class"], raw["entry_concept"], terms, longest)
        return cls(bases, classes, *rows, links, prefixes, clause_end, raw["compounds"], stop, raw["numbers"])

    def entries(self, word: str) -> Iterator[tuple[int, int]]:
        """Entries that a whole word can be, those with the longest stem first, with the stem's length."""
        for cut in range(len(word), max(len(word) - self.longest, 1) - 1, -1):
            for entry in self.bases.get(word[:cut], ()):
                if word[cut:] in self.classes[self.entry_class[entry]]:
                    yield entry, cut

    def whole(self, word: str, best: int = 0) -> tuple[int, ...]:
        """Concepts of a word that is no compound, by its longest stem, which has at least so many letters."""
        found: list[int] = []
        for entry, cut in self.entries(word):
            if cut < best:
                break
            if self.entry_concept[entry] >= 0:
                best = cut
                found.append(self.entry_concept[entry])
        return tuple(dict.fromkeys(found))

    def modifier(self, part: str, least: int = 2) -> tuple[int, ...]:
        """Concepts of the first part of a compound: a stem and what links it to the next."""
        for cut in range(len(part), max(len(part) - 5, least - 1), -1):
            if part[cut:] in self.links:
                found = [self.entry_concept[e] for e in self.bases.get(part[:cut], ()) if self.entry_concept[e] >= 0]
                if found:
                    return tuple(dict.fromkeys(found))
        return ()

    def split(self, word: str) -> tuple[int, ...]:
        """Concepts of a compound all of whose parts are known, the longest first part first; else none."""
        for cut in range(len(word) - 2, 1, -1):
            left = self.modifier(word[:cut])
            if left:
                right = self.whole(word[cut:]) or self.split(word[cut:])
                if right:
                    return left + right
        return ()

    def partly(self, word: str) -> tuple[int, ...]:
        """Concepts of a compound of which only the last or the first part is known."""
        for cut in range(LEAST_UNKNOWN, len(word) - LEAST_KNOWN + 1):
            right = () if word[:cut] in self.prefixes else self.whole(word[cut:], LEAST_KNOWN)
            if right:
                return right
        for cut in range(len(word) - LEAST_UNKNOWN, LEAST_KNOWN - 1, -1):
            left = self.modifier(word[:cut], LEAST_KNOWN)
            if left:
                return left
        return ()

    def word(self, word: str) -> Word:
        """Everything one folded word can be."""
        concepts = () if word in self.stop else self.whole(word)
        if not concepts and self.compounds and 5 < len(word) < LONGEST_WORD and word not in self.stop:
            concepts = self.split(word) or self.partly(word)
        return Word(frozenset(e for e, _cut in self.entries(word)), concepts)


def folded(word: str) -> str:
    """A word in small letters with 'ss' for 'ß'."""
    return word.lower().replace("ß", "ss")


def decimal(digits: str, group: str, point: str) -> float | None:
    """The value of a number as written in a language, or None where it is no single number ('24.2.2022').

    >>> decimal("1.200,5", ".", ","), decimal("41", ".", ","), decimal("2.5", ".", ",")
    (1200.5, 41.0, 2.5)
    """
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", digits):
        digits = digits.replace(group, "")
    plain = digits.replace(point, ".").replace(group, ".")
    return float(plain) if plain.count(".") <= 1 else None


class Concepts:
    """The concepts of international politics with their words per language.

    >>> sorted(Concepts.default().concepts("Verdoppelung des Handels", "de"))
    ['double', 'trade']
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.ids: tuple[str, ...] = tuple(raw["ids"])
        self.weights: dict[str, float] = dict(zip(self.ids, raw["weights"], strict=True))
        self._actions = frozenset(self.ids[n] for n in raw["actions"])
        self._things = frozenset(i for i in self.ids if self.weights[i] >= USUAL) - self._actions
        self._broader: dict[str, list[int]] = raw["broader"]
        self._made = [(int(n), frozenset(parts)) for n, parts in self._broader.items() if len(parts) > 1]
        self._opposites = [(one, other) for one, other in raw["opposites"]]
        self._columns: dict[str, Column] = {code: Column.read(column) for code, column in raw["languages"].items()}
        self._word: dict[str, Callable[[str], Word]] = {
            code: lru_cache(maxsize=65_536)(column.word) for code, column in self._columns.items()
        }

    @classmethod
    def load(cls, path: Path = DATA) -> Concepts:
        """Read a built file; KnowledgeError where there is none or it is not one."""
        try:
            return cls(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KnowledgeError(f"{path}: no concepts file: {error}") from error

    @staticmethod
    def default() -> Concepts:
        """The concepts that come with the package, read once."""
        return _default()

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that have words."""
        return tuple(self._columns)

    def concepts(self, text: str, language: str | None) -> frozenset[str]:
        """Ids of the concepts that a text names; with None, of the language whose small words it has most.

        A language without words gives the empty set.
        """
        code = self._language(text, language)
        if code is None:
            return frozenset()
        return self._ids(self._found(_words(text), code))

    def keys(self, text: str, language: str | None) -> frozenset[str]:
        """Concepts, numbers ('#41000000000', '#20%') and names ('n:' and their key) of a text.

        >>> sorted(Concepts.default().keys("Aktau: Handel von 41 Mrd. Dollar", "de"))
        ['#41000000000', 'dollar', 'n:AKT', 'trade']
        """
        code = self._language(text, language)
        if code is None:
            return frozenset()
        words = _words(text)
        found = self._found(words, code)
        named = {place for place, _concepts in found}
        return self._ids(found).union(self._numbers(words, code), self._names(words, named, code))

    def similarity(self, a: frozenset[str], b: frozenset[str]) -> float:
        """How much two sets of concepts or keys share, 0 to 1: Dice's measure, weighted by rarity.

        Where one set has a concept and the other its opposite, little stays; less, too, where both have actions or
        both have things and share none of them.
        """
        both = sum(self._weight(k, SHARED) for k in a & b)
        if not both:
            return 0.0
        alone = sum(self._weight(k, ALONE) for k in a ^ b)
        alike = 2 * both / (2 * both + alone) * (OPPOSED if self.opposed(a, b) else 1.0)
        for kind in (self._actions, self._things):
            if a & kind and b & kind and not a & b & kind:
                alike *= APART
        return alike

    def opposed(self, a: frozenset[str], b: frozenset[str]) -> bool:
        """Whether one set has a concept and the other its opposite ('open', 'close'), and neither has both."""
        return any((x in a - b and y in b - a) or (y in a - b and x in b - a) for x, y in self._opposites)

    def _ids(self, found: Iterable[tuple[int, Sequence[int]]]) -> frozenset[str]:
        """Ids of what was found, and of what all parts were found of: who exchanges prisoners has a prisoner swap."""
        single = {c for _place, some in found for c in some}
        whole = (concept for concept, parts in self._made if parts <= single)
        return frozenset(self.ids[c] for c in single.union(whole))

    def _weight(self, key: str, others: Mapping[str, float]) -> float:
        known = self.weights.get(key)
        if known is not None:
            return known
        return others[NAME] if key.startswith(NAME) else others[NUMBER]

    def _language(self, text: str, language: str | None) -> str | None:
        if language is not None:
            return language if language in self._columns else None
        words = [folded(w) for w in _words(text)]
        small = {code: sum(w in column.stop for w in words) for code, column in self._columns.items()}
        return max(small, key=lambda code: small[code])

    def _found(self, words: Sequence[str], code: str) -> list[tuple[int, Sequence[int]]]:
        """Places of words with the concepts they name; a term of several words takes its words for itself."""
        known = [self._word[code](folded(w)) for w in words]
        taken: dict[int, Sequence[int]] = {}
        for place, word in enumerate(known):
            for concept, places in self._terms_at(place, word, words, known, self._columns[code]):
                if not any(p in taken for p in places):
                    taken.update(dict.fromkeys(places, self._with_broader(concept)))
                    break
        rest = {p: w.concepts for p, w in enumerate(known) if w.concepts and p not in taken}
        wide = {p: [b for c in found for b in self._with_broader(c)] for p, found in rest.items()}
        return [*taken.items(), *wide.items()]

    def _with_broader(self, concept: int) -> list[int]:
        return [concept, *self._broader.get(str(concept), ())]

    def _terms_at(
        self, place: int, word: Word, words: Sequence[str], known: Sequence[Word], column: Column
    ) -> list[tuple[int, list[int]]]:
        """Terms that begin with a word, the longest first, with the places of their words."""
        found = []
        for entry in word.entries:
            for concept, rest in column.terms.get(entry, ()):
                places = _match(place, rest, words, known, column)
                if places:
                    found.append((concept, places))
        return sorted(found, key=lambda t: (-len(t[1]), t[0]))

    def _numbers(self, words: Sequence[str], code: str) -> Iterator[str]:
        rules = self._columns[code].numbers
        for place, word in enumerate(words):
            value = rules["numerals"].get(folded(word))
            if word[0].isdecimal():
                value = decimal(word, rules["group"], rules["decimal"])
            if value is None:
                continue
            after = folded(words[place + 1]) if place + 1 < len(words) else ""
            value = value * rules["magnitudes"].get(after, 1)
            yield f"{NUMBER}{value:.15g}" + ("%" if after in rules["percent"] else "")

    def _names(self, words: Sequence[str], named: set[int], code: str) -> Iterator[str]:
        column = self._columns[code]
        for place, word in enumerate(words):
            if len(word) < 3 or not word[0].isupper() or place in named:
                continue
            low = folded(word)
            if low not in column.stop and low not in column.numbers["magnitudes"]:
                key = name_key(word)
                if len(key) > 1:
                    yield NAME + key


def _words(text: str) -> list[str]:
    """Tokens without hyphens: the parts of a hyphenated word are words."""
    return [t.text for t in tokenize(text) if t.text not in "-‐‑'’"]


def _match(
    place: int, rest: Sequence[int], words: Sequence[str], known: Sequence[Word], column: Column
) -> list[int] | None:
    """Places of a term's words, the first of which is given, or None."""
    if rest[0] != GAP:
        places = list(range(place, place + 1 + len(rest)))
        return places if _stands(place + 1, rest, known) else None
    tail = rest[1:]
    for at in range(place + 1, min(place + LONGEST_GAP, len(words))):
        if words[at] in _CLOSING and words[at] != ",":
            return None
        if _stands(at, tail, known) and _ends(at + len(tail), words, column):
            return [place, *range(at, at + len(tail))]
    return None


def _stands(place: int, parts: Sequence[int], known: Sequence[Word]) -> bool:
    """Whether words from a place on can be these parts of a term."""
    inside = place + len(parts) <= len(known)
    return inside and all(part in known[place + n].entries for n, part in enumerate(parts))


def _ends(place: int, words: Sequence[str], column: Column) -> bool:
    """Whether a clause ends before a place."""
    return place >= len(words) or words[place] in _CLOSING or words[place] in column.clause_end


@lru_cache(maxsize=1)
def _default() -> Concepts:
    return Concepts.load()
