"""A document as a page shows it: the text cut and marked, its records beside it, or only what stands around them.

In: a ledger's item or a reading. Out: what the template of a document needs. Must not know HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from communique import view
from communique.ask.replay import reading_of
from communique.ledger import Ledger
from communique.ledger.rows import Item
from communique.records import Reading, Record, Span, Spans, Statement

AROUND = 80
"""Characters before and behind the evidence that are shown where whole texts are not."""
_HIDDEN = "\ue000"
_CUT = re.compile(rf"(?:<p dir=\"auto\">[{_HIDDEN}\s]+</p>\s*)+|[{_HIDDEN}][{_HIDDEN}\s]*")


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as `view` lays it out, and whether parts of its text were left out."""

    item: view.Item
    excerpt: bool


def kept(ledger: Ledger, item: Item) -> Reading:
    """The reading of an item out of the ledger."""
    return replace(reading_of(ledger, item), problems=ledger.problems(item.key))


def shown(reading: Reading, least: float, *, full: bool) -> Shown:
    """A reading laid out: its whole text, or only what stands around the evidence of the records that are shown."""
    chosen = reading if full else _excerpt(reading, least)
    # The page of readings lays it out: two layouts of one thing would drift apart.
    item = view._item(1, chosen, least, view._Anchors())
    if full:
        return Shown(item, False)
    return Shown(replace(item, text=Markup(_CUT.sub('<span class="cut">…</span> ', item.text)), data=Markup("")), True)


def _excerpt(reading: Reading, least: float) -> Reading:
    """The reading with each character that stands far from all evidence replaced, one for one."""
    text = reading.document.text
    windows = view.merged(_windows(_records(reading, least), len(text)))
    parts, at = [], 0
    for start, end in windows:
        parts += [_blank(text[at:start]), text[start:end]]
        at = end
    hidden = "".join([*parts, _blank(text[at:])])
    entities = tuple(replace(one, mentions=_inside(one.mentions, windows)) for one in reading.entities)
    problems = tuple(replace(one, evidence=_inside(one.evidence, windows)) for one in reading.problems)
    return replace(
        reading, document=replace(reading.document, text=hidden), problems=problems,
        entities=tuple(one for one in entities if one.mentions),
    )  # fmt: skip


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", _HIDDEN, text)


def _records(reading: Reading, least: float) -> list[Record]:
    found: Sequence[Record] = (*reading.statements, *reading.events, *reading.commitments, *reading.figures)
    return [record for record in found if record.confidence >= least]


def _windows(records: Iterable[Record], length: int) -> Iterable[Span]:
    for record in records:
        spans = (*record.evidence, *record.content) if isinstance(record, Statement) else record.evidence
        for start, end in spans:
            yield max(start - AROUND, 0), min(end + AROUND, length)


def _inside(spans: Spans, windows: Sequence[Span]) -> Spans:
    return tuple(span for span in spans if any(low <= span[0] and span[1] <= high for low, high in windows))
