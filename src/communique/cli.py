"""The commands: `read` and `lookup` here, those of a ledger in `commands`. Thin: they parse, call and print.

In: arguments. Out: text or JSON on standard output, sentences on standard error, and an exit code: 0 all read,
1 some failed, 2 usage. Must not hold any logic about records.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.commands import COMMANDS
from communique.commands.options import spread
from communique.commands.printing import ClosedError, write
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.document import Loaded, Overrides
    from communique.reading import Reader
    from communique.records import Reading

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads political news, German and English, and prints records with the words that prove them.",
)  # fmt: skip

SOME_FAILED, USAGE = 1, 2

Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Texts, HTML, JSON, JSON Lines, folders, or - for standard input.")
]
Own = Annotated[
    list[Path] | None, typer.Option("--knowledge", metavar="YAML", help="Your own actors, outlets and words.")
]
Day = Annotated[
    str | None, typer.Option("--published", metavar="DAY", help="Day of publication of all items, e.g. 2024-07-04.")
]
Lang = Annotated[str | None, typer.Option("--language", metavar="CODE", help="Language of all items: de or en.")]
Least = Annotated[
    float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out records below it; 0 shows all.")
]


def _version(asked: bool) -> None:
    if asked:
        from communique import __version__

        typer.echo(f"communique {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of all commands."""


@dataclass(frozen=True)
class Form:
    """How records are printed, and which."""

    json: Annotated[bool, typer.Option("--json", help="JSON Lines, one object per item.")] = False
    layers: Annotated[bool, typer.Option("--layers", help="With times, quantities and mentions (with --json).")] = False
    html: Annotated[Path | None, typer.Option("--html", metavar="PAGE", help="Write one self-contained page.")] = None
    min_confidence: Least = 0.5


@app.command("read")
@spread
def read_command(files: Files, form: Form, published: Day = None, language: Lang = None, knowledge: Own = None) -> None:
    """Read items and print their records: who, said, done, promised, figures, problems."""
    from communique.document import Overrides, load
    from communique.reading import Reader

    if form.layers and not form.json:
        raise CommuniqueError("--layers is shown with --json only; add --json.")
    if form.json and form.html is not None:
        raise CommuniqueError("--json and --html are two outputs; give one of them.")
    overrides = Overrides(published=published, language=language)
    reader = Reader(tuple(knowledge or ()))
    items = (loaded for file in files for loaded in load(file, overrides))
    if form.html is not None:
        failed = _write_page(form.html, reader, items, overrides, form.min_confidence)
    elif form.json:
        failed = _print_json(reader, items, form.layers, form.min_confidence)
    else:
        failed = _print_summaries(reader, items, form.min_confidence)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _reading(reader: Reader, loaded: Loaded) -> Reading:
    """The reading of an item, or an empty one with its problems where it could not be read."""
    from communique.records import Document, Reading

    if loaded.document is not None and not loaded.failed:
        return reader.read(loaded.document, loaded.problems)
    document = loaded.document or Document(text="", origin=dict(loaded.origin))
    return Reading(document=document, problems=loaded.problems, reader=reader.about)


def _print_json(reader: Reader, items: Iterable[Loaded], layers: bool, least: float) -> int:
    import json

    from communique.notation import as_json

    failed = 0
    for loaded in items:
        failed += loaded.failed
        _complain(loaded)
        content = as_json(_reading(reader, loaded), layers=layers, min_confidence=least)
        write(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
    return failed


def _complain(loaded: Loaded) -> None:
    """Say on standard error why an item was not read."""
    from communique.summary import plain

    if loaded.failed:
        for problem in loaded.problems:
            typer.echo(plain(problem.message), err=True)


def _print_summaries(reader: Reader, items: Iterable[Loaded], least: float) -> int:
    from rich.console import Console

    from communique.summary import fitted, summary

    console = Console(highlight=False, soft_wrap=True)
    failed = count = 0
    for loaded in items:
        failed += loaded.failed
        _complain(loaded)
        if loaded.document is None or loaded.failed:
            continue
        with console.capture() as captured:
            if count:
                console.print()
            for line in summary(_reading(reader, loaded), least):
                for part in fitted(line, console):
                    console.print(part)
        write(captured.get())
        count += 1
    return failed


def _write_page(path: Path, reader: Reader, items: Iterable[Loaded], overrides: Overrides, least: float) -> int:
    from communique.view import page

    failed = 0
    readings = []
    for loaded in items:
        failed += loaded.failed
        _complain(loaded)
        readings.append(_reading(reader, loaded))
    try:
        path.write_text(page(readings, min_confidence=least), "utf-8")
    except OSError as error:
        raise CommuniqueError(f"{path} cannot be written ({error.strerror}); name another file.") from error
    typer.echo(f"{len(readings)} item{'s' * (len(readings) != 1)} written to {path}", err=True)
    return failed


@app.command("lookup")
def lookup_command(
    name: Annotated[
        str, typer.Argument(help="A state, organisation, person, initiative or outlet, as spelt anywhere.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="Offices as held on a day (default: today).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines, one object per row.")] = False,
    knowledge: Own = None,
) -> None:
    """Look a name up in the knowledge: codes, offices with terms, members."""
    import datetime

    from communique.answers import as_rows, contested, described
    from communique.knowledge import Knowledge
    from communique.press import published

    day = datetime.date.today().isoformat() if on is None else published(on)
    if day is None:
        raise CommuniqueError(f"'{on}' is no day; give --on as 2024-07-04.")
    known = Knowledge.load(tuple(knowledge)) if knowledge else Knowledge.default()
    hits = known.lookup(name, day)
    cases = known.contested_for(name, [row for row, _form, score in hits if score == 1.0])
    if not hits and not cases:
        typer.echo(f"{name!r} is not in the knowledge; try another spelling, or add it with --knowledge.", err=True)
        raise typer.Exit(SOME_FAILED)
    for text in as_rows(hits, known, day, cases) if json else (*described(hits, known, day), *contested(cases)):
        write(text + "\n")


for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


def main() -> None:
    """Run the command line; a CommuniqueError becomes one sentence and exit code 2."""
    if sys.stdout is None:
        raise SystemExit(_stopped("standard output is closed; open it, or send it to a file."))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
        sys.stdout.flush()
    except CommuniqueError as error:
        raise SystemExit(_stopped(str(error))) from None
    except (ClosedError, BrokenPipeError):
        _silence()
        raise SystemExit(0) from None
    except OSError as error:
        _silence()
        raise SystemExit(_stopped(f"the output cannot be written ({error.strerror}); make room for it.")) from None


def _stopped(sentence: str) -> int:
    """Say why nothing more is done; the exit code for it."""
    from communique.summary import plain

    typer.echo(f"communique: {plain(sentence)}", err=True)
    return USAGE


def _silence() -> None:
    """Send what is still buffered nowhere, so that Python doesn't fail a second time when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
