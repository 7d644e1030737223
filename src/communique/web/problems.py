"""What went wrong, as a page for people and as RFC 9457 problem details for programs.

In: an error. Out: a response with one clear sentence. Must not know what was asked.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from communique.errors import CommuniqueError, LedgerError
from communique.web.answering import page, room_of

API = "/api/"
PROBLEM = "application/problem+json"
MISSING = ("There is no", "The promise ")
"""How sentences begin that say that what was asked for is not there."""


def install(app: FastAPI) -> None:
    """Let an application answer its errors so."""
    app.add_exception_handler(CommuniqueError, _sentence)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def answer(request: Request, status: int, detail: str, **more: Any) -> Response:
    """A problem in the form that whoever asked can use. The path of the ledger is nobody's business."""
    path = str(room_of(request).settings.ledger)
    detail = detail.replace(path, "the ledger")
    if request.url.path.startswith(API):
        content = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            **more,
        }
        return JSONResponse(content, status, media_type=PROBLEM)
    return page(request, "problem.html.jinja", status, code=status, detail=detail)


def _sentence(request: Request, error: Exception) -> Response:
    if isinstance(error, LedgerError):
        return answer(request, 503, str(error))
    return answer(request, 404 if str(error).startswith(MISSING) else 400, str(error))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [{"where": [str(one) for one in each["loc"]], "message": each["msg"]} for each in error.errors()]
    first = found[0] if found else {"where": [], "message": ""}
    return answer(request, 422, f"{'.'.join(first['where'][1:])}: {first['message']}", errors=found)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException | HTTPException)
    response = answer(request, error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """All methods of an address; two routes may share one, of which the framework names the first only."""
    nested = (getattr(getattr(route, "original_router", None), "routes", [route]) for route in request.app.routes)
    found = [route for routes in nested for route in routes if route.matches(request.scope)[0] != Match.NONE]
    return sorted({method for route in found for method in getattr(route, "methods", None) or ()})


def _unforeseen(request: Request, error: Exception) -> Response:
    """Nothing of an unforeseen error is shown: it may hold words of items, or paths."""
    return answer(request, 500, f"This could not be answered ({type(error).__name__}).")
