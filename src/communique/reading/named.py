"""Who is named where: the result of `mentions`, which the later stages ask for actors.

In: entities and references. Out: actors in a span, before or behind an offset.
Must not know how names are found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from communique.records import Actor, Entity, Mention, Span

REACH = 300
"""Characters that a reference has at most, for looking up."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A noun phrase or pronoun that refers to actors.

    `span` is the whole phrase without relative clauses ('der chinesische Präsident Xi Jinping'), `head` the
    naming part in it ('Xi Jinping'). `form`: name | title | adjective | pronoun | pair | group | metonym.
    `form` adjective marks a state's adjective that stands before a noun that is no actor ('chinesische Waren').
    `actors` has more than one for 'beide Seiten', 'sie'. `plural` is the grammatical number.
    """

    span: Span
    head: Span
    actors: tuple[Actor, ...]
    form: str
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Entities of a document, the layer of mentions, and all references in order of their start."""

    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    references: tuple[Reference, ...] = ()
    _starts: tuple[int, ...] = field(default=(), repr=False)
    _by_id: Mapping[str, Entity] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(entities: list[Entity], mentions: list[Mention], references: list[Reference]) -> Named:
        """Order the parts and make them searchable."""
        ordered = tuple(sorted(references, key=lambda r: (r.span[0], -r.span[1])))
        starts = tuple(r.span[0] for r in ordered)
        return Named(tuple(entities), tuple(mentions), ordered, starts, {e.id: e for e in entities})

    def within(self, span: Span) -> list[Reference]:
        """References that lie wholly inside a span, in order."""
        first = bisect_left(self._starts, span[0])
        last = bisect_left(self._starts, span[1])
        return [r for r in self.references[first:last] if r.span[1] <= span[1]]

    def touching(self, span: Span) -> list[Reference]:
        """References that share a character with a span, in order."""
        first = bisect_left(self._starts, span[0] - REACH)
        last = bisect_left(self._starts, span[1])
        return [r for r in self.references[first:last] if r.span[1] > span[0]]

    def last_before(self, offset: int, since: int = 0) -> Reference | None:
        """The last reference that ends at or before an offset and starts at or after `since`."""
        for index in range(bisect_left(self._starts, offset) - 1, -1, -1):
            if self._starts[index] < since:
                return None
            if self.references[index].span[1] <= offset:
                return self.references[index]
        return None

    def first_after(self, offset: int, until: int) -> Reference | None:
        """The first reference that starts at or after an offset and ends before `until`."""
        for index in range(bisect_left(self._starts, offset), len(self.references)):
            if self._starts[index] >= until:
                return None
            if self.references[index].span[1] <= until:
                return self.references[index]
        return None

    def entity(self, id: str | None) -> Entity | None:
        """The entity with an id."""
        return self._by_id.get(id) if id else None
