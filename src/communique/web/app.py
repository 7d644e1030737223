"""The application: pages, API, feeds and files behind one guard.

In: settings. Out: an ASGI application. Must not know what any page shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from communique import __version__
from communique.web import api, feeds, problems
from communique.web.answering import page
from communique.web.pages import (
    actors,
    checking,
    documents,
    figures,
    judging,
    pairs,
    pasting,
    promises,
    searching,
    stories,
    today,
)
from communique.web.remembering import Remembering
from communique.web.room import Room
from communique.web.security import Guard
from communique.web.settings import Settings

PAGES = (today, pairs, actors, promises, stories, figures, documents, searching, pasting, judging, checking)
SHARED = ("page.css", "page.js")
"""Files of the self-contained page that the room looks and behaves like."""
SCHEMA = "/api/v1/openapi.json"


def application(settings: Settings) -> Guard:
    """The reading room over a ledger, behind its guard."""
    return Guard(inner(settings), settings.hosts, settings.limits)


def inner(settings: Settings) -> FastAPI:
    """The application without its guard, for tests that look inside."""
    app = FastAPI(
        title="communique", version=__version__, openapi_url=SCHEMA, docs_url=None, redoc_url=None, lifespan=_threads,
        description="Political news as records with the words that prove them.",
    )  # fmt: skip
    app.state.room = Room(settings)
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    app.include_router(feeds.router, include_in_schema=False)
    app.include_router(api.router)
    app.add_api_route("/api", _described, include_in_schema=False)
    app.add_api_route("/static/shared/{name}", _shared, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(str(files("communique") / "web" / "static"))))
    problems.install(app)
    app.add_middleware(Remembering, room=app.state.room)
    return app


@asynccontextmanager
async def _threads(app: FastAPI) -> AsyncIterator[None]:
    """Each thread that answers holds an open ledger, so that there are few."""
    limiter = anyio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = app.state.room.settings.limits.threads
    yield


def _described(request: Request) -> Response:
    """The API for people, out of its own description."""
    return page(request, "api.html.jinja", schema=request.app.openapi(), address=SCHEMA)


def _shared(name: str) -> Response:
    """A file that the room shares with the page of readings; only those that are named here."""
    if name not in SHARED:
        return Response(status_code=404)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    text = (files("communique") / "data" / "view" / name).read_text("utf-8")
    return Response(text, media_type=kind, headers={"cache-control": "max-age=3600"})
