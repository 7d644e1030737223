"""The records: what a reading of one news item consists of, as `docs/records.md` defines them.

Frozen dataclasses of the standard library; offsets are Unicode code points into `document.text`, half-open.
Must not know how any of them is found, stored or shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int]
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One news item: its text as read, and what is known about where it comes from."""

    text: str
    id: str = ""
    text_id: str = ""
    version: int = 1
    origin: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    title: str | None = None
    title_span: Span | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    issuer: str | None = None
    genre: str | None = None
    agencies: tuple[str, ...] = ()
    place: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of whole days (ISO dates, inclusive) with the precision the text has; either end may be open."""

    start: str | None
    end: str | None
    precision: str | None


NEVER_STATED = When(None, None, None)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes part: a code and sector, the entity concluded, and the words (no span when understood)."""

    code: str | None
    sector: str | None
    entity: str | None
    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Entity:
    """One real thing named in a document, with all its mentions."""

    id: str
    kind: str
    name: str
    code: str | None
    wikidata: str | None
    state: str | None
    office: str | None
    mentions: Spans
    confidence: float
    why: str
    gender: str | None = None
    knowledge: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of content that the item attributes to somebody, quoted or reported."""

    id: str
    evidence: Spans
    confidence: float
    asserted_by: str | None
    why: str
    speakers: tuple[Actor, ...]
    anonymous: bool
    cue: Spans
    content: Spans
    form: str
    addressees: tuple[Actor, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom, in PLOVER (Halterman et al. 2023, codebook)."""

    id: str
    evidence: Spans
    confidence: float
    asserted_by: str | None
    why: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: str
    goldstein: float | None
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    place: str | None
    start: str | None
    end: str | None
    precision: str | None
    modality: str
    trigger: Spans


@dataclass(frozen=True, slots=True)
class Deadline:
    """By, in or from when; a vague term has its words and no dates."""

    start: str | None
    end: str | None
    relation: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """What a commitment is measured by."""

    value: float
    unit: str
    of: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Commitment:
    """What actors say they will do, aim at, have agreed or decided to do, later than the item."""

    id: str
    evidence: Spans
    confidence: float
    asserted_by: str | None
    why: str
    kind: str
    parties: tuple[Actor, ...]
    beneficiaries: tuple[Actor, ...]
    cue: Spans
    action: str
    action_text: Spans
    fields: tuple[str, ...]
    deadline: Deadline | None
    target: Target | None
    condition: Spans
    event: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved against an earlier period; a fall is negative."""

    percent: float | None
    absolute: float | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that says something about states, their relations, economies, aid, forces or people."""

    id: str
    evidence: Spans
    confidence: float
    asserted_by: str | None
    why: str
    indicator: str
    label: str
    subjects: tuple[Actor, ...]
    counterparts: tuple[Actor, ...]
    value: float | None
    value_max: float | None
    unit: str | None
    bound: str
    status: str
    start: str | None
    end: str | None
    precision: str | None
    change: Change | None
    rank: int | None
    derived: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not fit or could not be done; the rest of the reading stands."""

    code: str
    stage: str
    message: str
    evidence: Spans = ()


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression with its TIMEX3 value; `when` are the days it covers, where it is resolved.

    `relation`: the preposition's meaning for a deadline or period: in | by | from | until | since | None.
    """

    span: Span
    type: str
    value: str
    when: When = NEVER_STATED
    relation: str | None = None
    trigger: Span | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, in base units; `span` covers number and unit."""

    span: Span
    value: float | None
    value_max: float | None
    unit: str
    bound: str
    direction: str | None
    number: Span = (0, 0)
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names something, and which entity that is."""

    span: Span
    type: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class Layers:
    """Everything found below the records."""

    times: tuple[Time, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of one document."""

    document: Document
    entities: tuple[Entity, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    figures: tuple[Figure, ...] = ()
    problems: tuple[Problem, ...] = ()
    layers: Layers = Layers()
    reader: dict[str, str] = field(default_factory=dict)


Record = Statement | Event | Commitment | Figure


def content_hash(*parts: str, length: int = 16) -> str:
    """Hash length-prefixed fields, so that no two different lists of fields collide by joining.

    >>> content_hash("ab", "c") == content_hash("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(raw)}:".encode())
        digest.update(raw)
    return digest.hexdigest()[:length]


def text_hash(text: str) -> str:
    """The `text_id` of a text: SHA-256 of its UTF-8, 16 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def record_id(kind: str, text_id: str, evidence: Sequence[Span], ordinal: int = 0) -> str:
    """The id of a record: kind, text, evidence and an ordinal among equals; no codes, no confidence.

    >>> record_id("event", "0" * 16, [(0, 5)])[:2]
    'e-'
    """
    spans = " ".join(f"{start}-{end}" for start, end in evidence)
    return f"{kind[0]}-{content_hash(kind, text_id, spans, str(ordinal))}"


class Numbering:
    """Hands out record ids for one document, counting ordinals among records of equal kind and evidence."""

    def __init__(self, text_id: str) -> None:
        self._text_id = text_id
        self._seen: dict[tuple[str, Spans], int] = {}

    def next(self, kind: str, evidence: Iterable[Span]) -> str:
        """The id for the next record of this kind on this evidence."""
        key = (kind, tuple(evidence))
        ordinal = self._seen.get(key, 0)
        self._seen[key] = ordinal + 1
        return record_id(kind, self._text_id, key[1], ordinal)
