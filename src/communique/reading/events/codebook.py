"""The PLOVER codebook: quad class, CAMEO code and Goldstein score of a type and mode, and the closed list of contexts.

In: the lexicon `any/plover`. Out: Codes. Source: Halterman et al. 2023; CAMEO scale. Must not know any text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from communique.lexicon import lexicon


class Codes(NamedTuple):
    """What the codebook says of a type and mode."""

    quad: str
    cameo: str
    goldstein: float
    reciprocal: bool


@lru_cache(maxsize=1)
def _types() -> dict[str, Any]:
    return dict(lexicon("any")["plover"]["types"])


def types() -> tuple[str, ...]:
    """The sixteen types of PLOVER in the order of the codebook.

    >>> len(types())
    16
    """
    return tuple(_types())


def contexts() -> frozenset[str]:
    """The closed list of contexts."""
    return frozenset(lexicon("any")["plover"]["contexts"])


@lru_cache(maxsize=256)
def codes(type: str, mode: str | None) -> Codes:
    """Quad class, CAMEO code and Goldstein score of a type and mode; an unknown mode has those of its type.

    >>> codes("RETREAT", "ceasefire")
    Codes(quad='material cooperation', cameo='0871', goldstein=9.0, reciprocal=False)
    """
    entry = _types()[type]
    own = entry["modes"].get(mode) or entry
    return Codes(entry["quad"], own["cameo"], float(own["goldstein"]), bool(entry["reciprocal"]))


@lru_cache(maxsize=32)
def modes(type: str) -> frozenset[str]:
    """The modes that a type has.

    >>> "visit" in modes("CONSULT")
    True
    """
    return frozenset(_types()[type]["modes"])
