"""`python -m evaluation.compare BEFORE.json AFTER.json`: what differs between two runs of one data set, case by case.

In: two files that `evaluation.score --json` wrote, say at two commits. Out: metrics side by side, and per case what is
found now, missed now, no longer false and newly false.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Result = Mapping[str, Any]
_NOTHING: Result = {"missed": [], "false": []}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 when nothing got worse in sum, 1 when a metric fell, 2 for other data sets."""
    parser = argparse.ArgumentParser(prog="evaluation.compare", description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    given = parser.parse_args(arguments)
    before, after = (json.loads(path.read_text("utf-8")) for path in (given.before, given.after))
    if before["kind"] != after["kind"]:
        print(f"{given.before} is of kind {before['kind']}, {given.after} of kind {after['kind']}.", file=sys.stderr)
        return 2
    print("\n".join([*metrics(before, after), *changes(before, after)]))
    return int(any(difference < 0 for _, difference in differences(before, after)))


def differences(before: Result, after: Result) -> list[tuple[str, float]]:
    """By how much the F1 of each metric that both runs have rose or fell."""
    both = [name for name in before["metrics"] if name in after["metrics"]]
    return [(name, round(after["metrics"][name]["f1"] - before["metrics"][name]["f1"], 4)) for name in both]


def metrics(before: Result, after: Result) -> Iterator[str]:
    """The metrics side by side."""
    yield f"{before['kind']}: {before.get('commit')} → {after.get('commit')}"
    for name, difference in differences(before, after):
        old, new = before["metrics"][name]["f1"], after["metrics"][name]["f1"]
        yield f"{name:<16} {old:.3f} → {new:.3f}  {difference:+.3f}"


def changes(before: Result, after: Result) -> Iterator[str]:
    """What differs, case by case; cases that only one of the runs has are compared with an empty one."""
    for id in dict.fromkeys((*before["per_case"], *after["per_case"])):
        old, new = before["per_case"].get(id, _NOTHING), after["per_case"].get(id, _NOTHING)
        for label, some, others in (
            ("found now  ", old["missed"], new["missed"]),
            ("missed now ", new["missed"], old["missed"]),
            ("false gone ", old["false"], new["false"]),
            ("false now  ", new["false"], old["false"]),
        ):
            gone = Counter(some) - Counter(others)
            yield from (f"{label} {id} {words}" for words in gone.elements())


if __name__ == "__main__":
    sys.exit(main())
