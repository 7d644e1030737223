"""The room itself: the ledger for whoever asks, the reader, secrets, and the day that pages are about.

In: settings. Out: an open ledger per thread, readings, signatures. Must not know pages, nor HTTP.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from communique.ask.days import today
from communique.ledger import Ledger
from communique.web.settings import Settings

if TYPE_CHECKING:
    from communique.reading import Reader


SAMPLES = 100
"""Samples that are remembered; the one drawn first is forgotten first."""


class Room:
    """One ledger, opened once for each thread that asks; SQLite's objects belong to one thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._held = threading.local()
        self._secret = secrets.token_bytes(32)
        self._watchers = count()
        self.blank = secrets.token_hex(32)
        """What stands in pages in place of a signature until they are sent; no text can hold it."""
        self._reader: Reader | None = None
        self._reading = threading.Lock()
        self._samples: OrderedDict[Hashable, tuple[int, ...]] = OrderedDict()
        self._sampling = threading.Lock()

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger for reading, as it is at one moment."""
        held: Ledger | None = getattr(self._held, "ledger", None)
        if held is None:
            held = self._held.ledger = Ledger(self.settings.ledger, readonly=True, create=False)
        with held.snapshot(), held.limited(self.settings.limits.asking):
            yield held

    def state(self) -> tuple[int, int]:
        """What is another one after somebody has written to the ledger; the same only within one thread."""
        watched: tuple[int, Ledger] | None = getattr(self._held, "watched", None)
        if watched is None:
            ledger = Ledger(self.settings.ledger, readonly=True, create=False)
            watched = self._held.watched = (next(self._watchers), ledger)
        return watched[0], watched[1].state

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """The ledger for writing: all that is done inside, or nothing."""
        with Ledger(self.settings.ledger, create=False) as ledger, ledger.batch():
            yield ledger

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The reader, for one text at a time."""
        from communique.reading import Reader

        with self._reading:
            if self._reader is None:
                self._reader = Reader()
            yield self._reader

    def sample(self, name: Hashable, draw: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
        """The keys of a sample, drawn once: it stays the same while it is judged, and costs nothing the next time."""
        with self._sampling:
            if name not in self._samples:
                self._samples[name] = draw()
                while len(self._samples) > SAMPLES:
                    self._samples.popitem(last=False)
            return self._samples[name]

    def sign(self, text: str) -> str:
        """A signature that only this room can make, until it is closed."""
        return hmac.new(self._secret, text.encode(), "sha256").hexdigest()

    def signed(self, text: str, signature: str) -> bool:
        """Whether a signature is this room's, compared in constant time."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode("utf-8", "replace"))

    def may_write(self, token: str) -> bool:
        """Whether a token is the one that lets programs write, compared in constant time."""
        wanted = self.settings.token
        return wanted is not None and hmac.compare_digest(wanted.encode(), token.encode("utf-8", "replace"))


def last_day(ledger: Ledger) -> str:
    """The day that pages are about where none is asked for: today, or the last before it that has items."""
    now = today()
    return ledger.last_day(now) or now
