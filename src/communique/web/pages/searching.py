"""Search: records by words and filters, all of which stand in the address.

In: filters. Out: a page, or only its list where a page asks for it again. Must not know SQL.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from communique.ask.names import unknown
from communique.ask.told import COLUMNS, records
from communique.ledger.rows import KINDS
from communique.web.answering import csv, page, room_of
from communique.web.asking import Asked

router = APIRouter()
MODALITIES = ("actual", "planned", "possible", "denied", "alleged")
EVENTS = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip


@router.get("/search")
def search(
    request: Request,
    asking: Annotated[Asked, Depends()],
    format: Annotated[str, Query(pattern="^(?:html|csv)$")] = "html",
) -> Response:
    """Records that fit, by day."""
    wanted = asking.filter()
    with room_of(request).ledger() as ledger:
        found = records(ledger, wanted, asking.origins)
        if format == "csv":
            return csv(request, "records", found.rows, COLUMNS)
        names = (*wanted.actors, *(wanted.pair or ()))
        return page(
            request, "search.html.jinja", found=found, asking=asking, kinds=KINDS, types=EVENTS, modalities=MODALITIES,
            unknown=[name for name in names if unknown(name)] if not found.rows else [],
        )  # fmt: skip
