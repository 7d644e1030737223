"""What a ledger holds, in numbers.

In: a ledger. Out: counts, outlets with their items, first and last day. Must not know SQL.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from communique.ledger import Ledger

WITHOUT = "(no outlet)"


def stats(ledger: Ledger) -> dict[str, Any]:
    """Counts of everything, outlets by their items, and the days of publication that are covered."""
    outlets: Counter[str] = Counter()
    days: list[str] = []
    for outlet, day, number in ledger.coverage():
        outlets[outlet or WITHOUT] += number
        if day:
            days.append(day)
    ordered = sorted(outlets.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "path": ledger.path, "counts": dict(ledger.counts()), "since": min(days, default=None),
        "until": max(days, default=None), "outlets": dict(ordered),
    }  # fmt: skip
