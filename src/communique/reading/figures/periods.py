"""For which time a figure holds, and since when it moved; never the day of publication.

In: the times of a sentence and the figure's clause. Out: a period. Must not know values or actors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communique.reading.figures.topics import Topics, distance
from communique.records import Span, Time


@dataclass(frozen=True, slots=True)
class Period:
    """The days a figure holds for, their precision, since when it moved, and the words that say so."""

    start: str | None = None
    end: str | None = None
    precision: str | None = None
    since: str | None = None
    span: Span | None = None


def period_of(text: str, times: Sequence[Time], topics: Topics, clause: Span, quantity: Span, sentence: Span) -> Period:
    """The nearest dated time of the clause, else of the sentence, that is no term of comparison.

    A fall or rise 'gegenüber dem Vorjahr' is since the year before the figure's own.
    """
    dated = [t for t in times if t.type in ("DATE", "TIME") and (t.when.start or t.when.end)]
    compared = [t for t in dated if _is_compared(text, t, topics, sentence)]
    plain = [t for t in dated if t not in compared]
    inside = [t for t in plain if clause[0] <= t.span[0] < clause[1]]
    best = min(inside or plain, key=lambda t: (distance(t.span, quantity), t.span), default=None)
    since = _since(text, best, compared, topics, clause)
    if best is None:
        return Period(since=since)
    return Period(best.when.start, best.when.end, best.when.precision, since, best.span)


def _is_compared(text: str, time: Time, topics: Topics, sentence: Span) -> bool:
    """Whether a time is what something is compared with: 'than in 2020', 'gegenüber dem Vorjahr'."""
    before = text[max(time.span[0] - 30, sentence[0]) : time.span[0]].lower()
    return bool(topics.compare.search(before) or topics.previous_year.search(text[time.span[0] : time.span[1]].lower()))


def _since(text: str, best: Time | None, compared: Sequence[Time], topics: Topics, clause: Span) -> str | None:
    low = text[clause[0] : clause[1]].lower()
    if topics.previous_year.search(low) and best is not None and best.when.start:
        return f"{int(best.when.start[:4]) - 1:04d}"
    near = [t for t in compared if clause[0] <= t.span[0] < clause[1] + 60]
    if not near:
        return None
    when = near[0].when
    if when.precision == "year" and when.start:
        return when.start[:4]
    return when.start or when.end
