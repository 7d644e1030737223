"""What a run says while it goes: a bar on a terminal, plain lines elsewhere, or JSON lines.

In: a tally, now and then. Out: standard error. Must not know what is read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import IO, Any, Protocol

from communique.intake.keeper import Tally

EVERY_SECONDS = 10.0


class Progress(Protocol):
    """Something that is told how a run goes."""

    def start(self, total: int | None) -> None:
        """The run begins; `total` is the number of items, where it is known."""

    def step(self, tally: Tally) -> None:
        """An item is through."""

    def say(self, sentence: str, **about: Any) -> None:
        """Something happened that a person should know."""

    def end(self, tally: Tally) -> None:
        """The run is over."""


def plain(sentence: str) -> str:
    """A sentence without anything that a terminal would obey; items may hold such.

    >>> plain("red\\x1b[31m here")
    'red\ufffd[31m here'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in sentence)


class Rate:
    """Items per second since the start, and the time that is left at that rate."""

    def __init__(self, total: int | None) -> None:
        self.total, self._since = total, time.monotonic()

    def of(self, done: int) -> float:
        """Items per second."""
        return done / max(1e-6, time.monotonic() - self._since)

    def left(self, done: int) -> str:
        """The time that is left, or nothing."""
        rate = self.of(done)
        return "" if self.total is None or not rate else clock(max(0.0, (self.total - done) / rate))


def clock(seconds: float) -> str:
    """Seconds as a clock shows them.

    >>> clock(75), clock(3_675)
    ('1:15', '1:01:15')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def line(tally: Tally, rate: Rate) -> str:
    """How a run goes, on one line."""
    done = tally.items + tally.outcomes["skipped"]
    total = f" of {rate.total:,}" if rate.total is not None else ""
    left = rate.left(done)
    records = sum(tally.records.values())
    return (
        f"{done:,}{total} items, {rate.of(done):.1f}/s{f', {left} left' if left else ''}, "
        f"{tally.failed:,} failed, {records:,} records"
    )


class Lines:
    """A line every ten seconds."""

    def __init__(self, stream: IO[str] | None = None, every: float = EVERY_SECONDS) -> None:
        self._stream, self._every = stream or sys.stderr, every
        self._rate = Rate(None)
        self._last = time.monotonic()

    def start(self, total: int | None) -> None:
        """Begin to count."""
        self._rate = Rate(total)

    def step(self, tally: Tally) -> None:
        """Say a line when it is time."""
        if time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            self.say(line(tally, self._rate))

    def say(self, sentence: str, **_about: Any) -> None:
        """Say a sentence, without anything that a terminal would obey."""
        print(plain(sentence), file=self._stream, flush=True)

    def end(self, tally: Tally) -> None:
        """Say the last line."""


class JsonLines:
    """The same as JSON, one object per line, for machines that watch."""

    def __init__(self, stream: IO[str] | None = None, every: float = EVERY_SECONDS) -> None:
        self._stream, self._every = stream or sys.stderr, every
        self._last = time.monotonic()

    def _line(self, event: str, content: Mapping[str, Any]) -> None:
        from communique.intake.articles import now

        object_ = {"time": now(), "event": event, **content}
        print(json.dumps(object_, ensure_ascii=False), file=self._stream, flush=True)

    def start(self, total: int | None) -> None:
        """Say that it begins."""
        self._line("start", {"total": total})

    def step(self, tally: Tally) -> None:
        """Say how it goes when it is time."""
        if time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            self._line("progress", tally.as_object())

    def say(self, sentence: str, **about: Any) -> None:
        """Say what happened."""
        self._line("message", {"message": sentence, **about})

    def end(self, tally: Tally) -> None:
        """Say what became of all."""
        self._line("end", tally.as_object())


class Bar:
    """A bar with rate, time left, failures and records."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=None)
        self._rate = Rate(None)

    def start(self, total: int | None) -> None:
        """Show the bar."""
        self._rate = Rate(total)
        self._bar.update(self._task, total=total)
        self._bar.start()

    def step(self, tally: Tally) -> None:
        """Move it."""
        done = tally.items + tally.outcomes["skipped"]
        self._bar.update(self._task, completed=done, description=line(tally, self._rate))

    def say(self, sentence: str, **_about: Any) -> None:
        """Say a sentence above it."""
        self._bar.console.print(plain(sentence), markup=False, highlight=False)

    def end(self, tally: Tally) -> None:
        """Take it away."""
        self._bar.stop()


class Shown:
    """A progress that ends whatever happens."""

    def __init__(self, progress: Progress, tally: Tally) -> None:
        self._progress, self._tally = progress, tally

    def __enter__(self) -> Progress:
        return self._progress

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.end(self._tally)


def progress_of(*, as_json: bool) -> Progress:
    """JSON lines where they are asked for, a bar on a terminal, else plain lines."""
    if as_json:
        return JsonLines()
    return Bar() if sys.stderr.isatty() else Lines()
