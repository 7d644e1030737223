"""How fast and how big reading is: `python benchmarks/reading.py [--out FILE]`.

Measures, on one core: milliseconds per 400-word item after start, the first item, `communique --help`, and the peak
memory of reading all examples. Each that needs a fresh process gets one. Writes JSON with the machine's description,
without any path of the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "items"
OUT = Path(__file__).parent / "results" / "reading.json"
WORDS = 400
STARTS = 10
REPEATS = 15


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything, print it and write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    one_core()
    if given.child:
        print(json.dumps(CHILDREN[given.child]()))
        return 0
    results = {"machine": machine(), "version": version(), **measured()}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(json.dumps(results, indent=1))
    return 0


def measured() -> dict[str, Any]:
    """All measurements, those of a fresh process each in one of its own."""
    first = [child("first") for _ in range(5)]
    return {
        "help_seconds_median_of_10": round(statistics.median(help_time() for _ in range(STARTS)), 3),
        "start_seconds": median(first, "start"),
        "first_item_seconds": median(first, "item"),
        "warm": child("warm"),
        "memory": child("memory"),
    }


def median(rows: Sequence[dict[str, float]], name: str) -> float:
    """The median of one field, in milliseconds' precision."""
    return round(statistics.median(row[name] for row in rows), 3)


def one_core() -> None:
    """Keep this process and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def child(name: str) -> Any:
    """The measurement of a fresh process."""
    command = [sys.executable, __file__, "--child", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def help_time() -> float:
    """Seconds that `communique --help` takes, from start to end of the process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "communique.cli", "--help"], capture_output=True, check=True, cwd=ROOT)
    return time.perf_counter() - start


def first() -> dict[str, float]:
    """Seconds to import and load, and to read the first item in a fresh process."""
    start = time.perf_counter()
    from communique.document import load
    from communique.reading import Reader

    reader = Reader()
    ready = time.perf_counter()
    loaded = next(iter(load(EXAMPLES)))
    assert loaded.document is not None
    reader.read(loaded.document)
    return {"start": ready - start, "item": time.perf_counter() - ready}


def warm() -> dict[str, Any]:
    """Milliseconds per item of `WORDS` words after start: the median over examples, repeated, and the slowest.

    `cpu_ms_median` leaves out what other processes took, for machines that do other things meanwhile.
    """
    from communique.document import load
    from communique.reading import Reader

    reader = Reader()
    documents = [stretched(loaded.document, WORDS) for loaded in load(EXAMPLES) if loaded.document]
    for document in documents:
        reader.read(document)
    works = [partial(reader.read, document) for document in documents]
    wall = [1000 * timed(work, time.perf_counter) for work in works]
    busy = [1000 * timed(work, time.process_time) for work in works]
    return {
        "words": WORDS,
        "items": len(documents),
        "ms_median": round(statistics.median(wall), 2),
        "ms_slowest": round(max(wall), 2),
        "cpu_ms_median": round(statistics.median(busy), 2),
    }


def stretched(document: Any, words: int) -> Any:
    """A document whose text has just so many words: its own, over and over, or its first ones."""
    pieces = re.findall(r"\S+\s*", document.text)
    text = "".join((pieces[n % len(pieces)] if n % len(pieces) else "\n\n" + pieces[0]) for n in range(words))
    return replace(document, text=text.strip(), title_span=None, text_id="")


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """The median of `REPEATS` runs in seconds of a clock: the wall's, or the time this process was at work."""
    times = []
    for _ in range(REPEATS):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def memory() -> dict[str, float]:
    """Peak resident megabytes of a process that reads all examples, and before it read any."""
    from communique.document import load
    from communique.reading import Reader

    reader = Reader()
    before = peak()
    for loaded in load(EXAMPLES):
        if loaded.document:
            reader.read(loaded.document)
    return {"peak_mb": peak(), "peak_mb_before_first_item": before}


def peak() -> float:
    """The peak resident size of this process in megabytes (kilobytes on Linux, bytes on macOS)."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(size / (1_000_000 if sys.platform == "darwin" else 1_000), 1)


def machine() -> dict[str, Any]:
    """CPU model, cores, system, Python, and how many processes wanted a core in the minute before."""
    return {
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def cpu() -> str:
    """The CPU's model, where the system says it."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text("utf-8")) if info.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def version() -> str:
    """The version of the package."""
    from communique import __version__

    return __version__


CHILDREN: dict[str, Callable[[], Any]] = {"first": first, "warm": warm, "memory": memory}


if __name__ == "__main__":
    sys.exit(main())
