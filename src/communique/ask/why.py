"""Why a record is there: its words in their sentence, what produced it, its links, and what people said of it.

In: a ledger and a record's id. Out: everything that speaks for or against it. Must not know how records are found.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from communique.ask.columns import plain
from communique.ask.promises import several
from communique.ask.told import Told, as_dict, tell
from communique.errors import CommuniqueError
from communique.follow.update import PROMISE, STORY
from communique.ledger import Ledger
from communique.ledger.rows import Judgement, Stored

LINKS = {"event": (STORY,), "statement": (STORY,), "commitment": (PROMISE, STORY), "figure": ("conflict", STORY)}
MOST_LINKS = 50


@dataclass(frozen=True, slots=True)
class Linked:
    """Another record that this one is linked with: how, how surely, and why."""

    kind: str
    record: str
    document: str
    score: float
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Why:
    """A record with all that it rests on.

    `rule`: the trigger and what produced it. `reader`: which reader, where the ledger says so. `stands`: whether it
    still does. `attributed_to`: the words of the statement it lies in. `versions`: texts its document ever had.
    """

    told: Told
    record: dict[str, Any]
    rule: str
    reader: dict[str, str]
    stands: bool
    recorded: str
    superseded: str | None
    versions: int
    attributed_to: str | None
    clusters: dict[str, str]
    links: tuple[Linked, ...]
    judgements: tuple[Judgement, ...]
    elsewhere: tuple[str, ...]


def why(ledger: Ledger, id: str) -> Why:
    """Why the record with an id, or its beginning, is in the ledger; CommuniqueError where none or several have it."""
    found = ledger.find(id) if id else []
    ids = sorted({stored.record.id for stored in found})
    if not found:
        raise CommuniqueError(f"There is no record '{id}' in {ledger.path}.")
    if len(ids) > 1 and id not in ids:
        raise several(id, ids)
    own = [stored for stored in found if stored.record.id == (id if id in ids else ids[0])]
    standing = ledger.standing(own[0].kind, [stored.key for stored in own])
    stored = next((one for one in reversed(own) if one.key in standing), own[-1])
    return _why(ledger, stored, stored.key in standing, own)


def _why(ledger: Ledger, stored: Stored, stands: bool, own: list[Stored]) -> Why:
    kinds = LINKS[stored.kind]
    clusters = {kind: id for kind in kinds if kind != "conflict" and (id := ledger.cluster_of(kind, stored.key))}
    others = sorted({one.item.document.id for one in own} - {stored.item.document.id})
    return Why(
        told=tell(ledger, [stored])[0],
        record=plain(stored.record),
        rule=stored.record.why,
        reader=_reader(ledger, stored),
        stands=stands,
        recorded=stored.item.recorded,
        superseded=stored.item.superseded,
        versions=len(ledger.versions(stored.item.document.id)),
        attributed_to=_attributed(ledger, stored),
        clusters=clusters,
        links=_links(ledger, stored),
        judgements=tuple(ledger.judgements(stored.record.id)),
        elsewhere=tuple(others),
    )


def _reader(ledger: Ledger, stored: Stored) -> dict[str, str]:
    """Which reader found it; a ledger that cannot say leaves it empty."""
    asked = getattr(ledger, "reader_of", None)
    return dict(asked(stored.key)) if asked else {}


def _attributed(ledger: Ledger, stored: Stored) -> str | None:
    """The words of the statement that holds all of the record's evidence."""
    if stored.record.asserted_by is None:
        return None
    found = ledger.of_item(stored.item.key, standing=False)
    return next((one.words for one in found if one.record.id == stored.record.asserted_by), None)


def _links(ledger: Ledger, stored: Stored) -> tuple[Linked, ...]:
    links = [link for kind in LINKS[stored.kind] for link in ledger.links(kind, [stored.key])]
    links = sorted(links, key=lambda link: (-link.score, link.a, link.b))[:MOST_LINKS]
    ends = {link.b if link.a == stored.key else link.a: link for link in links}
    others = {one.key: one for one in ledger.stored(list(ends))}
    return tuple(
        Linked(
            link.kind, others[key].record.id, others[key].item.document.id, link.score, link.reason, others[key].words
        )
        for key, link in ends.items()
        if key in others
    )


def as_object(found: Why) -> dict[str, Any]:
    """The same as JSON has it."""
    rest = {one.name: plain(getattr(found, one.name)) for one in fields(found) if one.name not in ("told", "record")}
    return {**as_dict(found.told), "record": found.record, **rest}
