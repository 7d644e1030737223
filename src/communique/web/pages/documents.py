"""Documents: the text with its evidence marked and its records beside it.

In: a document's id. Out: its page. Must not know how evidence is found.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from communique.follow.update import PROMISE, STORY
from communique.ledger import Ledger
from communique.ledger.rows import Item, Stored
from communique.web.answering import page, room_of
from communique.web.asking import Asked
from communique.web.texts import kept, shown

router = APIRouter()
MOST_ITEMS = 60


@router.get("/documents")
def documents(request: Request, asking: Annotated[Asked, Depends()]) -> Response:
    """The items of the ledger by day, with words in their text where some are asked for."""
    with room_of(request).ledger() as ledger:
        items = ledger.items(asking.filter())
        after = ledger.cursor(items[-1]) if len(items) == asking.limit else None
        return page(request, "documents.html.jinja", items=items, after=after, asking=asking)


@router.get("/documents/{id:path}")
def document(
    request: Request, id: str, version: int | None = None, least: Annotated[float, Query(ge=0, le=1)] = 0.5
) -> Response:
    """A document with its records; of a changed one the last text, or the version asked for."""
    room = room_of(request)
    with room.ledger() as ledger:
        versions = ledger.versions(id)
        item = chosen(versions, version)
        stored = ledger.of_item(item.key, standing=item.superseded is None)
        return page(
            request, "document.html.jinja",
            shown=shown(kept(ledger, item), least, full=room.settings.full_text), item=item, versions=versions,
            clusters=clusters(ledger, stored), judged={one.record.id: one.judged for one in stored}, least=least,
        )  # fmt: skip


def chosen(versions: list[Item], version: int | None) -> Item:
    """The version asked for, else the one that stands."""
    found = [item for item in versions if version is None or item.document.version == version]
    if not found:
        raise HTTPException(404, "There is no such document here.")
    return next((item for item in found if item.superseded is None), found[-1])


def clusters(ledger: Ledger, stored: list[Stored]) -> dict[str, dict[str, str]]:
    """Record id → the story and the promise that it belongs to."""
    found: dict[str, dict[str, str]] = {one.record.id: {} for one in stored}
    for kind in (STORY, PROMISE):
        ids = ledger.clusters_of(kind, [one.key for one in stored])
        for one in stored:
            if one.key in ids:
                found[one.record.id][kind] = ids[one.key]
    return found
