"""Records become rows: their columns and all they are found by.

In: records with their document. Out: rows of `record` and of the derived tables. Must not know whole readings' fate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from communique.concepts import Concepts
from communique.ledger import packing
from communique.ledger.indexing import Index, about, index, outlet_of, words
from communique.ledger.store import Store
from communique.records import Document, Reading, Record

STANDS, SUPERSEDED, WRONG = 1, 0, 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading's rows hang: item and reading, and whether they stand."""

    item: int
    reading: int
    state: int


def write_records(store: Store, reading: Reading, document: Document, place: Place) -> None:
    """The records of a reading and the rows of the derived tables; `document` is the reading's, with its id."""
    entities = {entity.id: entity for entity in reading.entities}
    outlet, language = store.labels.maybe(outlet_of(document)), store.labels.maybe(document.language)
    records: Iterable[Record] = chain(reading.statements, reading.events, reading.commitments, reading.figures)
    for record in records:
        found = index(record, document, entities)
        terms = terms_of(record, document)
        filtered = (*columns(store, found), outlet, language, place.state)
        body = packing.pack({**_body(record), "terms": sorted(terms)})
        values = (place.item, place.reading, record.id, record.confidence, *filtered, body)
        key = store.connection.run(_NEW_RECORD, values)
        write_index(store, key, found, terms)
        store.connection.run(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", (key, words(document.text, record.evidence))
        )


def _body(record: Record) -> Mapping[str, object]:
    return {name: value for name, value in packing.plain(record).items() if name != "id"}


def columns(store: Store, found: Index) -> Sequence[object]:
    """Kind, type, modality, quad, weight, day and due of a record, as `record` keeps them."""
    modality, quad = store.labels.maybe(found.modality), store.labels.maybe(found.quad)
    return found.kind, store.labels.key(found.type), modality, quad, found.weight, found.day, found.due


def terms_of(record: Record, document: Document) -> frozenset[str]:
    """What a record is about, equal across languages."""
    return _concepts().keys(about(record, document), document.language)


@lru_cache(maxsize=1)
def _concepts() -> Concepts:
    return Concepts.default()


def write_index(store: Store, key: int, found: Index, terms: frozenset[str]) -> None:
    """The rows by which a record is found: who takes part, pairs of them, terms beside codes."""
    rest = (found.kind, store.labels.key(found.type))
    actors = [(store.names.key(name), found.day, key, way, *rest) for name, way in found.actors.items()]
    store.connection.many("INSERT INTO actor VALUES (?, ?, ?, ?, ?, ?)", actors)
    pairs = [(*_in_order(store, *pair, way), found.day, key, *rest) for pair, way in found.pairs.items()]
    store.connection.many("INSERT INTO pair (a, b, way, day, record, kind, type) VALUES (?, ?, ?, ?, ?, ?, ?)", pairs)
    store.connection.many("INSERT INTO about VALUES (?, ?, ?, ?)", _about(store, key, found, terms))


def erase_index(store: Store, key: int, found: Index, terms: frozenset[str]) -> None:
    """Take those rows out again."""
    actors = [(store.names.key(name), found.day, key) for name in found.actors]
    store.connection.many("DELETE FROM actor WHERE name = ? AND day = ? AND record = ?", actors)
    pairs = [(*_in_order(store, *pair, 0)[:2], found.day, key) for pair in found.pairs]
    store.connection.many("DELETE FROM pair WHERE a = ? AND b = ? AND day = ? AND record = ?", pairs)
    about_rows = _about(store, key, found, terms)
    store.connection.many("DELETE FROM about WHERE term = ? AND code = ? AND kind = ? AND record = ?", about_rows)


def _in_order(store: Store, one: str, other: str, way: int) -> tuple[int, int, int]:
    """A pair by the keys of its names, the lesser first; the way is turned with it."""
    a, b = store.names.key(one), store.names.key(other)
    return (a, b, way) if a < b else (b, a, turned(way))


def turned(way: int) -> int:
    """The way of a pair when its sides are exchanged.

    >>> [turned(way) for way in (0, 1, 2, 3)]
    [0, 2, 1, 3]
    """
    return (way & 1) << 1 | way >> 1


def _about(store: Store, key: int, found: Index, terms: frozenset[str]) -> Iterator[tuple[int, int, int, int]]:
    for term in sorted(terms):
        for code in found.codes:
            yield store.names.key(term), store.names.key(code), found.kind, key


_NEW_RECORD = """INSERT INTO record (item, reading, id, confidence, kind, type, modality, quad, weight, day, due,
  outlet, language, state, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
