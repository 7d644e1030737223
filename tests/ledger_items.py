"""Readings for the ledger's tests, out of a line of text each. All are invented; so are their office-holders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from communique.records import (
    Actor,
    Commitment,
    Deadline,
    Document,
    Entity,
    Event,
    Figure,
    Problem,
    Reading,
    Statement,
    record_id,
    text_hash,
)

READER = {"name": "communique", "version": "1"}
NEWER = {"name": "communique", "version": "2"}
FICTION = " (FICTION)"


def actor(code: str, entity: str | None = None) -> Actor:
    """A state's actor, or one of a name alone where the code is in small letters."""
    return Actor(code if code.isupper() else None, "GOV", entity, code, None)


def actors(codes: str) -> tuple[Actor, ...]:
    return tuple(actor(code) for code in codes.split())


def where(text: str, words: str) -> tuple[tuple[int, int], ...]:
    start = text.index(words)
    return ((start, start + len(words)),)


def event(text: str, words: str, type_: str, source: str, target: str = "", **fields: Any) -> Event:
    """An event whose evidence are some words of the text."""
    spans = where(text, words)
    made = Event(
        id=record_id("event", text_hash(text), spans),
        evidence=spans,
        confidence=0.9,
        asserted_by=None,
        why="",
        type=type_,
        mode=None,
        contexts=(),
        cameo=None,
        quad="verbal cooperation",
        goldstein=4.0,
        source=actors(source),
        target=actors(target),
        place=None,
        start=None,
        end=None,
        precision=None,
        modality="actual",
        trigger=spans,
    )
    return replace(made, **fields)


def statement(text: str, words: str, speaker: Actor, **fields: Any) -> Statement:
    spans = where(text, words)
    id = record_id("statement", text_hash(text), spans)
    return replace(Statement(id, spans, 0.9, None, "", (speaker,), False, spans, spans, "indirect"), **fields)


def commitment(text: str, words: str, parties: str, due: str | None = None, **fields: Any) -> Commitment:
    spans = where(text, words)
    deadline = Deadline(None, due, "by", due, spans[0]) if due else None
    made = Commitment(
        id=record_id("commitment", text_hash(text), spans),
        evidence=spans,
        confidence=0.9,
        asserted_by=None,
        why="",
        kind="goal",
        parties=actors(parties),
        beneficiaries=(),
        cue=spans,
        action=words,
        action_text=spans,
        fields=(),
        deadline=deadline,
        target=None,
        condition=(),
        event=None,
    )
    return replace(made, **fields)


def figure(text: str, words: str, subjects: str, value: float, **fields: Any) -> Figure:
    spans = where(text, words)
    made = Figure(
        id=record_id("figure", text_hash(text), spans),
        evidence=spans,
        confidence=0.9,
        asserted_by=None,
        why="",
        indicator="trade",
        label=words,
        subjects=actors(subjects),
        counterparts=(),
        value=value,
        value_max=None,
        unit="USD",
        bound="exact",
        status="reported",
        start=None,
        end=None,
        precision=None,
        change=None,
        rank=None,
    )
    return replace(made, **fields)


def reading(text: str, *records: Any, id: str = "one", reader: dict[str, str] = READER, **fields: Any) -> Reading:
    """A reading of a text with records of any kind; further fields are the document's, or `entities` and `problems`."""
    entities: tuple[Entity, ...] = fields.pop("entities", ())
    problems: tuple[Problem, ...] = fields.pop("problems", ())
    known = {"language": "en", "published": "2031-05-02", "publisher": "Nordpost", **fields}
    document = Document(text, id=id, text_id=text_hash(text), **known)
    kinds = (Statement, Event, Commitment, Figure)
    lists = [tuple(one for one in records if isinstance(one, kind)) for kind in kinds]
    return Reading(document, entities, *lists, problems=problems, reader=reader)


def meeting(id: str = "one", text: str = "EST met CHL." + FICTION, **fields: Any) -> Reading:
    """An item with one event: two states meet."""
    given = {name: fields.pop(name) for name in ("start", "confidence", "type") if name in fields}
    one = replace(event(text, text.removesuffix(FICTION), "CONSULT", "EST CHL", "EST CHL"), **given)
    return reading(text, one, id=id, **fields)
