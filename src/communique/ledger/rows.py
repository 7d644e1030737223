"""What the ledger hands out: items, stored records, links between them, judgements, filters.

Frozen dataclasses of the standard library over `records`; keys are the ledger's own integers, never shown as ids.
Must not know SQL, nor how a conclusion is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communique.records import Document, Record, Spans

KINDS = ("statement", "event", "commitment", "figure")


@dataclass(frozen=True, slots=True)
class Item:
    """One version of a document as the ledger keeps it; `superseded` is null for the version that stands."""

    key: int
    document: Document
    recorded: str
    superseded: str | None = None

    @property
    def day(self) -> str | None:
        """The ISO day of publication, where it is known."""
        return self.document.published[:10] if self.document.published else None


@dataclass(frozen=True, slots=True)
class Stored:
    """A record in the ledger, with the item it stands in.

    `words` are the words of its evidence; `terms` what it is about, equal across languages (`concepts.keys` of the
    action, label or content, or of an event's evidence). `judged`: what people said of it, the last word first;
    corrected fields are already in `record`.
    """

    key: int
    kind: str
    record: Record
    item: Item
    words: str
    terms: frozenset[str] = frozenset()
    judged: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two keys that belong together (or, of kind `conflict`, contradict each other), `a` < `b`, with the reason.

    `kind`: copy | translation (between items), story (events), promise (commitments), conflict (figures).
    `score` is 0 to 1.
    """

    kind: str
    a: int
    b: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says about a record, or about two that belong together or don't.

    `verdict`: right | wrong | unsure (about `record`, with `field` and `value` where one field is corrected) or
    same | different | unsure (about `record` and `other`). Records are named by kind and evidence beside their id, so
    that a newer reader loses none.
    """

    verdict: str
    record: str
    other: str | None
    author: str
    time: str
    note: str = ""
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are asked for; null and empty mean any.

    `actors`: codes or names, all of which must take part. `pair`: two actors; `direction`: `both` (either way) or
    `forward` (the first acts, the second is acted upon). `since`, `until`: ISO days, about when it happened, else when
    it was published. `text`: words of the evidence, with `whole_text` of the item. `as_of`: the ledger as it stood at
    the end of that day.
    """

    kinds: Sequence[str] = KINDS
    actors: Sequence[str] = ()
    pair: tuple[str, str] | None = None
    direction: str = "both"
    types: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    text: str | None = None
    outlets: Sequence[str] = ()
    language: str | None = None
    min_confidence: float = 0.5
    modality: Sequence[str] = ()
    as_of: str | None = None
    limit: int | None = 100
    after: str | None = None
    whole_text: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a reading: `key` of its item, and the records that it superseded.

    `outcome`: new; known (same text, same reader: nothing was stored); changed (another text of a known document);
    reread (a known text by another reader); redacted (taken out before, and kept out). `replaced`: the item that a
    changed text superseded.
    """

    key: int
    outcome: str
    superseded: tuple[int, ...] = ()
    replaced: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a promise: which record says it, its day, what it means, by which rule, and the words."""

    record: int
    item: int
    day: str | None
    entry: str
    rule: str
    evidence: Spans = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Keys that belong together under one id; `day` is the first of them, where known."""

    kind: str
    id: str
    members: tuple[int, ...]
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of one quad in one period: records, the stories they make, their Goldstein sum by story."""

    period: str | None
    quad: str | None
    records: int
    stories: int
    goldstein: float


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was taken out: items and records by key, and other documents that hold the very same text."""

    document: str
    items: tuple[int, ...]
    records: tuple[int, ...]
    clusters: tuple[Cluster, ...]
    same_text: tuple[str, ...]
