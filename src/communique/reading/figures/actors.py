"""Whom a figure belongs to: subjects and counterparts, by the place of names and the prepositions before them.

In: the references of a sentence, the figure's words and its indicator. Out: actors. Must not know values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from types import MappingProxyType

from communique.reading.figures.topics import Topics, distance
from communique.reading.named import Named, Reference
from communique.records import Actor, Span

MOST = 4
FORMS = frozenset({"name", "title", "adjective", "pair", "group", "metonym", "pronoun"})
ASIDE = MappingProxyType({"to": 1, "from": 1, "with": 2})
"""Behind these prepositions stands the other one, where somebody is named without; 'and Peru' is only the second."""
_WORD = re.compile(r"\w+")


def actors_of(
    text: str, named: Named, topics: Topics, sentence: Span, clause: Span, quantity: Span, indicator: str
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Subjects and counterparts of a figure; both empty where nobody is named in the item before its end."""
    here = [r for r in named.within(sentence) if r.form in FORMS and any(a.code for a in r.actors)]
    direction = topics.direction_of.get(indicator, "none")
    if direction == "both":
        return _unique(_both(text, named, topics, sentence, here)), ()
    roles = {r.span: _role(text, r, topics) for r in here}
    subjects, counterparts = _by_preposition(here, roles, direction, clause)
    if not subjects:
        subjects = _nearest(here, roles, clause, quantity, counterparts)
    if not subjects and not here:
        last = named.last_before(sentence[0])
        subjects = _states(last.actors) if last else []
    return _unique(subjects), _unique(a for a in counterparts if a not in subjects)


def _role(text: str, reference: Reference, topics: Topics) -> str:
    """What the preposition before a reference says: to | from | with | of | '' for none."""
    words = _WORD.findall(text[max(reference.span[0] - 24, 0) : reference.span[0]].lower())
    while words and words[-1] in topics.articles:
        words.pop()
    return topics.prepositions.get(words[-1], "") if words else ""


def _both(text: str, named: Named, topics: Topics, sentence: Span, here: Sequence[Reference]) -> list[Actor]:
    """The two that trade: those named behind 'between', else those of the sentence, else the two the item is about."""
    low = text[sentence[0] : sentence[1]].lower()
    for word in topics.between:
        at = re.search(rf"\b{re.escape(word)}\b", low)
        behind = [r for r in here if at and r.span[0] >= sentence[0] + at.end()]
        actors = [a for r in behind[:2] for a in r.actors]
        if len({a.code for a in actors}) >= 2:
            return actors
    actors = _states(a for r in here for a in r.actors)
    if len({a.code for a in actors}) >= 2 or not topics.bilateral.search(low):
        return _first_codes(actors, 2) if actors else _most_named(named, 2)
    return _first_codes([*actors, *_most_named(named, 3)], 2)


def _states(actors: Iterable[Actor]) -> list[Actor]:
    return [a for a in actors if a.code]


def _first_codes(actors: Sequence[Actor], count: int) -> list[Actor]:
    codes = list(dict.fromkeys(a.code for a in actors))[:count]
    return [a for a in actors if a.code in codes]


def _most_named(named: Named, count: int) -> list[Actor]:
    """The actors most often named in the item, understood and so without a span."""
    counts = Counter(a.code for r in named.references for a in r.actors if a.code)
    firsts = {a.code: a for r in reversed(named.references) for a in r.actors if a.code}
    best = [code for code, _ in counts.most_common(count)]
    return [Actor(a.code, a.sector, a.entity, a.text, None) for a in (firsts[code] for code in best)]


def _by_preposition(
    here: Sequence[Reference], roles: dict[Span, str], direction: str, clause: Span
) -> tuple[list[Actor], list[Actor]]:
    """'Exports of A to B': A subject, B counterpart; imports look for 'from'."""
    if direction == "none":
        return [], []
    inside = [r for r in here if clause[0] <= r.span[0] < clause[1]]
    counterparts = [a for r in inside if roles[r.span] == direction for a in r.actors]
    others = [r for r in inside if roles[r.span] != direction]
    subjects = [a for r in others[:1] for a in r.actors]
    return subjects, counterparts


def _nearest(
    here: Sequence[Reference], roles: dict[Span, str], clause: Span, quantity: Span, counterparts: Sequence[Actor]
) -> list[Actor]:
    """The reference in the counted words, else the nearest one in the clause, else the first of the sentence."""
    free = [r for r in here if not any(a in counterparts for a in r.actors)]
    inside = [r for r in free if quantity[0] <= r.span[0] < quantity[1]]
    clausal = [r for r in free if clause[0] <= r.span[0] < clause[1]]
    for pool in (inside, clausal):
        if pool:
            best = min(pool, key=lambda r: (ASIDE.get(roles[r.span], 0), distance(r.span, quantity), r.span))
            return list(best.actors)
    return list(free[0].actors) if free else []


def _unique(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """One actor per code, the first one named; at most a handful."""
    seen: dict[object, Actor] = {}
    for actor in actors:
        seen.setdefault(actor.code or actor.text, actor)
    return tuple(seen.values())[:MOST]
