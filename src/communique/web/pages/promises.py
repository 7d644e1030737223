"""Promises: a board by status with a calendar of deadlines, and each as a timeline with its evidence.

In: filters, an id. Out: pages. Must not know the rules of the entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from communique.ask import promises as ask
from communique.follow.deadlines import STATUSES
from communique.ledger import Ledger
from communique.web.answering import csv, page, room_of
from communique.web.asking import Asked, day, whole_day
from communique.web.room import last_day

router = APIRouter()
Day = Annotated[str, Query(max_length=40, description="Statuses hold on this day")]


@dataclass(frozen=True)
class Standing:
    """What an address asks for of promises besides what it asks for of all records."""

    on: Day = ""
    status: Annotated[tuple[str, ...], Query(description=", ".join(STATUSES))] = ()
    due_since: Annotated[str, Query(max_length=40, description="Deadline from this day")] = ""
    due_before: Annotated[str, Query(max_length=40, description="Deadline before this day")] = ""

    def wanted(self, ledger: Ledger, asking: Asked) -> ask.Wanted:
        """Which promises these are, on the day that is asked for, else the ledger's last."""
        return ask.Wanted(
            filter=asking.filter(("commitment",)),
            on=whole_day(self.on) if self.on else last_day(ledger),
            statuses=tuple(one for one in self.status if one),
            due_since=day(self.due_since),
            due_before=day(self.due_before),
            origins=asking.origins,
        )


@router.get("/promises")
def promises(
    request: Request,
    asking: Annotated[Asked, Depends()],
    standing: Annotated[Standing, Depends()],
    format: Annotated[str, Query(pattern="^(?:html|csv)$")] = "html",
) -> Response:
    """The board of promises."""
    with room_of(request).ledger() as ledger:
        asking_for = standing.wanted(ledger, asking)
        found, more = ask.promises(ledger, asking_for)
        if format == "csv":
            return csv(request, "promises", found, ask.COLUMNS)
        return page(
            request, "promises.html.jinja", on=asking_for.on, more=more, asking=asking, chosen=asking_for.statuses,
            found=found, columns=_columns(found), calendar=_calendar(found), statuses=STATUSES,
        )  # fmt: skip


def _columns(found: Sequence[ask.Promise]) -> dict[str, list[ask.Promise]]:
    """Promises by status, in the order of the statuses; in each the earliest deadline first."""
    by: dict[str, list[ask.Promise]] = {status: [] for status in STATUSES}
    for one in sorted(found, key=lambda one: (one.due or "~", one.id)):
        by[one.status].append(one)
    return {status: held for status, held in by.items() if held}


def _calendar(found: Sequence[ask.Promise]) -> dict[str, list[ask.Promise]]:
    """Promises with a deadline by its month."""
    by: defaultdict[str, list[ask.Promise]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.due or "", one.id)):
        if one.due:
            by[one.due[:7]].append(one)
    return dict(by)


@router.get("/promises/{id}")
def promise(request: Request, id: str, on: Day = "") -> Response:
    """One promise from its announcement on."""
    with room_of(request).ledger() as ledger:
        found = ask.promise(ledger, id, whole_day(on) if on else last_day(ledger))
        return page(request, "promise.html.jinja", found=found, commitment=_first(found))


def _first(found: ask.Promise) -> str | None:
    """The record in which it was first announced."""
    return next((turn.evidence.record for turn in found.history if turn.evidence.record), None)
