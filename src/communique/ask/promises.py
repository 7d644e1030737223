"""Promises: what was promised, by whom, until when, and what became of it, with who says so.

In: a ledger, a filter, a day. Out: promises with their history. Must not know SQL, nor the rules of the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communique import notation
from communique.ask.columns import Column
from communique.ask.evidence import Evidence, Sources, of_item
from communique.errors import CommuniqueError
from communique.follow.deadlines import STATUSES, due_of, due_on, lapsed_because, status
from communique.follow.origins import Origin, independent
from communique.follow.update import PROMISE
from communique.ledger import Ledger
from communique.ledger.rows import Entry, Filter, Stored
from communique.records import Commitment

SCANNED = 1_000
"""Promises that are looked through for those of a status."""
MOST_OUTLETS = 8
SHOWN = 4
RULE_END = " until "


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry of a promise's history: what an item makes of it, by which rule, who says so.

    `own`: the item speaks for one of those who promised, so that it is no independent witness.
    """

    day: str | None
    entry: str
    rule: str
    due: str | None
    own: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise on a day.

    `note` says what the status rests on; `witnesses` are origins that are no voice of the parties.
    """

    id: str
    status: str
    on: str
    due: str | None
    since: str | None
    kind: str
    parties: tuple[str, ...]
    beneficiaries: tuple[str, ...]
    action: str
    target: str | None
    condition: str | None
    origins: tuple[Origin, ...]
    witnesses: tuple[Origin, ...]
    history: tuple[Turn, ...]
    note: str | None = None

    @property
    def last(self) -> Turn:
        """The last entry."""
        return self.history[-1]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which promises: a filter for their commitments, statuses, a period of deadlines, the day for which they hold."""

    filter: Filter
    on: str
    statuses: Sequence[str] = ()
    due_since: str | None = None
    due_before: str | None = None
    origins: int = 1


COLUMNS: tuple[Column[Promise], ...] = (
    Column("id", lambda p: p.id),
    Column("status", lambda p: p.status),
    Column("on", lambda p: p.on),
    Column("due", lambda p: p.due),
    Column("since", lambda p: p.since),
    Column("kind", lambda p: p.kind),
    Column("parties", lambda p: p.parties, "list"),
    Column("beneficiaries", lambda p: p.beneficiaries, "list"),
    Column("action", lambda p: p.action),
    Column("target", lambda p: p.target),
    Column("condition", lambda p: p.condition),
    Column("entries", lambda p: len(p.history), "int"),
    Column("last_day", lambda p: p.last.day),
    Column("last_entry", lambda p: p.last.entry),
    Column("last_rule", lambda p: p.last.rule),
    Column("document", lambda p: p.last.evidence.document),
    Column("evidence", lambda p: p.last.evidence.spans, "list"),
    Column("words", lambda p: p.last.evidence.words),
    Column("origins", lambda p: len(p.origins), "int"),
    Column("origin_names", lambda p: p.origins, "list"),
)


def promises(ledger: Ledger, wanted: Wanted) -> tuple[list[Promise], bool]:
    """Promises by the day they were made, and whether there may be more than these.

    Statuses and deadlines hold on `wanted.on`: a deadline that was put off is the new one.
    """
    unknown = [one for one in wanted.statuses if one not in STATUSES]
    if unknown:
        raise CommuniqueError(f"--status is one of {', '.join(STATUSES)}, not '{unknown[0]}'.")
    limit = wanted.filter.limit
    scanned = None if limit is None else max(SCANNED, limit + 1)
    ids = _ids(ledger, replace(wanted.filter, limit=scanned))
    found: list[Promise] = []
    for id in ids:
        one = on_day(ledger, id, wanted.on)
        if one is not None and _fits(one, wanted):
            found.append(one)
        if limit is not None and len(found) > limit:
            return found[:limit], True
    return found, scanned is not None and len(ids) == scanned


def _ids(ledger: Ledger, wanted: Filter) -> list[str]:
    """The ids of promises; where nothing narrows them down, by the index of their first days."""
    anything = Filter(kinds=wanted.kinds, limit=wanted.limit, min_confidence=wanted.min_confidence)
    if wanted != anything:
        return ledger.promises(wanted)
    return [cluster.id for cluster in ledger.clusters(PROMISE, anything)]


def _fits(one: Promise, wanted: Wanted) -> bool:
    if wanted.statuses and one.status not in wanted.statuses:
        return False
    if (wanted.due_since or wanted.due_before) and one.due is None:
        return False
    if wanted.due_since and (one.due or "") < wanted.due_since:
        return False
    if wanted.due_before and (one.due or "") >= wanted.due_before:
        return False
    return len(one.origins) >= wanted.origins


def promise(ledger: Ledger, id: str, on: str) -> Promise:
    """One promise by its id or the beginning of it, or by a commitment's, with what its status rests on."""
    found = on_day(ledger, resolved(ledger, PROMISE, id), on)
    if found is None:
        raise CommuniqueError(f"The promise {id} had not been made on {on}; ask for a later day.")
    return replace(found, note=_note(ledger, found))


def resolved(ledger: Ledger, kind: str, id: str) -> str:
    """The full id of a cluster, from its beginning or that of one of its records."""
    ids = ledger.cluster_ids(kind, id)
    if not ids:
        keys = [stored.key for stored in ledger.find(id)] if id else []
        ids = sorted(set(ledger.clusters_of(kind, keys).values()))
    if len(ids) == 1 or id in ids:
        return id if id in ids else ids[0]
    if ids:
        raise several(id, ids)
    raise CommuniqueError(f"There is no {kind} '{id}' in {ledger.path}.")


def several(id: str, ids: Sequence[str]) -> CommuniqueError:
    """That the beginning of an id is that of several."""
    more = " …" if len(ids) > SHOWN else ""
    return CommuniqueError(f"'{id}' begins the ids of {len(ids)}: {', '.join(ids[:SHOWN])}{more}; give more of it.")


def on_day(ledger: Ledger, id: str, on: str) -> Promise | None:
    """A promise with what was known of it at the end of a day; None where it had not been made."""
    entries = [entry for entry in ledger.entries(id) if entry.day is None or entry.day <= on]
    state = status(entries, None, on)
    commitments = sorted(ledger.stored(ledger.members(PROMISE, id)), key=_order)
    if state is None or not commitments:
        return None
    parties = _codes(commitments)
    records = {stored.key: stored for stored in ledger.stored([entry.record for entry in entries])}
    reports = [_report(ledger, entry, records[entry.record]) for entry in entries if entry.record in records]
    origins = Sources(ledger, reports).of(reports)
    own = {key for origin in origins if origin.state in parties for key in origin.items}
    first = _fullest(commitments)
    record = first.record
    assert isinstance(record, Commitment)
    return Promise(
        id=id,
        status=state,
        on=on,
        due=due_on(entries, on),
        since=entries[0].day,
        kind=record.kind,
        parties=parties,
        beneficiaries=tuple(dict.fromkeys(notation.actor(actor) for actor in record.beneficiaries)),
        action=" ".join(record.action.split()),
        target=_target(record),
        condition=notation.words(first.item.document, record.condition) or None,
        origins=origins,
        witnesses=independent(origins, parties),
        history=tuple(_turn(ledger, entry, records, own) for entry in entries),
    )


def _report(ledger: Ledger, entry: Entry, stored: Stored) -> Stored:
    """The record that says an entry, in the entry's item where only its text says so."""
    if stored.item.key == entry.item:
        return stored
    return replace(stored, item=ledger.item(entry.item), record=replace(stored.record, asserted_by=None))


def _order(stored: Stored) -> tuple[str, str, str]:
    return (stored.item.day or "", stored.item.document.id, stored.record.id)


def _codes(commitments: Iterable[Stored]) -> tuple[str, ...]:
    """Who promised, by the commitments that name most of them."""
    named = [one.record.parties for one in commitments if isinstance(one.record, Commitment)]
    largest = max(named, key=lambda actors: len({actor.code for actor in actors}), default=())
    return tuple(dict.fromkeys(actor.code or actor.text for actor in largest))


def _fullest(commitments: Sequence[Stored]) -> Stored:
    """Of the commitments of the first day the one that says most: deadline, target, then the longer words."""
    first = [one for one in commitments if one.item.day == commitments[0].item.day]

    def says(stored: Stored) -> tuple[bool, bool, int]:
        record = stored.record
        assert isinstance(record, Commitment)
        return (record.deadline is not None, record.target is not None, len(record.action))

    return max(first, key=says)


def _target(record: Commitment) -> str | None:
    if record.target is None:
        return None
    value, unit = notation.number(record.target.value), record.target.unit
    return f"{value}×" if unit == "x" else f"{value} {unit}".strip()


def _turn(ledger: Ledger, entry: Entry, records: dict[int, Stored], own: set[int]) -> Turn:
    item = ledger.item(entry.item)
    stored = records.get(entry.record)
    record = stored.record.id if stored and stored.item.key == entry.item else None
    rule = entry.rule.partition(RULE_END)[0]
    evidence = of_item(item, entry.evidence, record)
    return Turn(entry.day, entry.entry, rule, due_of(entry), entry.item in own, evidence)


def _note(ledger: Ledger, found: Promise) -> str | None:
    """What the status rests on: who says so, or that nothing was found in how much."""
    if found.status == "lapsed":
        covered = ledger.coverage(found.since, found.on)
        outlets = sorted({outlet for outlet, _day, _number in covered if outlet})
        named = [*outlets[:MOST_OUTLETS], *(["…"] if len(outlets) > MOST_OUTLETS else [])]
        return lapsed_because(sum(number for _outlet, _day, number in covered), named)
    saying = [turn for turn in found.history if turn.entry in _CONCLUDING]
    if not saying:
        return None
    who = dict.fromkeys(_who(turn) for turn in saying if turn.entry == saying[-1].entry)
    alone = " (no independent witness)" if all(turn.own for turn in saying) else ""
    return f"says so: {', '.join(who)}{alone}"


_CONCLUDING = ("fulfilled", "partly_fulfilled", "broken", "withdrawn")


def _who(turn: Turn) -> str:
    name = turn.evidence.where
    return f"{name} (speaks for a party)" if turn.own else name
