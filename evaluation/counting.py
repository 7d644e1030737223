"""Counting: spans that overlap, one-to-one matching, precision, recall and F1, intervals by resampling cases.

In: gold and found things with a likeness between them. Out: counts. Must not know what the things are.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Gold = TypeVar("Gold")
Found = TypeVar("Found")
Pair = tuple[int, int]

SEED = 20_240_704
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many found things are right (`hits`), how many were found, how many there are."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.hits + other.hits, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 when nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 0 when there is nothing."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall.

        >>> Count(hits=1, found=2, gold=4).f1 == 2 * 0.5 * 0.25 / (0.5 + 0.25)
        True
        """
        return 2 * self.hits / (self.found + self.gold) if self.found + self.gold else 0.0


@dataclass(slots=True)
class Outcome:
    """What scoring one case gave: counts per metric, and lines on what was missed and what is false."""

    counts: dict[str, Count] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, metric: str, count: Count) -> None:
        """Add to the counts of a metric."""
        self.counts[metric] = self.counts.get(metric, Count()) + count


@dataclass(frozen=True, slots=True)
class Case:
    """One text with its gold annotation, whose shape only its scorer knows."""

    id: str
    text: str
    gold: Any
    published: str | None = None
    language: str | None = None


def overlap(one: Sequence[int], other: Sequence[int]) -> int:
    """How many characters two spans share.

    >>> overlap((0, 5), (3, 9)), overlap((0, 5), (5, 9))
    (2, 0)
    """
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def touch(some: Iterable[Sequence[int]], others: Iterable[Sequence[int]]) -> bool:
    """Whether any span of the one list shares a character with any of the other."""
    kept = list(others)
    return any(overlap(one, other) for one in some for other in kept)


def positions(spans: Iterable[Sequence[int]]) -> set[int]:
    """All character positions that the spans cover."""
    return {position for start, end in spans for position in range(start, end)}


def dice(some: Iterable[Sequence[int]], others: Iterable[Sequence[int]]) -> float:
    """The Dice coefficient of the characters that two lists of spans cover (Dice 1945).

    >>> dice([(0, 4)], [(2, 6)]), dice([], [(0, 1)])
    (0.5, 0.0)
    """
    left, right = positions(some), positions(others)
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


def match(gold: Sequence[Gold], found: Sequence[Found], likeness: Callable[[Gold, Found], float]) -> list[Pair]:
    """One-to-one pairs (gold index, found index), the most alike first; a likeness of 0 never pairs.

    >>> match([1.0, 2.0], [2.1, 1.2], lambda a, b: max(0, 1 - abs(a - b)))
    [(1, 0), (0, 1)]
    """
    scored = [(-likeness(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    pairs: list[Pair] = []
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for unlikeness, i, j in sorted(scored):
        if unlikeness < 0 and i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((i, j))
    return pairs


def most_pairs(fits: Sequence[Sequence[int]]) -> list[Pair]:
    """A largest possible one-to-one pairing; `fits[i]` are the right sides that left side i may take, best first.

    Augmenting paths (Kuhn 1955; Berge 1957).

    >>> most_pairs([[0], [0, 1]])
    [(0, 0), (1, 1)]
    """
    owner: dict[int, int] = {}

    def place(left: int, tried: set[int]) -> bool:
        for right in fits[left]:
            if right in tried:
                continue
            tried.add(right)
            if right not in owner or place(owner[right], tried):
                owner[right] = left
                return True
        return False

    for left in range(len(fits)):
        place(left, set())
    return sorted((left, right) for right, left in owner.items())


def total(outcomes: Iterable[Outcome]) -> dict[str, Count]:
    """The counts of all cases together, per metric."""
    summed: dict[str, Count] = {}
    for outcome in outcomes:
        for metric, count in outcome.counts.items():
            summed[metric] = summed.get(metric, Count()) + count
    return summed


def interval(outcomes: Sequence[Outcome], metric: str, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The 95 % interval of a metric's F1: percentiles over resampled cases (Efron 1979), with a fixed seed."""
    chance = random.Random(f"{SEED} {metric}")
    counts = [outcome.counts.get(metric, Count()) for outcome in outcomes]
    if not counts:
        return (0.0, 0.0)
    values = sorted(_resampled(counts, chance) for _ in range(resamples))
    return (values[int(0.025 * resamples)], values[min(resamples - 1, int(0.975 * resamples))])


def _resampled(counts: Sequence[Count], chance: random.Random) -> float:
    drawn = chance.choices(counts, k=len(counts))
    return Count(sum(c.hits for c in drawn), sum(c.found for c in drawn), sum(c.gold for c in drawn)).f1


def macro(counts: Mapping[str, Count], prefix: str) -> float:
    """The mean F1 of the metrics with a prefix that occur in the gold."""
    values = [count.f1 for metric, count in counts.items() if metric.startswith(prefix) and count.gold]
    return sum(values) / len(values) if values else 0.0
