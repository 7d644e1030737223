"""`python -m evaluation.case FOLDER DOSSIER.json… | --run [--shuffle SEED]`: score what a ledger concludes on a case.

In: a folder with items.jsonl and truth.json, and the ledger's dossier for each day. Out: counts per metric and day.
Must not know how the ledger concludes: it sees items, truth and dossiers only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from communique.document import load
from evaluation.counting import Count, Outcome, match, overlap, total

Json = Mapping[str, Any]
Link = frozenset[str]
Entry = tuple[str, str]

ENTRIES = (
    "announced", "reaffirmed", "progressed", "fulfilled", "partly_fulfilled", "delayed", "changed", "broken",
    "withdrawn", "contradicted",
)  # fmt: skip
STATUSES = ("open", "due", "fulfilled", "partly", "broken", "withdrawn", "lapsed")
METRICS = ("copies", "stories", "promises", "each promise", "entries", "statuses", "conflicts")
ALL_DAYS = "all days"
IN_TITLE = 0.5
SAME_DOCUMENT = 0.01
"""A mention elsewhere in an item that holds the promise decides between equals only: one item holds many promises."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMMAND = (sys.executable, "-c", "from communique.cli import main; main()")


class CaseError(Exception):
    """A case or dossier that cannot be scored; says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stood on a day: its text, how much of it is the title, and the day it was published."""

    text: str
    title_end: int
    published: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case: every version of every item, in the order of the file, and the truth."""

    folder: Path
    versions: Mapping[str, tuple[tuple[str, Item], ...]]
    truth: Json

    def on(self, day: str) -> dict[str, Item]:
        """The items that were published by the end of a day, each in its last version of that day."""
        known: dict[str, Item] = {}
        for id, versions in self.versions.items():
            for since, item in versions:
                if since[:10] <= day:
                    known[id] = item
        return known


@dataclass(slots=True)
class Promise:
    """A promise of the truth or of a dossier: where it is mentioned, as what, and its status on the day."""

    name: str
    status: str | None
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    entries: set[Entry] = field(default_factory=set)


def load_case(folder: Path) -> Case:
    """Read a case. Raises CaseError where its files are missing or broken."""
    try:
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(f"{folder} is no case: {error}.") from error
    versions: dict[str, list[tuple[str, Item]]] = {}
    for loaded in load(folder / "items.jsonl"):
        document = loaded.document
        if document is None or document.published is None:
            raise CaseError(f"{folder}: an item has no text or no day: {loaded.problems}.")
        item = Item(document.text, document.title_span[1] if document.title_span else 0, document.published)
        versions.setdefault(document.id, []).append((document.modified or document.published, item))
    ordered = {id: tuple(sorted(found, key=lambda version: version[0])) for id, found in versions.items()}
    return Case(folder, ordered, truth)


def score(case: Case, day: str, dossier: Json) -> Outcome:
    """What a dossier of a day has right: counts per metric, and what was missed and is false in words."""
    items, names = case.on(day), _names(dossier)
    outcome = Outcome()
    for metric, key in (("copies", "copies"), ("stories", "stories")):
        gold = links(_documents(group, items) for group in case.truth[key])
        _add(outcome, metric, gold, links(_documents(group, names) for group in dossier.get(key) or ()))
    gold_promises, found_promises = _true_promises(case.truth, day, items), _found_promises(dossier, names)
    _score_promises(outcome, gold_promises, found_promises, items)
    _score_conflicts(outcome, case.truth, dossier, names, items)
    return outcome


def links(groups: Iterable[Iterable[str]]) -> set[Link]:
    """All pairs of things that are in one group.

    >>> sorted(sorted(link) for link in links([["a", "b"], ["b", "c"], ["d"]]))
    [['a', 'b'], ['b', 'c']]
    """
    return {frozenset(pair) for group in groups for pair in combinations(sorted(set(group)), 2)}


def _names(dossier: Json) -> dict[str, str]:
    """The ledger's id of each document → the item's own name."""
    documents = dossier.get("documents") or ()
    return {document["id"]: document.get("name") or document["id"] for document in documents}


def _documents(group: Any, known: Mapping[str, Any]) -> list[str]:
    """The documents of a group, with their names where the mapping has names, without what isn't known on the day."""
    ids = group["documents"] if isinstance(group, Mapping) else group
    return [known[id] if isinstance(known[id], str) else id for id in ids if id in known]


def _add(outcome: Outcome, metric: str, gold: set[Link], found: set[Link]) -> None:
    outcome.add(metric, Count(len(gold & found), len(found), len(gold)))
    outcome.missed += [f"{metric} {' '.join(sorted(link))}" for link in sorted(gold - found, key=sorted)]
    outcome.false += [f"{metric} {' '.join(sorted(link))}" for link in sorted(found - gold, key=sorted)]


def _true_promises(truth: Json, day: str, items: Mapping[str, Item]) -> list[Promise]:
    promises = []
    for row in truth["promises"]:
        promise = Promise(row["what"], row["status"].get(day))
        for mention in row["mentions"]:
            id, quote = mention["document"], mention["quote"]
            if id in items:
                start = items[id].text.find(quote)
                promise.places.setdefault(id, []).append((start, start + len(quote)))
                promise.entries.add((id, mention["entry"]))
        if promise.entries:
            promises.append(promise)
    return promises


def _found_promises(dossier: Json, names: Mapping[str, str]) -> list[Promise]:
    promises = []
    for row in dossier.get("promises") or ():
        promise = Promise(row["id"], row["status"])
        for mention in row["mentions"]:
            id = names.get(mention["document"], mention["document"])
            promise.places.setdefault(id, []).extend((start, end) for start, end in mention["evidence"])
            promise.entries.add((id, mention["entry"]))
        promises.append(promise)
    return promises


def likeness(gold: Promise, found: Promise, items: Mapping[str, Item]) -> float:
    """In how many items both are mentioned at the same place; 0 where there is none.

    Evidence in the title counts half: the truth's quotations stand in the body.
    """
    shared = [id for id in gold.places if id in found.places]
    touched = sum(_touched(gold.places[id], found.places[id], items[id].title_end) for id in shared)
    return touched + SAME_DOCUMENT * len(shared) if touched else 0.0


def _touched(quotes: Sequence[tuple[int, int]], evidence: Sequence[tuple[int, int]], title_end: int) -> float:
    if any(overlap(quote, span) for quote in quotes for span in evidence):
        return 1.0
    return IN_TITLE if any(end <= title_end for _, end in evidence) else 0.0


def _score_promises(
    outcome: Outcome, gold: Sequence[Promise], found: Sequence[Promise], items: Mapping[str, Item]
) -> None:
    """Links, entries and statuses; what the dossier has besides the truth's promises counts against its links only."""
    pairs = {i: found[j] for i, j in match(gold, found, lambda g, f: likeness(g, f, items))}
    _add(outcome, "promises", links(p.places for p in gold), links(p.places for p in found))
    outcome.add("each promise", _each(gold, found, pairs))
    for i, promise in enumerate(gold):
        other = pairs.get(i)
        entries = other.entries if other else set()
        outcome.add("entries", Count(len(promise.entries & entries), len(entries), len(promise.entries)))
        outcome.missed += [f"entry {' '.join(e)}: {promise.name}" for e in sorted(promise.entries - entries)]
        outcome.false += [f"entry {' '.join(e)}: {promise.name}" for e in sorted(entries - promise.entries)]
        _score_status(outcome, promise, other)


def _each(gold: Sequence[Promise], found: Sequence[Promise], pairs: Mapping[int, Promise]) -> Count:
    """Pairs of documents counted for each promise by itself, although they may share another one."""
    hits = sum(len(links([gold[i].places]) & links([other.places])) for i, other in pairs.items())
    return Count(hits, sum(len(links([p.places])) for p in found), sum(len(links([p.places])) for p in gold))


def _score_status(outcome: Outcome, promise: Promise, other: Promise | None) -> None:
    if promise.status is None:
        return
    said = other.status if other else "not found"
    right = said == promise.status
    outcome.add("statuses", Count(int(right), int(other is not None), 1))
    if not right:
        outcome.missed.append(f"status {promise.status}, not {said}: {promise.name}")


def _score_conflicts(
    outcome: Outcome, truth: Json, dossier: Json, names: Mapping[str, str], items: Mapping[str, Item]
) -> None:
    gold = [row for row in truth["conflicts"] if all(claim["document"] in items for claim in row["claims"])]
    found = list(dossier.get("conflicts") or ())
    hits = sum(any(_same_conflict(row, other, names) for other in found) for row in gold)
    false = [other for other in found if not any(_same_conflict(row, other, names) for row in gold)]
    outcome.add("conflicts", Count(hits, hits + len(false), len(gold)))
    missed = [row for row in gold if not any(_same_conflict(row, other, names) for other in found)]
    outcome.missed += [f"conflict {_conflict_words(row, {})}" for row in missed]
    outcome.false += [f"conflict {_conflict_words(other, names)}" for other in false]


def _same_conflict(gold: Json, found: Json, names: Mapping[str, str]) -> bool:
    """The same indicator, a subject in common, and two items of the truth (the one, where it contradicts itself)."""
    items = {claim["document"] for claim in gold["claims"]}
    claimed = {names.get(claim["document"], claim["document"]) for claim in found["claims"]}
    return (
        gold["indicator"] == found["indicator"]
        and bool(set(gold["subjects"]) & set(found["subjects"]))
        and len(items & claimed) >= min(2, len(items))
    )


def _conflict_words(row: Json, names: Mapping[str, str]) -> str:
    claims = (f"{names.get(claim['document'], claim['document'])} {claim['value']}" for claim in row["claims"])
    return f"{row['indicator']} {'+'.join(row['subjects'])} {row['start']}: {', '.join(claims)}"


def ingest(lines: Sequence[str], folder: Path) -> Path:
    """A new ledger in a folder that holds items given as JSON Lines. Raises CaseError where the command fails."""
    items, ledger = folder / "items.jsonl", folder / "case.ledger"
    items.write_text("\n".join(lines) + "\n", "utf-8")
    _communique("ingest", str(items), "--ledger", str(ledger))
    return ledger


def dossier_of(ledger: Path, day: str) -> Json:
    """What a ledger concludes on a day."""
    found: Json = json.loads(_communique("dossier", "--ledger", str(ledger), "--on", day, "--json"))
    return found


def _communique(*arguments: str) -> str:
    run = subprocess.run([*_COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    if run.returncode:
        raise CaseError(f"communique {arguments[0]} failed: {run.stderr.strip()[-400:]}")
    return run.stdout


def run_case(case: Case, seed: int | None = None) -> dict[str, Json]:
    """The dossier of each day of a case, its items ingested in their order or, with a seed, in a random one."""
    lines = (case.folder / "items.jsonl").read_text("utf-8").splitlines()
    if seed is not None:
        random.Random(seed).shuffle(lines)
    with tempfile.TemporaryDirectory() as folder:
        ledger = ingest(lines, Path(folder))
        return {day: dossier_of(ledger, day) for day in case.truth["days"]}


def answers(dossier: Json) -> str:
    """A dossier without what may differ between two ledgers of the same items: ids of its own, and order."""
    names = _names(dossier)
    groups = [
        sorted(sorted(_documents(group, names)) for group in dossier.get(key) or ()) for key in ("copies", "stories")
    ]
    promises = sorted(
        (p.status or "", sorted(p.entries), sorted((id, sorted(set(spans))) for id, spans in p.places.items()))
        for p in _found_promises(dossier, names)
    )
    conflicts = sorted(_conflict_words(_in_order(row, names), names) for row in dossier.get("conflicts") or ())
    return json.dumps([groups, promises, conflicts])


def _in_order(row: Json, names: Mapping[str, str]) -> Json:
    claims = sorted(row["claims"], key=lambda claim: (names.get(claim["document"], ""), claim["value"]))
    return {**row, "subjects": sorted(row["subjects"]), "claims": claims}


def read_dossiers(paths: Iterable[Path]) -> dict[str, Json]:
    """Dossiers in files, by their day: their field `on`, else the day in the file's name."""
    dossiers: dict[str, Json] = {}
    for path in paths:
        try:
            dossier = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CaseError(f"{path} is no dossier: {error}.") from error
        named = _DAY.search(path.name)
        day = dossier.get("on") or (named and named[0])
        if not day:
            raise CaseError(f"{path}: of which day is this dossier? Name the file by it, e.g. 2024-07-04.json.")
        dossiers[day] = dossier
    return dossiers


def score_days(case: Case, dossiers: Mapping[str, Json]) -> dict[str, Outcome]:
    """The outcome of each day. Raises CaseError for a day that the truth doesn't score."""
    if unknown := sorted(set(dossiers) - set(case.truth["days"])):
        raise CaseError(f"The truth says nothing about {', '.join(unknown)}; its days: {case.truth['days']}.")
    return {day: score(case, day, dossier) for day, dossier in sorted(dossiers.items())}


def as_mapping(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Metrics per day and of all days together, with what was missed and what is false."""
    days: dict[str, Any] = {day: _metrics(outcome.counts) for day, outcome in outcomes.items()}
    days[ALL_DAYS] = _metrics(total(outcomes.values()))
    details = {day: {"missed": outcome.missed, "false": outcome.false} for day, outcome in outcomes.items()}
    return {"metrics": days, "details": details}


def _metrics(counts: Mapping[str, Count]) -> dict[str, Any]:
    return {name: _metric(counts.get(name, Count())) for name in METRICS}


def _metric(count: Count) -> dict[str, Any]:
    """None stands for a share of nothing: no such thing in the truth, or nothing found."""
    return {
        "precision": round(count.precision, 4) if count.found else None,
        "recall": round(count.recall, 4) if count.gold else None,
        "f1": round(count.f1, 4) if count.gold or count.found else None,
        "hits": count.hits, "found": count.found, "gold": count.gold,
    }  # fmt: skip


def table(result: Json) -> str:
    """The metrics of all days and of each as lines of text; of statuses R is the share that is right."""
    lines = []
    for day in (ALL_DAYS, *(day for day in result["metrics"] if day != ALL_DAYS)):
        lines.append(f"{day:<13} {'P':>6} {'R':>6} {'F1':>6}   hits found  gold")
        lines += [_row(name, metric) for name, metric in result["metrics"][day].items()]
    return "\n".join(lines)


def _row(name: str, metric: Json) -> str:
    shares = " ".join("     –" if (share := metric[key]) is None else f"{share:6.3f}" for key in _SHARES)
    return f"{name:<13} {shares}  {metric['hits']:5} {metric['found']:5} {metric['gold']:5}"


_SHARES = ("precision", "recall", "f1")


def _details(result: Json) -> Iterator[str]:
    for day, lists in result["details"].items():
        for label, words in lists.items():
            yield from (f"{day} {label:<6} {line}" for line in words)


def _scored(given: argparse.Namespace) -> dict[str, Any]:
    case = load_case(given.folder)
    if not given.run:
        return as_mapping(score_days(case, read_dossiers(given.dossiers)))
    dossiers = run_case(case)
    if given.shuffle is None:
        return as_mapping(score_days(case, dossiers))
    shuffled = run_case(case, given.shuffle)
    differ = [day for day in dossiers if answers(dossiers[day]) != answers(shuffled[day])]
    return {**as_mapping(score_days(case, shuffled)), "seed": given.shuffle, "order_matters_on": differ}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 when the case was scored, 2 when it cannot be."""
    parser = argparse.ArgumentParser(prog="evaluation.case", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a case: items.jsonl and truth.json")
    parser.add_argument("dossiers", type=Path, nargs="*", metavar="DOSSIER", help="one per day, the day in its name")
    parser.add_argument("--run", action="store_true", help="ingest the items and ask for the dossiers")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="score a random order, and compare (with --run)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was missed and what is false")
    given = parser.parse_args(arguments)
    if given.run == bool(given.dossiers) or (given.shuffle is not None and not given.run):
        parser.error("give dossiers, or --run (with --shuffle SEED, if you like)")
    try:
        result = _scored(given)
    except CaseError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False, indent=1) if given.json else table(result))
    if "seed" in result and not given.json:
        print(f"answers that depend on the order: {', '.join(result['order_matters_on']) or 'none'}")
    if given.verbose and not given.json:
        print("\n".join(_details(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
