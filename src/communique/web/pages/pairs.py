"""Two actors: what they did with and to each other by month, what they say, promise, and what is counted.

In: two names and filters. Out: a page. Must not know how a balance is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from communique.ask.balance import PERIODS
from communique.ask.figures import Series, figures
from communique.ask.pairs import COLUMNS, balance_of
from communique.ask.promises import Wanted
from communique.ask.promises import promises as ask_promises
from communique.ask.told import Told, once_each, records, tell
from communique.ledger import Ledger
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter
from communique.web import plots
from communique.web.answering import csv, page, room_of, speech_of
from communique.web.asking import Asked
from communique.web.room import last_day

router = APIRouter()
MOST_SAID = 6
MOST_SERIES, LAST_PERIODS, LOOKED_THROUGH = 6, 12, 300
"""Series of a pair's page, periods of each, and figures that are looked through for them."""
DONE = ("event", "commitment", "figure")


@router.get("/pair")
def pair(
    request: Request,
    asking: Annotated[Asked, Depends()],
    by: Annotated[str, Query(pattern=f"^(?:{'|'.join(PERIODS)})$")] = "month",
    format: Annotated[str, Query(pattern="^(?:html|csv|svg)$")] = "html",
) -> Response:
    """Everything between two actors."""
    wanted = asking.filter()
    if wanted.pair is None:
        return page(request, "pair_choice.html.jinja", asking=asking, known=plots.actors())
    with room_of(request).ledger() as ledger:
        balance = balance_of(ledger, replace(wanted, since=None, until=None), by)
        if format == "csv":
            return csv(request, "balance", balance.rows, COLUMNS)
        chart = plots.balance_chart(balance.rows, by)
        if format == "svg":
            return plots.download(chart, "balance_svg.jinja", speech_of(request))
        return page(
            request, "pair.html.jinja", pair=wanted.pair, balance=balance, chart=chart, by=by, asking=asking,
            **_told(ledger, wanted, asking),
        )  # fmt: skip


def _told(ledger: Ledger, wanted: Filter, asking: Asked) -> dict[str, Any]:
    assert wanted.pair is not None
    told = records(ledger, replace(wanted, kinds=("event",)), asking.origins)
    items = sorted({one.item.key for one in ledger.records(replace(wanted, kinds=DONE, after=None))})
    on = last_day(ledger)
    promises, _more = ask_promises(ledger, Wanted(replace(wanted, kinds=("commitment",), after=None), on))
    return {
        "timeline": once_each(told), "on": on, "promises": promises,
        "said": [(code, _said(ledger, items, code, asking.min_confidence)) for code in wanted.pair],
        "series": _series(ledger, replace(wanted, kinds=("figure",), after=None, limit=MOST_SERIES)),
    }  # fmt: skip


def _series(ledger: Ledger, wanted: Filter) -> list[Series]:
    """The first series between both, each with its last periods; the page of figures has all."""
    found = figures(ledger, wanted, scanned=LOOKED_THROUGH).series
    return [replace(one, periods=one.periods[-LAST_PERIODS:]) for one in found]


def _said(ledger: Ledger, items: Sequence[int], code: str, least: float) -> list[Told]:
    """What one side says in the items that tell of both."""
    found = [
        stored for key in items for stored in ledger.of_item(key)
        if stored.kind == "statement" and stored.record.confidence >= least
        and any(actor.code == code for actor in actors_of(stored.record)[0])
    ]  # fmt: skip
    return tell(ledger, found[:MOST_SAID])
