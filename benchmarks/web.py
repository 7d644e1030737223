"""How quick the reading room is on a large ledger, and whether it bears many readers at once.

`python benchmarks/web.py LEDGER` (see `benchmarks/ledger.py --ledger` for one of a million records) starts `communique
serve` on this machine, asks each page and each question of the API one after the other, then sends many readers, who
follow links, for some time. Nothing leaves the machine. Writes `benchmarks/results/web.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx2 as httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.reading import machine, version

OUT = Path(__file__).parent / "results" / "web.json"
FIXED = {
    "today": ["/"], "promises": ["/promises", "/promises?view=calendar"], "stories": ["/stories"],
    "documents": ["/documents"], "checking": ["/checking"], "actors": ["/actors"], "paste": ["/paste"],
    "pair choice": ["/pair"], "api description": ["/api"],
    "figures": ["/figures", "/figures?type=trade", "/figures?a=FRA&b=DEU"],
    "search": ["/search?q=grain", "/search?q=visas+steel&kind=event", "/search?actor=FRA&since=2024-01-01"],
    "pair": ["/pair?a=FRA&b=DEU", "/pair?a=CHN&b=KAZ"], "actor": ["/actors/FRA", "/actors/CHN", "/actors/KAZ"],
    "api records": ["/api/v1/records", "/api/v1/records?kind=event&actor=FRA", "/api/v1/records?q=grain"],
    "api promises": ["/api/v1/promises", "/api/v1/promises?actor=FRA"],
    "api series": ["/api/v1/series?type=trade"],
    "api timeline": ["/api/v1/timeline?a=FRA&b=DEU"],
    "api balance": ["/api/v1/balance?a=FRA&b=DEU"],
    "api stories": ["/api/v1/stories"], "api brief": ["/api/v1/brief"], "api documents": ["/api/v1/documents"],
    "feed": ["/feeds/promises.atom", "/feeds/promises.ics"],
}  # fmt: skip
LINKED = {"record": "/records/", "promise": "/promises/", "story": "/stories/", "document": "/documents/"}
"""Pages whose addresses are taken from links of other pages."""
TIMES = 15
PAUSE = 1.0
"""Seconds that a reader looks at a page on average."""
LONGEST = 600
"""Seconds that a load may last at most."""
_LINK = re.compile(r'href="(/[^"#]*)')


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure pages one by one, then under load; print it and write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    with served(given.ledger) as base:
        results = {
            "machine": machine(), "version": version(), "ledger_mb": round(given.ledger.stat().st_size / 1e6),
            **measured(base, given.times, given.users, min(given.seconds, LONGEST)),
        }  # fmt: skip
    given.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(json.dumps(results, indent=1))
    return 0


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """The room over a ledger, in a process of its own, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from communique.cli import main; main()",
        "serve",
        str(ledger),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit("The server ended; try communique serve on this ledger to see why.")
        try:
            httpx.get(f"{base}/static/icon.svg", timeout=2)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def measured(base: str, times: int, users: int, seconds: float) -> dict[str, Any]:
    """Each kind of page on its own, then readers at once."""
    with httpx.Client(base_url=base, timeout=60) as client:
        places = {**FIXED, **linked(client)}
        pages = {name: asked(client, some, times) for name, some in sorted(places.items())}
    walked = [place for some in places.values() for place in some]
    return {"pages": pages, "load": asyncio.run(load(base, walked, users, seconds))}


def linked(client: httpx.Client) -> dict[str, list[str]]:
    """Addresses of single records, promises, stories and documents, as pages link them."""
    shown = [client.get(place).text for name in ("today", "search", "promises", "stories", "documents", "pair")
             for place in FIXED[name]]  # fmt: skip
    links = sorted({unescape(link) for text in shown for link in _LINK.findall(text)})
    found = {name: [link for link in links if link.startswith(begin)] for name, begin in LINKED.items()}
    return {name: some[:: max(1, len(some) // 5)][:5] for name, some in found.items() if some}


def asked(client: httpx.Client, places: Sequence[str], times: int) -> dict[str, Any]:
    """Milliseconds and size of some addresses of one kind, asked in turn; each time as if nobody had asked before."""
    spent, sizes, wrong = [], [], Counter[str]()
    for n in range(max(times, len(places))):
        start = time.perf_counter()
        place = places[n % len(places)]
        answer = client.get(f"{place}{'&' if '?' in place else '?'}unheard={n}")
        spent.append(1000 * (time.perf_counter() - start))
        sizes.append(len(answer.content))
        if answer.status_code != 200:
            wrong[f"{answer.status_code} {place}"] += 1
    return {
        "median_ms": round(statistics.median(spent), 1), "largest_ms": round(max(spent), 1),
        "largest_kb": round(max(sizes) / 1000, 1), **({"wrong": dict(wrong)} if wrong else {}),
    }  # fmt: skip


async def load(base: str, places: Sequence[str], users: int, seconds: float) -> dict[str, Any]:
    """Readers at once, each of whom looks at one page after the other; what they waited, and what went wrong."""
    if not base.startswith("http://127.0.0.1:"):
        raise SystemExit("Only a server on this machine is put under load.")
    spent: list[float] = []
    wrong: Counter[str] = Counter()
    end = time.monotonic() + seconds

    async def reader(number: int) -> None:
        chance = random.Random(number)
        async with httpx.AsyncClient(base_url=base, timeout=60) as client:
            while time.monotonic() < end:
                place = chance.choice(places)
                start = time.perf_counter()
                try:
                    answer = await client.get(place)
                except httpx.HTTPError as error:
                    wrong[type(error).__name__] += 1
                else:
                    if answer.status_code != 200:
                        wrong[f"{answer.status_code} {place}"] += 1
                spent.append(time.perf_counter() - start)
                await asyncio.sleep(chance.expovariate(1 / PAUSE))

    await asyncio.gather(*map(reader, range(users)))
    spent.sort()
    return {
        "users": users, "seconds": seconds, "requests": len(spent), "errors": sum(wrong.values()),
        **({"wrong": dict(wrong)} if wrong else {}),
        **{f"{name}_ms": round(1000 * spent[int(share * (len(spent) - 1))]) for name, share in
           (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("largest", 1.0))},
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
