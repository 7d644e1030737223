"""How a page answers: rendered in the reader's language, with a session, a signature for its forms, and CSV.

In: a request and what a template needs. Out: a response. Must not know the ledger.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from communique.ask.columns import Column, as_table
from communique.ask.export_table import Options, csv_rows
from communique.view import in_script
from communique.web.asking import address
from communique.web.room import Room
from communique.web.speech import LANGUAGES, Speech, environment, preferred

Row = TypeVar("Row")
SESSION, LANGUAGE, NAME = "communique-session", "communique-language", "communique-name"
YEAR = 365 * 24 * 3600
FIELD = "signature"


def room_of(request: Request) -> Room:
    """The room that a request is made in."""
    room: Room = request.app.state.room
    return room


def language_of(request: Request) -> str:
    """The language that was chosen, else the browser's."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE)):
        if said in LANGUAGES:
            return str(said)
    return preferred(request.headers.get("accept-language", ""))


def speech_of(request: Request) -> Speech:
    """How the room speaks to whoever asks."""
    return Speech(language_of(request))


def page(request: Request, template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """A page out of a template; `remembering` puts the visitor's signature in where it has the blank one."""
    room, language = room_of(request), language_of(request)
    text = environment(language).get_template(template).render(
        settings=room.settings, here=request.url, place=request.url.path, signature=room.blank,
        author=request.cookies.get(NAME) or room.settings.author, spoken=in_script(_spoken()),
        to=lambda **changed: address(request.url, **changed), asked=request.query_params, **content,
    )  # fmt: skip
    response = HTMLResponse(text, status, {"cache-control": "private, no-cache", "vary": "Cookie, Accept-Language"})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE, language, max_age=YEAR, samesite="lax")
    return response


def new_session() -> str:
    """The name of a session that nobody can guess."""
    return secrets.token_urlsafe(24)


def _spoken() -> dict[str, Any]:
    """The words that the script of the page of readings asks for."""
    return {"ui.language": Speech("en").known["ui.language"]}


async def signed(request: Request) -> None:
    """Refuse a form that no page of this room made for this session."""
    room = room_of(request)
    if not room.settings.writing:
        raise HTTPException(403, "This room is for reading only.")
    given = (await request.form()).get(FIELD)
    session = request.cookies.get(SESSION, "")
    if not session or isinstance(given, UploadFile) or not room.signed(session, given or ""):
        raise HTTPException(403, "The form has expired; open its page again.")


def csv(request: Request, name: str, rows: Iterable[Row], columns: Sequence[Column[Row]]) -> Response:
    """Rows as a file for a spreadsheet, in the way of the reader's language; formulas are defused."""
    german = bool(speech_of(request).word("csv", "german"))
    file = io.StringIO(newline="")
    csv_rows(as_table(name, rows, columns), file, Options(german=german))
    head = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(("\ufeff" if german else "") + file.getvalue(), media_type="text/csv; charset=utf-8", headers=head)
