"""Running the reader over cases and putting the outcomes together.

In: a kind of data set and its cases. Out: a Run, which `score` prints, `compare` compares and the gate judges.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communique.notation import as_json
from communique.reading import Reader
from communique.records import Document, text_hash
from evaluation import corpus, items, public
from evaluation.counting import Case, Count, Outcome, interval, macro, total

MIN_CONFIDENCE = 0.5
"""Records below it are left out, as `communique read` does."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data set: what loads it and what scores one of its cases."""

    load: Callable[[Path], list[Case]]
    score: Callable[[Case, Mapping[str, Any]], Outcome]


KINDS: dict[str, Kind] = {
    "items": Kind(items.load_folder, corpus.score),
    "corpus": Kind(corpus.load, corpus.score),
    "timex": Kind(public.load_timex, public.score_timex),
    "newsquant": Kind(public.load_newsquant, public.score_newsquant),
    "attributions": Kind(public.load_attributions, public.score_attributions),
    "plv": Kind(public.load_plv, public.score_plv),
    "germeval": Kind(public.load_germeval, public.score_germeval),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the reader over a data set."""

    kind: str
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]
    reader: Mapping[str, str]

    @property
    def counts(self) -> dict[str, Count]:
        """The counts of all cases together, per metric."""
        return total(self.outcomes)


def document_of(case: Case) -> Document:
    """A case as the document that is read."""
    return Document(
        text=case.text, id=case.id, text_id=text_hash(case.text), published=case.published, language=case.language
    )


def run(kind: str, cases: Iterable[Case], reader: Reader | None = None) -> Run:
    """Read and score all cases, one after the other."""
    reader = reader or Reader()
    read, score = reader.read, KINDS[kind].score
    kept, outcomes = [], []
    for case in cases:
        reading = as_json(read(document_of(case)), layers=True, min_confidence=MIN_CONFIDENCE)
        kept.append(case)
        outcomes.append(score(case, reading))
    return Run(kind, tuple(kept), tuple(outcomes), reader.about)


def as_mapping(run: Run) -> dict[str, Any]:
    """A run as JSON keeps it: metrics with intervals, and every case with its counts, misses and false ones."""
    counts = run.counts
    metrics = {name: _metric(run.outcomes, name, count) for name, count in counts.items()}
    out: dict[str, Any] = {
        "kind": run.kind, "cases": len(run.cases), "commit": commit(), "reader": dict(run.reader), "metrics": metrics,
    }  # fmt: skip
    if any(name.startswith("type:") for name in counts):
        out["macro_f1"] = round(macro(counts, "type:"), 4)
    out["per_case"] = {case.id: _case(outcome) for case, outcome in zip(run.cases, run.outcomes, strict=True)}
    return out


def _metric(outcomes: Sequence[Outcome], name: str, count: Count) -> dict[str, Any]:
    low, high = interval(outcomes, name)
    shares = {"precision": count.precision, "recall": count.recall, "f1": count.f1, "low": low, "high": high}
    return {key: round(share, 4) for key, share in shares.items()} | {"found": count.found, "gold": count.gold}


def _case(outcome: Outcome) -> dict[str, Any]:
    counts = {name: [count.hits, count.found, count.gold] for name, count in outcome.counts.items()}
    return {"counts": counts, "missed": outcome.missed, "false": outcome.false}


def commit() -> str | None:
    """The checked-out commit, with a + where the tree differs from it; None outside a repository."""
    folder = Path(__file__).parent
    try:
        hash = _git(folder, "rev-parse", "--short", "HEAD")
        return hash + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()
