"""What people put into the ledger through the room: texts and judgements, each with what is concluded from it.

In: a text, or a verdict. Out: what the ledger made of it. Must not know forms, nor HTTP.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePath

from communique.document import Loaded, Overrides, document_of, load
from communique.errors import CommuniqueError
from communique.follow.update import follow
from communique.ledger import Ledger
from communique.ledger.rows import Added, Judgement
from communique.records import Reading, Record
from communique.web.room import Room

ENDINGS = (".txt", ".html", ".htm", ".json", ".jsonl", ".xml", ".md")
"""Ends of names by which a dropped file says what it is; any other is taken for text."""
LEAST_KEPT = 0.2
"""Records below it are not kept, as with `ingest`."""


def read_text(room: Room, text: str, overrides: Overrides, **about: str | None) -> Reading:
    """The reading of a pasted text; CommuniqueError where it has no words."""
    document, problems = document_of(text, overrides, **about)
    return _read(room, Loaded(document, problems))


def read_file(room: Room, name: str, data: bytes, overrides: Overrides) -> Reading:
    """The reading of the first item of a dropped file. Of its name only the end is used, and only to tell its kind."""
    ending = PurePath(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="room") as folder:
        path = Path(folder) / f"dropped{ending if ending in ENDINGS else '.txt'}"
        path.write_bytes(data)
        loaded = next(iter(load(path, overrides)), None)
    if loaded is None or loaded.document is None or loaded.failed:
        message = loaded.problems[-1].message if loaded and loaded.problems else "There is nothing in the file."
        raise CommuniqueError(message.replace(f"'{path}'", "The file"))
    return _read(room, replace(loaded, document=replace(loaded.document, origin={}, name=None)))


def _read(room: Room, loaded: Loaded) -> Reading:
    assert loaded.document is not None
    with room.reader() as reader:
        return reader.read(loaded.document, loaded.problems)


def add(ledger: Ledger, reading: Reading) -> Added:
    """Put a reading into the ledger and follow it."""
    added = ledger.add(sure(reading))
    if added.outcome in ("new", "changed", "reread"):
        follow(ledger, added.key)
    return added


def sure(reading: Reading) -> Reading:
    """A reading without records that are hardly ever right; statements that others lie in stay."""
    records: tuple[Record, ...] = (*reading.statements, *reading.events, *reading.commitments, *reading.figures)
    needed = {record.asserted_by for record in records} | {statement.within for statement in reading.statements}
    kept = {record.id for record in records if record.confidence >= LEAST_KEPT or record.id in needed}
    return replace(
        reading,
        statements=tuple(one for one in reading.statements if one.id in kept),
        events=tuple(one for one in reading.events if one.id in kept),
        commitments=tuple(one for one in reading.commitments if one.id in kept),
        figures=tuple(one for one in reading.figures if one.id in kept),
    )


def judge(ledger: Ledger, given: Judgement) -> Judgement:
    """Keep a judgement and bring up to date what is concluded from the records that it is about."""
    kept = ledger.judge(given)
    for key in sorted(_items(ledger, (kept.record, kept.other))):
        follow(ledger, key)
    return kept


def _items(ledger: Ledger, ids: Iterable[str | None]) -> set[int]:
    named = [id for id in ids if id]
    found = {stored.item.key for id in named for stored in ledger.find(id)}
    return found | {item.key for id in named for item in ledger.versions(id)}
