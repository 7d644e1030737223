"""The dyad-month: how many stories two states have with each other in a month, for those who run regressions on it.

In: stored events with the story each belongs to, items per month, the knowledge's codes. Out: a table.
Must not know SQL, nor files. It counts stories, not articles; what is in no story is one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from communique.ask.balance import QUADS, day_of, dyads
from communique.ask.export_table import Table, columns
from communique.knowledge import Knowledge
from communique.ledger.rows import Stored
from communique.records import Event

MONTH = 7

_NAMES = columns(
    "month a b a_cow:int b_cow:int a_gw:int b_gw:int stories:int verbal_cooperation:int material_cooperation:int "
    "verbal_conflict:int material_conflict:int goldstein:float records:int by_publication:int items:int outlets:int"
)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted. `directed`: a acts on b, what both do counts either way; else a and b are in alphabetical order.

    `attributed`: also what the item only attributes to somebody. `states`: only pairs of states.
    """

    directed: bool = False
    attributed: bool = False
    states: bool = True
    modality: Sequence[str] = ("actual",)


class Codes(NamedTuple):
    """The numbers of a state in Correlates of War and in Gleditsch and Ward's list, where it has them."""

    cow: int | None
    gw: int | None


@dataclass(slots=True)
class _Row:
    """A dyad-month being added up."""

    cells: list[int] = field(default_factory=lambda: [0] * len(QUADS))
    goldstein: float = 0.0
    records: int = 0
    by_publication: int = 0


@dataclass(slots=True)
class PairStory:
    """A story of a pair: the kind by its first record, the first days stated and published, sums over its records."""

    first: tuple[str, str, str]
    quad: str
    stated: str | None
    published: str | None
    goldstein: float
    records: int


def state_codes(code: str, knowledge: Knowledge) -> Codes | None:
    """The numbers of a state, None for what is no state in the knowledge.

    >>> state_codes("DEU", Knowledge.default()), state_codes("EU", Knowledge.default())
    (Codes(cow=255, gw=260), None)
    """
    row = knowledge.state(code)
    return None if row is None else Codes(row.more.get("cow"), row.more.get("gw"))


def months_covered(coverage: Iterable[tuple[str | None, str | None, int]]) -> dict[str, tuple[int, int]]:
    """Items and outlets of each month, from items per outlet and day.

    >>> months_covered([("A", "2024-01-01", 2), ("B", "2024-01-09", 1), ("A", None, 7)])
    {'2024-01': (3, 2)}
    """
    items: dict[str, int] = {}
    outlets: dict[str, set[str]] = {}
    for outlet, day, number in coverage:
        if day:
            items[day[:MONTH]] = items.get(day[:MONTH], 0) + number
            outlets.setdefault(day[:MONTH], set()).add(outlet or "")
    return {month: (items[month], len(outlets[month])) for month in sorted(items)}


def dyad_months(
    events: Iterable[tuple[Stored, str | None]],
    covered: Mapping[str, tuple[int, int]],
    knowledge: Knowledge,
    counting: Counting = Counting(),
) -> Table:
    """Stories of each pair by month; a story counts once, in the month of the first day that one of its records states.

    Only stories with several records are held until the end. Months and pairs without a story have no row: `items` says
    how much was published in a month, so that zeros can be told from silence.
    """
    return Table("dyad_months", _NAMES, _rows(events, covered, knowledge, counting))


def _rows(
    events: Iterable[tuple[Stored, str | None]],
    covered: Mapping[str, tuple[int, int]],
    knowledge: Knowledge,
    counting: Counting,
) -> Iterator[tuple[Any, ...]]:
    known: dict[str, Codes | None] = {}

    def numbers(code: str) -> Codes | None:
        if code not in known:
            known[code] = state_codes(code, knowledge)
        return known[code]

    for (month, a, b), row in sorted(_counted(events, counting).items()):
        one, other = numbers(a), numbers(b)
        if counting.states and (one is None or other is None):
            continue
        left, right = one or Codes(None, None), other or Codes(None, None)
        items, outlets = covered.get(month, (0, 0))
        yield (
            month, a, b, left.cow, right.cow, left.gw, right.gw, sum(row.cells), *row.cells, round(row.goldstein, 4),
            row.records, row.by_publication, items, outlets,
        )  # fmt: skip


def _counted(events: Iterable[tuple[Stored, str | None]], counting: Counting) -> dict[tuple[str, str, str], _Row]:
    rows: dict[tuple[str, str, str], _Row] = {}
    for a, b, story in pair_stories(events, counting):
        day = story.stated or story.published
        if day is not None:
            _add(rows.setdefault((day[:MONTH], a, b), _Row()), story)
    return rows


def pair_stories(
    events: Iterable[tuple[Stored, str | None]], counting: Counting
) -> Iterator[tuple[str, str, PairStory]]:
    """Each story of each pair, once; only stories with several records are held until the end of the stream."""
    held: dict[tuple[str, str, str], PairStory] = {}
    for stored, story in events:
        event = stored.record
        if not isinstance(event, Event) or not counts(event, counting):
            continue
        for a, b in sorted(_pairs(event, counting.directed)):
            told = _told(stored, event)
            if story is None:
                yield a, b, told
            else:
                held[(story, a, b)] = _merged(held.get((story, a, b)), told)
    for (_story, a, b), told in sorted(held.items()):
        yield a, b, told


def counts(event: Event, counting: Counting) -> bool:
    """Whether an event is of the modality asked for and, unless attributed ones are too, asserted by the writer."""
    return (
        event.quad in QUADS
        and event.modality in counting.modality
        and (counting.attributed or event.asserted_by is None)
    )


def _pairs(event: Event, directed: bool) -> set[tuple[str, str]]:
    found = {(one, other) for one, other, _mutual in dyads(event)}
    return found if directed else {(min(pair), max(pair)) for pair in found}


def _told(stored: Stored, event: Event) -> PairStory:
    day, published = day_of(stored, event)
    first = (stored.item.day or "~", stored.item.document.id, event.id)
    return PairStory(first, event.quad, None if published else day, stored.item.day, event.goldstein or 0.0, 1)


def _merged(one: PairStory | None, other: PairStory) -> PairStory:
    if one is None:
        return other
    first = min(one, other, key=lambda s: s.first)
    return PairStory(
        first.first, first.quad, _earlier(one.stated, other.stated), _earlier(one.published, other.published),
        one.goldstein + other.goldstein, one.records + other.records,
    )  # fmt: skip


def _earlier(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other


def _add(row: _Row, story: PairStory) -> None:
    row.cells[QUADS.index(story.quad)] += 1
    row.goldstein += story.goldstein / story.records
    row.records += story.records
    row.by_publication += story.stated is None
