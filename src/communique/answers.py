"""What the knowledge says about a row, for people and as JSON.

In: rows found by `Knowledge.lookup`. Out: lines of text. Must not look anything up by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from communique.compiling import SINGLE_HOLDER
from communique.knowledge import Knowledge, Row, Term

Hit = tuple[Row, str, float]


def _term(term: Term) -> str:
    held = f"{term.since or '?'} to {term.until or 'today'}"
    return f"{(term.title or term.office.replace('_', ' '))} of {term.of} ({held}; {term.source or 'unverified'})"


def _on(dated: Iterable[Sequence[Any]], day: str, column: int) -> list[str]:
    """The names that were in use on a day, out of [English, German, from, until] rows."""
    return [str(row[column]) for row in dated if (row[2] or "") <= day and (row[3] is None or day < row[3])]


def _person(row: Row, day: str) -> Iterator[str]:
    now = [t for t in row.terms if t.holds(day)]
    yield f"on {day}: " + ("; ".join(_term(t) for t in now) if now else "no office in the knowledge")
    past = [t for t in row.terms if t not in now]
    if past:
        yield "other terms: " + "; ".join(_term(t) for t in past)


def _state(row: Row, knowledge: Knowledge, day: str) -> Iterator[str]:
    former = row.more.get("former") or ()
    named = _on((f for f in former if f[3]), day, 0)
    if named:
        yield f"named on {day}: " + ", ".join(named)
    elif former:
        yield "former names: " + "; ".join(f"{f[0]} ({f[2] or '?'} to {f[3] or '?'})" for f in former)
    capitals = _on(row.more.get("capitals") or (), day, 0)
    if capitals:
        yield f"capital on {day}: " + ", ".join(capitals)
    for office in SINGLE_HOLDER:
        holders = knowledge.holders(str(row.code), office, day)
        if holders:
            yield f"{office.replace('_', ' ')} on {day}: " + ", ".join(h.name("en") for h in holders)
    codes = [f"{k} {row.more[k]}" for k in ("iso2", "numeric", "cow", "gw", "currency") if row.more.get(k) is not None]
    if codes:
        yield "codes: " + ", ".join(codes)


def _body(row: Row, knowledge: Knowledge, day: str) -> Iterator[str]:
    founded, dissolved = row.more.get("founded"), row.more.get("dissolved")
    if founded or dissolved:
        dates = [f"founded {founded}" if founded else "", f"dissolved {dissolved}" if dissolved else ""]
        yield ", ".join(x for x in dates if x) + _absent(founded, dissolved, day)
    members = knowledge.members(str(row.more.get("own_code") or row.code), day)
    if members:
        yield f"{len(members)} members on {day}: " + " ".join(members)


def _absent(founded: str | None, dissolved: str | None, day: str) -> str:
    if founded and day < founded:
        return f": on {day} (not there yet)"
    return f": on {day} (no longer there)" if dissolved and day >= dissolved else ""


def _lines(row: Row, knowledge: Knowledge, day: str) -> Iterator[str]:
    if row.kind == "person":
        yield from _person(row, day)
    elif row.kind == "state":
        yield from _state(row, knowledge, day)
    elif row.kind == "igo":
        yield from _body(row, knowledge, day)
    elif row.kind == "initiative" and row.more.get("since"):
        yield f"from {row.more['since']}" + (f" to {row.more['until']}" if row.more.get("until") else "")
    source = row.more.get("source")
    if source:
        yield "source: " + ", ".join([source] if isinstance(source, str) else source)


def contested(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The rows of the contested table: how records code a case, since when, and why."""
    for row in rows:
        dates = f"since {row.get('since') or '?'}" + (f" until {row['until']}" if row.get("until") else "")
        yield f"contested: {row['name']} is coded {row.get('code') or 'by case'} ({dates}): {row['treated_as']}"
        for note in (row.get("note_en"), row.get("note_de")):
            if note:
                yield f"    {note}"


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


def as_rows(
    hits: Iterable[Hit], knowledge: Knowledge, day: str, cases: Iterable[Mapping[str, Any]] = ()
) -> Iterator[str]:
    """One JSON object per row; a contested case that no row bears the name of is one too."""
    shown = False
    for row, form, score in hits:
        shown = True
        held: dict[str, Any] = {
            "id": row.id, "kind": row.kind, "names": row.names, "code": row.code, "state": row.state,
            "wikidata": row.wikidata, "form": form, "score": score,
            "terms": [t._asdict() for t in row.terms], "in_office": [t._asdict() for t in row.terms if t.holds(day)],
            "members": knowledge.members(str(row.more.get("own_code")), day) if row.kind == "igo" else (),
            "named": _on((f for f in row.more.get("former") or () if f[3]), day, 0),
            "founded": row.more.get("founded"), "dissolved": row.more.get("dissolved"),
            "contested": knowledge.contested_for(row.name("en")) if row.kind in ("state", "region") else (),
        }  # fmt: skip
        yield json.dumps(held, ensure_ascii=False)
    if not shown:
        yield from (json.dumps({"kind": "contested", **case}, ensure_ascii=False) for case in cases)
