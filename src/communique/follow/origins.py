"""From how many independent sources a claim comes, and which they are.

In: the records that make the claim, which items are one text, and the statements that the records lie in. Out: origins.
Must not know the ledger, nor how copies are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from communique.follow.copies import body
from communique.follow.voice import states_of
from communique.knowledge import Knowledge, Row
from communique.ledger.rows import Stored
from communique.press import press
from communique.records import Document, Statement
from communique.text import tokenize

MEDIUM = "MED"

_CREDIT = re.compile(r"\((?P<names>[^\W\d_a-zß]{2,8}(?:/[^\W\d_a-zß]{2,8})*)\)")
_SIGNED = re.compile(r"(?:[.!?…\"”“]\s+|\n)\(?(?P<names>[^\W\d_a-zß]{2,6})\)?\s*$")


@dataclass(frozen=True, slots=True)
class Origin:
    """One independent source: its name, keys of the items that rest on it, and the state whose voice it is."""

    name: str
    items: tuple[int, ...]
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who stands behind a report: an agency, a quoted outlet, an office, else the outlet itself."""

    name: str
    state: str | None = None


def origins(
    reports: Sequence[Stored], copies: Mapping[int, int | str], said: Mapping[str, Statement] | None = None
) -> tuple[Origin, ...]:
    """The independent origins of a claim that several records make, the one with the most items first.

    `copies`: item key → what is equal for items that are one text (copies and translations); missing items stand alone.
    `said`: statements by id, to follow a record to the outlet that it is attributed to. Items join an origin when they
    are one text, credit one agency, quote one outlet or come from one publisher; an item that credits several agencies
    adds none of its own.
    """
    statements = said or {}
    ordered = sorted(reports, key=lambda r: (r.item.day or "", r.item.document.id, r.record.id))
    sources = {r.item.key: sources_of(r, statements) for r in reversed(ordered)}
    groups = _one_text(tuple(sources), copies)
    named = [(_chosen(group, sources), group) for group in groups]
    alone = {source.name for chosen, _group in named for source in chosen if len(chosen) == 1}
    found: dict[str, tuple[Source, list[int]]] = {}
    for chosen, group in named:
        source = next((s for s in chosen if s.name in alone), chosen[0])
        found.setdefault(source.name, (source, []))[1].extend(group)
    made = [Origin(source.name, tuple(sorted(items)), source.state) for source, items in found.values()]
    return tuple(sorted(made, key=lambda o: (-len(o.items), o.name)))


def independent(found: Iterable[Origin], codes: Iterable[str]) -> tuple[Origin, ...]:
    """The origins that are no voice of one of the states: a promiser's own media are no witness that he kept it."""
    own = frozenset(codes)
    return tuple(origin for origin in found if origin.state not in own)


def _one_text(items: Sequence[int], copies: Mapping[int, int | str]) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for key in sorted(items):
        groups.setdefault(("text", copies[key]) if key in copies else ("item", key), []).append(key)
    return list(groups.values())


def _chosen(group: Sequence[int], sources: Mapping[int, tuple[Source, ...]]) -> tuple[Source, ...]:
    """Whose text a group of copies is: who is behind more of them, the earlier one where two are behind as many.

    `sources` are in reverse order of publication.
    """
    behind = [sources[key] for key in sources if key in group][::-1]
    return max(behind, key=lambda some: (behind.count(some), -behind.index(some)))


def sources_of(stored: Stored, said: Mapping[str, Statement]) -> tuple[Source, ...]:
    """Who stands behind a record: the outlet it is attributed to, else its item's agencies, issuer, publisher."""
    quoted = _quoted(stored, said)
    if quoted:
        return (quoted,)
    document = stored.item.document
    house = document.issuer or document.publisher or _host(document) or document.id
    agencies = credited(document)
    if not agencies or set(agencies) & {t.text for t in tokenize(house)}:
        return (outlet(house),)
    return tuple(outlet(name) for name in agencies)


def _quoted(stored: Stored, said: Mapping[str, Statement]) -> Source | None:
    """The outermost outlet that the record's item attributes it to ('berichtete Xinhua')."""
    found: Source | None = None
    id: str | None = stored.record.asserted_by
    seen: set[str] = set()
    while id is not None and id in said and id not in seen:
        seen.add(id)
        media = [a.text for a in said[id].speakers if a.sector == MEDIUM]
        found = outlet(media[0]) if media else found
        id = said[id].within
    return found


def credited(document: Document) -> tuple[str, ...]:
    """The agencies an item credits: those known, else capitals in brackets of its dateline or under its last line.

    >>> credited(Document("LISBON, March 14 (NPA) -- Trade grew."))
    ('NPA',)
    """
    if document.agencies:
        return document.agencies
    start = document.title_span[1] if document.title_span else 0
    match = _CREDIT.search(document.text[start : body(document)[0]]) or _SIGNED.search(document.text[-30:])
    return tuple(match["names"].split("/")) if match else ()


@lru_cache(maxsize=4096)
def outlet(name: str) -> Source:
    """An outlet, agency or office by any of its names, with the state whose voice it is.

    >>> outlet("Xinhua").state, outlet("Reuters").state, outlet("Ministry of Foreign Affairs of Portugal").state
    ('CHN', None, 'PRT')
    """
    row = _outlet_row(press().agencies.get(name.casefold(), name))
    states = states_of(Document("", publisher=name))
    return Source(row.name("en") if row else " ".join(name.split()), next(iter(states)) if len(states) == 1 else None)


def _outlet_row(name: str) -> Row | None:
    known = Knowledge.default()
    return next(
        (row for row, _form, score in known.lookup(name) if score >= 0.95 and row.id.startswith("outlet/")), None
    )


def _host(document: Document) -> str | None:
    host = urlsplit(document.url or "").hostname if document.url else None
    return host.removeprefix("www.") if host else None
