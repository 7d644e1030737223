"""Confidence: of records at .8 about eight in ten are right.

In: what a rule and the model say of a record, and its traits. Out: a share between 0 and 1, by a logistic model per
kind fitted by `training/calibrate.py` on items the reader was not trained on. Must not know how records are found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

LEAST, MOST = 0.02, 0.98


class Finds(NamedTuple):
    """Who found a record: a rule's confidence, the model's score, None for who did not see it.

    `support`: of what a rule alone found, how probable the model holds its words nevertheless.
    """

    rule: float | None
    model: float | None
    support: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights per kind and feature; without weights a rule's or the model's own score stands."""

    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, kind: str, finds: Finds, traits: Mapping[str, bool]) -> float:
        """The share of such records that was right."""
        if kind not in self.weights:
            return round(max(finds.rule or 0.0, finds.model or 0.0), 3)
        return self.share(kind, features(finds, traits))

    def share(self, kind: str, found: Mapping[str, float]) -> float:
        """The logistic model's share for the features of a record."""
        weights = self.weights[kind]
        total = sum(weights.get(name, 0.0) * value for name, value in found.items())
        return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-total)))), 3)


def features(finds: Finds, traits: Mapping[str, bool]) -> dict[str, float]:
    """The features of a record: who found it, how surely, and its traits apart for each finder."""
    rule, model = finds.rule, finds.model
    finder = "both" if rule is not None and model is not None else "rule" if rule is not None else "model"
    seen = finds.support if model is None else model
    found = {finder: 1.0, f"{finder} rule score": _logit(rule), f"{finder} model score": _logit(seen)}
    return found | {f"{finder} {name}": 1.0 for name, holds in traits.items() if holds}


def _logit(share: float | None) -> float:
    if share is None:
        return 0.0
    share = min(MOST, max(LEAST, share))
    return math.log(share / (1 - share))
