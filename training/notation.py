"""Our own annotated items (`NAME.txt`, `NAME.ann`, as `evaluation/README.md` explains) in the shape of `corpus.jsonl`.

In: a folder. Out: mappings with offsets. Items that do not resolve are reported and left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation.items import AnnotationError, load_item


def read_items(folder: Path) -> list[dict[str, Any]]:
    """All items below a folder, sorted by path."""
    items = []
    for path in sorted(folder.rglob("*.ann")):
        try:
            case = load_item(path)
        except (AnnotationError, ValueError, KeyError) as error:
            print(f"left out: {path.name}: {error}", flush=True)
            continue
        items.append({"id": case.id, "text": case.text, "language": case.language, **case.gold})
    return items
