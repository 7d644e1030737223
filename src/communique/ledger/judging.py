"""What people say about records and links: kept for ever, held on to, and the last word counts.

In: judgements. Out: the same, and which pairs are the same or different. Must not know how machines conclude.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from communique.errors import LedgerError
from communique.ledger import correcting, packing
from communique.ledger.indexing import index, moment, now
from communique.ledger.rows import Judgement, Stored
from communique.ledger.store import END_OF_DAY, Store, marks, parts, unique
from communique.ledger.writing import STANDS, WRONG, columns, erase_index, write_index
from communique.records import Entity

ABOUT_ONE, ABOUT_TWO = ("right", "wrong", "unsure"), ("same", "different", "unsure")
DOCUMENT, RECORD = "document", "record"


@dataclass(frozen=True, slots=True)
class Hold:
    """What a judgement holds on to: kind and id, and in one document the words of evidence and where they stood."""

    document: int
    kind: str
    id: str
    words: str
    spans: str


def judge(store: Store, judgement: Judgement) -> Judgement:
    """Add a judgement; returns it as it was kept, with its moment and full ids."""
    _sensible(judgement)
    with store.transaction():
        sides = [_holds(store, id) for id in (judgement.record, judgement.other) if id]
        ids = [holds[0].id for holds in sides]
        time = moment(judgement.time) or now()
        kept = replace(judgement, record=ids[0], other=ids[1] if len(ids) > 1 else None, time=time)
        if len(sides) > 1 and sides[0][0].kind != sides[1][0].kind:
            raise LedgerError(
                f"Only two of a kind can be the same or different, not {sides[0][0].kind} and {sides[1][0].kind}."
            )
        if kept.field:
            _correctable(store, sides[0][0], kept)
        key = store.connection.run(_NEW, packing.values(kept))
        for side, holds in enumerate(sides):
            _hold(store, key, side, holds)
    return kept


def _sensible(judgement: Judgement) -> None:
    allowed = ABOUT_TWO if judgement.other else ABOUT_ONE
    if judgement.verdict not in allowed:
        about = "two records" if judgement.other else "one record"
        raise LedgerError(f"About {about} one can say {', '.join(allowed)}, not '{judgement.verdict}'.")
    if not judgement.author.strip():
        raise LedgerError("A judgement needs the name of its author.")
    if judgement.field and judgement.other:
        raise LedgerError("A field is corrected in one record, not in two.")


def _correctable(store: Store, hold: Hold, judgement: Judgement) -> None:
    if hold.kind == DOCUMENT:
        raise LedgerError("A document's fields are its publisher's; only those of records can be corrected.")
    body = store.connection.value("SELECT body FROM record WHERE id = ? ORDER BY key DESC LIMIT 1", (hold.id,))
    correcting.check(hold.kind, {"id": hold.id, **packing.unpack(body)}, judgement)


def _holds(store: Store, id: str) -> list[Hold]:
    """What a judgement about an id holds on to: the record in each document that has it, or the document of that id."""
    ids = [one for (one,) in store.connection.rows(_IDS, (id, id + "\U0010ffff"))]
    found = id if id in ids else ids[0] if len(ids) == 1 else None
    if found:
        return [_record_hold(store, key) for (key,) in store.connection.rows(_LAST_KEYS, (found,))]
    document = store.connection.value("SELECT key FROM document WHERE id = ?", (id,))
    if document is not None:
        return [Hold(document, DOCUMENT, id, "", "[]")]
    raise LedgerError(
        f"{len(ids)} records begin with '{id}'; give more of the id." if ids else f"There is no record '{id}'."
    )


def _record_hold(store: Store, key: int) -> Hold:
    (one,) = store.stored([key])
    document = store.connection.value("SELECT document FROM item WHERE key = ?", (one.item.key,))
    return Hold(document, one.kind, one.record.id, one.words, json.dumps(one.record.evidence))


def _hold(store: Store, judgement: int, side: int, holds: Iterable[Hold]) -> None:
    for hold in holds:
        store.connection.run(_HOLD, (judgement, side, *packing.values(hold)))
        if hold.kind == DOCUMENT:
            store.connection.run(_JUDGED_ITEMS, (judgement, side, hold.document))
            continue
        rows = store.connection.rows(_SAME_KIND, (hold.document, packing.NUMBERS[hold.kind]))
        matching = [key for key, id, one in _worded(store, rows) if id == hold.id or one == hold.words]
        _lay_over(store, {key: [(judgement, side)] for key in matching})


def _worded(store: Store, rows: Sequence[tuple[int, ...]]) -> list[tuple[int, str, str]]:
    """Key, id and words of evidence of records by their keys."""
    return [(one.key, one.record.id, one.words) for one in store.stored([key for (key,) in rows])]


def inherit(store: Store, item: int) -> None:
    """The records of an item that came in take over the judgements that hold on to their id, or kind and words."""
    document = store.connection.value("SELECT document FROM item WHERE key = ?", (item,))
    rows = store.connection.rows(_HOLDS, (document, item))
    if not rows:
        return
    records = store.stored([key for (key,) in store.connection.rows("SELECT key FROM record WHERE item = ?", (item,))])
    over: dict[int, list[tuple[int, int]]] = {}
    for judgement, side, where, kind, id, held in rows:
        if kind == DOCUMENT and where == document:
            store.connection.run(_JUDGED, (DOCUMENT, item, judgement, side))
        for one in records:
            same_words = where == document and bool(held) and held == one.words
            if one.kind == kind and (one.record.id == id or same_words):
                over.setdefault(one.key, []).append((judgement, side))
    _lay_over(store, over)


def _lay_over(store: Store, over: Mapping[int, Sequence[tuple[int, int]]]) -> None:
    """Judgements are laid over records, whose columns follow."""
    before = store.stored(list(over))
    for key, judgements in over.items():
        store.connection.many(_JUDGED, [(RECORD, key, judgement, side) for judgement, side in judgements])
    store.forget_found()
    for old, new in zip(before, store.stored(list(over)), strict=True):
        _follow(store, old, new)


def _follow(store: Store, old: Stored, new: Stored) -> None:
    """The columns and derived rows of a record follow what was said about it."""
    entities = {entity.id: entity for entity in store.entities_read(new.key)}
    if old.record != new.record:
        _index_again(store, old, new, entities)
    verdict = last_verdict(new.judged)
    state = store.connection.value("SELECT state FROM record WHERE key = ?", (new.key,))
    if state:
        state = WRONG if verdict == "wrong" else STANDS
    confidence = 1.0 if verdict == "right" else new.record.confidence
    store.connection.run("UPDATE record SET state = ?, confidence = ? WHERE key = ?", (state, confidence, new.key))


def _index_again(store: Store, old: Stored, new: Stored, entities: Mapping[str, Entity]) -> None:
    document = new.item.document
    erase_index(store, new.key, index(old.record, document, entities), new.terms)
    found = index(new.record, document, entities)
    write_index(store, new.key, found, new.terms)
    store.connection.run(_COLUMNS, (*columns(store, found), new.key))


def last_verdict(judged: Sequence[Judgement]) -> str | None:
    """What counts about a record as a whole; a correction of one field says nothing about the whole."""
    return next((one.verdict for one in judged if one.other is None and one.field is None), None)


def judgements(store: Store, record: str | None) -> list[Judgement]:
    """All judgements ever made, or those about a record or document, the oldest first."""
    condition, values = ("", ()) if record is None else ("WHERE record = ? OR other = ?", (record, record))
    return [Judgement(*row) for row in store.connection.rows(_ALL.format(condition), values)]


def orphans(store: Store) -> list[Judgement]:
    """Judgements about records of which none stands any more: for a person to look at, not lost."""
    return [Judgement(*row) for row in store.connection.rows(_ORPHANS)]


def verdicts(store: Store, kind: str, keys: Sequence[int], as_of: str | None = None) -> list[tuple[int, int, str]]:
    """What people said about pairs of which one side is among the keys: (lesser key, greater key, same | different).

    `kind`: record or document (then keys are items). The last word about a pair counts; unsure leaves it to machines.
    """
    cut = (as_of or "") + END_OF_DAY
    found: dict[tuple[int, int], tuple[str, int, str]] = {}
    for part in parts(unique(keys)):
        for one, other in ((0, 1), (1, 0)):
            values = (one, other, kind, cut, *part)
            for a, b, *said in store.connection.rows(_VERDICTS.format(marks(part)), values):
                pair = (min(a, b), max(a, b))
                found[pair] = max(found.get(pair, ("", 0, "")), (said[0], said[1], said[2]))
    return sorted((a, b, verdict) for (a, b), (_time, _key, verdict) in found.items() if verdict != "unsure" and a != b)


_FIELDS = "verdict, record, other, author, time, note, field, value"
_NEW = f"INSERT INTO judgement ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_IDS = "SELECT DISTINCT id FROM record WHERE id >= ? AND id < ? ORDER BY id LIMIT 20"
_LAST_KEYS = """SELECT max(r.key) FROM record r JOIN item i ON i.key = r.item WHERE r.id = ? GROUP BY i.document"""
_HOLD = "INSERT INTO hold (judgement, side, document, kind, id, words, spans) VALUES (?, ?, ?, ?, ?, ?, ?)"
_HOLDS = """SELECT judgement, side, document, kind, id, words FROM hold WHERE document = ?
  UNION SELECT judgement, side, document, kind, id, words FROM hold
  WHERE id IN (SELECT id FROM record WHERE item = ?)"""
_SAME_KIND = "SELECT r.key FROM item i JOIN record r ON r.item = i.key WHERE i.document = ? AND r.kind = ?"
_JUDGED = "INSERT OR IGNORE INTO judged (kind, key, judgement, side) VALUES (?, ?, ?, ?)"
_JUDGED_ITEMS = """INSERT OR IGNORE INTO judged (kind, key, judgement, side)
  SELECT 'document', key, ?, ? FROM item WHERE document = ?"""
_COLUMNS = "UPDATE record SET kind = ?, type = ?, modality = ?, quad = ?, weight = ?, day = ?, due = ? WHERE key = ?"
_ALL = f"SELECT {_FIELDS} FROM judgement {{}} ORDER BY time, key"
_ORPHANS = f"""SELECT {_FIELDS} FROM judgement j WHERE NOT EXISTS (
    SELECT 1 FROM judged d JOIN record r ON r.key = d.key
    WHERE d.judgement = j.key AND d.kind = 'record' AND r.state != 0)
  AND NOT EXISTS (SELECT 1 FROM judged d WHERE d.judgement = j.key AND d.kind = 'document') ORDER BY time, key"""
_VERDICTS = """SELECT x.key, y.key, j.time, j.key, j.verdict FROM judged x
  JOIN judged y ON y.judgement = x.judgement AND y.kind = x.kind
  JOIN judgement j ON j.key = x.judgement
  WHERE x.side = ? AND y.side = ? AND x.kind = ? AND j.time < ? AND x.key IN ({})"""
