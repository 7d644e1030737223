"""From links between pairs to clusters that don't chain.

In: members in an order of their own, the links between them, and what people judged. Out: clusters, as tuples.
Must not know what the members are, nor where links come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from communique.ledger.rows import Link

Pair = tuple[int, int]
Pairs = frozenset[Pair]
LEAST_AVERAGE = 0.29
"""Mean score between two clusters, pairs without a link counting 0, below which they stay two.

Set on `examples/case/develop`; `tools/stories_report.py` shows the heaps that a lower one makes.
"""


def cluster(
    keys: Sequence[int],
    links: Iterable[Link],
    same: Iterable[Pair] = (),
    different: Iterable[Pair] = (),
    least: float = LEAST_AVERAGE,
) -> list[tuple[int, ...]]:
    """Average-linkage clusters of `keys`, singles too, members and clusters in the order of `keys`.

    Pairs in `same` are together whatever the links say, pairs in `different` never, the latter winning. Ties are broken
    by the order of `keys`, so that the result depends on nothing but the arguments.

    >>> cluster([7, 8, 9], [Link("story", 7, 8, 0.9, ""), Link("story", 8, 9, 0.5, "")])
    [(7, 8), (9,)]
    """
    place = {key: at for at, key in enumerate(keys)}
    scores: dict[Pair, float] = {}
    for link in links:
        if link.a in place and link.b in place:
            pair = _pair(place[link.a], place[link.b])
            scores[pair] = max(scores.get(pair, 0.0), link.score)
    apart = frozenset(_pair(place[a], place[b]) for a, b in different if a in place and b in place)
    together = [_pair(place[a], place[b]) for a, b in same if a in place and b in place]
    grown = _Growing(len(keys), scores, apart)
    for pair in sorted(set(together)):
        grown.join_members(pair)
    grown.merge(least)
    return [tuple(keys[at] for at in members) for members in grown.clusters()]


def components(keys: Iterable[int], pairs: Iterable[Pair]) -> list[tuple[int, ...]]:
    """The keys that hang together through pairs, each component sorted, in the order of their least key.

    >>> components([1, 2, 3, 4], [(4, 2)])
    [(1,), (2, 4), (3,)]
    """
    parent = {key: key for key in keys}
    for a, b in pairs:
        if a in parent and b in parent:
            low, high = sorted((_root(parent, a), _root(parent, b)))
            parent[high] = low
    found: dict[int, list[int]] = {}
    for key in sorted(parent):
        found.setdefault(_root(parent, key), []).append(key)
    return [tuple(members) for members in found.values()]


def _root(parent: dict[int, int], key: int) -> int:
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


class _Growing:
    """Clusters of places while they are merged; a cluster is named by its least place."""

    def __init__(self, size: int, scores: Mapping[Pair, float], apart: Pairs) -> None:
        self._members: dict[int, list[int]] = {at: [at] for at in range(size)}
        self._home = list(range(size))
        self._sums: dict[int, dict[int, float]] = {at: {} for at in range(size)}
        self._apart: dict[int, set[int]] = {at: set() for at in range(size)}
        for (a, b), score in scores.items():
            self._sums[a][b] = self._sums[b][a] = score
        for a, b in apart:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def clusters(self) -> Iterator[list[int]]:
        """Members of each cluster, sorted, in the order of their first."""
        return (sorted(self._members[at]) for at in sorted(self._members))

    def join_members(self, pair: Pair) -> None:
        """Put the clusters of two members together, where nobody keeps them apart."""
        a, b = _pair(self._home[pair[0]], self._home[pair[1]])
        if a != b and b not in self._apart[a]:
            self._join(a, b)

    def merge(self, least: float) -> None:
        """Merge the two closest clusters until none are as close as `least`."""
        heap = [self._entry(a, b) for a in self._members for b in self._sums[a] if a < b]
        heapify(heap)
        while heap:
            entry = heappop(heap)
            a, b = entry[1], entry[2]
            if a not in self._members or b not in self._members or entry != self._entry(a, b):
                continue
            if -entry[0] < least:
                return
            if b in self._apart[a]:
                continue
            self._join(a, b)
            for other in self._sums[a]:
                heappush(heap, self._entry(*_pair(a, other)))

    def _entry(self, a: int, b: int) -> tuple[float, int, int]:
        pairs = len(self._members[a]) * len(self._members[b])
        return (-round(self._sums[a][b] / pairs, 6), a, b)

    def _join(self, a: int, b: int) -> None:
        """Let cluster `a` take `b` in; `a` < `b`."""
        moved = self._members.pop(b)
        self._members[a] += moved
        for at in moved:
            self._home[at] = a
        for other, score in self._sums.pop(b).items():
            del self._sums[other][b]
            if other != a:
                self._sums[a][other] = self._sums[other][a] = self._sums[a].get(other, 0.0) + score
        for other in self._apart.pop(b):
            self._apart[other].discard(b)
            self._apart[other].add(a)
            self._apart[a].add(other)
