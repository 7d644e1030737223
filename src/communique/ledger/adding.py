"""A reading goes into the ledger: what is new, known, changed, read again.

In: a reading and the moment of recording. Out: rows, and what became of it. Must not know how records are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from communique.ledger import packing
from communique.ledger.indexing import day_number, house, moment, now, outlet_of
from communique.ledger.judging import inherit
from communique.ledger.rows import Added
from communique.ledger.store import Store, canonical
from communique.ledger.writing import STANDS, SUPERSEDED, Place, write_records
from communique.records import Document, Reading, content_hash, text_hash


@dataclass(frozen=True, slots=True)
class Arrival:
    """A reading on its way in: its document with id and hash, its reader as one text, the moment."""

    reading: Reading
    document: Document
    reader: str
    moment: str

    @property
    def stamp(self) -> str:
        """When the publisher made this text, as far as it is known; what sorts last is the version that stands."""
        return moment(self.document.modified or self.document.published or "")


def add(store: Store, reading: Reading, recorded: str | None) -> Added:
    """Put a reading in, in one transaction."""
    arrival = arrive(reading, recorded)
    with store.transaction():
        out = _kept_out(store, arrival)
        if out is not None:
            return out
        document = _document(store, arrival.document)
        item = store.connection.row(_ITEM, (document, arrival.document.text_id))
        return _known_text(store, arrival, document, *item) if item else _new_text(store, arrival, document)


def knows(store: Store, document: Document, about: Mapping[str, str]) -> bool:
    """Whether a text of a document was read by a reader already; nothing is written."""
    arrival = arrive(Reading(document, reader=dict(about)), None)
    values = (arrival.document.id, arrival.document.text_id, arrival.reader)
    return store.connection.row(_KNOWN, values) is not None


def arrive(reading: Reading, recorded: str | None) -> Arrival:
    """A reading with everything that its rows need."""
    document = reading.document
    text_id = document.text_id or text_hash(document.text)
    given = document.id or (content_hash("url", document.url) if document.url else content_hash("text", document.text))
    return Arrival(
        reading, replace(document, id=given, text_id=text_id), canonical(reading.reader), moment(recorded) or now()
    )


def _kept_out(store: Store, arrival: Arrival) -> Added | None:
    """Whether the text or its document was taken out before."""
    found = store.connection.value(_TOMBSTONE, (arrival.document.text_id, arrival.document.id))
    return None if found is None else Added(found, "redacted")


def _document(store: Store, document: Document) -> int:
    """The key of a document. Two outlets may use one id ('1'): then the second gets one that names its outlet."""
    ours = house(document)
    found = store.connection.rows("SELECT key, house FROM document WHERE given = ? ORDER BY key", (document.id,))
    for key, theirs in found:
        if ours == theirs or ours is None or theirs is None or _comparable(ours) != _comparable(theirs):
            return int(key)
    id = f"{document.id}@{ours}" if found else document.id
    return store.connection.run("INSERT INTO document (id, given, house) VALUES (?, ?, ?)", (id, document.id, ours))


def _comparable(house: str) -> bool:
    """Hosts are compared with hosts, publishers with publishers."""
    return "." in house and " " not in house


def _known_text(store: Store, arrival: Arrival, document: int, item: int, state: int) -> Added:
    reader = _reader(store, arrival.reader)
    if store.connection.row("SELECT key FROM reading WHERE item = ? AND reader = ?", (item, reader)):
        return Added(item, "known")
    superseded = _supersede(store, item, arrival.moment) if state == STANDS else ()
    _columns(store, item, arrival.document)
    _write(store, arrival, item, state)
    return Added(item, "reread", superseded)


def _reader(store: Store, reader: str) -> int:
    found = store.connection.value("SELECT key FROM reader WHERE body = ?", (reader,))
    return int(found) if found else store.connection.run("INSERT INTO reader (body) VALUES (?)", (reader,))


def _new_text(store: Store, arrival: Arrival, document: int) -> Added:
    last = store.connection.row(_STANDING, (document,))
    if last is None:
        return Added(_item(store, arrival, document, STANDS), "new")
    previous, stamp = last
    if arrival.stamp < stamp:
        # An older text that comes late: kept as a version, but it has been superseded already.
        key = _item(store, arrival, document, SUPERSEDED)
        _number_versions(store, document)
        return Added(key, "changed")
    superseded = _supersede(store, previous, arrival.moment)
    store.connection.run("UPDATE item SET state = 0, superseded = ? WHERE key = ?", (arrival.moment, previous))
    key = _item(store, arrival, document, STANDS)
    _number_versions(store, document)
    return Added(key, "changed", superseded, previous)


def _number_versions(store: Store, document: int) -> None:
    keys = store.connection.rows("SELECT key FROM item WHERE document = ? ORDER BY stamp, key", (document,))
    store.connection.many("UPDATE item SET version = ? WHERE key = ?", [(at, key) for at, (key,) in enumerate(keys, 1)])


def _supersede(store: Store, item: int, at: str) -> tuple[int, ...]:
    """The standing records of an item are superseded, not changed; their keys."""
    keys = store.connection.rows("SELECT key FROM record WHERE item = ? AND state != 0", (item,))
    store.connection.run("UPDATE record SET state = 0 WHERE item = ? AND state != 0", (item,))
    store.connection.run("UPDATE reading SET superseded = ? WHERE item = ? AND superseded IS NULL", (at, item))
    store.forget_found()
    return tuple(key for (key,) in keys)


def _item(store: Store, arrival: Arrival, document: int, state: int) -> int:
    """A new item with its text and records."""
    text = arrival.document.text
    superseded = None if state == STANDS else arrival.moment
    values = (document, 1, arrival.document.text_id, arrival.stamp, arrival.moment, superseded, state, 0)
    key = store.connection.run(_NEW_ITEM, (*values, packing.pack_text(text)))
    store.connection.run("INSERT INTO texts (rowid, text) VALUES (?, ?)", (key, text))
    _columns(store, key, arrival.document)
    _write(store, arrival, key, state)
    return key


def _columns(store: Store, item: int, document: Document) -> None:
    """What items are filtered by, as the last reader has it."""
    outlet, language = store.labels.maybe(outlet_of(document)), store.labels.maybe(document.language)
    day = day_number(document.published) or 0
    store.connection.run(
        "UPDATE item SET outlet = ?, language = ?, day = ? WHERE key = ?", (outlet, language, day, item)
    )


def _write(store: Store, arrival: Arrival, item: int, state: int) -> None:
    """A reading with its records, problems and all they are found by."""
    reading = arrival.reading
    found = {"entities": packing.plain(reading.entities), "problems": packing.plain(reading.problems)}
    superseded = None if state == STANDS else arrival.moment
    particulars = {**packing.plain(arrival.document), "text": ""}
    reader = _reader(store, arrival.reader)
    values = (item, reader, arrival.moment, superseded, packing.pack(particulars), packing.pack(found))
    key = store.connection.run(_NEW_READING, values)
    problems = [(key, at, store.labels.key(problem.code)) for at, problem in enumerate(reading.problems)]
    store.connection.many("INSERT INTO problem VALUES (?, ?, ?)", problems)
    write_records(store, reading, arrival.document, Place(item, key, state))
    inherit(store, item)


_TOMBSTONE = (
    "SELECT item FROM tombstone WHERE text_id = ? UNION ALL SELECT item FROM tombstone WHERE document = ? LIMIT 1"
)
_KNOWN = """SELECT 1 FROM document d JOIN item i ON i.document = d.key JOIN reading g ON g.item = i.key
  JOIN reader r ON r.key = g.reader WHERE d.given = ? AND i.text_id = ? AND r.body = ?"""
_ITEM = "SELECT key, state FROM item WHERE document = ? AND text_id = ?"
_STANDING = "SELECT key, stamp FROM item WHERE document = ? AND state = 1"
_NEW_ITEM = """INSERT INTO item (document, version, text_id, stamp, recorded, superseded, state, day, text)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_NEW_READING = "INSERT INTO reading (item, reader, recorded, superseded, document, found) VALUES (?, ?, ?, ?, ?, ?)"
