"""A reading as JSON, both ways, and a record as one line of text.

In: records. Out: plain mappings as `docs/records.md` has them, or a line for people, tests and logs.
Must not know how records are found or stored.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from communique.records import (
    Actor,
    Commitment,
    Document,
    Event,
    Figure,
    Reading,
    Record,
    Span,
    Statement,
)

# Fields that are known to the code and say nothing a reader of the records needs.
_INTERNAL = {"Time": ("trigger",), "Quantity": ("number", "role"), "Document": ()}
RECORD_LISTS = ("statements", "events", "commitments", "figures")


def as_json(reading: Reading, *, layers: bool = False, min_confidence: float = 0.0) -> dict[str, Any]:
    """A reading as the object that `communique read --json` prints; records below the confidence are left out."""
    out: dict[str, Any] = {"document": _plain(reading.document), "entities": _plain(reading.entities)}
    for kind in RECORD_LISTS:
        out[kind] = [_plain(r) for r in getattr(reading, kind) if r.confidence >= min_confidence]
    out["problems"] = _plain(reading.problems)
    if layers:
        out["layers"] = _plain(reading.layers)
    out["reader"] = dict(reading.reader)
    return out


@lru_cache(maxsize=64)
def _names(cls: type) -> tuple[str, ...]:
    hidden = _INTERNAL.get(cls.__name__, ())
    return tuple(f.name for f in fields(cls) if f.name not in hidden)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    names = _names(type(value))  # type: ignore[arg-type]
    return {name: _plain(getattr(value, name)) for name in names}


def from_json(content: Mapping[str, Any]) -> Reading:
    """The reading that `as_json` printed; unknown fields are ignored, missing ones take their defaults.

    Raises KeyError or TypeError where a required field is missing.
    """
    reading: Reading = _build(Reading, {"layers": {}, **content})
    return reading


@lru_cache(maxsize=64)
def _types(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _build(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        args = typing.get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_build(args[0], v) for v in value)
        return tuple(value)
    if is_dataclass(kind):
        hints = _types(kind)  # type: ignore[arg-type]
        given = {f.name: _build(hints[f.name], value[f.name]) for f in fields(kind) if f.name in value}
        return kind(**given)  # type: ignore[operator]
    return value


def actor(one: Actor) -> str:
    """An actor's code with its sector, or its words.

    >>> actor(Actor("CHN", "GOV", None, "der Präsident", None)), actor(Actor(None, None, None, "Augenzeugen", None))
    ('CHN', 'Augenzeugen')
    """
    if not one.code:
        return one.text
    return one.code if one.sector in (None, "GOV", "IGO") else f"{one.code}.{one.sector}"


def _actors(many: tuple[Actor, ...]) -> str:
    return "+".join(dict.fromkeys(actor(a) for a in many)) or "?"


def words(document: Document, spans: tuple[Span, ...], limit: int = 90) -> str:
    """The words of some spans on one line, cut in the middle when long."""
    text = " … ".join(" ".join(document.text[s:e].split()) for s, e in spans)
    return text if len(text) <= limit else text[: limit * 2 // 3].rstrip() + " … " + text[-limit // 3 :].lstrip()


def period(record: Event | Figure) -> str:
    """A record's days, shortened where start and end are one day or a whole year or month."""
    if record.start is None:
        return "" if record.end is None else f"until {record.end}"
    if record.start == record.end:
        return record.start
    if record.precision == "year" and record.end and record.start[:4] == record.end[:4]:
        return record.start[:4]
    if record.precision == "month" and record.end and record.start[:7] == record.end[:7]:
        return record.start[:7]
    return f"{record.start}..{record.end or ''}"


def number(value: float) -> str:
    """A number in full, with thousands apart and no superfluous decimals.

    >>> number(41e9), number(3.25), number(-0.5)
    ('41,000,000,000', '3.25', '-0.5')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def amount(figure: Figure) -> str:
    """A figure's value, unit and change in one phrase."""
    sign = {"about": "~", "at_least": "≥", "at_most": "≤"}.get(figure.bound, "")
    parts = []
    if figure.value is not None:
        upper = f"–{number(figure.value_max)}" if figure.value_max is not None else ""
        parts.append(f"{sign}{number(figure.value)}{upper} {figure.unit or ''}".strip())
    if figure.change and figure.change.percent is not None:
        since = f" on {figure.change.since}" if figure.change.since else ""
        parts.append(f"{figure.change.percent:+g} %{since}")
    elif figure.change and figure.change.absolute is not None:
        parts.append(f"{number(figure.change.absolute)} {figure.unit or ''}".strip())
    if figure.rank:
        parts.append(f"rank {figure.rank}")
    return ", ".join(parts)


def _statement(document: Document, record: Statement) -> str:
    who = _actors(record.speakers) if record.speakers else ("anonymous" if record.anonymous else "?")
    return f"{record.form} {who}: «{words(document, record.content)}»"


def _event(document: Document, record: Event) -> str:
    kind = f"{record.type}/{record.mode}" if record.mode else record.type
    both = set(map(actor, record.source)) == set(map(actor, record.target))
    who = _actors(record.source) if both else f"{_actors(record.source)} → {_actors(record.target)}"
    when = period(record)
    return f"{kind} {who} {record.modality}{' ' + when if when else ''} «{words(document, record.trigger)}»"


def _commitment(document: Document, record: Commitment) -> str:
    due = f" [{record.deadline.relation} {record.deadline.end or record.deadline.text}]" if record.deadline else ""
    aim = f" [{record.target.value:g} {record.target.unit}]" if record.target else ""
    return f"{record.kind} {_actors(record.parties)}: «{words(document, record.action_text)}»{due}{aim}"


def _figure(document: Document, record: Figure) -> str:
    about = _actors(record.subjects) + (f" → {_actors(record.counterparts)}" if record.counterparts else "")
    status = "" if record.status == "reported" else f" ({record.status})"
    when = period(record)
    return f"{record.indicator} {about} {when + ' ' if when else ''}{amount(record)}{status} «{record.label}»"


_LINES: dict[type, Callable[[Document, Any], str]] = {
    Statement: _statement,
    Event: _event,
    Commitment: _commitment,
    Figure: _figure,
}


def line(document: Document, record: Record) -> str:
    """A record as one line of text, without its id and confidence."""
    return _LINES[type(record)](document, record)
