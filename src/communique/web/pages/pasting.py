"""Paste and read: a text's records at once; into the ledger only when asked.

In: a pasted text or a dropped file. Out: its page. Must not know how texts are read.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from communique.document import Overrides
from communique.errors import CommuniqueError
from communique.records import Reading
from communique.web import writing
from communique.web.answering import page, room_of, signed
from communique.web.speech import segment
from communique.web.texts import shown

router = APIRouter()
LONGEST = 400_000
Text = Annotated[str, Form(max_length=LONGEST)]
Short = Annotated[str, Form(max_length=500)]


@router.get("/paste")
def paste(request: Request) -> Response:
    """An empty sheet."""
    return page(request, "paste.html.jinja", shown=None, title="", text="", published="", publisher="", language_="")


@router.post("/paste", dependencies=[Depends(signed)])
def read(
    request: Request,
    text: Text = "",
    title: Short = "",
    published: Short = "",
    publisher: Short = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """The records of a text, which is not kept."""
    room = room_of(request)
    overrides = Overrides(published=published.strip() or None)
    if file is not None and file.filename:
        reading = writing.read_file(room, file.filename, file.file.read(), overrides)
    else:
        reading = writing.read_text(room, text, overrides, **_about(title, publisher))
    fields: dict[str, Any] = _fields(reading, publisher)
    return page(request, "paste.html.jinja", shown=shown(reading, 0.5, full=True), **fields)


def _about(title: str, publisher: str) -> dict[str, str | None]:
    return {"title": title.strip() or None, "publisher": publisher.strip() or None}


def _fields(reading: Reading, publisher: str) -> dict[str, str]:
    """What the form needs to give the same text again."""
    document = reading.document
    body = document.text[document.title_span[1] :].lstrip() if document.title_span else document.text
    return {
        "text": body, "title": document.title or "", "published": document.published or "",
        "publisher": document.publisher or publisher, "language_": document.language or "",
    }  # fmt: skip


@router.post("/documents", dependencies=[Depends(signed)])
def add(request: Request, text: Text, title: Short = "", published: Short = "", publisher: Short = "") -> Response:
    """Put a text that was read into the ledger."""
    room = room_of(request)
    overrides = Overrides(published=published.strip() or None)
    reading = writing.read_text(room, text, overrides, **_about(title, publisher))
    with room.writing() as ledger:
        added = writing.add(ledger, reading)
        if added.outcome == "redacted":
            raise CommuniqueError("This text was taken out of the ledger before, and is kept out.")
        id = ledger.item(added.key).document.id
    return RedirectResponse(f"/documents/{segment(id)}", 303)
