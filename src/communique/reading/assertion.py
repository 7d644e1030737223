"""Who asserts a record: the innermost statement whose content holds all of its evidence.

In: records. Out: the same records with `asserted_by` (and statements `within`); evidence that reaches from a content
into its cue is cut to the content where the record's words all lie in it. Must not change anything else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from communique.records import Actor, Commitment, Event, Figure, Numbering, Span, Spans, Statement

Any = TypeVar("Any", Statement, Event, Commitment, Figure)
Cut = TypeVar("Cut", Event, Commitment, Figure)


class Contents:
    """The contents of all statements, so that those that hold a span are found without looking at the others.

    Spans are sorted by start; `reach` says how far any span up to an index goes, which ends the search backwards.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.size = {s.id: sum(end - start for start, end in s.content) for s in statements}
        self._content = {s.id: s.content for s in statements}
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

    def cut(self, evidence: Spans, anchors: Spans) -> Spans:
        """Evidence without what stands outside the innermost content that holds all anchors, or as it was.

        A piece is kept where an anchor lies in it: 'Peru, said the minister, attacked Chile' leaves the two ends.
        """
        holder = self.innermost(anchors)
        if holder is None or self.innermost(evidence) is not None:
            return evidence
        pieces = [_overlap(span, content) for span in evidence for content in sorted(self._content[holder])]
        kept = tuple(piece for piece in pieces if any(_inside(anchor, piece) for anchor in anchors))
        whole = all(any(_inside(anchor, piece) for piece in kept) for anchor in anchors)
        each = all(any(_inside(piece, span) for piece in kept) for span in evidence)
        return kept if whole and each else evidence


def _overlap(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _anchors(record: Event | Commitment | Figure) -> Spans:
    """What must stay in the evidence: trigger or cue and what hangs on it, the named actors, the ends of a figure's."""
    if isinstance(record, Event):
        words, actors = record.trigger, (*record.source, *record.target)
    elif isinstance(record, Figure):
        words = tuple(end for start, last in record.evidence for end in ((start, start + 1), (last - 1, last)))
        actors = (*record.subjects, *record.counterparts)
    else:
        measured = tuple(part.span for part in (record.deadline, record.target) if part)
        words = (*record.cue, *record.action_text, *record.condition, *measured)
        actors = (*record.parties, *record.beneficiaries)
    return tuple(span for span in (*words, *_spans(actors)) if any(_inside(span, e) for e in record.evidence))


def _spans(actors: Iterable[Actor]) -> Iterator[Span]:
    return (actor.span for actor in actors if actor.span)


def _place(contents: Contents, records: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(replace(r, asserted_by=contents.innermost(r.evidence)) for r in records)


def _cut(contents: Contents, records: Sequence[Cut], kind: str, text_id: str) -> tuple[list[Cut], dict[str, str]]:
    """Records with their evidence cut, and the new ids by the old ones."""
    numbering = Numbering(text_id)
    out: list[Cut] = []
    ids = {}
    for record in records:
        evidence = contents.cut(record.evidence, _anchors(record))
        ids[record.id] = numbering.next(kind, evidence)
        out.append(replace(record, evidence=evidence, id=ids[record.id]))
    return out, ids


def cut_to_contents(
    statements: Sequence[Statement],
    events: Sequence[Event],
    commitments: Sequence[Commitment],
    figures: Sequence[Figure],
    text_id: str,
) -> tuple[list[Event], list[Commitment], list[Figure]]:
    """Records whose evidence is cut to the content that holds their words, with ids that hash what is left.

    A commitment's `event` follows the event's new id. Where a text has no statement nothing changes.
    """
    contents = Contents(statements)
    new_events, ids = _cut(contents, events, "event", text_id)
    new_commitments, _ = _cut(contents, commitments, "commitment", text_id)
    new_figures, _ = _cut(contents, figures, "figure", text_id)
    kept = [replace(c, event=ids.get(c.event, c.event) if c.event else None) for c in new_commitments]
    return new_events, kept, new_figures


def assert_by(
    statements: Sequence[Statement],
    events: Sequence[Event],
    commitments: Sequence[Commitment],
    figures: Sequence[Figure],
    text_id: str | None = None,
) -> tuple[tuple[Statement, ...], tuple[Event, ...], tuple[Commitment, ...], tuple[Figure, ...]]:
    """All records with the statement that asserts them; a statement lies `within` the one that holds its content.

    With the `text_id` evidence is cut to contents first (see `cut_to_contents`), which changes ids.
    """
    contents = Contents(statements)
    nested = []
    for statement in statements:
        outer = contents.innermost(statement.content, larger_than=contents.size[statement.id])
        nested.append(replace(statement, within=outer, asserted_by=outer))
    if text_id is not None:
        events, commitments, figures = cut_to_contents(statements, events, commitments, figures, text_id)
    return tuple(nested), _place(contents, events), _place(contents, commitments), _place(contents, figures)
