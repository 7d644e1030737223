"""Train the tagger of open names (`data/names.json`) from public annotations at a given folder.

    python -m training.names DATA --out src/communique/data/names.json [--epochs 6] [--runs 4] [--least 0.375]

Trained on: germeval14.de.test-wikipedia.tsv (CC BY 4.0), uner_ewt.en.train.iob2 (CC BY-SA 4.0), crossner_politics.en
(MIT), corpus.jsonl (annotations free), our own items in `training/corpus`. Held out: germeval14.de.dev.tsv,
uner_ewt.en.dev.iob2. Prints what was dropped. The weights are the mean of several runs in different orders, which
takes out the perceptron's luck.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from communique.knowledge import Knowledge
from communique.reading.mentions.flags import token_flags
from communique.reading.mentions.names import SCALE, TAGS, Tagger, bridges, features, may_name, open_names
from communique.text import sentences, tokenize
from training.notation import read_items

Sentence = tuple[list[str], list[str], str]
Weights = dict[str, list[float]]
KINDS = {"person": "PER", "organisation": "ORG", "igo": "ORG", "state": "LOC", "place": "LOC"}
PUBLIC_KINDS = {
    "PER": "PER", "LOC": "LOC", "ORG": "ORG", "person": "PER", "politician": "PER", "organisation": "ORG",
    "politicalparty": "ORG", "country": "LOC", "location": "LOC",
}  # fmt: skip
FORBIDDEN = -1e9
OWN = Path(__file__).resolve().parent / "corpus"


def from_spans(text: str, spans: list[tuple[int, int, str]], start: int, end: int, language: str) -> Sentence:
    """Our own tokens with tags, where the data has character spans."""
    tokens = tokenize(text, start, end)
    tags = ["O"] * len(tokens)
    for s, e, kind in spans:
        inside = [i for i, t in enumerate(tokens) if t.start >= s and t.end <= e]
        for n, i in enumerate(inside):
            tags[i] = ("B-" if n == 0 else "I-") + kind
    return [t.text for t in tokens], tags, language


def columns(path: Path, word: int, tag: int, language: str) -> list[Sentence]:
    """Sentences of a tab-separated file with one word a line and a blank line between sentences."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        text, spans = "", []
        inside = False
        for line in block.splitlines():
            cells = line.split("\t")
            if line.startswith("#") or len(cells) <= max(word, tag):
                continue
            label = cells[tag].strip()
            kind = PUBLIC_KINDS.get(label[2:])
            start = len(text)
            text += cells[word] + " "
            end = len(text) - 1
            if label.startswith("I-") and inside and kind == spans[-1][2]:
                spans[-1] = (spans[-1][0], end, kind)
                continue
            inside = bool(label.startswith("B-") and kind)
            if inside and kind:
                spans.append((start, end, kind))
        if text:
            found.append(from_spans(text, spans, 0, len(text), language))
    return found


def corpus(items: Iterable[dict[str, Any]]) -> list[Sentence]:
    """Sentences of annotated items; mentions by title, pronoun or common noun are no names."""
    found = []
    for item in items:
        spans = []
        for entity in item["entities"]:
            kind = KINDS.get(entity["kind"])
            for s, e in entity["mentions"] if kind else ():
                name = item["text"][s:e]
                titled = kind == "PER" and " " not in name and name not in entity["name"]
                if may_name(name.split()[0]) and not titled:
                    spans.append((s, e, kind))
        for s, e in sentences(item["text"], item["language"]):
            found.append(from_spans(item["text"], spans, s, e, item["language"]))
    return found


class Perceptron:
    """Weights with their running sums, so that the mean over all steps costs nothing extra."""

    def __init__(self, seed: int) -> None:
        self.weights: Weights = defaultdict(lambda: [0.0] * len(TAGS))
        self._totals: Weights = defaultdict(lambda: [0.0] * len(TAGS))
        self._stamps: dict[str, list[int]] = defaultdict(lambda: [0] * len(TAGS))
        self._step = 0
        self._rng = random.Random(seed)

    def _update(self, feature: str, tag: int, amount: float) -> None:
        row = self.weights[feature]
        self._totals[feature][tag] += (self._step - self._stamps[feature][tag]) * row[tag]
        self._stamps[feature][tag] = self._step
        row[tag] += amount

    def _guess(self, feats: list[str], previous: str) -> int:
        score = [0.0] * len(TAGS)
        for feature in feats:
            row = self.weights.get(feature)
            if row:
                score = [a + b for a, b in zip(score, row, strict=True)]
        allowed = [FORBIDDEN if t[0] == "I" and previous[2:] != t[2:] else s for t, s in zip(TAGS, score, strict=True)]
        return max(range(len(TAGS)), key=allowed.__getitem__)

    def learn(self, sentence: Sentence, flags: list[str]) -> Iterator[bool]:
        """One sentence, left to right; yields whether each token was right."""
        words, tags, language = sentence
        previous = "O"
        for i, word in enumerate(words):
            if not (may_name(word) or (previous != "O" and i + 1 < len(words) and bridges(words, i))):
                previous = "O"
                continue
            self._step += 1
            feats = features(words, flags, i, previous, language)
            guess, gold = self._guess(feats, previous), TAGS.index(tags[i])
            if guess != gold:
                for feature in feats:
                    self._update(feature, gold, 1.0)
                    self._update(feature, guess, -1.0)
            yield guess == gold
            previous = TAGS[guess] if self._rng.random() < 0.5 else tags[i]

    def run(self, data: list[Sentence], flags: list[list[str]], epochs: int) -> None:
        """Several passes over the data, each in another order."""
        order = list(range(len(data)))
        for epoch in range(epochs):
            self._rng.shuffle(order)
            right = [r for n in order for r in self.learn(data[n], flags[n])]
            print(f"epoch {epoch}: {1 - sum(right) / max(len(right), 1):.4f} of {len(right)} tokens wrong", flush=True)

    def averaged(self) -> Weights:
        """The mean of the weights over all steps."""
        last = self._step
        return {
            f: [(t + (last - s) * w) / last for t, s, w in zip(self._totals[f], self._stamps[f], row, strict=True)]
            for f, row in self.weights.items()
        }


def train(data: list[Sentence], flags: list[list[str]], epochs: int, runs: int) -> Weights:
    """The mean of several runs."""
    total: Weights = defaultdict(lambda: [0.0] * len(TAGS))
    for seed in range(runs):
        perceptron = Perceptron(7 + seed)
        perceptron.run(data, flags, epochs)
        for feature, row in perceptron.averaged().items():
            total[feature] = [a + b / runs for a, b in zip(total[feature], row, strict=True)]
    return total


def packed(averaged: Weights, least: float) -> dict[str, list[int]]:
    """Feature → tag, weight, tag, weight …; small weights dropped."""
    out = {}
    for feature, row in sorted(averaged.items()):
        pairs = [x for t, w in enumerate(row) if abs(w) >= least for x in (t, round(w * SCALE))]
        if pairs:
            out[feature] = pairs
    return out


def spans_of(tags: list[str]) -> set[tuple[int, int, str]]:
    """Tagged stretches as half-open token ranges."""
    found = set()
    for i, tag in enumerate(tags):
        if tag[0] == "B":
            end = i + 1
            while end < len(tags) and tags[end] == "I-" + tag[2:]:
                end += 1
            found.add((i, end, tag[2:]))
    return found


def score(data: list[Sentence], flags: list[list[str]], tagger: Tagger) -> float:
    """F1 of exact spans with type."""
    right = found = there = 0
    for (words, tags, language), f in zip(data, flags, strict=True):
        pred = {(n.first, n.last, n.type) for n in open_names(words, f, language, tagger)}
        gold = spans_of(tags)
        right, found, there = right + len(pred & gold), found + len(pred), there + len(gold)
    return 2 * right / (found + there)


def training_data(folder: Path) -> list[Sentence]:
    """All that is trained on; annotated news items count twice."""
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines()
    own = corpus([*map(json.loads, lines), *read_items(OWN)])
    data = columns(folder / "germeval14.de.test-wikipedia.tsv", 1, 2, "de")
    data += columns(folder / "uner_ewt.en.train.iob2", 1, 2, "en")
    for part in ("train", "dev"):
        data += columns(folder / f"crossner_politics.en.{part}.txt", 0, 1, "en")
    print(f"{len(data)} public sentences, {len(own)} of news items (counted twice)", flush=True)
    return data + own * 2


def write(table: dict[str, list[int]], path: Path) -> None:
    """One feature a line, with a card."""
    card = {"trained": "training/names.py", "licence": "CC BY-SA 4.0", "tags": list(TAGS)}
    rows = (f"{json.dumps(k, ensure_ascii=False)}:{json.dumps(v, separators=(',', ':'))}" for k, v in table.items())
    path.write_text('{"card":' + json.dumps(card) + ',"weights":{\n' + ",\n".join(rows) + "\n}}\n", "utf-8")


def main() -> None:
    """Train, write and score."""
    ask = argparse.ArgumentParser()
    ask.add_argument("data", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--epochs", type=int, default=6)
    ask.add_argument("--runs", type=int, default=4)
    ask.add_argument("--least", type=float, default=0.375)
    args = ask.parse_args()
    knowledge = Knowledge.default()
    data = training_data(args.data)
    flags = [token_flags(words, language, knowledge) for words, _tags, language in data]
    averaged = train(data, flags, args.epochs, args.runs)
    table = packed(averaged, args.least)
    write(table, args.out)
    print(f"{len(averaged)} features, {len(table)} kept, {args.out.stat().st_size / 1e6:.1f} MB")
    held = {
        "germeval dev": columns(args.data / "germeval14.de.dev.tsv", 1, 2, "de"),
        "uner dev": columns(args.data / "uner_ewt.en.dev.iob2", 1, 2, "en"),
    }
    for title, test in held.items():
        seen = [token_flags(words, language, knowledge) for words, _tags, language in test]
        print(title, round(score(test, seen, Tagger(table)), 3))


if __name__ == "__main__":
    main()
