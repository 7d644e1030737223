"""Stored records made by hand for the tests of promises. All items are FICTION: states are real, persons invented."""

from __future__ import annotations

from communique.ledger.rows import Item, Stored
from communique.records import Actor, Commitment, Deadline, Document, Event, Figure, Target, record_id, text_hash

Parties = tuple[str, ...]


def actors(codes: Parties) -> tuple[Actor, ...]:
    return tuple(Actor(code, "GOV", None, code, None) for code in codes)


def item(
    key: int, day: str, text: str, language: str = "en", title: str = "", publisher: str = "Harbour Gazette"
) -> Item:
    """An item; with a title it stands before the text as it does in a reading."""
    whole = f"{title}\n\n{text}" if title else text
    span = (0, len(title)) if title else None
    document = Document(
        text=whole, id=f"doc{key:02}", text_id=text_hash(whole), title=title or None, title_span=span,
        published=day, language=language, publisher=publisher,
    )  # fmt: skip
    return Item(key, document, recorded="2032-01-01")


def stored(kind: str, record: Commitment | Event | Figure, it: Item, key: int) -> Stored:
    words = " … ".join(it.document.text[a:b] for a, b in record.evidence)
    return Stored(key, kind, record, it, words)


def promise(
    it: Item,
    action: str,
    parties: Parties,
    *,
    due: str | None = None,
    target: tuple[float, str] | None = None,
    to: Parties = (),
    fields: Parties = (),
    relation: str = "by",
) -> Stored:
    """A commitment whose action stands in the item; `due` is an ISO day, the first where the relation is 'from'."""
    start = it.document.text.index(action)
    span = (start, start + len(action))
    dates = (due, None) if relation == "from" else (None, due)
    deadline = Deadline(*dates, relation, f"{relation} {due}", span) if due else None
    record = Commitment(
        id=record_id("commitment", it.document.text_id, (span,)), evidence=(span,), confidence=0.8, asserted_by=None,
        why="", kind="pledge", parties=actors(parties), beneficiaries=actors(to), cue=(), action=action,
        action_text=(span,), fields=fields, deadline=deadline,
        target=Target(*target, None, span) if target else None, condition=(), event=None,
    )  # fmt: skip
    return stored("commitment", record, it, it.key * 100 + span[0])


def figure(
    it: Item,
    words: str,
    value: float,
    unit: str,
    subjects: Parties,
    year: int | None,
    *,
    indicator: str = "trade",
    status: str = "reported",
    counterparts: Parties = (),
) -> Stored:
    start = it.document.text.index(words)
    span = (start, start + len(words))
    record = Figure(
        id=record_id("figure", it.document.text_id, (span,)), evidence=(span,), confidence=0.9, asserted_by=None,
        why="",
        indicator=indicator, label=indicator, subjects=actors(subjects), counterparts=actors(counterparts), value=value,
        value_max=None, unit=unit, bound="exact", status=status, start=f"{year}-01-01" if year else None,
        end=f"{year}-12-31" if year else None, precision="year" if year else None, change=None, rank=None,
    )  # fmt: skip
    return stored("figure", record, it, it.key * 100 + 50 + span[0])


def event(
    it: Item,
    words: str,
    type: str,
    source: Parties,
    target: Parties,
    *,
    mode: str | None = None,
    modality: str = "actual",
    start: str | None = None,
) -> Stored:
    at = it.document.text.index(words)
    span = (at, at + len(words))
    record = Event(
        id=record_id("event", it.document.text_id, (span,)), evidence=(span,), confidence=0.9, asserted_by=None, why="",
        type=type, mode=mode, contexts=(), cameo=None, quad="", goldstein=None, source=actors(source),
        target=actors(target), place=None, start=start, end=start, precision="day", modality=modality, trigger=(span,),
    )  # fmt: skip
    return stored("event", record, it, it.key * 100 + 70 + span[0])
