"""The ledger as a whole and in sums: versions and their differences, counts, coverage, balances.

In: ids and filters. Out: items, numbers. Must not know what conclusions mean.
"""

from __future__ import annotations

import json
from difflib import unified_diff

from communique.errors import LedgerError
from communique.ledger import selecting
from communique.ledger.indexing import day_number, iso_day
from communique.ledger.packing import NAMES
from communique.ledger.rows import Filter, Item, Stored, Tally
from communique.ledger.store import Store

PERIODS = {"day": 1, "month": 100, "year": 10_000}
"""By what a day's number is divided to give its period."""


def versions(store: Store, document: str) -> list[Item]:
    """All texts of a document, the oldest first."""
    store.fresh()
    rows = store.connection.rows(_VERSIONS, (document,))
    return [item for (key,) in rows if (item := store.item(key)) is not None]


def difference(store: Store, document: str, older: int | None, newer: int | None) -> str:
    """A unified diff between two versions; empty where there is only one."""
    found = {item.document.version: item for item in versions(store, document)}
    if not found:
        raise LedgerError(f"There is no document '{document}'.")
    newer = newer or max(found)
    older = older or max((number for number in found if number < newer), default=newer)
    for number in (older, newer):
        if number not in found:
            raise LedgerError(f"The document '{document}' has no version {number}.")
    before, after = (found[number].document.text.splitlines() for number in (older, newer))
    old, new = (f"{document} version {number}" for number in (older, newer))
    return "\n".join(unified_diff(before, after, old, new, lineterm=""))


def cursor(store: Store, last: Stored | Item) -> str:
    """Where a page ends."""
    table = "record" if isinstance(last, Stored) else "item"
    day = store.connection.value(f"SELECT day FROM {table} WHERE key = ?", (last.key,))
    return f"{day}.{last.key}"


def of_item(store: Store, item: int, standing: bool) -> list[int]:
    """The keys of an item's records."""
    condition = " AND state != 0" if standing else ""
    return [
        key
        for (key,) in store.connection.rows(f"SELECT key FROM record WHERE item = ?{condition} ORDER BY key", (item,))
    ]


def find(store: Store, id: str) -> list[int]:
    """The keys of records whose id begins so."""
    rows = store.connection.rows(
        "SELECT key FROM record WHERE id >= ? AND id < ? ORDER BY key", (id, id + "\U0010ffff")
    )
    return [key for (key,) in rows]


def counts(store: Store) -> dict[str, int]:
    """How many rows of each kind there are; of records those that stand."""
    found = {table: size(store, table) for table in _COUNTED}
    found |= {f"{name}s": 0 for name in NAMES}
    for kind, number in store.connection.rows("SELECT kind, count(*) FROM record WHERE state = 1 GROUP BY kind"):
        found[f"{NAMES[kind]}s"] = number
    return found


def size(store: Store, table: str) -> int:
    """How many rows a table has, those that no longer stand as well."""
    if table not in _COUNTED:
        raise LedgerError(f"Of tables {', '.join(_COUNTED)} are counted, not '{table}'.")
    return int(store.connection.value(f"SELECT count(*) FROM {table}"))


def last_day(store: Store, until: str) -> str | None:
    """The last day, up to one, that items were published on."""
    return iso_day(store.connection.value(_LAST_DAY, (day_number(until) or 0,)))


def readers(store: Store) -> list[dict[str, str]]:
    """What every reader that ever read into the ledger said of itself, the first one first."""
    return [json.loads(body) for (body,) in store.connection.rows("SELECT body FROM reader ORDER BY key", ())]


def coverage(store: Store, since: str | None, until: str | None) -> list[tuple[str | None, str | None, int]]:
    """Standing items per outlet and day."""
    low, high = day_number(since) or 0, day_number(until) or 99_991_231
    rows = store.connection.rows(_COVERAGE, (low, high))
    return [(store.labels.text(outlet), iso_day(day), number) for outlet, day, number in rows]


def balance(store: Store, wanted: Filter, by: str) -> list[Tally]:
    """Sums of events by period and quad."""
    if by not in PERIODS:
        raise LedgerError(f"A balance is by {', '.join(PERIODS)}, not '{by}'.")
    query = selecting.records(store, wanted)
    if query is None:
        return []
    query.where("r.quad IS NOT NULL")
    inner = query.sql(
        f"{query.key} AS key, {query.day} / {PERIODS[by]} AS period, r.quad AS quad, r.weight AS weight", None
    )
    rows = store.connection.rows(_BALANCE.format(inner), (*query.values, store.labels.known("story")))
    return [_tally(store, by, *row) for row in rows]


def _tally(store: Store, by: str, period: int, quad: int, records: int, stories: int, goldstein: float) -> Tally:
    first = (iso_day(period * PERIODS[by]) or "")[: {"day": 10, "month": 7, "year": 4}[by]] if period else None
    return Tally(first, store.labels.text(quad), records, stories, round(goldstein or 0.0, 6))


_VERSIONS = """SELECT i.key FROM document d JOIN item i ON i.document = d.key WHERE d.id = ? ORDER BY i.version"""
_COUNTED = ("document", "item", "reading", "record", "link", "cluster", "judgement", "tombstone")
_COVERAGE = """SELECT outlet, day, count(*) FROM item WHERE state = 1 AND day BETWEEN ? AND ?
  GROUP BY outlet, day ORDER BY outlet, day"""
_LAST_DAY = "SELECT day FROM item WHERE day BETWEEN 1 AND ? AND state = 1 ORDER BY day DESC LIMIT 1"
_BALANCE = """SELECT period, quad, sum(records), count(*), sum(goldstein) FROM (
    SELECT period, quad, coalesce(m.cluster, -q.key) AS story, count(*) AS records, avg(weight) AS goldstein
    FROM ({}) q LEFT JOIN member m ON m.kind = ? AND m.key = q.key GROUP BY period, quad, story)
  GROUP BY period, quad ORDER BY period, quad"""
