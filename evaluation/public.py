"""Public originals, read from where the user has them: TIMEX3, NewsQuant, attributions, PLV and GermEval.

In: a path and readings. Out: Cases and Outcomes. Nothing of these data sets is kept in the repository.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.amounts import numbers, same_number, unit
from evaluation.counting import Case, Count, Outcome, match, most_pairs, overlap, touch

Reading = Mapping[str, Any]
_TAG = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*|\S")


def _layer(reading: Reading, name: str) -> list[dict[str, Any]]:
    return (reading.get("layers") or {}).get(name) or []


# --- TIMEX3 (TimeML): a folder of .tml files, such as KRAUTS (Strötgen et al. 2018) ---


def load_timex(path: Path) -> list[Case]:
    """The documents below a folder; the gold is a list of (start, end, value)."""
    return [_timex(file) for file in sorted(path.rglob("*.tml"))]


def _timex(path: Path) -> Case:
    raw = path.read_text("utf-8")
    day = re.search(r'<DCT>.*?value="([^"]+)"', raw, re.DOTALL)
    body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.DOTALL)
    text, spans = _untagged((body[1] if body else raw).strip())
    return Case(path.stem, text, spans, day[1][:10] if day else None, "de")


def _untagged(markup: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its tags, and where its TIMEX3 elements stand; empty elements have no span."""
    text = ""
    opened: list[tuple[int, str]] = []
    spans: list[tuple[int, int, str]] = []
    for piece in _TAG.split(markup):
        if piece.startswith("<TIMEX3") and not piece.endswith("/>"):
            opened.append((len(text), dict(_ATTRIBUTE.findall(piece)).get("value", "")))
        elif piece.startswith("</TIMEX3"):
            start, value = opened.pop()
            spans += [(start, len(text), value)] if start < len(text) else []
        elif not piece.startswith("<"):
            text += html.unescape(piece)
    return text, spans


def score_timex(case: Case, reading: Reading) -> Outcome:
    """Relaxed: expressions that overlap; strict: the same span; value: overlap and the same value."""
    found = sorted((*time["span"], time.get("value")) for time in _layer(reading, "times"))
    pairs = [(case.gold[i], found[j]) for i, j in match(case.gold, found, overlap)]
    same = [gold for gold, time in pairs if gold[2] == time[2]]
    hits = {"relaxed": len(pairs), "strict": sum(g[:2] == t[:2] for g, t in pairs), "value": len(same)}
    outcome = Outcome({name: Count(number, len(found), len(case.gold)) for name, number in hits.items()})
    right = {time[:2] for gold, time in pairs if gold[2] == time[2]}
    outcome.missed = [f"value: {case.text[s:e]} = {value}" for s, e, value in case.gold if (s, e, value) not in same]
    outcome.false = [f"value: {case.text[s:e]} = {value}" for s, e, value in found if (s, e) not in right]
    return outcome


# --- NewsQuant (Almasian et al. 2023): a JSON list of sentences with quantities ---


def load_newsquant(path: Path) -> list[Case]:
    """The sentences of the file; the gold is the list of quantities."""
    items = json.loads(path.read_text("utf-8"))
    return [Case(f"{number:05}", item["text"], item["quantities"], None, "en") for number, item in enumerate(items)]


def score_newsquant(case: Case, reading: Reading) -> Outcome:
    """Value: the same number or range, whatever its sign; with unit; and with the mark for bound or direction."""
    found = _layer(reading, "quantities")
    levels = [_agreement(case.gold[i], found[j]) for i, j in match(case.gold, found, _agreement)]
    hits = {
        "value": len(levels),
        "value_unit": sum(level >= 3 for level in levels),
        "change": sum(level in (2, 4) for level in levels),
    }
    outcome = Outcome({name: Count(number, len(found), len(case.gold)) for name, number in hits.items()})
    pairs = match(case.gold, found, lambda g, q: _agreement(g, q) if _agreement(g, q) >= 3 else 0)
    right_gold, right = {i for i, _ in pairs}, {j for _, j in pairs}
    outcome.missed = [f"value_unit: {q['value']} {q['unit']}" for i, q in enumerate(case.gold) if i not in right_gold]
    outcome.false = [f"value_unit: {q['value']} {q['unit']}" for j, q in enumerate(found) if j not in right]
    return outcome


def _agreement(gold: Mapping[str, Any], found: Mapping[str, Any]) -> int:
    """0 for different numbers, else 1, 2 more for the same unit, 1 more for the same mark."""
    wanted = numbers(gold["value"])
    read = [value for value in (found.get("value"), found.get("value_max")) if value is not None]
    if not wanted or len(wanted) != len(read):
        return 0
    if not all(same_number(abs(one), abs(other), 1e-6) for one, other in zip(wanted, read, strict=True)):
        return 0
    same_unit = unit(found.get("unit")) in {unit(gold.get("normalized_unit")), unit(gold.get("unit"))}
    return 1 + 2 * int(same_unit) + int(_mark(found) == gold["change"])


def _mark(found: Mapping[str, Any]) -> str:
    direction = found.get("direction")
    marks = {"about": "~", "at_least": ">", "at_most": "<"}
    return str(direction) if direction in ("up", "down") else marks.get(found.get("bound") or "", "=")


# --- attributions: PolNeAR (Newell et al. 2018), German Wikinews quotations; JSON Lines with spans ---

ROLES = ("content", "cue", "source")
Unit = dict[str, frozenset[int]]


def load_attributions(path: Path) -> list[Case]:
    """The articles of the file; the gold is the list of attributions."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [_article(item) for item in sorted(items, key=lambda item: item["id"])]


def _article(item: Mapping[str, Any]) -> Case:
    language = item.get("language") or ("de" if str(item.get("publisher", "")).startswith("de.") else "en")
    return Case(item["id"], item["text"], item["attributions"], item.get("published") or item.get("date"), language)


def score_attributions(case: Case, reading: Reading) -> Outcome:
    """Attributed contents with source (ac) and without (c50), each pair with Dice ≥ .5 of words; words per role."""
    words = [m.span() for m in _WORD.finditer(case.text) if any(map(str.isalnum, m.group()))]
    read = [
        {"content": s["content"], "cue": s.get("cue"), "source": [a["span"] for a in s["speakers"] if a.get("span")]}
        for s in reading.get("statements") or ()
    ]
    gold = [unit for unit in (_unit(a, words) for a in case.gold) if unit["content"]]
    found = [unit for unit in (_unit(a, words) for a in read) if unit["content"]]
    outcome = Outcome({f"{role}_token": _tokens(role, gold, found) for role in ROLES})
    sourced = most_pairs(_fits(gold, found, ROLES[::2]))
    outcome.add("ac", Count(len(sourced), len(found), len(gold)))
    outcome.add("c50", Count(len(most_pairs(_fits(gold, found, ("content",)))), len(found), len(gold)))
    outcome.missed = _shown(case.text, words, gold, {i for i, _ in sourced})
    outcome.false = _shown(case.text, words, found, {j for _, j in sourced})
    return outcome


def _unit(attribution: Mapping[str, Any], words: Sequence[tuple[int, int]]) -> Unit:
    """The numbers of the words that each role covers."""

    def covered(spans: Sequence[Sequence[int]]) -> frozenset[int]:
        return frozenset(number for number, word in enumerate(words) if touch([word], spans))

    return {role: covered(attribution.get(role) or ()) for role in ROLES}


def _alike(some: frozenset[int], others: frozenset[int]) -> float:
    return 2 * len(some & others) / (len(some) + len(others)) if some or others else 1.0


def _fits(gold: Sequence[Unit], found: Sequence[Unit], roles: Sequence[str]) -> list[list[int]]:
    rows = []
    for one in gold:
        good = [j for j, other in enumerate(found) if all(_alike(one[role], other[role]) >= 0.5 for role in roles)]
        rows.append(sorted(good, key=lambda j: -_alike(one["content"], found[j]["content"])))
    return rows


def _tokens(role: str, gold: Sequence[Unit], found: Sequence[Unit]) -> Count:
    wanted = frozenset[int]().union(*(unit[role] for unit in gold))
    read = frozenset[int]().union(*(unit[role] for unit in found))
    return Count(len(wanted & read), len(read), len(wanted))


def _shown(text: str, words: Sequence[tuple[int, int]], units: Sequence[Unit], right: set[int]) -> list[str]:
    left = [sorted(unit["content"]) for number, unit in enumerate(units) if number not in right]
    return [f"ac: {text[words[content[0]][0] : words[content[-1]][1]][:90]}" for content in left]


# --- PLV (Dai et al. 2022, PLOVER validation): sentences with one marked source and target ---


def load_plv(path: Path) -> list[Case]:
    """The rows of the table; the gold is the root type and the spans of source and target."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [_plv(number, row) for number, row in enumerate(rows)]


def _plv(number: int, row: Mapping[str, str]) -> Case:
    text = ""
    gold: dict[str, Any] = {"type": row["gold_root"], "s": None, "t": None}
    begun: dict[str, int] = {}
    for piece in re.split(r"(</?[st]>)", row["marked_sentence"]):
        if piece in ("<s>", "<t>"):
            begun.setdefault(piece[1], len(text))
        elif piece in ("</s>", "</t>"):
            gold[piece[2]] = (begun[piece[2]], len(text))
        else:
            text += piece
    return Case(f"{number:05}", text, gold, None, "en")


def score_plv(case: Case, reading: Reading) -> Outcome:
    """The type of the event that fits the marked actors best, against the gold's; CONCEDE and RETREAT are YIELD."""
    events = reading.get("events") or ()
    best = max(events, key=lambda event: (_fit(case.gold, event), event["confidence"]), default=None)
    found, gold = (_root(best["type"]) if best else "NONE"), case.gold["type"]
    outcome = Outcome({"micro": Count(int(found == gold), 1, 1)})
    outcome.add(f"type:{gold}", Count(int(found == gold), 0, 1))
    outcome.add(f"type:{found}", Count(0, 1, 0))
    if found != gold:
        outcome.missed, outcome.false = [f"micro: {gold}"], [f"micro: {found}"]
    return outcome


def _root(type: str) -> str:
    return "YIELD" if type in ("CONCEDE", "RETREAT") else type


def _fit(gold: Mapping[str, Any], event: Mapping[str, Any]) -> int:
    """2 for the marked source among the sources, 2 for target among targets, 1 for each on the other side."""

    def holds(mark: str, side: str) -> bool:
        return gold[mark] is not None and touch([gold[mark]], [a["span"] for a in event[side] if a.get("span")])

    straight = holds("s", "source") + holds("t", "target")
    return 2 * straight + holds("s", "target") + holds("t", "source")


# --- GermEval 2014 named entities (Benikova et al. 2014), outer level ---

NAMES = ("PER", "LOC", "ORG")


def load_germeval(path: Path) -> list[Case]:
    """The sentences of the table; the gold is a set of (start, end, type) without derived and partial names."""
    blocks = re.split(r"\n\s*\n", path.read_text("utf-8"))
    rows = ([line.split("\t") for line in block.splitlines() if line and line[0] != "#"] for block in blocks)
    return [_named(number, tokens) for number, tokens in enumerate(tokens for tokens in rows if tokens)]


def _named(number: int, tokens: Sequence[Sequence[str]]) -> Case:
    text = " ".join(token[1] for token in tokens)
    return Case(f"{number:05}", text, {name for name in _names(tokens) if name[2] in NAMES}, None, "de")


def _names(tokens: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, str]]:
    """Names by the BIO tags of the third column."""
    start, end, position, type = 0, 0, 0, ""
    for token in tokens:
        tag, finish = token[2], position + len(token[1])
        if type and tag.startswith("I-"):
            end = finish
        else:
            if type:
                yield start, end, type
            start, end, type = position, finish, tag[2:] if tag.startswith("B-") else ""
        position = finish + 1
    if type:
        yield start, end, type


def score_germeval(case: Case, reading: Reading) -> Outcome:
    """Names with the very span and type."""
    layer = _layer(reading, "mentions")
    found = {(*mention["span"], mention["type"]) for mention in layer if mention["type"] in NAMES}
    outcome = Outcome({"names": Count(len(found & case.gold), len(found), len(case.gold))})
    for type in NAMES:
        read, wanted = ({n for n in names if n[2] == type} for names in (found, case.gold))
        outcome.add(type, Count(len(read & wanted), len(read), len(wanted)))
    outcome.missed = [f"names: {case.text[s:e]} {type}" for s, e, type in sorted(case.gold - found)]
    outcome.false = [f"names: {case.text[s:e]} {type}" for s, e, type in sorted(found - case.gold)]
    return outcome
