"""Events that satisfy what was promised: actual ones, later, of the action's type, between the promise's parties.

In: a Promise and stored events. Out: Findings with the event that makes them. Must not know texts or figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.follow.deadlines import SLACK, days_between
from communique.follow.fulfilment import FIRST_DAYS, LEAST_TOPIC, Finding, Promise
from communique.follow.passages import about
from communique.follow.promise_words import Action, words_of
from communique.follow.subject import codes
from communique.ledger.rows import Stored
from communique.records import Event

DEED = "E-deed"
SOON = 183


def find_in_events(promise: Promise, events: Sequence[Stored]) -> Iterator[tuple[Stored, Finding]]:
    """Events that are what was promised: actual, by a party, of a type that satisfies the action, about its matter."""
    for stored in events:
        record = stored.record
        if isinstance(record, Event) and _happened(promise, stored, record) and _satisfies(promise, stored, record):
            yield stored, Finding("fulfilled", DEED, record.evidence)


def _happened(promise: Promise, stored: Stored, record: Event) -> bool:
    """Actual, told after the first days of the promise, and not before it was made."""
    day = stored.item.day
    if (
        record.modality != "actual"
        or promise.since is None
        or day is None
        or days_between(promise.since, day) <= FIRST_DAYS
    ):
        return False
    return record.start is None or record.start[:10] > promise.since


def _satisfies(promise: Promise, stored: Stored, record: Event) -> bool:
    actions = _actions(promise, stored)
    actors = codes(record.source) | codes(record.target)
    if not codes(record.source) & promise.parties or not _kinds(record) & frozenset().union(
        *(a.events for a in actions)
    ):
        return False
    if len(actors & promise.involved) < min(2, len(promise.involved)):
        return False
    if any(a.recurs for a in actions):
        return len(promise.involved) > 1 and promise.involved <= actors and _on_time(promise, stored, record)
    return promise.topic(about(stored.words, stored.item.document.language)) >= LEAST_TOPIC


def _on_time(promise: Promise, stored: Stored, record: Event) -> bool:
    """Whether what happens again and again is the one that was promised: by its deadline, else within half a year."""
    day = record.start or stored.item.day or ""
    if promise.due:
        return days_between(promise.due, day) <= SLACK
    return promise.since is not None and days_between(promise.since, day) <= SOON


def _actions(promise: Promise, stored: Stored) -> tuple[Action, ...]:
    words = words_of(stored.item.document.language)
    return tuple(a for a in words.actions if a.id in promise.actions) if words else ()


def _kinds(record: Event) -> frozenset[str]:
    return frozenset({record.type, f"{record.type}/{record.mode}"})
