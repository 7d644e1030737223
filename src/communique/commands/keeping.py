"""Commands that write into a ledger: ingest, judge, redact.

In: files, verdicts. Out: items, records and conclusions in the ledger, and what became of them in one line.
Must not know how items are read, nor how anything is concluded.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from communique.commands.options import AsJson, LedgerFile, opened
from communique.commands.printing import SOME_FAILED, counted, print_object, say, write
from communique.errors import CommuniqueError, LedgerError
from communique.notation import RECORD_LISTS

if TYPE_CHECKING:
    from communique.document import Loaded
    from communique.ledger import Ledger
    from communique.ledger.rows import Judgement
    from communique.reading import Reader
    from communique.records import Document, Reading, Record

LEAST_KEPT = 0.2
"""Records below it are not kept: of five such four are wrong, and no question asks for them."""
AT_ONCE, SECONDS = 50, 5.0
"""Items and seconds after which what was read is committed, whichever comes first."""
AUTHOR = "COMMUNIQUE_AUTHOR"

By = Annotated[str | None, typer.Option("--by", envvar=AUTHOR, metavar="NAME", help="Who says so.")]


@dataclass(slots=True)
class Tally:
    """What became of the items that came in."""

    outcomes: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        """Items that could not be read or kept."""
        return self.outcomes["failed"]


def ingest(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Texts, HTML, JSON, JSON Lines, folders, or - for standard input."),
    ],
    ledger: LedgerFile = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DAY", help="Day of publication of all items.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="CODE", help="Language of all items.")] = None,
    knowledge: Annotated[
        list[Path] | None, typer.Option("--knowledge", metavar="YAML", help="Your own actors, outlets and words.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Read items into a ledger and conclude what follows from them."""
    from communique.document import Overrides, load

    overrides = Overrides(published=published, language=language)
    with opened(ledger, writing=True, create=True) as known:
        from communique.reading import Reader

        reader = Reader(tuple(knowledge or ()))
        tally = Tally()
        items = (loaded for file in files for loaded in load(file, overrides))
        with _progress() as progress:
            _take_in(known, reader, _watched(items, progress), tally)
        _report(known, tally, json)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)


def _take_in(ledger: Ledger, reader: Reader, items: Iterable[Loaded], tally: Tally) -> None:
    """Read and keep items, some at once in one transaction; what was committed is safe whatever comes."""
    waiting: list[Reading] = []
    since = time.monotonic()
    for loaded in items:
        reading = _read(reader, loaded, tally)
        if reading is not None:
            waiting.append(reading)
        if len(waiting) >= AT_ONCE or time.monotonic() - since > SECONDS:
            _keep_all(ledger, waiting, tally)
            waiting, since = [], time.monotonic()
    _keep_all(ledger, waiting, tally)


def _read(reader: Reader, loaded: Loaded, tally: Tally) -> Reading | None:
    if loaded.document is None or loaded.failed:
        tally.outcomes["failed"] += 1
        for problem in loaded.problems:
            say(problem.message)
        return None
    try:
        return sure(reader.read(loaded.document, loaded.problems))
    except Exception as error:  # one bad item never stops the others
        _failed(loaded.document, "could not be read", error, tally)
        return None


def _failed(document: Document, what: str, error: Exception, tally: Tally) -> None:
    tally.outcomes["failed"] += 1
    say(f"{document.name or document.id} {what} ({type(error).__name__}: {error}).")


def sure(reading: Reading) -> Reading:
    """A reading without records that are hardly ever right; statements that others lie in stay."""
    records: tuple[Record, ...] = (*reading.statements, *reading.events, *reading.commitments, *reading.figures)
    needed = {record.asserted_by for record in records} | {statement.within for statement in reading.statements}

    def kept(some: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(record for record in some if record.confidence >= LEAST_KEPT or record.id in needed)

    return replace(
        reading, statements=kept(reading.statements), events=kept(reading.events),
        commitments=kept(reading.commitments), figures=kept(reading.figures),
    )  # fmt: skip


def _keep_all(ledger: Ledger, readings: list[Reading], tally: Tally) -> None:
    if readings:
        with ledger.batch():
            for reading in readings:
                _keep(ledger, reading, tally)


def _keep(ledger: Ledger, reading: Reading, tally: Tally) -> None:
    """Keep one reading and follow it; one that cannot be followed is kept all the same, and the others go on."""
    from communique.follow.update import follow

    what = "could not be kept"
    try:
        added = ledger.add(reading)
        tally.outcomes[added.outcome] += 1
        if added.outcome in ("new", "changed", "reread"):
            for kind in RECORD_LISTS:
                tally.records[kind] += len(getattr(reading, kind))
            what = "was kept, but nothing was concluded from it"
            follow(ledger, added.key)
    except LedgerError:
        raise
    except Exception as error:  # one bad item never stops the others
        _failed(reading.document, what, error, tally)


def _progress() -> AbstractContextManager[Any]:
    """A line that counts on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        return nullcontext(None)
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("items read:"), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _watched(items: Iterable[Loaded], progress: Any) -> Iterator[Loaded]:
    task = progress.add_task("items", total=None) if progress is not None else None
    for loaded in items:
        yield loaded
        if progress is not None:
            progress.advance(task)


_OUTCOMES = {
    "new": "new", "changed": "changed", "reread": "read again", "known": "known already",
    "redacted": "kept out, since taken out before", "failed": "failed",
}  # fmt: skip


def _report(ledger: Ledger, tally: Tally, json: bool) -> None:
    """What came in, and what the ledger holds now."""
    counts = ledger.counts()
    if json:
        print_object({**{name: tally.outcomes[name] for name in _OUTCOMES}, **tally.records, "ledger": dict(counts)})
        return
    became = [f"{tally.outcomes[name]:,} {words}" for name, words in _OUTCOMES.items() if tally.outcomes[name]]
    read = [counted(number, kind[:-1]) for kind, number in tally.records.items() if number]
    write(f"items: {', '.join(became) or 'none'}\n")
    if read:
        write(f"records: {', '.join(read)}\n")
    write(f"{ledger.path}: {counted(counts['item'], 'item')}, {counted(counts['record'], 'record')}\n")


def judge(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Id of a record or document, or its beginning.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="right, wrong, unsure; of two: same, different.")],
    other: Annotated[str | None, typer.Argument(metavar="OTHER", help="The other one, for same and different.")] = None,
    by: By = None,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="Why.")] = "",
    correct: Annotated[
        tuple[str, str] | None, typer.Option("--correct", metavar="FIELD VALUE", help="With wrong: what is right.")
    ] = None,
    ledger: LedgerFile = None,
) -> None:
    """Say that a record is right or wrong, or two are the same.

    It wins over the machine, is never overwritten, and outlives newer readers.
    """
    from communique.ledger.rows import Judgement

    if not by:
        raise CommuniqueError(f"A judgement needs its author; give --by NAME, or set {AUTHOR}.")
    name, value = correct or (None, None)
    given = Judgement(verdict, record, other, by, "", note, name, value)
    with opened(ledger, writing=True) as known, known.batch():
        kept = known.judge(given)
        _follow_judged(known, kept)
    about = f"{kept.record} and {kept.other}" if kept.other else kept.record
    write(f"{kept.time}  {kept.author}: {about} {kept.verdict}{f' ({name} is {value})' if name else ''}\n")


def _follow_judged(ledger: Ledger, judgement: Judgement) -> None:
    """Bring up to date what is concluded from the records of a judgement."""
    from communique.follow.update import follow

    ids = [id for id in (judgement.record, judgement.other) if id]
    items = {stored.item.key for id in ids for stored in ledger.find(id)}
    items |= {item.key for id in ids for item in ledger.versions(id)}
    for key in sorted(items):
        follow(ledger, key)


def redact(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id.")],
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why it has to go; kept for good.")],
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask again.")] = False,
    ledger: LedgerFile = None,
) -> None:
    """Take a document's texts out for good; a tombstone stays.

    With them go all records, links and words that were derived from them; the same text is kept out from then on.
    """
    from communique.follow.update import follow

    if not by:
        raise CommuniqueError(f"A redaction needs its author; give --by NAME, or set {AUTHOR}.")
    with opened(ledger, writing=True) as known:
        versions = known.versions(document)
        if not versions:
            raise CommuniqueError(f"There is no document '{document}' in {os.fspath(known.path)}.")
        if not yes and not _agreed(document, len(versions)):
            raise CommuniqueError("Nothing was taken out; give --yes to do it without being asked.")
        done = known.redact(document, reason, by)
        for key in sorted(_left(known, done)):
            follow(known, key)
    write(f"{document}: {counted(len(done.items), 'text')} and {counted(len(done.records), 'record')} taken out\n")
    if done.same_text:
        say(f"The very same text is still in: {', '.join(done.same_text)}.")


def _agreed(document: str, versions: int) -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Take out {counted(versions, 'text')} of {document} for good?", err=True)


def _left(ledger: Ledger, done: Any) -> set[int]:
    """The items whose conclusions have to be made anew."""
    items: set[int] = set()
    for cluster in done.clusters:
        if cluster.kind in ("copy", "translation"):
            items |= set(cluster.members)
        else:
            items |= {stored.item.key for stored in ledger.stored(cluster.members)}
    return items - set(done.items)
