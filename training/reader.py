"""Train the reader's network from data at given paths; checkpoints every few minutes; fixed seeds.

    python -m training.reader DATA --own training/corpus --minutes 40 --out reader.pt [--leave-out N]

DATA is a folder with corpus.jsonl, germeval14.de.dev.tsv, uner_ewt.en.train.iob2, crossner_politics.en.*.txt and
plover_gold.json. Held out: germeval14.de.test-wikipedia.tsv, and everything marked for measuring only.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training import examples as data
from training.encoder import PAD, kept_pieces, listed_pieces, load, tokenizer, weight_file
from training.network import ReaderNet, link_scores
from training.notation import read_items

LONGEST = 224
TOKENS_A_STEP = 1_344
NAME_SENTENCES = 2_400
WEIGHTS = {
    "names": 1.0,
    "event": 2.5,
    "content": 1.0,
    "inner": 0.5,
    "about": 0.3,
    "mode": 0.3,
    "modality": 0.5,
    "kind": 0.3,
}


def batches(items: list[data.Window], rng: random.Random) -> list[list[data.Window]]:
    order = sorted(items, key=lambda w: len(w.ids) + rng.random() * 12)
    out: list[list[data.Window]] = []
    current: list[data.Window] = []
    for window in order:
        if current and (len(current) + 1) * max(len(window.ids), *(len(w.ids) for w in current)) > TOKENS_A_STEP:
            out.append(current)
            current = []
        current.append(window)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out


def padded(rows: list[list[int]], fill: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [fill] * (longest - len(row)) for row in rows])


def losses(net: ReaderNet, batch: list[data.Window]) -> dict[str, torch.Tensor]:
    """The weighted loss of every head that the batch teaches."""
    ids = padded([w.ids for w in batch], PAD)
    mask = (ids != PAD).long()
    with torch.autocast("cpu", torch.bfloat16):
        logits, queries, keys = net(ids, mask)
    logits, queries, keys = logits.float(), queries.float(), keys.float()
    parts: dict[str, torch.Tensor] = {}
    for head in data.TAGS:
        rows = [w.tags.get(head, [-100] * len(w.ids)) for w in batch]
        gold = padded(rows, -100)
        if (gold != -100).any():
            start, end = net.places[head]
            part = functional.cross_entropy(
                logits[..., start:end].reshape(-1, end - start), gold.reshape(-1), ignore_index=-100
            )
            parts[head] = WEIGHTS.get(head, 1.0) * part
    for head in data.CLASSES:
        marks = [(b, i, y) for b, w in enumerate(batch) for i, y in w.classes.get(head, ())]
        if marks:
            at = torch.tensor(marks)
            start, end = net.places[head]
            parts[head] = WEIGHTS[head] * functional.cross_entropy(logits[at[:, 0], at[:, 1], start:end], at[:, 2])
    for head in data.LINKS:
        marks = [(b, i, j) for b, w in enumerate(batch) for i, j in w.links.get(head, ())]
        if marks:
            at = torch.tensor(marks)
            scores = link_scores(queries, keys, head).masked_fill((mask == 0)[:, None, :], -1e4)
            parts[head] = 0.3 * functional.cross_entropy(scores[at[:, 0], at[:, 1]], at[:, 2])
    for head in data.PAIRS:
        marks = [(b, i, js) for b, w in enumerate(batch) for i, js in w.pairs.get(head, ())]
        if marks:
            rows = link_scores(queries, keys, head)[[m[0] for m in marks], [m[1] for m in marks]]
            gold = torch.zeros_like(rows)
            for n, (_b, _i, js) in enumerate(marks):
                gold[n, js] = 1.0
            real = mask[[m[0] for m in marks]].float()
            part = functional.binary_cross_entropy_with_logits(
                rows, gold, reduction="none", pos_weight=torch.tensor(3.0)
            )
            parts[head] = 4.0 * (part * real).sum() / real.sum()
    return parts


def gather(folder: Path, leave_out: int) -> tuple[list[data.Example], list[data.Example]]:
    items = data.read_corpus(folder / "corpus.jsonl")
    if leave_out:
        items = [x for n, x in enumerate(items) if n % leave_out]
    full = [data.from_item(x) for x in items]
    full += data.plover_gold(folder / "plover_gold.json")
    names = data.columns(folder / "germeval14.de.dev.tsv", 1, 2, "de")
    names = names * 6  # half of all: the others are English
    names += data.columns(folder / "uner_ewt.en.train.iob2", 1, 2, "en")
    for part in ("train", "dev"):
        names += data.columns(folder / f"crossner_politics.en.{part}.txt", 0, 1, "en")
    return full, names


def gather_own(folder: Path | None, known: set[str], pieces: Tokenizer) -> list[data.Example]:
    """Items of our own that were not there before, so that a long run takes in what is written meanwhile."""
    if folder is None:
        return []
    found = []
    for item in read_items(folder):
        if item["id"] not in known:
            known.add(item["id"])
            example = data.from_item(item)
            data.prepare(example, pieces)
            found.append(example)
    if found:
        print(f"{len(found)} more items of our own, {len(known)} in all", flush=True)
    return found


def train(args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    source = weight_file()
    keep = kept_pieces(source.pieces, listed_pieces(Path(__file__).with_name("vocabulary.json")))
    pieces = tokenizer(source, keep)
    net = ReaderNet(load(source, keep))
    if args.start:
        resume(net, torch.load(args.start, weights_only=True)["net"])
    full, names = gather(args.data, args.leave_out)
    for example in (*full, *names):
        data.prepare(example, pieces)
    size = sum(len(p[0]) for e in full for p in e.pieces)
    print(f"{len(full)} full examples with {size} tokens, {len(names)} with names only", flush=True)
    slow = [p for n, p in net.named_parameters() if n.startswith("encoder") and p.requires_grad]
    fast = [p for n, p in net.named_parameters() if not n.startswith("encoder")]
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": args.rate}, {"params": fast, "lr": 1e-3}], weight_decay=0.01, fused=True
    )
    rates = [g["lr"] for g in optimizer.param_groups]
    begun, last, count, seen, epoch = time.monotonic(), time.monotonic(), 0, 0, 0
    running: dict[str, list[float]] = defaultdict(list)
    known: set[str] = set()
    while True:
        full += gather_own(args.own, known, pieces)
        chosen = rng.sample(names, min(NAME_SENTENCES, len(names)))
        for batch in batches(data.epoch(full, LONGEST, rng) + data.epoch(chosen, LONGEST, rng), rng):
            share = (time.monotonic() - begun) / (args.minutes * 60)
            if share >= 1:
                save(net, keep, source.sha256, args.out)
                return
            scale = min(share / 0.06 + 0.02, 1.0) * (max(0.02, (1 - share) / 0.94) if share > 0.06 else 1.0)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * scale
            net.train()
            parts = losses(net, batch)
            loss = torch.stack(list(parts.values())).sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
            optimizer.step()
            count += 1
            seen += sum(len(w.ids) for w in batch)
            for head, part in parts.items():
                running[head].append(part.item())
            if time.monotonic() - last > 60:
                means = " ".join(f"{h} {sum(v) / len(v):.2f}" for h, v in running.items())
                print(
                    f"{time.monotonic() - begun:.0f} s, epoch {epoch}, {count} steps, {seen} tokens: {means}",
                    flush=True,
                )
                if int(share * 60) % 6 == 0:
                    save(net, keep, source.sha256, args.out)
                last, running = time.monotonic(), defaultdict(list)
        epoch += 1


def resume(net: ReaderNet, known: dict[str, torch.Tensor]) -> None:
    """Take over weights; heads that are new since then, behind the others, keep their first values."""
    own = net.state_dict()
    for name, value in known.items():
        own[name][tuple(slice(0, size) for size in value.shape)] = value
    net.load_state_dict(own)


def save(net: ReaderNet, keep: list[int], sha256: str, path: Path) -> None:
    torch.save({"net": net.state_dict(), "keep": keep, "encoder_sha256": sha256}, path)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("data", type=Path)
    ask.add_argument("--own", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--start", type=Path, help="go on from this checkpoint")
    ask.add_argument("--minutes", type=float, default=40)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--rate", type=float, default=2e-4)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--leave-out", type=int, default=0, help="leave out every Nth item, for development")
    train(ask.parse_args())


if __name__ == "__main__":
    main()
