"""One run: parts become tasks, tasks results, results a ledger; interrupted at any moment, it goes on where it was.

In: sources and how to read them. Out: a ledger that has their items, and a tally.
Must not know how any of the steps is done.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from communique.intake.articles import Note
from communique.intake.crew import Crew, Done, alone
from communique.intake.items import Incoming
from communique.intake.journal import Failures, Journal, beside, retried
from communique.intake.keeper import Keeper, Tally
from communique.intake.progress import Progress, Shown
from communique.intake.remembered import Memory
from communique.intake.sources import Part, Settings, count, is_address, items, parts
from communique.intake.work import FAILED, Bench, Result, Setup, Task
from communique.ledger import Ledger

FEW = 50
"""Items up to which one process is quicker than several that load the model first; feeds are waited for anyway."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to do. `wanted`: parts in place of those of the sources; `processes`: 0 for as many as there are cores;
    `retry`: what failed last time, instead of sources; `apart`: one of many looks of a watch, with files of its own.
    """

    sources: tuple[str, ...]
    setup: Setup
    wanted: tuple[Part, ...] | None = None
    settings: Settings = field(default_factory=Settings)
    processes: int = 0
    resume: bool = False
    retry: bool = False
    follow: bool = True
    apart: bool = False

    @property
    def files(self) -> str:
        """How the names of the files beside the ledger begin."""
        return "watch." if self.apart else ""


@dataclass(frozen=True, slots=True)
class End:
    """All items of a part have been handed out."""

    part: Part
    done: int


@dataclass(slots=True)
class _Books:
    """What a run writes beside the ledger, in the order in which things were committed."""

    journal: Journal
    failures: Failures
    memory: Memory
    places: dict[str, Part] = field(default_factory=dict)
    reached: dict[str, int] = field(default_factory=dict)
    ends: list[End] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def committed(self) -> None:
        """Note what the ledger has now."""
        for key, done in self.reached.items():
            self.journal.keep(self.places[key], done)
        for note in self.notes:
            self.memory.keep(note.url, note.facts)
        for end in self.ends:
            self.journal.keep(end.part, end.done, end=True)
            self.places.pop(end.part.key, None)
        self.reached, self.ends, self.notes = {}, [], []


def ingest(ledger: Ledger, job: Job, progress: Progress, stop: Callable[[], bool] = lambda: False) -> Tally:
    """Read the items of sources into a ledger. `stop` is asked before each item; what was begun is kept then."""
    path = Path(ledger.path)
    wanted = tuple(retried(beside(path, "failed"))) if job.retry else job.wanted
    failed = beside(path, "retried" if job.retry else f"{job.files}failed")
    books = _Books(
        Journal(beside(path, f"{job.files}progress"), job.sources, resume=job.resume),
        Failures(failed, resume=job.resume or job.apart),
        job.settings.reach.memory if job.settings.reach else Memory(),
    )
    tally, finished = Tally(), False
    total = _total(wanted if wanted is not None else parts(job.sources))
    try:
        with Shown(progress, tally) as shown:
            shown.start(total)
            steps = _steps(wanted if wanted is not None else parts(job.sources), job.settings, books, tally, stop)
            _go(steps, ledger, job, books, shown, tally, total)
        finished = not stop()
    finally:
        books.journal.close(finished=finished)
        books.failures.close()
        if job.retry and finished:
            books.failures.replace(beside(path, "failed"))
    return tally


def _go(
    steps: Iterator[object],
    ledger: Ledger,
    job: Job,
    books: _Books,
    progress: Progress,
    tally: Tally,
    total: int | None,
) -> None:
    keeper = Keeper(ledger, tally, progress.say, follow=job.follow)
    few = (total is not None and total <= FEW) or (bool(job.sources) and all(map(is_address, job.sources)))
    number = job.processes or (1 if few else cores())
    if number == 1:
        _keep_all(alone(steps, Bench(job.setup, ledger)), keeper, books, progress)
    else:
        with Crew(job.setup, number) as crew:
            _keep_all(crew.run(steps), keeper, books, progress)


def _total(wanted: Iterable[Part]) -> int | None:
    """How many items there are, where all parts say so."""
    total = 0
    for part in wanted:
        number = count(part)
        if number is None:
            return None
        total += number
    return total


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _steps(
    wanted: Iterable[Part], settings: Settings, books: _Books, tally: Tally, stop: Callable[[], bool]
) -> Iterator[object]:
    """Tasks in order, notes and ends of parts between them."""
    seq = 0
    for part in wanted:
        numbers = sorted(part.only) if part.only is not None else None
        reached = books.journal.reached(part)
        tally.outcomes["skipped"] += reached.done
        if reached.end:
            continue
        number = reached.done
        books.places[part.key] = part
        for item in _timed(_rest(items(part, settings), reached.done), tally):
            if stop():
                return
            if isinstance(item, Note):
                yield item
                continue
            seq, number = seq + 1, number + 1
            yield Task(seq, part.key, numbers[number - 1] if numbers else number, item)
        yield End(part, number)


def _rest(found: Iterator[Incoming | Note], done: int) -> Iterator[Incoming | Note]:
    """What is left of a part behind the items that are done."""
    if done:
        for _ in islice((item for item in found if not isinstance(item, Note)), done):
            pass
    return found


def _timed(found: Iterator[Incoming | Note], tally: Tally) -> Iterator[Incoming | Note]:
    while True:
        start = time.perf_counter()
        item = next(found, None)
        tally.spent("source", time.perf_counter() - start)
        if item is None:
            return
        yield item


def _keep_all(done: Iterator[Done], keeper: Keeper, books: _Books, progress: Progress) -> None:
    for step, result in done:
        if isinstance(step, Note):
            books.notes.append(step)
        elif isinstance(step, End):
            books.ends.append(step)
        elif result is not None:
            _keep(step, result, keeper, books, progress)
        if keeper.due:
            _commit(keeper, books)
    _commit(keeper, books)


def _keep(task: Task, result: Result, keeper: Keeper, books: _Books, progress: Progress) -> None:
    keeper.take(result)
    part = books.places[task.part]
    if part.steady:
        books.reached[task.part] = task.number
    if result.outcome == FAILED:
        last = result.problems[-1]
        books.failures.keep(part, task.number, last.code, last.message, result.origin)
        for problem in result.problems:
            progress.say(problem.message, failure=problem.code)
    progress.step(keeper.tally)


def _commit(keeper: Keeper, books: _Books) -> None:
    keeper.commit()
    books.committed()
