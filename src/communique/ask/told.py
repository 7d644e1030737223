"""Records as answers: what was said or done, where it is proved, from how many independent origins.

In: a ledger and a filter, or stored records. Out: pages of answers. Must not know SQL, nor how stories are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from communique import notation
from communique.ask.columns import Column
from communique.ask.evidence import Evidence, Sources, of_record
from communique.follow.origins import Origin
from communique.follow.update import STORY, conclude
from communique.ledger import Ledger
from communique.ledger.indexing import CODED, day_of, iso_day, type_of
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter, Stored
from communique.records import Actor, Entity, Event, Statement

MOST_TOLD = 60
"""Records of one story whose origins are looked at."""
SCANNED = 3_000
"""Records that are looked through for those of enough origins."""
STEP = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One record as an answer.

    `what`: the record on one line. `people`: names of persons and bodies without a code who act. `origins`: the
    independent ones of all events of its type in its story, else its own. `verdict`: the last word of a person on it.
    """

    id: str
    kind: str
    type: str
    day: str | None
    what: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    people: tuple[str, ...]
    modality: str | None
    attributed: bool
    confidence: float
    evidence: Evidence
    story: str | None
    origins: tuple[Origin, ...]
    verdict: str | None
    stored: Stored


@dataclass(frozen=True, slots=True)
class Page:
    """Some answers, and where to go on; null at the end."""

    rows: tuple[Told, ...]
    after: str | None


def _no(field: str) -> Column[Told]:
    return Column(field, lambda told: getattr(told, field))


COLUMNS: tuple[Column[Told], ...] = (
    *map(_no, ("id", "kind", "type", "day", "what")),
    Column("source", lambda t: t.source, "list"),
    Column("target", lambda t: t.target, "list"),
    Column("people", lambda t: t.people, "list"),
    _no("modality"),
    Column("attributed", lambda t: t.attributed, "bool"),
    Column("confidence", lambda t: t.confidence, "float"),
    Column("document", lambda t: t.evidence.document),
    Column("outlet", lambda t: t.evidence.outlet),
    Column("published", lambda t: t.evidence.day),
    Column("evidence", lambda t: t.evidence.spans, "list"),
    Column("words", lambda t: t.evidence.words),
    Column("sentence", lambda t: t.evidence.sentence),
    _no("story"),
    Column("origins", lambda t: len(t.origins), "int"),
    Column("origin_names", lambda t: t.origins, "list"),
    _no("verdict"),
)


def records(ledger: Ledger, wanted: Filter, least_origins: int = 1) -> Page:
    """The records that a filter asks for, by day, with their origins; of at least so many of these."""
    limit = wanted.limit
    rows: list[Told] = []
    after, scanned = wanted.after, 0
    while True:
        step = STEP if limit is None else min(STEP, limit + 1) if least_origins == 1 else STEP
        found = ledger.records(replace(wanted, after=after, limit=step))
        rows += [one for one in tell(ledger, found, wanted.as_of) if len(one.origins) >= least_origins]
        scanned += len(found)
        if limit is not None and len(rows) > limit:
            return Page(tuple(rows[:limit]), ledger.cursor(rows[limit - 1].stored))
        if len(found) < step:
            return Page(tuple(rows), None)
        after = ledger.cursor(found[-1])
        if limit is not None and scanned >= SCANNED:
            return Page(tuple(rows), after)


def once_each(page: Page) -> Page:
    """A page on which each story stands once, with the record told first."""
    seen: set[tuple[str | None, str]] = set()
    rows = []
    for told in page.rows:
        if told.story is None or (told.story, told.kind) not in seen:
            rows.append(told)
        seen.add((told.story, told.kind))
    return replace(page, rows=tuple(rows))


def tell(ledger: Ledger, found: Sequence[Stored], as_of: str | None = None) -> list[Told]:
    """Records as answers, each with the origins of its story."""
    stories = stories_of(ledger, found, as_of)
    members = {id: members_of(ledger, id, stories, as_of) for id in sorted({id for id, _keys in stories.values()})}
    sources = Sources(ledger, [*found, *(one for some in members.values() for one in some)], as_of)
    entities = {key: _entities(ledger, key) for key in {stored.item.key for stored in found}}
    told = []
    for stored in found:
        story = stories.get(stored.key)
        reports = _same_claim(stored, members[story[0]]) if story else ()
        people = _people(stored, entities[stored.item.key])
        told.append(_told(stored, people, story[0] if story else None, sources.of(reports or [stored])))
    return told


def _same_claim(stored: Stored, members: Sequence[Stored]) -> list[Stored]:
    """The reports of a story that say what a record says: events of its type. A statement is its own item's alone."""
    return [
        one for one in members if one.kind == stored.kind == "event" and type_of(one.record) == type_of(stored.record)
    ]


def _entities(ledger: Ledger, item: int) -> Mapping[str, Entity]:
    return {entity.id: entity for entity in ledger.entities(item)}


def _people(stored: Stored, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Who acts, by name where it isn't a state or another body with a code."""
    named = (entities.get(actor.entity or "") for actor in actors_of(stored.record)[0])
    return tuple(dict.fromkeys(entity.name for entity in named if entity and entity.kind not in CODED))


def stories_of(ledger: Ledger, found: Sequence[Stored], as_of: str | None) -> Mapping[int, tuple[str, tuple[int, ...]]]:
    """Record key → the story that it is in and that story's keys."""
    keys = [stored.key for stored in found]
    if as_of is not None:
        made = conclude(ledger, STORY, keys, as_of)
        return {key: (id, members) for id, members in made for key in members}
    ids = ledger.clusters_of(STORY, keys)
    held = {id: ledger.members(STORY, id) for id in set(ids.values())}
    return {key: (id, held[id]) for key, id in ids.items()}


def members_of(
    ledger: Ledger, id: str, stories: Mapping[int, tuple[str, tuple[int, ...]]], as_of: str | None
) -> list[Stored]:
    """The first records of a story."""
    keys = next(members for other, members in stories.values() if other == id)
    return ledger.stored(keys[:MOST_TOLD], as_of)


def _told(stored: Stored, people: tuple[str, ...], story: str | None, origins: tuple[Origin, ...]) -> Told:
    record = stored.record
    acting, acted = actors_of(record)
    return Told(
        id=record.id,
        kind=stored.kind,
        type=type_of(record),
        day=iso_day(day_of(record, stored.item.document)),
        what=what(stored),
        source=_names(acting),
        target=_names(acted),
        people=people,
        modality=record.modality if isinstance(record, Event) else None,
        attributed=record.asserted_by is not None,
        confidence=record.confidence,
        evidence=of_record(stored),
        story=story,
        origins=origins,
        verdict=verdict(stored),
        stored=stored,
    )


def what(stored: Stored) -> str:
    """A record on one line, without the words that its evidence has."""
    line = notation.line(stored.item.document, stored.record)
    mark = ": «" if isinstance(stored.record, Statement) or stored.kind == "commitment" else " «"
    lead, _, rest = line.rpartition(mark)
    return lead + rest.rpartition("»")[2]


def _names(actors: Sequence[Actor]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notation.actor(actor) for actor in actors))


def verdict(stored: Stored) -> str | None:
    """What the last person who judged a record as a whole said."""
    return next((one.verdict for one in stored.judged if one.other is None and one.field is None), None)


def as_dict(told: Told) -> dict[str, Any]:
    """An answer as JSON has it."""
    from communique.ask.columns import as_object

    return as_object(told, COLUMNS)
