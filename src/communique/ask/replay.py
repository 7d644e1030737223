"""A ledger as it would stand, or stood, with only the items until a day: a small ledger beside the real one.

In: a ledger and a day. Out: another ledger, which holds what was published or recorded until then, followed anew.
Must not know what is concluded from it, nor by which rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from communique.errors import CommuniqueError, LedgerError
from communique.follow.update import follow
from communique.ledger import Ledger
from communique.ledger.rows import Filter, Item, Judgement
from communique.records import Commitment, Event, Figure, Reading, Statement

PAGE = 500
MOST = 50_000
"""Items that are followed anew at most: about a quarter of an hour."""
READER = {"name": "replay"}


@contextmanager
def until(ledger: Ledger, day: str) -> Iterator[Ledger]:
    """The ledger itself where nothing in it is later than the day; else one of what was published by its end.

    Of a document that was changed later, the version that stood on the day is in it; people's judgements all are.
    """
    chosen: list[int] = []
    same = True
    for item in standing(ledger):
        then = _on(ledger, item, day)
        same = same and then is item
        chosen += [then.key] if then else []
    if same:
        yield ledger
        return
    with _replayed(ledger, chosen, ledger.judgements()) as other:
        yield other


@contextmanager
def as_of(ledger: Ledger, day: str | None) -> Iterator[Ledger]:
    """The ledger itself without a day, or where nothing was recorded since; else one of what it held at its end."""
    if day is None:
        yield ledger
        return
    chosen = [item.key for item in standing(ledger, day)]
    every = ledger.judgements()
    judged = [judgement for judgement in every if judgement.time[:10] <= day]
    if len(judged) == len(every) and chosen == [item.key for item in standing(ledger)]:
        yield ledger
        return
    with _replayed(ledger, chosen, judged) as other:
        yield other


@contextmanager
def _replayed(ledger: Ledger, items: Sequence[int], judged: Iterable[Judgement]) -> Iterator[Ledger]:
    if len(items) > MOST:
        raise CommuniqueError(f"Going back over {len(items):,} items would take too long; the most is {MOST:,}.")
    with tempfile.TemporaryDirectory(prefix="ledger") as folder, Ledger(Path(folder) / "until") as other:
        _fill(ledger, other, items, judged)
        yield other


def stamp(item: Item) -> str:
    """The day on which its publisher made a text, as far as it is known; without one it was always there."""
    return (item.document.modified or item.document.published or "")[:10]


def standing(ledger: Ledger, day: str | None = None) -> Iterator[Item]:
    """All items that stand, or stood on a day, a page at a time."""
    wanted = Filter(limit=PAGE, as_of=day)
    while True:
        page = ledger.items(wanted)
        yield from page
        if len(page) < PAGE:
            return
        wanted = replace(wanted, after=ledger.cursor(page[-1]))


def _on(ledger: Ledger, item: Item, day: str) -> Item | None:
    """The version of an item's document that stood at the end of a day."""
    if stamp(item) <= day:
        return item
    if item.document.version == 1:
        return None
    earlier = [one for one in ledger.versions(item.document.id) if one.document.text and stamp(one) <= day]
    return max(earlier, key=lambda one: one.document.version, default=None)


def _fill(ledger: Ledger, other: Ledger, items: Iterable[int], judged: Iterable[Judgement]) -> None:
    with other.batch():
        keys = [_add(ledger, other, ledger.item(key)) for key in items]
        for judgement in judged:
            _judge(other, judgement)
        for key in keys:
            follow(other, key)


def _add(ledger: Ledger, other: Ledger, item: Item) -> int:
    return other.add(reading_of(ledger, item), recorded=item.recorded).key


def _judge(other: Ledger, judgement: Judgement) -> None:
    """Lay a judgement over the other ledger, where what it is about is in it."""
    try:
        with other.batch():
            other.judge(judgement)
    except LedgerError:
        return


def reading_of(ledger: Ledger, item: Item) -> Reading:
    """An item's reading, put together again from what the ledger keeps of it."""
    found = ledger.of_item(item.key, standing=item.superseded is None) or ledger.of_item(item.key, standing=False)
    records = list({stored.record.id: stored for stored in found}.values())
    return Reading(
        document=item.document,
        entities=ledger.entities(item.key),
        statements=tuple(r.record for r in records if isinstance(r.record, Statement)),
        events=tuple(r.record for r in records if isinstance(r.record, Event)),
        commitments=tuple(r.record for r in records if isinstance(r.record, Commitment)),
        figures=tuple(r.record for r in records if isinstance(r.record, Figure)),
        reader=READER,
    )
