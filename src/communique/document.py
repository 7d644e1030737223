"""How files become Documents: plain text, web pages, JSON, JSON Lines, standard input, folders.

In: a path or '-'. Out: one Loaded per item, in the order of the input; what cannot be read is a problem, no exception.
Must not know sentences, entities or records. Texts are stored as read, never renormalised.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from communique.errors import CommuniqueError, InputError
from communique.press import language_code
from communique.press import published as read_published
from communique.records import Document, Problem, Span, content_hash, text_hash

LONGEST_FILE = 100_000_000
"""Bytes of a file that is one item, or one JSON list: it has to be held in memory."""
LONGEST_LINE = 64_000_000
"""Bytes of a line of JSON Lines."""

STAGE = "document"
STANDARD_INPUT = "-"
KINDS = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json",
    ".jsonl": "lines", ".ndjson": "lines",
}  # fmt: skip
"""What is read by its extension; in folders nothing else is."""

_SNIFFED = 65_536
_MAGIC = (
    b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"BZh", b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b\x08"))) + b"\x7f"
_UNCARRIED = re.compile("[\ud800-\udfff\x00]")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_PAGE = re.compile(r"(?si)\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype|html|head|body|article|main|div|\?xml)\b")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user says about all items, whatever these say themselves; a day or language that is none is an error.

    >>> Overrides(published="4. Juli 2024", language="German")
    Overrides(published='2024-07-04', language='de')
    """

    published: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.published is not None:
            day = read_published(self.published)
            if day is None:
                raise CommuniqueError(f"'{self.published}' is no day of publication; give it as 2024-07-04.")
            object.__setattr__(self, "published", day)
        if self.language is not None:
            code = language_code(self.language)
            if code is None:
                raise CommuniqueError(f"'{self.language}' is no language; give a code such as de or en.")
            object.__setattr__(self, "language", code)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One item of the input: its document, or why there is none (`failed`, with a problem that says so)."""

    document: Document | None
    problems: tuple[Problem, ...] = ()
    failed: bool = False
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Item:
    """What is known about an item before it becomes a document."""

    text: str
    title: str | None = None
    id: str | None = None
    name: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file and its number from 1, as bytes."""

    number: int
    data: bytes


def load(path: str | os.PathLike[str], overrides: Overrides | None = None) -> Iterator[Loaded]:
    """The items of a file, folder or ('-') standard input, one by one, in order; memory holds one item at a time.

    Raises nothing for bad content or missing files: these are Loaded with `failed` and a problem.
    """
    name, given = os.fspath(path), overrides or Overrides()
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            return iter([_failed("unreadable", "Standard input is closed; give a file, or open it.", _origin(name))])
        return _stream(_standard_input(), name, None, given)
    if os.path.isdir(name):
        return _folder(name, given)
    return _file(name, given)


def _standard_input() -> io.BufferedReader[Any]:
    stream: Any = sys.stdin.buffer
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)


def _failed(code: str, message: str, origin: Mapping[str, Any], *others: Problem) -> Loaded:
    return Loaded(None, (*others, Problem(code, STAGE, message)), True, origin)


def _origin(path: str, line: int | None = None) -> dict[str, Any]:
    return {"path": path, "line": line}


def _folder(path: str, overrides: Overrides) -> Iterator[Loaded]:
    """All files of known kinds below a folder, sorted; hidden ones are passed over."""
    errors: list[OSError] = []
    count = 0
    for folder, folders, names in os.walk(path, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.casefold() in KINDS:
                count += 1
                yield from _file(os.path.join(folder, name), overrides)
    for error in errors:
        yield _unreadable(str(error.filename), error)
    if not count and not errors:
        known = ", ".join(sorted(KINDS))
        yield _failed("unreadable", f"The folder '{path}' holds no file that can be read ({known}).", _origin(path))


def _unreadable(path: str, error: Exception) -> Loaded:
    if isinstance(error, FileNotFoundError):
        message = f"There is no file '{path}'; check the path."
    elif isinstance(error, PermissionError):
        message = f"The file '{path}' may not be read; check its permissions."
    else:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"The file '{path}' cannot be read: {reason}."
    return _failed("unreadable", message, _origin(path))


def _file(path: str, overrides: Overrides) -> Iterator[Loaded]:
    kind = KINDS.get(Path(path).suffix.casefold())
    try:
        with io.BufferedReader(io.FileIO(path), _SNIFFED) as stream:
            yield from _stream(stream, path, kind, overrides)
    except (OSError, ValueError) as error:
        yield _unreadable(path, error)


def _stream(stream: io.BufferedReader[Any], path: str, kind: str | None, overrides: Overrides) -> Iterator[Loaded]:
    """The items of an open file; the kind is sniffed where the extension doesn't tell."""
    head = stream.peek(_SNIFFED)[:_SNIFFED]
    if kind in (None, "json"):
        kind = _sniff(head, kind or "text")
    if kind == "lines" and not _is_wide(head):
        yield from _json_lines(stream, path, overrides)
        return
    origin = _origin(path)
    data = stream.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        message = f"The file '{path}' is larger than {LONGEST_FILE:,} bytes; split it, or give its items as JSON Lines."
        yield _failed("too_long", message, origin)
        return
    try:
        text, problems = decode(data, page=kind == "html", what=f"The file '{path}'")
    except InputError as error:
        yield _failed("unreadable", str(error), origin)
        return
    yield from _READERS[kind](text, path, overrides, problems)


def _is_wide(head: bytes) -> bool:
    return _wide(head) is not None


def _wide(head: bytes) -> str | None:
    """The encoding of text with more than one byte a letter: by its mark, or because every other byte is NUL.

    >>> _wide("Wien".encode("utf-16")), _wide("In Wien.".encode("utf-16-be")), _wide(b"Wien")
    ('utf-16', 'utf-16-be', None)
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:1024]
    first, second = sample[::2], sample[1::2]
    if len(second) < 8:
        return None
    low, high = first.count(0) / len(first), second.count(0) / len(second)
    if high > 0.7 and low < 0.05:
        return "utf-16-le"
    return "utf-16-be" if low > 0.7 and high < 0.05 else None


def _sniff(head: bytes, otherwise: str) -> str:
    """Guess what bytes are: 'json', 'lines', 'html' or what is said to be otherwise.

    >>> _sniff(b'{"text": "a"}\\n{"text": "b"}', "text"), _sniff(b"<!doctype html>", "text"), _sniff(b"[A] b", "text")
    ('lines', 'html', 'text')
    """
    text = head.decode(_wide(head) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if re.match(r"\{\s*(?:[\"}]|$)", text):
        rest = [line for line in text.split("\n")[1:3] if line.strip()]
        if text.strip() == "{":
            return "json"
        return "lines" if not rest or rest[0].lstrip().startswith("{") else "json"
    if re.match(r"\[\s*(?:[\[{\]]|$)", text) or otherwise == "json":
        return "json"
    return "html" if _PAGE.match(text) else otherwise


def decode(data: bytes, *, page: bool = False, what: str = "The input") -> tuple[str, list[Problem]]:
    """Bytes as text: UTF-8, UTF-16 and UTF-32, a page's declared charset, else Windows-1252 with a problem.

    Raises InputError for what is no text at all.
    """
    wide = _wide(data)
    if wide and not data.startswith(_MAGIC):
        text = data.decode(wide, "replace").removeprefix("\ufeff")
        message = (
            f"{what} has no byte-order mark and was read as {wide.upper()}; if letters look wrong, save it as UTF-8."
        )
        return text, [Problem("encoding", STAGE, message)] if wide.endswith("e") else []
    if _is_binary(data):
        raise InputError(f"{what} is binary, not text; give text, HTML, JSON or JSON Lines.")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8", "surrogatepass"), []
    except UnicodeDecodeError:
        return _decode_other(data, page, what)


def _is_binary(data: bytes) -> bool:
    """By its first bytes, or because one byte in ten is a control character (in what isn't UTF-8: one in a hundred)."""
    head = data[:_SNIFFED]
    if head.startswith(_MAGIC):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    try:
        codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(head)
    except UnicodeDecodeError:
        return controls * 100 > len(head)
    return controls * 10 > len(head) and (controls > 3 or controls * 2 > len(head))


def _decode_other(data: bytes, page: bool, what: str) -> tuple[str, list[Problem]]:
    declared = _CHARSET.search(data[:4096]) if page else None
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            return data.decode({"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)), []
        except (LookupError, UnicodeError):
            pass
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    sound = sum(1 for character in lenient[:_SNIFFED] if "\x7f" < character != "\ufffd")
    if sound >= broken:
        message = f"{what} is UTF-8 with {broken} broken byte(s), each read as U+FFFD; save it as UTF-8 again."
        return lenient, [Problem("encoding", STAGE, message)]
    message = f"{what} is not UTF-8 and was read as Windows-1252; if letters look wrong, save it as UTF-8."
    return data.decode("cp1252", "replace"), [Problem("encoding", STAGE, message)]


def _text_file(text: str, path: str, overrides: Overrides, problems: list[Problem]) -> Iterator[Loaded]:
    yield _made(_Item(text), _origin(path), overrides, problems)


def _page_file(text: str, path: str, overrides: Overrides, problems: list[Problem]) -> Iterator[Loaded]:
    item = _page(text, problems)
    if not item.text.strip():
        message = f"No article was found on the page '{path}'; give its text, or check that it is complete."
        yield _failed("empty", message, _origin(path), *problems)
        return
    yield _made(item, _origin(path), overrides, problems)


def _page(html: str, problems: list[Problem]) -> _Item:
    from communique.page import read_page

    page = read_page(_carried(html, problems))
    return _Item(
        text=page.text, title=page.title, url=page.url, publisher=page.publisher, author=page.author,
        published=page.published, modified=page.modified, language=page.language,
    )  # fmt: skip


def _json_file(text: str, path: str, overrides: Overrides, problems: list[Problem]) -> Iterator[Loaded]:
    """One object, or a list of them; several values one after the other are read as JSON Lines."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            yield from _split_lines(text, path, overrides, problems)
            return
        message = f"The file '{path}' is broken JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        yield _failed("json", message, _origin(path, error.lineno), *problems)
        return
    except (RecursionError, ValueError):
        message = f"The file '{path}' is JSON nested too deeply or with too long numbers."
        yield _failed("json", message, _origin(path), *problems)
        return
    if not isinstance(value, list):
        yield _item(value, f"'{path}'", _origin(path), overrides, problems)
        return
    if not value:
        yield _failed("empty", f"The list in '{path}' has no items.", _origin(path), *problems)
    for number, entry in enumerate(value, 1):
        yield _item(entry, f"item {number} of '{path}'", {**_origin(path), "item": number}, overrides, problems)


def _split_lines(text: str, path: str, overrides: Overrides, problems: list[Problem]) -> Iterator[Loaded]:
    """JSON Lines that are in memory already."""
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        if line.strip():
            yield _json_line(line, number, path, overrides, problems)


_READERS: Mapping[str, Callable[[str, str, Overrides, list[Problem]], Iterator[Loaded]]] = {
    "text": _text_file,
    "html": _page_file,
    "json": _json_file,
    "lines": _split_lines,
}


def _json_lines(stream: IO[bytes], path: str, overrides: Overrides) -> Iterator[Loaded]:
    """JSON Lines as they come."""
    for line in _lines(stream, path):
        yield of_line(line, path, overrides) if isinstance(line, Line) else line


def _lines(stream: IO[bytes], path: str) -> Iterator[Line | Loaded]:
    """The lines that hold something; one too long to hold is passed over and reported."""
    number = count = 0
    while data := stream.readline(LONGEST_LINE):
        number += 1
        if len(data) >= LONGEST_LINE and not data.endswith(b"\n"):
            while data and not data.endswith(b"\n"):
                data = stream.readline(LONGEST_LINE)
            message = f"Line {number} of '{path}' is longer than {LONGEST_LINE:,} bytes and was passed over."
            yield _failed("too_long", message, _origin(path, number))
        elif data.strip(b"\xef\xbb\xbf \t\r\n"):
            yield Line(number, data)
        else:
            continue
        count += 1
    if not count:
        yield _failed("empty", f"The file '{path}' is empty.", _origin(path))


def lines(path: str) -> Iterator[Line | Loaded] | None:
    """The lines of a file that is JSON Lines by its name, not read yet, for `of_line`; None for another file.

    Raises OSError where it cannot be opened.
    """
    if KINDS.get(Path(path).suffix.casefold()) != "lines":
        return None
    stream = io.BufferedReader(io.FileIO(path), _SNIFFED)
    if _is_wide(stream.peek(_SNIFFED)[:_SNIFFED]):
        stream.close()
        return None
    return _closing(stream, path)


def _closing(stream: IO[bytes], path: str) -> Iterator[Line | Loaded]:
    with stream:
        yield from _lines(stream, path)


def of_line(line: Line, path: str, overrides: Overrides) -> Loaded:
    """The document of a line of JSON."""
    try:
        text, problems = decode(line.data, what=f"Line {line.number} of '{path}'")
    except InputError as error:
        return _failed("unreadable", str(error), _origin(path, line.number))
    return _json_line(text, line.number, path, overrides, problems)


def _json_line(line: str, number: int, path: str, overrides: Overrides, problems: list[Problem]) -> Loaded:
    origin, where = _origin(path, number), f"line {number} of '{path}'"
    try:
        value = json.loads(line.strip().removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        message = f"Line {number} of '{path}' is broken JSON at column {error.colno}: {error.msg}."
        return _failed("json", message, origin, *problems)
    except (RecursionError, ValueError):
        message = f"Line {number} of '{path}' is JSON nested too deeply or with too long numbers."
        return _failed("json", message, origin, *problems)
    return _item(value, where, origin, overrides, problems)


def _item(value: Any, where: str, origin: dict[str, Any], overrides: Overrides, problems: list[Problem]) -> Loaded:
    """A JSON object as a document: text or html is needed, other fields of a wrong type are reported and left out."""
    if not isinstance(value, dict):
        found = "null" if value is None else _named(value)
        message = f"An item must be a JSON object with a text; {where} is {found}."
        return _failed("json", message, origin, *problems)
    problems = list(problems)
    text, html = value.get("text"), value.get("html")
    if isinstance(text, str):
        base = _Item(text)
    elif text is None and isinstance(html, str):
        base = _page(html, problems)
    else:
        found = _named(html if text is None else text)
        message = f"An item needs a string 'text' or 'html'; in {where} it is {found}."
        return _failed("json", message, origin, *problems)
    if text is None and not base.text.strip():
        return _failed("empty", f"No article was found in the 'html' of {where}.", origin, *problems)
    fields = {name: _field(value, name, where, problems) for name in _Item.__slots__ if name != "text"}
    known = {name: found if found is not None else getattr(base, name) for name, found in fields.items()}
    return _made(_Item(base.text, **known), origin, overrides, problems)


def _named(value: Any) -> str:
    """A JSON value's type in words."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "missing" if value is None else names.get(type(value), "a number")


def _field(value: Mapping[str, Any], name: str, where: str, problems: list[Problem]) -> str | None:
    """A field of an item as a string; numbers will do for an id or a day, a list of names for authors."""
    found = value.get(name)
    if found is None or isinstance(found, str):
        return found or None
    if name in ("id", "published", "modified") and isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if name == "author" and isinstance(found, list) and all(isinstance(entry, str) for entry in found):
        return ", ".join(found) or None
    message = f"The field '{name}' in {where} must be a string, not {_named(found)}; it was left out."
    problems.append(Problem("json", STAGE, message))
    return None


def _made(item: _Item, origin: dict[str, Any], overrides: Overrides, problems: list[Problem]) -> Loaded:
    """The document of an item: text composed, days and language checked, id given."""
    problems = list(problems)
    where = _where(origin)
    if not _LETTERS.search(item.text):
        message = f"{where} holds no words; there is nothing to read." if item.text.strip() else f"{where} is empty."
        return _failed("empty", message, origin, *problems)
    body, title = _carried(item.text, problems), _one_line(_carried(item.title or "", problems))
    text, span = compose(title, body)
    document = Document(
        text=text,
        id=_identity(item, origin, text),
        text_id=text_hash(text),
        origin=origin,
        name=_plain(item.name),
        title=title,
        title_span=span,
        url=_plain(item.url),
        publisher=_plain(item.publisher),
        author=_plain(item.author),
        published=overrides.published or _date(item.published, "published", where, problems),
        modified=_date(item.modified, "modified", where, problems),
        language=overrides.language or _tongue(item.language, where, problems),
    )
    return Loaded(document, tuple(problems), False, origin)


def _where(origin: Mapping[str, Any]) -> str:
    if "path" not in origin:
        return "The text"
    path = "Standard input" if origin["path"] == STANDARD_INPUT else f"'{origin['path']}'"
    if origin.get("line"):
        return f"Line {origin['line']} of {path}"
    return f"Item {origin['item']} of {path}" if origin.get("item") else f"{path}"


def _carried(text: str, problems: list[Problem]) -> str:
    """A text with U+FFFD in the place of each character that JSON cannot carry."""
    carried, count = _UNCARRIED.subn("\ufffd", text)
    if count:
        message = f"{count} character(s) that no text may hold (NUL, lone surrogates) were replaced by U+FFFD."
        problems.append(Problem("characters", STAGE, message))
    return carried


def _plain(value: str | None) -> str | None:
    return None if value is None else _UNCARRIED.sub("\ufffd", value)


def _one_line(title: str) -> str | None:
    return " ".join(title.split()) or None


def document_of(
    text: str, overrides: Overrides | None = None, **about: str | None
) -> tuple[Document, tuple[Problem, ...]]:
    """A Document of a string, with what the caller knows of it (title, url, publisher, author, published, id, name).

    Raises InputError where the text has no words.

    >>> document_of("Sie kamen.", title="Gipfel")[0].text
    'Gipfel\\n\\nSie kamen.'
    """
    loaded = _made(_Item(text, **about), {}, overrides or Overrides(), [])
    if loaded.document is None:
        raise InputError(loaded.problems[-1].message)
    return loaded.document, loaded.problems


def compose(title: str | None, body: str) -> tuple[str, Span | None]:
    """The text that is read, and which part of it is the title: not doubled where the body begins with it.

    >>> compose("Gipfel", "Sie kamen."), compose("Gipfel", "Gipfel\\n\\nSie kamen."), compose(None, "Sie kamen.")
    (('Gipfel\\n\\nSie kamen.', (0, 6)), ('Gipfel\\n\\nSie kamen.', (0, 6)), ('Sie kamen.', None))
    """
    if title is None:
        return body, None
    first = re.match(r"\s*(\S[^\r\n]*)", body)
    if first and _one_line(first[1]) == title:
        return body, (first.start(1), first.start(1) + len(first[1].rstrip()))
    return f"{title}\n\n{body}", (0, len(title))


def _date(value: str | None, name: str, where: str, problems: list[Problem]) -> str | None:
    found = read_published(value) if value else None
    if value and found is None:
        message = f"{where}: the field '{name}' is no day ('{_UNCARRIED.sub('?', value)[:60]}'); give it as 2024-07-04."
        problems.append(Problem("published", STAGE, message))
    return found


def _tongue(value: str | None, where: str, problems: list[Problem]) -> str | None:
    found = language_code(value) if value else None
    if value and found is None:
        message = f"{where}: '{_UNCARRIED.sub('?', value)[:60]}' is no language; it is identified from the text."
        problems.append(Problem("language", STAGE, message))
    return found


def _identity(item: _Item, origin: Mapping[str, Any], text: str) -> str:
    """The id supplied, else hashed from the URL, else from the path; standard input has none, so the text stands in."""
    if item.id:
        return _UNCARRIED.sub("\ufffd", item.id)
    if item.url:
        return content_hash("url", item.url)
    place = str(origin.get("line") or origin.get("item") or "")
    if origin.get("path", STANDARD_INPUT) == STANDARD_INPUT:
        return content_hash("text", text, place)
    return content_hash("path", str(origin["path"]), place)
