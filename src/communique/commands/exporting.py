"""The command that exports tables to files.

In: arguments. Out: a file, and how many rows are in it. Must not know what cells mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from communique.commands.options import Asked, AsOf, German, LedgerFile, OnDay, Output, full_day, spread, wanted
from communique.commands.printing import counted, say
from communique.errors import CommuniqueError

EVERYTHING = ("event", "statement", "commitment", "figure")
SPECIAL = {"network": "graphml", "lock": "json", "citation": "txt"}


@dataclass(frozen=True)
class File:
    """The file that is written."""

    format: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="csv, jsonl, parquet, …; else by the file's name."),
    ] = None
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")] = None
    german: German = False


@dataclass(frozen=True)
class Rows:
    """What the rows of a table are, and what they say."""

    attributed: Annotated[
        bool, typer.Option("--attributed", help="Also planned, denied, attributed events, in columns that say so.")
    ] = False
    per: Annotated[str, typer.Option("--per", metavar="ROW", help="Of layouts: a row per story or record.")] = "story"
    texts: Annotated[bool, typer.Option("--texts", help="Documents with their texts.")] = False
    directed: Annotated[bool, typer.Option("--directed", help="Dyads with a direction.")] = False
    on: OnDay = None


@spread
def export(
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="A table (events, promises, …), network, lock, citation."),
    ],
    asked: Asked,
    file: File,
    rows: Rows,
    ledger: LedgerFile = None,
    as_of: AsOf = None,
) -> None:
    """Write a table to a file: CSV, JSON Lines, Parquet, GraphML.

    Every table of the ledger, dyad-months, and events in POLECAT's and GDELT's columns.
    """
    output = Output(ledger=ledger, as_of=as_of)
    with output.open() as known:
        from communique.ask.export import TABLES, Exporting
        from communique.ask.export import export as write_file
        from communique.ask.export_table import Options

        if what not in TABLES and what not in SPECIAL:
            raise CommuniqueError(f"There is no table '{what}'; there are {', '.join((*TABLES, *SPECIAL))}.")
        if rows.per not in ("story", "record"):
            raise CommuniqueError(f"--per is story or record, not '{rows.per}'.")
        chosen = _format(what, file.format, file.out)
        path = file.out or Path(f"{what}.{chosen}")
        options = Exporting(
            wanted=wanted(asked, output, EVERYTHING), on=full_day(rows.on, "--on") if rows.on else None,
            attributed=rows.attributed, per=rows.per, texts=rows.texts, directed=rows.directed,
            file=Options(german=file.german),
        )  # fmt: skip
        number = write_file(known, what, chosen, path, options)
    say(f"{counted(number, 'row')} written to {path}")


def _format(what: str, format: str | None, out: Path | None) -> str:
    """The format that is said, else that of the file's name, else the usual one."""
    if format:
        return format
    suffix = out.suffix.lstrip(".").lower() if out else ""
    return SPECIAL.get(what) or suffix or "csv"
