"""How often each group of the events and commitments lexicons is right, on annotated items; `--write` puts it there.

    measure_lexicon.py ITEMS.jsonl [--write]

An event is right when an annotated one of its type has its trigger inside the evidence; a commitment when an annotated
one has a party of the same code and shares half of the action. Counts are smoothed towards the mean of all groups,
since most groups are seen a few times only: (right + PRIOR * mean) / (seen + PRIOR).
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from communique.knowledge import Knowledge
from communique.reading.clauses.triggers import cues_lexicon
from communique.reading.commitments import find_commitments
from communique.reading.events import find_drafts, find_events, work_of
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.quantities import find_quantities
from communique.reading.times import find_times
from communique.records import Commitment, Document, Event, Span

ROOT = Path(__file__).resolve().parent.parent / "knowledge" / "lexicon"
PRIOR = 4
Counts = dict[str, Counter[tuple[int, bool]]]


def overlap(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def event_right(item: dict, type_: str, evidence: Span) -> bool:
    return any(e["type"] == type_ and overlap(tuple(e["trigger"]), evidence) for e in item["events"])


def commitment_right(item: dict, found: Commitment) -> bool:
    codes = {a.code for a in found.parties}
    span = found.action_text[0]
    for gold in item["commitments"]:
        length = gold["action"][1] - gold["action"][0] + span[1] - span[0]
        if (
            codes & {p.split(".")[0] for p in gold["parties"]}
            and 2 * overlap(tuple(gold["action"]), span) >= length / 2
        ):
            return True
    return False


def measured(items: list[dict]) -> tuple[Counts, Counts, Counter[tuple[str, bool]]]:
    knowledge = Knowledge.default()
    events: Counts = {}
    cues: Counts = {}
    modality: Counter[tuple[str, bool]] = Counter()
    for item in items:
        document = Document(text=item["text"], published=item["published"], language=item["language"])
        encoded, _problems = encode(document)
        named, times = find_mentions(encoded, knowledge), find_times(encoded)
        work = work_of(encoded, named, times, ())
        for draft in find_drafts(work):
            right = event_right(item, draft.trigger.group.type, draft.evidence)
            number = work.lexicon.groups.index(draft.trigger.group)
            events.setdefault(item["language"], Counter())[number, right] += 1
            modality[draft.usage.modality, right] += 1
        quantities = find_quantities(encoded, times)
        read: tuple[Event, ...] = find_events(encoded, named, times, ())
        groups = cues_lexicon(item["language"]).groups
        for found in find_commitments(encoded, named, times, quantities, read):
            number = next(i for i, g in enumerate(groups) if g.number == found_group(found))
            cues.setdefault(item["language"], Counter())[number, commitment_right(item, found)] += 1
    return events, cues, modality


def found_group(found: Commitment) -> int:
    return int(re.search(r"cue (\d+)", found.why)[1])  # type: ignore[index]


def written(path: Path, counts: Counter[tuple[int, bool]], key: str) -> str:
    """The lexicon with `precision` first in each entry of a list."""
    head, _, body = path.read_text("utf-8").partition(f"\n{key}:\n")
    seen = Counter({n: counts[n, True] + counts[n, False] for n, _ in counts})
    mean = sum(c for (_n, ok), c in counts.items() if ok) / max(1, counts.total())
    number = iter(range(10_000))

    def entry(match: re.Match[str]) -> str:
        n = next(number)
        value = (counts[n, True] + PRIOR * mean) / (seen[n] + PRIOR)
        return f"- {{precision: {value:.2f}, "

    return head + f"\n{key}:\n" + re.sub(r"^- \{(?:precision: [\d.]+, )?", entry, body, flags=re.M)


def shown(name: str, counts: Counter[tuple[int, bool]]) -> Iterator[str]:
    for n in sorted({n for n, _ in counts}):
        yield f"{name} {n}: {counts[n, True]} of {counts[n, True] + counts[n, False]}"


def main() -> int:
    items = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()]
    events, cues, modality = measured(items)
    for name, table, key in (("events", events, "groups"), ("commitments", cues, "cues")):
        for language, counts in table.items():
            path = ROOT / language / f"{name}.yaml"
            print(*shown(f"{language} {name}", counts), sep="\n")
            if "--write" in sys.argv:
                path.write_text(written(path, counts, key), "utf-8")
    for name in sorted({m for m, _ in modality}):
        print(f"{name}: {modality[name, True]} of {modality[name, True] + modality[name, False]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
