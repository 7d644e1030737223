"""How the reading room is run: which ledger, for whom, with which limits.

In: what `serve` was told. Out: one frozen description. Must not know requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: bytes of its body, seconds, of these `asking` the ledger, requests per second of one
    address, threads of all."""

    body: int = 2_000_000
    seconds: float = 30.0
    asking: float = 20.0
    rate: float = 500.0
    burst: int = 2_000
    threads: int = 6


@dataclass(frozen=True, slots=True)
class Settings:
    """What the room shows and allows.

    `hosts`: names by which it may be called. `writing`: whether pages may judge and add. `full_text`: whether whole
    texts are shown, not only what stands around the evidence. `token`: lets programs write; null lets none.
    """

    ledger: Path
    hosts: tuple[str, ...] = LOOPBACK
    writing: bool = True
    full_text: bool = True
    author: str = ""
    token: str | None = field(default=None, repr=False)
    limits: Limits = Limits()


def loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    >>> loopback("127.0.0.1"), loopback("0.0.0.0")
    (True, False)
    """
    return host in LOOPBACK
