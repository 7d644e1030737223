"""Readings that were made elsewhere go into a ledger: Parquet of a cluster, or JSON Lines that `read` printed.

In: files of readings. Out: one ledger, or one per month. Must not know how readings are made.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from communique import notation
from communique.errors import InputError
from communique.intake import tables
from communique.intake.keeper import Keeper, Tally
from communique.intake.progress import Progress
from communique.intake.work import FAILED, READ, Result, sure
from communique.ledger import Ledger
from communique.records import Problem, Reading

COLUMNS = ("id", "text_id", "publisher", "month", "outcome", "problems", "reading")
"""Of a Parquet file of readings: what it can be searched and sorted by, and the reading as JSON."""
OPEN_AT_ONCE = 12
UNDATED = "undated"


def row_of(result: Result) -> dict[str, str | None]:
    """A result as a row of such a file."""
    reading = result.reading
    problems = json.dumps([[p.code, p.message] for p in result.problems], ensure_ascii=False)
    if reading is None:
        id = str(result.origin.get("url") or result.origin.get("path") or "")
        return {"id": id, "text_id": None, "publisher": None, "month": None, "outcome": result.outcome,
                "problems": problems, "reading": None}  # fmt: skip
    document = reading.document
    content = json.dumps(notation.as_json(reading), ensure_ascii=False, separators=(",", ":"))
    return {
        "id": document.id, "text_id": document.text_id, "publisher": document.publisher, "month": month(reading),
        "outcome": result.outcome, "problems": problems, "reading": content,
    }  # fmt: skip


def month(reading: Reading) -> str:
    """The month of publication, by which ledgers are divided."""
    return (reading.document.published or "")[:7] or UNDATED


def files(sources: Sequence[str]) -> Iterator[Path]:
    """The files of readings that are named or lie in folders, in the order of their names."""
    for source in map(Path, sources):
        if source.is_dir():
            yield from sorted(p for p in source.rglob("*") if p.suffix in (".parquet", ".jsonl"))
        elif source.is_file():
            yield source
        else:
            raise InputError(f"There is no file '{source}'; check the path.")


def results(path: Path) -> Iterator[Result]:
    """The results in a file of readings; a row that holds none is a failure."""
    for at, (row, problems) in enumerate(_rows(path), 1):
        origin = {"path": str(path), "item": at}
        if row is None:
            yield Result(at, FAILED, None, problems, origin)
            continue
        try:
            reading = notation.from_json(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"Item {at} of '{path}' is no reading ({type(error).__name__}: {error})."
            yield Result(at, FAILED, None, (Problem("json", "intake", message),), origin)
            continue
        if reading.document.text:
            yield Result(at, READ, sure(reading), (), origin, reading.document.publisher)
        else:
            yield Result(at, FAILED, None, reading.problems, origin)


def _rows(path: Path) -> Iterator[tuple[Any, tuple[Problem, ...]]]:
    if path.suffix == ".parquet":
        for row in tables.rows(str(path), ("reading", "problems")):
            told = tuple(Problem(code, "intake", message) for code, message in json.loads(row.get("problems") or "[]"))
            yield (json.loads(row["reading"]) if row.get("reading") else None), told
        return
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            try:
                yield json.loads(line), ()
            except ValueError as error:
                yield None, (Problem("json", "intake", f"'{path}' has a line that is no JSON ({error})."),)


class Shards:
    """One ledger for all readings, or one per month in a folder, opened when they are needed."""

    def __init__(self, single: Ledger | None, folder: Path | None, tally: Tally, say: Callable[[str], None]) -> None:
        self._single, self._folder, self._tally, self._say = single, folder, tally, say
        self._open: OrderedDict[str, tuple[Ledger, Keeper]] = OrderedDict()

    def keeper(self, reading: Reading) -> Keeper:
        """The one who keeps a reading."""
        name = "" if self._single is not None else month(reading)
        if name not in self._open:
            self._open[name] = self._opened(name)
            if len(self._open) > OPEN_AT_ONCE:
                self._shut(*self._open.popitem(last=False)[1])
        self._open.move_to_end(name)
        return self._open[name][1]

    def _opened(self, name: str) -> tuple[Ledger, Keeper]:
        folder = self._folder or Path()
        ledger = self._single if self._single is not None else Ledger(folder / f"{name}.ledger")
        return ledger, Keeper(ledger, self._tally, self._say)

    def _shut(self, ledger: Ledger, keeper: Keeper) -> None:
        keeper.commit()
        if ledger is not self._single:
            ledger.close()

    def close(self) -> None:
        """Commit and close all."""
        while self._open:
            self._shut(*self._open.popitem()[1])


def load(
    sources: Sequence[str], progress: Progress, *, ledger: Ledger | None = None, by_month: Path | None = None
) -> Tally:
    """Put readings into a ledger, or into one per month; what is known costs one look-up, so it may be done again."""
    tally = Tally()
    shards = Shards(ledger, by_month, tally, progress.say)
    progress.start(_total(sources))
    try:
        for path in files(sources):
            for result in results(path):
                _take(result, shards, tally, progress)
    finally:
        shards.close()
        progress.end(tally)
    return tally


def _take(result: Result, shards: Shards, tally: Tally, progress: Progress) -> None:
    if result.reading is None:
        code, message = (result.problems[-1].code, result.problems[-1].message) if result.problems else ("unknown", "?")
        tally.fail(code)
        progress.say(message, failure=code)
    else:
        keeper = shards.keeper(result.reading)
        keeper.take(result)
        if keeper.due:
            keeper.commit()
    progress.step(tally)


def _total(sources: Sequence[str]) -> int | None:
    found = list(files(sources))
    return sum(tables.count(str(path)) for path in found) if all(p.suffix == ".parquet" for p in found) else None
