"""A table on its way out: named, typed columns and a stream of rows; as CSV, JSON Lines, Parquet, Arrow, pandas.

In: tables. Out: files and frames. Nothing is held in memory but the rows of one batch, but for frames.
Must not know the ledger, nor what a table is about.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from communique.errors import CommuniqueError

Values = Sequence[Any]
BATCH = 5_000
"""Rows that are written at once."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, and tab and return that may hide one."""
LIST_MARK, TAB = "; ", "\t"


class Column(NamedTuple):
    """A column: its name, and text | int | float | bool | list (of texts)."""

    name: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A stream of rows in the order of the columns; the stream can be read once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Values]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True, slots=True)
class Options:
    """How files are written. `german`: as a German Excel opens it (byte order mark, semicolon, decimal comma).

    `defused`: texts that a spreadsheet would run get an apostrophe in front. `header`: some layouts have none.
    """

    german: bool = False
    defused: bool = True
    delimiter: str | None = None
    header: bool = True


def columns(text: str) -> tuple[Column, ...]:
    """Columns from words such as 'id value:float spans:list'.

    >>> columns("id value:float")
    (Column(name='id', type='text'), Column(name='value', type='float'))
    """
    return tuple(Column(*word.split(":")) for word in text.split())


def batches(table: Table, size: int = BATCH) -> Iterator[list[Values]]:
    """The rows of a table in lists of at most `size`."""
    rows = iter(table.rows)
    while batch := list(islice(rows, size)):
        yield batch


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside the one wanted, which takes its place when all went well: no half-written export is ever seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise CommuniqueError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        beside.unlink(missing_ok=True)


# ---- CSV


def write_csv(table: Table, path: Path, options: Options = Options()) -> int:
    """Write a table as CSV in UTF-8 and give back the number of rows; a list is one cell, no value an empty one."""
    encoding = "utf-8-sig" if options.german else "utf-8"
    with replacing(path) as beside, beside.open("w", encoding=encoding, newline="") as file:
        return csv_rows(table, file, options)


def csv_rows(table: Table, file: IO[str], options: Options) -> int:
    """Write the rows of a table as CSV to an open text file."""
    if options.delimiter == TAB:
        writer, form = (
            csv.writer(file, delimiter=TAB, lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None),
            _flat,
        )
    else:
        mark = options.delimiter or (";" if options.german else ",")
        writer, form = csv.writer(file, delimiter=mark, lineterminator="\r\n"), cell
    if options.header:
        writer.writerow([form(name, options) for name in table.names])
    count = 0
    for row in table.rows:
        writer.writerow([form(value, options) for value in row])
        count += 1
    return count


def _flat(value: Any, options: Options) -> str:
    """A cell of a file with tabs, whose readers know no quotes: on one line, without tabs."""
    return " ".join(cell(value, options).split())


def cell(value: Any, options: Options = Options()) -> str:
    """A value as the text of a cell.

    >>> cell("=1+1"), cell(-1.5), cell(-1.5, Options(german=True)), cell(["CHN", "KAZ"]), cell(None)
    ("'=1+1", '-1.5', '-1,5', 'CHN; KAZ', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        plain = f"{value:.15g}" if abs(value) < 1e15 else repr(value)
        return plain.replace(".", ",") if options.german else plain
    if isinstance(value, int):
        return str(value)
    text = LIST_MARK.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if options.defused and text.startswith(DANGEROUS) else text


# ---- JSON Lines


def write_jsonl(table: Table, path: Path, options: Options = Options()) -> int:
    """Write a table as one JSON object per row, in UTF-8, and give back the number of rows."""
    count, names = 0, table.names
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        for row in table.rows:
            file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
            count += 1
    return count


# ---- Parquet, Arrow, pandas


def _pyarrow() -> Any:
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise CommuniqueError(
            "Parquet and Arrow need the optional package pyarrow: pip install 'communique[parquet]'."
        ) from error


def _schema(table: Table) -> Any:
    pa = _pyarrow()
    types: dict[str, Callable[[], Any]] = {
        "text": pa.string, "int": pa.int64, "float": pa.float64, "bool": pa.bool_,
        "list": lambda: pa.list_(pa.string()),
    }  # fmt: skip
    return pa.schema([(column.name, types[column.type]()) for column in table.columns])


def arrow_batches(table: Table, size: int = BATCH) -> Iterator[Any]:
    """Arrow record batches of a table, one at a time; CommuniqueError where pyarrow is missing."""
    pa, schema = _pyarrow(), _schema(table)
    for batch in batches(table, size):
        held = [
            pa.array(list(values), type=field.type)
            for values, field in zip(zip(*batch, strict=True), schema, strict=True)
        ]
        yield pa.record_batch(held, schema=schema)


def to_arrow(table: Table) -> Any:
    """A table as a `pyarrow.Table`, which polars and DuckDB read as it is."""
    return _pyarrow().Table.from_batches(list(arrow_batches(table)), schema=_schema(table))


def to_pandas(table: Table) -> Any:
    """A table as a `pandas.DataFrame`; CommuniqueError where pandas is missing."""
    try:
        pandas: Any = import_module("pandas")
    except ImportError as error:
        raise CommuniqueError("Data frames need the optional package pandas: pip install pandas.") from error
    return pandas.DataFrame.from_records([tuple(row) for row in table.rows], columns=list(table.names))


def write_parquet(table: Table, path: Path, options: Options = Options()) -> int:
    """Write a table as Parquet, batch by batch, and give back the number of rows."""
    _pyarrow()
    parquet: Any = import_module("pyarrow.parquet")
    count = 0
    with replacing(path) as beside, parquet.ParquetWriter(beside, _schema(table)) as writer:
        for batch in arrow_batches(table):
            writer.write_batch(batch)
            count += batch.num_rows
    return count


WRITERS: dict[str, Callable[[Table, Path, Options], int]] = {
    "csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet,
}  # fmt: skip
