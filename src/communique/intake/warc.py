"""WARC files: the pages that a crawl kept.

In: a path to .warc or .warc.gz. Out: one raw page per response that is HTML, with address and time of retrieval.
The only door to fastwarc. Must not know how pages are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from communique.intake.items import Incoming, Raw, failed
from communique.intake.transport import FetchError, Limits, unpacked

LONGEST_PAGE = 10_000_000
"""Bytes of a page that are read; no article is longer."""
PAGES = ("text/html", "application/xhtml+xml")


def pages(path: str) -> Iterator[Incoming]:
    """The pages of a WARC file, in order; a file that breaks off is a failure behind those that are whole."""
    try:
        module = import_module("fastwarc.warc")
    except ImportError:
        message = f"'{path}' needs the optional package fastwarc: pip install 'communique[warc]'."
        yield failed("missing_package", message, {"path": path})
        return
    count = 0
    try:
        with Path(path).open("rb") as stream:
            for record in module.ArchiveIterator(stream, record_types=module.WarcRecordType.response, parse_http=True):
                page = _page(record, path, count + 1)
                if page is not None:
                    count += 1
                    yield page
    except OSError as error:
        yield failed("unreadable", f"The file '{path}' cannot be read: {error}.", {"path": path})
    except Exception as error:  # whatever fastwarc makes of damaged bytes, the other files are still read
        message = f"The file '{path}' is damaged behind page {count} ({type(error).__name__}: {error})."
        yield failed("unreadable", message, {"path": path, "item": count + 1})


def _page(record: Any, path: str, number: int) -> Incoming | None:
    """A response that brought a page; redirects, errors, pictures and files are none."""
    http = record.http_headers
    kind = (record.http_content_type or "").casefold()
    if http is None or http.status_code != 200 or kind not in PAGES:
        return None
    address = record.headers.get("WARC-Target-URI", "").strip("<>")
    retrieved = record.headers.get("WARC-Date")
    origin = {"path": path, "item": number, "url": address, "retrieved": retrieved}
    data = record.reader.read(LONGEST_PAGE)
    packed = (http.get("Content-Encoding") or "").casefold()
    if packed:
        try:
            data = unpacked(data, packed, address, Limits(unpacked_bytes=LONGEST_PAGE))
        except FetchError as error:
            return failed(error.kind, str(error), origin)
    return Raw("page", data, path, record.http_charset, origin, {"url": address})
