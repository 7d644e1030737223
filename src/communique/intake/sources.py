"""Where items come from: files, folders, exports, archives, tables, addresses; each yields its items lazily.

In: what the user named. Out: parts (one file or address each) and the items of a part, in an order that holds.
Must not know how items are read or kept.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from communique.document import KINDS as TEXT_KINDS
from communique.document import STANDARD_INPUT, Line, Overrides, decode, lines, load
from communique.errors import CommuniqueError, InputError
from communique.intake import exports, feeds, office, tables, warc
from communique.intake.articles import Note, Reach, at_address, of_entries
from communique.intake.items import About, Incoming, Raw, failed, made
from communique.intake.xml import XmlError, root_name

SNIFFED = 65_536
LONGEST_FEED = 50_000_000
SUFFIXES: Mapping[str, str] = {
    **dict.fromkeys(TEXT_KINDS, "plain"), ".txt": "text", ".text": "text", ".html": "single", ".htm": "single",
    ".xhtml": "single", ".md": "single", ".xml": "xml", ".rss": "xml", ".atom": "xml", ".parquet": "parquet",
    ".pdf": "pdf", ".docx": "docx", ".warc": "warc", ".warc.gz": "warc", ".xml.gz": "sitemap",
}  # fmt: skip
"""What is read by its name; in folders nothing else is."""
_MAGIC = ((b"%PDF", "pdf"), (b"PAR1", "parquet"), (b"WARC/", "warc"), (b"PK\x03\x04", "docx"))


@dataclass(frozen=True, slots=True)
class Part:
    """One file or address. `only`: the numbers of the items wanted, all by default; `about`: what the user says."""

    key: str
    kind: str
    only: frozenset[int] | None = None
    about: About = field(default_factory=dict)

    @property
    def steady(self) -> bool:
        """Whether its items have the same numbers each time, so that those that are done can be passed over."""
        return self.only is None and self.kind not in ("address", "sitemap", "xml")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all sources; without `reach` nothing is fetched."""

    overrides: Overrides = field(default_factory=Overrides)
    reach: Reach | None = None


Source = Callable[[Part, Settings], Iterator[Incoming | Note]]


def parts(names: Iterable[str]) -> Iterator[Part]:
    """The parts of what the user named; folders in the order of their names."""
    for name in names:
        if is_address(name):
            yield Part(name, "address")
        elif name != STANDARD_INPUT and os.path.isdir(name):
            yield from _folder(name)
        else:
            yield Part(name, kind_of(name) or "plain")


def is_address(name: str) -> bool:
    """Whether a source is on the web."""
    return name.startswith(("http://", "https://"))


def _folder(path: str) -> Iterator[Part]:
    count = 0
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            kind = None if name.startswith(".") else _named(name)
            if kind:
                count += 1
                yield Part(os.path.join(folder, name), kind)
    if not count:
        yield Part(path, "nothing")


def _named(name: str) -> str | None:
    """The kind that a name says, by its last suffix or the last two."""
    ends = [suffix.casefold() for suffix in Path(name).suffixes[-2:]]
    return SUFFIXES.get("".join(ends)) or SUFFIXES.get(ends[-1] if ends else "")


def kind_of(path: str) -> str | None:
    """The kind of a file by its name, else by its first bytes; None for what documents are read from anyway."""
    named = _named(path)
    if named or path == STANDARD_INPUT:
        return named
    try:
        head = _head(path)
    except OSError:
        return None
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "warc" if _packed_warc(path) else None)


def _packed_warc(path: str) -> bool:
    import gzip

    try:
        with gzip.open(path, "rb") as stream:
            return stream.read(5) == b"WARC/"
    except (OSError, EOFError):
        return False


def _head(path: str) -> bytes:
    with Path(path).open("rb") as stream:
        return stream.read(SNIFFED)


def items(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    """The items of a part, numbered from 1 in an order that is always the same; what cannot be read is one of them."""
    number = 0
    for item in _guarded(part, settings):
        number += not isinstance(item, Note)
        if part.only is None or number in part.only:
            yield item


def _guarded(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    origin = {"path": part.key}
    try:
        yield from SOURCES[part.kind](part, settings)
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            yield failed("unreadable", f"There is no file '{part.key}'; check the path.", origin)
        else:
            reason = getattr(error, "strerror", None) or error
            yield failed("unreadable", f"The file '{part.key}' cannot be read: {reason}.", origin)
    except CommuniqueError as error:
        yield failed("unreadable", str(error), origin)
    except Exception as error:  # whatever a damaged file does to the library that reads it, the others are still read
        message = f"The file '{part.key}' cannot be read ({type(error).__name__}: {error})."
        yield failed("unreadable", message, origin)


def _nothing(part: Part, _settings: Settings) -> Iterator[Incoming]:
    known = ", ".join(sorted(SUFFIXES))
    message = f"The folder '{part.key}' holds no file that can be read ({known})."
    yield failed("unreadable", message, {"path": part.key})


def _plain(part: Part, settings: Settings) -> Iterator[Incoming]:
    """What documents are read from anyway; lines of JSON are parsed where they are read."""
    found = None if part.key == STANDARD_INPUT else lines(part.key)
    if found is None:
        yield from load(part.key, settings.overrides)
        return
    for line in found:
        if isinstance(line, Line):
            yield Raw("line", line.data, origin={"path": part.key, "line": line.number})
        else:
            yield line


def _single(part: Part, _settings: Settings) -> Iterator[Incoming]:
    """A file that is one item: read where there is a processor for it."""
    if not os.access(part.key, os.R_OK):
        Path(part.key).open("rb").close()
    yield Raw("file", path=part.key, origin={"path": part.key, "line": None})


def _text(part: Part, settings: Settings) -> Iterator[Incoming]:
    """A text, or an export with many items."""
    head = _head(part.key)
    encoding = _encoding(head)
    form = exports.form_of(head.decode(encoding, "replace").replace("\r\n", "\n"))
    if form is None:
        yield from _single(part, settings)
        return
    with Path(part.key).open(encoding=encoding, errors="replace") as stream:
        yield from _exported(exports.text_items(stream, form), part, settings)


def _exported(found: Iterable[exports.Fields | InputError], part: Part, settings: Settings) -> Iterator[Incoming]:
    number = 0
    for number, fields in enumerate(found, 1):
        origin = {"path": part.key, "item": number}
        if isinstance(fields, InputError):
            yield failed("damaged", f"'{part.key}': {fields}", origin)
        else:
            yield made({**part.about, **fields}, origin, settings.overrides)
    if not number:
        yield failed("empty", f"'{part.key}' holds no item that can be read.", {"path": part.key})


def _encoding(head: bytes) -> str:
    """The encoding of a text by its first bytes, which may end inside a letter."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _xml(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    """A feed, a sitemap, or an export; else a page."""
    head = _head(part.key)
    kind = feeds.kind(head)
    if kind == "feed":
        yield from _feed(part, settings)
    elif kind == "sitemap":
        yield from _sitemap(part, settings)
    else:
        form = exports.xml_form(root_name(head), decode(head, page=True)[0])
        if form is None:
            raise XmlError(f"'{part.key}' is XML, but no feed, sitemap or export that is known.")
        with Path(part.key).open("rb") as stream:
            yield from _exported(exports.xml_items(stream, form), part, settings)


def _all(path: str) -> bytes:
    with Path(path).open("rb") as stream:
        data = stream.read(LONGEST_FEED + 1)
    if len(data) > LONGEST_FEED:
        raise XmlError(f"'{path}' is larger than {LONGEST_FEED:,} bytes.")
    return data


def _feed(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    """A feed in a file: its articles are fetched where that is allowed, else read from the feed."""
    found = feeds.entries(_all(part.key))
    yield from of_entries(found, settings.reach, {"feed": part.key}, part.about)


def _sitemap(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    found, maps = feeds.sitemap(_all(part.key))
    if settings.reach is None:
        raise XmlError(f"'{part.key}' is a sitemap; its articles have to be fetched.")
    yield from of_entries(found, settings.reach, {"feed": part.key}, part.about)
    for place in maps:
        yield from at_address(place, settings.reach, part.about)


def _address(part: Part, settings: Settings) -> Iterator[Incoming | Note]:
    if settings.reach is None:
        yield failed("address", f"'{part.key}' has to be fetched.", {"url": part.key})
        return
    yield from at_address(part.key, settings.reach, part.about)


def _parquet(part: Part, _settings: Settings) -> Iterator[Incoming]:
    columns = ("text", "html", "title", "id", "name", "url", "publisher", "author", "published", "modified", "language")
    for number, row in enumerate(tables.rows(part.key, columns), 1):
        yield Raw("row", origin={"path": part.key, "item": number}, about={**part.about, **row})


def _warc(part: Part, _settings: Settings) -> Iterator[Incoming]:
    return warc.pages(part.key)


def _pdf(part: Part, _settings: Settings) -> Iterator[Incoming]:
    yield Raw("pdf", path=part.key, origin={"path": part.key}, about=part.about)


def _docx(part: Part, settings: Settings) -> Iterator[Incoming]:
    """A document, or an export with many."""
    text, about = office.docx(part.key)
    form = exports.form_of(text)
    if form is None:
        yield made({**about, **part.about, "text": text}, {"path": part.key}, settings.overrides)
    else:
        yield from _exported(exports.text_items(text.split("\n"), form), part, settings)


SOURCES: Mapping[str, Source] = {
    "plain": _plain, "single": _single, "text": _text, "xml": _xml, "sitemap": _sitemap, "address": _address,
    "parquet": _parquet, "warc": _warc, "pdf": _pdf, "docx": _docx, "nothing": _nothing,
}  # fmt: skip
"""How the items of a part are had, by its kind."""


def count(part: Part) -> int | None:
    """How many items a part has, where that is known without reading them."""
    if part.only is not None:
        return len(part.only)
    try:
        if part.kind == "parquet":
            return tables.count(part.key)
        if part.kind == "plain" and part.key.casefold().endswith((".jsonl", ".ndjson")):
            return _lines(part.key)
    except (OSError, CommuniqueError):
        return None
    return 1 if part.kind in ("single", "pdf", "docx") or (part.kind == "text" and _small(part.key)) else None


def _small(path: str) -> bool:
    """Whether a text is so short that it may count as one item, before anybody has looked into it."""
    return os.path.getsize(path) < SNIFFED


def _lines(path: str) -> int:
    number, last = 0, b"\n"
    with Path(path).open("rb") as stream:
        while piece := stream.read(1 << 20):
            number += piece.count(b"\n")
            last = piece[-1:]
    return number + (last != b"\n")
