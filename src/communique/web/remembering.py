"""Answers that were given are given again as long as nobody has written to the ledger.

In: the application and its room. Out: the same answers, each made once. What belongs to one visitor (the session and
its signature) is put in afterwards, so that an answer serves all. Must not know what a page shows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from communique.ask.days import today
from communique.errors import CommuniqueError
from communique.web.answering import NAME, SESSION, language_of, new_session
from communique.web.room import Room
from communique.web.security import Application, Message, Receive, Send

LARGEST = 64_000_000
"""Bytes of answers that are kept; what was asked for longest ago goes first."""
APART = ("/static/", "/paste")
"""Files, which are not made, and what holds a visitor's own text."""
Key = tuple[str, ...]
State = tuple[int, int]
NONE: State = (-1, -1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and how the ledger stood before it was made."""

    state: State
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Answers:
    """The last answers, by what was asked; not more than LARGEST bytes."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest, self._size = largest, 0
        self._held: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, state: State) -> Answer | None:
        """The answer, where the ledger still stands as it did."""
        with self._lock:
            found = self._held.get(key)
            if found is None or found.state != state:
                return None
            self._held.move_to_end(key)
            return found

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer, and forget the oldest ones where there is no room."""
        with self._lock:
            before = self._held.pop(key, None)
            self._size += len(answer.body) - (len(before.body) if before else 0)
            self._held[key] = answer
            while self._size > self._largest:
                _, oldest = self._held.popitem(last=False)
                self._size -= len(oldest.body)


class Remembering:
    """Wraps the application; only what is asked for by GET and answered in full is remembered."""

    def __init__(self, app: Application, room: Room) -> None:
        self._app, self._room, self._answers = app, room, Answers()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer from memory, or let the application answer."""
        if scope["type"] != "http" or scope["path"].startswith(APART[0]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        key, state = _key(request, self._room), NONE
        if key:
            try:
                state = self._room.state()
            except CommuniqueError:  # the application says what is wrong with the ledger
                key = ()
        found = self._answers.get(key, state) if key else None
        if found is None:
            found = await self._made(scope, receive, state)
            if key and found.status == 200:
                self._answers.keep(key, found)
        await self._send(request, found, send)

    async def _made(self, scope: Message, receive: Receive, state: State) -> Answer:
        start: Message = {}
        body = bytearray()

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, take)
        return Answer(state, start["status"], tuple(start.get("headers", ())), bytes(body))

    async def _send(self, request: Request, answer: Answer, send: Send) -> None:
        """Send an answer, with the visitor's own signature in its forms."""
        body, start = answer.body, {"type": "http.response.start", "status": answer.status}
        headers = MutableHeaders(raw=list(answer.headers))
        if headers.get("content-type", "").startswith("text/html"):
            session = request.cookies.get(SESSION) or new_session()
            body = body.replace(self._room.blank.encode(), self._room.sign(session).encode())
            if SESSION not in request.cookies:
                headers.append("set-cookie", f"{SESSION}={session}; HttpOnly; Path=/; SameSite=strict")
        if request.method != "HEAD":
            headers["content-length"] = str(len(body))
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": body})


def _key(request: Request, room: Room) -> Key:
    """All that an answer depends on besides the ledger; empty for what is not remembered."""
    headers: Any = request.headers
    if request.method != "GET" or request.url.path.startswith(APART) or "if-none-match" in headers:
        return ()
    name = request.cookies.get(NAME) or room.settings.author
    return (str(request.url), language_of(request), name, headers.get("hx-request", ""), today())
