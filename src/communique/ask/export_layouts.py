"""Events in the columns of POLECAT and of GDELT 2, so that what was written for those data sets reads these.

In: events with story, entities and counts. Out: tables. Must not know SQL, nor files. Only what the writer asserts as
actual is given, unless the columns for modality, source and confidence are asked for.
Column names: POLECAT's weekly files (Halterman et al. 2023); GDELT Event Database 2.0 (61 columns).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from communique.ask.balance import QUADS, day_of
from communique.ask.export_dyads import state_codes
from communique.ask.export_table import Column, Table, columns
from communique.ask.export_tables import cut
from communique.knowledge import Knowledge
from communique.ledger.rows import Stored
from communique.records import Actor, Entity, Event

JOINED = "; "

_POLECAT = (
    "Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|"
    "Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|"
    "Recipient Country|Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|"
    "Recipient Name Raw|Wikipedia Recipient ID|"
    "Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|Feature Type|Source|"
    "Publication Date|Story People|Story Organizations|Story Locations|Language|Version"
)
_PARTY = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
_GEO = "Type Fullname CountryCode ADM1Code ADM2Code Lat Long FeatureID"
_EXTRA = columns("Date_Basis Modality Asserted_By Speakers:list Confidence:float Story Record Document Evidence")


def _gdelt_names() -> tuple[Column, ...]:
    head = columns("GLOBALEVENTID:int SQLDATE:int MonthYear:int Year:int FractionDate:float")
    parties = [Column(f"Actor{n}{name}") for n in (1, 2) for name in _PARTY.split()]
    told = columns(
        "IsRootEvent:int EventCode EventBaseCode EventRootCode QuadClass:int GoldsteinScale:float NumMentions:int "
        "NumSources:int NumArticles:int AvgTone:float"
    )
    places = [Column(f"{who}Geo_{name}") for who in ("Actor1", "Actor2", "Action") for name in _GEO.split()]
    return (*head, *parties, *told, *places, *columns("DATEADDED:int SOURCEURL"))


POLECAT = tuple(
    Column(name, {"Intensity": "float", "Latitude": "float", "Longitude": "float"}.get(name, "text"))
    for name in _POLECAT.split("|")
)
GDELT = _gdelt_names()


@dataclass(frozen=True, slots=True)
class Scene:
    """An event with what a layout says besides: story, the item's entities by id, how often and by whom it is told."""

    stored: Stored
    story: str | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)
    records: int = 1
    outlets: int = 1
    items: int = 1
    speakers: tuple[str, ...] = ()


def polecat(scenes: Iterable[Scene], knowledge: Knowledge, *, extra: bool = False) -> Table:
    """One row for each event; several actors of one side stand in one cell, as they do there.

    What is not read (coordinates, intensity, people of the story) stays empty; `Intensity` holds the Goldstein score.
    """
    names = POLECAT + (_EXTRA if extra else ())
    rows = (_polecat(s, e, knowledge) + (_extra(s, e) if extra else ()) for s, e in told(scenes, extra))
    return Table("polecat", names, rows)


def gdelt(scenes: Iterable[Scene], *, extra: bool = False) -> Table:
    """One row for each pair of an actor and a recipient of each event; what both do stands in both directions.

    As in GDELT the day is that of publication where no other is stated; tone, ethnicity and coordinates stay empty.
    """
    names = GDELT + (_EXTRA if extra else ())
    rows = (row + (_extra(s, e) if extra else ()) for s, e in told(scenes, extra) for row in _gdelt(s, e))
    return Table("gdelt", names, rows)


def told(scenes: Iterable[Scene], everything: bool) -> Iterator[tuple[Scene, Event]]:
    """The scenes of events that the writer asserts as actual, or all of them."""
    for scene in scenes:
        event = scene.stored.record
        if isinstance(event, Event) and (everything or (event.modality == "actual" and event.asserted_by is None)):
            yield scene, event


def _extra(scene: Scene, event: Event) -> tuple[Any, ...]:
    _day, published = day_of(scene.stored, event)
    return (
        "publication" if published else "event", event.modality, event.asserted_by, list(scene.speakers),
        float(event.confidence), scene.story, event.id, scene.stored.item.document.id, scene.stored.words,
    )  # fmt: skip


# ---- POLECAT


def _polecat(scene: Scene, event: Event, knowledge: Knowledge) -> tuple[Any, ...]:
    document = scene.stored.item.document
    day, _published = day_of(scene.stored, event)
    target = [a for a in event.target if a not in event.source] or list(event.target)
    return (
        event.id, day, event.type, event.mode, event.goldstein, event.quad.upper(), JOINED.join(event.contexts),
        *_party(event.source, scene, knowledge), *_party(target, scene, knowledge), *_place(scene, event, knowledge),
        document.publisher or document.issuer, scene.stored.item.day, *_around(scene), document.language, "communique",
    )  # fmt: skip


def _party(actors: Iterable[Actor], scene: Scene, knowledge: Knowledge) -> tuple[str | None, ...]:
    """Name, country, COW, first sector, sectors, title, words and Wikipedia id of one side, as POLECAT has them."""
    side = list(actors)
    found = [scene.entities.get(a.entity or "") for a in side]
    states = list(dict.fromkeys(a.code for a in side if a.code))
    numbers = [state_codes(code, knowledge) for code in states]
    sectors = list(dict.fromkeys(a.sector for a in side if a.sector))
    values: tuple[list[str], ...] = (
        [e.name if e else a.text for a, e in zip(side, found, strict=True)], states,
        [str(n.cow) for n in numbers if n and n.cow], sectors[:1], sectors,
        [e.office for e in found if e and e.office], [a.text for a in side],
        [e.wikidata for e in found if e and e.wikidata],
    )  # fmt: skip
    return tuple(JOINED.join(dict.fromkeys(value)) or None for value in values)


def _place(scene: Scene, event: Event, knowledge: Knowledge) -> tuple[str | None, ...]:
    """Place name, city, district, province, country, latitude, longitude, GeoNames id, words, feature type."""
    place = scene.entities.get(event.place or "")
    if place is None:
        return (None,) * 10
    state = knowledge.state(place.state or place.code)
    name = state.name("en") if state else None
    is_state = place.kind == "state"
    text = scene.stored.item.document.text
    words = cut(text, place.mentions[:1]) or None
    return (place.name, None if is_state else place.name, None, None, name, None, None, None, words, place.kind)


def _around(scene: Scene) -> tuple[str | None, ...]:
    """People, organisations and places of the item."""
    kinds = (("person",), ("organisation", "igo", "initiative"), ("state", "place"))
    return tuple(JOINED.join(e.name for e in scene.entities.values() if e.kind in kind) or None for kind in kinds)


# ---- GDELT


def _gdelt(scene: Scene, event: Event) -> Iterator[tuple[Any, ...]]:
    day, _published = day_of(scene.stored, event)
    if not day:
        return
    cameo = event.cameo or ""
    told = (
        int(_in_lead(scene, event)), cameo, cameo[:3], cameo[:2], QUADS.index(event.quad) + 1, event.goldstein,
        scene.records, scene.outlets, scene.items, None,
    )  # fmt: skip
    geo = (None,) * 8
    end = (int("".join(filter(str.isdigit, scene.stored.item.recorded))[:14].ljust(14, "0")), _address(scene))
    for number, (one, other) in enumerate(_both(event)):
        sides = (*_gdelt_party(one, scene), *_gdelt_party(other, scene))
        yield (_number(event.id, number), *_dates(day), *sides, *told, *geo, *geo, *_gdelt_place(scene, event), *end)


def _both(event: Event) -> list[tuple[Actor | None, Actor | None]]:
    """Each actor with each recipient, without those of one who acts on himself; one row where there is no recipient."""
    source, target = _distinct(event.source), _distinct(event.target)
    if not source or not target:
        return [(one, None) for one in source] or [(None, other) for other in target]
    pairs: list[tuple[Actor | None, Actor | None]] = [
        (one, other) for one, other in product(source, target) if _who(one) != _who(other)
    ]
    return pairs


def _distinct(actors: Iterable[Actor]) -> list[Actor]:
    return list({_who(a): a for a in reversed(list(actors))}.values())[::-1]


def _who(actor: Actor) -> tuple[str | None, str | None, str | None]:
    return (actor.code, actor.sector, None if actor.code else actor.text)


def _dates(day: str) -> tuple[int, int, int, float]:
    """Day, month and year as numbers, and the day as a fraction of the year, by GDELT's formula.

    >>> _dates("2024-07-04")
    (20240704, 202407, 2024, 2024.5863)
    """
    year, month, date = int(day[:4]), int(day[5:7]), int(day[8:10])
    return (year * 10_000 + month * 100 + date, year * 100 + month, year, round(year + (month * 30 + date) / 365, 4))


def _number(record: str, row: int) -> int:
    """A whole number that is the same for the same record and pair wherever it is exported; 60 bits."""
    return int(hashlib.sha256(f"{record}/{row}".encode()).hexdigest()[:15], 16)


def _gdelt_party(actor: Actor | None, scene: Scene) -> tuple[str | None, ...]:
    if actor is None:
        return (None,) * 10
    entity = scene.entities.get(actor.entity or "")
    sector = None if actor.sector in (None, "UNK", "IGO") else actor.sector
    body = actor.code if actor.sector == "IGO" else None
    state = None if body else actor.code
    code = "".join(filter(None, (body or state, sector))) or None
    return (code, (entity.name if entity else actor.text).upper(), state, body, None, None, None, sector, None, None)


def _gdelt_place(scene: Scene, event: Event) -> tuple[Any, ...]:
    """Type and name of the place; 1 is a country, 4 a city of the world."""
    place = scene.entities.get(event.place or "")
    if place is None:
        return (None,) * 8
    return ("1" if place.kind == "state" else "4", place.name, None, None, None, None, None, None)


def _in_lead(scene: Scene, event: Event) -> bool:
    """Whether an event is told in the title or the first paragraph, which is what GDELT calls a root event."""
    document = scene.stored.item.document
    body = document.title_span[1] if document.title_span else 0
    while body < len(document.text) and document.text[body].isspace():
        body += 1
    end = document.text.find("\n", body)
    return bool(event.evidence) and event.evidence[0][0] < (end if end > 0 else len(document.text))


def _address(scene: Scene) -> str:
    document = scene.stored.item.document
    return document.url or document.id
