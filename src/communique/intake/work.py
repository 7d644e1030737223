"""What is done with one item: made a document, looked up, read. The same in this process, in another, on a cluster.

In: tasks. Out: results that can be sent between processes. Must not know who hands out tasks, nor who keeps results.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from communique.document import Loaded, Overrides
from communique.intake.items import Incoming, loaded
from communique.records import Document, Layers, Problem, Reading, Record

if TYPE_CHECKING:
    from communique.ledger import Ledger

LEAST_KEPT = 0.2
"""Records below it are not kept: of five such four are wrong, and no question asks for them."""
READ, KNOWN, FAILED = "read", "known", "failed"


class Reads(Protocol):
    """What reads documents: `communique.reading.Reader`, or a stand-in for it in tests and benchmarks."""

    about: dict[str, str]

    def read(self, document: Document, problems: Sequence[Problem] = ()) -> Reading:
        """Read one document."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process needs to work: can be sent to another. `again`: read what the ledger knows already, too."""

    reader: Callable[[], Reads]
    overrides: Overrides = field(default_factory=Overrides)
    ledger: Path | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """An item in its place: `seq` counts all tasks of a run, `number` those of the part."""

    seq: int
    part: str
    number: int
    item: Incoming

    @property
    def size(self) -> int:
        """About how long it takes, in bytes."""
        if isinstance(self.item, Loaded):
            return len(self.item.document.text) if self.item.document else 0
        return self.item.size


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task: read (with its reading), known, failed (with problems); seconds per stage."""

    seq: int
    outcome: str
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    publisher: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


class Bench:
    """A place of work: reader and ledger are opened once, at the first task."""

    def __init__(self, setup: Setup, ledger: Ledger | None = None) -> None:
        self.setup, self._ledger = setup, ledger
        self.reader = setup.reader()

    def work(self, task: Task) -> Result:
        """Do one task; nothing that an item holds makes it raise."""
        clock = _Clock()
        found = loaded(task.item, self.setup.overrides)
        clock.lap("load")
        document = found.document
        if document is None or found.failed:
            return Result(task.seq, FAILED, None, found.problems, found.origin, None, clock.seconds)
        known = not self.setup.again and self._knows(document)
        clock.lap("look_up")
        if known:
            return Result(task.seq, KNOWN, None, (), found.origin, document.publisher, clock.seconds)
        try:
            reading = sure(self.reader.read(document, found.problems))
        except Exception as error:  # one item never stops the others
            message = f"The reader failed on {document.name or document.id} ({type(error).__name__}: {error})."
            return Result(task.seq, FAILED, None, (Problem("reader", "intake", message),), found.origin)
        clock.lap("read")
        return Result(task.seq, READ, reading, (), found.origin, document.publisher, clock.seconds)

    def _knows(self, document: Document) -> bool:
        if self._ledger is None and self.setup.ledger is not None:
            from communique.ledger import Ledger

            self._ledger = Ledger(self.setup.ledger, readonly=True)
        return self._ledger is not None and self._ledger.knows(document, self.reader.about)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._since
        self._since = now


def sure(reading: Reading) -> Reading:
    """A reading as it is kept: without layers and without records that are hardly ever right; statements that others
    lie in stay."""
    records: tuple[Record, ...] = (*reading.statements, *reading.events, *reading.commitments, *reading.figures)
    needed = {record.asserted_by for record in records} | {statement.within for statement in reading.statements}

    def kept(some: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(record for record in some if record.confidence >= LEAST_KEPT or record.id in needed)

    return replace(
        reading, statements=kept(reading.statements), events=kept(reading.events),
        commitments=kept(reading.commitments), figures=kept(reading.figures), layers=Layers(),
    )  # fmt: skip
