"""What every stage of reading works on: one document with its sentences, tokens and quotations.

In: a Document and Knowledge. Out: Encoded, with look-ups from offsets to tokens and sentences.
Must not know which records will be found.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communique.records import Document, Span
from communique.text import Token


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose: offsets, its range of tokens, its paragraph, and whether it is the title."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    title: bool = False

    @property
    def span(self) -> Span:
        """Offsets of the sentence, half-open."""
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch between quotation marks: `inner` without them, `outer` with them; `level` 0 is not inside another."""

    inner: Span
    outer: Span
    level: int = 0
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document prepared for the stages; datelines, credits and bylines belong to no sentence."""

    document: Document
    language: str
    lexicon: Mapping[str, Any]
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...] = ()
    day: date | None = None
    starts: tuple[int, ...] = field(default=(), repr=False)
    sentence_starts: tuple[int, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The text that all offsets point into."""
        return self.document.text

    def token_range(self, span: Span) -> tuple[int, int]:
        """Indices of the tokens that touch a span, half-open."""
        first = bisect_right(self.starts, span[0]) - 1
        if first < 0 or self.tokens[first].end <= span[0]:
            first += 1
        return first, max(first, bisect_left(self.starts, span[1]))

    def tokens_in(self, span: Span) -> tuple[Token, ...]:
        """The tokens that touch a span."""
        first, last = self.token_range(span)
        return self.tokens[first:last]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds an offset, or None in a dateline, credit or gap."""
        index = bisect_right(self.sentence_starts, offset) - 1
        if index < 0 or offset >= self.sentences[index].end:
            return None
        return self.sentences[index]

    def sentence_index(self, offset: int) -> int:
        """Index of the last sentence that begins at or before an offset (-1 before the first)."""
        return bisect_right(self.sentence_starts, offset) - 1

    def words(self, span: Span) -> str:
        """The characters of a span."""
        return self.text[span[0] : span[1]]

    def in_quote(self, offset: int) -> Quote | None:
        """The outermost quotation that holds an offset."""
        for quote in self.quotes:
            if quote.level == 0 and quote.inner[0] <= offset < quote.inner[1]:
                return quote
        return None
