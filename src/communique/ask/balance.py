"""The balance of a pair: how many stories of verbal and material cooperation and conflict, by month, and their weight.

In: stored events and the stories they belong to. Out: plain rows. Must not know SQL, nor how stories are found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from communique.ledger.rows import Stored
from communique.records import Actor, Event

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
PERIODS = {"month": 7, "year": 4, "day": 10}
"""How much of an ISO day names a period."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Stories of one kind of interaction, the records that tell them, and the sum of the stories' mean scores."""

    stories: int = 0
    records: int = 0
    goldstein: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One period of a pair; `by_publication` counts stories whose own day no item states."""

    period: str
    verbal_cooperation: Cell
    material_cooperation: Cell
    verbal_conflict: Cell
    material_conflict: Cell
    by_publication: int

    @property
    def stories(self) -> int:
        """All stories of the period."""
        return sum(cell.stories for cell in self.cells)

    @property
    def goldstein(self) -> float:
        """The Goldstein scores of all stories of the period, added up."""
        return round(sum(cell.goldstein for cell in self.cells), 4)

    @property
    def cells(self) -> tuple[Cell, Cell, Cell, Cell]:
        """The four kinds in the order of `QUADS`."""
        return (self.verbal_cooperation, self.material_cooperation, self.verbal_conflict, self.material_conflict)


@dataclass(frozen=True, slots=True)
class Balance:
    """What two actors did with and to each other, by period; `undated` records have no day at all and are in no row."""

    pair: tuple[str, str]
    direction: str
    rows: tuple[Row, ...]
    undated: int


class Told(NamedTuple):
    """A story as far as a balance needs it: when, of what kind and weight, told by how many records."""

    period: str
    quad: str
    goldstein: float
    records: int
    by_publication: bool


def balance(
    events: Iterable[Stored],
    stories: Mapping[int, str],
    pair: tuple[str, str],
    *,
    by: str = "month",
    direction: str = "both",
    modality: Sequence[str] = ("actual",),
) -> Balance:
    """Count the stories of a pair by period and kind; an event that belongs to no story is one of its own.

    `stories`: record key → story. `direction` 'forward': only what the first does to the second (what both do counts).
    A story has the kind of the record told first, the mean of its records' scores, and the first day that one of them
    states, else that of the first publication; it is counted in one period only. KeyError where `by` is no period.
    """
    length = PERIODS[by]
    groups: dict[str, list[tuple[Stored, Event]]] = defaultdict(list)
    for stored in events:
        event = stored.record
        if isinstance(event, Event) and event.modality in modality and between(event, pair, direction):
            groups[stories.get(stored.key) or f"#{stored.key}"].append((stored, event))
    told = [_told(members, length) for members in groups.values()]
    dated = [t for t in told if t is not None]
    undated = sum(len(m) for m in groups.values()) - sum(t.records for t in dated)
    periods = sorted({t.period for t in dated})
    return Balance(pair, direction, tuple(_row(p, [t for t in dated if t.period == p]) for p in periods), undated)


def between(event: Event, pair: tuple[str, str], direction: str = "both") -> bool:
    """Whether one of the two acts on the other; by code, whoever of the state it is."""
    source, target = _codes(event.source), _codes(event.target)
    forward = pair[0] in source and pair[1] in target
    return forward or (direction == "both" and pair[1] in source and pair[0] in target)


def dyads(event: Event) -> Iterator[tuple[str, str, bool]]:
    """Each pair of codes that acts and is acted upon, and whether both do both."""
    source, target = _codes(event.source), _codes(event.target)
    for one in sorted(source):
        for other in sorted(target - {one}):
            yield one, other, one in target and other in source


def _codes(actors: Iterable[Actor]) -> frozenset[str]:
    return frozenset(a.code for a in actors if a.code)


def day_of(stored: Stored, event: Event) -> tuple[str | None, bool]:
    """The day an event is counted on, and whether it is but that of publication."""
    stated = event.start or event.end
    return (stated, False) if stated else (stored.item.day, True)


def first_told(member: tuple[Stored, Event]) -> tuple[str, str, str]:
    """An order of records that doesn't depend on when they were added."""
    stored, event = member
    return (stored.item.day or "~", stored.item.document.id, event.id)


def _told(members: Sequence[tuple[Stored, Event]], length: int) -> Told | None:
    ordered = sorted(members, key=first_told)
    days = [day_of(stored, event) for stored, event in ordered]
    stated = sorted(day for day, published in days if day and not published)
    published = sorted(day for day, _published in days if day)
    if not published:
        return None
    day = stated[0] if stated else published[0]
    mean = sum(event.goldstein or 0.0 for _stored, event in members) / len(members)
    return Told(day[:length], ordered[0][1].quad, mean, len(members), not stated)


def _row(period: str, told: Sequence[Told]) -> Row:
    verbal, material, accused, attacked = (_cell([t for t in told if t.quad == quad]) for quad in QUADS)
    return Row(period, verbal, material, accused, attacked, sum(t.by_publication for t in told))


def _cell(told: Sequence[Told]) -> Cell:
    return Cell(len(told), sum(t.records for t in told), round(sum(t.goldstein for t in told), 4))
