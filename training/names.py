"""Train the tagger of open names (`data/names.json`) from public annotations at a given folder.

    python training/names.py DATA --out src/communique/data/names.json [--epochs 6]

Trained on: germeval14.de.test-wikipedia.tsv (CC BY 4.0), uner_ewt.en.train.iob2 (CC BY-SA 4.0), crossner_politics.en
(MIT), corpus.jsonl (annotations free). Held out: germeval14.de.dev.tsv, uner_ewt.en.dev.iob2. Prints what was dropped.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from pathlib import Path

from communique.knowledge import Knowledge
from communique.read import names
from communique.read.flags import token_flags
from communique.read.names import SCALE, TAGS, features, may_name, open_names, shape  # noqa: F401
from communique.read.names import _bridges as bridges
from communique.text import sentences, tokenize

Sentence = tuple[list[str], list[str], str]
KINDS = {"person": "PER", "organisation": "ORG", "igo": "ORG", "state": "LOC", "place": "LOC"}


def from_spans(text: str, spans: list[tuple[int, int, str]], start: int, end: int, language: str) -> Sentence:
    tokens = tokenize(text, start, end)
    tags = ["O"] * len(tokens)
    for s, e, kind in spans:
        inside = [i for i, t in enumerate(tokens) if t.start >= s and t.end <= e]
        for n, i in enumerate(inside):
            tags[i] = ("B-" if n == 0 else "I-") + kind
    return [t.text for t in tokens], tags, language


def columns(path: Path, word: int, tag: int, language: str, sep: str = "\t") -> list[Sentence]:
    found = []
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        text, spans, current = "", [], None
        for line in block.splitlines():
            cells = line.split(sep)
            if line.startswith("#") or len(cells) <= max(word, tag):
                continue
            label = cells[tag].strip().replace("B-O", "O") if cells[tag].startswith("B-O") and cells[tag] in ("B-O", "B-OTH") else cells[tag].strip()
            kind = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "person": "PER", "politician": "PER", "organisation": "ORG", "politicalparty": "ORG", "country": "LOC", "location": "LOC"}.get(label[2:])
            start = len(text)
            text += cells[word] + " "
            if label.startswith("B-") and kind:
                current = [start, start + len(cells[word]), kind]
                spans.append(current)
            elif label.startswith("I-") and current and kind == current[2]:
                current[1] = start + len(cells[word])
            else:
                current = None
        if text:
            found.append(from_spans(text, [tuple(s) for s in spans], 0, len(text), language))
    return found


def corpus(path: Path) -> list[Sentence]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        spans = []
        for entity in item["entities"]:
            kind = KINDS.get(entity["kind"])
            if not kind:
                continue
            for s, e in entity["mentions"]:
                name = item["text"][s:e]
                if may_name(name.split()[0]) and not (kind == "PER" and " " not in name and name.split()[0] not in entity["name"]):
                    spans.append((s, e, kind))
        for s, e in sentences(item["text"], item["language"]):
            found.append(from_spans(item["text"], spans, s, e, item["language"]))
    return found


def train(data: list[Sentence], flags: list[list[str]], epochs: int) -> dict[str, list[float]]:
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(TAGS))
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(TAGS))
    stamps: dict[str, list[int]] = defaultdict(lambda: [0] * len(TAGS))
    step = 0
    order = list(range(len(data)))
    rng = random.Random(7)

    def update(feature: str, tag: int, amount: float) -> None:
        totals[feature][tag] += (step - stamps[feature][tag]) * weights[feature][tag]
        stamps[feature][tag] = step
        weights[feature][tag] += amount

    for epoch in range(epochs):
        rng.shuffle(order)
        wrong = seen = 0
        for n in order:
            words, tags, language = data[n]
            previous = "O"
            for i, word in enumerate(words):
                if not (may_name(word) or (previous != "O" and i + 1 < len(words) and bridges(words, i))):
                    previous = "O"
                    continue
                step += 1
                feats = features(words, flags[n], i, previous, language)
                score = [0.0] * len(TAGS)
                for f in feats:
                    row = weights.get(f)
                    if row:
                        for t in range(len(TAGS)):
                            score[t] += row[t]
                guess = max(range(len(TAGS)), key=lambda t: (score[t] if not (TAGS[t][0] == "I" and previous[2:] != TAGS[t][2:]) else -1e9))
                gold = TAGS.index(tags[i])
                seen += 1
                if guess != gold:
                    wrong += 1
                    for f in feats:
                        update(f, gold, 1.0)
                        update(f, guess, -1.0)
                previous = TAGS[guess] if rng.random() < 0.5 else tags[i]
        print(f"epoch {epoch}: {wrong / max(seen, 1):.4f} of {seen} tokens wrong", flush=True)
    averaged = {}
    for feature, row in weights.items():
        averaged[feature] = [
            (totals[feature][t] + (step - stamps[feature][t]) * row[t]) / step for t in range(len(TAGS))
        ]
    return averaged


def packed(averaged: dict[str, list[float]], least: float) -> dict[str, list[int]]:
    out = {}
    for feature, row in sorted(averaged.items()):
        pairs = [x for t, w in enumerate(row) if abs(w) >= least for x in (t, round(w * SCALE))]
        if pairs:
            out[feature] = pairs
    return out


def score(data: list[Sentence], flags: list[list[str]]) -> float:
    right = found = there = 0
    for (words, tags, language), f in zip(data, flags, strict=True):
        pred = {(n.first, n.last, n.type) for n in open_names(words, f, language)}
        gold, i = set(), 0
        while i < len(tags):
            if tags[i][0] == "B":
                j = i + 1
                while j < len(tags) and tags[j][0] == "I":
                    j += 1
                gold.add((i, j, tags[i][2:]))
                i = j
            else:
                i += 1
        right, found, there = right + len(pred & gold), found + len(pred), there + len(gold)
    return 2 * right / (found + there)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("data", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--epochs", type=int, default=6)
    ask.add_argument("--least", type=float, default=0.15)
    args = ask.parse_args()
    own = corpus(args.data / "corpus.jsonl")
    data = columns(args.data / "germeval14.de.test-wikipedia.tsv", 1, 2, "de")
    data += columns(args.data / "uner_ewt.en.train.iob2", 1, 2, "en")
    for part in ("train", "dev"):
        data += columns(args.data / f"crossner_politics.en.{part}.txt", 0, 1, "en")
    print(f"{len(data)} public sentences, {len(own)} of the corpus (counted twice)", flush=True)
    data += own * 2
    knowledge = Knowledge.default()
    flags = [token_flags(words, language, knowledge) for words, _tags, language in data]
    averaged = train(data, flags, args.epochs)
    table = packed(averaged, args.least)
    card = {"trained": "training/names.py", "licence": "CC BY-SA 4.0", "tags": list(TAGS)}
    body = ",\n".join(f"{json.dumps(k, ensure_ascii=False)}:{json.dumps(v, separators=(',', ':'))}" for k, v in table.items())
    args.out.write_text('{"card":' + json.dumps(card) + ',"weights":{\n' + body + "\n}}\n", "utf-8")
    print(f"{len(averaged)} features, {len(table)} kept, {args.out.stat().st_size / 1e6:.1f} MB")
    names.weights.cache_clear()
    names.weights = lambda: table  # type: ignore[assignment]
    for title, held in (
        ("germeval dev", columns(args.data / "germeval14.de.dev.tsv", 1, 2, "de")),
        ("uner dev", columns(args.data / "uner_ewt.en.dev.iob2", 1, 2, "en")),
    ):
        print(title, round(score(held, [token_flags(w, g, knowledge) for w, _t, g in held]), 3))


if __name__ == "__main__":
    main()
