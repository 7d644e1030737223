"""From a document to what the stages work on: language, genre, dateline and credits, sentences, tokens, quotations.

In: a Document and a look-up of lexicons. Out: Encoded and problems; furniture belongs to no sentence.
Must not know which records will be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from communique import text as texts
from communique.lexicon import lexicon
from communique.press import language_code, press, read_date
from communique.reading.encode import Encoded, Sentence
from communique.reading.layout import furniture
from communique.reading.layout.dateline import Dateline, find_dateline
from communique.reading.layout.genre import find_genre, find_issuer, turn_labels
from communique.reading.layout.quotes import find_quotes, lines
from communique.records import Document, Problem, Span

LONGEST_TEXT = 400_000
"""Code points of an item that are read; the rest is stored but yields no records."""

UNDETERMINED = "und"
DATELINES = 4
"""Among so many first lines of prose a dateline is looked for."""

NARROWEST, WIDEST, WRAP_SLACK = 40, 110, 3
"""Characters of a line in text wrapped at a fixed width (mail, agencies' terminals, old web pages)."""
STOPS = '.!?:;…"“”»«'
LONGEST_SENTENCE = 2_000
"""Pieces without a stop between them are one sentence up to this length."""

_ENDS = frozenset(STOPS + ")]}’'‘›‹>*/")
_STOP = re.compile(r"[.!?…:;]\W")
_NEWLINES = str.maketrans("\n\r\u2028\u2029", "    ")
_NUMBER = re.compile(r"(\(?)(\d{1,3})([.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of prose in one paragraph."""

    start: int
    end: int
    paragraph: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Prose and what was learned from the furniture around it."""

    pieces: tuple[Piece, ...]
    paragraphs: tuple[Span, ...]
    place: str | None = None
    agencies: tuple[str, ...] = ()
    author: str | None = None
    day: str | None = None
    genre: str = "news"
    labels: frozenset[str] = frozenset()


def encode(
    document: Document, lookup: Callable[[str], Mapping[str, Any]] = lexicon
) -> tuple[Encoded, tuple[Problem, ...]]:
    """Prepare a document for the stages; `encoded.document` has what the layout says about it filled in.

    Reads the first `LONGEST_TEXT` code points. A language that is not supported is a problem, not a failure.
    """
    problems = list(_too_long(document))
    language = _language(document, problems)
    layout = find_layout(document)
    document = _described(document, layout, language, problems)
    sentences, tokens = _sentences(document.text, layout.pieces, language)
    encoded = Encoded(
        document=document,
        language=language,
        lexicon=lookup(language),
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        quotes=find_quotes(document.text, layout.paragraphs),
        day=day_of(document.published),
        starts=tuple(token.start for token in tokens),
        sentence_starts=tuple(sentence.start for sentence in sentences),
    )
    return encoded, tuple(problems)


def day_of(published: str | None) -> date | None:
    """The day of publication, where it is known to the day.

    >>> day_of("2024-07-04T09:30:00+02:00"), day_of("2024-07")
    (datetime.date(2024, 7, 4), None)
    """
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _too_long(document: Document) -> Iterator[Problem]:
    if len(document.text) > LONGEST_TEXT:
        size, limit = f"{len(document.text):,}", f"{LONGEST_TEXT:,}"
        message = f"The item has {size} characters; only the first {limit} are read for records."
        yield Problem("too_long", "layout", message)


def _language(document: Document, problems: list[Problem]) -> str:
    """The language given, else the one identified; one that is not supported is reported."""
    given = language_code(document.language) if document.language else None
    language = given or texts.identify_language(document.text[:LONGEST_TEXT]) or UNDETERMINED
    if language == UNDETERMINED:
        message = "The language could not be identified: the item has too few words."
        problems.append(Problem("language", "layout", message))
    elif language not in texts.SUPPORTED:
        message = (
            f"The language of the item is '{language}', which is not supported: statements, events and commitments "
            "are left out; names, figures and times are read where possible."
        )
        problems.append(Problem("language", "layout", message))
    return language


def _described(document: Document, layout: Layout, language: str, problems: list[Problem]) -> Document:
    """The document with place, agencies, author, genre and issuer; what was known before stays."""
    published = document.published
    if published is None and layout.day is not None:
        published = layout.day
        problems.append(
            Problem("published", "layout", f"No day of publication was given; {layout.day} is taken from the dateline.")
        )
    genre = document.genre or layout.genre
    body = [document.text[piece.start : piece.end] for piece in layout.pieces if not piece.title]
    return replace(
        document,
        language=language if language != UNDETERMINED else document.language,
        published=published,
        place=document.place or layout.place,
        agencies=tuple(dict.fromkeys((*document.agencies, *layout.agencies))),
        author=document.author or layout.author,
        genre=genre,
        issuer=document.issuer or find_issuer(genre, document.title, body, document.publisher),
    )


def find_layout(document: Document) -> Layout:
    """Tell prose from furniture, line by line; an empty line or a line's end separates paragraphs."""
    text = document.text[:LONGEST_TEXT]
    spans = [_strip(text, span) for span in lines(text)]
    spans = [span for span in spans if span[0] < span[1]]
    titles = _title_lines(document, text, spans)
    spans = unwrap(text, spans, titles)
    walker = _Walker(text, spans, titles)
    walker.walk()
    prose = [text[piece.start : piece.end] for piece in walker.pieces if not piece.title]
    title = document.title or next((text[s:e] for s, e in spans if (s, e) in titles), None)
    return Layout(
        pieces=tuple(walker.pieces),
        paragraphs=tuple(spans),
        place=walker.place,
        agencies=tuple(dict.fromkeys(walker.agencies)),
        author=walker.author,
        day=walker.day,
        genre="interview" if walker.labels else find_genre(title, prose),
        labels=walker.labels,
    )


def _strip(text: str, span: Span) -> Span:
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    return (start, max(start, span[0] + len(piece.rstrip())))


def _title_lines(document: Document, text: str, spans: Sequence[Span]) -> frozenset[Span]:
    """The lines of the title: as known, else a first line without a full stop that an empty line sets apart."""
    if document.title_span:
        start, end = document.title_span
        return frozenset(span for span in spans[:20] if start <= span[0] and span[1] <= end)
    if len(spans) < 2:
        return frozenset()
    (start, end), (following, _) = spans[:2]
    apart = text.count("\n", end, following) + text.count("\r", end, following) - text.count("\r\n", end, following) > 1
    heading = 8 <= end - start <= furniture.LONGEST_LINE and text[end - 1] not in '.:;,…)"“”»'
    if apart and heading and furniture.kind(text[start:end]) is None and not find_dateline(text[start:end]):
        return frozenset([spans[0]])
    return frozenset()


def unwrap(text: str, spans: Sequence[Span], titles: frozenset[Span]) -> list[Span]:
    """Join the lines of paragraphs that were wrapped at a fixed width.

    A block of lines was wrapped if each is broken where the next word no longer fits the longest one.
    """
    joined: list[Span] = []
    for block in _blocks(text, spans, titles):
        if _wrapped([text[start:end] for start, end in block]):
            joined.append((block[0][0], block[-1][1]))
        else:
            joined.extend(block)
    return joined


def _blocks(text: str, spans: Sequence[Span], titles: frozenset[Span]) -> Iterator[list[Span]]:
    """Runs of lines with no empty line between them; a title stands alone."""
    block: list[Span] = []
    for span in spans:
        apart = block and (span in titles or block[-1] in titles or text.count("\n", block[-1][1], span[0]) > 1)
        if apart:
            yield block
            block = []
        block.append(span)
    if block:
        yield block


def _wrapped(block: Sequence[str]) -> bool:
    """Whether the lines of a block look broken at a fixed width in the middle of sentences."""
    *inner, last = block
    if not inner or any(not NARROWEST <= len(line) <= WIDEST for line in inner) or len(last) > WIDEST:
        return False
    if len(inner) == 1 and not last[0].islower():
        return False
    width = max(map(len, block)) - WRAP_SLACK
    full = all(len(line) + 1 + len(after.split(" ", 1)[0]) >= width for line, after in pairwise(block))
    return full and 2 * sum(line[-1] not in STOPS for line in inner) >= len(inner)


class _Walker:
    """Walks over the lines of one text and collects prose and what the furniture says."""

    def __init__(self, text: str, spans: Sequence[Span], titles: frozenset[Span]) -> None:
        self.text, self.spans, self.titles = text, spans, titles
        self.labels = turn_labels([text[s : min(e, s + 60)] for s, e in spans])
        self.pieces: list[Piece] = []
        self.agencies: list[str] = []
        self.place: str | None = None
        self.author: str | None = None
        self.day: str | None = None
        self._prose = 0
        self._tail = False

    def walk(self) -> None:
        """Every line once, in order."""
        numbered = self._numbered()
        for paragraph, span in enumerate(self.spans):
            if span in self.titles:
                self.pieces.append(Piece(*span, paragraph, title=True))
            elif not self._is_furniture(self.text[span[0] : span[1]]):
                self._line(span, paragraph, paragraph in numbered)

    def _numbered(self) -> frozenset[int]:
        """Paragraphs whose number is part of a list: another one counts on from it, or to it."""
        found: dict[int, int] = {}
        sure: set[int] = set()
        for paragraph, (start, end) in enumerate(self.spans):
            match = _NUMBER.match(self.text, start, min(end, start + 12))
            if match:
                found[paragraph] = int(match[2])
                sure.update([paragraph] if match[3] == ")" else [])
        ordered = list(found.items())
        for (before, low), (after, high) in pairwise(ordered):
            if high == low + 1:
                sure.update((before, after))
        return frozenset(sure)

    def _is_furniture(self, line: str) -> bool:
        kind = furniture.kind(line)
        if kind is None:
            self._tail = self._tail and _is_reference(line)
            return self._tail
        if kind == "tail":
            self._tail = self._prose > 0
        elif kind == "credit":
            self.agencies.extend(furniture.credit(line) or ())
        elif kind == "byline":
            self.author = self.author or furniture.byline(line)
        elif kind == "stamp" and not self._prose:
            self._stamp(line)
        return True

    def _stamp(self, line: str) -> None:
        match = press().date.search(line)
        self._set_day(read_date(match) if match else None)

    def _set_day(self, day: tuple[int | None, int, int | None] | None) -> None:
        if day and day[0] and day[2] and self.day is None:
            self.day = f"{day[0]:04}-{day[1]:02}-{day[2]:02}"

    def _line(self, span: Span, paragraph: int, numbered: bool) -> None:
        start, end = span
        start += self._dateline(self.text[start : min(end, start + 200)])
        if numbered:
            match = _NUMBER.match(self.text, start, end)
            start = match.end() if match else start
        start += furniture.bullet(self.text[start : start + 20])
        end = self._closing(start, end)
        if start < end:
            self.pieces.append(Piece(*_strip(self.text, (start, end)), paragraph))
            self._prose += 1

    def _dateline(self, head: str) -> int:
        """How much of a line is its dateline."""
        if self._prose >= DATELINES or self.place:
            return 0
        found: Dateline | None = find_dateline(head, first=self._prose == 0, labels=self.labels)
        if not found:
            return 0
        self.place = found.place
        self.agencies.extend(found.agencies)
        self._set_day(found.day)
        return found.end

    def _closing(self, start: int, end: int) -> int:
        line = self.text[max(start, end - 400) : end]
        base = end - len(line)
        cut, named = furniture.closing(line)
        self.agencies.extend(named)
        credit = furniture.caption(self.text[start:end]) if end - start <= furniture.LONGEST_LINE else None
        return min(base + cut, start + credit[0] if credit else end)


def _is_reference(line: str) -> bool:
    """Whether a line below 'Sources' is still one of the list: short, or without a sentence's end."""
    return len(line) < 160 and (not line.endswith((".", "!", "?", "“", "”")) or len(line) < 60)


def _split(prose: str, language: str) -> list[Span]:
    """Sentences of a piece; a short one without a stop inside, such as a heading, needs no splitter."""
    if len(prose) < furniture.LONGEST_LINE and not _STOP.search(prose):
        return [(0, len(prose))]
    return _mended(prose, texts.sentences(prose, language))


def _mended(prose: str, spans: Sequence[Span]) -> list[Span]:
    """Put together what was cut without a stop, as the splitter does before '44. Minute', and a lone closing mark."""
    mended: list[Span] = []
    for start, end in spans:
        unfinished = mended and prose[mended[-1][1] - 1] not in _ENDS
        left_over = end - start <= 3 and not any(map(str.isalnum, prose[start:end]))
        if mended and (unfinished or left_over) and end - mended[-1][0] <= LONGEST_SENTENCE:
            mended[-1] = (mended[-1][0], end)
        else:
            mended.append((start, end))
    return mended


def _sentences(text: str, pieces: Sequence[Piece], language: str) -> tuple[list[Sentence], list[texts.Token]]:
    """Sentences and their tokens, piece by piece."""
    sentences: list[Sentence] = []
    tokens: list[texts.Token] = []
    for piece in pieces:
        prose = text[piece.start : piece.end].translate(_NEWLINES)
        for start, end in _split(prose, language):
            found = texts.tokenize(text, piece.start + start, piece.start + end)
            if found:
                first = len(tokens)
                tokens.extend(found)
                sentences.append(
                    Sentence(found[0].start, found[-1].end, first, len(tokens), piece.paragraph, piece.title)
                )
    return sentences, tokens
