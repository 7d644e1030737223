"""`python -m evaluation.reliability PATH [--svg OUT]`: of records at .8, are eight in ten right?

PATH is a folder of items (.txt and .ann) or annotated items as JSON Lines. Prints per kind and band of confidence the
share that is right with a 95 % interval (Wilson), and the mean distance between confidence and share, weighted by
records. A statement is right when its content is (Dice .6), an event when type and place are, a commitment when action
(Dice .5) and a party are, a figure when value and unit are: as the scorers count. All records are taken, also unsure
ones.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from communique.notation import as_json
from communique.reading import Reader
from evaluation import corpus, items
from evaluation.counting import Case, match
from evaluation.run import document_of

KINDS = ("statement", "event", "commitment", "figure")
BANDS = ((0.0, 0.3), (0.3, 0.5), (0.5, 0.65), (0.65, 0.8), (0.8, 0.9), (0.9, 1.01))
LIKE = {"statement": corpus.same_statement, "commitment": corpus.same_commitment, "figure": corpus.same_figure}
COLOURS = ("#2563a8", "#b4461e", "#2e7d4f", "#7a4aa0")


class Band(NamedTuple):
    """Records of one kind in one band of confidence: how sure they are on average, and how many are right."""

    confidence: float
    right: int
    records: int

    @property
    def share(self) -> float:
        """The share that is right."""
        return self.right / self.records

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        z, n, p = 1.96, self.records, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def right(kind: str, gold: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> set[int]:
    """Indices of the records of a kind that are right."""
    if kind == "event":
        events = corpus.gold_events(gold["events"])
        read = [corpus.read_events([e])[0] for e in found]
        return {j for j, e in enumerate(read) if any(corpus.same_type(g, e) for g in events)}
    return {j for _i, j in match(gold[f"{kind}s"], found, LIKE[kind])}


def judged(reader: Reader, cases: Sequence[Case]) -> dict[str, list[tuple[float, bool]]]:
    """Confidence and verdict of every record, per kind."""
    out: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in KINDS}
    for case in cases:
        reading = as_json(reader.read(document_of(case)), min_confidence=0)
        for kind in KINDS:
            found = reading[f"{kind}s"]
            hits = right(kind, case.gold, found)
            out[kind] += [(r["confidence"], j in hits) for j, r in enumerate(found)]
    return out


def bands(rows: Sequence[tuple[float, bool]]) -> list[Band]:
    """The bands that hold records."""
    out = []
    for low, high in BANDS:
        inside = [(c, ok) for c, ok in rows if low <= c < high]
        if inside:
            out.append(Band(sum(c for c, _ok in inside) / len(inside), sum(ok for _c, ok in inside), len(inside)))
    return out


def distance(found: Sequence[Band]) -> float:
    """Expected calibration error: the mean distance between confidence and share, weighted by records."""
    total = sum(b.records for b in found)
    return sum(abs(b.confidence - b.share) * b.records for b in found) / total if total else 0.0


def table(found: Mapping[str, Sequence[Band]]) -> str:
    """All kinds as lines of text."""
    lines = []
    for kind, rows in found.items():
        lines.append(f"{kind}: {sum(b.records for b in rows)} records, mean distance {distance(rows):.3f}")
        for band in rows:
            low, high = band.interval()
            shares = f"confidence {band.confidence:.2f}  right {band.share:.2f} [{low:.2f}, {high:.2f}]"
            lines.append(f"  {shares}  of {band.records}")
    return "\n".join(lines)


def diagram(found: Mapping[str, Sequence[Band]]) -> str:
    """A reliability diagram as SVG: one small plot per kind, the diagonal is perfect."""
    plots = [
        _plot(kind, rows, 30 + 230 * n, colour)
        for n, ((kind, rows), colour) in enumerate(zip(found.items(), COLOURS, strict=False))
    ]
    width = 30 + 230 * len(plots)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 260" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{width}" height="260" fill="white"/>', *plots, "</svg>"]) + "\n"


def _plot(kind: str, rows: Sequence[Band], left: int, colour: str) -> str:
    def x(share: float) -> float:
        return round(left + 190 * share, 1)

    def y(share: float) -> float:
        return round(220 - 190 * share, 1)

    parts = [
        f'<text x="{left}" y="20" fill="{colour}">{kind}s</text>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" fill="none" stroke="#888"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<text x="{left}" y="240" fill="#555">0</text><text x="{left + 60}" y="240" fill="#555">confidence</text>',
        f'<text x="{left + 183}" y="240" fill="#555">1</text>',
    ]
    for band in rows:
        low, high = band.interval()
        at = x(band.confidence)
        parts.append(f'<path d="M{at} {y(low)}V{y(high)}" stroke="{colour}"/>')
        parts.append(
            f'<circle cx="{at}" cy="{y(band.share)}" r="{2 + min(5, band.records / 40):.1f}" fill="{colour}"/>'
        )
    return "\n".join(parts)


def main() -> None:
    """Run from the command line."""
    ask = argparse.ArgumentParser(prog="evaluation.reliability", description=__doc__.splitlines()[0])
    ask.add_argument("path", type=Path)
    ask.add_argument("--svg", type=Path)
    given = ask.parse_args()
    cases = items.load_folder(given.path) if given.path.is_dir() else corpus.load(given.path)
    found = {kind: bands(rows) for kind, rows in judged(Reader(), cases).items()}
    print(table(found))
    if given.svg:
        given.svg.write_text(diagram(found), "utf-8")


if __name__ == "__main__":
    main()
