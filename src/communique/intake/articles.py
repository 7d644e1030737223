"""The articles that feeds and sitemaps name: fetched where needed, several hosts at once, or taken from the feed.

In: entries, the web, what is remembered. Out: raw pages with address and time of retrieval, failures, and notes that
say what to remember once all before them is kept. Must not know how pages are read, nor the ledger.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from communique.intake import feeds
from communique.intake.fetching import Web, validators
from communique.intake.items import About, Incoming, Raw, failed
from communique.intake.remembered import Memory
from communique.intake.transport import Answer, FetchError
from communique.intake.xml import XmlError

THREADS = 8
"""Hosts that are asked at the same time."""
WAITING = 32
"""Pages that wait to be read; then fetching pauses."""
DEEPEST = 3
"""Sitemaps that lead to sitemaps."""
PAGES = re.compile(r"(?i)\s*(?:text/html|application/xhtml\+xml|text/plain|$)")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)")


@dataclass(frozen=True, slots=True)
class Note:
    """What to remember of an address as soon as everything that came before is in the ledger."""

    url: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the intake reaches: the web and what is remembered of it. `fetch`: articles too, not only feeds.

    `recheck`: seconds after which an article that still stands in a feed is asked for again.
    """

    web: Web
    memory: Memory = field(default_factory=Memory)
    fetch: bool = True
    recheck: float = 6 * 3600.0


def at_address(url: str, reach: Reach, about: About, depth: int = 0) -> Iterator[Incoming | Note]:
    """What an address holds: the articles of a feed or sitemap, or one article."""
    retrieved = now()
    try:
        answer = reach.web.get(url, reach.memory.of(url))
    except FetchError as error:
        yield _failure(error, url, None)
        return
    if answer.status == 304:
        return
    facts = {**validators(answer), "retrieved": retrieved}
    kind = feeds.kind(_start(answer.body))
    if kind is None:
        yield _raw(answer, feeds.Entry(url), {}, about)
        yield Note(url, facts)
        return
    whole = True
    for item in _named(kind, answer, reach, about, depth):
        whole = whole and not _to_retry(item)
        yield item
    if whole:
        # Only now: a feed that has not changed is not looked at again, so nothing of it may be missing.
        yield Note(url, facts)


def _start(body: bytes) -> bytes:
    try:
        return feeds.plain(body)[:4096]
    except XmlError:
        return b""


def _named(kind: str, answer: Answer, reach: Reach, about: About, depth: int) -> Iterator[Incoming | Note]:
    origin = {"feed": answer.url}
    try:
        found, maps = feeds.sitemap(answer.body) if kind == "sitemap" else (feeds.entries(answer.body, answer.url), [])
    except XmlError as error:
        yield failed("feed", f"'{answer.url}': {error}", {"url": answer.url})
        return
    yield from of_entries(found, reach, origin, about)
    for place in maps if depth < DEEPEST else []:
        yield from at_address(place, reach, about, depth + 1)


def _to_retry(item: Incoming | Note) -> bool:
    return not isinstance(item, Raw | Note) and item.failed and bool(item.origin.get("temporary"))


def of_entries(
    entries: Sequence[feeds.Entry], reach: Reach | None, origin: Mapping[str, Any], about: About
) -> Iterator[Incoming | Note]:
    """The articles of entries. Without reach they are read from what the feed itself holds of them."""
    if reach is None or not reach.fetch:
        for entry in entries:
            yield _held(entry, origin, about)
        return
    wanted = [entry for entry in _once(entries) if _news(entry, reach)]
    for entry, answer in _fetched(wanted, reach):
        if isinstance(answer, FetchError):
            yield _failure(answer, entry.url, origin.get("feed"))
        elif answer.status == 304:
            yield Note(entry.url, {**reach.memory.of(entry.url), "retrieved": now(), "stamp": entry.stamp})
        else:
            yield _raw(answer, entry, origin, about)
            yield Note(entry.url, {**validators(answer), "retrieved": now(), "stamp": entry.stamp})


def _once(entries: Sequence[feeds.Entry]) -> list[feeds.Entry]:
    return list({entry.url: entry for entry in reversed(entries)}.values())[::-1]


def _news(entry: feeds.Entry, reach: Reach) -> bool:
    """Whether an article has to be asked for: it is new, the feed says something else of it, or it is time again."""
    known = reach.memory.of(entry.url)
    if not known or known.get("stamp") != entry.stamp:
        return True
    return seconds_since(known.get("retrieved", "")) > reach.recheck


def _fetched(entries: Sequence[feeds.Entry], reach: Reach) -> Iterator[tuple[feeds.Entry, Answer | FetchError]]:
    """Answers as they come, each host asked by one thread in the order of the feed."""
    hosts: dict[str, list[feeds.Entry]] = {}
    for entry in entries:
        hosts.setdefault(urlsplit(entry.url).netloc, []).append(entry)
    todo: queue.SimpleQueue[list[feeds.Entry]] = queue.SimpleQueue()
    for some in hosts.values():
        todo.put(some)
    done: queue.Queue[tuple[feeds.Entry, Answer | FetchError]] = queue.Queue(WAITING)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(todo, done, stop, reach), daemon=True)
        for _ in range(min(THREADS, len(hosts)))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in entries:
            yield done.get()
    finally:
        stop.set()
        while not done.empty():
            done.get_nowait()
        for thread in threads:
            thread.join(timeout=0.1)


def _work(todo: Any, done: Any, stop: threading.Event, reach: Reach) -> None:
    while not stop.is_set():
        try:
            entries = todo.get_nowait()
        except queue.Empty:
            return
        for entry in entries:
            if stop.is_set():
                return
            done.put((entry, _asked(entry, reach)))


def _asked(entry: feeds.Entry, reach: Reach) -> Answer | FetchError:
    try:
        return reach.web.get(entry.url, reach.memory.of(entry.url))
    except FetchError as error:
        return error
    except Exception as error:  # whatever a stranger's server brings about, the other articles are still fetched
        return FetchError("protocol", f"'{entry.url}' cannot be fetched ({type(error).__name__}: {error}).")


def _failure(error: FetchError, url: str, feed: Any) -> Incoming:
    return failed(error.kind, str(error), {"url": url, "feed": feed, "temporary": error.temporary})


def _about(entry: feeds.Entry, about: About) -> dict[str, str | None]:
    """What is known of an article from outside: what the user says, else the feed."""
    names = ("title", "published", "modified", "author", "publisher", "language")
    return {name: about.get(name) or getattr(entry, name) for name in names}


def _raw(answer: Answer, entry: feeds.Entry, origin: Mapping[str, Any], about: About) -> Incoming:
    told = answer.headers.get("content-type", "")
    address = feeds.clean(answer.url)
    place = {**origin, "url": address, "retrieved": now()}
    if not PAGES.match(told):
        return failed("type", f"'{address}' is no page but {told[:60]}.", place)
    charset = _CHARSET.search(told)
    fields = {**_about(entry, about), "url": address}
    return Raw("page", answer.body, "", charset[1] if charset else None, place, fields)


def _held(entry: feeds.Entry, origin: Mapping[str, Any], about: About) -> Incoming:
    """What a feed itself holds of an article."""
    place = {**origin, "url": entry.url}
    if not entry.content:
        return failed("empty", f"The feed holds nothing of '{entry.url}' but its title.", place)
    page = f"<html><body><article>{entry.content}</article></body></html>".encode()
    return Raw("page", page, "", "utf-8", place, {**_about(entry, about), "url": entry.url})


def now() -> str:
    """The moment, as it is written down."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def seconds_since(moment: str) -> float:
    """How long ago a moment was; for ever where there is none."""
    try:
        return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    except (TypeError, ValueError):
        return float("inf")
