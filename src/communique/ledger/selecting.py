"""Which records and items a filter asks for, by the index that finds them fastest.

In: a filter. Out: keys, in the order of their day. Must not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from communique.errors import LedgerError
from communique.ledger.indexing import day_number, name_form
from communique.ledger.packing import NAMES, NUMBERS
from communique.ledger.rows import KINDS, Filter
from communique.ledger.store import END_OF_DAY, Store, marks

ENOUGH = 20_000
"""Rows counted to see which of several actors is the rarer."""


PAGE = 500
"""Keys that are looked at together where many more may be found than are wanted."""


@dataclass(slots=True)
class Query:
    """A query being put together: where its rows come from, the columns of its order, conditions with values."""

    source: str
    day: str = "r.day"
    key: str = "r.key"
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def where(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values.extend(values)

    def among(self, column: str, values: Sequence[Any]) -> None:
        """Add the condition that a column has one of some values."""
        self.where(f"{column} IN ({marks(values)})", *values)

    def sql(self, columns: str, limit: int | None) -> str:
        """The query's text, ordered by day and key."""
        where = " AND ".join(self.conditions) or "1"
        bound = f" LIMIT {int(limit)}" if limit is not None else ""
        return f"SELECT {columns} FROM {self.source} WHERE {where} ORDER BY {self.day}, {self.key}{bound}"


def keys(store: Store, wanted: Filter) -> list[int]:
    """The keys of the records that a filter asks for, by day and key."""
    query = records(store, wanted)
    if query is None:
        return []
    page(query, wanted.after)
    return [key for (key,) in store.connection.rows(query.sql(query.key, wanted.limit), query.values)]


def pages(store: Store, wanted: Filter) -> Iterator[list[int]]:
    """All keys that a filter asks for, in pages, by day and key; its limit is left aside."""
    query = records(store, wanted)
    after = wanted.after
    while query is not None:
        page(query, after)
        rows = store.connection.rows(query.sql(f"{query.key}, {query.day}", PAGE), query.values)
        yield [key for key, _day in rows]
        after = f"{rows[-1][1]}.{rows[-1][0]}" if len(rows) == PAGE else None
        query = records(store, wanted) if after else None


def records(store: Store, wanted: Filter) -> Query | None:
    """The query for a filter without paging; null where it names something the ledger never met."""
    query = _source(store, wanted)
    if query is None or not _names(store, query, wanted):
        return None
    _kinds(query, wanted.kinds)
    period(query, wanted.since, wanted.until)
    query.where("r.confidence >= ?", wanted.min_confidence)
    _standing(query, wanted.as_of)
    if wanted.text:
        table, column = ("texts", "r.item") if wanted.whole_text else ("words", "r.key")
        query.where(f"{column} IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", match(wanted.text))
    return query


_BY_DAY = "record r INDEXED BY record_day"


def _source(store: Store, wanted: Filter) -> Query | None:
    """From the pairs, the rarest actor, the one type, or all records by day."""
    actors = [_actor(store, name) for name in wanted.actors]
    if None in actors:
        return None
    if wanted.pair:
        query = _pair(store, wanted.pair, wanted.direction)
        return query and _with(query, [actor for actor in actors if actor])
    if actors:
        first, *others = sorted(actors, key=lambda actor: _count(store, actor or 0))
        query = Query("actor x JOIN record r ON r.key = x.record", "x.day", "x.record", ["x.name = ?"], [first])
        return _with(query, [actor for actor in others if actor])
    if wanted.text:
        return Query("record r")
    return Query("record r INDEXED BY record_type" if len(wanted.types) == 1 else _BY_DAY)


def _actor(store: Store, name: str) -> int | None:
    found = store.names.known(name)
    return found if found is not None else store.names.known(name_form(name))


def _count(store: Store, actor: int) -> int:
    return int(store.connection.value(_COUNTED, (actor,)))


def _with(query: Query, others: Iterable[int]) -> Query:
    for other in others:
        query.where(
            f"EXISTS (SELECT 1 FROM actor o WHERE o.name = ? AND o.day = {query.day} AND o.record = {query.key})", other
        )
    return query


def _pair(store: Store, pair: tuple[str, str], direction: str) -> Query | None:
    """Two codes by the table of pairs, names by who acts and who is acted upon."""
    if direction not in ("both", "forward"):
        raise LedgerError(f"A direction is 'both' or 'forward', not '{direction}'.")
    one, other = (_actor(store, name) for name in pair)
    if one is None or other is None:
        return None
    if not (_is_code(store, one) and _is_code(store, other)):
        return _pair_of_names(store, one, other, direction)
    query = Query("pair x JOIN record r ON r.key = x.record", "x.day", "x.record")
    query.where("x.a = ? AND x.b = ?", min(one, other), max(one, other))
    way = 1 if one < other else 2
    query.where("x.way != 0" if direction == "both" else f"x.way & {way}")
    return query


def _is_code(store: Store, actor: int) -> bool:
    """Codes have capitals; names are kept without (`name_form`)."""
    text = store.names.text(actor) or ""
    return text != name_form(text)


def _pair_of_names(store: Store, one: int, other: int, direction: str) -> Query:
    """Two actors of which one is known by name: from the rarer of them."""
    ways = "x.way & 1 AND o.way & 2"
    if _count(store, other) < _count(store, one):
        one, other, ways = other, one, "x.way & 2 AND o.way & 1"
    if direction == "both":
        ways = "x.way & 1 AND o.way & 2 OR x.way & 2 AND o.way & 1"
    query = Query("actor x JOIN record r ON r.key = x.record", "x.day", "x.record", ["x.name = ?"], [one])
    condition = f"o.name = ? AND o.day = x.day AND o.record = x.record AND ({ways})"
    query.where(f"EXISTS (SELECT 1 FROM actor o WHERE {condition})", other)
    return query


def _names(store: Store, query: Query, wanted: Filter) -> bool:
    """Conditions on interned names; false where none of the names asked for is known."""
    prefix = "x" if " x " in query.source else "r"
    asked = (
        (f"{prefix}.type", wanted.types),
        ("r.modality", wanted.modality),
        ("r.outlet", wanted.outlets),
        ("r.language", [wanted.language] if wanted.language else []),
    )
    for column, names in asked:
        known = [key for name in names if (key := store.labels.known(name)) is not None]
        if names and not known:
            return False
        if names:
            query.among(column, known)
    return True


def _kinds(query: Query, kinds: Sequence[str]) -> None:
    unknown = [kind for kind in kinds if kind not in NUMBERS]
    if unknown:
        raise LedgerError(f"There are no records of kind '{unknown[0]}', but {', '.join(KINDS)}.")
    if kinds and set(kinds) != set(NAMES):
        prefix = "x" if " x " in query.source else "r"
        query.among(f"{prefix}.kind", [NUMBERS[kind] for kind in kinds])


def period(query: Query, since: str | None, until: str | None) -> None:
    """Conditions on the day; an unknown day lies in no period."""
    if since:
        query.where(f"{query.day} >= ?", _day(since))
    elif until:
        query.where(f"{query.day} > 0")
    if until:
        query.where(f"{query.day} <= ?", _last_day(until))


def due(query: Query, since: str | None, until: str | None) -> None:
    """Conditions on the deadline, by its index where nobody is named; without one a commitment is due in no period."""
    if (since or until) and query.source == _BY_DAY:
        query.source = "record r INDEXED BY record_due"
    if since:
        query.where("r.due >= ?", _day(since))
    if until:
        query.where("r.due <= ?", _last_day(until))


def _day(text: str) -> int:
    number = day_number(text)
    if number is None:
        raise LedgerError(f"'{text}' is no day; write it like 2024-07-04.")
    return number


def _last_day(text: str) -> int:
    """The last day of a day, month or year."""
    number = _day(text)
    return number + {7: 30, 4: 1130}.get(len(text), 0)


def _standing(query: Query, as_of: str | None) -> None:
    """Records that stand and are not judged wrong, now or at the end of a day."""
    if as_of is None:
        query.where("r.state = 1")
        return
    cut = as_of + END_OF_DAY
    query.where(f"EXISTS ({READING_STOOD} AND g.key = r.reading)", cut, cut)
    query.where(f"coalesce(({_LAST_VERDICT}), '') != 'wrong'", cut)


def match(text: str) -> str:
    """A search as FTS5 writes it: words that must all occur, "words in quotes" as they stand, a beginning with a star.

    >>> match('Gas "Power of Siberia" pipe*')
    '"Gas" "Power of Siberia" "pipe"*'
    """
    parts = text.split('"')
    if len(parts) % 2 == 0:
        parts = " ".join(parts).split('"')
    found: list[str] = []
    for at, part in enumerate(parts):
        found += [f'"{part}"'] if at % 2 and part.strip() else []
        found += [
            f'"{word.rstrip("*")}"{"*" if word.endswith("*") else ""}'
            for word in part.split()
            if not at % 2 and word.strip("*")
        ]
    if not found:
        raise LedgerError("The text to search for has no words.")
    return " ".join(found)


def page(query: Query, after: str | None) -> None:
    """Begin behind a cursor."""
    if after is None:
        return
    day, _, key = after.partition(".")
    if not (day.isdigit() and key.isdigit()):
        raise LedgerError(f"'{after}' is no place to go on from.")
    query.where(f"({query.day}, {query.key}) > (?, ?)", int(day), int(key))


def items(store: Store, wanted: Filter) -> list[int]:
    """The keys of the items that a filter asks for (text, outlets, language, period, as_of), by day of publication."""
    query = Query("item i", "i.day", "i.key", ["i.text IS NOT NULL"])
    period(query, wanted.since, wanted.until)
    for column, names in (("i.outlet", wanted.outlets), ("i.language", [wanted.language] if wanted.language else [])):
        if names:
            query.among(column, [store.labels.known(name) for name in names])
    if wanted.text:
        query.where("i.key IN (SELECT rowid FROM texts WHERE texts MATCH ?)", match(wanted.text))
    if wanted.as_of is None:
        query.where("i.state = 1")
    else:
        cut = wanted.as_of + END_OF_DAY
        query.where("i.recorded < ? AND (i.superseded IS NULL OR i.superseded > ?)", cut, cut)
    page(query, wanted.after)
    return [key for (key,) in store.connection.rows(query.sql("i.key", wanted.limit), query.values)]


READING_STOOD = "SELECT 1 FROM reading g WHERE g.recorded < ? AND (g.superseded IS NULL OR g.superseded > ?)"
_LAST_VERDICT = """SELECT j.verdict FROM judged d JOIN judgement j ON j.key = d.judgement
  WHERE d.kind = 'record' AND d.key = r.key AND j.other IS NULL AND j.field IS NULL AND j.time < ?
  ORDER BY j.time DESC, j.key DESC LIMIT 1"""
_COUNTED = f"SELECT count(*) FROM (SELECT 1 FROM actor WHERE name = ? LIMIT {ENOUGH})"
