"""Annotated texts as training examples: windows of tokens with a label per head, and links between spans.

In: items in the shape of `corpus.jsonl` (offsets into `text`), and sentences in columns with names only.
Out: Examples and, per epoch, windows. Must not know the network.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from communique.text import sentences

Span = tuple[int, int]

TYPES = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION "
    "MOBILIZE COERCE ASSAULT"
).split()
NAMES = ("PER", "LOC", "ORG", "INI")
TAGS: dict[str, tuple[str, ...]] = {
    "names": NAMES,
    "content": ("X",),
    "inner": ("X",),
    "source": ("X",),
    "cue": ("X",),
    "event": tuple(TYPES),
    "action": ("X",),
    "promise": ("X",),
    "figure": ("X",),
    "about": ("X",),
}
MODALITY = ("actual", "planned", "possible", "denied")
KIND = ("goal", "pledge", "agreement", "plan", "offer")
MODES = (
    "visit third-party multilateral phone withdraw release disarm ceasefire access resign assist change yield "
    "meet disapprove investigate allege restrict arrest relations expel territory violence demo riot strike "
    "hunger boycott obstruct vandalize convict discontinue troops weapons police militia seize censor curfew "
    "martial-law deport withhold misinformation cyber abduct beat torture sexual targeted destroy primitive "
    "firearms explosives suicide-attack aerial drone heavy-weapons crowd-control unconventional"
).split()
CLASSES: dict[str, tuple[str, ...]] = {"modality": MODALITY, "mode": ("none", *MODES), "kind": KIND}
LINKS = ("content_cue", "content_source")
PAIRS = ("event_source", "event_target", "action_party", "source_entity", "target_entity")
ENTITY_NAMES = {
    "person": "PER",
    "state": "LOC",
    "place": "LOC",
    "igo": "ORG",
    "organisation": "ORG",
    "initiative": "INI",
}


@dataclass(slots=True)
class Example:
    """One text with spans per head; `heads` says which heads it teaches."""

    text: str
    language: str
    heads: frozenset[str]
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    classes: list[tuple[int, str, str]] = field(default_factory=list)  # offset, head, label
    links: list[tuple[str, int, int | None]] = field(default_factory=list)  # head, from offset, to offset
    pairs: list[tuple[str, int, tuple[Span, ...]]] = field(default_factory=list)  # head, from offset, spans
    pieces: list[tuple[list[int], list[Span], bool]] = field(default_factory=list)  # ids, offsets, ends paragraph


ALL = frozenset({*TAGS, *CLASSES, *LINKS, *PAIRS})


def _name_spans(entity: dict[str, Any], text: str) -> Iterable[tuple[int, int, str]]:
    kind = ENTITY_NAMES[entity["kind"]]
    for start, end in entity["mentions"]:
        words = text[start:end]
        if kind == "PER" and not any(w in entity["name"] for w in words.split() if w[:1].isupper()):
            continue  # a title without the name
        if not words[:1].isupper() and kind in ("PER", "LOC"):
            continue
        yield start, end, kind


def from_item(item: dict[str, Any]) -> Example:
    """An item of `corpus.jsonl` or of our own corpus as an example for all heads."""
    text = item["text"]
    out = Example(text, item["language"], ALL, {head: [] for head in TAGS})
    for entity in item["entities"]:
        out.spans["names"] += _name_spans(entity, text)
    _statements(out, item["statements"])
    for event in item["events"]:
        start, end = event["trigger"]
        out.spans["event"].append((start, end, event["type"]))
        out.classes.append((start, "modality", event["modality"] if event["modality"] in MODALITY else "possible"))
        out.classes.append((start, "mode", event["mode"] if event["mode"] in MODES else "none"))
        out.pairs.append(("event_source", start, tuple(map(tuple, event["source_spans"]))))
        out.pairs.append(("event_target", start, tuple(map(tuple, event["target_spans"]))))
        out.pairs += _understood(item["entities"], event)
    for promise in item["commitments"]:
        start, end = promise["action"]
        out.spans["action"].append((start, end, "X"))
        if promise.get("cue"):
            out.spans["promise"].append((*promise["cue"], "X"))
        out.classes.append((start, "kind", promise["kind"]))
        out.pairs.append(("action_party", start, tuple(map(tuple, promise["party_spans"]))))
    for figure in item["figures"]:
        out.spans["figure"].append((*figure["span"], "X"))
        if figure.get("about"):
            out.spans["about"].append((*figure["about"], "X"))
    return out


def _understood(
    entities: Sequence[dict[str, Any]], event: dict[str, Any]
) -> Iterable[tuple[str, int, tuple[Span, ...]]]:
    """From a trigger to every mention of whom the event's codes mean, also where its sentence doesn't name them."""
    for head, side in (("source_entity", "source_codes"), ("target_entity", "target_codes")):
        codes = {code.split(".")[0].upper() for code in event[side]}
        spans = tuple(
            (start, end)
            for entity in entities
            if (entity["code"] or entity["state"] or "").upper() in codes
            for start, end in entity["mentions"]
        )
        if spans or not codes:
            yield head, event["trigger"][0], spans


def _statements(out: Example, statements: Sequence[dict[str, Any]]) -> None:
    for statement in statements:
        level = "inner" if statement.get("within") is not None else "content"
        first = statement["content"][0][0]
        for start, end in statement["content"]:
            out.spans[level].append((start, end, "X"))
            cue, source = statement.get("cue"), statement.get("speaker")
            out.links.append(("content_cue", start, cue[0] if cue else None))
            out.links.append(("content_source", start, source[0] if source else None))
        if statement.get("cue"):
            out.spans["cue"].append((*statement["cue"], "X"))
        if statement.get("speaker"):
            out.spans["source"].append((*statement["speaker"], "X"))
        assert first >= 0


def read_corpus(path: Path) -> list[dict[str, Any]]:
    """The items of a JSON Lines corpus."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


_COLUMN_TYPES = {
    "PER": "PER", "LOC": "LOC", "ORG": "ORG", "person": "PER", "politician": "PER", "organisation": "ORG",
    "politicalparty": "ORG", "country": "LOC", "location": "LOC",
}  # fmt: skip


def columns(path: Path, word: int, tag: int, language: str) -> list[Example]:
    """Sentences in columns with BIO names, as examples for the names head only."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        text, spans, open_ = "", [], None
        for line in block.splitlines():
            cells = line.split("\t")
            if line.startswith("#") or len(cells) <= max(word, tag):
                continue
            label = cells[tag].strip()
            kind = _COLUMN_TYPES.get(label[2:])
            start, end = len(text), len(text) + len(cells[word])
            text += cells[word] + " "
            if label.startswith("B-") and kind:
                open_ = [start, end, kind]
                spans.append(open_)
            elif label.startswith("I-") and open_ and kind == open_[2]:
                open_[1] = end
            else:
                open_ = None
        if text:
            found.append(Example(text.rstrip(), language, frozenset({"names"}), {"names": [tuple(s) for s in spans]}))
    return found


def plover_gold(path: Path) -> list[Example]:
    """PLOVER's gold sentences: trigger and actors are marked inside the sentence."""
    old = {"FIGHT": "ASSAULT", "DISAPPROVE": "ACCUSE", "DEMAND": "REQUEST", "INVESTIGATE": "ACCUSE"}
    content = json.loads(path.read_text("utf-8"))
    rows = (
        content
        if isinstance(content, list)
        else [r for v in content.values() for r in (v if isinstance(v, list) else [v])]
    )
    found = []
    for row in rows:
        about = row.get("textInfo") if isinstance(row, dict) else None
        markup = about.get("markup") if isinstance(about, dict) else None
        kind = old.get(row.get("event"), row.get("event")) if isinstance(row, dict) else None
        if not markup or kind not in TYPES:
            continue
        text, marks = "", []
        for piece in re.split(r"(\((?:SRC/TAR|SRC|TAR|EVT): [^()]*\))", markup):
            mark = re.fullmatch(r"\((SRC/TAR|SRC|TAR|EVT): ([^()]*)\)", piece)
            start = len(text)
            text += mark[2] if mark else piece
            if mark:
                marks.append((mark[1], (start, len(text))))
        triggers = [s for k, s in marks if k == "EVT"]
        if not triggers:
            continue
        heads = frozenset({"event", "event_source", "event_target"})
        example = Example(text, "en", heads, {"event": [(*triggers[0], kind)]})
        sources = tuple(s for k, s in marks if "SRC" in k)
        targets = tuple(s for k, s in marks if "TAR" in k)
        example.pairs = [("event_source", triggers[0][0], sources), ("event_target", triggers[0][0], targets)]
        found.append(example)
    return found


def prepare(example: Example, tokenizer: Tokenizer) -> None:
    """Cut an example into sentences of tokens, once."""
    text = example.text
    for start, end in sentences(text, example.language):
        encoded = tokenizer.encode(text[start:end])
        offsets = []
        for left, right in encoded.offsets:
            while left < right and text[start + left].isspace():
                left += 1
            offsets.append((start + left, start + right))
        example.pieces.append((encoded.ids, offsets, text[end : end + 1] == "\n" or text[end : end + 2] == "\n\n"))


@dataclass(slots=True)
class Window:
    """Token ids with labels: `tags` and `classes` per head, `links` and `pairs` as token indices."""

    ids: list[int]
    offsets: list[Span]
    tags: dict[str, list[int]]
    classes: dict[str, list[tuple[int, int]]]
    links: dict[str, list[tuple[int, int]]]
    pairs: dict[str, list[tuple[int, list[int]]]]


def windows(example: Example, longest: int, first: int = 0) -> list[Window]:
    """Consecutive sentences packed into windows, beginning anew behind the `first` sentences."""
    out: list[Window] = []
    ids: list[int] = [0]
    offsets: list[Span] = [(0, 0)]
    for n, (piece, spans, ends) in enumerate(example.pieces):
        piece, spans = piece[: longest - 2], spans[: longest - 2]
        if len(ids) > 1 and (len(ids) + len(piece) + 1 > longest or n == first):
            out.append(labelled(example, ids, offsets))
            ids, offsets = [0], [(0, 0)]
        ids = ids + piece
        offsets = offsets + spans
        if ends and len(ids) < longest:
            ids, offsets = [*ids, 2], [*offsets, (0, 0)]
    if len(ids) > 1:
        out.append(labelled(example, ids, offsets))
    return out


def labelled(example: Example, ids: list[int], offsets: list[Span]) -> Window:
    """A window with the labels that fall into it."""
    window = Window(ids, offsets, {}, {}, {}, {})
    low = next((s for s, e in offsets if e > s), 0)
    high = max((e for _s, e in offsets), default=0)

    def touching(start: int, end: int) -> list[int]:
        return [i for i, (s, e) in enumerate(offsets) if s < e and s < end and e > start]

    for head, kinds in TAGS.items():
        if head not in example.heads:
            continue
        row = [-100 if i in (0, 2) and s == e else 0 for i, (s, e) in zip(ids, offsets, strict=True)]
        for start, end, kind in sorted(example.spans.get(head, ()), key=lambda s: s[1] - s[0], reverse=True):
            if end <= low or start >= high:
                continue
            for k, i in enumerate(touching(start, end)):
                row[i] = 1 + 2 * kinds.index(kind) + (k > 0 or start < low)
        window.tags[head] = row
    at = {}
    for i, (s, e) in enumerate(offsets):
        if s < e:
            at.setdefault(s, i)

    def token(offset: int) -> int | None:
        hits = touching(offset, offset + 1)
        return at.get(offset, hits[0] if hits else None)

    for offset, head, label in example.classes:
        i = token(offset)
        if i is not None:
            window.classes.setdefault(head, []).append((i, CLASSES[head].index(label)))
    for head, start, to in example.links:
        i = token(start)
        if i is not None:
            j = token(to) if to is not None else None
            window.links.setdefault(head, []).append((i, j or 0))
    for head, start, spans in example.pairs:
        i = token(start)
        if i is not None and head in example.heads:
            window.pairs.setdefault(head, []).append((i, [k for s, e in spans for k in touching(s, e)]))
    return window


def epoch(examples: Sequence[Example], longest: int, rng: random.Random) -> list[Window]:
    """All windows of an epoch, cut at another sentence each time."""
    return [w for e in examples for w in windows(e, longest, rng.randrange(0, 4))]
