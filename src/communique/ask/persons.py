"""A person: what an office-holder said, did and promised, and in which office.

In: a ledger and a name. Out: the person's records, each with the office its item knows of. Must not know SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from communique.ask.columns import Column
from communique.ask.names import known
from communique.ask.told import COLUMNS as TOLD_COLUMNS
from communique.ask.told import Page, Told, records
from communique.knowledge import Row
from communique.ledger import Ledger
from communique.ledger.indexing import name_form
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter
from communique.records import Entity

PERSON = "person"
LOOKED_THROUGH = 40
"""Items with a name in their text whose entities are looked through for the person's full name."""


@dataclass(frozen=True, slots=True)
class Said:
    """One record of a person, with the office and state it is given in the item, or by the knowledge on its day."""

    office: str | None
    state: str | None
    told: Told


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the name in the knowledge or in the items: `offices` by the knowledge, and what was said and done."""

    id: str | None
    name: str
    offices: tuple[str, ...]
    said: tuple[Said, ...]
    after: str | None


def person(ledger: Ledger, name: str, wanted: Filter, least_origins: int = 1) -> Person:
    """What somebody said, did and promised, by day; found by name, surname or the knowledge's id."""
    row = known(name) if "/" not in name else _by_id(name)
    row = row if row and row.kind == PERSON else None
    names = [row.id, *row.names.values()] if row else [name]
    for one in names:
        page = records(ledger, replace(wanted, actors=(*wanted.actors, one)), least_origins)
        if page.rows:
            return _person(ledger, row, row.name("en") if row else name, one, page)
    for full in _full_names(ledger, name, wanted):
        page = records(ledger, replace(wanted, actors=(*wanted.actors, full)), least_origins)
        if page.rows:
            return _person(ledger, row, full, full, page)
    return Person(row.id if row else None, row.name("en") if row else name, _offices(row), (), None)


def _by_id(id: str) -> Row | None:
    from communique.knowledge import Knowledge

    return Knowledge.default().row(id)


def _full_names(ledger: Ledger, name: str, wanted: Filter) -> list[str]:
    """Full names of persons in the items that have this name in their text, the most frequent first."""
    items = ledger.items(Filter(text=f'"{name}"', limit=LOOKED_THROUGH, as_of=wanted.as_of))
    found: dict[str, int] = {}
    asked = set(name_form(name).split())
    for item in items:
        for entity in ledger.entities(item.key):
            if entity.kind == PERSON and asked <= set(name_form(entity.name).split()):
                found[entity.name] = found.get(entity.name, 0) + len(entity.mentions)
    return sorted(found, key=lambda one: (-found[one], one))


def _person(ledger: Ledger, row: Row | None, name: str, asked: str, page: Page) -> Person:
    said = tuple(_said(ledger, row, asked, told) for told in page.rows)
    return Person(row.id if row else None, name, _offices(row), said, page.after)


def _said(ledger: Ledger, row: Row | None, asked: str, told: Told) -> Said:
    entity = next(_entities(ledger, told, asked), None)
    term = row.term_on(told.evidence.day) if row else None
    office = (term.title or term.office) if term else entity.office if entity else None
    state = term.of if term else (entity.state or entity.code or _code(told, entity)) if entity else None
    return Said(office.replace("_", " ") if office and office != "other" else None, state, told)


def _code(told: Told, entity: Entity) -> str | None:
    """For whom the person acts in the record."""
    actors = (actor for side in actors_of(told.stored.record) for actor in side)
    return next((actor.code for actor in actors if actor.entity == entity.id and actor.code), None)


def _entities(ledger: Ledger, told: Told, asked: str) -> Iterator[Entity]:
    """The person's entity in an item."""
    acting: Sequence[str | None] = [actor.entity for side in actors_of(told.stored.record) for actor in side]
    form = name_form(asked)
    for entity in ledger.entities(told.stored.item.key):
        names = {name_form(entity.name), entity.knowledge or ""}
        if entity.id in acting and entity.kind == PERSON and (form in names or asked in names):
            yield entity


def _of_told(column: Column[Told]) -> Column[Said]:
    return Column(column.name, lambda said: column.value(said.told), column.type)


def _offices(row: Row | None) -> tuple[str, ...]:
    if row is None:
        return ()
    return tuple(
        f"{(term.title or term.office.replace('_', ' '))} of {term.of} ({term.since or '?'} to {term.until or 'today'})"
        for term in row.terms
    )


COLUMNS: tuple[Column[Said], ...] = (
    Column("office", lambda s: s.office),
    Column("state", lambda s: s.state),
    *(_of_told(column) for column in TOLD_COLUMNS),
)
