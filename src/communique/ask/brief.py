"""A brief: what is new in the ledger since a day.

In: a ledger, a filter and a period. Out: promises made, due, kept and broken, contradictions, and firsts.
Must not know SQL, nor how any of it is concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from communique.ask.columns import plain
from communique.ask.days import shifted
from communique.ask.dossier import conflict_object
from communique.ask.figures import disputes_of
from communique.ask.promises import Promise, on_day
from communique.ask.told import Told, as_dict, tell
from communique.follow.deadlines import DUE_DAYS
from communique.follow.series import Dispute
from communique.follow.update import PROMISE
from communique.ledger import Ledger
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter, Stored
from communique.records import Event

CONCLUDED = ("fulfilled", "partly_fulfilled")
ENDED = ("broken", "withdrawn", "contradicted", "delayed")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a period brought: promises `made`, `due`, `kept`, `failed` (broken, withdrawn, denied, delayed).

    And figures that contradict each other, and events of a type that was never before told of these two actors.
    """

    since: str
    until: str
    items: int
    made: tuple[Promise, ...]
    due: tuple[Promise, ...]
    kept: tuple[Promise, ...]
    failed: tuple[Promise, ...]
    contradictions: tuple[Dispute, ...]
    firsts: tuple[Told, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Most:
    """How much is looked through: items of the period, promises with a deadline, pairs of actors for firsts."""

    items: int = 2_000
    due: int = 200
    firsts: int = 300


def brief(ledger: Ledger, wanted: Filter, since: str, until: str, most: Most = Most()) -> Brief:
    """The brief of what was published from one ISO day to another; `cut` where there was more than was looked at."""
    items = ledger.items(replace(wanted, since=since, until=until, limit=most.items, after=None, text=None))
    records = [record for item in items for record in ledger.of_item(item.key) if _asked(record, wanted)]
    touched = {one.id: one for one in _touched(ledger, records, until)}
    promises = [touched[id] for id in sorted(touched, key=lambda id: (touched[id].since or "", id))]
    due = _due(ledger, wanted, until, most.due)
    return Brief(
        since=since,
        until=until,
        items=len(items),
        made=tuple(one for one in promises if (one.since or "") >= since),
        due=due,
        kept=_turned(promises, CONCLUDED, since),
        failed=_turned(promises, ENDED, since),
        contradictions=_contradictions(ledger, records, until),
        firsts=_firsts(ledger, records, since, most.firsts),
        cut=len(items) == most.items or len(due) == most.due,
    )


def _asked(stored: Stored, wanted: Filter) -> bool:
    """Whether a record has all the actors asked for, and is sure enough."""
    codes = {actor.code for side in actors_of(stored.record) for actor in side}
    asked = {*wanted.actors, *(wanted.pair or ())}
    return asked <= codes and stored.record.confidence >= wanted.min_confidence


def _touched(ledger: Ledger, records: Sequence[Stored], on: str) -> Iterable[Promise]:
    """Promises that some records make or are entries of."""
    keys = [record.key for record in records]
    ids = {*ledger.clusters_of(PROMISE, keys).values(), *ledger.promises_with_entries(keys)}
    return [one for one in (on_day(ledger, id, on) for id in sorted(ids)) if one is not None]


def _turned(promises: Sequence[Promise], entries: Sequence[str], since: str) -> tuple[Promise, ...]:
    return tuple(p for p in promises if any(t.entry in entries and (t.day or "") >= since for t in p.history))


def _due(ledger: Ledger, wanted: Filter, on: str, most: int) -> tuple[Promise, ...]:
    """Promises that are due on a day, the earliest deadline first."""
    commitments = replace(wanted, kinds=("commitment",), since=None, until=on, limit=most, after=None, text=None)
    ids = ledger.promises(commitments, due_since=on, due_until=shifted(on, DUE_DAYS))
    found = [one for one in (on_day(ledger, id, on) for id in ids) if one is not None and one.status == "due"]
    return tuple(sorted(found, key=lambda one: (one.due or "", one.id)))


def _contradictions(ledger: Ledger, records: Sequence[Stored], until: str) -> tuple[Dispute, ...]:
    """Conflicts of the period's figures with each other and with earlier ones."""
    links = ledger.links("conflict", [record.key for record in records if record.kind == "figure"])
    ends = {one.key: one for one in ledger.stored([key for link in links for key in (link.a, link.b)])}
    known = {key for key, one in ends.items() if (one.item.day or "") <= until}
    return disputes_of(ledger, [link for link in links if {link.a, link.b} <= known])


def _firsts(ledger: Ledger, records: Sequence[Stored], since: str, most: int) -> tuple[Told, ...]:
    """Events of a type that was never before told of one actor towards another, in the items published before."""
    seen: dict[tuple[str, str, str], Stored] = {}
    for stored in records:
        for kind in _kinds(stored):
            seen.setdefault(kind, stored)
    keys = {stored.key for stored in records}
    chosen = [(kind, stored) for kind, stored in sorted(seen.items())][:most]
    new = {stored.key: stored for kind, stored in chosen if not _before(ledger, kind, since, keys)}
    return tuple(sorted(tell(ledger, list(new.values())), key=lambda told: (told.day or "", told.id)))


def _kinds(stored: Stored) -> Iterable[tuple[str, str, str]]:
    """Who did what kind of thing to whom; what both do counts once."""
    event = stored.record
    if not isinstance(event, Event) or event.modality != "actual":
        return ()
    source = {actor.code for actor in event.source if actor.code}
    target = {actor.code for actor in event.target if actor.code} or source
    pairs = {(a, b) for a in source for b in target if a != b}
    return {(event.type, a, b) for a, b in pairs if (b, a) not in pairs or a < b}


def _before(ledger: Ledger, kind: tuple[str, str, str], since: str, keys: set[int]) -> bool:
    type_, one, other = kind
    asked = Filter(kinds=("event",), pair=(one, other), direction="forward", types=(type_,), until=since, limit=20)
    return any(found.key not in keys and (found.item.day or "") < since for found in ledger.records(asked))


def as_object(found: Brief) -> dict[str, Any]:
    """A brief as JSON has it."""
    promises = {name: plain(getattr(found, name)) for name in ("made", "due", "kept", "failed")}
    return {
        "since": found.since, "until": found.until, "items": found.items, "cut": found.cut, **promises,
        "contradictions": [{**conflict_object(one), "reasons": list(one.reasons)} for one in found.contradictions],
        "firsts": [as_dict(one) for one in found.firsts],
    }  # fmt: skip
