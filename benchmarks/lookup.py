"""Time look-ups in the knowledge: `python benchmarks/lookup.py` writes `results/lookup.json`.

Microseconds per look-up (median of the rounds, each over all queries of a kind), and time and memory of loading.
"""

import json
import os
import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from communique.compiling import surface_key
from communique.knowledge import Knowledge

TARGET = Path(__file__).parent / "results" / "lookup.json"
ROUNDS = 25
NAMES = (
    "Kasachstan",
    "Vereinigte Staaten",
    "kasachischen",
    "Tokajew",
    "Xi",
    "SOZ",
    "Weißes Haus",
    "Xinhua",
    "Astana",
    "Quarbeck",
)
SPELLINGS = ("Toqaev", "Тоқаев", "Zelenskiy", "Lukashenka", "Erdogan")
OFFICES = (
    ("KAZ", "head_of_state"),
    ("DEU", "head_of_government"),
    ("FRA", "foreign_minister"),
    ("BIH", "head_of_state"),
)
DAYS = ("2011-05-01", "2019-03-20", "2024-07-03")
BODIES = ("EU", "NATO", "BRICS", "SCO", "UN")


def micros(work: Callable[[], int]) -> float:
    """Median microseconds of one look-up; `work` does some and says how many."""
    work()
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        count = work()
        found.append((time.perf_counter() - start) / count * 1e6)
    return round(statistics.median(found), 2)


def repeat(calls: list[Callable[[], object]], times: int = 50) -> Callable[[], int]:
    def work() -> int:
        for _ in range(times):
            for call in calls:
                call()
        return times * len(calls)

    return work


def machine() -> dict[str, object]:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        cpu = next(
            (x.split(":", 1)[1].strip() for x in info.read_text().splitlines() if x.startswith("model name")), cpu
        )
    return {
        "cpu": cpu, "cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> int:
    start = time.perf_counter()
    knowledge = Knowledge.load()
    load = time.perf_counter() - start
    tracemalloc.start()
    held = Knowledge.load()
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    start = time.perf_counter()
    held.lookup("Toqaev")
    keys = time.perf_counter() - start
    surfaces = [surface_key(n) for n in NAMES]
    result = {
        "machine": machine(),
        "load_ms": round(load * 1000, 1),
        "memory_mb": round(memory / 1e6, 1),
        "first_lookup_by_likeness_ms": round(keys * 1000, 1),
        "microseconds": {
            "senses of a folded surface": micros(repeat([lambda s=s: knowledge.senses(s) for s in surfaces])),
            "lookup by name": micros(repeat([lambda n=n: knowledge.lookup(n, "2024-07-03") for n in NAMES[:-1]])),
            "lookup by likeness": micros(repeat([lambda n=n: knowledge.lookup(n, "2024-07-03") for n in SPELLINGS])),
            "holders of an office on a day": micros(
                repeat([lambda c=c, o=o, d=d: knowledge.holders(c, o, d) for c, o in OFFICES for d in DAYS])
            ),
            "members of a body on a day": micros(
                repeat([lambda b=b, d=d: knowledge.members(b, d) for b in BODIES for d in DAYS])
            ),
        },
    }
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(TARGET.read_text("utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
