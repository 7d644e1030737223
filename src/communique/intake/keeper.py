"""The one writer: readings go into the ledger and are followed, some at once in one transaction.

In: results. Out: items, records and conclusions, and a tally. Must not know where items come from.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from communique.errors import LedgerError
from communique.follow.update import follow
from communique.intake.work import FAILED, KNOWN, Result
from communique.ledger import Ledger
from communique.ledger.rows import Added
from communique.records import Reading

AT_ONCE, SECONDS = 50, 5.0
"""Readings and seconds after which what was read is committed, whichever comes first."""
KINDS = ("statements", "events", "commitments", "figures")
STORED = ("new", "changed", "reread")


@dataclass(slots=True)
class Tally:
    """What became of the items that came in: by outcome, records by kind, failures by kind, outlets, seconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """Items that came in, whatever became of them; not those that an earlier run had done."""
        return sum(self.outcomes.values()) - self.outcomes["skipped"]

    def fail(self, kind: str) -> None:
        """Count a failure."""
        self.outcomes["failed"] += 1
        self.failures[kind] += 1

    def spent(self, name: str, seconds: float) -> None:
        """Add to the seconds of a stage."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    @property
    def failed(self) -> int:
        """Items that could not be read or kept."""
        return self.outcomes["failed"]

    def as_object(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        seconds = {name: round(value, 3) for name, value in sorted(self.seconds.items())}
        return {
            "items": self.items, "outcomes": dict(self.outcomes), "records": dict(self.records),
            "failures": dict(self.failures), "outlets": dict(self.outlets.most_common()), "seconds": seconds,
        }  # fmt: skip


class Keeper:
    """Takes results in order and puts them into the ledger; `committed` is called after each commit.

    `say` gets a sentence about an item that was kept but not followed.
    """

    def __init__(self, ledger: Ledger, tally: Tally, say: Callable[[str], None], *, follow: bool = True) -> None:
        self._ledger, self.tally, self._say, self._follow = ledger, tally, say, follow
        self._waiting: list[Reading] = []
        self._since = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time to commit."""
        return len(self._waiting) >= AT_ONCE or time.monotonic() - self._since > SECONDS

    def take(self, result: Result) -> None:
        """Take one result; it is in the ledger after the next commit."""
        for name, seconds in result.seconds.items():
            self.tally.spent(name, seconds)
        if result.outcome == FAILED:
            self.tally.fail(result.problems[-1].code if result.problems else "unknown")
        elif result.outcome == KNOWN:
            self.tally.outcomes["known"] += 1
        elif result.reading is not None:
            self.tally.outlets[result.publisher or "(no outlet)"] += 1
            self._waiting.append(result.reading)

    def commit(self) -> None:
        """Write all that was taken, in one transaction."""
        if self._waiting:
            start = time.perf_counter()
            before = self._inside
            with self._ledger.batch():
                for reading in self._waiting:
                    self._keep(reading)
            self.tally.spent("commit", time.perf_counter() - start - (self._inside - before))
        self._waiting, self._since = [], time.monotonic()

    @property
    def _inside(self) -> float:
        return self.tally.seconds.get("add", 0.0) + self.tally.seconds.get("follow", 0.0)

    def _keep(self, reading: Reading) -> None:
        start = time.perf_counter()
        try:
            added = self._ledger.add(reading)
        except LedgerError:
            raise
        except Exception as error:  # one item never stops the others
            self.tally.fail("add")
            name = reading.document.name or reading.document.id
            self._say(f"{name} could not be kept ({type(error).__name__}: {error}).")
            return
        finally:
            self.tally.spent("add", time.perf_counter() - start)
        self.tally.outcomes[added.outcome] += 1
        if added.outcome in STORED:
            for kind in KINDS:
                self.tally.records[kind] += len(getattr(reading, kind))
            if self._follow:
                self._followed(added, reading)

    def _followed(self, added: Added, reading: Reading) -> None:
        """Follow an item; one that cannot be followed is kept all the same, and the others go on."""
        start = time.perf_counter()
        try:
            follow(self._ledger, added.key)
        except LedgerError:
            raise
        except Exception as error:
            self.tally.failures["follow"] += 1
            name = reading.document.name or reading.document.id
            self._say(f"{name} was kept, but nothing was concluded from it ({type(error).__name__}: {error}).")
        self.tally.spent("follow", time.perf_counter() - start)
