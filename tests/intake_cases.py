"""What the tests of the intake share: a reader that is quick, a web server that misbehaves, items in files."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zlib import crc32

from ledger_items import event

from communique.intake.fetching import Manners, Web
from communique.intake.keeper import Tally
from communique.intake.transport import Limits
from communique.ledger import Ledger
from communique.ledger.rows import Filter
from communique.records import Document, Problem, Reading, text_hash

LOCAL = ("127.0.0.1/32",)
CODES = "EST CHL MLT TUN NZL PER FIN GHA LVA URY NPL BOL ISL OMN FJI LAO ZMB ECU LTU BWA PRY MNG SEN KEN".split()
Answering = Callable[["Handler"], None]


class StubReader:
    """Finds one event in each item, its first words. An item can end its process, or make the reader raise."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.about = {"name": "stub", "version": "1"}

    def read(self, document: Document, problems: Sequence[Problem] = ()) -> Reading:
        if "KILLS" in document.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "RAISES" in document.text:
            raise RuntimeError("the reader was asked to")
        time.sleep(self.pause)
        words = document.text[: max(1, min(len(document.text), 12))]
        chance = crc32(document.text.encode())
        pair = f"{CODES[chance % 12]} {CODES[12 + chance // 12 % 12]}"
        one = event(document.text, words, "CONSULT", pair, pair)
        return Reading(document, events=(one,), problems=tuple(problems), reader=self.about)


class Silent:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.total: int | None = None

    def start(self, total: int | None) -> None:
        self.total = total

    def step(self, tally: Tally) -> None:
        pass

    def say(self, sentence: str, **_about: Any) -> None:
        self.said.append(sentence)

    def end(self, tally: Tally) -> None:
        pass


def invented(number: int) -> str:
    """A line of invented words, for each number its own, so that no two items pass for copies."""
    chance = random.Random(number)
    return f"Item {number}:" + "".join(
        " " + "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)) for _ in range(12)
    )


def write_items(path: Path, number: int, first: int = 0) -> None:
    """JSON Lines of invented items, each of its own text."""
    lines = [
        {"id": f"item-{n}", "text": f"{invented(n)} (FICTION)", "published": f"2031-05-{1 + n % 28:02}",
         "publisher": "Nordpost"}
        for n in range(first, first + number)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


Content = tuple[list[tuple[str, str, int]], list[str], dict[str, int]]


def content(path: Path) -> Content:
    """What a ledger holds, whatever order it came in: documents with text and version, records, counts of the rest."""
    with Ledger(path, readonly=True) as ledger:
        items = ledger.items(Filter(limit=None))
        records = [stored.record.id for stored in ledger.records(Filter(limit=None, min_confidence=0.0))]
        counts = ledger.counts()
    assert counts["item"] == len(items)
    documents = sorted((i.document.id, text_hash(i.document.text), i.document.version) for i in items)
    return documents, sorted(records), dict(counts)


class Handler(BaseHTTPRequestHandler):
    """Answers as the test's table says; keeps what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        table: dict[str, Answering] = self.server.table  # type: ignore[attr-defined]
        with suppress(OSError):
            table.get(self.path, missing)(self)

    def log_message(self, *_arguments: Any) -> None:
        pass

    def send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        headers = {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def missing(handler: Handler) -> None:
    handler.send(b"", 404)


def answer(body: bytes | str, status: int = 200, **headers: str) -> Answering:
    data = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.send(data, status, **headers)


class Site:
    """A local web server with a table of paths; `asked` are the paths in the order of asking."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.table: dict[str, Answering] = server.table  # type: ignore[attr-defined]
        self.asked: list[str] = server.asked  # type: ignore[attr-defined]
        self.port = server.server_address[1]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path not in ("/robots.txt", "/.well-known/tdmrep.json")]


@contextmanager
def site() -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.table, server.asked = {}, []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Site(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def quick_web(**limits: Any) -> Web:
    """A web that waits for nobody, and may ask this machine."""
    manners = Manners(delay=0.0, backoff=0.0, limits=Limits(allowed=LOCAL, **limits))
    return Web(manners)


ARTICLE = """<html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2031-05-07T09:30:00+02:00"></head>
<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""


def article(
    title: str, text: str = "Ministers of Estonia and Chile met in Tallinn on Tuesday to talk about trade. (FICTION)"
) -> str:
    return ARTICLE.format(title=title, text=text)
