"""Polite fetching: robots.txt and reservations, a delay per host, redirects checked one by one, retries with patience.

In: an address and what is remembered of it. Out: an answer, or FetchError. Must not know feeds, articles or ledgers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from communique import __version__
from communique.intake import robots
from communique.intake.transport import Answer, FetchError, Limits, exchange, split

AGENT = "communique"
REDIRECTS = 5
RETRIED = frozenset((429, 500, 502, 503, 504))
MOVED = frozenset((301, 302, 303, 307, 308))
PATIENCE = 60.0
"""Seconds that a run waits for one host at most; where a server asks for more, the item is left for the next run."""
KEPT_SECONDS = 24 * 3600.0
"""How long a robots.txt holds, as the RFC says."""
ACCEPTED = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Manners:
    """How strangers' servers are treated. `contact`: an address by which its owner finds who asks."""

    delay: float = 1.0
    tries: int = 3
    backoff: float = 1.0
    contact: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def agent(self) -> str:
        """What is said in User-Agent."""
        return f"{AGENT}/{__version__}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(slots=True)
class _Host:
    """What is known of one host in this run."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next: float = 0.0
    rules: robots.Rules | None = None
    reserved: robots.Rules = field(default_factory=robots.Rules)
    expires: float = 0.0


class Web:
    """The web as it may be asked. Threads may share one; each host is asked by one of them at a time."""

    def __init__(
        self, manners: Manners | None = None, *, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:  # fmt: skip
        self.manners = manners or Manners()
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def get(self, url: str, known: Mapping[str, str] | None = None) -> Answer:
        """Fetch an address; `known` has `etag` and `modified` of the last time, and an answer of 304 has no body.

        FetchError says why not; its `temporary` says whether to try again another time.
        """
        conditions = _conditions(known or {})
        seen: list[str] = []
        here = urldefrag(url)[0]
        while True:
            if here in seen or len(seen) > REDIRECTS:
                raise FetchError("redirects", f"'{url}' leads on and on.")
            seen.append(here)
            answer = self._polite(here, conditions if here == seen[0] else {})
            place = answer.headers.get("location")
            if answer.status not in MOVED or not place:
                break
            here = urldefrag(urljoin(here, place))[0]
        return self._accepted(answer, url)

    def _accepted(self, answer: Answer, url: str) -> Answer:
        if answer.status == 304:
            return answer
        if answer.status != 200:
            gone = answer.status in RETRIED
            raise FetchError(f"http_{answer.status}", f"'{url}' answered {answer.status}.", temporary=gone)
        said = robots.refusal(answer.headers, answer.body)
        if said:
            raise FetchError("reserved", f"'{url}' keeps its text from text and data mining ({said}).")
        return answer

    def _polite(self, url: str, headers: Mapping[str, str]) -> Answer:
        """One address, if the site lets us, with retries."""
        scheme, name, port, target = split(url)
        site = f"{scheme}://{_bracketed(name)}:{port}"
        with self._lock:
            host = self._hosts.setdefault(site, _Host())
        with host.lock:
            if host.rules is None or self._clock() > host.expires:
                self._learn(host, site)
            rules = host.rules or robots.Rules()
            if not rules.allows(target):
                later = rules is robots.NOTHING
                message = "cannot be had for now" if later else "says so"
                raise FetchError(
                    "robots", f"'{url}' may not be fetched; the site's robots.txt {message}.", temporary=later
                )
            if not host.reserved.allows(target):
                raise FetchError("reserved", f"'{url}' is kept from text and data mining by the site's tdmrep.json.")
            return self._tried(host, url, headers)

    def _learn(self, host: _Host, site: str) -> None:
        """Read robots.txt and tdmrep.json of a site. One that cannot be had for now forbids all, one that is not
        there nothing."""
        host.expires = self._clock() + KEPT_SECONDS
        host.rules = robots.Rules()
        text = self._file(host, f"{site}/robots.txt")
        host.rules = robots.NOTHING if text is None else robots.rules(text, AGENT)
        if text is None:
            host.expires = self._clock()
            return
        reserved = self._file(host, f"{site}/.well-known/tdmrep.json")
        host.reserved = robots.reserved_paths(reserved or "")

    def _file(self, host: _Host, url: str) -> str | None:
        """The text of a file that rules a site: empty where there is none, None where the server cannot say."""
        here = url
        try:
            for _ in range(REDIRECTS + 1):
                answer = self._tried(host, here, {})
                if answer.status not in MOVED or "location" not in answer.headers:
                    break
                here = urljoin(here, answer.headers["location"])
        except FetchError as error:
            if error.kind == "private":
                raise
            return "" if error.kind in ("too_long", "encoding") else None
        if answer.status >= 500 or answer.status == 429:
            return None
        return answer.body.decode("utf-8", "replace") if answer.status == 200 else ""

    def _tried(self, host: _Host, url: str, headers: Mapping[str, str]) -> Answer:
        """Ask, and ask again where the server is busy or the line was bad."""
        for attempt in range(1, self.manners.tries + 1):
            self._wait(host, url)
            wait = self.manners.backoff * 2 ** (attempt - 1)
            try:
                answer = exchange(url, {"User-Agent": self.manners.agent, "Accept": ACCEPTED, **headers}, self._limits)
            except FetchError as error:
                if not error.temporary or attempt == self.manners.tries:
                    raise
                host.next = self._clock() + wait
                continue
            if answer.status not in RETRIED:
                return answer
            host.next = self._clock() + max(wait, asked_wait(answer.headers.get("retry-after", "")))
        return answer

    @property
    def _limits(self) -> Limits:
        return self.manners.limits

    def _wait(self, host: _Host, url: str) -> None:
        """Wait until the host may be asked again."""
        left = host.next - self._clock()
        if left > PATIENCE:
            raise FetchError("busy", f"'{urlsplit(url).hostname}' asks to wait {left:,.0f} seconds.", temporary=True)
        if left > 0:
            self._sleep(left)
        delay = max(self.manners.delay, host.rules.delay if host.rules else 0.0)
        host.next = self._clock() + delay


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _conditions(known: Mapping[str, str]) -> dict[str, str]:
    names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
    return {header: known[name] for name, header in names.items() if known.get(name)}


def validators(answer: Answer) -> dict[str, str]:
    """What the next request says, so that what did not change is not sent again."""
    names = {"etag": "etag", "modified": "last-modified"}
    return {name: answer.headers[header] for name, header in names.items() if header in answer.headers}


def asked_wait(value: str) -> float:
    """The seconds that Retry-After asks for, as a number or a date; 0 for what is none.

    >>> asked_wait("7"), asked_wait("soon"), asked_wait("Thu, 01 Jan 1970 00:00:00 GMT")
    (7.0, 0.0, 0.0)
    """
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
