"""PDF and DOCX files as text.

In: a path. Out: the running text, with title and author where the file says them. Must not know where files come from.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from communique.document import Loaded, Overrides
from communique.intake.items import failed, made
from communique.intake.xml import XmlError, local, parsed, text_of

if TYPE_CHECKING:
    from communique.intake.items import Raw

LONGEST_PART = 100_000_000
"""Bytes that a part of a DOCX file may have when it is unpacked."""
MOST_PAGES = 500
"""Pages of a PDF file that are read; what is longer is a book."""
_FILE_NAME = re.compile(r"(?i)\.(?:docx?|pdf|indd|qxd|rtf|odt|pages|pptx?)$|^(?:untitled|unbenannt|microsoft word)\b")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_A-ZÄÖÜ])")
_WRAP = re.compile(r"(?<=\S)[ \t]*\n(?=\S)")


def pdf(raw: Raw, overrides: Overrides) -> Loaded:
    """The document of a PDF file; one that is encrypted, or scanned without text, is a failure that says so."""
    try:
        pypdf = import_module("pypdf")
    except ImportError:
        message = f"'{raw.path}' needs the optional package pypdf: pip install 'communique[pdf]'."
        return failed("missing_package", message, raw.origin)
    reader = pypdf.PdfReader(raw.path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return failed("encrypted", f"'{raw.path}' needs a password; save it without one.", raw.origin)
    if len(reader.pages) > MOST_PAGES:
        return failed("too_long", f"'{raw.path}' has more than {MOST_PAGES} pages; split it.", raw.origin)
    text = unwrapped("\n\n".join(page.extract_text() or "" for page in reader.pages))
    if not text.strip():
        return failed("empty", f"'{raw.path}' holds pictures, no text; recognise its text first.", raw.origin)
    about = reader.metadata or {}
    fields = {"text": text, "title": _title(about.get("/Title")), "author": _said(about.get("/Author"))}
    return made({**raw.about, **fields}, raw.origin, overrides)


def _said(value: Any) -> str | None:
    return " ".join(str(value).split()) or None if value else None


def _title(value: Any) -> str | None:
    """A title that is one; writing programs put the name of a file there.

    >>> _title("Talks in Tallinn"), _title("Microsoft Word - final2.docx")
    ('Talks in Tallinn', None)
    """
    title = _said(value)
    return None if title is None or _FILE_NAME.search(title) else title


def unwrapped(text: str) -> str:
    """Lines joined to paragraphs, words put together that a line's end cut.

    >>> unwrapped("Die Verhand-\\nlungen in\\nWien.\\n\\nNeu.")
    'Die Verhandlungen in Wien.\\n\\nNeu.'
    """
    return _WRAP.sub(" ", _HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def docx(path: str) -> tuple[str, dict[str, str | None]]:
    """The paragraphs of a DOCX file, and title and author from its properties; XmlError for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            body = parsed(_part(archive, "word/document.xml"))
            about = _properties(archive)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise XmlError(f"'{path}' is no DOCX file that can be opened ({error}).") from error
    return "\n\n".join(_paragraphs(body)), about


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the archive; the size that it says it has is not believed."""
    with archive.open(name) as stream:
        data = stream.read(LONGEST_PART + 1)
    if len(data) > LONGEST_PART:
        raise XmlError(f"Unpacked, '{name}' is larger than {LONGEST_PART:,} bytes.")
    return data


def _properties(archive: zipfile.ZipFile) -> dict[str, str | None]:
    try:
        tree = parsed(_part(archive, "docProps/core.xml"))
    except (KeyError, XmlError):
        return {}
    found = {local(element): text_of(element) for element in tree}
    return {"title": _title(found.get("title")), "author": found.get("creator") or None}


def _paragraphs(body: Any) -> Iterator[str]:
    """Paragraphs in order, those of tables too; what was deleted in tracked changes is no text."""
    for paragraph in body.iter("{*}p"):
        text = "".join(_runs(paragraph)).strip()
        if text:
            yield text


def _runs(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr"):
        yield (element.text or "") if local(element) == "t" else ("\t" if local(element) == "tab" else "\n")
