"""Being written."""

from __future__ import annotations

from collections.abc import Sequence

from communique.read.encode import Encoded
from communique.read.named import Named
from communique.records import Commitment, Event, Quantity, Statement, Time


def find_events(encoded: Encoded, named: Named, times: Sequence[Time], statements: Sequence[Statement]) -> tuple[Event, ...]:
    """Nothing yet."""
    return ()
