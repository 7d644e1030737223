"""Stories: those that are reported most, and one with all its reports and where they differ.

In: filters, an id. Out: pages. Must not know how stories are found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from communique.ask import stories as ask
from communique.ask.told import Told, tell
from communique.follow.update import STORY
from communique.ledger import Ledger
from communique.web.answering import page, room_of
from communique.web.asking import Asked, day

router = APIRouter()
MOST = 8


@dataclass(frozen=True, slots=True)
class Head:
    """A story on one line: the record that tells it first, and how many items report it."""

    id: str
    told: Told
    reports: int


def reported(ledger: Ledger, asking: Asked, since: str | None, until: str | None, most: int = MOST) -> list[Head]:
    """The stories of a period that most records tell, the largest first."""
    wanted = replace(asking.filter(("event",)), since=since, until=until, limit=None, after=None)
    heads = []
    for cluster in islice(ledger.clusters(STORY, wanted, min_size=2, order="size"), most):
        stored = ledger.stored(cluster.members[: ask.MOST])
        if stored:
            first = min(stored, key=lambda one: (one.item.day or "~", one.item.document.id))
            heads.append(Head(cluster.id, tell(ledger, [first])[0], len({one.item.key for one in stored})))
    return heads


@router.get("/stories")
def stories(request: Request, asking: Annotated[Asked, Depends()]) -> Response:
    """The stories that are reported most."""
    with room_of(request).ledger() as ledger:
        found = reported(ledger, asking, day(asking.since), day(asking.until), asking.limit)
        return page(request, "stories.html.jinja", found=found, asking=asking)


@router.get("/stories/{id}")
def story(request: Request, id: str) -> Response:
    """One story."""
    with room_of(request).ledger() as ledger:
        return page(request, "story.html.jinja", found=ask.story(ledger, id))
