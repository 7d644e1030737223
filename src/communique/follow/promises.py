"""Promises: which commitments are one, what became of it in later items, and its status on a day.

In: stored commitments, events, figures and statements, and items. Out: links with reasons, entries with evidence and
rule, statuses; docs/promises.md has the rules. Must not know the ledger's tables, nor the order of adding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from communique.concepts import NAME, Concepts
from communique.follow import subject as subjects
from communique.follow.deadlines import days_between, due_of, due_on, lapsed_because, moved, status, with_due
from communique.follow.deeds import find_in_events
from communique.follow.fulfilment import FIRST_DAYS, Finding, Promise, concerns, find_in_text, promise_of
from communique.follow.reached import find_in_figures
from communique.follow.subject import Subject, weight
from communique.follow.voice import publisher_of, states_of
from communique.ledger.rows import Entry, Item, Link, Stored
from communique.records import Commitment, Document, Spans

__all__ = [
    "concerns", "due_of", "due_on", "entries", "find_in_text", "lapsed_because", "promise_link", "promise_of", "status",
    "told_by",
]  # fmt: skip

Measure = tuple[float, str]
PROMISE, PLACE = "promise", "n:city/"
LEAST = 0.55
"""Score from which two commitments are one promise. Set on examples/case/develop and tests/test_follow_promises.py."""
SAME_DUE, SAME_TARGET, SAME_DAYS = 0.15, 0.15, 0.1
OTHER_DUE, OTHER_TARGET, OTHER_ACTION, OTHER_MATTER, LATE = 0.1, 0.15, 0.2, 0.3, 0.05
VAGUE = 3.0
"""Weight of what two promises share below which it is too little ('strengthen cooperation') without a day in common."""
ONCE = 60
"""Days within which a visit or meeting promised twice without a date is one."""
SAME_SUM = 0.02


# ---------------------------------------------------------------- one promise


def promise_link(a: Stored, b: Stored) -> Link | None:
    """The link between two commitments that are one promise, or None; its kind may differ (goal, pledge, plan).

    Parties must be the same or some of them, the matter shared, and nothing may set them apart: another partner, place,
    direction or date of something that is done again and again. Another deadline or target alone is a promise changed.
    """
    if not isinstance(a.record, Commitment) or not isinstance(b.record, Commitment) or a.key == b.key:
        return None
    first, second = sorted((a, b), key=_order)
    one, other = subjects.of(first), subjects.of(second)
    if not _same_parties(one, other) or _apart(one, other, first, second):
        return None
    shared = one.terms & other.terms
    if all(k.startswith(PLACE) for k in shared):
        return None
    if sum(weight(k, shared=True) for k in shared) < VAGUE and not _dated_alike(one, other, first, second):
        return None
    score = _alike(one, other) + _adjusted(one, other, first, second)
    if score < LEAST:
        return None
    low, high = sorted((a.key, b.key))
    return Link(PROMISE, low, high, round(min(score, 1.0), 3), _reason(one, other, shared))


def _order(stored: Stored) -> tuple[str, str, int, str]:
    return (stored.item.day or "", stored.item.document.id, stored.item.document.version, stored.record.id)


def _same_parties(one: Subject, other: Subject) -> bool:
    """Equal sets of parties or one inside the other; a promise without known parties goes by who is involved."""
    if one.parties and other.parties:
        return one.parties <= other.parties or other.parties <= one.parties
    return bool(one.involved & other.involved)


def _apart(one: Subject, other: Subject, first: Stored, second: Stored) -> bool:
    """What makes two promises of the same words: partner, place, direction, matter, measure or occasion."""
    if (one.involved - other.involved) and (other.involved - one.involved):
        return True
    if one.places and other.places and not one.places & other.places:
        return True
    if not one.matter & other.matter or Concepts.default().opposed(one.terms, other.terms):
        return True
    return _other_occasion(one, other, first, second) or _other_measure(one, other, second)


def _other_occasion(one: Subject, other: Subject, first: Stored, second: Stored) -> bool:
    """A visit, meeting or exercise on another date: what recurs is promised anew each time."""
    if not (one.recurs and other.recurs):
        return False
    if one.due and other.due:
        return moved(one.due, other.due) != 0
    return _days(first, second) > ONCE


def _other_measure(one: Subject, other: Subject, second: Stored) -> bool:
    """Target and deadline differ once the first deadline is over, or only one is measured by multiples."""
    multiples = [bool(s.target and s.target[1] == "x") for s in (one, other)]
    if (
        multiples[0] != multiples[1]
        and not (one.target and other.target)
        and "raise" not in one.actions & other.actions
    ):
        return True
    over = bool(one.due and second.item.day and one.due < second.item.day)
    return over and _target(one, other) < 0 and moved(one.due, other.due) != 0


def _days(first: Stored, second: Stored) -> int:
    return days_between(first.item.day, second.item.day) if first.item.day and second.item.day else 0


def _target(one: Subject, other: Subject) -> int:
    return _compared(one.target, other.target)


def _compared(one: Measure | None, other: Measure | None) -> int:
    """1 where both have one target, -1 where both have targets in one unit that differ, else 0."""
    if not one or not other or one[1] != other[1]:
        return 0
    return 1 if abs(one[0] - other[0]) <= SAME_SUM * max(abs(one[0]), abs(other[0])) else -1


def _dated_alike(one: Subject, other: Subject, first: Stored, second: Stored) -> bool:
    """The same deadline, or reported in the same days."""
    return bool(one.due and other.due and moved(one.due, other.due) == 0) or _days(first, second) <= FIRST_DAYS


def _adjusted(one: Subject, other: Subject, first: Stored, second: Stored) -> float:
    """What deadline, target, action and days of publication add to the score or take from it."""
    score = {1: SAME_TARGET, 0: 0.0, -1: -OTHER_TARGET}[_target(one, other)]
    if one.due and other.due:
        score += SAME_DUE if moved(one.due, other.due) == 0 else -OTHER_DUE
    if one.actions and other.actions and not one.actions & other.actions:
        score -= OTHER_ACTION
    if first.item.document.language == second.item.document.language and _each_its_own(one, other):
        score -= OTHER_MATTER
    if one.parties == other.parties and _days(first, second) <= FIRST_DAYS:
        score += SAME_DAYS
    if one.due and second.item.day and one.due < second.item.day:
        score -= LATE
    return score


def _alike(one: Subject, other: Subject) -> float:
    """How alike what is promised is; where both are one class of action, its word ('open', 'establish') counts half."""
    concepts = Concepts.default()
    whole = concepts.similarity(one.terms, other.terms)
    if not one.actions & other.actions:
        return whole
    return max(whole, (whole + concepts.similarity(one.matter, other.matter)) / 2)


def _each_its_own(one: Subject, other: Subject) -> bool:
    """Whether both matters have a usual concept that the other hasn't: duties on cars and on beef, gas and oil.

    Asked within one language only, since what is one word in one may be two in another.
    """
    return all(
        any(not k.startswith(NAME) and weight(k, shared=True) >= VAGUE for k in own)
        for own in (one.matter - other.matter, other.matter - one.matter)
    )


def _reason(one: Subject, other: Subject, shared: frozenset[str]) -> str:
    parts = [f"parties {'+'.join(sorted(one.parties | other.parties)) or '?'}", f"both {', '.join(sorted(shared))}"]
    if one.due and other.due:
        parts.append(f"due {one.due}" if moved(one.due, other.due) == 0 else f"due {one.due}, then {other.due}")
    if one.target and other.target:
        kept = _target(one, other) >= 0
        parts.append(f"target {one.target[0]:g} {one.target[1]}" + ("" if kept else f", then {other.target[0]:g}"))
    return "; ".join(parts)


# ---------------------------------------------------------------- its history


class _Told(NamedTuple):
    """A finding in an item, by a record or by its text alone."""

    item: Item
    record: Stored | None
    finding: Finding


def entries(members: Sequence[Stored], others: Sequence[Stored], items: Sequence[Item] = ()) -> tuple[Entry, ...]:
    """The history of a promise, ordered by day: what its commitments say, and what later items say became of it.

    `members`: its commitments. `others`: events, figures, statements and commitments of the same actors. `items`: more
    items that name its parties, since one that says what became of a promise may have no record of it; those of
    `members` and `others` are searched anyhow. An entry's `record` says it; where only the text does, it is the first
    record of the item in the same words, else the promise's first commitment. No order of the arguments matters.
    """
    members = sorted(members, key=_order)
    if not members:
        return ()
    promise = promise_of(members)
    told = [*_by_members(members), *_by_records(promise, members, others), *_by_texts(promise, members, others, items)]
    known: dict[int, list[Stored]] = {}
    for one in sorted((*members, *others), key=_order):
        known.setdefault(one.item.key, []).append(one)
    return tuple(_entry(t, known.get(t.item.key, ()), members[0]) for t in _history(promise, _one_each(told)))


def _entry(told: _Told, known: Sequence[Stored], first: Stored) -> Entry:
    finding = told.finding
    record = told.record or next((s for s in known if _overlaps(s.record.evidence, finding.evidence)), first)
    rule = with_due(finding.rule, finding.due)
    return Entry(record.key, told.item.key, told.item.day, finding.entry, rule, finding.evidence)


def _overlaps(ones: Spans, others: Spans) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in ones for b in others)


def _by_members(members: Sequence[Stored]) -> Iterator[_Told]:
    """The commitments themselves: those of the first days announce, later ones reaffirm, delay or change."""
    since = members[0].item.day
    due = promise_of(members).due
    target = next((s.target for s in map(subjects.of, members) if s.target), None)
    for member in members:
        subject = subjects.of(member)
        entry, rule = "announced", "R-announced"
        if since and member.item.day and days_between(since, member.item.day) > FIRST_DAYS:
            entry, rule = _renewed(due, target, subject)
            due = subject.due or due
            target = subject.target or target
        evidence = member.record.evidence
        yield _Told(member.item, member, Finding(entry, rule, evidence, subject.due))


def _renewed(due: str | None, target: Measure | None, subject: Subject) -> tuple[str, str]:
    if _compared(target, subject.target) < 0:
        return "changed", "R-changed"
    direction = moved(due, subject.due)
    if direction:
        return ("delayed", "R-delayed") if direction > 0 else ("changed", "R-changed")
    return "reaffirmed", "R-reaffirmed"


def _by_records(promise: Promise, members: Sequence[Stored], others: Sequence[Stored]) -> Iterator[_Told]:
    ordered = sorted(others, key=_order)
    for stored, finding in find_in_events(promise, [o for o in ordered if o.kind == "event"]):
        yield _Told(stored.item, stored, finding)
    for stored, finding in find_in_figures(promise, members, [o for o in ordered if o.kind == "figure"]):
        yield _Told(stored.item, stored, finding)


def _by_texts(
    promise: Promise, members: Sequence[Stored], others: Sequence[Stored], items: Sequence[Item]
) -> Iterator[_Told]:
    telling = {m.item.key for m in members}
    every = {i.key: i for i in (*(s.item for s in (*members, *others)), *items)}
    for item in sorted(every.values(), key=lambda i: (i.day or "", i.document.id, i.document.version)):
        for finding in find_in_text(promise, item):
            if item.key not in telling or finding.entry not in ("announced", "reaffirmed"):
                yield _Told(item, None, finding)


# ---------------------------------------------------------------- one entry each, in order

_OVERRULES = {
    "delayed": {"reaffirmed", "progressed", "changed", "broken"},
    "changed": {"reaffirmed", "announced"},
    "withdrawn": {"reaffirmed", "progressed", "changed", "delayed", "fulfilled", "partly_fulfilled"},
    "broken": {"reaffirmed", "progressed", "partly_fulfilled"},
    "contradicted": {"reaffirmed", "broken", "withdrawn", "fulfilled"},
    "partly_fulfilled": {"reaffirmed", "progressed", "fulfilled"},
    "fulfilled": {"reaffirmed", "progressed", "delayed", "changed"},
    "progressed": {"reaffirmed"},
}  # fmt: skip
"""Which entries of the same item an entry leaves no room for: of what is said in one breath the stronger counts."""


def _one_each(told: Iterable[_Told]) -> list[_Told]:
    """One of each entry for each item, records before texts, with all evidence; weaker ones left out."""
    merged: dict[tuple[int, str], _Told] = {}
    for one in told:
        key = (one.item.key, one.finding.entry)
        merged[key] = _merged(merged[key], one) if key in merged else one
    found = {key: {e for k, e in merged if k == key} for key, _entry in merged}
    return [t for (key, entry), t in merged.items() if not any(entry in _OVERRULES.get(o, ()) for o in found[key])]


def _merged(one: _Told, other: _Told) -> _Told:
    evidence = tuple(sorted({*one.finding.evidence, *other.finding.evidence}))
    due = one.finding.due or other.finding.due
    return one._replace(finding=one.finding._replace(evidence=evidence, due=due))


def _history(promise: Promise, told: Iterable[_Told]) -> Iterator[_Told]:
    """In the order of days; what denies a promise that an independent voice saw kept contradicts it.

    What the promiser's own voice says was kept gives way to a later report that it wasn't, or only in part.
    """
    kept = False
    for one in sorted(told, key=lambda t: (t.item.day or "", *_item_order(t), t.finding.evidence)):
        entry = one.finding.entry
        if kept and entry in ("broken", "partly_fulfilled", "withdrawn"):
            yield one._replace(finding=one.finding._replace(entry="contradicted", rule="H-contradicted"))
            continue
        if kept and entry in ("progressed", "delayed", "reaffirmed", "changed"):
            continue
        kept = kept or (entry == "fulfilled" and not states_of(one.item.document) & promise.parties)
        yield one


def _item_order(told: _Told) -> tuple[str, int, str]:
    return (told.item.document.id, told.item.document.version, told.finding.entry)


def told_by(document: Document, parties: Iterable[str]) -> tuple[str | None, bool]:
    """Who publishes an item, and whether that is a party's own voice: no independent witness that it was kept.

    >>> told_by(Document(text="", publisher="Ministry of Trade of Peru"), ["PER"])
    ('Ministry of Trade of Peru', True)
    """
    return publisher_of(document), bool(states_of(document) & frozenset(parties))
