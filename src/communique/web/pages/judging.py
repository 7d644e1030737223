"""One record: why it is there, how to cite it, and what people say of it.

In: a record's id, a verdict. Out: a page, and a judgement in the ledger. Must not know how judgements win.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from communique.ask.why import Why
from communique.ask.why import why as ask
from communique.errors import CommuniqueError
from communique.ledger.rows import Judgement
from communique.web import writing
from communique.web.answering import NAME, YEAR, page, room_of, signed

router = APIRouter()
LONGEST = 500
Short = Annotated[str, Form(max_length=LONGEST)]


@router.get("/records/{id}")
def record(request: Request, id: str) -> Response:
    """A record with everything that speaks for or against it; its permanent address."""
    with room_of(request).ledger() as ledger:
        return page(request, "record.html.jinja", found=ask(ledger, id))


@router.post("/judgements", dependencies=[Depends(signed)])
def judge(
    request: Request,
    record: Short,
    verdict: Short,
    author: Short = "",
    other: Short = "",
    note: Short = "",
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Keep what somebody says of a record; a page that asks in the background gets the record's judgements."""
    if not author.strip():
        raise CommuniqueError("A judgement needs the name of its author.")
    given = Judgement(verdict, record, other.strip() or None, author.strip(), "", note.strip())
    with room_of(request).writing() as ledger:
        kept = writing.judge(ledger, given)
        found: Why = ask(ledger, kept.record)
    if request.headers.get("hx-request"):
        response: Response = page(request, "judged.html.jinja", found=found)
    else:
        response = RedirectResponse(_inside(back) or f"/records/{kept.record}", 303)
    response.set_cookie(NAME, author.strip().encode("ascii", "replace").decode(), max_age=YEAR, samesite="strict")
    return response


def _inside(back: str) -> str | None:
    """An address in this room, or nothing.

    >>> _inside("/search?q=a"), _inside("//evil.example"), _inside("https://evil.example")
    ('/search?q=a', None, None)
    """
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else None
