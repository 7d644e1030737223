"""What the words of an item say became of a promise: kept, kept in part, delayed, changed, broken, withdrawn, denied.

In: a Promise (what all its commitments say together) and an item. Out: Findings with evidence and rule, described in
docs/promises.md. Must not know ledgers, figures, nor how findings of many items become a history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from communique.concepts import Concepts
from communique.follow import subject as subjects
from communique.follow.deadlines import SLACK, days_between, usual
from communique.follow.passages import Passage, about, named_by, passages
from communique.follow.promise_words import Action, Outcome, Words, concepts_of, matches, words_of
from communique.follow.subject import Subject, share, weight
from communique.follow.voice import states_of
from communique.knowledge import Knowledge
from communique.ledger.rows import Item, Stored
from communique.reading.layout import encode
from communique.reading.quantities import find_quantities
from communique.reading.times import find_times
from communique.records import Document, Quantity, Span, Spans, Time

LEAST_TOPIC = 0.5
"""Share of a promise's matter that a sentence must name. Set on examples/case/develop."""
LEAST_NAMED = 0.2
"""What of it must stand in the sentence itself where title or sentence before name the rest."""
SAME_NUMBER = 0.2
"""What the number or the day that was promised adds to the share of a sentence that tells the promise."""
LEAST_RENEWED, SURELY_RENEWED = 0.7, 0.9
"""The same for a sentence that promises again without saying so."""
SPECIFIC, LEAST_WEIGHT = 6.0, 3.0
"""Weight of a matter (one rare or two usual concepts) from which a sentence that names it speaks of the promise, and
the weight below which it says next to nothing. Set on examples/case/develop and on news in general, where promises of
one state about 'research' or 'the border' found hundreds of sentences."""
AIMS = frozenset({"target", "promise", "plan"})
"""Concepts by which a sentence speaks of what somebody aims at."""
LONGEST = 3_653
"""Days after a promise in which it is looked for in texts."""
FIRST_DAYS = 2
"""Days behind the first report in which others still report the same announcement."""
AT_ONCE = ("contradicted", "withdrawn")
"""What may be said of a promise on the day behind the first report already."""
ENOUGH = 0.95
"""Share of the amount promised from which it is kept, not kept in part."""
DONE, PART, UNDONE, LATER, RENEWED, ANNOUNCED = "W-done", "W-part", "W-undone", "W-later", "W-renewed", "W-announced"
MULTIPLE = "x"


class Finding(NamedTuple):
    """What one sentence says about a promise."""

    entry: str
    rule: str
    evidence: Spans
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What the commitments of one promise say together; `since`: the day it was first reported."""

    subjects: tuple[Subject, ...]
    parties: frozenset[str]
    involved: frozenset[str]
    actions: frozenset[str]
    since: str | None
    due: str | None

    def topic(self, found: frozenset[str]) -> float:
        """The largest share of one commitment's matter in what is found."""
        return max((share(s.matter, found) for s in self.subjects), default=0.0)

    def told(self, found: frozenset[str]) -> float:
        """The largest share of one commitment's matter and action in what is found."""
        return max((share(s.terms, found) for s in self.subjects), default=0.0)

    @property
    def weight(self) -> float:
        """How much its matter weighs: of a promise about one usual concept much else is said."""
        return max((sum(weight(k, shared=True) for k in s.matter) for s in self.subjects), default=0.0)

    @property
    def weak(self) -> bool:
        """Whether little is known of its matter: next to nothing, or one usual concept and one state alone."""
        return self.weight < LEAST_WEIGHT or (self.weight < SPECIFIC and len(self.involved) < 2)

    @property
    def searchable(self) -> bool:
        """Whether there is enough to find it by: a matter, a number, or two states with some matter in common."""
        return self.weight >= LEAST_WEIGHT or bool(self.numbers()) or (self.weight > 0 and len(self.involved) > 1)

    def numbers(self) -> frozenset[str]:
        """The numbers of its targets, as keys of a passage."""
        return frozenset(f"#{s.target[0]:.10g}" for s in self.subjects if s.target)


def promise_of(members: Sequence[Stored]) -> Promise:
    """One promise out of its commitments, whatever their order."""
    found = tuple(sorted({subjects.of(m) for m in members}, key=repr))
    days = sorted(m.item.day for m in members if m.item.day)
    first = [subjects.of(m) for m in members if days and m.item.day and days_between(days[0], m.item.day) <= FIRST_DAYS]
    return Promise(
        subjects=found,
        parties=frozenset().union(*(s.parties for s in found)),
        involved=frozenset().union(*(s.involved for s in found)),
        actions=frozenset().union(*(s.actions for s in found)),
        since=days[0] if days else None,
        due=usual(s.due for s in first or found),
    )  # fmt: skip


# ---------------------------------------------------------------- which items and sentences speak of it


def concerns(promise: Promise, document: Document) -> bool:
    """Whether an item is about the promise's parties: about two of those involved where there are several.

    Whoever publishes an item need not name itself.
    """
    present = (named_by(document) | states_of(document)) & promise.involved
    return bool(present & promise.parties or not promise.parties) and len(present) >= min(2, len(promise.involved))


def _by_others(promise: Promise, passage: Passage) -> bool:
    """Whether a sentence is about another pair: it names a state outside, and not all that are involved."""
    states = frozenset(c for c in passage.named.codes if Knowledge.default().state(c))
    inside = states & promise.involved
    return bool(states) and (not inside or (bool(states - inside) and not promise.involved <= states))


def find_in_text(promise: Promise, item: Item) -> tuple[Finding, ...]:
    """What the sentences of an item say became of a promise, in the order of the text.

    On the days of the announcement it is only told, or denied; what becomes of a promise is said later.
    """
    words = words_of(item.document.language)
    if words is None or item.day is None or promise.since is None or not promise.searchable:
        return ()
    days = days_between(promise.since, item.day)
    if days > LONGEST or not concerns(promise, item.document):
        return ()
    search = _Search(promise, item, words)
    if days > FIRST_DAYS:
        return tuple(search.later())
    if days < -FIRST_DAYS:
        return ()
    denied = tuple(f for f in search.later() if f.entry in AT_ONCE) if days > 0 else ()
    return denied or tuple(search.announced())


@dataclass(frozen=True, slots=True)
class _Search:
    """One promise in one item."""

    promise: Promise
    item: Item
    words: Words

    def later(self) -> Iterator[Finding]:
        """Findings after the announcement, at most one for each sentence: what is against the promise first."""
        around = passages(self.item.document)
        for place, passage in enumerate(around):
            if not _by_others(self.promise, passage):
                yield from self._first(passage, around[max(place - 1, 0) : place], _titles(around))

    def announced(self) -> Iterator[Finding]:
        """The sentence that tells the promise best, where the reader found none."""
        around = passages(self.item.document)
        told = [(self._told(p), -n, p) for n, p in enumerate(around) if not _by_others(self.promise, p)]
        wanted = [t for t in told if t[0] >= LEAST_RENEWED and self._promises(t[2])]
        if wanted:
            yield Finding("announced", ANNOUNCED, (self._evidence(max(wanted)[2], ()),), None)

    def _first(self, passage: Passage, before: Sequence[Passage], titles: Sequence[Passage]) -> Iterator[Finding]:
        own = self._numbered(self.promise.topic(passage.about), passage)
        context = [p for p in (*before, *titles) if p is not passage]
        wide = max([own, *(self.promise.topic(passage.about | p.about) for p in context)])
        if wide < LEAST_TOPIC or not self._anchored(passage, context):
            return
        found = next((f for o in self.words.outcomes for f in self._outcome(o, passage, own)), None)
        if found is None and own >= LEAST_TOPIC:
            found = self._done(passage) or self._renewed(passage)
        if found is None:
            return
        near = [p for p in context if own < LEAST_TOPIC and self.promise.topic(passage.about | p.about) >= LEAST_TOPIC]
        spans = (*(self._evidence(p, ()) for p in near[:1]), *found.evidence)
        yield found._replace(evidence=tuple(sorted(set(spans))))

    def _anchored(self, passage: Passage, context: Sequence[Passage]) -> bool:
        """Whether a sentence of a promise with a usual matter is tied to its parties or its number."""
        if self.promise.weight >= SPECIFIC or self.promise.numbers() & passage.numbers:
            return True
        near = [passage] if self.promise.weak else [passage, *context]
        return any(p.named.codes & self.promise.involved for p in near)

    def _named(self, passage: Passage, own: float) -> bool:
        """Whether a sentence itself names enough of the matter; of a multiple, that it is about multiplying, too."""
        told = self.promise.told(passage.about) >= LEAST_RENEWED or bool(passage.about & AIMS)
        if self._measured_only() and not told:
            return False
        return own >= (LEAST_TOPIC if self.promise.weak else LEAST_NAMED)

    def _measured_only(self) -> bool:
        found = [a for a in self.words.actions if a.id in self.promise.actions]
        return bool(found) and all(a.measured for a in found)

    # ---- phrases

    def _outcome(self, outcome: Outcome, passage: Passage, own: float) -> Iterator[Finding]:
        """Findings by one row of phrases."""
        if outcome.about == "topic" and not self._named(passage, own):
            return
        if outcome.unless & self.promise.actions or (outcome.actions and not outcome.actions & self.promise.actions):
            return
        for match in matches(outcome.pattern, passage.line):
            first, last = passage.clauses_of(*match.span())
            if not outcome.allowed(passage.stretch(first, last), passage.line):
                continue
            later = self._later_day(passage) if outcome.entry in ("delayed", "changed") else None
            if (outcome.later and later is None) or (outcome.deed and not self._measured(passage)):
                continue
            yield Finding(outcome.entry, outcome.id, (self._evidence(passage, range(first, last + 1)),), later)

    def _measured(self, passage: Passage) -> bool:
        """Whether a sentence tells the deed, or names the number that was promised."""
        deed = any(a.done.search(passage.line) for a in self._actions())
        return deed or bool(self.promise.numbers() & passage.numbers)

    def _actions(self) -> tuple[Action, ...]:
        return self.words.satisfying(self.promise.actions)

    def _done(self, passage: Passage) -> Finding | None:
        """The deed itself, told as done, in a clause that names something of the promise's matter."""
        for first, last in self._deeds(passage):
            stretch = passage.stretch(first, last)
            evidence = (self._evidence(passage, range(first, last + 1)),)
            if self._guarded(stretch, "future", "doubt"):
                continue
            if not self._guarded(stretch, "negation"):
                part = self._less_than_promised(passage)
                return Finding("partly_fulfilled", PART, evidence) if part else Finding("fulfilled", DONE, evidence)
            if self.promise.due and self.item.day and self.promise.due < self.item.day:
                return Finding("delayed" if self._guarded(stretch, "undone") else "broken", UNDONE, evidence)
        return None

    def _deeds(self, passage: Passage) -> Iterator[Span]:
        """Ranges of clauses that have the deed and something of the promise's matter, or nothing else."""
        for action in self._actions():
            for match in matches(action.done, passage.line):
                first, last = passage.clauses_of(*match.span())
                near = frozenset().union(*passage.keys[first : last + 1]) - concepts_of("deeds") - concepts_of("minor")
                if not near or self.promise.topic(near) > 0:
                    yield first, last

    def _guarded(self, stretch: str, *names: str) -> bool:
        return any(self.words.guards[name].search(stretch) for name in names)

    def _less_than_promised(self, passage: Passage) -> bool:
        """Whether a sentence has amounts in the unit of a target, all below it."""
        document = self.item.document
        targets = [s.target for s in self.promise.subjects if s.target and s.target[1] != MULTIPLE]
        found = _read(document).quantities if targets else ()
        inside = [q for q in found if _within(q.span, passage.span) and q.value is not None]
        for value, unit in targets:
            same = [q.value for q in inside if _comparable(q.unit, unit, document.language)]
            if same and all(v is not None and v < ENOUGH * value for v in same):
                return True
        return False

    def _told(self, passage: Passage) -> float:
        """How much of the promise a sentence tells: its matter and action, and its number or day."""
        told = self._numbered(self.promise.told(passage.about), passage)
        if self.promise.due is None or told < LEAST_RENEWED - SAME_NUMBER:
            return told
        return told + (SAME_NUMBER if self.promise.due in _days(self.item, passage.span) else 0.0)

    def _numbered(self, found: float, passage: Passage) -> float:
        """A share, and more where the sentence has the number that was promised."""
        return found + (SAME_NUMBER if found and self.promise.numbers() & passage.numbers else 0.0)

    def _renewed(self, passage: Passage) -> Finding | None:
        """The promise told again, with its action, as something to come; later than was promised, it is delayed."""
        least = LEAST_RENEWED if self.promise.weight >= SPECIFIC else SURELY_RENEWED
        if self.promise.weak or self._told(passage) < least or not self._promises(passage):
            return None
        later = self._later_day(passage)
        if later and self.promise.due:
            return Finding("delayed", LATER, (self._evidence(passage, ()),), later)
        if later or self.words.guards["negation"].search(passage.line):
            return None
        return Finding("reaffirmed", RENEWED, (self._evidence(passage, ()),))

    def _promises(self, passage: Passage) -> bool:
        return bool(self.words.guards["promise"].search(passage.line))

    # ---- evidence and days

    def _evidence(self, passage: Passage, clauses: Sequence[int]) -> Span:
        """The clauses of the phrase and those that name the promise's matter."""
        matter = frozenset().union(*(s.terms for s in self.promise.subjects))
        wanted = [*clauses, *(n for n, keys in enumerate(passage.keys) if keys & matter)]
        return passage.evidence(wanted) if wanted else passage.span

    def _later_day(self, passage: Passage) -> str | None:
        """The last day named in a sentence that is later than the deadline and than the item; None without one."""
        days = [d for d in _days(self.item, passage.span) if self.item.day and d > self.item.day]
        due = self.promise.due
        later = [d for d in days if due is None or days_between(due, d) > SLACK]
        return max(later, default=None)


def _comparable(one: str, other: str, language: str | None) -> bool:
    """Whether two units are one, or counted nouns that mean one thing."""
    return one == other or any(about(one, language) & about(other, code) for code in Concepts.default().languages)


def _titles(around: Sequence[Passage]) -> list[Passage]:
    return [p for p in around[:1] if p.title]


def _days(item: Item, span: Span) -> tuple[str, ...]:
    """Last days of the times that an item names in a span."""
    return tuple(t.when.end for t in _read(item.document).times if t.when.end and _within(t.span, span))


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] < outer[1]


class _Numbers(NamedTuple):
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]


def _read(document: Document) -> _Numbers:
    return _numbers_of(document.text, document.language, document.published)


@lru_cache(maxsize=1_024)
def _numbers_of(text: str, language: str | None, published: str | None) -> _Numbers:
    """Times and quantities of an item; only items that speak of a promise are read for them."""
    encoded, _problems = encode(Document(text=text, language=language, published=published))
    times = tuple(t for t in find_times(encoded) if t.type != "DURATION")
    return _Numbers(times, find_quantities(encoded, times))
