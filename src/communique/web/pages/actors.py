"""States, organisations and office-holders: who they are, whom they deal with, what they say and promise.

In: a name. Out: a page. Must not know SQL. There are profiles of office-holders only, of no other person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from communique.ask.columns import Column
from communique.ask.names import actor_name, known
from communique.ask.persons import Person
from communique.ask.persons import person as ask_person
from communique.ask.promises import Wanted
from communique.ask.promises import promises as ask_promises
from communique.ask.told import records, tell
from communique.knowledge import Knowledge, Row
from communique.ledger import Ledger
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter
from communique.records import Event
from communique.web import plots
from communique.web.answering import csv, page, room_of
from communique.web.asking import Asked, whole_day
from communique.web.maps import world_map
from communique.web.room import last_day
from communique.web.speech import coded, segment

router = APIRouter()
OFFICES = ("head_of_state", "head_of_government", "foreign_minister")
LOOKED_THROUGH = 2_000
"""Events out of which the strongest relations are counted: the latest would need all of them."""
MOST_TOLD = 20
RELATION_COLUMNS: tuple[Column[tuple[str, tuple[int, int]]], ...] = (
    Column("actor", lambda one: one[0]),
    Column("cooperation", lambda one: one[1][0] - one[1][1], "int"),
    Column("conflict", lambda one: one[1][1], "int"),
)


@router.get("/actors")
def actors(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page of whoever a name means, or a list to choose from."""
    row = known(q) if q.strip() else None
    if row is not None:
        place = "persons" if row.kind == "person" else "actors"
        name = row.id if row.kind == "person" else actor_name(q)
        return RedirectResponse(f"/{place}/{segment(name)}", 303)
    return page(request, "actors.html.jinja", known=plots.actors(), q=q)


@router.get("/actors/{name:path}")
def actor(
    request: Request,
    name: str,
    asking: Annotated[Asked, Depends()],
    on: Annotated[str, Query(max_length=40)] = "",
    format: Annotated[str, Query(pattern="^(?:html|csv)$")] = "html",
) -> Response:
    """A state or body: its offices and members on a day, its strongest relations, what it did and promised."""
    code = actor_name(name)
    row = coded(code) or Knowledge.default().row(code)
    if row is None:
        raise HTTPException(404, "There is no state or organisation of this name.")
    if row.kind == "person":
        return RedirectResponse(f"/persons/{segment(row.id)}", 303)
    with room_of(request).ledger() as ledger:
        day = whole_day(on) if on else last_day(ledger)
        wanted = replace(asking.filter(), actors=(code,))
        promises, _more = ask_promises(ledger, Wanted(replace(wanted, kinds=("commitment",), limit=MOST_TOLD), day))
        latest = records(ledger, replace(wanted, limit=MOST_TOLD), asking.origins)
        relations = _relations(ledger, wanted, code)
        if format == "csv":
            return csv(request, "relations", sorted(relations.items()), RELATION_COLUMNS)
        return page(
            request, "actor.html.jinja", row=row, code=code, on=day, offices=_offices(row, day), promises=promises,
            members=Knowledge.default().members(row.code or "", day), asking=asking,
            star=plots.star(relations), map=world_map(code, relations, _states()), told=latest,
        )  # fmt: skip


def _states() -> frozenset[str]:
    return frozenset(row.code for row in Knowledge.default().rows("state") if row.code)


def _offices(row: Row, day: str) -> list[tuple[str, Row]]:
    """Who holds which office of a state on a day."""
    of = row.code or row.id
    return [(office, holder) for office in OFFICES for holder in Knowledge.default().holders(of, office, day)]


def _relations(ledger: Ledger, wanted: Filter, code: str) -> dict[str, tuple[int, int]]:
    """Whom an actor deals with: records, and those of conflict."""
    all_told: Counter[str] = Counter()
    conflict: Counter[str] = Counter()
    for stored in ledger.records(replace(wanted, kinds=("event",), limit=LOOKED_THROUGH, modality=("actual",))):
        event = stored.record
        codes = {one.code for side in actors_of(event) for one in side if one.code} - {code}
        all_told.update(codes)
        if isinstance(event, Event) and event.quad.endswith("conflict"):
            conflict.update(codes)
    return {other: (number, conflict[other]) for other, number in all_told.items()}


@router.get("/persons/{name:path}")
def person(request: Request, name: str, asking: Annotated[Asked, Depends()]) -> Response:
    """What an office-holder said, did and promised, and in which office."""
    with room_of(request).ledger() as ledger:
        found = ask_person(ledger, name, asking.filter(), asking.origins)
        if not in_office(found):
            raise HTTPException(404, "There are profiles of office-holders only, and none of this name.")
        commitments = [one.told.stored for one in found.said if one.told.kind == "commitment"]
        return page(
            request, "person.html.jinja", found=found, asking=asking, promised=tell(ledger, commitments),
            terms=_terms(found),
        )  # fmt: skip


def in_office(found: Person) -> bool:
    """Whether the knowledge or an item gives somebody an office."""
    return bool(found.offices) or any(said.office for said in found.said)


def _terms(found: Person) -> Row | None:
    return Knowledge.default().row(found.id) if found.id else None
