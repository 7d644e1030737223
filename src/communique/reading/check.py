"""Invariants: every evidence lies in the text and says something, dates are plausible, actors are within reach.

In: all records of a document. Out: those that hold, and a problem for each that does not. Must not repair anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from communique.reading.encode import Encoded
from communique.records import Commitment, Event, Figure, Problem, Record, Statement

Any = TypeVar("Any", Statement, Event, Commitment, Figure)
Kept = tuple[tuple[Statement, ...], tuple[Event, ...], tuple[Commitment, ...], tuple[Figure, ...]]
EARLIEST, LATEST = "1000", "3000"


def _wrong(record: Record, length: int, text: str) -> str | None:
    if not record.evidence:
        return "has no evidence"
    for start, end in record.evidence:
        if not 0 <= start < end <= length:
            return f"has evidence [{start}, {end}] outside the text"
        if not text[start:end].strip():
            return f"has blank evidence [{start}, {end}]"
    start_day, end_day = getattr(record, "start", None), getattr(record, "end", None)
    if start_day and end_day and start_day > end_day:
        return f"starts {start_day} after it ends {end_day}"
    for day in (start_day, end_day):
        if day and not EARLIEST <= day < LATEST:
            return f"has the implausible date {day}"
    return None


def check(
    encoded: Encoded,
    statements: tuple[Statement, ...],
    events: tuple[Event, ...],
    commitments: tuple[Commitment, ...],
    figures: tuple[Figure, ...],
) -> tuple[Kept, list[Problem]]:
    """Keep the records that hold; say what was dropped and why."""
    problems: list[Problem] = []

    def sound(kind: str, records: Iterable[Any]) -> tuple[Any, ...]:
        kept = []
        for record in records:
            wrong = _wrong(record, len(encoded.text), encoded.text)
            if wrong is None:
                kept.append(record)
            else:
                problems.append(Problem("invariant", "check", f"A {kind} was dropped: it {wrong}."))
        return tuple(kept)

    kept = (
        sound("statement", statements),
        sound("event", events),
        sound("commitment", commitments),
        sound("figure", figures),
    )
    return kept, problems
