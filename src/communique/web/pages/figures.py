"""Figures: series plotted with every claim and its source, conflicts marked, and the same as a table.

In: filters, words for what is measured. Out: a page. Must not know when two figures conflict.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from communique.ask import figures as ask
from communique.ask.told import tell
from communique.web import plots
from communique.web.answering import csv, page, room_of
from communique.web.asking import KEPT_SHORT, Asked

router = APIRouter()
SCANNED = 500
"""Figures that are looked through for a page; the command and the API look through more."""


@router.get("/figures")
def figures(
    request: Request,
    asking: Annotated[Asked, Depends()],
    of: Annotated[str, Query(max_length=KEPT_SHORT, description="Of what: bilateral trade")] = "",
    disputed: bool = False,
    format: Annotated[str, Query(pattern="^(?:html|csv)$")] = "html",
) -> Response:
    """The series that fit, those with a conflict first."""
    with room_of(request).ledger() as ledger:
        found = ask.figures(ledger, asking.filter(("figure",)), of.strip() or None, asking.origins, SCANNED)
        series = [one for one in found.series if not disputed or contested(one)]
        series.sort(key=lambda one: (not contested(one), -sum(len(p.claims) for p in one.periods), one.id))
        if format == "csv":
            return csv(request, "figures", ask.rows(series), ask.CLAIM_COLUMNS)
        return page(
            request, "figures.html.jinja", series=[(one, plots.series_chart(one)) for one in series], of=of,
            alone=tell(ledger, found.alone), more=found.more, asking=asking, disputed=disputed,
        )  # fmt: skip


def contested(one: ask.Series) -> bool:
    """Whether claims of a series contradict each other."""
    return any(period.conflicts for period in one.periods)
