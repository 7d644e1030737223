"""Feeds that are followed: asked again and again, each at its own pace, until somebody says stop.

In: a TOML file of feeds. Out: a ledger that keeps up with them. Must not know how articles are fetched or read.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from communique.errors import CommuniqueError, LedgerError
from communique.intake.articles import Reach, now, seconds_since
from communique.intake.fetching import Manners, Web
from communique.intake.items import About
from communique.intake.keeper import Tally
from communique.intake.progress import Progress
from communique.intake.remembered import Memory
from communique.intake.run import Job, ingest
from communique.intake.sources import Part, Settings, is_address
from communique.intake.transport import Limits
from communique.intake.work import Setup
from communique.ledger import Ledger

EVERY = 1800.0
LEAST = 60.0
"""Seconds between two looks at one feed at least."""
FEED = ("url", "publisher", "language", "every", "articles")
GENERAL = ("every", "delay", "contact", "recheck", "allow", "feed")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. `articles`: whether they are fetched; else what the feed holds of them is read."""

    url: str
    about: About = field(default_factory=dict)
    every: float = EVERY
    articles: bool = True


@dataclass(frozen=True, slots=True)
class Watched:
    """What a file of feeds says."""

    feeds: tuple[Feed, ...]
    manners: Manners = field(default_factory=Manners)
    recheck: float = 6 * 3600.0


def read_feeds(path: Path) -> Watched:
    """Read a file of feeds; CommuniqueError, one sentence, for what is wrong in it."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommuniqueError(f"{path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommuniqueError(f"{path} is no TOML: {error}.") from error
    _known(said, GENERAL, str(path))
    every = seconds(said.get("every", "30m"), f"'every' in {path}")
    found = said.get("feed", [])
    if not isinstance(found, list) or not found:
        raise CommuniqueError(f"{path} names no feed; add [[feed]] with its url.")
    feeds = tuple(_feed(entry, every, f"feed {at} of {path}") for at, entry in enumerate(found, 1))
    limits = Limits(allowed=tuple(said.get("allow", ())))
    manners = Manners(delay=float(said.get("delay", 1.0)), contact=str(said.get("contact", "")), limits=limits)
    return Watched(feeds, manners, seconds(said.get("recheck", "6h"), f"'recheck' in {path}"))


def _known(said: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in said:
        if name not in names:
            raise CommuniqueError(f"'{name}' in {where} is not known; there are {', '.join(names)}.")


def _feed(entry: Any, every: float, where: str) -> Feed:
    if not isinstance(entry, dict) or not is_address(str(entry.get("url", ""))):
        raise CommuniqueError(f"The {where} has no url that begins with http:// or https://.")
    _known(entry, FEED, where)
    about = {name: str(entry[name]) for name in ("publisher", "language") if name in entry}
    pace = seconds(entry["every"], f"'every' in {where}") if "every" in entry else every
    return Feed(entry["url"], about, pace, bool(entry.get("articles", True)))


def seconds(value: Any, where: str) -> float:
    """A span of time such as 30m, 6h or 1d, in seconds, at least a minute.

    >>> seconds("6h", "here"), seconds("1s", "here")
    (21600.0, 60.0)
    """
    match = _SPAN.fullmatch(str(value).strip())
    if not match:
        raise CommuniqueError(f"{where[0].upper()}{where[1:]} is no span of time; give it as 30m, 6h or 1d.")
    return max(LEAST, float(match[1]) * _UNITS[match[2]])


@dataclass(slots=True)
class Watch:
    """Goes on with a ledger's feeds: `rounds` yields a tally after each look at those that are due."""

    ledger: Ledger
    watched: Watched
    setup: Setup
    memory: Memory
    progress: Callable[[], Progress]
    stop: threading.Event = field(default_factory=threading.Event)

    def rounds(self, *, once: bool = False) -> Iterator[Tally]:
        """Look at what is due, wait, look again; ends when `stop` is set, with everything committed."""
        web = Web(self.watched.manners, sleep=self.stop.wait)
        while not self.stop.is_set():
            due = [feed for feed in self.watched.feeds if self.left(feed) <= 0]
            for feed in due:
                if self.stop.is_set():
                    return
                yield self._looked(feed, web)
            if once:
                return
            self.stop.wait(max(1.0, min(map(self.left, self.watched.feeds))))

    def left(self, feed: Feed) -> float:
        """Seconds until a feed is due, also over a restart."""
        return feed.every - seconds_since(self.memory.of(_mark(feed)).get("retrieved", ""))

    def _looked(self, feed: Feed, web: Web) -> Tally:
        reach = Reach(web, self.memory, feed.articles, self.watched.recheck)
        part = Part(feed.url, "address", about=feed.about)
        settings = Settings(self.setup.overrides, reach)
        job = Job((feed.url,), self.setup, (part,), settings, processes=1, apart=True)
        tally = self._tried(job)
        if not self.stop.is_set():
            self.memory.keep(_mark(feed), {"retrieved": now()})
        return tally

    def _tried(self, job: Job) -> Tally:
        """One look; where another process is writing to the ledger, it is tried again."""
        for wait in (5.0, 30.0, 120.0):
            try:
                return ingest(self.ledger, job, self.progress(), self.stop.is_set)
            except LedgerError as error:
                if "Another process" not in str(error) or self.stop.wait(wait):
                    raise
        return ingest(self.ledger, job, self.progress(), self.stop.is_set)


def _mark(feed: Feed) -> str:
    return f"watched {feed.url}"


def with_reader(setup: Setup) -> Setup:
    """A setup whose reader is loaded once, for many runs in this process."""
    reader = setup.reader()
    return replace(setup, reader=lambda: reader)
