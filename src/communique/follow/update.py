"""The ledger's conclusions, brought up to date where an item touches them, or made anew.

In: a ledger and the key of an item that came in, changed or was judged. Out: links, clusters, entries, series.
Must not know SQL, nor by which rules two records belong together: those are in the other modules here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from communique.follow import copies, origins, promises, series, stories
from communique.follow.clusters import cluster, components
from communique.follow.passages import named_in
from communique.follow.stories import hashed
from communique.follow.voice import states_of
from communique.ledger import Ledger
from communique.ledger.rows import KINDS, Entry, Filter, Item, Link, Redaction, Stored
from communique.records import Commitment, Event, Statement, content_hash

COPY, TRANSLATION, STORY, PROMISE, CONFLICT = "copy", "translation", "story", "promise", "conflict"
LINKS_OF: Mapping[str, tuple[str, ...]] = {
    COPY: (COPY,),
    TRANSLATION: (COPY, TRANSLATION),
    STORY: (STORY,),
    PROMISE: (PROMISE,),
}
"""Which links each kind of cluster is made of. A cluster of translations holds all items that are one text."""
OF_ITEMS = (COPY, TRANSLATION)
MOST_COMPARED = 16
"""Items that an item is compared with, those first that share the most bands."""
DAYS_AROUND = range(-3, 4)
"""Days around an item in which others may report the same event."""
FARTHEST_COMPONENT = 400
"""Keys that are clustered together at most; in years of news of one war everything hangs together by weak links.

Beyond it only the clusters of what was touched are made anew, by what lies nearest.
"""
LEAST_CONFIDENT = 0.5
MOST_TERMS = 60
"""Terms of an item by which the promises are looked for that it may say something about."""
WHOLE_SERIES = 60
"""Figures of a series up to which all its conflicts are made anew, since a correction takes back older ones."""
MOST_PARTIES = 8
"""States of one item by which it is found for promises."""
MONTHS = 60
"""Months after a promise in which items without records of its parties are looked for; others always are."""
AT_ONCE = 200
SIDES = ("parties", "beneficiaries", "source", "target", "subjects", "counterparts", "speakers", "addressees")

Named = list[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that is followed: its standing records; keys of records and items of its document that are no more."""

    item: Item
    records: tuple[Stored, ...]
    gone: frozenset[int]
    gone_items: frozenset[int]

    @property
    def nodes(self) -> tuple[Stored, ...]:
        """What stands for the item in stories: its events and its lead."""
        first = stories.lead(self.records)
        return tuple(r for r in self.records if r.kind == "event" or r is first)


def follow(ledger: Ledger, item_key: int) -> None:
    """Bring all conclusions up to date that an item touches: after adding it, and after a judgement about its records.

    In one transaction; doing it again changes nothing.
    """
    with ledger.batch():
        arrival = _arrival(ledger, ledger.item(item_key))
        neighbours = _follow_texts(ledger, arrival)
        _follow_stories(ledger, arrival, neighbours)
        _follow_promises(ledger, arrival)
        _follow_figures(ledger, arrival)


def rebuild(ledger: Ledger) -> int:
    """Make all conclusions anew, by what stands in the ledger; returns the number of items followed."""
    with ledger.batch():
        for kind in (COPY, TRANSLATION, STORY, PROMISE, CONFLICT):
            ledger.drop_links(kind)
        for kind in LINKS_OF:
            _forget(ledger, kind)
    followed, page = 0, Filter(limit=AT_ONCE)
    while items := ledger.items(page):
        with ledger.batch():
            for item in items:
                follow(ledger, item.key)
        followed, page = followed + len(items), replace(page, after=ledger.cursor(items[-1]))
    return followed


def mend(ledger: Ledger, redaction: Redaction) -> None:
    """Bring up to date what a text was part of that was taken out."""
    with ledger.batch():
        for held in redaction.clusters:
            if held.kind == PROMISE:
                ledger.put_entries(held.id, ())
                _keep_promises(ledger, held.members, ())
            elif held.kind in LINKS_OF:
                _recluster(ledger, held.kind, held.members, ())


def _forget(ledger: Ledger, kind: str) -> None:
    held = list(ledger.clusters(kind))
    if kind == PROMISE:
        for one in held:
            ledger.put_entries(one.id, ())
    ledger.put_clusters(kind, [key for one in held for key in one.members], ())


def _arrival(ledger: Ledger, item: Item) -> Arrival:
    versions = ledger.versions(item.document.id)
    standing = frozenset(r.key for r in ledger.of_item(item.key)) if item.superseded is None else frozenset()
    every = [r for version in versions for r in ledger.of_item(version.key, standing=False)]
    records = tuple(r for r in every if r.key in standing and _counts(r))
    kept = {r.key for r in records}
    others = {r.key for v in versions if v.key != item.key and v.superseded is None for r in ledger.of_item(v.key)}
    gone = frozenset(r.key for r in every if r.key not in kept and r.key not in others)
    return Arrival(item, records, gone, frozenset(v.key for v in versions if v.superseded is not None))


def _counts(stored: Stored) -> bool:
    """Whether conclusions rest on a record: not judged wrong, and sure enough or judged right."""
    verdict = next((j.verdict for j in stored.judged if j.other is None and j.field is None), None)
    return verdict != "wrong" and (verdict == "right" or stored.record.confidence >= LEAST_CONFIDENT)


# ---------------------------------------------------------------- clusters


def conclude(ledger: Ledger, kind: str, keys: Iterable[int], as_of: str | None = None) -> Named:
    """The clusters of a kind that keys are in, worked out from the links between what stands, or stood on a day.

    Their ids are made of the kind and the earliest member, so that they do not depend on the order of adding.
    """
    return _concluded(ledger, kind, sorted(set(keys)), as_of)[0]


def _concluded(ledger: Ledger, kind: str, keys: Sequence[int], as_of: str | None) -> tuple[Named, bool]:
    """The clusters, and whether everything was reached that hangs together with the keys."""
    reached, links, whole = _reach(ledger, kind, keys, as_of)
    names = _names(ledger, kind, sorted(ledger.standing(kind, reached, as_of)))
    order = sorted(names, key=lambda key: names[key])
    verdicts = ledger.verdicts(order, "document" if kind in OF_ITEMS else "record", as_of)
    same = [(a, b) for a, b, verdict in verdicts if verdict == "same"]
    different = [(a, b) for a, b, verdict in verdicts if verdict == "different"]
    made = [
        (f"{kind[0]}-{content_hash(kind, *names[members[0]][1:])}", members)
        for group in _groups(order, links, same)
        for members in cluster(group, links, same, different)
    ]
    return made, whole


def _groups(order: Sequence[int], links: Sequence[Link], same: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Components, each in the given order."""
    found = components(order, [*((link.a, link.b) for link in links), *same])
    home = {key: at for at, members in enumerate(found) for key in members}
    groups: list[list[int]] = [[] for _ in found]
    for key in order:
        groups[home[key]].append(key)
    return groups


def _reach(ledger: Ledger, kind: str, keys: Sequence[int], as_of: str | None) -> tuple[list[int], list[Link], bool]:
    """Keys that hang together with some keys over links or people's 'same', the links, and whether those are all."""
    reached, links = set(keys), dict[tuple[str, int, int], Link]()
    border: list[int] = list(keys)
    while border and len(reached) < FARTHEST_COMPONENT:
        new = [link for name in LINKS_OF[kind] for link in ledger.links(name, border, as_of)]
        links.update(((link.kind, link.a, link.b), link) for link in new)
        said = ledger.verdicts(border, "document" if kind in OF_ITEMS else "record", as_of)
        beyond = {k for link in new for k in (link.a, link.b)} | {k for a, b, v in said if v == "same" for k in (a, b)}
        border = sorted(beyond - reached)
        reached.update(border)
    return sorted(reached), [links[key] for key in sorted(links)], not border


def _names(ledger: Ledger, kind: str, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Day, document and record of each key: an order that owes nothing to that of adding, and what ids are made of."""
    if kind in OF_ITEMS:
        items = [ledger.item(key) for key in keys]
        return {item.key: (item.day or "", item.document.id) for item in items}
    return {r.key: (r.item.day or "", r.item.document.id, r.record.id) for r in ledger.stored(keys) if _counts(r)}


def _recluster(ledger: Ledger, kind: str, seeds: Iterable[int], gone: Iterable[int]) -> tuple[Named, list[str]]:
    """Make the clusters anew that seeds are in and gone ones were in; returns them, and ids that are no more."""
    lost = sorted(set(gone))
    was = sorted(set(ledger.clusters_of(kind, [*lost, *seeds]).values()))
    left = [key for id in was for key in ledger.members(kind, id)]
    own = {*seeds, *left} - set(lost)
    made, whole = _concluded(ledger, kind, sorted(own), None)
    least = 2 if kind in OF_ITEMS else 1
    made = [(id, members) for id, members in made if len(members) >= least and (whole or own & set(members))]
    touched = {*was, *ledger.clusters_of(kind, [key for _id, members in made for key in members]).values()}
    ledger.put_clusters(kind, {*lost, *left}, made)
    return made, sorted(touched - {id for id, _members in made})


def _drop(ledger: Ledger, kind: str, records: Sequence[Stored]) -> None:
    """Forget the links that records have, where they have some."""
    keys = {record.key for record in records}
    for key in sorted({key for link in ledger.links(kind, sorted(keys)) for key in (link.a, link.b)} & keys):
        ledger.drop_links(kind, key)


# ---------------------------------------------------------------- copies


def _follow_texts(ledger: Ledger, arrival: Arrival) -> list[Item]:
    """Link and cluster copies and translations; returns the items around it that may report the same."""
    item = arrival.item
    if item.superseded is not None:
        return _texts_gone(ledger, arrival)
    found = copies.bands(item.document)
    named = stories.story_bands(item.document, DAYS_AROUND)
    ledger.put_bands(item.key, (*found, *stories.story_bands(item.document), *_party_bands(item)))
    alike, neighbours = _others(ledger, item, found), _others(ledger, item, named)
    links = _text_links(item, alike, neighbours)
    for kind in OF_ITEMS:
        ledger.drop_links(kind, item.key)
    ledger.put_links(links)
    for kind in OF_ITEMS:
        _recluster(
            ledger, kind, [item.key] if any(link.kind in LINKS_OF[kind] for link in links) else [], arrival.gone_items
        )
    return neighbours


def _texts_gone(ledger: Ledger, arrival: Arrival) -> list[Item]:
    for kind in OF_ITEMS:
        _recluster(ledger, kind, (), arrival.gone_items)
    return []


def _others(ledger: Ledger, item: Item, bands: Sequence[int]) -> list[Item]:
    keys = [key for key in ledger.items_with_bands(bands)[: MOST_COMPARED + 1] if key != item.key]
    found = [ledger.item(key) for key in keys[:MOST_COMPARED]]
    return [other for other in found if other.document.id != item.document.id]


def _text_links(item: Item, alike: Sequence[Item], neighbours: Sequence[Item]) -> list[Link]:
    """Copies among the items that share bands of the text, translations among those that share names."""
    own = copies.profile(item.document)
    language = item.document.language
    found = {o.key: copies.copied(own, copies.profile(o.document)) for o in alike if o.document.language == language}
    for other in neighbours:
        if other.document.language != language:
            found[other.key] = copies.compare(item.document, other.document)
    pairs = [(min(item.key, key), max(item.key, key), likeness) for key, likeness in sorted(found.items()) if likeness]
    return [Link(likeness.kind, low, high, likeness.score, likeness.reason) for low, high, likeness in pairs]


# ---------------------------------------------------------------- stories


def _follow_stories(ledger: Ledger, arrival: Arrival, neighbours: Sequence[Item]) -> None:
    nodes = arrival.nodes
    links: list[Link] = [link for a, b in combinations(nodes, 2) if (link := stories.story_link(a, b)) is not None]
    for other in neighbours:
        links += _between(nodes, _nodes_of(ledger, other))
    _drop(ledger, STORY, arrival.records)
    ledger.put_links(links)
    kept = {record.key for record in nodes}
    _recluster(ledger, STORY, sorted(kept), arrival.gone | {r.key for r in arrival.records if r.key not in kept})


def _nodes_of(ledger: Ledger, item: Item) -> tuple[Stored, ...]:
    records = tuple(r for r in ledger.of_item(item.key) if _counts(r))
    return Arrival(item, records, frozenset(), frozenset()).nodes


def _between(nodes: Sequence[Stored], others: Sequence[Stored]) -> list[Link]:
    """Links between two items: of their leads, and of their events; the higher score where both say so."""
    found: dict[tuple[int, int], Link] = {}
    first, second = stories.lead(nodes), stories.lead(others)
    links = [stories.report_link(first, second)] if first and second else []
    links += [stories.story_link(a, b) for a in nodes if isinstance(a.record, Event) for b in others]
    for link in links:
        if link is not None and link.score > (found[pair].score if (pair := (link.a, link.b)) in found else 0.0):
            found[pair] = link
    return list(found.values())


# ---------------------------------------------------------------- promises


def _follow_promises(ledger: Ledger, arrival: Arrival) -> None:
    made = [r for r in arrival.records if r.kind == "commitment"]
    _drop(ledger, PROMISE, made)
    ledger.put_links(link for record in made for link in _promise_links(ledger, record))
    renewed = _keep_promises(ledger, [r.key for r in made], arrival.gone)
    for id in sorted(_promises_of_gone(ledger, arrival) - renewed):
        renewed.add(id)
        ledger.put_entries(id, _whole_history(ledger, ledger.members(PROMISE, id)))
    for id in sorted(_promises_told_of(ledger, arrival.item, arrival.records) - renewed):
        ledger.put_entries(id, _longer_history(ledger, id, arrival.item))


def _keep_promises(ledger: Ledger, seeds: Iterable[int], gone: Iterable[int]) -> set[str]:
    """Make anew the promises that commitments belong to, with their whole history; returns their ids."""
    clusters, ended = _recluster(ledger, PROMISE, seeds, gone)
    for id in ended:
        ledger.put_entries(id, ())
    for id, members in clusters:
        ledger.put_entries(id, _whole_history(ledger, members))
    return {id for id, _members in clusters}


def _promise_links(ledger: Ledger, record: Stored) -> list[Link]:
    codes = _codes(record)
    found = ledger.by_parties(["commitment"], codes, terms=record.terms) if codes and record.terms else []
    links = [promises.promise_link(record, other) for other in found if _counts(other)]
    return [link for link in links if link is not None]


def _promises_of_gone(ledger: Ledger, arrival: Arrival) -> set[str]:
    """Promises whose history rests on what is no more: on records, or on the words alone of a text that was changed."""
    found = set(ledger.promises_with_entries(sorted(arrival.gone)))
    for key in sorted(arrival.gone_items):
        found |= _promises_told_of(ledger, ledger.item(key), ledger.of_item(key, standing=False))
    return {id for id in found if ledger.members(PROMISE, id)}


def _promises_told_of(ledger: Ledger, item: Item, records: Iterable[Stored]) -> set[str]:
    """Promises of states that an item names, about something that it is about."""
    codes = {code for record in records for code in _codes(record)} | _named(item)
    terms = stories.about(item.document, MOST_TERMS)
    if not codes or not terms:
        return set()
    found = ledger.by_parties(["commitment"], sorted(codes), until=item.day, terms=terms)
    return set(ledger.clusters_of(PROMISE, [record.key for record in found]).values())


def _longer_history(ledger: Ledger, id: str, item: Item) -> tuple[Entry, ...]:
    """A promise's entries with what one more item says.

    While its commitments are the same, what other items said need not be looked for again, but for the figures that its
    target is measured from.
    """
    commitments = ledger.stored(ledger.members(PROMISE, id))
    told = {entry.item for entry in ledger.entries(id)} | {item.key}
    items = [one for one in map(ledger.item, sorted(told)) if one.superseded is None]
    others = [record for one in items for record in ledger.of_item(one.key)]
    if any(isinstance(one.record, Commitment) and one.record.target for one in commitments):
        others += ledger.by_parties(["figure"], _all_codes(commitments), terms=_all_terms(commitments))
    return promises.entries(commitments, _unique(others, commitments), items)


def _whole_history(ledger: Ledger, members: Sequence[int]) -> tuple[Entry, ...]:
    """A promise's entries from all that is known of its parties, as far as an index gives it."""
    commitments = ledger.stored(members)
    codes, terms = _all_codes(commitments), _all_terms(commitments)
    since = min((one.item.day for one in commitments if one.item.day), default=None)
    found = ledger.by_parties(("event", "statement", "commitment"), codes, since=since)
    found += ledger.by_parties(KINDS, codes, terms=terms) if terms else []
    others = [r for r in found if r.kind == "figure" or (r.item.day or "") >= (since or "")]
    items = [ledger.item(key) for key in ledger.items_with_bands(_promise_bands(commitments))]
    return promises.entries(commitments, _unique(others, commitments), items)


def _party_bands(item: Item) -> tuple[int, ...]:
    """Integers by which an item is found by one or two of the states that it names or speaks for, and its month."""
    codes = sorted(_named(item))[:MOST_PARTIES]
    return tuple(hashed(f"{names} {item.day[:7]}") for names in _one_and_two(codes)) if item.day else ()


def _named(item: Item) -> frozenset[str]:
    return named_in(item.document.text).codes | states_of(item.document)


def _promise_bands(commitments: Sequence[Stored]) -> tuple[int, ...]:
    """The same for the items that may say what became of a promise, from the month it was made."""
    promise = promises.promise_of(commitments)
    if promise.since is None:
        return ()
    pairs = [f"{a}+{b}" for a, b in combinations(sorted(promise.involved), 2) if {a, b} & (promise.parties or {a})]
    first = int(promise.since[:4]) * 12 + int(promise.since[5:7]) - 1
    months = [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, first + MONTHS)]
    return tuple(hashed(f"{names} {month}") for names in pairs or sorted(promise.involved) for month in months)


def _one_and_two(codes: Sequence[str]) -> list[str]:
    return [*codes, *(f"{a}+{b}" for a, b in combinations(codes, 2))]


def _unique(records: Iterable[Stored], left_out: Sequence[Stored]) -> list[Stored]:
    """Records that count, once each, without some."""
    known = {record.key for record in left_out}
    found = {record.key: record for record in records if record.key not in known and _counts(record)}
    return [found[key] for key in sorted(found)]


def _all_codes(records: Iterable[Stored]) -> list[str]:
    return sorted({code for record in records for code in _codes(record)})


def _all_terms(records: Iterable[Stored]) -> frozenset[str]:
    return frozenset().union(*(record.terms for record in records))


def _codes(record: Stored) -> list[str]:
    """Codes of all who take part in a record."""
    values = (getattr(record.record, side, ()) for side in SIDES)
    actors = (actor for value in values if isinstance(value, tuple) for actor in value)
    return sorted({actor.code for actor in actors if actor.code})


# ---------------------------------------------------------------- figures


def _follow_figures(ledger: Ledger, arrival: Arrival) -> None:
    for key in sorted(arrival.gone):
        ledger.set_series(key, None)
    touched: dict[str, set[int]] = {}
    for record in arrival.records:
        name = series.key_of(record) if record.kind == "figure" else None
        if record.kind == "figure":
            ledger.set_series(record.key, name)
        if name is not None:
            touched.setdefault(name, set()).add(record.key)
    _drop(ledger, CONFLICT, [record for record in arrival.records if record.kind == "figure"])
    for name, keys in sorted(touched.items()):
        _follow_series(ledger, name, frozenset(keys))


def _follow_series(ledger: Ledger, name: str, new: frozenset[int]) -> None:
    figures = [figure for figure in ledger.series(name) if _counts(figure)]
    whole = len(figures) <= WHOLE_SERIES
    if whole:
        _drop(ledger, CONFLICT, figures)
    sources = {key: origin.name for origin in origins_of(ledger, figures) for key in origin.items}
    ledger.put_links(series.conflicts(figures, sources, None if whole else new))


# ---------------------------------------------------------------- origins


def origins_of(ledger: Ledger, reports: Sequence[Stored], as_of: str | None = None) -> tuple[origins.Origin, ...]:
    """The independent origins of a claim that several records make, by copies and quoted outlets in the ledger."""
    items = sorted({report.item.key for report in reports})
    if as_of is None:
        texts = ledger.clusters_of(TRANSLATION, items)
    else:
        texts = {key: id for id, members in conclude(ledger, TRANSLATION, items, as_of) for key in members}
    attributed = {report.item.key for report in reports if report.record.asserted_by}
    records = [r for key in sorted(attributed) for r in ledger.of_item(key, standing=False)]
    said = {r.record.id: r.record for r in records if isinstance(r.record, Statement)}
    return origins.origins(reports, texts, said)
