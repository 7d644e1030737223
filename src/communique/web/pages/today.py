"""Today: what is new, since a day and until one.

In: a period and actors. Out: a page. Must not know how any of it is concluded.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from communique.ask.brief import Most, brief
from communique.ask.days import shifted
from communique.web.answering import page, room_of
from communique.web.asking import Asked, whole_day
from communique.web.pages.stories import reported
from communique.web.room import last_day

router = APIRouter()
DAYS = 30
SHOWN = Most(items=300, due=40, firsts=60)


@router.get("/")
def today(request: Request, asking: Annotated[Asked, Depends()]) -> Response:
    """What was promised, is due, was kept or broken; what contradicts; what is reported most."""
    with room_of(request).ledger() as ledger:
        until = whole_day(asking.until) if asking.until else last_day(ledger)
        since = whole_day(asking.since) if asking.since else shifted(until, -DAYS) or until
        found = brief(ledger, asking.filter(), since, until, SHOWN)
        held = {f"{table}s": ledger.size(table) for table in ("document", "record")}
        return page(
            request, "today.html.jinja", found=found, asking=asking, held=held,
            stories=reported(ledger, asking, since, until),
        )  # fmt: skip
