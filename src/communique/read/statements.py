"""Being written."""

from __future__ import annotations

from collections.abc import Sequence

from communique.read.encode import Encoded
from communique.read.named import Named
from communique.records import Commitment, Event, Quantity, Statement, Time


def find_statements(encoded: Encoded, named: Named) -> tuple[Statement, ...]:
    """Nothing yet."""
    return ()
