"""Our own training items: every annotation resolves, every item is fiction and names no real office-holder."""

from pathlib import Path

import pytest
from evaluation.items import load_item, read_text
from test_examples import known_persons

from communique.knowledge import Knowledge

ITEMS = sorted((Path(__file__).resolve().parent.parent / "training" / "corpus").glob("*/*.ann"))


def test_there_are_items_in_both_languages() -> None:
    languages = [read_text(path.with_suffix(".txt")).language for path in ITEMS]
    assert languages.count("de") >= 90
    assert languages.count("en") >= 90


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in ITEMS}))
def test_every_annotation_resolves(folder: str) -> None:
    for path in (p for p in ITEMS if p.parent.name == folder):
        case = load_item(path)
        for kind in ("statements", "events", "commitments", "figures", "times"):
            for record in case.gold[kind]:
                for span in [record.get("trigger"), record.get("action"), *(record.get("content") or [])]:
                    assert span is None or 0 <= span[0] < span[1] <= len(case.text)


def test_every_item_is_fiction_and_names_nobody_real() -> None:
    knowledge = Knowledge.default()
    named = {}
    for path in ITEMS:
        item = read_text(path.with_suffix(".txt"))
        assert item.fiction, path.name
        found = list(known_persons(item.text, knowledge))
        if found:
            named[path.stem] = found
    assert not named
