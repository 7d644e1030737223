"""One description of the columns of an answer, out of which JSON, CSV and tables for people are made.

In: answers and columns. Out: plain objects and rows. Must not know the ledger, nor how anything is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, TypeVar

from communique.ask.evidence import Evidence
from communique.ask.export_table import Column as Cell
from communique.ask.export_table import Table
from communique.follow.origins import Origin

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name in JSON and CSV, its value, and the type of a cell: text | int | float | bool | list.

    In JSON a value stays what it is; in a cell evidence becomes its words, an origin its name, spans `start:end`.
    """

    name: str
    value: Callable[[Row], Any]
    type: str = "text"


def as_object(row: Row, columns: Sequence[Column[Row]]) -> dict[str, Any]:
    """A row as a JSON object."""
    return {column.name: plain(column.value(row)) for column in columns}


def as_table(name: str, rows: Iterable[Row], columns: Sequence[Column[Row]]) -> Table:
    """Rows as a table of cells."""
    cells = (tuple(_cell(column.value(row)) for column in columns) for row in rows)
    return Table(name, tuple(Cell(column.name, column.type) for column in columns), cells)


def plain(value: Any) -> Any:
    """An answer as JSON has it; what holds keys of the ledger is named by ids."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Origin):
        return {"name": value.name, "items": len(value.items), "state": value.state}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value]


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Evidence):
        return value.words
    if isinstance(value, Origin):
        return value.name
    if isinstance(value, tuple | list):
        if len(value) == 2 and all(isinstance(one, int) for one in value):
            return f"{value[0]}:{value[1]}"
        return [str(_cell(one)) for one in value]
    return str(value)
