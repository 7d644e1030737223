"""Whether figures reach what a promise is measured by.

In: a Promise, its commitments and the figures of the same actors. Out: Findings with the figure that makes them.
Must not know texts: what a figure is about is what its record says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from communique.follow import subject as subjects
from communique.follow.deadlines import days_between
from communique.follow.fulfilment import FIRST_DAYS, MULTIPLE, Finding, Promise
from communique.follow.passages import about
from communique.follow.subject import codes, share
from communique.ledger.rows import Stored
from communique.records import Commitment, Figure, Spans

REACHED = 0.995
"""A figure rounded down still reaches its target: 'trade of 819 million' of 820."""
PARTLY = 0.5
"""Share of the way from base to target that is a promise kept in part, once its deadline is over."""
LEAST_TOPIC = 0.5
YEAR = 300
"""Days of a period from which a figure stands for a year."""
STATES = ("reported", "estimated")
RULES = {"fulfilled": "F-reached", "partly_fulfilled": "F-partly", "progressed": "F-grown"}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in the unit of its figures, with the value it starts from where that is known."""

    value: float
    unit: str
    base: float | None


def find_in_figures(
    promise: Promise, members: Sequence[Stored], figures: Sequence[Stored]
) -> Iterator[tuple[Stored, Finding]]:
    """Later figures that reach the target, go half the way to it by the deadline, or grow towards it."""
    told = _told_as_target(members)
    own = [f for f in figures if isinstance(f.record, Figure) and _of(promise, f.record, _language(f))]
    goals = list(_goals(promise, members, own))
    for stored in own:
        record = stored.record
        assert isinstance(record, Figure)
        if not _later(promise, stored, record) or _overlaps(record.evidence, told.get(stored.item.key, ())):
            continue
        found = [f for goal in goals if (f := _against(promise, goal, stored, record))]
        if found:
            yield stored, min(found, key=lambda f: list(RULES).index(f.entry))


def _language(stored: Stored) -> str | None:
    return stored.item.document.language


def _of(promise: Promise, record: Figure, language: str | None) -> bool:
    """Whether a figure is about what the promise is: the same parties, and its indicator or words."""
    actors = codes(record.subjects) | codes(record.counterparts)
    if not actors or not actors <= promise.involved or len(actors) < min(2, len(promise.parties)):
        return False
    if record.value is None or record.status not in STATES or record.unit == "%":
        return False
    fields = frozenset().union(*(s.fields for s in promise.subjects))
    words = about(record.label, language) | {record.indicator}
    matters = [s.matter for s in promise.subjects]
    return record.indicator in fields or any(share(m, words) >= LEAST_TOPIC for m in matters)


def _told_as_target(members: Iterable[Stored]) -> dict[int, Spans]:
    """Where the promise itself names a number: a figure found there is its target, no report."""
    told: dict[int, Spans] = {}
    for member in members:
        told[member.item.key] = (*told.get(member.item.key, ()), *_action(member))
    return told


def _action(member: Stored) -> Spans:
    assert isinstance(member.record, Commitment)
    return member.record.action_text


def _overlaps(ones: Spans, others: Spans) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in ones for b in others)


def _later(promise: Promise, stored: Stored, record: Figure) -> bool:
    """Whether a figure was published after the announcement, about a time that ends after it."""
    if promise.since is None or stored.item.day is None or days_between(promise.since, stored.item.day) <= FIRST_DAYS:
        return False
    return record.end is None or record.end[:10] >= promise.since


def _goals(promise: Promise, members: Sequence[Stored], figures: Sequence[Stored]) -> Iterator[Goal]:
    """Targets in units of figures: sums as they are, multiples of what was the case before the promise."""
    targets = {s.target for s in map(subjects.of, members) if s.target}
    bases = _bases(promise, figures)
    for value, unit in sorted(targets):
        if unit == MULTIPLE:
            yield from (Goal(value * base, of, base) for of, base in bases.items())
        else:
            yield Goal(value, unit, bases.get(unit))


def _bases(promise: Promise, figures: Sequence[Stored]) -> dict[str, float]:
    """For each unit the value of the last year that ended before the promise, by its first report."""
    before = [
        (f.record.end, f.item.day or "", f.record.value, f.record.unit)
        for f in figures
        if isinstance(f.record, Figure) and f.record.end and f.record.unit and promise.since
        and f.record.end < promise.since and _whole_year(f.record)
    ]  # fmt: skip
    found: dict[str, float] = {}
    for _end, _day, value, unit in sorted(before, key=lambda b: (b[0], _reversed(b[1]), -(b[2] or 0.0))):
        if value is not None:
            found[unit] = value
    return found


def _reversed(day: str) -> int:
    return -int(day.replace("-", "") or 0)


def _whole_year(record: Figure) -> bool:
    return bool(record.start and record.end and days_between(record.start, record.end) >= YEAR)


def _against(promise: Promise, goal: Goal, stored: Stored, record: Figure) -> Finding | None:
    """What a figure says of a target: up from its base, or down where the target is below it."""
    if record.unit != goal.unit or record.value is None:
        return None
    value, base = record.value_max or record.value, goal.base
    sign = -1.0 if base is not None and goal.value < base else 1.0
    if sign * value >= sign * goal.value * (REACHED if sign > 0 else 2 - REACHED):
        return Finding("fulfilled", RULES["fulfilled"], record.evidence)
    if base is None:
        return None
    way = (value - base) / (goal.value - base) if goal.value != base else 0.0
    over = bool(promise.due and record.end and record.end >= promise.due)
    if over and way >= PARTLY:
        return Finding("partly_fulfilled", RULES["partly_fulfilled"], record.evidence)
    return Finding("progressed", RULES["progressed"], record.evidence) if way > 0 else None
