"""Parquet: rows become items, records of a reading become rows and back.

In: a path. Out: rows as mappings, a group of them in memory at a time. The only door to pyarrow in the intake.
Must not know what columns mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from communique.errors import CommuniqueError

AT_ONCE = 256


def arrow(part: str = "parquet") -> Any:
    """A module of pyarrow; CommuniqueError where it is not installed."""
    try:
        return import_module(f"pyarrow.{part}")
    except ImportError as error:
        message = "Parquet needs the optional package pyarrow: pip install 'communique[parquet]'."
        raise CommuniqueError(message) from error


def rows(path: str, columns: Sequence[str] | None = None) -> Iterator[Mapping[str, Any]]:
    """The rows of a Parquet file, `columns` alone where they are named; what is not there is left out."""
    with arrow().ParquetFile(path) as file:
        wanted = None if columns is None else [name for name in columns if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=AT_ONCE, columns=wanted):
            yield from batch.to_pylist()


def count(path: str) -> int:
    """The number of rows, from the file's end."""
    with arrow().ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def write(path: str, batches: Iterator[Sequence[Mapping[str, Any]]], names: Sequence[str]) -> int:
    """Write rows of strings to a file that appears when it is whole; returns their number."""
    import os

    pa, number = import_module("pyarrow"), 0
    schema = pa.schema([(name, pa.string()) for name in names])
    with arrow().ParquetWriter(path + ".part", schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_pylist(list(batch), schema=schema))
            number += len(batch)
    os.replace(path + ".part", path)
    return number
