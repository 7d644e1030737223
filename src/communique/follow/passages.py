"""The sentences of an item as one searches them: small words, clauses, what each is about, states and places named.

In: a text and its language. Out: Passages, kept for the texts seen last, so that many promises search one item cheaply.
Must not know records, nor what is searched for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communique.compiling import fold
from communique.concepts import NAME, NUMBER, Concepts
from communique.follow.promise_words import line_of, words_of
from communique.knowledge import Knowledge, Row
from communique.records import Document, Span
from communique.text import Token, sentences, tokenize

KEPT = 4_096
"""Texts whose passages are kept: some 40 kB each."""
LONGEST_ITEM = 40_000
"""Code points of an item that are searched."""
_PLACES = ("city", "region")
_BREAKS = frozenset(',;:()–—"“”„»«')
_CODED = ("state", "igo")


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: codes of states and bodies (also by capitals and people), ids of places, and the rest."""

    codes: frozenset[str]
    places: frozenset[str]
    rest: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence. `line`: its words small and between spaces, `offsets` where each begins there.

    `clauses`: ranges of words; `keys`: what each clause is about; `numbers`: of the sentence, as keys of `concepts`.
    """

    span: Span
    words: tuple[Token, ...]
    line: str
    offsets: tuple[int, ...]
    clauses: tuple[Span, ...]
    keys: tuple[frozenset[str], ...]
    numbers: frozenset[str]
    named: Named
    title: bool = False

    @property
    def about(self) -> frozenset[str]:
        """What the whole sentence is about."""
        return frozenset().union(*self.keys)

    def clauses_of(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last clause that a stretch of `line` touches."""
        return self._clause(start), self._clause(max(start, end - 2))

    def _clause(self, offset: int) -> int:
        word = bisect_right(self.offsets, offset) - 1
        return next((n for n, (first, last) in enumerate(self.clauses) if first <= word < last), len(self.clauses) - 1)

    def stretch(self, first: int, last: int) -> str:
        """The line of some clauses."""
        start, end = self.clauses[first][0], self.clauses[last][1]
        return line_of([w.text for w in self.words[start:end]])

    def evidence(self, clauses: Sequence[int]) -> Span:
        """From the beginning of the first to the end of the last of some clauses, without marks at either end."""
        words = self.words[self.clauses[min(clauses)][0] : self.clauses[max(clauses)][1]]
        proper = [w for w in words if w.text[0].isalnum()]
        return (proper[0].start, proper[-1].end) if proper else self.span


def passages(document: Document) -> tuple[Passage, ...]:
    """The sentences of an item in order, the title first where it is known apart; none in a language without words."""
    end = document.title_span[1] if document.title_span else 0
    return _passages(document.text[:LONGEST_ITEM], document.language, end)


def named_by(document: Document) -> frozenset[str]:
    """Codes of the states and bodies that an item names anywhere."""
    return frozenset().union(*(p.named.codes for p in passages(document)))


@lru_cache(maxsize=KEPT)
def _passages(text: str, language: str | None, title_end: int) -> tuple[Passage, ...]:
    if language not in Concepts.default().languages:
        return ()
    return tuple(_passage(text, span, language, span[1] <= title_end) for span in sentences(text, str(language)))


def _passage(text: str, span: Span, language: str | None, title: bool) -> Passage:
    words = tuple(tokenize(text, *span))
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    clauses = tuple(_clauses(words, language))
    keys = tuple(about(text[words[a].start : words[b - 1].end], language) for a, b in clauses)
    line = line_of([w.text for w in words])
    named = named_in(text[span[0] : span[1]])
    return Passage(span, words, line, tuple(starts), clauses, keys, numbers(named.rest, language), named, title)


def _clauses(words: Sequence[Token], language: str | None) -> Iterator[Span]:
    """Ranges of words between marks and words that begin a clause; a comma inside a number is no mark."""
    first, known = 0, words_of(language)
    begins = known.guards["breaks"] if known else None
    for n, word in enumerate(words):
        here = line_of([w.text for w in words[n : n + 3]])
        if n > first and (word.text in _BREAKS or (begins and begins.match(here, 1))):
            yield first, n
            first = n
    if first < len(words):
        yield first, len(words)


@lru_cache(maxsize=KEPT)
def about(text: str, language: str | None) -> frozenset[str]:
    """Concepts, names and places of a stretch, the same in all languages; no numbers, no states.

    >>> sorted(about("open a consulate in Lisbon", "en"))
    ['consulate', 'n:city/PRT/Lisbon', 'open']
    """
    named = named_in(text)
    keys = Concepts.default().keys(named.rest, language)
    return frozenset(k for k in keys if not k.startswith(NUMBER)) | {NAME + place for place in named.places}


def numbers(text: str, language: str | None) -> frozenset[str]:
    """The numbers of a stretch as keys of `concepts`, '#500', whether in digits or words."""
    return frozenset(k for k in Concepts.default().keys(text, language) if k.startswith(NUMBER))


@lru_cache(maxsize=KEPT)
def named_in(text: str) -> Named:
    """States, bodies and places of a stretch by the knowledge, the longest name first.

    >>> sorted(named_in("the Chinese navy in Lisbon").codes), named_in("the Chinese navy in Lisbon").rest
    (['CHN', 'PRT'], 'the navy in')
    """
    knowledge = Knowledge.default()
    tokens = tokenize(text)
    words = [t.text if t.text.isascii() else fold(t.text) for t in tokens]
    codes, places, rest, at = set(), set(), [], 0
    while at < len(words):
        length, row = _row_at(words, at, knowledge)
        if row is None:
            rest.append(tokens[at].text)
            at += 1
            continue
        at += length
        code = knowledge.coded(row.code if row.kind in _CODED else row.state)
        if code:
            codes.add(code)
        if row.kind in _PLACES:
            places.add(row.id)
    return Named(frozenset(codes), frozenset(places), " ".join(rest))


def _row_at(words: Sequence[str], at: int, knowledge: Knowledge) -> tuple[int, Row | None]:
    """The state, body or place that begins at a word, with the number of its words."""
    longest = min(knowledge.longest_from(words[at]) or 1, len(words) - at)
    if longest == 1 and at + 2 < len(words) and words[at + 1] == "-":
        longest = 3
    for length in range(longest, 0, -1):
        for row, form in knowledge.senses(" ".join(words[at : at + length])):
            if row.kind in _CODED or (row.kind in _PLACES and (form == "capital" or (at > 0 and len(words[at]) > 3))):
                return length, row
    return 1, None
