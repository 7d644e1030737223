"""The ledger: what was said, over time, in one SQLite file, with what was concluded from it laid over.

In: readings, conclusions, judgements. Out: items, records and conclusions, as they stand or stood on a day.
Must not know how documents are read, nor how anything is concluded. The only SQL is in this package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from types import TracebackType
from typing import Any

from communique.errors import LedgerError
from communique.ledger import adding, candidates, conclusions, judging, migrations, overview, redacting, selecting
from communique.ledger.connection import Connection
from communique.ledger.rows import (
    Added,
    Cluster,
    Entry,
    Filter,
    Item,
    Judgement,
    Link,
    Redaction,
    Stored,
    Tally,
)
from communique.ledger.store import Store
from communique.records import Document, Entity, Problem, Reading

EVERYTHING = Filter()

__all__ = ["Ledger"]


class Ledger:
    """An open ledger: `with Ledger(path) as ledger: ledger.add(reading)`.

    One process writes at a time, many may read meanwhile; one object belongs to one thread. Raises LedgerError,
    one sentence, where the file cannot be used.
    """

    def __init__(self, path: str | os.PathLike[str], *, readonly: bool = False, create: bool = True) -> None:
        self._connection = Connection(path, readonly=readonly, create=create)
        try:
            migrations.migrate(self._connection, migrations.steps())
        except BaseException:
            self._connection.close()
            raise
        self._store = Store(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> str:
        """Where the file is."""
        return str(self._connection.path)

    # Said

    def add(self, reading: Reading, *, recorded: str | None = None) -> Added:
        """Put a reading in; what was known stays. `recorded`: an ISO day or moment, now by default."""
        return adding.add(self._store, reading, recorded)

    def knows(self, document: Document, about: Mapping[str, str]) -> bool:
        """Whether this text of a document was read already by the reader that says this of itself: one look-up."""
        return adding.knows(self._store, document, about)

    def batch(self) -> AbstractContextManager[None]:
        """One transaction over all that is added and concluded inside: all of it, or nothing."""
        return self._store.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """All questions inside are answered as of one moment, whatever others add; inside nothing can be added."""
        return self._connection.snapshot()

    def limited(self, seconds: float) -> AbstractContextManager[None]:
        """Questions inside may take so many seconds altogether; then a LedgerError says so."""
        return self._connection.limited(seconds)

    @property
    def state(self) -> int:
        """A number that is another one after another process or thread has written; of this open ledger only."""
        return self._store.state

    def item(self, key: int) -> Item:
        """One item; LedgerError where there is none. Of one that was taken out, only hash and outlet are left."""
        with self.snapshot():
            self._store.fresh()
            found = self._store.item(key)
        if found is None:
            raise LedgerError(f"There is no item {key} in {self.path}.")
        return found

    def items(self, wanted: Filter = EVERYTHING) -> list[Item]:
        """Items by day of publication: of outlets, a language, a period, with words in the text, as of a day."""
        with self.snapshot():
            return [self.item(key) for key in selecting.items(self._store, wanted)]

    def versions(self, document_id: str) -> list[Item]:
        """All texts that a document ever had, the oldest first."""
        return overview.versions(self._store, document_id)

    def difference(self, document_id: str, older: int | None = None, newer: int | None = None) -> str:
        """What changed between two versions of a document (the last two by default), as a unified diff."""
        return overview.difference(self._store, document_id, older, newer)

    def stored(self, keys: Sequence[int], as_of: str | None = None) -> list[Stored]:
        """The records of keys, in their order, whether they stand or not."""
        return self._store.stored(keys, as_of)

    def records(self, wanted: Filter = EVERYTHING) -> list[Stored]:
        """The records that a filter asks for, by day and key; `cursor` of the last one is the next page's `after`."""
        with self.snapshot():
            self._store.fresh()
            return self._store.stored(selecting.keys(self._store, wanted), wanted.as_of)

    def cursor(self, last: Stored | Item) -> str:
        """Where a page of records or items ends that ended with this one: the `after` of the next."""
        return overview.cursor(self._store, last)

    def of_item(self, item_key: int, *, standing: bool = True) -> list[Stored]:
        """The records of an item: those that stand, or all that any reader ever found."""
        with self.snapshot():
            return self._store.stored(overview.of_item(self._store, item_key, standing))

    def find(self, record_id: str) -> list[Stored]:
        """All records whose id is this or begins with it, also superseded ones, the oldest first."""
        return self._store.stored(overview.find(self._store, record_id))

    def entities(self, item_key: int) -> tuple[Entity, ...]:
        """The entities of an item, by its last reader."""
        return self._store.found(item_key)[0]

    def problems(self, item_key: int) -> tuple[Problem, ...]:
        """The problems of an item, by its last reader."""
        return self._store.found(item_key)[1]

    # Candidates for conclusions

    def put_bands(self, item_key: int, bands: Sequence[int]) -> None:
        """The bands (64 bits) of an item's text, in place of those it had."""
        with self.batch():
            candidates.put_bands(self._store, item_key, bands)

    def items_with_bands(self, bands: Sequence[int]) -> list[int]:
        """Standing items that share a band, those that share most first; at most `candidates.MOST`."""
        return candidates.items_with_bands(self._store, bands)

    def similar_events(self, stored: Stored, types: Sequence[str], days: int) -> list[Stored]:
        """Standing events of these types, with a code in common, so many days away; at most `candidates.MOST`."""
        return self._store.stored(candidates.similar_events(self._store, stored, types, days))

    def by_parties(
        self,
        kinds: Sequence[str],
        codes: Sequence[str],
        since: str | None = None,
        until: str | None = None,
        terms: Iterable[str] = (),
        all_codes: bool = False,
    ) -> list[Stored]:
        """Standing records in which one of the codes (or all) takes part, and with one of the terms, where given."""
        wanted = candidates.Parties(kinds, codes, since, until, sorted(terms), all_codes)
        return self._store.stored(candidates.by_parties(self._store, wanted))

    # Concluded

    def put_links(self, links: Iterable[Link]) -> None:
        """Keep links; one that is there already is replaced."""
        with self.batch():
            conclusions.put_links(self._store, links)

    def drop_links(self, kind: str, key: int | None = None) -> None:
        """Forget the links of a kind: those of one key, or all. Links of what is superseded need not be dropped."""
        with self.batch():
            conclusions.drop_links(self._store, kind, key)

    def links(self, kind: str, keys: Sequence[int] | None = None, as_of: str | None = None) -> list[Link]:
        """Links of a kind with one of the keys (or all), where both sides stand, or stood at the end of a day."""
        return conclusions.links(self._store, kind, keys, as_of)

    def component(self, kind: str, keys: Sequence[int], as_of: str | None = None) -> tuple[list[int], list[Link]]:
        """The keys that can be reached from these over links, and the links between them."""
        return conclusions.component(self._store, kind, keys, as_of)

    def standing(self, kind: str, keys: Sequence[int], as_of: str | None = None) -> set[int]:
        """Which of some keys stand: items for `copy` and `translation`, records for any other kind."""
        return conclusions.standing(self._store, kind, keys, as_of)

    def put_clusters(
        self, kind: str, dropped_keys: Iterable[int], clusters: Iterable[tuple[str, tuple[int, ...]]]
    ) -> None:
        """Take keys out of their clusters and put these clusters in place of what their keys were in."""
        with self.batch():
            conclusions.put_clusters(self._store, kind, dropped_keys, clusters)

    def cluster_of(self, kind: str, key: int) -> str | None:
        """The id of the cluster that a key is in."""
        return conclusions.cluster_of(self._store, kind, key)

    def clusters_of(self, kind: str, keys: Sequence[int]) -> dict[int, str]:
        """The ids of the clusters that keys are in, without those in none."""
        return conclusions.clusters_of(self._store, kind, keys)

    def members(self, kind: str, cluster_id: str) -> tuple[int, ...]:
        """The keys in a cluster."""
        return conclusions.members(self._store, kind, cluster_id)

    def cluster_ids(self, kind: str, prefix: str) -> list[str]:
        """The ids of clusters that begin with these letters."""
        return conclusions.resolved(self._store, kind, prefix)

    def clusters(
        self, kind: str, wanted: Filter | None = None, *, min_size: int = 1, order: str = "day"
    ) -> Iterator[Cluster]:
        """Clusters by first day, or by `size`, the largest first; with a filter, those that hold a record of it."""
        return conclusions.clusters(self._store, kind, wanted, min_size, order)

    def put_entries(self, promise_id: str, entries: Iterable[Entry]) -> None:
        """The entries of a promise, in place of those it had."""
        with self.batch():
            conclusions.put_entries(self._store, promise_id, entries)

    def entries(self, promise_id: str) -> list[Entry]:
        """The entries of a promise, in their order."""
        return conclusions.entries(self._store, promise_id)

    def promises_with_entries(self, record_keys: Sequence[int]) -> list[str]:
        """The promises in whose entries some records stand."""
        return conclusions.promises_touched(self._store, record_keys)

    def promises(
        self, wanted: Filter = EVERYTHING, *, due_since: str | None = None, due_until: str | None = None
    ) -> list[str]:
        """Ids of promises with a commitment that a filter asks for, by its day; with a deadline in a period."""
        return conclusions.promises(self._store, wanted, due_since, due_until)

    def set_series(self, record_key: int, series_key: str | None) -> None:
        """Which series a figure belongs to; null takes it out."""
        with self.batch():
            conclusions.set_series(self._store, record_key, series_key)

    def series(self, series_key: str, as_of: str | None = None) -> list[Stored]:
        """The standing figures of a series."""
        return self._store.stored(conclusions.series(self._store, series_key, as_of), as_of)

    # Judged

    def judge(self, judgement: Judgement) -> Judgement:
        """Add a judgement (ids may be cut short, an empty time is now); returns it as it was kept."""
        return judging.judge(self._store, judgement)

    def judgements(self, record_id: str | None = None) -> list[Judgement]:
        """All judgements ever made, or those about one record or document, the oldest first."""
        return judging.judgements(self._store, record_id)

    def orphans(self) -> list[Judgement]:
        """Judgements about records of which none stands any more, for a person to look at."""
        return judging.orphans(self._store)

    def verdicts(
        self, keys: Sequence[int], kind: str = "record", as_of: str | None = None
    ) -> list[tuple[int, int, str]]:
        """Pairs that people called `same` or `different`, one side among the keys (items, for kind `document`)."""
        return judging.verdicts(self._store, kind, keys, as_of)

    def redact(self, document_id: str, reason: str, author: str) -> Redaction:
        """Take out all texts of a document and all that was derived from them; a tombstone keeps them out."""
        return redacting.redact(self._store, document_id, reason, author)

    # Overview

    def counts(self) -> Mapping[str, int]:
        """How many documents, items, readings, records by kind, links, clusters, judgements there are."""
        return overview.counts(self._store)

    def size(self, table: str) -> int:
        """How many rows a table (document, item, record, …) has; quicker than all of `counts`."""
        return overview.size(self._store, table)

    def last_day(self, until: str) -> str | None:
        """The last ISO day, up to one, on which standing items were published; null where there is none."""
        return overview.last_day(self._store, until)

    def readers(self) -> list[dict[str, str]]:
        """The readers (name, version, model, knowledge) whose readings are in the ledger, the first one first."""
        return overview.readers(self._store)

    def coverage(self, since: str | None = None, until: str | None = None) -> list[tuple[str | None, str | None, int]]:
        """Standing items per outlet and day: what absence of news can be measured by."""
        return overview.coverage(self._store, since, until)

    def balance(self, wanted: Filter, by: str = "month") -> list[Tally]:
        """Events of a filter by period (day, month, year) and quad: records, stories, Goldstein sums by story."""
        return overview.balance(self._store, wanted, by)

    # Tables

    def to_pandas(self, table: str = "events") -> Any:
        """A table (`events`, `statements`, `promises`, `dyad_months`, …, see docs/exports.md) as a `pandas.DataFrame`.

        What tables there are is the business of `communique.ask.export`, which lies above and is looked up when asked.
        """
        return import_module("communique.ask.export").frame(self, table)

    def to_arrow(self, table: str = "events") -> Any:
        """The same as a `pyarrow.Table`, which polars and DuckDB take as it is."""
        return import_module("communique.ask.export").arrow(self, table)
