"""`python tools/stories_report.py LEDGER | READINGS.jsonl [--top N]`: the largest stories, to look at by hand.

In: a ledger, or readings as `communique read --json` prints them (then a ledger is made for the time of the report).
Out: for each story its items with day, outlet and title, and why they are linked. Must not know how stories are made.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from communique.follow.update import follow
from communique.ledger import Ledger
from communique.ledger.rows import Cluster, Stored
from communique.notation import from_json


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The largest stories of a ledger, to look at by hand.")
    parser.add_argument("source", type=Path, help="a ledger, or readings as JSON Lines")
    parser.add_argument("--top", type=int, default=30)
    given = parser.parse_args(arguments)
    if given.source.suffix != ".jsonl":
        with Ledger(given.source, readonly=True) as ledger:
            report(ledger, given.top)
        return 0
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "report.ledger") as ledger:
        print(fill(ledger, given.source))
        report(ledger, given.top)
    return 0


def fill(ledger: Ledger, readings: Path) -> str:
    """Put readings in and follow them; says how long that took."""
    took: list[float] = []
    with readings.open(encoding="utf-8") as lines:
        for line in lines:
            added = ledger.add(from_json(json.loads(line)))
            start = time.process_time()
            follow(ledger, added.key)
            took.append(1000 * (time.process_time() - start))
    took.sort()
    median, most = took[len(took) // 2], took[len(took) * 95 // 100]
    return f"{len(took)} items followed, {median:.1f} ms median, {most:.1f} ms at 95 %"


def report(ledger: Ledger, top: int) -> None:
    """Print the stories with the most items, then the most records."""
    held = [(cluster, ledger.stored(cluster.members)) for cluster in ledger.clusters("story", min_size=2)]
    held.sort(key=lambda pair: (-len(_items(pair[1])), -len(pair[1]), pair[0].id))
    print(
        f"{len(held)} stories of two records or more, {sum(len(_items(r)) > 1 for _c, r in held)} of two items or more"
    )
    for cluster, records in held[:top]:
        print("\n".join(_lines(ledger, cluster, records)))


def _items(records: list[Stored]) -> set[int]:
    return {record.item.key for record in records}


def _lines(ledger: Ledger, cluster: Cluster, records: list[Stored]) -> Iterator[str]:
    yield f"\n{cluster.id}  {len(_items(records))} items, {len(records)} records"
    items = {record.item.key: record.item for record in records}
    for item in sorted(items.values(), key=lambda i: (i.day or "", i.document.id)):
        document = item.document
        title = document.title or " ".join(document.text[:80].split())
        yield f"  {item.day} {document.id} {document.language} {document.publisher or ''} {title}"
    home = {record.key: record.item.key for record in records}
    links = [k for k in ledger.links("story", list(home)) if home.get(k.a) and home.get(k.b) and home[k.a] != home[k.b]]
    for link in sorted(links, key=lambda k: -k.score)[:3]:
        yield f"    {link.score:.2f} {link.reason}"


if __name__ == "__main__":
    sys.exit(main())
