"""A text is taken out where it must go; a tombstone stays and keeps it out.

In: a document's id, reason and author. Out: what was taken out. Must not know why texts have to go.
"""

from __future__ import annotations

from collections.abc import Sequence

from communique.errors import LedgerError
from communique.ledger import candidates, conclusions
from communique.ledger.indexing import index, now
from communique.ledger.rows import Cluster, Redaction, Stored
from communique.ledger.store import Store, marks, parts
from communique.ledger.writing import erase_index


def redact(store: Store, document: str, reason: str, author: str) -> Redaction:
    """Take out all versions of a document, with records and all that was derived from them."""
    if not (reason.strip() and author.strip()):
        raise LedgerError("A redaction needs a reason and the name of its author.")
    with store.transaction():
        key = store.connection.value("SELECT key FROM document WHERE id = ?", (document,))
        if key is None:
            raise LedgerError(f"There is no document '{document}'.")
        items = store.connection.rows("SELECT key, text_id FROM item WHERE document = ? ORDER BY key", (key,))
        same = store.connection.rows(_SAME_TEXT, (key, key))
        clusters: dict[tuple[str, str], Cluster] = {}
        records: list[int] = []
        for item, text_id in items:
            records += _item(store, item, clusters)
            store.connection.run(_TOMBSTONE, (document, text_id, item, reason, author, now()))
    _scrub(store)
    changed = tuple(clusters[one] for one in sorted(clusters))
    return Redaction(
        document, tuple(item for item, _text in items), tuple(records), changed, tuple(id for (id,) in same)
    )


def _item(store: Store, item: int, clusters: dict[tuple[str, str], Cluster]) -> list[int]:
    """Take out one item; returns the keys of its records and adds the clusters that lost a member, as they are now."""
    keys = [key for (key,) in store.connection.rows("SELECT key FROM record WHERE item = ?", (item,))]
    touched = [*_leave(store, "record", keys), *_leave(store, "item", [item])]
    for one in store.stored(keys):
        _record(store, one)
    _unlink(store, keys, conclusions.OF_ITEMS, other=True)
    _unlink(store, [item], conclusions.OF_ITEMS, other=False)
    text = store.connection.value("SELECT text FROM item WHERE key = ?", (item,))
    if text is not None:
        _text(store, item)
    for kind, id in touched:
        left = conclusions.members(store, kind, id)
        clusters[kind, id] = Cluster(kind, id, left)
    store.forget()
    return keys


def _leave(store: Store, what: str, keys: Sequence[int]) -> list[tuple[str, str]]:
    """Take keys out of their clusters; which those were."""
    found: list[tuple[str, str]] = []
    of_items = [store.labels.key(kind) for kind in conclusions.OF_ITEMS]
    negation = "NOT " if what == "record" else ""
    for part in parts(keys):
        sql = _CLUSTERS.format(marks(part), negation, marks(of_items))
        for kind, id in store.connection.rows(sql, (*part, *of_items)):
            found.append((store.labels.text(kind) or "", id))
    for kind, _id in sorted(set(found)):
        conclusions.put_clusters(store, kind, keys, [])
    return found


def _record(store: Store, one: Stored) -> None:
    """Take out a record with all it was found by."""
    entities = {entity.id: entity for entity in store.entities_read(one.key)}
    found = index(one.record, one.item.document, entities)
    erase_index(store, one.key, found, one.terms)
    store.connection.run("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (one.key, one.words))
    promises = store.connection.rows("SELECT DISTINCT promise FROM entry WHERE record = ?", (one.key,))
    for (promise,) in promises:
        store.connection.run("DELETE FROM entry WHERE promise = ? AND record = ?", (promise, one.key))
    series = store.connection.value(_SERIES, (one.key,))
    store.connection.run("DELETE FROM series WHERE record = ?", (one.key,))
    store.connection.run("DELETE FROM judged WHERE kind = 'record' AND key = ?", (one.key,))
    store.connection.run("DELETE FROM record WHERE key = ?", (one.key,))
    _forget_names(store, [*found.actors, *one.terms, *([series] if series else [])])


def _forget_names(store: Store, names: Sequence[str]) -> None:
    """Names that nothing else uses go as well: a person's name is part of what had to go."""
    for name in names:
        store.connection.run(_UNUSED, (name,))
    store.forget()


def _unlink(store: Store, keys: Sequence[int], kinds: Sequence[str], *, other: bool) -> None:
    """Forget the links of keys, of these kinds or of all others."""
    numbers = [store.labels.key(kind) for kind in kinds]
    known = [kind for (kind,) in store.connection.rows("SELECT DISTINCT kind FROM link")]
    for kind in known:
        if (kind in numbers) != other:
            for key in keys:
                conclusions.drop_links(store, store.labels.text(kind) or "", key)


def _text(store: Store, item: int) -> None:
    """Take out the text and what readers made of it, and the words people held on to."""
    found = store.item(item)
    assert found is not None
    values = (item, found.document.text)
    store.connection.run("INSERT INTO texts (texts, rowid, text) VALUES ('delete', ?, ?)", values)
    candidates.put_bands(store, item, ())
    store.connection.run("DELETE FROM problem WHERE reading IN (SELECT key FROM reading WHERE item = ?)", (item,))
    store.connection.run("DELETE FROM reading WHERE item = ?", (item,))
    store.connection.run(_SAID, (item,))
    store.connection.run(_HELD, (item,))
    store.connection.run(
        "UPDATE item SET text = NULL, state = 0, superseded = coalesce(superseded, ?) WHERE key = ?", (now(), item)
    )


def _scrub(store: Store) -> None:
    """Leave no trace in the file: the search index is written anew without what was taken out, and the log emptied.

    Freed pages are overwritten (secure_delete). Takes as long as writing the search index does.
    """
    for table in ("words", "texts"):
        store.connection.run(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    busy = store.connection.value("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise LedgerError(
            f"The text was taken out, but a reader keeps old pages of {store.connection.path} open; "
            "close it and redact once more to empty the log."
        )


_SAME_TEXT = """SELECT DISTINCT d.id FROM item i JOIN document d ON d.key = i.document
  WHERE i.document != ? AND i.text IS NOT NULL
  AND i.text_id IN (SELECT text_id FROM item WHERE document = ?) ORDER BY d.id"""
_TOMBSTONE = "INSERT OR IGNORE INTO tombstone (document, text_id, item, reason, author, time) VALUES (?, ?, ?, ?, ?, ?)"
_CLUSTERS = """SELECT DISTINCT c.kind, c.id FROM member m JOIN cluster c ON c.key = m.cluster
  WHERE m.key IN ({}) AND m.kind {}IN ({})"""
_SAID = """UPDATE judgement SET note = '', value = NULL WHERE key IN (
  SELECT judgement FROM hold WHERE document = (SELECT document FROM item WHERE key = ?))"""
_HELD = "UPDATE hold SET words = '', spans = '[]' WHERE document = (SELECT document FROM item WHERE key = ?)"
_SERIES = "SELECT n.text FROM series s JOIN name n ON n.key = s.series WHERE s.record = ?"
_UNUSED = """DELETE FROM name WHERE text = ? AND NOT EXISTS (SELECT 1 FROM actor WHERE actor.name = name.key)
  AND NOT EXISTS (SELECT 1 FROM about WHERE term = name.key)
  AND NOT EXISTS (SELECT 1 FROM series WHERE series = name.key)"""
