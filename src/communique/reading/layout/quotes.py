"""Quotation marks, paired: of every kind, mixed as newspapers mix them, nested, and in odd numbers.

In: a text and the bounds of its paragraphs. Out: the quotations as offsets, in order of their start, in linear time.
Must not know who speaks, nor any word of a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from communique.reading.encode import Quote
from communique.records import Span

DEEPEST = 4
"""No quotation lies deeper; more open marks than these are noise, and keeping them would cost quadratic time."""

LONGEST_CARRY = 5
"""Paragraphs without any mark over which a quotation may go on to its closing mark."""

_MARK = re.compile(r"([\"'„“”«»‚‘’`,])\1{2,}|``|''|,,|[„“”\"‟«»‚‘’'‹›]")
_CLOSED_BY = {
    "„": ("“", "”", '"', "‟", "''"),
    ",,": ("“", "”", '"', "''"),
    "“": ("”", '"', "“", "''"),
    "”": ("”", '"', "“"),
    '"': ('"', "”", "“"),
    "‟": ("”", "“", '"'),
    "``": ("''", '"', "”"),
    "''": ("''",),
    "«": ("»",),
    "»": ("«", "»"),
    "‚": ("‘", "’", "'"),
    "‘": ("’", "'"),
    "'": ("'", "’"),
    "‹": ("›",),
    "›": ("‹", "›"),
}
_ALWAYS_OPEN = frozenset({"„", ",,", "‚", "``"})
_SINGLE = frozenset("‚‘’'")
_GUILLEMETS = frozenset("«»‹›")
_BEFORE_OPENING = frozenset("([{/-–—…")
_NEVER_OPENED = frozenset(",;:!?)]}")
_LINES = re.compile(r"[^\r\n\u2028\u2029]+")
_ELISION = re.compile(r"['’‘](?:[nN]['’]|\d\ds?\b)")
_MEASURE = re.compile(r"\d['’′] ?\d{1,2}(?:[.,]\d+)?$")


@dataclass(frozen=True, slots=True)
class _Open:
    """A mark that was opened and not closed yet."""

    mark: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark with its surroundings: whether it could open or close a quotation by the characters next to it."""

    text: str
    start: int
    end: int
    opens: bool
    closes: bool


class _Scanner:
    """Pairs the marks of one text, paragraph by paragraph; `stack` are the open ones, `found` the quotations."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_Open] = []
        self.found: list[Quote] = []
        self.carried: _Open | None = None
        self._carried_end = self._carried_over = 0
        self.bounds: Span = (0, 0)
        self._opened_at = -1
        self._skip = 0

    def paragraph(self, bounds: Span) -> None:
        """Pair the marks of one paragraph; what stays open ends with it or is carried into the next."""
        marks = [match for match in _MARK.finditer(self.text, *bounds) if not match[1]]
        marks = marks[self._carry_on(marks, bounds) :]
        self.bounds = bounds
        for index, match in enumerate(marks):
            mark = self._mark(match)
            if mark and not self._possessive(mark, marks, index):
                self._step(mark)
        if self.carried is None:
            self._finish(marks)

    def end(self) -> None:
        """Give up on a quotation still carried when the text ends."""
        self._give_up()

    def _carry_on(self, marks: list[re.Match[str]], bounds: Span) -> int:
        """Decide whether an open quotation goes on here; returns how many marks that uses up."""
        carried = self.carried
        if carried is None:
            return 0
        first = next((m for m in marks if m.group() not in _SINGLE), None)
        if first is not None and first.start() == bounds[0] and first.group() == carried.mark:
            self.stack, self.carried = [carried], None
            return marks.index(first) + 1
        if first is None and self._carried_over < LONGEST_CARRY:
            self._carried_over += 1
            return 0
        if first is not None and first.group() in _CLOSED_BY[carried.mark] and not self._could_open(first, bounds):
            self.stack, self.carried = [carried], None
            return 0
        self._give_up()
        return 0

    def _could_open(self, match: re.Match[str], bounds: Span) -> bool:
        before = self.text[match.start() - 1] if match.start() > bounds[0] else " "
        return before.isspace() or before in _BEFORE_OPENING

    def _give_up(self) -> None:
        if self.carried is not None:
            self._emit(self.carried, self._carried_end, self._carried_end, closed=False)
            self.carried = None

    def _mark(self, match: re.Match[str]) -> _Mark | None:
        """A mark in its surroundings, or None when it is an apostrophe or a measure."""
        (start, end), mark = match.span(), match.group()
        before = self.text[start - 1] if start > self.bounds[0] else " "
        after = self.text[end] if end < self.bounds[1] else " "
        if start < self._skip or (mark in _SINGLE and self._apostrophe(start, before, after)):
            return None
        if mark in ('"', "”", "''") and _MEASURE.search(self.text, max(self.bounds[0], start - 9), start):
            return None
        inside = self._opened_at == start
        left = inside or before.isspace() or before in _BEFORE_OPENING
        opens = left and not after.isspace() and after not in _NEVER_OPENED and self._not_a_stop(end)
        closes = not (inside or before.isspace() or before in "([{" or after.isalnum())
        return _Mark(mark, start, end, opens or (left and mark in _GUILLEMETS), closes)

    def _not_a_stop(self, end: int) -> bool:
        """A full stop behind a mark closes a sentence; three of them may begin a quotation."""
        return self.text[end : end + 1] != "." or self.text[end : end + 3] == "..."

    def _apostrophe(self, start: int, before: str, after: str) -> bool:
        if before.isalnum() and after.isalnum():
            return True
        elision = _ELISION.match(self.text, start)
        if elision and not before.isalnum():
            self._skip = elision.end()
            return True
        return False

    def _possessive(self, mark: _Mark, marks: list[re.Match[str]], index: int) -> bool:
        """Whether a single mark behind an s is the leaders' and a later one closes."""
        if mark.text not in ("’", "'") or self.text[mark.start - 1 : mark.start] not in ("s", "x", "z"):
            return False
        following = self.text[mark.end : mark.end + 2]
        if len(following) < 2 or following[0] != " " or not following[1].islower() or index + 1 >= len(marks):
            return False
        later = marks[index + 1]
        after = self.text[later.end() : later.end() + 1]
        return later.group() in ("’", "'") and not self.text[later.start() - 1].isspace() and not after.isalnum()

    def _step(self, mark: _Mark) -> None:
        target = None if mark.text in _ALWAYS_OPEN else self._target(mark.text)
        if target is not None and self._closes_now(mark):
            self._close(target, mark)
        elif mark.opens and mark.text in _CLOSED_BY and len(self.stack) < DEEPEST:
            self.stack.append(_Open(mark.text, mark.start, mark.end))
            self._opened_at = mark.end

    def _closes_now(self, mark: _Mark) -> bool:
        return mark.closes or (not mark.opens and mark.text not in _SINGLE) or mark.text in _GUILLEMETS

    def _target(self, text: str) -> int | None:
        """Index of the open mark that this one closes; a single mark closes only the innermost."""
        for index in range(len(self.stack) - 1, -1, -1):
            if text in _CLOSED_BY[self.stack[index].mark]:
                return index
            if text in _SINGLE:
                return None
        return None

    def _close(self, index: int, mark: _Mark) -> None:
        for inner in self.stack[index + 1 :]:
            self._unclosed(inner, mark.start)
        opened = self.stack[index]
        del self.stack[index:]
        self._emit(opened, mark.start, mark.end, closed=True)

    def _unclosed(self, opened: _Open, end: int) -> None:
        if opened.mark not in _SINGLE:
            self._emit(opened, end, end, closed=False)

    def _emit(self, opened: _Open, inner_end: int, outer_end: int, *, closed: bool) -> None:
        start, end = opened.end, inner_end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start < end:
            self.found.append(Quote((start, end), (opened.start, outer_end if closed else end), 0, closed))

    def _finish(self, marks: list[re.Match[str]]) -> None:
        """At the end of a paragraph: the outermost open mark may go on in the next one if it was the last mark here."""
        doubles = [opened for opened in self.stack if opened.mark not in _SINGLE]
        self.stack = []
        if not doubles:
            return
        outermost, *others = doubles
        for opened in others:
            self._unclosed(opened, self.bounds[1])
        if others or any(m.start() > outermost.start and m.group() not in _SINGLE for m in marks[-1:]):
            self._unclosed(outermost, self.bounds[1])
        else:
            self.carried, self._carried_end, self._carried_over = outermost, self.bounds[1], 0


def lines(text: str) -> list[Span]:
    """The lines of a text that hold anything, as offsets without their ends."""
    return [match.span() for match in _LINES.finditer(text)]


def find_quotes(text: str, paragraphs: Iterable[Span] | None = None) -> tuple[Quote, ...]:
    """The quotations of a text; without `paragraphs` every line is one.

    A quotation left open ends with its paragraph, unless the next one begins with the same mark (as English
    quotations of several paragraphs do) or its first mark can only close. Apostrophes, inches and minutes are none.

    >>> s = '„Das ist ‚gut‘", sagte Xi’s Sprecher. "Nein.'
    >>> [(s[q.inner[0]:q.inner[1]], q.level, q.closed) for q in find_quotes(s)]
    [('Das ist ‚gut‘', 0, True), ('gut', 1, True), ('Nein.', 0, False)]
    """
    scanner = _Scanner(text)
    for bounds in lines(text) if paragraphs is None else paragraphs:
        scanner.paragraph(bounds)
    scanner.end()
    return tuple(_levels(sorted(scanner.found, key=lambda quote: (quote.outer[0], -quote.outer[1]))))


def _levels(quotes: list[Quote]) -> Iterable[Quote]:
    """Number nesting: 0 for a quotation that lies in no other."""
    around: list[int] = []
    for quote in quotes:
        while around and around[-1] <= quote.outer[0]:
            around.pop()
        yield replace(quote, level=len(around)) if around else quote
        around.append(quote.outer[1])
