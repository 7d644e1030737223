"""What was concluded, kept so that it need not be worked out again: links, clusters, entries of promises, series.

In: conclusions with keys. Out: the same, those whose records stand. Must not know how a conclusion is reached.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from communique.ledger import selecting
from communique.ledger.connection import Row
from communique.ledger.indexing import day_number, iso_day
from communique.ledger.rows import Cluster, Entry, Filter, Link
from communique.ledger.store import END_OF_DAY, Store, marks, parts, unique

OF_ITEMS = ("copy", "translation")
"""Kinds of links and clusters whose keys are items."""


def put_links(store: Store, links: Iterable[Link]) -> None:
    """Keep links; one that is there already is replaced."""
    rows = [(store.labels.key(link.kind), link.a, link.b, link.score, link.reason) for link in links]
    store.connection.many("INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?)", rows)


def drop_links(store: Store, kind: str, key: int | None) -> None:
    """Forget the links of one kind, those of one key or all."""
    number = store.labels.key(kind)
    if key is None:
        store.connection.run("DELETE FROM link WHERE kind = ?", (number,))
        return
    store.connection.run("DELETE FROM link WHERE kind = ? AND a = ?", (number, key))
    store.connection.run("DELETE FROM link WHERE kind = ? AND b = ?", (number, key))


def links(store: Store, kind: str, keys: Sequence[int] | None, as_of: str | None = None) -> list[Link]:
    """Links of one kind with a side among the keys (or all), where both sides stand, now or on a day."""
    number = store.labels.known(kind)
    if number is None:
        return []
    if keys is None:
        rows = store.connection.rows(f"SELECT {_LINK} FROM link WHERE kind = ?", (number,))
    else:
        sides = [(part, side) for part in parts(unique(keys)) for side in ("a", "b")]
        rows = [row for part, side in sides for row in store.connection.rows(_links(part, side), (number, *part))]
    stand = standing(store, kind, [key for row in rows for key in row[:2]], as_of)
    kept = sorted({row for row in rows if row[0] in stand and row[1] in stand})
    return [Link(kind, *row) for row in kept]


def _links(keys: Sequence[int], side: str) -> str:
    return f"SELECT {_LINK} FROM link WHERE kind = ? AND {side} IN ({marks(keys)})"


def standing(store: Store, kind: str, keys: Sequence[int], as_of: str | None = None) -> set[int]:
    """Those of some keys that stand, now or at the end of a day; of items for copies, else of records."""
    table = "item t" if kind in OF_ITEMS else "record t JOIN reading g ON g.key = t.reading"
    condition, cut = "t.state = 1", tuple[str, ...]()
    if as_of is not None:
        times = "t" if kind in OF_ITEMS else "g"
        condition = f"{times}.recorded < ? AND ({times}.superseded IS NULL OR {times}.superseded > ?)"
        cut = (as_of + END_OF_DAY,) * 2
    found: set[int] = set()
    for part in parts(unique(keys)):
        sql = f"SELECT t.key FROM {table} WHERE t.key IN ({marks(part)}) AND {condition}"
        found.update(key for (key,) in store.connection.rows(sql, (*part, *cut)))
    return found


def component(store: Store, kind: str, keys: Sequence[int], as_of: str | None = None) -> tuple[list[int], list[Link]]:
    """All keys that can be reached from some keys over links, those keys among them, and the links between them."""
    reached = set(keys)
    found: set[Link] = set()
    border = unique(keys)
    while border:
        new = links(store, kind, border, as_of)
        found.update(new)
        border = sorted({key for link in new for key in (link.a, link.b)} - reached)
        reached.update(border)
    return sorted(reached), sorted(found, key=lambda link: (link.a, link.b))


# Clusters


def put_clusters(
    store: Store, kind: str, dropped: Iterable[int], clusters: Iterable[tuple[str, tuple[int, ...]]]
) -> None:
    """Take some keys out of their clusters, and put these clusters in place of what their keys were in."""
    made = list(clusters)
    number = store.labels.key(kind)
    keys = unique([*dropped, *(key for _id, members in made for key in members)])
    touched: set[int] = set()
    for part in parts(keys):
        touched.update(key for (key,) in store.connection.rows(_IN_CLUSTERS.format(marks(part)), (number, *part)))
        store.connection.run(f"DELETE FROM member WHERE kind = ? AND key IN ({marks(part)})", (number, *part))
    for id, members in made:
        cluster = _cluster(store, number, id)
        touched.add(cluster)
        store.connection.many("INSERT INTO member VALUES (?, ?, ?)", [(number, key, cluster) for key in members])
    for cluster in sorted(touched):
        _sized(store, kind, cluster)


def _cluster(store: Store, kind: int, id: str) -> int:
    found = store.connection.value("SELECT key FROM cluster WHERE kind = ? AND id = ?", (kind, id))
    return int(found) if found else store.connection.run(_NEW_CLUSTER, (kind, id))


def _sized(store: Store, kind: str, cluster: int) -> None:
    """Write down how many members a cluster has and its first day; one without members is no more."""
    table = "item" if kind in OF_ITEMS else "record"
    size, day = store.connection.row(_SIZE.format(table), (cluster,)) or (0, 0)
    if size:
        store.connection.run("UPDATE cluster SET size = ?, day = ? WHERE key = ?", (size, day or 0, cluster))
    else:
        store.connection.run("DELETE FROM cluster WHERE key = ?", (cluster,))


def cluster_of(store: Store, kind: str, key: int) -> str | None:
    """The id of the cluster a key is in."""
    found: str | None = store.connection.value(_CLUSTER_OF, (store.labels.known(kind), key))
    return found


def clusters_of(store: Store, kind: str, keys: Sequence[int]) -> dict[int, str]:
    """The ids of the clusters that keys are in, without those in none."""
    number = store.labels.known(kind)
    found: dict[int, str] = {}
    for part in parts(unique(keys)):
        found.update(store.connection.rows(_CLUSTERS_OF.format(marks(part)), (number, *part)))
    return found


def members(store: Store, kind: str, id: str) -> tuple[int, ...]:
    """The keys in a cluster."""
    rows = store.connection.rows(_MEMBERS, (store.labels.known(kind), id))
    return tuple(key for (key,) in rows)


def resolved(store: Store, kind: str, prefix: str) -> list[str]:
    """The ids of clusters that begin with these letters."""
    values = (store.labels.known(kind), prefix, prefix + "\U0010ffff")
    return [
        id
        for (id,) in store.connection.rows(
            "SELECT id FROM cluster WHERE kind = ? AND id >= ? AND id < ? ORDER BY id", values
        )
    ]


def clusters(store: Store, kind: str, wanted: Filter | None, min_size: int, order: str) -> Iterator[Cluster]:
    """Clusters of at least so many members, by first day or the largest first; those with a record of a filter."""
    number = store.labels.known(kind)
    if number is None:
        return
    limit = wanted.limit if wanted else None
    rows: Iterator[Row]
    if wanted and _narrow(wanted) and order == "day":
        rows = islice(_met(store, number, wanted, min_size), limit)
    else:
        rows = iter(_sorted(store, number, wanted, min_size, order))
    for key, id, day in rows:
        found = store.connection.rows("SELECT key FROM member WHERE cluster = ? ORDER BY key", (key,))
        yield Cluster(kind, id, tuple(one for (one,) in found), iso_day(day))


def _met(store: Store, kind: int, wanted: Filter, min_size: int) -> Iterator[Row]:
    """Clusters in the order in which their records are met, going through a filter's records by day."""
    seen: set[int] = set()
    for keys in selecting.pages(store, wanted):
        rows = store.connection.rows(_MET.format(marks(keys)), (kind, min_size, *keys))
        place = {key: at for at, key in enumerate(keys)}
        for _key, *cluster in sorted(rows, key=lambda row: place[row[0]]):
            if cluster[0] not in seen:
                seen.add(cluster[0])
                yield tuple(cluster)


def _sorted(store: Store, kind: int, wanted: Filter | None, min_size: int, order: str) -> list[Row]:
    """Clusters by their first day or size, all of them or those with a record of a filter."""
    sql = "SELECT c.key, c.id, c.day FROM cluster c WHERE c.kind = ? AND c.size >= ?"
    values: list[object] = [kind, min_size]
    if wanted and _narrow(wanted):
        query = selecting.records(store, wanted)
        if query is None:
            return []
        inner = query.sql(query.key, None)
        sql += f" AND c.key IN (SELECT m.cluster FROM member m WHERE m.kind = ? AND m.key IN ({inner}))"
        values += [kind, *query.values]
    bound = f" LIMIT {int(wanted.limit)}" if wanted and wanted.limit is not None else ""
    sorting = "c.size DESC, c.key" if order == "size" else "c.day, c.key"
    return store.connection.rows(f"{sql} ORDER BY {sorting}{bound}", values)


def _narrow(wanted: Filter) -> bool:
    """Whether a filter asks for anything but kinds and a number of answers."""
    return wanted != Filter(kinds=wanted.kinds, limit=wanted.limit, min_confidence=wanted.min_confidence)


# Entries and series


def put_entries(store: Store, promise: str, entries: Iterable[Entry]) -> None:
    """The entries of a promise, in place of those it had."""
    store.connection.run("DELETE FROM entry WHERE promise = ?", (promise,))
    rows = [
        (promise, at, one.record, one.item, day_number(one.day) or 0, store.labels.key(one.entry), _entry_body(one))
        for at, one in enumerate(entries)
    ]
    store.connection.many("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _entry_body(entry: Entry) -> str:
    return json.dumps([entry.day, entry.rule, entry.evidence], ensure_ascii=False, separators=(",", ":"))


def entries(store: Store, promise: str) -> list[Entry]:
    """The entries of a promise, in their order."""
    rows = store.connection.rows(
        "SELECT record, item, entry, body FROM entry WHERE promise = ? ORDER BY ordinal", (promise,)
    )
    return [_entry(store, *row) for row in rows]


def _entry(store: Store, record: int, item: int, entry: int, body: str) -> Entry:
    day, rule, evidence = json.loads(body)
    return Entry(
        record, item, day, store.labels.text(entry) or "", rule, tuple((start, end) for start, end in evidence)
    )


def promises_touched(store: Store, records: Sequence[int]) -> list[str]:
    """The promises in whose entries some records stand."""
    found: set[str] = set()
    for part in parts(unique(records)):
        sql = f"SELECT DISTINCT promise FROM entry WHERE record IN ({marks(part)})"
        found.update(promise for (promise,) in store.connection.rows(sql, part))
    return sorted(found)


def promises(store: Store, wanted: Filter, due_since: str | None, due_until: str | None) -> list[str]:
    """Ids of the promises that hold a commitment of a filter, by its day; with a deadline in a period."""
    query = selecting.records(store, replace(wanted, kinds=("commitment",), limit=None))
    if query is None:
        return []
    selecting.due(query, due_since, due_until)
    selecting.page(query, wanted.after)
    inner = query.sql(f"{query.key} AS key, {query.day} AS day", None)
    bound = f" LIMIT {int(wanted.limit)}" if wanted.limit is not None else ""
    rows = store.connection.rows(_PROMISES.format(inner) + bound, (*query.values, store.labels.known("promise")))
    return [id for (id,) in rows]


def set_series(store: Store, record: int, series: str | None) -> None:
    """Which series a figure belongs to; null takes it out."""
    store.connection.run("DELETE FROM series WHERE record = ?", (record,))
    if series is not None:
        store.connection.run("INSERT INTO series VALUES (?, ?)", (store.names.key(series), record))


def series(store: Store, name: str, as_of: str | None = None) -> list[int]:
    """The records of a series that stand, now or at the end of a day."""
    rows = store.connection.rows(
        "SELECT record FROM series WHERE series = ? ORDER BY record", (store.names.known(name),)
    )
    keys = [key for (key,) in rows]
    stand = standing(store, "figure", keys, as_of)
    return [key for key in keys if key in stand]


_LINK = "a, b, score, reason"
_IN_CLUSTERS = "SELECT DISTINCT cluster FROM member WHERE kind = ? AND key IN ({})"
_NEW_CLUSTER = "INSERT INTO cluster (kind, id, size, day) VALUES (?, ?, 0, 0)"
_SIZE = "SELECT count(*), min(nullif(t.day, 0)) FROM member m JOIN {} t ON t.key = m.key WHERE m.cluster = ?"
_CLUSTER_OF = "SELECT c.id FROM member m JOIN cluster c ON c.key = m.cluster WHERE m.kind = ? AND m.key = ?"
_CLUSTERS_OF = "SELECT m.key, c.id FROM member m JOIN cluster c ON c.key = m.cluster WHERE m.kind = ? AND m.key IN ({})"
_MEMBERS = (
    """SELECT m.key FROM cluster c JOIN member m ON m.cluster = c.key WHERE c.kind = ? AND c.id = ? ORDER BY m.key"""
)
_PROMISES = """SELECT c.id FROM ({}) q JOIN member m ON m.kind = ? AND m.key = q.key JOIN cluster c ON c.key = m.cluster
  GROUP BY c.key ORDER BY min(q.day), min(q.key)"""
_MET = """SELECT m.key, c.key, c.id, c.day FROM member m JOIN cluster c ON c.key = m.cluster
  WHERE m.kind = ? AND c.size >= ? AND m.key IN ({})"""
