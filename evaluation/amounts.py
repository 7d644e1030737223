"""Comparing amounts: the same number, the same unit in any spelling.

In: values and unit names. Out: whether they agree. Its spellings come from `units.yaml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

SHORTEST_PLURAL = 5
"""A unit of at least so many letters that ends in s is compared without it."""

_NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    content = yaml.safe_load((Path(__file__).parent / "units.yaml").read_text("utf-8"))
    return {str(spelling): str(unit) for unit, spellings in content.items() for spelling in spellings}


def unit(name: str | None) -> str:
    """A unit in the spelling in which units are compared.

    >>> unit("US dollar"), unit("USD"), unit("tonnes"), unit(None)
    ('usd', 'usd', 'tonne', '')
    """
    folded = (name or "").strip().lower()
    known = _spellings().get(folded, folded)
    plural = len(known) >= SHORTEST_PLURAL and known.endswith("s") and known != "persons"
    return known[:-1] if plural else known


def numbers(text: str) -> tuple[float, ...]:
    """The numbers in a value as NewsQuant writes it; two joined by a hyphen are a range.

    >>> numbers("3-5"), numbers("-2.5"), numbers("1e6")
    ((3.0, 5.0), (-2.5,), (1000000.0,))
    """
    spaced = text.replace("-", " ") if "-" in text[1:] and not text.startswith("-") else text
    return tuple(float(number) for number in _NUMBER.findall(spaced))


def same_number(one: float, other: float, relative: float) -> bool:
    """Whether two numbers differ by no more than a share of the first (or of 1 where that is more)."""
    return abs(one - other) <= relative * max(1.0, abs(one))
