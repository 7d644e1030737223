"""How quick the intake is against its reader alone, on one and two processes and on Ray, and how much memory it needs.

`python benchmarks/intake.py TEXTS…` takes JSON Lines of items of your own; writes `benchmarks/results/intake.json`.
Texts are repeated with an edit each until there are enough. `--only` names some measurements.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.ledger import reading
from benchmarks.reading import machine, version

from communique.document import load
from communique.intake.keeper import Tally
from communique.intake.run import Job, ingest
from communique.intake.work import Reads, Setup
from communique.ledger import Ledger
from communique.reading import Reader
from communique.records import Document, Problem, Reading

RESULT = Path(__file__).resolve().parent / "results" / "intake.json"
SAMPLE = 100
"""Items between two looks at the memory."""
WARM = 200
"""Items after which the rate counts."""
SETTLED = 2000
"""Items after which memory must not grow."""


class Stub:
    """A reader that costs nothing: ten invented records, always the same for the same item."""

    def __init__(self) -> None:
        self.about = {"name": "stub", "version": "1"}

    def read(self, document: Document, problems: Sequence[Problem] = ()) -> Reading:
        number = int(document.id.rpartition("-")[2])
        made = reading(number)
        return Reading(
            made.document,
            made.entities,
            made.statements,
            made.events,
            made.commitments,
            made.figures,
            reader=self.about,
        )


class Watching:
    """Keeps the private memory of this process and its children now and then, and when each item came."""

    def __init__(self) -> None:
        self.memory: list[tuple[int, float]] = []
        self.first = self.last = 0.0
        self.begun = 0

    def start(self, total: int | None) -> None:
        self.first = time.perf_counter()

    def step(self, tally: Tally) -> None:
        if not self.begun and tally.items >= WARM:
            # Processes that have just begun load their model; the rate counts from when all are at work.
            self.begun, self.first = tally.items, time.perf_counter()
        self.last = time.perf_counter()
        if tally.items >= (self.memory[-1][0] if self.memory else 0) + SAMPLE:
            self.memory.append((tally.items, megabytes()))

    def say(self, sentence: str, **_about: Any) -> None:
        print(sentence, file=sys.stderr)

    def end(self, tally: Tally) -> None:
        pass


def megabytes() -> float:
    """Private memory of this process and its children; pages of files that are mapped are the system's."""
    here = os.getpid()
    pids = [here, *(int(name) for name in os.listdir("/proc") if name.isdigit() and _parent(int(name)) == here)]
    return round(sum(map(_private, pids)) / 1000, 1)


def _status(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name + ":")), 0)


def _parent(pid: int) -> int:
    return _status(pid, "PPid")


def _private(pid: int) -> int:
    return _status(pid, "RssAnon")


def edited(texts: Sequence[Path], number: int, path: Path) -> None:
    """So many items: those of the texts, then the same with an edit and an id of their own."""
    lines = [json.loads(line) for text in texts for line in text.open(encoding="utf-8")]
    with path.open("w", encoding="utf-8") as out:
        for at in range(number):
            item = dict(lines[at % len(lines)])
            again = at // len(lines)
            if again:
                item["text"] += f"\n\nThis is edition {again} of the item."
            out.write(json.dumps({**item, "id": f"item-{at}", "url": None}, ensure_ascii=False) + "\n")


def stubs(number: int, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for at in range(number):
            out.write(json.dumps({"id": f"invented-{at}", "text": f"Invented item {at}."}) + "\n")


def alone(source: Path) -> dict[str, float]:
    """The reader's own time over all items, in this process."""
    reader = Reader()
    documents = [loaded.document for loaded in load(source) if loaded.document]
    for document in documents[:20]:
        reader.read(document)
    start, busy = time.perf_counter(), time.process_time()
    for document in documents:
        reader.read(document)
    seconds = time.perf_counter() - start
    return {
        "items": len(documents), "seconds": round(seconds, 2), "cpu_seconds": round(time.process_time() - busy, 2),
        "items_per_second": round(len(documents) / seconds, 2),
    }  # fmt: skip


def run(source: Path, folder: Path, reader: Callable[[], Reads], processes: int, follow: bool = True) -> dict[str, Any]:
    """One ingest into a new ledger."""
    path = folder / f"{source.stem}-{processes}-{follow}.ledger"
    watching = Watching()
    start, busy = time.perf_counter(), cpu_seconds()
    with Ledger(path) as ledger:
        job = Job((str(source),), Setup(reader, ledger=path), processes=processes, follow=follow)
        tally = ingest(ledger, job, watching)
        counts = ledger.counts()
    seconds = watching.last - watching.first
    rest = [size for items, size in watching.memory if items >= SETTLED]
    return {
        "processes": processes, "items": tally.items, "seconds_in_all": round(time.perf_counter() - start, 2),
        "items_per_second": round((tally.items - watching.begun) / seconds, 2), "records": counts["record"],
        "cpu_seconds_in_all": round(cpu_seconds() - busy, 2),
        "stages": {name: round(value, 2) for name, value in sorted(tally.seconds.items())},
        "ledger_mb": round(path.stat().st_size / 1e6, 1), "memory_mb": memory(watching.memory),
        "memory_growth_mb": round(rest[-1] - rest[0], 1) if len(rest) > 1 else None,
    }  # fmt: skip


def cpu_seconds() -> float:
    """What this process and its children that are over have used of the processor."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def memory(samples: list[tuple[int, float]]) -> dict[str, float]:
    """Some of the samples, by number of items."""
    step = max(1, len(samples) // 10)
    return {str(items): size for items, size in [*samples[::step], *samples[-1:]]}


def full(texts: Sequence[Path], folder: Path, number: int) -> Iterator[tuple[str, Any]]:
    source = folder / "full.jsonl"
    edited(texts, number, source)
    reader = alone(source)
    one, two = (run(source, folder, partial(Reader, ()), processes) for processes in (1, 2))
    yield "reader_alone", reader
    yield "one_process", one
    yield "two_processes", two
    stages = one["stages"]
    yield "overhead_percent", round(100 * (sum(stages.values()) / stages["read"] - 1), 1)
    without = sum(value for name, value in stages.items() if name not in ("follow", "add", "read"))
    yield "overhead_of_intake_percent", round(100 * without / stages["read"], 1)
    yield "two_against_one", round(two["items_per_second"] / one["items_per_second"], 2)


def many(_texts: Sequence[Path], folder: Path, number: int) -> Iterator[tuple[str, Any]]:
    source = folder / "many.jsonl"
    stubs(number, source)
    yield "stub", run(source, folder, Stub, 2, follow=False)


def ray(texts: Sequence[Path], folder: Path, number: int) -> Iterator[tuple[str, Any]]:
    """Ray on this machine with two actors; the rate after start is that of the larger of two runs less the smaller."""
    from communique.intake.cluster import Cluster, read

    times = {}
    for part in (number // 5, number):
        source = folder / f"ray-{part}.jsonl"
        edited(texts, part, source)
        start = time.perf_counter()
        read([str(source)], folder / f"out-{part}", Setup(partial(Reader, ())), Cluster(None, 2))
        times[part] = time.perf_counter() - start
    small, large = sorted(times)
    yield "ray", {
        "workers": 2, "seconds": {str(items): round(seconds, 1) for items, seconds in times.items()},
        "items_per_second_after_start": round((large - small) / (times[large] - times[small]), 2),
    }  # fmt: skip


MEASURED: dict[str, tuple[Callable[..., Iterator[tuple[str, Any]]], int]] = {
    "full": (full, 3000), "many": (many, 100_000), "ray": (ray, 3000),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--only", action="append", choices=list(MEASURED))
    parser.add_argument("--items", type=int, help="in place of the usual number")
    given = parser.parse_args()
    found = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    for name in given.only or MEASURED:
        measure, number = MEASURED[name]
        described = {"machine": machine(), "version": version()}
        with tempfile.TemporaryDirectory() as folder:
            found[name] = {**described, **dict(measure(given.texts, Path(folder), given.items or number))}
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        print(json.dumps({name: found[name]}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
