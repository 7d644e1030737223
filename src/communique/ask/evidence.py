"""Where something is said: the document, its outlet and day, the words and the sentence they stand in.

In: items and spans. Out: evidence as people and programs can check it. Must not know what the words prove.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from communique.follow.origins import Origin, origins
from communique.follow.update import TRANSLATION, conclude
from communique.ledger import Ledger
from communique.ledger.rows import Item, Stored
from communique.records import Spans, Statement

FARTHEST = 400
"""Characters before and behind the words in which their sentence has to begin and end."""

# A stop behind a word, a short one in small letters, or a year, not behind a title (Gen.) or a day of the month; or a
# line's end. The reader's splitter is better and a hundred times slower, and this is for people's eyes only.
_BOUNDARY = re.compile(
    r"(?:(?<=[^\W\d_]{4})|(?<=\s[a-zß-ÿ]{2})|(?<=\s[a-zß-ÿ]{3})|(?<=\d{4})|(?<=[%\"”“»)]))[.!?…][\"”“»)]*\s+|\n+"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that prove something; `record` is null where a text says it without a record of its own."""

    record: str | None
    document: str
    name: str | None
    outlet: str | None
    day: str | None
    spans: Spans
    words: str
    sentence: str

    @property
    def where(self) -> str:
        """Who says it, else which item."""
        return self.outlet or self.name or self.document


def of_record(stored: Stored) -> Evidence:
    """The evidence of a record."""
    return of_item(stored.item, stored.record.evidence, stored.record.id)


def of_item(item: Item, spans: Spans, record: str | None = None) -> Evidence:
    """The evidence of some spans of an item."""
    document = item.document
    words = " … ".join(" ".join(document.text[start:end].split()) for start, end in spans)
    return Evidence(
        record=record, document=document.id, name=name(item), outlet=outlet(item), day=item.day,
        spans=spans, words=words, sentence=sentence(document.text, spans),
    )  # fmt: skip


def name(item: Item) -> str | None:
    """What people call an item: its name, its title, else the file it came from."""
    document = item.document
    return document.name or document.title or (PurePath(str(document.origin.get("path") or "")).name or None)


def outlet(item: Item) -> str | None:
    """Who published an item, as people name it."""
    return item.document.publisher or item.document.issuer


def sentence(text: str, spans: Spans) -> str:
    """The sentence that holds the first of some spans, on one line.

    >>> sentence("They met. On 4. July they signed it. Rain fell.", ((13, 28),))
    'On 4. July they signed it.'
    """
    if not spans:
        return ""
    start, end = spans[0]
    before = [found.end() for found in _BOUNDARY.finditer(text, max(start - FARTHEST, 0), start)]
    after = _BOUNDARY.search(text, max(end - 1, start), end + FARTHEST)
    first = before[-1] if before else max(start - FARTHEST, 0)
    return " ".join(text[first : after.end() if after else min(end + FARTHEST, len(text))].split())


class Sources:
    """The independent origins of claims about some records, worked out with a few questions for all of them."""

    def __init__(self, ledger: Ledger, reports: Iterable[Stored], as_of: str | None = None) -> None:
        found = list({report.key: report for report in reports}.values())
        self._texts = _texts(ledger, sorted({report.item.key for report in found}), as_of)
        attributed = sorted({report.item.key for report in found if report.record.asserted_by})
        records = [stored for key in attributed for stored in ledger.of_item(key, standing=as_of is None)]
        self._said = {s.record.id: s.record for s in records if isinstance(s.record, Statement)}

    def of(self, reports: Sequence[Stored]) -> tuple[Origin, ...]:
        """The origins of one claim that several records make, the one with most items first."""
        return origins(reports, self._texts, self._said)


def _texts(ledger: Ledger, items: Sequence[int], as_of: str | None) -> Mapping[int, str]:
    """Which items are one text."""
    if as_of is None:
        return ledger.clusters_of(TRANSLATION, items)
    return {key: id for id, members in conclude(ledger, TRANSLATION, items, as_of) for key in members}
