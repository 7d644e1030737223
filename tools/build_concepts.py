"""Lint `knowledge/concepts/` and build `src/communique/data/concepts.json`; `--check` only compares.

The notation of the words is described in docs/concepts.md.
"""

import itertools
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "knowledge" / "concepts"
TARGET = ROOT / "src" / "communique" / "data" / "concepts.json"
RESERVED = ("inflection", "opposites")
ACTIONS = "actions"
FIELDS = {"weight", "broader"}
WEIGHTS = {1: 1, 2: 3, 3: 6}
USUAL = 2
LARGEST = 400_000
GAP = -1
EXACT = "="
SHARED = "!"
_CHOICE = re.compile(r"\[([^\]]+)\]|\((\w+)\)")


def expanded(form: str) -> list[str]:
    """'vertr[aä]g' → vertrag, verträg; 'verdopp(e)l' → verdoppel, verdoppl; 'a|b' → a, b."""
    found = []
    for one in form.split("|"):
        parts, end = [], 0
        for m in _CHOICE.finditer(one):
            parts += [[one[end : m.start()]], list(m[1]) if m[1] else ["", m[2]]]
            end = m.end()
        found += ["".join(p) for p in itertools.product(*parts, [one[end:]])]
    return found


class Words:
    """The entries and terms of one language, as they are collected."""

    def __init__(self, rules: dict) -> None:
        self.rules = rules
        self.classes: list[list[str]] = [[""]]
        self.entries: dict[tuple[str, int], int] = {}
        self.concept: list[int] = []
        self.terms: list[list[int]] = []
        self.doubles: list[tuple[str, int, int]] = []
        self.shared: set[str] = set()

    def klass(self, endings: str) -> int:
        listed = [e.strip("'") for e in endings.split()]
        if listed not in self.classes:
            self.classes.append(listed)
        return self.classes.index(listed)

    def entry(self, base: str, klass: int, concept: int, shared: bool) -> int:
        if shared:
            self.shared.add(base)
        number = self.entries.setdefault((base, klass), len(self.entries))
        if number == len(self.concept):
            self.concept.append(concept)
        elif concept >= 0 and self.concept[number] not in (-1, concept):
            if shared:
                return self.twin(base, klass, concept)
            self.doubles.append((base, self.concept[number], concept))
        elif concept >= 0:
            self.concept[number] = concept
        return number

    def twin(self, base: str, klass: int, concept: int) -> int:
        """A second entry of a word that is marked as belonging to two concepts."""
        copy = list(self.classes[klass])
        self.classes.append(copy)
        return self.entry(base, len(self.classes) - 1, concept, False)

    def bases(self, word: str) -> list[tuple[str, int]]:
        """The stems of one word with their classes of endings."""
        if word.endswith(EXACT):
            return [(fold(word[:-1]), 0)]
        kind = "noun" if word[0].isupper() else "other"
        low = fold(word)
        for suffix, endings in self.rules["classes"][kind]:
            if low.endswith(suffix):
                found = [(low[: len(low) - len(suffix)], self.klass(endings))]
                break
        if kind == "other":
            found += self.derived(low)
        return found

    def derived(self, low: str) -> list[tuple[str, int]]:
        found = []
        doubled = self.rules.get("doubling")
        if doubled and low[-1] in doubled and len(low) > 2 and low[-2] in "aeiou" and low[-3] not in "aeiou":
            found.append((low + low[-1], self.klass("ed ing er ers")))
        prefix = self.rules["participle"]
        if prefix and not low.startswith(tuple(self.rules["inseparable"].split())) and not low.endswith("ier"):
            found.append((prefix + low, self.klass(self.rules["classes"]["other"][0][1])))
        return found

    def add(self, form: str, concept: int) -> None:
        shared = form.endswith(SHARED)
        form = form.rstrip(SHARED)
        if "/" in form:
            self.separable(form, concept, shared)
        elif "_" in form:
            self.term([self.parts(p) for p in form.split("_")], concept)
        else:
            for word in expanded(form):
                for base, klass in self.bases(word):
                    self.entry(base, klass, concept, shared)

    def parts(self, part: str) -> list[int]:
        if part == "..":
            return [GAP]
        found = [self.bases(word)[0] for word in expanded(part)]
        return [self.entry(base, klass, -1, False) for base, klass in found]

    def term(self, parts: list[list[int]], concept: int) -> None:
        self.terms += [[concept, *choice] for choice in itertools.product(*parts)]

    def separable(self, form: str, concept: int, shared: bool) -> None:
        """'aus/bau' → ausbau-, ausgebau-, auszubau- and 'bau … aus'."""
        prefix, stems = form.split("/")
        middle = ("", self.rules["participle"], self.rules["infinitive"])
        whole = self.klass(self.rules["classes"]["other"][0][1])
        last = fold(prefix).split("+")
        for stem in expanded(stems):
            for between in middle:
                self.entry("".join(last) + between + fold(stem), whole, concept, shared)
        finite = [self.entry(fold(s), whole, -1, False) for s in expanded(stems)]
        self.term([finite, [GAP], [self.entry("".join(last), 0, -1, False)]], concept)
        if len(last) > 1:
            self.term([finite, [GAP], *[[self.entry(p, 0, -1, False)] for p in last]], concept)

    def built(self) -> dict:
        rules = self.rules
        numbers = {k: rules[k] for k in ("group", "decimal", "magnitudes", "numerals")}
        numbers["numerals"] = {fold(k): v for k, v in numbers["numerals"].items()}
        return {
            "compounds": rules["compounds"],
            "classes": self.classes,
            "links": [e.strip("'") for e in rules["links"].split()],
            **{k: sorted({fold(w) for w in rules[k].split()}) for k in ("prefixes", "clause_end", "stop")},
            "numbers": {**numbers, "percent": rules["percent"].split()},
            "bases": [base for base, _class in self.entries],
            "entry_class": [klass for _base, klass in self.entries],
            "entry_concept": self.concept,
            "terms": sorted(map(list, {tuple(t) for t in self.terms})),
        }


def fold(word: str) -> str:
    return word.lower().replace("ß", "ss")


def read_all() -> tuple[dict[str, dict], list[str]]:
    """Concepts of all files by id, and what is wrong with how they stand there."""
    rows: dict[str, dict] = {}
    wrong = []
    for path in sorted(SOURCE.glob("*.yaml")):
        if path.stem in RESERVED:
            continue
        own = yaml.safe_load(path.read_text("utf-8"))
        wrong += [f"{path.name}: not sorted at {b!r}" for a, b in itertools.pairwise(map(str, own)) if a > b]
        wrong += [f"{path.name}: {i!r} is no id; quote it" for i in own if not isinstance(i, str)]
        wrong += [f"{path.name}: {i} stands in another file too" for i in own if i in rows]
        rows.update(own)
    return rows, wrong


def lint(rows: dict[str, dict], languages: list[str]) -> list[str]:
    wrong = []
    for name, row in rows.items():
        wrong += [f"{name}: no words in {code}" for code in languages if not row.get(code)]
        wrong += [f"{name}: unknown field {f}" for f in set(row) - set(languages) - FIELDS]
        wrong += [f"{name}: broader {b} is no concept" for b in row.get("broader", "").split() if b not in rows]
        if row.get("weight", USUAL) not in WEIGHTS:
            wrong.append(f"{name}: weight is one of {sorted(WEIGHTS)}")
        for code in languages:
            words = str(row.get(code, "")).split()
            wrong += [f"{name}: {w} twice in {code}" for w in sorted(set(words)) if words.count(w) > 1]
    return wrong


def compiled() -> tuple[dict, list[str]]:
    rules = yaml.safe_load((SOURCE / "inflection.yaml").read_text("utf-8"))
    rows, wrong = read_all()
    ids = sorted(rows)
    wrong += lint(rows, list(rules))
    languages = {}
    for code, own in rules.items():
        words = Words(own)
        for number, name in enumerate(ids):
            for form in str(rows[name].get(code, "")).split():
                words.add(form, number)
        wrong += [f"{code}: {base}- in {ids[one]} and {ids[other]}" for base, one, other in words.doubles]
        wrong += doubled_terms(words, ids, code) + same_stems(words, ids, code)
        languages[code] = words.built()
    opposites = yaml.safe_load((SOURCE / "opposites.yaml").read_text("utf-8"))
    wrong += [f"opposites: {x} is no concept" for pair in opposites for x in pair if x not in rows]
    number = {name: n for n, name in enumerate(ids)}
    broader = {str(number[i]): [number.get(b) for b in r["broader"].split()] for i, r in rows.items() if "broader" in r}
    weights = [WEIGHTS.get(rows[i].get("weight", USUAL)) for i in ids]
    actions = sorted(number[i] for i in yaml.safe_load((SOURCE / f"{ACTIONS}.yaml").read_text("utf-8")))
    out = {"ids": ids, "weights": weights, "broader": broader, "actions": actions, "opposites": opposites}
    out["languages"] = languages
    return out, wrong


def doubled_terms(words: Words, ids: list[str], code: str) -> list[str]:
    owners = defaultdict(set)
    for concept, *parts in words.terms:
        owners[tuple(parts)].add(concept)
    return [f"{code}: one term in {sorted(ids[c] for c in found)}" for found in owners.values() if len(found) > 1]


def same_stems(words: Words, ids: list[str], code: str) -> list[str]:
    """Stems that stand in several concepts as different parts of speech, some of whose forms meet."""
    meant: dict[str, list[tuple[set[str], int]]] = defaultdict(list)
    for (base, klass), concept in zip(words.entries, words.concept, strict=True):
        if concept >= 0 and base not in words.shared:
            meant[base].append((set(words.classes[klass]), concept))
    return [
        f"{code}: {base}- in {ids[c1]} and {ids[c2]}"
        for base, found in meant.items()
        for (e1, c1), (e2, c2) in itertools.combinations(found, 2)
        if c1 != c2 and e1 & e2
    ]


def main() -> int:
    out, wrong = compiled()
    text = json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n"
    size = len(text.encode())
    if size > LARGEST:
        wrong.append(f"{size} bytes are more than {LARGEST}")
    if wrong:
        print("\n".join(wrong))
        return 1
    if "--check" in sys.argv:
        fresh = TARGET.exists() and TARGET.read_text("utf-8") == text
        if not fresh:
            print("stale, run tools/build_concepts.py")
        return 0 if fresh else 1
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(out['ids'])} concepts, {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
