"""What every request has to pass before a page sees it, and what every answer carries.

In: settings. Out: a guard around the application; `docs/security.md` is its promise. Must not know pages, nor the
ledger.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from communique.web.settings import Limits

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
MOST_ADDRESSES = 10_000
"""Addresses whose rate is remembered; the one that asked longest ago is forgotten first."""


class TooLargeError(Exception):
    """A body with more bytes than a request may have."""


class Rates:
    """A bucket of requests per address, filled at a steady rate."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._now = limits, now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Take one request out of an address's bucket, where there is one left."""
        now = self._now()
        left, then = self._buckets.pop(address, (float(self._limits.burst), now))
        left = min(left + (now - then) * self._limits.rate, float(self._limits.burst))
        self._buckets[address] = (left - 1 if left >= 1 else left, now)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return left >= 1


class Guard:
    """Checks host, origin, rate, size and time of each request, and sets the headers of each answer."""

    def __init__(self, app: Application, hosts: tuple[str, ...], limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._hosts = frozenset(hosts)
        self._rates = Rates(limits)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a problem."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused:
            await _problem(send, *refused)
            return
        await self._timed(scope, receive, send)

    def _refused(self, scope: Message, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return 421, "This name is not served here."
        if scope["method"] not in SAFE and not _own(headers, host):
            return 403, "This was sent by another site."
        if not self._rates.allows((scope.get("client") or ("",))[0]):
            return 429, "Too many requests; wait a moment."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limits.body:
            return 413, f"More than {self._limits.body:,} bytes are not taken."
        return None

    async def _timed(self, scope: Message, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        try:
            async with asyncio.timeout(self._limits.seconds):
                body = await _body(receive, self._limits.body)
                await self._app(scope, _again(body, receive), sending)
        except TooLargeError:
            await _problem(send, 413, f"More than {self._limits.body:,} bytes are not taken.")
        except TimeoutError:
            if not begun:
                await _problem(send, 503, "This took too long; narrow the question.")


def _name(host: str) -> str:
    """The name in a host header, without its port.

    >>> _name("localhost:8000"), _name("[::1]:8000"), _name("evil.example@localhost")
    ('localhost', '::1', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        return "" if parts.username is not None or parts.path else parts.hostname or ""
    except ValueError:
        return ""


def _own(headers: dict[str, str], host: str) -> bool:
    """Whether a request that writes comes from a page of this room, or from no page at all."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


async def _body(receive: Receive, most: int) -> bytes:
    """The whole body of a request, which is small, so that no page waits for a slow sender."""
    found = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return found
        part: bytes = message.get("body", b"")
        found += part
        if len(found) > most:
            raise TooLargeError
        if not message.get("more_body", False):
            return found


def _again(body: bytes, receive: Receive) -> Receive:
    """What hands out a body that was read already, once."""
    waiting = [body]

    async def give() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return give


async def _problem(send: Send, status: int, detail: str) -> None:
    body = json.dumps({"type": "about:blank", "title": detail, "status": status}).encode()
    headers = [
        (b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode()), *HEADERS,
    ]  # fmt: skip
    if status == 429:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
