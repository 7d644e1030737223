"""Exports: any table of a ledger to any kind of file, streamed; and the tables as Arrow or data frames.

In: a ledger, the name of a table, a format, a path. Out: a file or a frame. Must not know SQL, nor what cells mean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from communique.ask import export_dyads, export_layouts, export_lock, export_tables
from communique.ask.balance import day_of
from communique.ask.export_dyads import Counting
from communique.ask.export_graph import edges, write_graphml
from communique.ask.export_layouts import Scene
from communique.ask.export_table import WRITERS, Options, Table, replacing, to_arrow, to_pandas
from communique.ask.export_tables import Member, PromiseRow
from communique.errors import CommuniqueError
from communique.follow.series import key_of
from communique.knowledge import Knowledge
from communique.ledger import Ledger
from communique.ledger.migrations import steps
from communique.ledger.rows import Cluster, Entry, Filter, Item, Link, Stored
from communique.records import Event, Statement

PAGE = 1_000
"""Records that are held at once."""
CLUSTER_OF = {"event": "story", "commitment": "promise"}


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is exported and how. `wanted` filters records and items (without its `limit`); `on`: the day of statuses.

    `attributed`: also what is planned, denied or only attributed, in layouts with columns that say so. `per`: one row
    of a layout for each `story` or each `record`. `texts`: documents with their text. `directed`: dyads a → b.
    """

    wanted: Filter = field(default_factory=Filter)
    on: str | None = None
    attributed: bool = False
    per: str = "story"
    texts: bool = False
    directed: bool = False
    file: Options = field(default_factory=Options)

    @property
    def modality(self) -> Sequence[str]:
        """The modalities that are counted: the filter's, else what happened."""
        return tuple(self.wanted.modality) or ("actual",)

    @property
    def day(self) -> str:
        """The day for which statuses hold: the one asked for, else today."""
        return self.on or self.wanted.as_of or date.today().isoformat()


def export(ledger: Ledger, what: str, format: str, path: Path, options: Exporting = Exporting()) -> int:
    """Write one table, the network (`network` as graphml), the `lock` (json) or the `citation` (txt); number of rows.

    Raises CommuniqueError, one sentence, where the table or format isn't known or the file can't be written.
    """
    if what == "network":
        _only("network", format, "graphml")
        found = edges(_clustered(ledger, options, "event"), attributed=options.attributed, modality=options.modality)
        return write_graphml(found, path, Knowledge.default())
    if what in ("lock", "citation"):
        _only(what, format, "json" if what == "lock" else "txt")
        locked = lock(ledger, options)
        text = export_lock.citation(locked) if what == "citation" else json.dumps(locked, indent=2) + "\n"
        with replacing(path) as beside:
            beside.write_text(text, encoding="utf-8")
        return 1
    if format not in WRITERS:
        raise CommuniqueError(f"'{format}' is no format of tables; use one of {', '.join(WRITERS)}.")
    return WRITERS[format](table(ledger, what, options), path, _for_layout(what, format, options.file))


def _only(what: str, format: str, known: str) -> None:
    if format != known:
        raise CommuniqueError(f"The {what} is written as {known}, not as {format}.")


def _for_layout(what: str, format: str, file: Options) -> Options:
    """The layouts' files have tabs between their columns; GDELT's have no header."""
    if format != "csv" or what not in ("polecat", "gdelt") or file.german or file.delimiter:
        return file
    return replace(file, delimiter="\t", header=what != "gdelt")


def table(ledger: Ledger, what: str, options: Exporting = Exporting()) -> Table:
    """A table of a ledger by its name, as a stream; CommuniqueError where there is none of that name."""
    if what not in TABLES:
        raise CommuniqueError(f"There is no table '{what}'; there are {', '.join(TABLES)}.")
    return TABLES[what](ledger, options)


def frame(ledger: Ledger, what: str, options: Exporting = Exporting()) -> Any:
    """A table of a ledger as a `pandas.DataFrame`."""
    return to_pandas(table(ledger, what, options))


def arrow(ledger: Ledger, what: str, options: Exporting = Exporting()) -> Any:
    """A table of a ledger as a `pyarrow.Table`, for polars, DuckDB and the like."""
    return to_arrow(table(ledger, what, options))


def lock(ledger: Ledger, options: Exporting = Exporting()) -> dict[str, Any]:
    """What an analysis of this ledger rests on; see `export_lock`."""
    found = export_lock.summary(_items(ledger, options))
    return export_lock.lock(found, ledger.readers(), len(steps()), options.wanted.as_of)


# ---- streams


def _records(ledger: Ledger, options: Exporting, *kinds: str) -> Iterator[Stored]:
    """All records of some kinds that the filter asks for, by day, a page at a time."""
    wanted = replace(options.wanted, kinds=kinds, limit=PAGE, after=None)
    while True:
        page = ledger.records(wanted)
        yield from page
        if len(page) < PAGE:
            return
        wanted = replace(wanted, after=ledger.cursor(page[-1]))


def _items(ledger: Ledger, options: Exporting) -> Iterator[Item]:
    wanted = replace(options.wanted, limit=PAGE, after=None)
    while True:
        page = ledger.items(wanted)
        yield from page
        if len(page) < PAGE:
            return
        wanted = replace(wanted, after=ledger.cursor(page[-1]))


def _paged(rows: Iterable[Stored]) -> Iterator[list[Stored]]:
    stream = iter(rows)
    while page := list(islice(stream, PAGE)):
        yield page


def _clustered(ledger: Ledger, options: Exporting, kind: str) -> Iterator[tuple[Stored, str | None]]:
    """Records of a kind with the story, promise or series that each belongs to."""
    for page in _paged(_records(ledger, options, kind)):
        cluster = CLUSTER_OF.get(kind)
        found = ledger.clusters_of(cluster, [s.key for s in page]) if cluster else {}
        yield from ((stored, found.get(stored.key) or key_of(stored)) for stored in page)


# ---- tables


def _documents(ledger: Ledger, options: Exporting) -> Table:
    return export_tables.documents(_items(ledger, options), texts=options.texts)


def _of_kind(kind: str) -> Callable[[Ledger, Exporting], Table]:
    def build(ledger: Ledger, options: Exporting) -> Table:
        return export_tables.records(kind, _clustered(ledger, options, kind))

    return build


def _actors(ledger: Ledger, options: Exporting) -> Table:
    return export_tables.actors(_records(ledger, options, *options.wanted.kinds))


def _entities(ledger: Ledger, options: Exporting) -> Table:
    return export_tables.entities(_items(ledger, options), ledger.entities)


def _promises(ledger: Ledger, options: Exporting) -> Table:
    ids = ledger.promises(replace(options.wanted, kinds=("commitment",), limit=None))
    rows = (PromiseRow(id, ledger.stored(ledger.members("promise", id)), ledger.entries(id)) for id in ids)
    return export_tables.promises(rows, options.day)


def _entries(ledger: Ledger, options: Exporting) -> Table:
    ids = ledger.promises(replace(options.wanted, kinds=("commitment",), limit=None))
    return export_tables.entries(row for id in ids for row in _entries_of(ledger, id))


def _entries_of(ledger: Ledger, id: str) -> Iterator[tuple[str, Entry, Stored]]:
    found = ledger.entries(id)
    stored = {s.key: s for s in ledger.stored([e.record for e in found])}
    yield from ((id, entry, stored[entry.record]) for entry in found if entry.record in stored)


def _stories(ledger: Ledger, options: Exporting) -> Table:
    clusters = ledger.clusters("story")
    return export_tables.members(m for cluster in clusters for m in _record_members(ledger, cluster))


def _record_members(ledger: Ledger, cluster: Cluster) -> Iterator[Member]:
    for s in ledger.stored(cluster.members):
        yield Member(s.kind, cluster.id, s.record.id, s.item.document.id, s.item.day, s.item.document.publisher)


def _copies(ledger: Ledger, options: Exporting) -> Table:
    clusters = ledger.clusters("copy", min_size=2)
    return export_tables.members((m for cluster in clusters for m in _item_members(ledger, cluster)), "copies")


def _item_members(ledger: Ledger, cluster: Cluster) -> Iterator[Member]:
    for item in map(ledger.item, cluster.members):
        document = item.document
        yield Member("document", cluster.id, document.id, document.id, item.day, document.publisher)


def _conflicts(ledger: Ledger, options: Exporting) -> Table:
    return export_tables.conflicts(_conflicting(ledger, options))


def _conflicting(ledger: Ledger, options: Exporting) -> Iterator[tuple[Link, Stored, Stored]]:
    """The conflicts that have one of the figures asked for on either side, each once."""
    seen: set[tuple[int, int]] = set()
    for page in _paged(_records(ledger, options, "figure")):
        for link in ledger.links("conflict", [s.key for s in page], options.wanted.as_of):
            if (link.a, link.b) not in seen:
                seen.add((link.a, link.b))
                a, b = ledger.stored([link.a, link.b])
                yield link, a, b


def _coverage(ledger: Ledger, options: Exporting) -> Table:
    return export_tables.coverage(ledger.coverage(options.wanted.since, options.wanted.until))


def _dyad_months(ledger: Ledger, options: Exporting) -> Table:
    counting = Counting(options.directed, options.attributed, modality=options.modality)
    covered = export_dyads.months_covered(ledger.coverage())
    return export_dyads.dyad_months(_clustered(ledger, options, "event"), covered, Knowledge.default(), counting)


def _polecat(ledger: Ledger, options: Exporting) -> Table:
    return export_layouts.polecat(_scenes(ledger, options), Knowledge.default(), extra=options.attributed)


def _gdelt(ledger: Ledger, options: Exporting) -> Table:
    return export_layouts.gdelt(_scenes(ledger, options), extra=options.attributed)


def _scenes(ledger: Ledger, options: Exporting) -> Iterator[Scene]:
    """Events with what layouts say besides; of a story the first that can be told, unless each record is asked for."""
    seen: set[str] = set()
    for _day, group in groupby(_clustered(ledger, options, "event"), _day_told):
        scenes = [Scene(stored, story) for stored, story in sorted(group, key=_told_first)]
        for scene, _event in export_layouts.told(scenes, options.attributed):
            if options.per != "story" or scene.story is None or scene.story not in seen:
                yield _complete(ledger, scene, options)
            seen.add(scene.story or "")


def _day_told(told: tuple[Stored, str | None]) -> str | None:
    record = told[0].record
    return day_of(told[0], record)[0] if isinstance(record, Event) else None


def _told_first(told: tuple[Stored, str | None]) -> tuple[str, str, str]:
    """Within a day an order that doesn't depend on when items were added."""
    return (told[0].item.day or "~", told[0].item.document.id, told[0].record.id)


def _complete(ledger: Ledger, scene: Scene, options: Exporting) -> Scene:
    stored = scene.stored
    members = (
        ledger.stored(ledger.members("story", scene.story)) if scene.story and options.per == "story" else [stored]
    )
    items = {m.item.key: m.item for m in members}
    outlets = {i.document.publisher or i.document.id for i in items.values()}
    entities = {e.id: e for e in ledger.entities(stored.item.key)}
    speakers = _speakers(ledger, stored) if options.attributed else ()
    return replace(
        scene, entities=entities, records=len(members), outlets=len(outlets), items=len(items), speakers=speakers
    )


def _speakers(ledger: Ledger, stored: Stored) -> tuple[str, ...]:
    """To whom the item attributes a record."""
    if stored.record.asserted_by is None:
        return ()
    found = (s.record for s in ledger.of_item(stored.item.key) if s.record.id == stored.record.asserted_by)
    return tuple(code for r in found if isinstance(r, Statement) for code in export_tables.codes(r.speakers))


TABLES: dict[str, Callable[[Ledger, Exporting], Table]] = {
    "documents": _documents, "statements": _of_kind("statement"), "events": _of_kind("event"),
    "commitments": _of_kind("commitment"), "figures": _of_kind("figure"), "actors": _actors, "entities": _entities,
    "promises": _promises, "entries": _entries, "stories": _stories, "copies": _copies, "conflicts": _conflicts,
    "coverage": _coverage, "dyad_months": _dyad_months, "polecat": _polecat, "gdelt": _gdelt,
}  # fmt: skip
