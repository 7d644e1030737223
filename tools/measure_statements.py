"""Precision of each rule of reading/statements/ on annotated items: the `confidence` of the `statements` lexicons.

    tools/measure_statements.py ITEMS.jsonl

A statement is right when its content has a Dice of .6 or more with one of the annotated contents and its speaker is the
annotated one, by words or by entity. Rounded to .05 after adding `PRIOR` statements of the mean precision to each rule.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from communique.knowledge import Knowledge
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.named import Named
from communique.reading.statements import find_statements
from communique.records import Document, Spans, Statement

LEAST = 0.6
PRIOR = 3


def dice(first: list[list[int]], second: tuple[tuple[int, int], ...]) -> float:
    a, b = ({i for s, e in spans for i in range(s, e)} for spans in (first, second))
    return 2 * len(a & b) / (len(a) + len(b))


def overlap(first: Spans, second: Spans) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in first for b in second)


def same_speaker(item: dict[str, Any], gold: dict[str, Any], statement: Statement, named: Named) -> bool:
    """Whether words or entity of a speaker are the annotated ones, or neither has any."""
    mentions = {e["id"]: e["mentions"] for e in item["entities"]}
    annotated = ([gold["speaker"]] if gold.get("speaker") else []) + mentions.get(gold.get("who"), [])
    entities = [named.entity(a.entity) for a in statement.speakers]
    found = [a.span for a in statement.speakers if a.span] + [m for e in entities if e for m in e.mentions]
    return overlap(annotated, found) if annotated else not found


def right(item: dict[str, Any], statements: tuple[Statement, ...], named: Named) -> Counter[str]:
    found: Counter[str] = Counter()
    free = list(item["statements"])
    for statement in statements:
        best = max(free, key=lambda gold: dice(gold["content"], statement.content), default=None)
        if best is not None and dice(best["content"], statement.content) >= LEAST:
            free.remove(best)
            found[rule(statement)] += same_speaker(item, best, statement, named)
    return found


def rule(statement: Statement) -> str:
    return statement.why.rpartition("; ")[2]


def main() -> None:
    knowledge = Knowledge.default()
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
        item = json.loads(line)
        encoded, _ = encode(Document(text=item["text"], published=item["published"], language=item["language"]))
        named = find_mentions(encoded, knowledge)
        statements = find_statements(encoded, named)
        good, every = counts.setdefault(item["language"], (Counter(), Counter()))
        good.update(right(item, statements, named))
        every.update(rule(s) for s in statements)
    for language, (good, every) in counts.items():
        mean = sum(good.values()) / sum(every.values())
        table = {
            name: min(0.95, round(20 * (good[name] + PRIOR * mean) / (n + PRIOR)) / 20)
            for name, n in every.most_common()
        }
        print(f"{language}: {sum(good.values())}/{sum(every.values())}", json.dumps(table, ensure_ascii=False))


if __name__ == "__main__":
    main()
