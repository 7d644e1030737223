"""Sentences cut into stretches at commas, colons, dashes and quotations, for the stages that look at clauses.

In: Encoded and the words that bound clauses. Out: units (sentences, joined where a quotation runs over their border)
with their segments. Must not know who speaks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.reading.encode import Encoded, Quote
from communique.reading.statements.cues import Words
from communique.records import Span

STOPS = frozenset({",", ";", ":", "–", "—", "―", "−"})
_ENDS = frozenset(".!?…")
_LONGEST_BRACKET = 12
_SHORTEST_CLAUSE = 2
_LONGEST_UNIT = 2_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of tokens between two marks; `before` is the mark in front ('' first, '"' right behind a quotation)."""

    first: int
    last: int
    before: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or several that one quotation joins: tokens, segments, the index of its first sentence."""

    first: int
    last: int
    segments: tuple[Segment, ...]
    sentence: int
    last_sentence: int
    paragraph: int
    title: bool


@dataclass(frozen=True, slots=True)
class View:
    """A document as the rules of attribution see it: lower-cased tokens, what is masked, and units.

    Masked tokens lie in brackets or in pieces of quotation; no cue and no border is looked for there.
    """

    encoded: Encoded
    words: Words
    lower: tuple[str, ...]
    masked: frozenset[int]
    units: tuple[Unit, ...]
    quoted: tuple[Span, ...] = ()

    def span(self, first: int, last: int) -> Span:
        """Offsets of a range of tokens."""
        return (self.encoded.tokens[first].start, self.encoded.tokens[last - 1].end)

    def quoted_in(self, span: Span) -> tuple[Span, ...]:
        """The outermost quotations, without their marks, that touch a span."""
        first = bisect_left(self.quoted, span[0], key=lambda quote: quote[1])
        last = bisect_left(self.quoted, span[1], key=lambda quote: quote[0])
        return self.quoted[first:last]

    def capital(self, i: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self.encoded.tokens[i].text[:1].isupper()


def view_of(encoded: Encoded, words: Words) -> View:
    """Cut a document into units and segments."""
    lower = tuple(token.text.lower() for token in encoded.tokens)
    outer = [quote for quote in encoded.quotes if quote.level == 0]
    ranges = [(encoded.token_range(quote.outer), quote) for quote in outer]
    clausal = {r[0]: (r[1], q) for r, q in ranges if r[0] < r[1] and _is_clausal(encoded, words, lower, r)}
    masked = set(_brackets(lower))
    for (first, last), _quote in ranges:
        if first not in clausal:
            masked.update(range(first, last))
    units = tuple(_units(encoded, outer, clausal, masked))
    return View(encoded, words, lower, frozenset(masked), units, tuple(quote.inner for quote in outer))


def _brackets(lower: Sequence[str]) -> Iterator[int]:
    """Tokens in short round brackets, brackets included."""
    i = 0
    while i < len(lower):
        if lower[i] == "(":
            for j in range(i, min(len(lower), i + _LONGEST_BRACKET)):
                if lower[j] == ")":
                    yield from range(i, j + 1)
                    i = j
                    break
        i += 1


def _is_clausal(encoded: Encoded, words: Words, lower: Sequence[str], tokens: tuple[int, int]) -> bool:
    """Whether a quotation stands as a clause of its own, not as a piece of one, a title or a term.

    It stands where a clause may begin (first, behind a mark or a cue) and ends where one may end.
    """
    first, last = tokens
    inner = [word for word in lower[first:last] if word[:1].isalnum()]
    if len(inner) < _SHORTEST_CLAUSE:
        return False
    sentence = encoded.sentence_at(encoded.tokens[first].start)
    before = lower[first - 1] if first and sentence and first > sentence.first else "."
    if before == ":":
        return True
    closed = any(lower[i] in _ENDS or lower[i] == "," for i in range(max(first, last - 2), last))
    if not (
        before in STOPS
        or before in _ENDS
        or before == "-"
        or words.is_cue(before)
        or (closed and before in words["hearers"])
    ):
        return False
    if closed:
        return True
    after = lower[last] if last < len(lower) else "."
    return after in STOPS or after in _ENDS or words.is_cue(after)


def _units(
    encoded: Encoded, outer: Sequence[Quote], clausal: dict[int, tuple[int, Quote]], masked: set[int]
) -> Iterator[Unit]:
    sentences = encoded.sentences
    i = q = 0
    while i < len(sentences):
        j = i
        while j + 1 < len(sentences) and sentences[j].last - sentences[i].first < _LONGEST_UNIT:
            while q < len(outer) and outer[q].outer[1] <= sentences[j + 1].start:
                q += 1
            if q == len(outer) or outer[q].outer[0] >= sentences[j].end:
                break
            j += 1
        first, last = sentences[i].first, sentences[j].last
        ends = frozenset(s.last - 1 for s in sentences[i : j + 1])
        segments = tuple(_segments(encoded, (first, last), clausal, masked, ends))
        yield Unit(first, last, segments, i, j, sentences[i].paragraph, sentences[i].title)
        i = j + 1


def _segments(
    encoded: Encoded,
    bounds: tuple[int, int],
    clausal: dict[int, tuple[int, Quote]],
    masked: set[int],
    ends: frozenset[int],
) -> Iterator[Segment]:
    i = start = bounds[0]
    last = bounds[1]
    before = ""
    while i < last:
        if i in clausal:
            if start < i:
                yield Segment(start, i, before)
                before = "" if before != ":" else before
            end, quote = min(clausal[i][0], last), clausal[i][1]
            yield Segment(i, end, before, quote)
            i = start = max(end, i + 1)
            before = '"'
            continue
        mark = _mark(encoded, i, ends) if i not in masked else ""
        if mark:
            if start < i:
                yield Segment(start, i, before)
            before = mark
            start = i + 1
        i += 1
    if start < last:
        yield Segment(start, last, before)


def _mark(encoded: Encoded, i: int, ends: frozenset[int]) -> str:
    """The mark that a token is, or '' for a word: a hyphen counts only as a dash between spaces."""
    text = encoded.tokens[i].text
    if text in STOPS:
        return "" if text == ":" and _inside_number(encoded, i) else text
    if text in _ENDS and i in ends:
        return "."
    if text == "-" and i and encoded.tokens[i - 1].end < encoded.tokens[i].start:
        return "–" if encoded.text[encoded.tokens[i].end : encoded.tokens[i].end + 1] in (" ", "-") else ""
    return ""


def _inside_number(encoded: Encoded, i: int) -> bool:
    """Whether a colon stands in a time or score ('7:45')."""
    start, end = encoded.tokens[i].start, encoded.tokens[i].end
    return encoded.text[max(0, start - 1) : start].isdigit() and encoded.text[end : end + 1].isdigit()
