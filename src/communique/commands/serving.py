"""The command that opens the reading room in the browser.

In: arguments. Out: a server that runs until it is stopped. Must not hold any logic about records or pages.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from communique.commands.keeping import By
from communique.commands.options import VARIABLE
from communique.commands.printing import say
from communique.errors import CommuniqueError

TOKEN = "COMMUNIQUE_TOKEN"
SHORTEST = 16
"""Letters that a token has at least; a shorter one can be guessed."""


def serve(
    ledger: Annotated[Path | None, typer.Argument(envvar=VARIABLE, metavar="LEDGER", help="The ledger's file.")] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen at; beyond this machine pages only show.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8600,
    name: Annotated[
        list[str] | None, typer.Option("--name", metavar="HOST", help="A name by which it may be called; repeat.")
    ] = None,
    reading_only: Annotated[bool, typer.Option("--reading-only", help="Nobody judges or adds anything.")] = False,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Beyond this machine show whole texts: you may publish them.")
    ] = False,
    by: By = None,
) -> None:
    """Open the reading room: the ledger as pages in the browser, and as an API."""
    if ledger is None:
        raise CommuniqueError(f"No ledger is named; give LEDGER, or set {VARIABLE}.")
    uvicorn, web, settings = _loaded()
    from communique.ledger import Ledger

    with Ledger(ledger, readonly=True, create=False):
        pass
    own = settings.loopback(host)
    chosen = settings.Settings(
        ledger=ledger, hosts=(*settings.LOOPBACK, *(name or ()), *(() if own else (host,))),
        writing=own and not reading_only, full_text=own or full_text, author=by or "", token=_token(),
        limits=settings.Limits() if own else settings.Limits(rate=10.0, burst=60),
    )  # fmt: skip
    say(f"The reading room over {ledger} is open at http://{f'[{host}]' if ':' in host else host}:{port}/")
    uvicorn.run(
        web.application(chosen), host=host, port=port, log_level="warning", access_log=False, server_header=False,
        limit_concurrency=200, timeout_keep_alive=5,
    )  # fmt: skip


def _loaded() -> tuple[Any, Any, Any]:
    """What the room needs, which is installed only where it is wanted."""
    try:
        names = ("uvicorn", "communique.web.app", "communique.web.settings")
        uvicorn, web, settings = (import_module(one) for one in names)
    except ModuleNotFoundError as error:
        raise CommuniqueError(f"`serve` needs {error.name}: pip install 'communique[web]'.") from error
    return uvicorn, web, settings


def _token() -> str | None:
    """The token that lets programs write, from the environment only: arguments can be read by others."""
    token = os.environ.get(TOKEN) or None
    if token is not None and len(token) < SHORTEST:
        raise CommuniqueError(f"{TOKEN} has fewer than {SHORTEST} letters; make one that cannot be guessed.")
    return token
