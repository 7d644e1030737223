"""A story: one event in the world, who reports what of it, and where the reports differ.

In: a ledger and a story's id. Out: reports by item, differences, origins. Must not know how stories are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from communique import notation
from communique.ask.columns import plain
from communique.ask.evidence import Sources, name, outlet
from communique.ask.figures import disputes_of
from communique.ask.promises import resolved
from communique.ask.told import Told, as_dict, tell
from communique.follow.origins import Origin
from communique.follow.update import STORY, TRANSLATION
from communique.ledger import Ledger
from communique.ledger.rows import Item, Link, Stored
from communique.records import Actor, Event

MOST = 300
"""Records of a story that are shown."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one item says of the event; `same_text`: the other items that are the same text or a translation of it."""

    document: str
    name: str | None
    outlet: str | None
    day: str | None
    origin: str | None
    same_text: tuple[str, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which reports differ: each value with the outlets (or documents) that have it."""

    field: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its reports by day, its links with their reasons, and where the reports differ."""

    id: str
    since: str | None
    until: str | None
    origins: tuple[Origin, ...]
    reports: tuple[Report, ...]
    differences: tuple[Difference, ...]
    conflicts: tuple[str, ...]
    links: tuple[tuple[str, str, float, str], ...]


def story(ledger: Ledger, id: str) -> Story:
    """A story by its id or the beginning of it, or by that of one of its records."""
    id = resolved(ledger, STORY, id)
    stored = ledger.stored(ledger.members(STORY, id)[:MOST])
    told = tell(ledger, stored)
    reports = _reports(ledger, stored, told)
    days = sorted(report.day for report in reports if report.day)
    origins = Sources(ledger, stored).of(stored)
    return Story(
        id=id,
        since=days[0] if days else None,
        until=days[-1] if days else None,
        origins=origins,
        reports=reports,
        differences=tuple(differences(stored)),
        conflicts=_conflicts(ledger, stored),
        links=_links(ledger, stored),
    )


def _reports(ledger: Ledger, stored: Sequence[Stored], told: Sequence[Told]) -> tuple[Report, ...]:
    items = {one.item.key: one.item for one in stored}
    texts = ledger.clusters_of(TRANSLATION, list(items))
    named = {key: origin.name for origin in Sources(ledger, stored).of(stored) for key in origin.items}
    made = []
    for key, item in sorted(items.items(), key=lambda one: (one[1].day or "", one[1].document.id)):
        document = item.document
        same = tuple(sorted(items[k].document.id for k in items if k != key and texts.get(k, k) == texts.get(key, -1)))
        own = tuple(one for one in told if one.stored.item.key == key)
        made.append(Report(document.id, name(item), outlet(item), item.day, named.get(key), same, own))
    return tuple(made)


FIELDS: Mapping[str, Callable[[Event], str | None]] = {
    "modality": lambda event: event.modality,
    "day": lambda event: notation.period(event) or None,
    "source": lambda event: _codes(event.source),
    "target": lambda event: _codes(event.target),
}
Said = Mapping[int, Sequence[Event]]


def _codes(actors: Iterable[Actor]) -> str | None:
    return "+".join(sorted({actor.code for actor in actors if actor.code})) or None


def differences(stored: Sequence[Stored]) -> Iterator[Difference]:
    """In what the items of a story differ: in what kind of event it was, and in what they say of the usual kind.

    Only items that agree in nothing differ: one that tells of talks and an agreement doesn't contradict one that tells
    of talks alone; nor does one that leaves something out.
    """
    events: dict[int, list[Event]] = {}
    items = {one.item.key: one.item for one in stored}
    for one in stored:
        if isinstance(one.record, Event):
            events.setdefault(one.item.key, []).append(one.record)
    if not events:
        return
    told = Counter(kind for found in events.values() for kind in {event.type for event in found})
    usual = min(told, key=lambda kind: (-told[kind], kind))
    own = {key: [event for event in found if event.type == usual] for key, found in events.items()}
    if not all(own.values()):
        others = {key: found if not own[key] else own[key] for key, found in events.items()}
        yield _difference("type", others, lambda event: event.type, items)
    same = {key: found for key, found in own.items() if found}
    for field, value in FIELDS.items():
        if _apart([{value(event) for event in found} - {None} for found in same.values()]):
            yield _difference(field, same, value, items)


def _apart(values: Iterable[set[str | None]]) -> bool:
    """Whether two items that say something have nothing in common."""
    said = [some for some in values if some]
    return any(not one & other for one, other in combinations(said, 2))


def _difference(
    field: str, events: Said, value: Callable[[Event], str | None], items: Mapping[int, Item]
) -> Difference:
    found: dict[str, list[str]] = {}
    for key, some in sorted(events.items()):
        for said in sorted({value(event) or "" for event in some} - {""}):
            found.setdefault(said, []).append(outlet(items[key]) or items[key].document.id)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return Difference(field, tuple((said, tuple(dict.fromkeys(who))) for said, who in ordered))


def _conflicts(ledger: Ledger, stored: Sequence[Stored]) -> tuple[str, ...]:
    """Figures of the story's items that contradict each other."""
    items = sorted({one.item.key for one in stored})
    figures = [record.key for key in items for record in ledger.of_item(key) if record.kind == "figure"]
    known = set(figures)
    links = [link for link in ledger.links("conflict", figures) if link.a in known and link.b in known]
    return tuple(reason for dispute in disputes_of(ledger, links) for reason in dispute.reasons)


def _links(ledger: Ledger, stored: Sequence[Stored]) -> tuple[tuple[str, str, float, str], ...]:
    ids = {one.key: one.record.id for one in stored}
    links: list[Link] = ledger.links(STORY, list(ids))
    return tuple((ids[link.a], ids[link.b], link.score, link.reason) for link in links if {link.a, link.b} <= set(ids))


def as_object(found: Story) -> dict[str, Any]:
    """A story as JSON has it."""
    reports = [
        {
            "document": one.document, "name": one.name, "outlet": one.outlet, "day": one.day, "origin": one.origin,
            "same_text": list(one.same_text), "records": [as_dict(told) for told in one.told],
        }
        for one in found.reports
    ]  # fmt: skip
    return {
        "id": found.id, "since": found.since, "until": found.until, "origins": plain(found.origins), "reports": reports,
        "differences": [
            {"field": one.field, "values": [{"value": value, "outlets": list(who)} for value, who in one.values]}
            for one in found.differences
        ],
        "conflicts": list(found.conflicts),
        "links": [dict(zip(("a", "b", "score", "reason"), link, strict=True)) for link in found.links],
    }  # fmt: skip
