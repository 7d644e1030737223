"""How right records are, and how much two people agree about them.

In: verdicts. Out: precision with Wilson's interval (Wilson 1927), Krippendorff's alpha (Krippendorff 2004, nominal).
Must not know the ledger.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

Z = 1.959963984540054
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Of so many judged records so many are right, with the 95 % interval of the share; `unsure` are in neither."""

    right: int
    judged: int
    unsure: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share that is right; null without a verdict."""
        return self.right / self.judged if self.judged else None


def precision(verdicts: Iterable[str]) -> Precision:
    """Precision out of right, wrong and unsure.

    >>> found = precision(["right"] * 8 + ["wrong"] * 2 + ["unsure"])
    >>> found.right, found.judged, round(found.low, 3), round(found.high, 3)
    (8, 10, 0.49, 0.943)
    """
    counts = Counter(verdicts)
    right, judged = counts["right"], counts["right"] + counts["wrong"]
    return Precision(right, judged, counts["unsure"], *wilson(right, judged))


def wilson(right: int, judged: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score; everything where nothing was judged."""
    if not judged:
        return 0.0, 1.0
    share, spread = right / judged, Z * Z / judged
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / judged + spread / (4 * judged))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def alpha(units: Iterable[Mapping[str, str]]) -> float | None:
    """Krippendorff's alpha for nominal values: unit by unit who said what; null where no two people judged one unit.

    >>> alpha([{"a": "right", "b": "right"}, {"a": "wrong", "b": "wrong"}, {"a": "right"}])
    1.0
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for unit in units:
        values = list(unit.values())
        if len(values) > 1:
            for pair in permutations(values, 2):
                pairs[pair] += 1 / (len(values) - 1)  # type: ignore[assignment]
    totals: Counter[str] = Counter()
    for (one, _other), weight in pairs.items():
        totals[one] += weight
    number = sum(totals.values())
    expected = sum(totals[one] * totals[other] for one, other in permutations(totals, 2))
    if not number:
        return None
    observed = sum(weight for (one, other), weight in pairs.items() if one != other)
    return 1.0 if not expected else round(1 - (number - 1) * observed / expected, 6)
