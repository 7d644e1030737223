"""Checking by hand: a stratified sample, judged one by one, with precision and agreement.

In: filters, a seed, verdicts. Out: pages and a table for a methods section. Must not know how judgements win.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from communique.ask.columns import Column
from communique.ask.evidence import outlet
from communique.ask.told import tell
from communique.ask.told import verdict as last_verdict
from communique.ledger import Ledger
from communique.ledger.indexing import day_of, iso_day, type_of
from communique.ledger.packing import actors_of
from communique.ledger.rows import Filter, Stored
from communique.web.agreement import Precision, alpha, precision
from communique.web.answering import csv, page, room_of
from communique.web.asking import Asked

router = APIRouter()
DRAWN_FROM = 2_000
"""Records of each kind out of which a sample is drawn, in the order of their days."""
WRONG = "wrong"
Size = Annotated[int, Query(ge=1, le=500)]
Seed = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Part:
    """The records that share something, and how right they are."""

    by: str
    value: str
    precision: Precision


COLUMNS: tuple[Column[Part], ...] = (
    Column("by", lambda part: part.by),
    Column("value", lambda part: part.value),
    Column("right", lambda part: part.precision.right, "int"),
    Column("judged", lambda part: part.precision.judged, "int"),
    Column("unsure", lambda part: part.precision.unsure, "int"),
    Column("precision", lambda part: part.precision.share, "float"),
    Column("low", lambda part: part.precision.low, "float"),
    Column("high", lambda part: part.precision.high, "float"),
)
PARTS: Mapping[str, Callable[[Stored], str]] = {
    "all": lambda stored: "",
    "kind": lambda stored: stored.kind,
    "type": lambda stored: type_of(stored.record) or "?",
    "language": lambda stored: stored.item.document.language or "?",
    "outlet": lambda stored: outlet(stored.item) or "?",
}


def drawn(ledger: Ledger, wanted: Filter, seed: str, size: int) -> list[Stored]:
    """A sample with as many records of each kind and language as there are, the same for the same seed and ledger."""
    strata: defaultdict[tuple[str, str], list[Stored]] = defaultdict(list)
    pool = [one for kind in wanted.kinds for one in ledger.records(replace(wanted, kinds=(kind,), limit=DRAWN_FROM))]
    for stored in (*pool, *judged_wrong(ledger, wanted)):
        strata[stored.kind, stored.item.document.language or ""].append(stored)
    for held in strata.values():
        held.sort(key=lambda stored: hashlib.sha256(f"{seed}\0{stored.record.id}".encode()).hexdigest())
    chosen: list[Stored] = []
    for at in range(size):
        chosen += [held[at] for _name, held in sorted(strata.items()) if at < len(held)]
        if len(chosen) >= size:
            break
    return chosen[:size]


def judged_wrong(ledger: Ledger, wanted: Filter) -> list[Stored]:
    """Records that no longer stand because somebody called them wrong; without them all that is checked were right."""
    ids = {one.record for one in ledger.judgements() if one.verdict == WRONG and one.field is None}
    found = {stored.record.id: stored for id in sorted(ids) for stored in ledger.find(id) if stored.record.id == id}
    return [
        one for one in found.values()
        if last_verdict(one) == WRONG and one.item.superseded is None and _fits(one, wanted)
    ]  # fmt: skip


def _fits(stored: Stored, wanted: Filter) -> bool:
    """Whether a record that no longer stands is one that the filter would have given."""
    day = iso_day(day_of(stored.record, stored.item.document)) or ""
    codes = {actor.code for side in actors_of(stored.record) for actor in side}
    return (
        stored.kind in wanted.kinds
        and stored.record.confidence >= wanted.min_confidence
        and set(wanted.actors) <= codes
        and (not wanted.types or type_of(stored.record) in wanted.types)
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or "" < day[: len(wanted.until)] <= wanted.until)
    )


def parts(sample: Sequence[Stored]) -> list[Part]:
    """Precision of all judged records of a sample, and by kind, type, language and outlet."""
    judged = [(stored, verdict) for stored in sample if (verdict := last_verdict(stored))]
    found = []
    for by, value in PARTS.items():
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for stored, verdict in judged:
            groups[value(stored)].append(verdict)
        found += [Part(by, name, precision(verdicts)) for name, verdicts in sorted(groups.items())]
    return found


def agreement(sample: Sequence[Stored]) -> tuple[float | None, int]:
    """Krippendorff's alpha between all who judged a sample, and how many records two or more of them judged."""
    units = []
    for stored in sample:
        said: dict[str, str] = {}
        for one in stored.judged:
            if one.other is None and one.field is None:
                said.setdefault(one.author, one.verdict)
        units.append(said)
    return alpha(units), sum(len(unit) > 1 for unit in units)


@router.get("/checking")
def checking(
    request: Request,
    asking: Annotated[Asked, Depends()],
    seed: Seed = "1",
    size: Size = 40,
    at: Annotated[int, Query(ge=0, le=500)] = 0,
    format: Annotated[str, Query(pattern="^(?:html|csv)$")] = "html",
) -> Response:
    """The sample: the record that is to be judged, and what was found so far."""
    room = room_of(request)
    with room.ledger() as ledger:
        wanted = replace(asking.filter(), after=None, text=None, outlets=(), language=None)
        keys = room.sample((wanted, seed, size), lambda: tuple(one.key for one in drawn(ledger, wanted, seed, size)))
        sample = ledger.stored(keys)
        found = parts(sample)
        if format == "csv":
            return csv(request, "precision", found, COLUMNS)
        at = min(at, max(len(sample) - 1, 0))
        told = tell(ledger, sample[at : at + 1])
        value, both = agreement(sample)
        return page(
            request, "checking.html.jinja", sample=sample, told=told[0] if told else None, at=at, seed=seed,
            size=size,
            parts_found=found, alpha=value, both=both, asking=asking,
            done=sum(bool(last_verdict(one)) for one in sample),
        )  # fmt: skip
