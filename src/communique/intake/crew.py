"""Processes that read: each loads the model once and gets batches of like length; results come back in order.

In: tasks in order, with notes between them. Out: the same, each task with its result. A process that dies is replaced,
and what it was at is done again. Must not know sources, nor the ledger's writing.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from communique.errors import CommuniqueError
from communique.intake.work import FAILED, Bench, Result, Setup, Task
from communique.records import Problem

BATCH = 8
"""Tasks of a batch at most."""
HEAVIEST = 60_000
"""Bytes of a batch at which it is closed, so that no process waits long for another."""
AHEAD = 2
"""Batches that a process has at once: one that it reads, one so that it need not wait."""
HELD = 48
"""Tasks per process that may be on the way; then no more are taken from the sources."""
DEATHS = 2
"""How often a process may die over one task before the task counts as failed."""

Step = Task | object
Done = tuple[Any, Result | None]


def alone(steps: Iterable[Step], bench: Bench) -> Iterator[Done]:
    """Do tasks in this process."""
    for step in steps:
        yield step, bench.work(step) if isinstance(step, Task) else None


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    batches: deque[list[Task]] = field(default_factory=deque)
    ready: bool = False


class Crew:
    """A number of processes; `with Crew(setup, 4) as crew: crew.run(steps)`."""

    def __init__(self, setup: Setup, number: int) -> None:
        self._setup, self._number = setup, number
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._todo: deque[list[Task]] = deque()
        self._deaths: Counter[int] = Counter()
        self._lost = 0

    def __enter__(self) -> Crew:
        self._workers = [self._hired() for _ in range(self._number)]
        return self

    def __exit__(self, *_raised: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(timeout=5)
            if worker.process.is_alive():
                worker.process.kill()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes, for who wants to watch them."""
        return [worker.process.pid for worker in self._workers]

    def _hired(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._setup), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def run(self, steps: Iterable[Step]) -> Iterator[Done]:
        """Do tasks; they come back in their order, and never more than HELD for each process are on the way."""
        source, open_source = iter(steps), True
        order: deque[Step] = deque()
        done: dict[int, Result] = {}
        while open_source or order:
            while open_source and len(order) < HELD * self._number and len(self._todo) <= self._number:
                chunk = _taken(source, BATCH * self._number)
                open_source = bool(chunk)
                order.extend(chunk)
                self._todo.extend(batches([step for step in chunk if isinstance(step, Task)]))
                self._hand_out()
            while order and (not isinstance(order[0], Task) or order[0].seq in done):
                step = order.popleft()
                yield step, done.pop(step.seq) if isinstance(step, Task) else None
            if any(isinstance(step, Task) for step in order):
                done.update((result.seq, result) for result in self._collected())

    def _hand_out(self) -> None:
        for load in range(AHEAD):
            for worker in self._workers:
                if self._todo and len(worker.batches) <= load and worker.ready:
                    self._send(worker, self._todo.popleft())

    def _send(self, worker: _Worker, batch: list[Task]) -> None:
        worker.batches.append(batch)
        # Where it died, what it had is given out again when its end is noticed.
        with suppress(OSError):
            worker.pipe.send(batch)

    def _collected(self) -> list[Result]:
        """Results of the processes that have some; waits for one."""
        found: list[Result] = []
        ready = wait([worker.pipe for worker in self._workers])
        for at, worker in enumerate(self._workers):
            if worker.pipe in ready:
                try:
                    found += self._received(worker, worker.pipe.recv())
                except (EOFError, OSError):
                    found += self._replaced(at)
        self._hand_out()
        return found

    def _received(self, worker: _Worker, message: Any) -> list[Result]:
        if isinstance(message, str):
            if message:
                raise CommuniqueError(message)
            worker.ready = True
            return []
        worker.batches.popleft()
        self._lost = 0
        return list(message)

    def _replaced(self, at: int) -> list[Result]:
        """Hire a process for one that died, and give out again what it had, one by one: so the culprit is found."""
        worker = self._workers[at]
        worker.pipe.close()
        worker.process.join()
        self._lost += 1
        if self._lost > DEATHS * self._number * BATCH + DEATHS:
            raise CommuniqueError("The reading processes die one after the other; is there enough memory?")
        self._workers[at] = self._hired()
        first, others = (worker.batches[0], list(worker.batches)[1:]) if worker.batches else ([], [])
        self._todo.extendleft(reversed(others))
        if len(first) == 1:
            self._deaths[first[0].seq] += 1
            if self._deaths[first[0].seq] >= DEATHS:
                return [_crashed(first[0], worker.process.exitcode)]
        self._todo.extendleft([task] for task in reversed(first))
        return []


def _crashed(task: Task, code: int | None) -> Result:
    origin = task.item.origin
    message = f"Item {task.number} of '{task.part}' ended the process that read it (exit code {code})."
    return Result(task.seq, FAILED, None, (Problem("crashed", "intake", message),), origin)


def _taken(source: Iterator[Step], number: int) -> list[Step]:
    """The next steps, as many as make so many tasks, or all that are left."""
    found: list[Step] = []
    tasks = 0
    for step in source:
        found.append(step)
        tasks += isinstance(step, Task)
        if tasks >= number:
            break
    return found


def batches(tasks: list[Task]) -> list[list[Task]]:
    """Tasks in batches of like length, the longest first, none too heavy; each in its order."""
    made: list[list[Task]] = []
    weight = 0
    for task in sorted(tasks, key=lambda task: (-task.size, task.seq)):
        if not made or len(made[-1]) >= BATCH or weight + task.size > HEAVIEST:
            made.append([])
            weight = 0
        made[-1].append(task)
        weight += task.size
    return [sorted(batch, key=lambda task: task.seq) for batch in made]


def serve(pipe: Connection, setup: Setup) -> None:
    """What a process does: load the reader, then work until the pipe is closed, be it because the other end died."""
    # The terminal sends its signal to all; the process that writes decides when work is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        bench = Bench(setup)
    except Exception as error:
        pipe.send(str(error) or type(error).__name__)
        return
    inbox: queue.SimpleQueue[list[Task] | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, inbox), daemon=True).start()
    try:
        pipe.send("")
        while (batch := inbox.get()) is not None:
            pipe.send([bench.work(task) for task in batch])
    except OSError:
        return


def _receive(pipe: Connection, inbox: queue.SimpleQueue[list[Task] | None]) -> None:
    """Take batches off the pipe at once, so that neither end waits for the other with its pipe full."""
    try:
        while True:
            inbox.put(pipe.recv())
    except (EOFError, OSError):
        inbox.put(None)
