"""Answers on a terminal or in a pipe: tables for people, JSON, CSV.

In: rows with their columns, or lines. Out: text on standard output. Control characters of items never
reach the terminal. Must not know the ledger.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, TypeVar

import typer

from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from communique.ask.columns import Column
    from communique.commands.options import Output

Row = TypeVar("Row")
NOTHING, SOME_FAILED, USAGE = 1, 1, 2
NARROWEST = 60


class ClosedError(Exception):
    """Nobody reads the output any more, as behind `| head`; no OSError, which typer and rich would exit 1 for."""


def write(text: str) -> None:
    """Write to standard output; ClosedError where nobody reads it."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ClosedError from error


def say(sentence: str) -> None:
    """Say something beside the answers."""
    from communique.summary import plain

    typer.echo(plain(sentence), err=True)


def print_object(content: Any) -> None:
    """Print one JSON object."""
    write(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def print_rows(
    rows: Sequence[Row],
    columns: Sequence[Column[Row]],
    output: Output,
    shown: Callable[[Row], Sequence[RenderableType]],
) -> None:
    """Print rows as JSON, CSV or, with the cells that `shown` makes of each, as a table; exit 1 without any."""
    from communique.ask.columns import as_object

    if output.json:
        for row in rows:
            print_object(as_object(row, columns))
    elif output.csv:
        print_csv(rows, columns, german=output.german)
    elif rows:
        print_table(shown(row) for row in rows)
    if not rows:
        say("Nothing in the ledger fits.")
        raise typer.Exit(NOTHING)


def print_csv(rows: Iterable[Row], columns: Sequence[Column[Row]], *, german: bool) -> None:
    """Print rows as CSV; for a German Excel with a byte order mark, semicolons and decimal commas."""
    from communique.ask.columns import as_table
    from communique.ask.export_table import Options, csv_rows

    class Out:
        """Standard output with line ends as they are written."""

        def write(self, text: str) -> int:
            write(text)
            return len(text)

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="")
    if german:
        write("\ufeff")
    file: IO[str] = Out()  # type: ignore[assignment]
    csv_rows(as_table("answer", rows, columns), file, Options(german=german))


def print_table(rows: Iterable[Sequence[RenderableType]]) -> None:
    """Print rows of cells below each other without lines: a day, what is said in the width that is left, the rest."""
    from rich.table import Table

    console = terminal()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    for at, cells in enumerate(rows):
        if at == 0:
            _columns(table, len(cells))
        table.add_row(*cells)
    show(console, [table])


def _columns(table: Any, number: int) -> None:
    table.add_column(no_wrap=True, width=10)
    table.add_column(ratio=1, overflow="fold")
    for _ in range(number - 2):
        table.add_column(width=20, overflow="fold")


def terminal() -> Console:
    """A console as wide as the terminal, 80 columns in a pipe."""
    from rich.console import Console

    return Console(highlight=False)


def show(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print what rich made, in one piece."""
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))


def styled(*parts: tuple[str, str]) -> Text:
    """Text out of words and their styles, without anything a terminal would obey."""
    from rich.text import Text

    from communique.summary import plain

    text = Text()
    for words, style in parts:
        text.append(plain(words), style=style)
    return text


def quoted(words: str, limit: int = 150) -> str:
    """Words in quotation marks, cut in the middle when long."""
    from communique.summary import shortened

    return f"«{shortened(words, limit)}»" if words else ""


def short(id: str | None) -> str:
    """An id as far as people need it to find it again.

    >>> short("e-0123456789abcdef")
    'e-01234567'
    """
    return (id or "")[:10]


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "story", "stories"), counted(1200, "item")
    ('1 story', '1,200 items')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lines(parts: Iterable[str]) -> Iterator[str]:
    """Lines that are not empty."""
    return (part for part in parts if part)


def one_of(value: str, allowed: Sequence[str], option: str) -> str:
    """A value that has to be one of several."""
    if value not in allowed:
        raise CommuniqueError(f"{option} is one of {', '.join(allowed)}, not '{value}'.")
    return value
