"""Whose voice an item is: a state's own, by its issuer, publisher or credited agency, or nobody's in particular.

In: a document. Out: who published it, and the code of the state that speaks in it. Must not know records.
"""

from __future__ import annotations

from functools import lru_cache

from communique.compiling import surface_key
from communique.follow.passages import named_in
from communique.follow.promise_words import line_of, voices
from communique.knowledge import Knowledge
from communique.records import Document
from communique.text import tokenize

OWNED = ("state", "party", "government")
"""Owners in knowledge/outlets.yaml that make an outlet a state's own."""


def publisher_of(document: Document) -> str | None:
    """Who is named as publishing the item: its issuer, else its publisher, else the first agency credited."""
    return document.issuer or document.publisher or next(iter(document.agencies), None)


def states_of(document: Document) -> frozenset[str]:
    """Codes of the states whose own voice an item is.

    >>> sorted(states_of(Document(text="", publisher="Ministry of Trade of Peru")))
    ['PER']
    """
    named = (document.issuer, document.publisher, *document.agencies)
    return frozenset().union(*(_states(name) for name in named if name))


@lru_cache(maxsize=4_096)
def _states(name: str) -> frozenset[str]:
    owned = {
        row.state
        for row, _form in Knowledge.default().senses(surface_key(name))
        if row.id.startswith("outlet/") and row.more.get("owner") in OWNED and row.state
    }
    line = line_of([t.text for t in tokenize(name)])
    return frozenset(owned) | (named_in(name).codes if voices().search(line) else frozenset())
