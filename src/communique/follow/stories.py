"""Which records report one real-world event.

In: two stored records, of one item or of two. Out: a link with score and reason, or None (`docs/stories.md`).
Must not know the ledger, nor how links become stories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from communique.compiling import fold
from communique.concepts import NAME, NUMBER, Concepts
from communique.follow.copies import sentence_spans
from communique.knowledge import Knowledge
from communique.ledger.rows import Link, Stored
from communique.press import press
from communique.records import Actor, Document, Event
from communique.text import tokenize

KIND = "story"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "dealings": ("CONSULT", "AGREE", "COOPERATE", "SUPPORT", "AID"),
    "dispute": ("ACCUSE", "REJECT", "THREATEN", "REQUEST", "SANCTION"),
    "protest": ("PROTEST", "COERCE"),
    "force": ("ASSAULT", "MOBILIZE", "COERCE", "RETREAT"),
    "yielding": ("CONCEDE", "RETREAT"),
}
"""PLOVER types that one occasion shows side by side: a visit, its talks and what is signed there."""
FARTHEST = 2
"""Days between two items, or between two events, that report one event."""
BACKGROUND = 5
"""Days from an item to an event from which the item mentions it and does not report it."""
HEAD_SENTENCES, HEAD_LETTERS = 6, 1200
"""How much of an item says what it is about."""
LEAST_NEWS, LEAST = 0.585, 0.55
"""Score from which two items, two events are linked; set on `examples/case/develop` and 1,000 items of Wikinews."""
LEAST_ALONE = 0.68
"""The same for items that have at most one state in common, and less to tell their news apart by."""
LEAST_SAID_ALONE = 0.6
"""How much two events with one state in common must say in common; half of it is the heads of their items."""
BODIES = 0.4
"""What an organisation in common counts against a state: whom 'UN' joins is not yet one story."""
LONGEST_NAME = 5
"""Tokens of a state's or body's name."""
AGAIN = 0.4
"""Similarity of what is said from which one item tells one event twice."""
INSIDE = 0.6
"""Score of a link inside an item."""
NAMED = 9.0
"""Weight of a name or number among the terms of an item: above all concepts."""
MANY = 4
"""Actors of an event from which one or two in common say nothing."""


class Pairing(NamedTuple):
    """How much two records share of one thing, 0 to 1, and which."""

    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gist:
    """What the head of an item names: keys of names, numbers, codes of states and bodies, concepts."""

    names: frozenset[str]
    numbers: frozenset[str]
    codes: frozenset[str]
    concepts: frozenset[str]


def gist(document: Document) -> Gist:
    """Names, numbers, codes and concepts of an item's title and first sentences, equal across languages."""
    spans = sentence_spans(document)[:HEAD_SENTENCES]
    end = spans[-1][1] if spans else len(document.text)
    return _gist(document.text[: min(end, HEAD_LETTERS)], document.language)


def about(document: Document, most: int) -> tuple[str, ...]:
    """What an item is about, at most so many: numbers and names before concepts, the rarer ones first."""
    concepts = Concepts.default()
    keys = [k for k in concepts.keys(document.text, document.language) if not _common(k)]
    return tuple(sorted(keys, key=lambda k: (-concepts.weights.get(k, NAMED), k))[:most])


@lru_cache(maxsize=4096)
def _gist(head: str, language: str | None) -> Gist:
    codes, rest = _states_apart([t.text for t in tokenize(head)])
    keys = Concepts.default().keys(" ".join(rest), language)
    names = frozenset(k for k in keys if k.startswith(NAME))
    numbers = frozenset(k for k in keys if k.startswith(NUMBER) and not _common(k))
    return Gist(names, numbers, codes, frozenset(k for k in keys if not k.startswith((NAME, NUMBER))))


def _states_apart(tokens: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """Codes of the states and bodies that are named, and the other words, without days and months.

    A capital is both, a name and its state's code.
    """
    codes: set[str | None] = set()
    rest: list[str] = []
    at = 0
    while at < len(tokens):
        code, length = _code_at(tokens, at)
        codes.add(code or _capital_of(tokens[at]))
        if not code and tokens[at].casefold() not in _calendar():
            rest.append(tokens[at])
        at += length
    return frozenset(code for code in codes if code), rest


def _code_at(tokens: Sequence[str], at: int) -> tuple[str | None, int]:
    """Code of the longest state or body that is named from a token on, and how many tokens name it."""
    known = Knowledge.default()
    for length in range(min(known.longest_from(fold(tokens[at])), LONGEST_NAME), 0, -1):
        for sense in known.senses(fold(" ".join(tokens[at : at + length]))):
            if sense.row.kind in ("state", "igo") and sense.row.code:
                return known.coded(sense.row.code), length
    return None, 1


def _capital_of(word: str) -> str | None:
    known = Knowledge.default()
    return next((known.coded(s.row.state) for s in known.senses(fold(word)) if s.form == "capital"), None)


def _common(number: str) -> bool:
    """Years and numbers of one digit say nothing about which event it is."""
    return re.fullmatch(r"\d|(?:19|20)\d\d", number.removeprefix(NUMBER)) is not None


@lru_cache(maxsize=1)
def _calendar() -> frozenset[str]:
    return frozenset(press().months) | press().weekdays


def story_bands(document: Document, days: Iterable[int] = (0,)) -> tuple[int, ...]:
    """Integers that items of about one day share when their heads share a name; `days` from the day of publication.

    An item is stored under its own day and looked for under the days around it. Without a day there are none.
    """
    day = _day(document.published)
    if day is None:
        return ()
    names = sorted(gist(document).names)
    return tuple(hashed(f"{name} {day.toordinal() + shift}") for shift in days for name in names)


def hashed(words: str) -> int:
    """A signed integer of 64 bits for some words."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def lead(records: Sequence[Stored]) -> Stored | None:
    """The record that stands for what its item is about: the first event in the text's head, else the first record.

    An event that the text dates goes before one that it doesn't: it says when the news is from.
    """
    return min(records, key=_lead_order, default=None)


def _lead_order(stored: Stored) -> tuple[int, object, str]:
    head = stored.record.evidence[0][0] < HEAD_LETTERS // 2
    event = stored.record if isinstance(stored.record, Event) and head else None
    rank = 2 if event is None or event.modality != "actual" else 0 if event.precision == "day" else 1
    return rank, stored.record.evidence, stored.record.id


def report_link(a: Stored, b: Stored) -> Link | None:
    """Whether two items, by their leads, report the same news: the same states, names and subject within two days."""
    apart = _days_apart(a.item.document.published, b.item.document.published)
    if a.item.key == b.item.key or apart is None or apart > FARTHEST or _later(a, b) or _later(b, a):
        return None
    one, other = gist(a.item.document), gist(b.item.document)
    names, states, subject = _names(one, other), _states(one, other), _subject(one, other)
    score = 0.55 * names.score + 0.25 * states.score + 0.2 * subject.score - 0.05 * apart
    if score < (LEAST_NEWS if states.score == 1 else LEAST_ALONE):
        return None
    shared = " ".join((*states.shared, *names.shared[:3], *subject.shared[:3]))
    return _link(a, b, score, f"same news, {apart} days apart: {shared}")


def _later(a: Stored, b: Stored) -> bool:
    """Whether `a` happened after the item of `b` was published, which can't report it then."""
    event, published = a.record, b.item.document.published
    if not isinstance(event, Event) or event.modality != "actual" or event.precision != "day" or not published:
        return False
    return (event.start or "") > published[:10]


def _names(a: Gist, b: Gist) -> Pairing:
    shared = tuple(sorted(a.names & b.names)) + tuple(sorted(a.numbers & b.numbers))
    both = len(a.names & b.names) + 0.5 * len(a.numbers & b.numbers)
    return Pairing(min(1.0, 1.6 * both / max(5, min(len(a.names), len(b.names)))), shared)


def _states(a: Gist, b: Gist) -> Pairing:
    shared = tuple(sorted(a.codes & b.codes))
    weight = _weight(shared)
    return Pairing(1.0 if weight >= 2 else 0.4 * weight, shared)


def _subject(a: Gist, b: Gist) -> Pairing:
    shared = tuple(sorted(a.concepts & b.concepts))
    return Pairing(min(1.0, 1.5 * Concepts.default().similarity(a.concepts, b.concepts)), shared)


def _weight(codes: Iterable[str]) -> float:
    known = Knowledge.default()
    return sum(1.0 if known.state(code) else BODIES for code in codes)


def story_link(a: Stored, b: Stored) -> Link | None:
    """Whether two events are one real-world event, by type, actors, days and what is said about them."""
    one, other = a.record, b.record
    if not isinstance(one, Event) or not isinstance(other, Event) or a.key == b.key:
        return None
    kind = _types(one.type, other.type)
    apart = _apart(a, b)
    if not kind or apart is None or _later(a, b) or _later(b, a):
        return None
    actors = _actors(one, other)
    if len(actors.shared) < 2 and _other_people(a, b):
        return None
    if a.item.key == b.item.key:
        reason = f"{_both(one, other)} of {'+'.join(actors.shared)} in one item"
        return _link(a, b, INSIDE, reason) if apart == 0 and _once(a, b, actors) else None
    said = _said(a, b, actors.score >= 1.0)
    if said.score < _least_said(one, other, actors):
        return None
    score = 0.4 * actors.score + 0.2 * kind + 0.4 * said.score - 0.05 * apart
    if score < LEAST:
        return None
    words = f", {' '.join(said.shared[:4])}" if said.shared else ""
    return _link(a, b, score, f"{_both(one, other)} of {'+'.join(actors.shared)}, {apart} days apart{words}")


def _both(one: Event, other: Event) -> str:
    return one.type if one.type == other.type else f"{one.type} and {other.type}"


def _types(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return 0.7 if any(one in group and other in group for group in GROUPS.values()) else 0.0


def _actors(one: Event, other: Event) -> Pairing:
    """Actors in common against those of the event with fewer; of many, against all."""
    mine, theirs = _parties(one), _parties(other)
    shared = tuple(sorted(mine & theirs))
    if not shared:
        return Pairing(0.0, ())
    crowd = max(len(mine), len(theirs)) > MANY
    whole = _weight(mine | theirs) if crowd else max(2.0, min(_weight(mine), _weight(theirs)))
    return Pairing(min(1.0, _weight(shared) / whole), shared)


def _other_people(a: Stored, b: Stored) -> bool:
    """Whether both events name who acts, and name nobody in common: of one state, two persons do two things."""
    one, other = _people(a), _people(b)
    return bool(one and other and not one & other)


def _people(stored: Stored) -> frozenset[str]:
    event = stored.record
    texts = " , ".join(actor.text for actor in event.source) if isinstance(event, Event) else ""
    return frozenset(k for k in _keys_of(texts, stored.item.document.language) if k.startswith(NAME))


def _parties(event: Event) -> frozenset[str]:
    return frozenset(_party(actor) for actor in (*event.source, *event.target)) - {""}


def _party(actor: Actor) -> str:
    return actor.code or ""


def _least_said(one: Event, other: Event, actors: Pairing) -> float:
    """How much the items must say in common: two states meet once a day, but accuse and attack each other often."""
    if actors.score >= 1.0:
        return 0.25 if _dealings(one, other) else 0.4
    return LEAST_SAID_ALONE if actors.score >= 0.5 else 2.0


def _said(a: Stored, b: Stored, dyad: bool) -> Pairing:
    """What the evidence and the heads of the items have in common: concepts, names, numbers.

    With two states in common either will do; with one, both must agree.
    """
    one, other = _keys(a), _keys(b)
    alike = Concepts.default().similarity(one, other)
    shared = tuple(sorted(one & other))
    if (not dyad and alike < 2 * LEAST_SAID_ALONE - 1) or (dyad and alike == 1.0):
        return Pairing(alike if dyad else 0.0, shared)
    heads = _names(gist(a.item.document), gist(b.item.document)).score
    return Pairing(max(alike, heads) if dyad else (alike + heads) / 2, shared)


def _keys(stored: Stored) -> frozenset[str]:
    """What an event's evidence names, as the ledger keeps it; years and small numbers left out."""
    keys = stored.terms or _keys_of(stored.words, stored.item.document.language)
    return frozenset(k for k in keys if not _common(k))


@lru_cache(maxsize=4096)
def _keys_of(words: str, language: str | None) -> frozenset[str]:
    return Concepts.default().keys(words, language)


def _once(a: Stored, b: Stored, shared: Pairing) -> bool:
    """Visit, talks and signing of the same states in one item are one occasion; two attacks are, if told alike."""
    one, other = a.record, b.record
    if not isinstance(one, Event) or not isinstance(other, Event) or _parties(one) != _parties(other):
        return False
    again = one.type == other.type and Concepts.default().similarity(_keys(a), _keys(b)) >= AGAIN
    return (_dealings(one, other) and len(shared.shared) > 1) or (again and bool(shared.shared))


def _dealings(one: Event, other: Event) -> bool:
    return one.type in GROUPS["dealings"] and other.type in GROUPS["dealings"]


def _link(a: Stored, b: Stored, score: float, reason: str) -> Link:
    low, high = sorted((a.key, b.key))
    return Link(KIND, low, high, round(min(1.0, score), 3), reason)


def _apart(a: Stored, b: Stored) -> int | None:
    """Days between two events; None where they are too far apart, only mentioned, or nothing says when.

    Two days that the texts name may differ by one (time zones); else the days of publication count.
    """
    one, other = _stretch(a), _stretch(b)
    if one is None or other is None:
        return None
    days = max(0, (other.start - one.end).days, (one.start - other.end).days)
    return days if days <= (1 if one.stated or other.stated else FARTHEST) else None


class Stretch(NamedTuple):
    """The days an event may have been on; `stated` where its text names them."""

    start: date
    end: date
    stated: bool


def _stretch(stored: Stored) -> Stretch | None:
    """An event's own days, else the day of publication and the day before; None for what is long past or far off."""
    event = stored.record
    published = _day(stored.item.document.published)
    start = _day(event.start) if isinstance(event, Event) and event.precision == "day" else None
    if start is None:
        return None if published is None else Stretch(published - timedelta(days=1), published, False)
    if published is not None and abs((published - start).days) > BACKGROUND:
        return None
    return Stretch(start, _day(getattr(event, "end", None)) or start, True)


def _days_apart(one: str | None, other: str | None) -> int | None:
    first, second = _day(one), _day(other)
    return None if first is None or second is None else abs((first - second).days)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None
