"""Items on their way in: fields, bytes or paths become documents, here or in the process that reads them.

In: fields of a row or bytes of a page. Out: Loaded, with problems where something is wrong.
Must not know where items are fetched, nor the ledger.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from communique.document import Line, Loaded, Overrides, decode, document_of, load, of_line
from communique.errors import InputError
from communique.records import Problem, content_hash

STAGE = "intake"
FIELDS = ("title", "id", "name", "url", "publisher", "author", "published", "modified", "language")
About = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """An item that is bytes or a path as yet; the process that reads it makes a document of it.

    `about` is what is known from outside (an entry of a feed, a row's fields); what the page itself says goes first,
    but its address.
    """

    kind: str
    data: bytes = b""
    path: str = ""
    charset: str | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    about: About = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how long it takes, in bytes."""
        return len(self.data) + sum(len(value) for value in self.about.values() if isinstance(value, str))


Incoming = Loaded | Raw


def failed(code: str, message: str, origin: Mapping[str, Any], problems: Iterable[Problem] = ()) -> Loaded:
    """An item that is none, and why."""
    return Loaded(None, (*problems, Problem(code, STAGE, message)), True, origin)


def where(origin: Mapping[str, Any]) -> str:
    """The place of an item in words.

    >>> where({"path": "a.parquet", "item": 3}), where({"url": "https://a.example/1"})
    ("Item 3 of 'a.parquet'", "'https://a.example/1'")
    """
    place = f"'{origin.get('url') or origin.get('path') or '-'}'"
    number = origin.get("line") or origin.get("item")
    return f"{'Line' if origin.get('line') else 'Item'} {number} of {place}" if number else place


def made(
    fields: Mapping[str, Any], origin: Mapping[str, Any], overrides: Overrides, problems: Iterable[Problem] = ()
) -> Loaded:
    """The document of a row's fields: `text` or `html` is needed; dates and numbers are written as text."""
    text, html = fields.get("text"), fields.get("html")
    if not isinstance(text, str) and isinstance(html, str):
        return of_page(html, fields, origin, overrides, problems)
    if not isinstance(text, str):
        return failed("json", f"{where(origin)} has neither a 'text' nor an 'html'.", origin, problems)
    about = {name: _string(fields.get(name)) for name in FIELDS}
    if not about["id"] and not about["url"]:
        about["id"] = content_hash("path", str(origin.get("path", "-")), str(origin.get("item") or ""))
    try:
        document, found = document_of(text, overrides, **about)
    except InputError:
        return failed("empty", f"{where(origin)} holds no words; there is nothing to read.", origin, problems)
    return Loaded(replace(document, origin=dict(origin)), (*problems, *found), False, origin)


def of_page(
    html: str, fields: Mapping[str, Any], origin: Mapping[str, Any], overrides: Overrides, problems: Iterable[Problem]
) -> Loaded:
    """The article of a page; what fields say about it stands where the page itself says nothing."""
    from communique.page import read_page

    page = read_page(html)
    if not page.text.strip():
        return failed("empty", f"No article was found on the page {where(origin)}.", origin, problems)
    said = {name: getattr(page, name, None) or fields.get(name) for name in FIELDS}
    said |= {"text": page.text, "url": fields.get("url") or page.url, "id": fields.get("id")}
    return made(said, origin, overrides, problems)


def _string(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def loaded(item: Incoming, overrides: Overrides) -> Loaded:
    """The document of an item that may be raw; whatever a stranger's file does to a parser, it fails alone."""
    if isinstance(item, Loaded):
        return item
    try:
        return LOADERS[item.kind](item, overrides)
    except Exception as error:
        message = f"{where(item.origin)} cannot be read ({type(error).__name__}: {error})."
        return failed("unreadable", message, item.origin)


def _file(raw: Raw, overrides: Overrides) -> Loaded:
    return next(iter(load(raw.path, overrides)))


def _page(raw: Raw, overrides: Overrides) -> Loaded:
    try:
        html, problems = _decoded(raw)
    except InputError as error:
        return failed("unreadable", str(error), raw.origin)
    return of_page(html, raw.about, raw.origin, overrides, problems)


def _line(raw: Raw, overrides: Overrides) -> Loaded:
    return of_line(Line(raw.origin["line"], raw.data), raw.origin["path"], overrides)


def _row(raw: Raw, overrides: Overrides) -> Loaded:
    return made(raw.about, raw.origin, overrides)


def _decoded(raw: Raw) -> tuple[str, list[Problem]]:
    """A page as text: by the charset that came with it, where it fits, else by what the page says."""
    if raw.charset:
        try:
            name = codecs.lookup(raw.charset).name
            return raw.data.decode({"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)), []
        except (LookupError, UnicodeError, TypeError):
            pass
    return decode(raw.data, page=True, what=where(raw.origin))


def _pdf(raw: Raw, overrides: Overrides) -> Loaded:
    from communique.intake.office import pdf

    return pdf(raw, overrides)


LOADERS: Mapping[str, Callable[[Raw, Overrides], Loaded]] = {
    "file": _file, "page": _page, "pdf": _pdf, "line": _line, "row": _row,
}  # fmt: skip
"""How an item becomes a document, by its kind."""
