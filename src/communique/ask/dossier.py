"""The dossier: everything that a ledger concludes from the items published until a day.

In: a ledger and a day. Out: documents, copies, stories, promises with their mentions, conflicts between figures.
Must not know by which rules anything is concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from communique.ask import replay
from communique.ask.figures import disputes_of
from communique.follow import promises
from communique.follow.series import Dispute
from communique.ledger import Ledger
from communique.ledger.rows import Entry, Filter, Item
from communique.records import Spans


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a promise is mentioned: the document's id, the words, and what the mention means for the promise."""

    document: str
    day: str | None
    evidence: Spans
    words: str
    entry: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise with its status on the day of the dossier."""

    id: str
    status: str
    due: str | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One event in the world, and the ids of the documents that report it."""

    id: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is concluded on a day; `copies` and `stories` of at least two documents, which are named by their ids."""

    on: str
    documents: tuple[tuple[str, str | None], ...]
    copies: tuple[tuple[str, ...], ...]
    stories: tuple[Story, ...]
    promises: tuple[Promise, ...]
    conflicts: tuple[Dispute, ...]


def dossier(ledger: Ledger, on: str) -> Dossier:
    """The dossier of an ISO day: as the conclusions are when only what was published until then is known."""
    with replay.until(ledger, on) as known:
        named = {item.key: (item.document.id, item.document.name) for item in replay.standing(known)}
        documents = {key: id for key, (id, _name) in named.items()}
        return Dossier(
            on=on,
            documents=tuple(named.values()),
            copies=_copies(known, documents),
            stories=_stories(known, documents),
            promises=_promises(known, on),
            conflicts=disputes_of(known, known.links("conflict")),
        )


def _copies(ledger: Ledger, documents: dict[int, str]) -> tuple[tuple[str, ...], ...]:
    clusters = ledger.clusters("copy", min_size=2)
    named = (_unique(documents[key] for key in cluster.members if key in documents) for cluster in clusters)
    return tuple(group for group in named if len(group) > 1)


def _stories(ledger: Ledger, documents: dict[int, str]) -> tuple[Story, ...]:
    found = []
    for cluster in ledger.clusters("story", min_size=2):
        members = ledger.stored(cluster.members)
        story = Story(cluster.id, _unique(documents[one.item.key] for one in members if one.item.key in documents))
        if len(story.documents) > 1:
            found.append(story)
    return tuple(found)


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


def _promises(ledger: Ledger, on: str) -> tuple[Promise, ...]:
    ids = ledger.promises(Filter(kinds=("commitment",), limit=None))
    found = (_promise(ledger, id, on) for id in ids)
    return tuple(one for one in found if one is not None)


def _promise(ledger: Ledger, id: str, on: str) -> Promise | None:
    entries = [entry for entry in ledger.entries(id) if entry.day is None or entry.day <= on]
    status = promises.status(entries, None, on)
    if status is None:
        return None
    mentions = tuple(_mention(entry, ledger.item(entry.item)) for entry in entries)
    return Promise(id, status, promises.due_on(entries, on), mentions)


def _mention(entry: Entry, item: Item) -> Mention:
    words = " … ".join(" ".join(item.document.text[start:end].split()) for start, end in entry.evidence)
    return Mention(item.document.id, entry.day, entry.evidence, words, entry.entry)


def as_object(found: Dossier) -> dict[str, Any]:
    """A dossier as the one JSON object that `communique dossier --json` prints."""
    return {
        "documents": [{"id": id, "name": name} for id, name in found.documents],
        "copies": [list(group) for group in found.copies],
        "stories": [{"id": story.id, "documents": list(story.documents)} for story in found.stories],
        "promises": [
            {"id": promise.id, "status": promise.status, "mentions": [_as_mention(m) for m in promise.mentions]}
            for promise in found.promises
        ],
        "conflicts": [conflict_object(dispute) for dispute in found.conflicts],
    }


def _as_mention(mention: Mention) -> dict[str, Any]:
    return {"document": mention.document, "evidence": _pairs(mention.evidence), "entry": mention.entry}


def _pairs(spans: Spans) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def conflict_object(dispute: Dispute) -> dict[str, Any]:
    """A conflict as JSON has it."""
    claims: Sequence[dict[str, Any]] = [
        {"document": claim.item.document.id, "value": claim.record.value, "unit": claim.record.unit}
        for claim in dispute.claims
    ]
    return {
        "indicator": dispute.indicator, "subjects": list(dispute.subjects), "start": dispute.start, "end": dispute.end,
        "claims": claims,
    }  # fmt: skip
