"""The open file with what is read from it again and again: names, items, records.

In: keys. Out: `Item` and `Stored`, with people's corrections applied. Must not know how keys are found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from communique.ledger import packing
from communique.ledger.connection import Connection, Row
from communique.ledger.correcting import corrected
from communique.ledger.indexing import words
from communique.ledger.interning import Interned, Kept
from communique.ledger.rows import Item, Judgement, Stored
from communique.records import Document, Entity, Problem

ITEMS_KEPT, RECORDS_KEPT = 2_000, 20_000
AT_ONCE = 500
"""How many keys one query asks for."""
END_OF_DAY = "~"
"""Sorts behind every hour of a day."""


class Store:
    """One open ledger file and what is kept of it in memory."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.names = Interned(connection, "name")
        self.labels = Interned(connection, "label")
        self._items: Kept[Item] = Kept(ITEMS_KEPT)
        self._records: Kept[Stored] = Kept(RECORDS_KEPT)
        self._seen = 0

    def forget(self) -> None:
        """Forget what is kept in memory; the file may say otherwise now."""
        self.names.forget()
        self.labels.forget()
        self.forget_found()

    def forget_found(self) -> None:
        """Forget items and records alone, after some of them changed."""
        self._items.clear()
        self._records.clear()

    @property
    def state(self) -> int:
        """Another number after another connection has written."""
        return int(self.connection.value("PRAGMA data_version"))

    def fresh(self) -> None:
        """Forget what is kept where another process has written meanwhile."""
        seen = self.state
        if seen != self._seen:
            self.forget()
            self._seen = seen

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also of what is kept in memory."""
        with self.connection.transaction():
            self.fresh()
            try:
                yield
            except BaseException:
                self.forget()
                raise

    # Items

    def item(self, key: int) -> Item | None:
        """The item of a key, as its last reader saw it."""
        reading = self.connection.value(_LAST_READING, (key,))
        return self.item_read(reading) if reading is not None else self._tomb(key)

    def item_read(self, reading: int) -> Item:
        """The item as one reading saw it."""
        kept = self._items.get(reading)
        if kept is not None:
            return kept
        found = self.connection.row(_ITEM, (reading,))
        assert found is not None
        return self._items.put(reading, _item(found))

    def _tomb(self, key: int) -> Item | None:
        """What is left of an item that was taken out."""
        found = self.connection.row(_TOMB, (key,))
        if found is None:
            return None
        document, text_id, version, day, outlet, recorded, superseded = found
        left = Document(
            "", id=document, text_id=text_id, version=version, published=day, publisher=self.labels.text(outlet)
        )
        return Item(key, left, recorded, superseded)

    def found(self, item: int) -> tuple[tuple[Entity, ...], tuple[Problem, ...]]:
        """The entities and problems of an item's last reading."""
        blob = self.connection.value(_FOUND, (item,))
        content = packing.unpack(blob) if blob else {"entities": [], "problems": []}
        entities = tuple(packing.build(Entity, one) for one in content["entities"])
        return entities, tuple(packing.build(Problem, one) for one in content["problems"])

    def entities_read(self, record: int) -> tuple[Entity, ...]:
        """The entities of the reading that a record belongs to."""
        blob = self.connection.value(_FOUND_BY, (record,))
        return tuple(packing.build(Entity, one) for one in packing.unpack(blob)["entities"])

    # Records

    def stored(self, keys: Sequence[int], as_of: str | None = None) -> list[Stored]:
        """The records of keys, in their order; keys that are not there are left out.

        `as_of`: with the judgements of that day; what is kept in memory is as of now.
        """
        with self.connection.snapshot():
            return self._stored(keys, as_of)

    def _stored(self, keys: Sequence[int], as_of: str | None) -> list[Stored]:
        self.fresh()
        wanted = [key for key in dict.fromkeys(keys) if as_of or self._records.get(key) is None]
        loaded = {key: one for part in parts(wanted) for key, one in self._load(part, as_of)}
        found = [loaded.get(key) or (None if as_of else self._records.get(key)) for key in keys]
        # Only now: a record of this question must not push out another of the same.
        for key, one in loaded.items():
            if as_of is None:
                self._records.put(key, one)
        return [one for one in found if one is not None]

    def _load(self, keys: Sequence[int], as_of: str | None) -> Iterator[tuple[int, Stored]]:
        judged = self.judged("record", keys, as_of)
        for row in self.connection.rows(_RECORDS.format(marks(keys)), keys):
            yield row[0], self._made(row, judged.get(row[0], ()))

    def _made(self, row: Row, judged: tuple[Judgement, ...]) -> Stored:
        key, id, kind, reading, blob = row
        item = self.item_read(reading)
        content = packing.unpack(blob)
        terms = frozenset(content.pop("terms", ()))
        evidence = content["evidence"]
        record = packing.build(packing.KINDS[packing.NAMES[kind]], corrected({"id": id, **content}, judged))
        return Stored(key, packing.NAMES[kind], record, item, words(item.document.text, evidence), terms, judged)

    def judged(self, kind: str, keys: Sequence[int], as_of: str | None = None) -> Mapping[int, tuple[Judgement, ...]]:
        """What people said about the records of some keys, the last word first."""
        found: dict[int, list[Judgement]] = {}
        until = as_of + END_OF_DAY if as_of else END_OF_DAY
        for key, *judgement in self.connection.rows(_JUDGED.format(marks(keys)), (kind, until, *keys)):
            found.setdefault(key, []).append(Judgement(*judgement))
        return {key: tuple(some) for key, some in found.items()}


_LAST_READING = "SELECT key FROM reading WHERE item = ? ORDER BY superseded IS NOT NULL, key DESC LIMIT 1"
_ITEM = """SELECT i.key, d.id, i.text_id, i.version, i.recorded, i.superseded, i.text, r.document FROM reading r
  JOIN item i ON i.key = r.item JOIN document d ON d.key = i.document WHERE r.key = ?"""
_TOMB = """SELECT d.id, i.text_id, i.version, NULL, i.outlet, i.recorded, i.superseded FROM item i
  JOIN document d ON d.key = i.document WHERE i.key = ?"""
_FOUND = "SELECT found FROM reading WHERE item = ? ORDER BY superseded IS NOT NULL, key DESC LIMIT 1"
_FOUND_BY = "SELECT g.found FROM record r JOIN reading g ON g.key = r.reading WHERE r.key = ?"
_RECORDS = "SELECT key, id, kind, reading, body FROM record WHERE key IN ({})"
_JUDGED = """SELECT d.key, j.verdict, j.record, j.other, j.author, j.time, j.note, j.field, j.value FROM judged d
  JOIN judgement j ON j.key = d.judgement WHERE d.kind = ? AND j.time < ? AND d.key IN ({})
  ORDER BY j.time DESC, j.key DESC"""


def _item(row: Row) -> Item:
    key, id, text_id, version, recorded, superseded, text, blob = row
    document = packing.build(Document, {**packing.unpack(blob), "text": packing.unpack_text(text)})
    return Item(key, replace(document, id=id, text_id=text_id, version=version), recorded, superseded)


def marks(values: Sequence[Any]) -> str:
    """As many question marks as there are values.

    >>> marks([5, 6])
    '?, ?'
    """
    return ", ".join("?" * len(values))


def parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Keys in parts that one query can ask for."""
    return (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))


def canonical(reader: Mapping[str, str]) -> str:
    """A reader's particulars as one text, equal for equal readers."""
    return json.dumps(dict(sorted(reader.items())), ensure_ascii=False)


def unique(keys: Iterable[int]) -> list[int]:
    """Keys without repetition, in their order."""
    return list(dict.fromkeys(keys))
