"""When: time expressions with TIMEX3 values, stated or relative to the day of publication.

In: an encoded document. Out: `Time` records in order of their place. Must not know any word of a language:
words, patterns and conventions are `knowledge/lexicon/LANGUAGE/times.yaml`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communique.reading.encode import Encoded
from communique.reading.times.grammar import BREAK, Grammar, Match, grammar_for, match_rule
from communique.reading.times.values import MEANINGS, Found, Scene
from communique.records import Span, Time, When
from communique.text import Token

_LONGEST_RELATION = 4
_CLAUSE_WINDOW = 40
_SLIGHT = 0.1
_NEARBY = 1
_BEHIND = 0.6
_QUOTE_WINDOW = 30
_RECENT = 80
# Set on the training corpus and KRAUTS (develop): tells reports of the day from essays.
_SHORT_TEXT = 400
_TOKENS_PER_DAY = 500
_NO_ANCHOR = frozenset({"ago", "feast", "duration"})


def find_times(encoded: Encoded, grammar: Grammar | None = None) -> tuple[Time, ...]:
    """All time expressions of a document with value, days and the preposition's meaning; none without a lexicon.

    `grammar` stands in for the one of the document's language.
    """
    grammar = grammar or grammar_for(encoded.language)
    return tuple(_Scan(encoded, grammar).times()) if grammar else ()


@dataclass(frozen=True, slots=True)
class _Relation:
    """The preposition before an expression: what it says, its place, and how it leans."""

    entry: Mapping[str, Any]
    span: Span


class _Scan:
    """One pass over a document's tokens; remembers the day named last, for 'am Abend' and 'the same day'."""

    def __init__(self, encoded: Encoded, grammar: Grammar) -> None:
        self._encoded = encoded
        self._grammar = grammar
        self._tokens = _with_breaks(encoded)
        self._words = [token.text.lower() for token in self._tokens]
        self._codes, self._found = grammar.encode(self._tokens)
        self._token_starts = [token.start for token in self._tokens]
        self._genre = _genre_of(self._found)
        self._last: date | None = None
        self._told: date | None = None
        self._last_at = -1
        self._year: int | None = None
        self._value: str | None = None

    def times(self) -> Iterator[Time]:
        """The expressions from left to right; none overlap."""
        position = 0
        while position < len(self._tokens):
            match, time = self._at(position)
            if match is None:
                position += 1
                continue
            position = max(match.last, position + 1)
            if time is not None:
                yield time

    def _at(self, position: int) -> tuple[Match | None, Time | None]:
        """The longest expression at a position that means something."""
        matches = self._matches(position)
        for later in {match.first for match in matches} - {position}:
            matches += self._matches(later)
        for match in sorted(matches, key=Match.order):
            if match.kind == "none":
                return match, None
            time = self._read(match)
            if time is not None:
                return match, time
        return None, None

    def _matches(self, position: int) -> list[Match]:
        rules = self._grammar.rules.get(self._codes[position], ())
        matches = [m for rule in rules if (m := match_rule(rule, self._codes, self._found, position))]
        phrase = self._phrase(position)
        return [*matches, phrase] if phrase else matches

    def _phrase(self, position: int) -> Match | None:
        for words, entry in self._grammar.phrases.get(self._words[position], ()):
            if entry.get("text", self._genre) != self._genre:
                continue
            if tuple(self._words[position : position + len(words)]) == words:
                slots = {name: [value] for name, value in entry.get("set", {}).items()}
                end = position + len(words)
                return Match(entry["as"], position, end, end, slots)
        return None

    def _read(self, match: Match) -> Time | None:
        relation = self._relation(match.first)
        scene = self._scene(match, relation)
        found = MEANINGS[match.kind](match.slots, scene)
        if found is None:
            return None
        self._remember(found, match)
        span = (self._tokens[match.first].start, self._tokens[match.last - 1].end)
        when = found.days()
        trigger = relation.span if relation else None
        meaning = "in" if match.kind == "ago" and trigger else self._meaning(relation, when)
        return Time(span, _type_of(found), found.value, when, meaning, trigger)

    def _meaning(self, relation: _Relation | None, when: When) -> str | None:
        """The relation's name; 'bis' is a deadline ahead and an end behind."""
        if relation is None:
            return None
        day = self._encoded.day
        if "past" in relation.entry and when.end and day and when.end < day.isoformat():
            return str(relation.entry["past"])
        return str(relation.entry["relation"])

    def _relation(self, first: int) -> _Relation | None:
        """The longest relation phrase that ends at an expression, articles and hedges between them allowed."""
        end = first
        while True:
            for size in range(min(_LONGEST_RELATION, end), 0, -1):
                entry = self._grammar.relations.get(tuple(self._words[end - size : end]))
                if entry is not None:
                    return _Relation(entry, (self._tokens[end - size].start, self._tokens[end - 1].end))
            if end == 0 or self._words[end - 1] not in self._grammar.skipped or first - end >= _LONGEST_RELATION:
                return None
            end -= 1

    def _scene(self, match: Match, relation: _Relation | None) -> Scene:
        entry = relation.entry if relation else {}
        start, end = self._sentence(match.first)
        lean = self._lean(match, entry, (start, end))
        return Scene(
            day=self._encoded.day,
            last=(self._told or self._last) if lean < 0 else self._last,
            recent=match.first - self._last_at < _RECENT,
            named=self._value,
            lean=lean,
            by=entry.get("relation") == "by",
            settings=self._grammar.settings,
            here=self._last if self._last_at >= start else None,
            year_named=self._year,
            general=self._genre == "essay" and len(self._tokens) > _SHORT_TEXT,
            spoken=self._spoken(match),
        )

    def _spoken(self, match: Match) -> date | None:
        """The day a quotation is from: the one named shortly before it begins."""
        if match.kind != "day" or self._last is None or match.first - self._last_at > _QUOTE_WINDOW:
            return None
        quote = self._encoded.in_quote(self._tokens[match.first].start)
        if quote is None:
            return None
        return self._last if self._tokens[self._last_at].start < quote.outer[0] else None

    def _lean(self, match: Match, entry: Mapping[str, Any], sentence: Span) -> int:
        """Told (-1) or announced (+1): by the near words of the clause, else the sentence, and the preposition."""
        start, end = max(sentence[0], match.first - _CLAUSE_WINDOW), min(sentence[1], match.last + _CLAUSE_WINDOW)
        left, right = match.first, match.last
        ends = self._grammar.clause
        while left > start and self._words[left - 1] not in ends:
            left -= 1
        while right < end and self._words[right] not in ends:
            right += 1
        total = self._weight(left, right, match) or self._weight(start, end, match)
        total += float(entry.get("lean", 0))
        return 0 if abs(total) < _SLIGHT else 1 if total > 0 else -1

    def _weight(self, left: int, right: int, match: Match) -> float:
        """The leaning of the words in a window, the nearer the heavier."""
        total = 0.0
        for index in (*range(left, match.first), *range(match.last, right)):
            lean = self._tense(index)
            if lean and index < match.first:
                total += lean / (_NEARBY + match.first - index)
            elif lean:
                total += _BEHIND * lean / (_NEARBY + index - match.last + 1)
        return total

    def _tense(self, index: int) -> int:
        """Whether a word, or a pair of words, tells of what was or of what is to come."""
        word, text = self._words[index], self._tokens[index].text
        tense = self._grammar.tense
        pair = f"{word} {self._words[index + 1]}" if index + 1 < len(self._words) else word
        lean = tense.get(pair, tense.get(word))
        if lean is not None:
            return lean
        if len(text) < 5 or not text.islower() or word in self._grammar.words:
            return 0
        return -1 if text.endswith(tuple(self._grammar.settings.get("past_endings", ()))) else 0

    def _sentence(self, position: int) -> tuple[int, int]:
        """The tokens of the sentence around one; outside of sentences those of the line."""
        encoded = self._encoded
        sentence = encoded.sentence_at(self._tokens[position].start)
        if sentence is None:
            return max(0, position - _CLAUSE_WINDOW), min(len(self._tokens), position + _CLAUSE_WINDOW)
        starts = self._token_starts
        return bisect_right(starts, sentence.start - 1), bisect_right(starts, sentence.end - 1)

    def _remember(self, found: Found, match: Match) -> None:
        """Keep the day and the year named last, which 'am Abend', 'the next day', 'im Jahr zuvor' go on from."""
        when = found.days()
        if not when.start:
            return
        self._year, self._value = int(when.start[:4]), found.value
        if when.precision == "day" and when.start == when.end and match.kind not in _NO_ANCHOR:
            self._last, self._last_at = date.fromisoformat(when.start), match.first
            if self._encoded.day and self._last <= self._encoded.day:
                self._told = self._last


def _genre_of(found: Sequence[Mapping[str, Any]]) -> str:
    """'news' where days of its own week are named often enough, else 'essay'."""
    named = sum("weekday" in categories or "near" in categories for categories in found)
    return "news" if named * _TOKENS_PER_DAY >= len(found) else "essay"


def _type_of(found: Found) -> str:
    if found.recurring:
        return "SET"
    if found.value.startswith("P") and not found.value.endswith("_REF"):
        return "DURATION"
    return "TIME" if "T" in found.value and not found.value.endswith("_REF") else "DATE"


def _with_breaks(encoded: Encoded) -> list[Token]:
    """The tokens, with one of its own for each stretch of line ends, which no expression crosses."""
    tokens: list[Token] = []
    before = 0
    for token in encoded.tokens:
        gap = encoded.text.find(BREAK, before, token.start)
        if gap >= 0:
            tokens.append(Token(gap, gap + 1, BREAK))
        tokens.append(token)
        before = token.end
    return tokens
