"""What the passes over one document gather before entities are numbered.

In: nothing. Out: drafts of things and persons, and the actors that stand for them meanwhile.
Must not know how anything is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from communique.knowledge import Knowledge, Row
from communique.reading.encode import Encoded
from communique.reading.mentions.people import People, Person
from communique.reading.mentions.scan import Vocabulary, Words
from communique.reading.named import Reference
from communique.records import Actor, Span


@dataclass(slots=True)
class Thing:
    """A state, organisation, initiative or place of a document while it is being read."""

    kind: str
    name: str
    row: Row | None = None
    code: str | None = None
    state: str | None = None
    sector: str | None = None
    mentions: list[Span] = field(default_factory=list)
    wide: list[Span] = field(default_factory=list)
    """The same with the noun that says what it is ('Zeitung „Morgenpost“')."""
    confidence: float = 0.9
    why: str = ""


@dataclass(slots=True)
class Findings:
    """What the passes over one document gather."""

    encoded: Encoded
    knowledge: Knowledge
    vocab: Vocabulary
    words: Words
    people: People
    things: dict[str, Thing] = field(default_factory=dict)
    persons_at: dict[Span, Person] = field(default_factory=dict)
    organs: dict[str, Thing] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)
    merged: dict[int, Thing] = field(default_factory=dict)

    def thing(self, key: str, make: Thing) -> Thing:
        """The thing with a key, entered when new."""
        return self.things.setdefault(key, make)


def actor_for(thing: Thing, span: Span) -> Actor:
    """A thing as an actor; its provisional entity id becomes the real one at the end."""
    code = thing.code or (thing.state if thing.kind in ("organisation", "place") else None)
    return Actor(code, thing.sector, f"thing:{id(thing)}", "", span)


def refer(thing: Thing, span: Span, head: Span, form: str = "name") -> Reference:
    """A phrase that means a thing."""
    return Reference(span, head, (actor_for(thing, head),), form)


def refer_person(person: Person, span: Span, head: Span, form: str) -> Reference:
    """A phrase that means a person."""
    return Reference(span, head, (Actor(None, None, f"person:{id(person)}", "", span),), form)
