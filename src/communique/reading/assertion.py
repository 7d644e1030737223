"""Who asserts a record: the innermost statement whose content holds all of its evidence.

In: records. Out: the same records with `asserted_by` (and statements `within`). Must not change anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from communique.records import Commitment, Event, Figure, Span, Spans, Statement

Any = TypeVar("Any", Statement, Event, Commitment, Figure)


def _holds(content: Spans, evidence: Span) -> bool:
    return any(start <= evidence[0] and evidence[1] <= end for start, end in content)


def _size(statement: Statement) -> int:
    return sum(end - start for start, end in statement.content)


def innermost(statements: Sequence[Statement], spans: Spans, but: str | None = None) -> str | None:
    """Id of the smallest statement in whose content all spans lie; None when any stands outside every statement."""
    holding = [s for s in statements if s.id != but and all(_holds(s.content, e) for e in spans)]
    return min(holding, key=_size).id if holding and spans else None


def _place(statements: Sequence[Statement], records: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(replace(r, asserted_by=innermost(statements, r.evidence)) for r in records)


def assert_by(
    statements: Sequence[Statement],
    events: Sequence[Event],
    commitments: Sequence[Commitment],
    figures: Sequence[Figure],
) -> tuple[tuple[Statement, ...], tuple[Event, ...], tuple[Commitment, ...], tuple[Figure, ...]]:
    """All records with the statement that asserts them; a statement lies `within` the one that holds its content."""
    nested = []
    for statement in statements:
        larger = [s for s in statements if _size(s) > _size(statement)]
        outer = innermost(larger, statement.content, but=statement.id)
        nested.append(replace(statement, within=outer, asserted_by=outer))
    placed = tuple(nested)
    return placed, _place(placed, events), _place(placed, commitments), _place(placed, figures)
