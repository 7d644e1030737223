"""Phrases of one or more words, found by their first word: the look-up behind offices, organs, parties and groups.

In: phrases with what they stand for. Out: the longest one that begins at a token. Must not know what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from communique.compiling import fold
from communique.text import tokenize

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Phrases(Generic[Value]):
    """First word → its phrases (further words, value), longest first."""

    table: Mapping[str, tuple[tuple[tuple[str, ...], Value], ...]]

    @staticmethod
    def of(entries: Iterable[tuple[str, Value]], folded: bool = False) -> Phrases[Value]:
        """Build the table; of two equal phrases the first wins, the weightier being listed first."""
        table: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for phrase, value in entries:
            first, *rest = (t.text for t in tokenize(fold(phrase) if folded else phrase))
            slot = table.setdefault(first, [])
            if all(words != tuple(rest) for words, _value in slot):
                slot.append((tuple(rest), value))
        return Phrases({k: tuple(sorted(v, key=lambda e: -len(e[0]))) for k, v in table.items()})

    def at(self, words: Sequence[str], i: int) -> tuple[int, Value] | None:
        """How many words from `i` the longest phrase there has, and its value.

        >>> table = Phrases.of([("foreign minister", "FM"), ("minister", "M")])
        >>> table.at(["the", "foreign", "minister"], 1), table.at(["the", "foreign", "aid"], 1)
        ((2, 'FM'), None)
        """
        for rest, value in self.table.get(words[i], ()):
            if not rest or tuple(words[i + 1 : i + 1 + len(rest)]) == rest:
                return 1 + len(rest), value
        return None

    def __contains__(self, word: str) -> bool:
        """Whether a single word is a phrase."""
        return any(not rest for rest, _value in self.table.get(word, ()))
