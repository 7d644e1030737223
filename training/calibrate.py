"""Fit the confidence of records on items that the model was not trained on, and write it into the model's manifest.

    python -m training.calibrate MODEL CORPUS.jsonl --every 10   # what `training.reader --leave-out 10` left out

In: a model folder and annotated items. Out: `calibration` in `manifest.json`: weights of a logistic model per kind of
record, over who found it (rule, model, both), how surely, and a few traits. A statement is right when its content is
(Dice .6), an event when type and place are, a commitment when action (Dice .5) and a party are: as the scorers count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from evaluation.corpus import load
from evaluation.counting import Case
from evaluation.items import load_folder
from evaluation.reliability import right

from communique.calibration import Calibration, Finds, features
from communique.document import Overrides, document_of
from communique.notation import as_json
from communique.reading import Reader

KINDS = ("statement", "event", "commitment")
STEP = 1e-6
RIDGE = 1.0


@dataclass(frozen=True)
class Recorder(Calibration):
    """Stands in for a calibration and notes the features of every record; its confidence is the note's number."""

    notes: list[dict[str, float]] = field(default_factory=list)

    def of(self, kind: str, finds: Finds, traits: Mapping[str, bool]) -> float:
        self.notes.append(features(finds, traits))
        return len(self.notes) * STEP

    def note(self, confidence: float) -> dict[str, float]:
        return self.notes[round(confidence / STEP) - 1]


def examples(reader: Reader, case: Case) -> list[tuple[str, dict[str, float], bool]]:
    """Every record of an item: kind, features, and whether it is right."""
    recorder = Recorder()
    reader.calibration = recorder
    document, _problems = document_of(case.text, Overrides(published=case.published, language=case.language))
    reading = as_json(reader.read(document), min_confidence=0)
    out = []
    for kind in KINDS:
        found = reading[f"{kind}s"]
        hits = right(kind, case.gold, found)
        out += [(kind, recorder.note(r["confidence"]), i in hits) for i, r in enumerate(found)]
    return out


def fit(rows: Sequence[Mapping[str, float]], right: Sequence[bool]) -> dict[str, float]:
    """Weights of a logistic model, by Newton's method with a small ridge."""
    names = sorted({name for row in rows for name in row})
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    y, w = np.array(right, dtype=float), np.zeros(len(names))
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + RIDGE * w
        curve = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(names))
        w -= np.linalg.solve(curve, gradient)
    return {name: round(float(value), 4) for name, value in zip(names, w, strict=True)}


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("model", type=Path)
    ask.add_argument("corpus", type=Path)
    ask.add_argument("--every", type=int, default=10)
    ask.add_argument("--items", type=Path, help="a folder of items to fit on as well")
    ask.add_argument("--to", type=Path, help="write into this model's manifest instead")
    args = ask.parse_args()
    reader = Reader(model=args.model)
    cases = load(args.corpus)[:: args.every] + (load_folder(args.items) if args.items else [])
    found = [e for case in cases for e in examples(reader, case)]
    weights = {}
    for kind in KINDS:
        rows, hits = [f for k, f, _r in found if k == kind], [r for k, _f, r in found if k == kind]
        weights[kind] = fit(rows, hits)
        shares = np.array([Calibration({kind: weights[kind]}).share(kind, row) for row in rows])
        y = np.array(hits)
        bins = [(low, y[(shares >= low) & (shares < low + 0.2)]) for low in (0.0, 0.2, 0.4, 0.6, 0.8)]
        shown = ", ".join(f"{low:.1f}: {b.mean():.2f} of {len(b)}" for low, b in bins if len(b))
        print(f"{kind}: {len(rows)} records, {np.mean(y):.2f} right; right by confidence from {shown}")
    path = (args.to or args.model) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**manifest, "calibration": weights}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
