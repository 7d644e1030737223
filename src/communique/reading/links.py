"""From a trigger to the phrases it links to, as the model sees it.

In: Outputs, Clauses, a tagged span. Out: phrases whose words the link picks out. Must not know what a link is for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from communique.reading.clauses import Clauses, Phrase
from communique.reading.outputs import Outputs, Tagged
from communique.records import Actor

LEAST = 0.5
"""Mean probability of a phrase's words from which on it is linked."""
LEAST_RULED = 0.2
"""The same for a phrase that the rules take for an argument."""


def linked(outputs: Outputs, clauses: Clauses, tagged: Tagged, name: str, ruled: Sequence[Actor] = ()) -> list[Phrase]:
    """Phrases of the sentence whose words a link picks out, none overlapping, in text order."""
    scores = outputs.link(name, tagged)
    spans = {a.span for a in ruled if a.span}
    scored = []
    for phrase in clauses.phrases:
        first, last = outputs.token_range(tagged.window, phrase.span)
        share = mean_share(scores[first:last])
        if share >= (LEAST_RULED if any(a.span in spans for a in phrase.actors) else LEAST):
            scored.append((share, phrase))
    chosen: list[Phrase] = []
    for _share, phrase in sorted(scored, key=lambda s: -s[0]):
        apart = bool(chosen) and clauses.segment_at(phrase.first) != clauses.segment_at(chosen[0].first)
        if not apart and not any(p.first < phrase.last and phrase.first < p.last for p in chosen):
            chosen.append(phrase)
    return sorted(chosen, key=lambda p: p.first)


def actors_of(phrases: Sequence[Phrase]) -> tuple[Actor, ...]:
    """The actors of some phrases, each once."""
    return tuple(dict.fromkeys(a for p in phrases for a in p.actors))


def mean_share(scores: Iterable[float]) -> float:
    """The mean probability of some tokens from their logits; 0 of none.

    >>> mean_share([0.0, 0.0]), mean_share([])
    (0.5, 0.0)
    """
    shares = [1 / (1 + math.exp(-float(score))) for score in scores]
    return sum(shares) / len(shares) if shares else 0.0
