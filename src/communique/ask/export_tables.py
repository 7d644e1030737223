"""The tables of a ledger: documents, each kind of record, actors, entities, promises, entries, stories, conflicts.

In: items, stored records and conclusions, as streams. Out: tables. Must not know files, nor SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from communique.ask.export_table import Table, columns
from communique.follow.deadlines import due_day, status
from communique.ledger.rows import Entry, Item, Link, Stored
from communique.records import Actor, Commitment, Entity, Event, Figure, Span, Statement

_COMMON = columns(
    "id document version:int published outlet language url evidence spans:list confidence:float asserted_by why"
)
_OWN = {
    "statement": columns(
        "speakers:list speaker_words:list anonymous:bool form addressees:list cue content within"
    ),
    "event": columns(
        "type mode contexts:list cameo quad goldstein:float source:list source_words:list target:list "
        "target_words:list start end precision modality trigger story"
    ),
    "commitment": columns(
        "kind parties:list party_words:list beneficiaries:list action fields:list deadline_start deadline_end "
        "deadline_relation deadline_text target_value:float target_unit target_of condition event promise"
    ),
    "figure": columns(
        "indicator label subjects:list counterparts:list value:float value_max:float unit bound status start end "
        "precision change_percent:float change_absolute:float change_since rank:int series"
    ),
}  # fmt: skip
_ROLES = {
    "statement": ("speakers", "addressees"), "event": ("source", "target"),
    "commitment": ("parties", "beneficiaries"), "figure": ("subjects", "counterparts"),
}  # fmt: skip


class PromiseRow(NamedTuple):
    """A promise as it is exported: its id, its commitments with the first one leading, and its entries."""

    id: str
    members: Sequence[Stored]
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Member:
    """A record of a story or promise, or an item of a group of copies."""

    kind: str
    cluster: str
    id: str
    document: str
    day: str | None
    outlet: str | None


def documents(items: Iterable[Item], *, texts: bool = False) -> Table:
    """One row for each item; texts only where they are asked for (they may not be passed on)."""
    names = (
        "id version:int text_id name title url publisher author issuer genre agencies:list place published language "
    )
    extra = "recorded superseded characters:int" + (" text" if texts else "")
    return Table("documents", columns(names + extra), (_document(item, texts) for item in items))


def _document(item: Item, texts: bool) -> tuple[Any, ...]:
    d = item.document
    row = (
        d.id, d.version, d.text_id, d.name, d.title, d.url, d.publisher, d.author, d.issuer, d.genre, list(d.agencies),
        d.place, d.published, d.language, item.recorded, item.superseded, len(d.text),
    )  # fmt: skip
    return (*row, d.text) if texts else row


def records(kind: str, stored: Iterable[tuple[Stored, str | None]]) -> Table:
    """One row for each record of a kind, which comes with the story, promise or series that it belongs to."""
    rows = (_common(one) + _own(one, cluster) for one, cluster in stored if one.kind == kind)
    return Table(f"{kind}s", _COMMON + _OWN[kind], rows)


def _common(stored: Stored) -> tuple[Any, ...]:
    r, d = stored.record, stored.item.document
    spans = [f"{start}-{end}" for start, end in r.evidence]
    outlet = d.publisher or d.issuer
    return (
        r.id, d.id, d.version, d.published, outlet, d.language, d.url, stored.words, spans, float(r.confidence),
        r.asserted_by, r.why,
    )  # fmt: skip


def _own(stored: Stored, cluster: str | None) -> tuple[Any, ...]:
    record, text = stored.record, stored.item.document.text
    if isinstance(record, Statement):
        return _statement(record, text)
    if isinstance(record, Event):
        return (*_event(record, text), cluster)
    if isinstance(record, Commitment):
        return (*_commitment(record, text), cluster)
    return (*_figure(record), cluster)


def _statement(record: Statement, text: str) -> tuple[Any, ...]:
    return (
        codes(record.speakers), _words(record.speakers), record.anonymous, record.form, codes(record.addressees),
        cut(text, record.cue), cut(text, record.content), record.within,
    )  # fmt: skip


def _event(record: Event, text: str) -> tuple[Any, ...]:
    return (
        record.type, record.mode, list(record.contexts), record.cameo, record.quad, record.goldstein,
        codes(record.source), _words(record.source), codes(record.target), _words(record.target),
        record.start, record.end, record.precision, record.modality, cut(text, record.trigger),
    )  # fmt: skip


def _commitment(record: Commitment, text: str) -> tuple[Any, ...]:
    deadline, target = record.deadline, record.target
    due = (deadline.start, deadline.end, deadline.relation, deadline.text) if deadline else (None,) * 4
    aim = (float(target.value), target.unit, target.of) if target else (None,) * 3
    return (
        record.kind, codes(record.parties), _words(record.parties), codes(record.beneficiaries), record.action,
        list(record.fields), *due, *aim, cut(text, record.condition) or None, record.event,
    )  # fmt: skip


def _figure(record: Figure) -> tuple[Any, ...]:
    change = record.change
    moved = (_float(change.percent), _float(change.absolute), change.since) if change else (None,) * 3
    return (
        record.indicator, record.label, codes(record.subjects), codes(record.counterparts), _float(record.value),
        _float(record.value_max), record.unit, record.bound, record.status, record.start, record.end, record.precision,
        *moved, record.rank,
    )  # fmt: skip


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def codes(actors: Iterable[Actor]) -> list[str]:
    """Codes with sectors, each once: 'CHN.MIL'; an actor without a code by its words.

    >>> codes([Actor("CHN", "MIL", None, "die Armee", None), Actor(None, None, None, "Augenzeugen", None)])
    ['CHN.MIL', 'Augenzeugen']
    """
    named = (f"{a.code}.{a.sector}" if a.code and a.sector else a.code or a.text for a in actors)
    return list(dict.fromkeys(named))


def _words(actors: Iterable[Actor]) -> list[str]:
    return [a.text for a in actors]


def cut(text: str, spans: Iterable[Span]) -> str:
    """The words of some spans."""
    return " … ".join(text[start:end] for start, end in spans)


def actors(stored: Iterable[Stored]) -> Table:
    """One row for each actor of each record, with the role it has there."""
    names = columns("record document kind role position:int code sector entity words understood:bool")
    return Table("actors", names, (row for one in stored for row in _actors(one)))


def _actors(stored: Stored) -> Iterator[tuple[Any, ...]]:
    for role in _ROLES[stored.kind]:
        for position, actor in enumerate(getattr(stored.record, role)):
            yield (
                stored.record.id, stored.item.document.id, stored.kind, role, position, actor.code, actor.sector,
                actor.entity, actor.text, actor.span is None,
            )  # fmt: skip


def entities(items: Iterable[Item], found: Callable[[int], Iterable[Entity]]) -> Table:
    """One row for each entity of each item."""
    names = columns(
        "document version:int id kind name code wikidata state office gender knowledge mentions:int confidence:float "
        "why"
    )
    return Table("entities", names, (_entity(item, e) for item in items for e in found(item.key)))


def _entity(item: Item, entity: Entity) -> tuple[Any, ...]:
    return (
        item.document.id, item.document.version, entity.id, entity.kind, entity.name, entity.code, entity.wikidata,
        entity.state, entity.office, entity.gender, entity.knowledge, len(entity.mentions), float(entity.confidence),
        entity.why,
    )  # fmt: skip


# ---- conclusions


def promises(rows: Iterable[PromiseRow], on: str) -> Table:
    """One row for each promise, in the words of its first commitment, with its status on an ISO day."""
    names = columns(
        "id status on kind parties:list beneficiaries:list action fields:list due target_value:float target_unit "
        "announced last documents:int entries:list first_record"
    )
    return Table("promises", names, (_promise(row, on) for row in rows if row.members))


def _promise(row: PromiseRow, on: str) -> tuple[Any, ...]:
    first = min(row.members, key=lambda s: (s.item.day or "~", s.item.document.id, s.record.id))
    record = first.record
    assert isinstance(record, Commitment)  # promises have no other members
    due = next(
        (d for d in (due_day(s.record.deadline) for s in row.members if isinstance(s.record, Commitment)) if d), None
    )
    days = sorted(e.day for e in row.entries if e.day)
    aim = (float(record.target.value), record.target.unit) if record.target else (None, None)
    return (
        row.id, status(row.entries, due, on), on, record.kind, codes(record.parties), codes(record.beneficiaries),
        record.action, list(record.fields), due, *aim, first.item.day, days[-1] if days else first.item.day,
        len({s.item.document.id for s in row.members}), [e.entry for e in row.entries], record.id,
    )  # fmt: skip


def entries(rows: Iterable[tuple[str, Entry, Stored]]) -> Table:
    """One row for each entry of each promise, with the record that says so and the rule that applied."""
    names = columns("promise day entry rule record document outlet evidence")
    return Table("entries", names, (_entry(*row) for row in rows))


def _entry(promise: str, entry: Entry, stored: Stored) -> tuple[Any, ...]:
    document = stored.item.document
    words = cut(document.text, entry.evidence) or stored.words
    return (promise, entry.day, entry.entry, entry.rule, stored.record.id, document.id, document.publisher, words)


def members(rows: Iterable[Member], name: str = "stories") -> Table:
    """One row for each member of each cluster: which records report one event, which items are copies."""
    names = columns("cluster kind member document day outlet")
    return Table(name, names, ((m.cluster, m.kind, m.id, m.document, m.day, m.outlet) for m in rows))


def conflicts(rows: Iterable[tuple[Link, Stored, Stored]]) -> Table:
    """One row for each contradiction between two figures, with both values and the sentence that explains it."""
    names = columns(
        "indicator subjects:list counterparts:list a a_document a_value:float a_unit a_start a_end "
        "b b_document b_value:float b_unit b_start b_end score:float reason"
    )
    return Table("conflicts", names, (row for link, a, b in rows for row in _conflict(link, a, b)))


def _conflict(link: Link, a: Stored, b: Stored) -> Iterator[tuple[Any, ...]]:
    one, other = a.record, b.record
    if isinstance(one, Figure) and isinstance(other, Figure):
        yield (
            one.indicator, codes(one.subjects), codes(one.counterparts), *_claim(a, one), *_claim(b, other),
            float(link.score), link.reason,
        )  # fmt: skip


def _claim(stored: Stored, figure: Figure) -> tuple[Any, ...]:
    return (figure.id, stored.item.document.id, _float(figure.value), figure.unit, figure.start, figure.end)


def coverage(rows: Iterable[tuple[str | None, str | None, int]]) -> Table:
    """Items per outlet and month: what an absence of news is to be measured by."""
    counted: dict[tuple[str, str], int] = {}
    for outlet, day, number in rows:
        key = (day[:7] if day else "", outlet or "")
        counted[key] = counted.get(key, 0) + number
    made = ((month or None, outlet or None, number) for (month, outlet), number in sorted(counted.items()))
    return Table("coverage", columns("month outlet items:int"), made)
