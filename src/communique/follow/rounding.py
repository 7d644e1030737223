"""How far from a stated number the true one may lie: by the digits written, by bounds, by words such as 'about'.

In: values and the words they stand in. Out: intervals that hold all numbers the words allow. Must not know what the
numbers mean or whose they are.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from communique.lexicon import lexicon

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*")


class Interval(NamedTuple):
    """All numbers from `low` to `high`; the ends are open, so that 41 and 42 billion differ."""

    low: float
    high: float

    def apart(self, other: Interval) -> bool:
        """Whether no number lies in both."""
        finite = [abs(n) for n in (*self, *other) if math.isfinite(n)]
        tiny = 1e-9 * max(finite, default=0.0)
        return self.low >= other.high - tiny or other.low >= self.high - tiny


@lru_cache(maxsize=1)
def slack() -> dict[str, Any]:
    """The shares of a value by which words and zeros widen it, from the lexicon `any/series`."""
    return dict(lexicon("any")["series"]["slack"])


def interval(value: float, value_max: float | None, bound: str, words: str, *, percent: bool = False) -> Interval:
    """The numbers that a stated value allows; `words` are those of its evidence.

    >>> interval(41e9, None, "exact", "auf 41 Mrd. USD")
    Interval(low=40500000000.0, high=41500000000.0)
    >>> interval(41e9, None, "at_least", "mehr als 41 Mrd. USD").high
    inf
    """
    half = half_step(value, words, percent=percent)
    if bound == "about":
        half = max(half, slack()["about"] * abs(value))
    if bound == "at_least":
        return Interval(value - half, math.inf)
    if bound == "at_most":
        return Interval(-math.inf, value + half)
    last = value if value_max is None else value_max
    upper = half if value_max is None else half_step(last, words, percent=percent)
    return Interval(value - half, last + upper)


def half_step(value: float, words: str, *, percent: bool = False) -> float:
    """Half of the last digit that counts, in the size of the value.

    Zeros at the end count only as far as `slack.zeros` says, but for percentages.

    >>> half_step(478600000.0, "478,6 Millionen Dollar"), half_step(480000000.0, "480 million dollars")
    (50000.0, 5000000.0)
    >>> half_step(50.0, "50 Prozent", percent=True)
    0.5
    """
    digits = _written(value, words)
    if digits is None:
        return _half_of_words(value)
    half = 0.5 * abs(value) / int(digits)
    zeros = len(digits) - len(digits.rstrip("0"))
    if percent or not zeros or float(value) != int(value):
        return half
    return float(max(half, min(half * 10**zeros, slack()["zeros"] * abs(value))))


def _half_of_words(value: float) -> float:
    """Of a number without digits: small ones are exact, round ones loose."""
    _sign, _digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    size = 10.0 ** int(exponent)
    return 0.5 * size if size <= 1 else float(min(0.5 * size, slack()["words"] * abs(value)))


def _written(value: float, words: str) -> str | None:
    """The digits in the words that write a value, without marks: '4786' for 478.6 million."""
    wanted = _significant(value)
    for match in _NUMBER.finditer(words):
        digits = re.sub(r"\D", "", match.group()).lstrip("0")
        if digits.rstrip("0") == wanted and digits:
            return digits
    return None


def _significant(value: float) -> str:
    return "".join(map(str, Decimal(repr(abs(float(value)))).normalize().as_tuple().digits))


def before_change(now: Interval, percent: Interval | None, absolute: Interval | None) -> Interval | None:
    """The earlier value that a value and its change imply.

    >>> before_change(Interval(90, 120), Interval(0, 20), None)
    Interval(low=75.0, high=120.0)
    """
    if percent is not None and percent.low > -100 and now.low >= 0:
        return Interval(now.low / (1 + percent.high / 100), now.high / (1 + percent.low / 100))
    if absolute is not None:
        return Interval(now.low - absolute.high, now.high - absolute.low)
    return None
