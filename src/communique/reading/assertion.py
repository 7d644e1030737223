"""Who asserts a record: the innermost statement whose content holds all of its evidence.

In: records. Out: the same records with `asserted_by` (and statements `within`). Must not change anything else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from communique.records import Commitment, Event, Figure, Span, Spans, Statement

Any = TypeVar("Any", Statement, Event, Commitment, Figure)


class Contents:
    """The contents of all statements, so that those that hold a span are found without looking at the others.

    Spans are sorted by start; `reach` says how far any span up to an index goes, which ends the search backwards.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.size = {s.id: sum(end - start for start, end in s.content) for s in statements}
        rows = sorted((start, end, s.id) for s in statements for start, end in s.content)
        self._starts = [row[0] for row in rows]
        self._rows = rows
        self._reach = list(accumulate((row[1] for row in rows), max))

    def holding(self, span: Span) -> set[str]:
        """Ids of the statements one of whose contents holds a span."""
        found = set()
        i = bisect_right(self._starts, span[0]) - 1
        while i >= 0 and self._reach[i] >= span[1]:
            if self._rows[i][1] >= span[1]:
                found.add(self._rows[i][2])
            i -= 1
        return found

    def innermost(self, spans: Spans, larger_than: int = 0) -> str | None:
        """Id of the smallest statement that holds all spans and is larger than a size; None when there is none."""
        if not spans:
            return None
        common = set.intersection(*(self.holding(span) for span in spans))
        holding = [id for id in common if self.size[id] > larger_than]
        return min(holding, key=lambda id: (self.size[id], id)) if holding else None


def _place(contents: Contents, records: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(replace(r, asserted_by=contents.innermost(r.evidence)) for r in records)


def assert_by(
    statements: Sequence[Statement],
    events: Sequence[Event],
    commitments: Sequence[Commitment],
    figures: Sequence[Figure],
) -> tuple[tuple[Statement, ...], tuple[Event, ...], tuple[Commitment, ...], tuple[Figure, ...]]:
    """All records with the statement that asserts them; a statement lies `within` the one that holds its content."""
    contents = Contents(statements)
    nested = []
    for statement in statements:
        outer = contents.innermost(statement.content, larger_than=contents.size[statement.id])
        nested.append(replace(statement, within=outer, asserted_by=outer))
    return tuple(nested), _place(contents, events), _place(contents, commitments), _place(contents, figures)
