"""Commands that bring items into a ledger: ingest, watch, load; and doctor, which looks whether all is in place.

In: sources. Out: what became of the items. Must not know how items are fetched, read or kept.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from communique.commands.options import AsJson, LedgerFile, opened, spread
from communique.commands.printing import SOME_FAILED, counted, print_object, say, write
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from communique.intake.articles import Reach
    from communique.intake.keeper import Tally
    from communique.intake.remembered import Memory
    from communique.intake.work import Setup
    from communique.ledger import Ledger

Own = Annotated[
    list[Path] | None, typer.Option("--knowledge", metavar="YAML", help="Your own actors, outlets and words.")
]
LogJson = Annotated[bool, typer.Option("--log-json", help="What happens meanwhile, as JSON lines on standard error.")]
Allow = Annotated[
    list[str] | None, typer.Option("--allow", metavar="NETWORK", help="Private addresses that may be fetched from.")
]

_OUTCOMES = {
    "new": "new", "changed": "changed", "reread": "read again", "known": "known already", "skipped": "done before",
    "redacted": "kept out, since taken out before", "failed": "failed",
}  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """What is taken for granted of items, and which are read."""

    published: Annotated[
        str | None, typer.Option("--published", metavar="DAY", help="Day of publication of all items.")
    ] = None
    language: Annotated[str | None, typer.Option("--language", metavar="CODE", help="Language of all items.")] = None
    knowledge: Own = None
    again: Annotated[bool, typer.Option("--again", help="Read known texts again, as a newer reader should.")] = False


@dataclass(frozen=True)
class Run:
    """How a run goes, and where it begins."""

    processes: Annotated[
        int, typer.Option("--processes", metavar="N", min=0, help="How many read; 0: one per core.")
    ] = 0
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the last run was interrupted.")] = False
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed last time.")] = False
    allow: Allow = None


@dataclass(frozen=True)
class Engine:
    """Where items are read: in processes here, or on Ray."""

    engine: Annotated[str, typer.Option("--engine", metavar="NAME", help="local, or ray (with --out).")] = "local"
    address: Annotated[str | None, typer.Option("--address", help="Of a Ray cluster; else one is begun here.")] = None
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="With ray: for Parquet files.")] = None


@spread
def ingest(
    manner: Manner,
    run: Run,
    engine: Engine,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE…", help="Files, folders, archives, exports, feeds, or - for standard input."),
    ] = None,
    ledger: LedgerFile = None,
    json: AsJson = False,
    log_json: LogJson = False,
) -> None:
    """Read items into a ledger, and follow copies, stories, promises and figures."""
    if engine.engine == "ray":
        _on_ray(sources or [], _setup(manner), engine, run.processes)
        return
    if engine.engine != "local":
        raise CommuniqueError(f"There is no engine '{engine.engine}'; there are local and ray.")
    if bool(sources) == run.retry:
        raise CommuniqueError("Name what to ingest, or give --retry for what failed last time, not both.")
    from communique.intake.progress import progress_of
    from communique.intake.run import Job
    from communique.intake.run import ingest as take
    from communique.intake.sources import Settings

    with opened(ledger, writing=True, create=True) as known, _memory(known) as memory, _stopping() as stop:
        setup = _setup(manner, Path(known.path))
        settings = Settings(setup.overrides, _reach(memory, run.allow))
        job = Job(tuple(sources or ()), setup, None, settings, run.processes, run.resume, run.retry)
        tally = take(known, job, progress_of(as_json=log_json), stop.is_set)
        _report(known, tally, json)
        if stop.is_set():
            say("Stopped; --resume goes on from here.")
    if tally.failed or stop.is_set():
        raise typer.Exit(SOME_FAILED)


def _setup(manner: Manner, ledger: Path | None = None) -> Setup:
    from communique.document import Overrides
    from communique.intake.work import Setup
    from communique.reading import Reader

    overrides = Overrides(published=manner.published, language=manner.language)
    return Setup(partial(Reader, tuple(manner.knowledge or ())), overrides, ledger, manner.again)


def _reach(memory: Memory, allow: list[str] | None) -> Reach:
    from communique.intake.articles import Reach
    from communique.intake.fetching import Manners, Web
    from communique.intake.transport import Limits

    return Reach(Web(Manners(limits=Limits(allowed=tuple(allow or ())))), memory)


@contextmanager
def _memory(ledger: Ledger) -> Iterator[Memory]:
    """What is remembered of addresses, beside the ledger."""
    from communique.intake.journal import beside
    from communique.intake.remembered import Memory

    memory = Memory(beside(Path(ledger.path), "fetched"))
    try:
        yield memory
    finally:
        memory.close()


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that a signal sets; the second signal ends the process at once."""
    stop = threading.Event()

    def set_it(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    names = [signal.SIGINT, signal.SIGTERM]
    before: dict[signal.Signals, Any] = {name: signal.signal(name, set_it) for name in names}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _on_ray(sources: list[str], setup: Setup, engine: Engine, workers: int) -> None:
    from communique.intake.cluster import Cluster, read
    from communique.intake.run import cores

    out = engine.out
    if out is None or not sources:
        raise CommuniqueError("--engine ray needs sources, and --out FOLDER for what is read.")
    number = read(sources, out, setup, Cluster(engine.address, workers or cores()))
    say(f"{counted(number, 'item')} written to {out}; communique load {out} --ledger FILE puts them into a ledger.")


def _report(ledger: Ledger, tally: Tally, json: bool) -> None:
    """What came in, and what the ledger holds now."""
    from communique.intake.journal import beside

    counts = ledger.counts()
    if json:
        outcomes = {name: tally.outcomes[name] for name in _OUTCOMES}
        print_object({**outcomes, **tally.records, **_details(tally), "ledger": dict(counts)})
        return
    for text in summary(tally):
        write(f"{text}\n")
    failed = beside(Path(ledger.path), "failed")
    if tally.failed and failed.exists():
        write(f"failures: {failed} (--retry tries them again)\n")
    write(f"{ledger.path}: {counted(counts['item'], 'item')}, {counted(counts['record'], 'record')}\n")


def _details(tally: Tally) -> dict[str, Any]:
    told = tally.as_object()
    return {name: told[name] for name in ("failures", "outlets", "seconds")}


def summary(tally: Tally) -> Iterator[str]:
    """A tally in lines: items, records, failures by kind."""
    became = [f"{tally.outcomes[name]:,} {words}" for name, words in _OUTCOMES.items() if tally.outcomes[name]]
    yield f"items: {', '.join(became) or 'none'}"
    read = [counted(number, kind[:-1]) for kind, number in tally.records.items() if number]
    if read:
        yield f"records: {', '.join(read)}"
    if tally.failures:
        yield f"failed: {', '.join(f'{kind} {number:,}' for kind, number in tally.failures.most_common())}"


def watch(
    feeds: Annotated[Path, typer.Argument(metavar="FEEDS", help="A TOML file that names feeds.")],
    ledger: LedgerFile = None,
    once: Annotated[bool, typer.Option("--once", help="Look at what is due, and end.")] = False,
    knowledge: Own = None,
    log_json: LogJson = False,
) -> None:
    """Keep a ledger up with feeds; ends cleanly on a signal, and goes on where it was."""
    from communique.intake.progress import progress_of
    from communique.intake.watching import Watch, read_feeds, with_reader

    watched = read_feeds(feeds)
    with opened(ledger, writing=True, create=True) as known, _memory(known) as memory, _stopping() as stop:
        setup = with_reader(_setup(Manner(knowledge=knowledge)))
        progress = partial(progress_of, as_json=log_json)
        for tally in Watch(known, watched, setup, memory, progress, stop).rounds(once=once):
            if tally.items and not log_json:
                write("; ".join(summary(tally)) + "\n")


def load(
    sources: Annotated[list[str], typer.Argument(metavar="FILE…", help="Parquet or JSON Lines of readings, folders.")],
    ledger: LedgerFile = None,
    by_month: Annotated[
        Path | None, typer.Option("--by-month", metavar="FOLDER", help="One ledger per month, in a folder.")
    ] = None,
    json: AsJson = False,
    log_json: LogJson = False,
) -> None:
    """Put readings that were made elsewhere into a ledger, without reading again."""
    from communique.intake.loading import load as run
    from communique.intake.progress import progress_of

    progress = progress_of(as_json=log_json)
    if by_month is not None:
        by_month.mkdir(parents=True, exist_ok=True)
        tally = run(sources, progress, by_month=by_month)
        for text in summary(tally):
            write(f"{text}\n")
    else:
        with opened(ledger, writing=True, create=True) as known:
            tally = run(sources, progress, ledger=known)
            _report(known, tally, json)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)


def doctor(ledger: LedgerFile = None, json: AsJson = False) -> None:
    """Look whether everything is in place: versions, knowledge, model, disk, a self-test."""
    from communique.intake.doctor import findings

    bad = 0
    for finding in findings(ledger):
        bad += finding.good is False
        if json:
            print_object({"name": finding.name, "good": finding.good, "sentence": finding.sentence})
        else:
            mark = {True: "good", False: "BAD ", None: "    "}[finding.good]
            write(f"{mark}  {finding.name + ':':<11}{finding.sentence}\n")
    if bad:
        raise typer.Exit(SOME_FAILED)
