"""What the knowledge says about a row, for people and as JSON.

In: rows found by `Knowledge.lookup`. Out: lines of text. Must not look anything up by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from communique.knowledge import Knowledge, Row, Term

Hit = tuple[Row, str, float]


def _term(term: Term) -> str:
    held = f"{term.since or '?'} to {term.until or 'today'}"
    return f"{(term.title or term.office.replace('_', ' '))} of {term.of} ({held}; {term.source or 'unverified'})"


def _lines(row: Row, knowledge: Knowledge, day: str) -> Iterator[str]:
    if row.kind == "person":
        now = [t for t in row.terms if t.holds(day)]
        yield f"on {day}: " + ("; ".join(_term(t) for t in now) if now else "no office in the knowledge")
        past = [t for t in row.terms if t not in now]
        if past:
            yield "other terms: " + "; ".join(_term(t) for t in past)
    if row.kind == "state":
        for office in ("head_of_state", "head_of_government", "foreign_minister"):
            holders = knowledge.holders(str(row.code), office, day)
            if holders:
                yield f"{office.replace('_', ' ')} on {day}: " + ", ".join(h.name("en") for h in holders)
        codes = [f"{k} {row.more[k]}" for k in ("iso2", "numeric", "cow", "gw", "currency") if row.more.get(k) is not None]
        yield "codes: " + ", ".join(codes)
    if row.kind == "igo":
        members = knowledge.members(str(row.more.get("own_code") or row.code), day)
        if members:
            yield f"{len(members)} members on {day}: " + " ".join(members)
    if row.more.get("source"):
        yield "source: " + ", ".join([row.more["source"]] if isinstance(row.more["source"], str) else row.more["source"])


def described(hits: Iterable[Hit], knowledge: Knowledge, day: str) -> Iterator[str]:
    """Some lines of text per row."""
    for row, form, score in hits:
        other = row.names.get("de")
        names = row.name("en") + (f" / {other}" if other and other != row.name("en") else "")
        ids = ", ".join(x for x in (row.code or row.state, row.wikidata) if x)
        sure = "" if score >= 1 else f", by likeness {score:.0%}"
        yield f"{names}  [{row.kind}{', ' + ids if ids else ''}]  ({form}{sure})"
        for line in _lines(row, knowledge, day):
            yield "    " + line


def as_rows(hits: Iterable[Hit], knowledge: Knowledge, day: str) -> Iterator[str]:
    """One JSON object per row."""
    for row, form, score in hits:
        held: dict[str, Any] = {
            "id": row.id, "kind": row.kind, "names": row.names, "code": row.code, "state": row.state,
            "wikidata": row.wikidata, "form": form, "score": score,
            "terms": [t._asdict() for t in row.terms], "in_office": [t._asdict() for t in row.terms if t.holds(day)],
            "members": knowledge.members(str(row.more.get("own_code")), day) if row.kind == "igo" else (),
        }  # fmt: skip
        yield json.dumps(held, ensure_ascii=False)
