"""What an analysis rests on, so that it can be done again: reader, model, knowledge, ledger, and a hash of the items.

In: items and readers. Out: a plain mapping, and a sentence to cite. Must not know SQL, nor files.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from communique import __version__
from communique.knowledge import VERSION as KNOWLEDGE
from communique.ledger.rows import Item

MODULUS = 1 << 256


@dataclass(slots=True)
class Summary:
    """The items of a ledger in sum: how many, of how many outlets, from when to when, and their hash."""

    items: int = 0
    outlets: int = 0
    since: str | None = None
    until: str | None = None
    hash: str = ""


def summary(items: Iterable[Item]) -> Summary:
    """Sum up a stream of items; the hash is the same in whatever order they come.

    It adds up the SHA-256 of id, version and hash of the text of each item: equal where the same texts are in.
    """
    made, outlets, total = Summary(), set(), 0
    for item in items:
        document = item.document
        line = "\n".join((document.id, str(document.version), document.text_id))
        total = (total + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")) % MODULUS
        made.items += 1
        outlets.add(document.publisher or document.issuer)
        if item.day:
            made.since = min(made.since or item.day, item.day)
            made.until = max(made.until or item.day, item.day)
    made.outlets = len(outlets - {None})
    made.hash = hashlib.sha256(f"{made.items}\n{total:064x}".encode()).hexdigest()
    return made


def lock(found: Summary, readers: Iterable[Mapping[str, str]], schema: int, as_of: str | None = None) -> dict[str, Any]:
    """What has to be the same for the same answers, as JSON has it; the order of the readers changes nothing."""
    return {
        "package": {"name": "communique", "version": __version__},
        "readers": sorted((dict(sorted(r.items())) for r in readers), key=lambda r: sorted(r.items())),
        "knowledge": KNOWLEDGE,
        "ledger": {"schema": schema, "as_of": as_of},
        "items": {
            "number": found.items, "outlets": found.outlets, "since": found.since, "until": found.until,
            "sha256": found.hash,
        },
        "python": ".".join(platform.python_version_tuple()[:2]),
    }  # fmt: skip


def citation(locked: Mapping[str, Any]) -> str:
    """A paragraph for the data section of a paper: what was read with what, and the hash by which to check it."""
    items, package = locked["items"], locked["package"]
    models = sorted({r.get("model") or "none" for r in locked["readers"]}) or ["unknown"]
    versions = sorted({r.get("version") or "unknown" for r in locked["readers"]}) or [package["version"]]
    as_of = locked["ledger"]["as_of"]
    stood = f", as the ledger stood on {as_of}" if as_of else ""
    span = f"{items['since'] or '?'} to {items['until'] or '?'}"
    reader = f"communique {', '.join(versions)} (model {', '.join(models)}; knowledge {locked['knowledge']})"
    return (
        f"{items['number']} news items of {items['outlets']} outlets ({span}) were read with {reader} and "
        f"exported with communique {package['version']} (ledger schema {locked['ledger']['schema']}){stood}. "
        f"SHA-256 of the items: {items['sha256']}.\n"
        f"The communique authors: communique, version {package['version']} [software].\n"
    )
