"""`python -m evaluation.score KIND PATH [--json OUT] [-v]`: read a data set and print how well it was read.

KIND is items (a folder of .txt and .ann), corpus (annotated items as JSON Lines), timex (a folder of .tml), newsquant
(.json), attributions (.jsonl), plv (.tsv) or germeval (.tsv). PATH is where you have the public original.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.items import AnnotationError
from evaluation.run import KINDS, as_mapping, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 when the data set was read, 2 when it cannot be."""
    parser = argparse.ArgumentParser(prog="evaluation.score", description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("path", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write metrics and per-case results")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was missed and what is false")
    given = parser.parse_args(arguments)
    if not given.path.exists():
        print(f"{given.path} does not exist.", file=sys.stderr)
        return 2
    try:
        cases = KINDS[given.kind].load(given.path)
    except (AnnotationError, KeyError, OSError, ValueError) as error:
        print(f"{given.path} cannot be read as {given.kind}: {error}.", file=sys.stderr)
        return 2
    if not cases:
        print(f"{given.path} holds no cases of kind {given.kind}.", file=sys.stderr)
        return 2
    result = as_mapping(run(given.kind, cases))
    print(table(result))
    if given.verbose:
        print(details(result))
    if given.json:
        given.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def table(result: Mapping[str, Any]) -> str:
    """The metrics of a run as lines of text."""
    lines = [f"{result['kind']}: {result['cases']} cases", f"{'metric':<16} {'P':>6} {'R':>6} {'F1':>6}  95 % interval"]
    for name, metric in result["metrics"].items():
        shares = f"{metric['precision']:6.3f} {metric['recall']:6.3f} {metric['f1']:6.3f}"
        lines.append(f"{name:<16} {shares}  [{metric['low']:.3f}, {metric['high']:.3f}]  of {metric['gold']}")
    if "macro_f1" in result:
        lines.append(f"macro F1 over types {result['macro_f1']:.3f}")
    return "\n".join(lines)


def details(result: Mapping[str, Any]) -> str:
    """What was missed and what is false, case by case."""
    lines = []
    for id, case in result["per_case"].items():
        lines += [f"missed {id} {words}" for words in case["missed"]]
        lines += [f"false  {id} {words}" for words in case["false"]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
